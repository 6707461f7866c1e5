import AccessDenial
import Causes
import IAMPolicy
import RecordedChanges
import TrailStore

extension LeastPrivilege {
    /// The statement that lets the caller in, as part of the policy of what was called.
    ///
    /// `nil` for callers that such a policy names otherwise, and for services whose policies are written by other means than a
    /// document, such as Lambda's permissions.
    package static func resourcePolicy(_ facts: GroupFacts) -> PolicyDocument? {
        guard facts.group.reason.policyType == .resourceBased, facts.group.reason.effect == .implicit,
            facts.principal.kind == .role || facts.principal.kind == .user, facts.principal.linkedService == nil,
            let form = resourceForms[facts.servicePrefix]
        else { return nil }
        let resources = resources(facts)
        guard form != .named || resources != ["*"] else { return nil }
        return PolicyDocument([
            Statement(
                .allow, actions: .matching([ActionPattern(facts.group.action)]),
                resources: form == .none
                    ? nil : .matching((form == .itself ? ["*"] : resources).map(ResourcePattern.init)),
                principals: .matching([PrincipalPattern(kind: "AWS", facts.principal.arn)]),
                conditions: ofServicesGrant(facts) ?? [])
        ])
    }

    /// What stands in `Resource` of a resource's own policy.
    private enum ResourceForm {
        /// The ARN of what is called.
        case named
        /// `*`, which is the resource itself.
        case itself
        /// Nothing: the element is not allowed.
        case none
    }

    /// Sources: "Key policies in AWS KMS", "Resource-based policies" of AWS Secrets Manager, "Private repository policies" of Amazon
    /// ECR ("do not specify Resource"), and the examples of policies in the guides of the other services.
    private static let resourceForms: [String: ResourceForm] = [
        "kms": .itself, "secretsmanager": .itself, "codeartifact": .itself, "ecr": .none,
        "s3": .named, "sns": .named, "sqs": .named, "events": .named, "dynamodb": .named, "kinesis": .named,
        "ses": .named, "sms-voice": .named, "backup": .named, "es": .named, "glue": .named,
    ]
}
