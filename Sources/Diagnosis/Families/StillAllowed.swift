import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Another policy of the principal's that still allows what is refused, so that what was taken away beside it cannot be all.
///
/// AWS's own policies are rarely written in a trail: what these allow is told by their names.
enum StillAllowed {
    /// A suspicion, weighed against what still allows the call: no more than possible where AWS says that no identity-based policy
    /// does, and none where AWS gives no reason, because then something else refuses.
    static func weighed(_ candidate: PermissionsChanged.Candidate, _ facts: GroupFacts) -> PermissionsChanged.Candidate?
    {
        guard policy(beside: candidate.change, facts) != nil else { return candidate }
        guard facts.group.reason.effect != .unstated else { return nil }
        var weighed = candidate
        weighed.confidence = .possible
        weighed.proof = .weak
        return weighed
    }

    /// The name of a policy that still allows the call to the principal when the first denial comes; `nil` where the trail shows
    /// none, and for a change that did not take an Allow from identity-based policies.
    static func policy(beside change: TrailChange, _ facts: GroupFacts) -> String? {
        guard let rule = change.rule, facts.group.reason.effect != .explicit,
            [.identityBased, nil].contains(facts.group.reason.policyType), takesAllow(change, rule, facts)
        else { return nil }
        let managed = facts.policies.attachedPolicies.first { arn in
            arn != change.policyARN && allowsByName(arn, facts) && hasSettled(arn, facts)
        }
        if let managed { return managed }
        return facts.policies.documents.last {
            $0.change != change && $0.name != change.policyARN && DocumentJudgement.surelyAllows($0.document, facts)
                && PermissionsChanged.seconds(from: $0.change.time, to: facts.group.lastSeen)
                    > PermissionsChanged.settling
        }?.name
    }

    /// Whether a change can have taken an Allow out of the principal's identity-based policies.
    private static func takesAllow(_ change: TrailChange, _ rule: ChangeRule, _ facts: GroupFacts) -> Bool {
        switch rule.target {
        case .user, .role, .group, .membership:
            guard rule.policyType == .identityBased, !change.isDeletion else { return false }
        case .managedPolicy: guard change.policyARN != facts.policies.boundary else { return false }
        default: return false
        }
        switch rule.direction {
        case .takes: return true
        case .replaces:
            return
                !(PermissionsChanged.document(after: change, facts).map { DocumentJudgement.denies($0, facts) }
                ?? false)
        case .gives, .lifts, .touchesConditions, .disables, .creates, .clears: return false
        }
    }

    /// Whether a policy was attached long enough before the last denial to have held then.
    private static func hasSettled(_ arn: String, _ facts: GroupFacts) -> Bool {
        let attached = facts.changes.last {
            $0.policyARN == arn && $0.rule?.direction == .gives && $0.time <= facts.group.firstSeen
        }
        return attached.map {
            PermissionsChanged.seconds(from: $0.time, to: facts.group.lastSeen) > PermissionsChanged.settling
        } ?? true
    }

    private static func allowsByName(_ arn: String, _ facts: GroupFacts) -> Bool {
        guard let policy = ARN(arn), policy.account == "aws" else { return false }
        switch policy.name {
        case "AdministratorAccess": return true
        case "PowerUserAccess": return !["iam", "organizations", "account"].contains(facts.servicePrefix)
        default: return policy.name == fullAccess[facts.servicePrefix]
        }
    }

    /// Policies of AWS's that allow every action of a service on every resource.
    /// Source: their pages in the AWS managed policy reference guide.
    private static let fullAccess = [
        "s3": "AmazonS3FullAccess", "sqs": "AmazonSQSFullAccess", "sns": "AmazonSNSFullAccess",
        "dynamodb": "AmazonDynamoDBFullAccess", "ec2": "AmazonEC2FullAccess", "ses": "AmazonSESFullAccess",
    ]
}
