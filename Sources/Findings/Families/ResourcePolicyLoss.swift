import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// A resource's own policy, or a grant of a key, that had allowed the call no longer does, and AWS names the identity-based
/// policies.
///
/// Within one account either side may allow alone. Once the resource's side does not, AWS says of the other one that it lacks the
/// Allow, and that one may never have held any. Source: "Policy evaluation for requests within a single account" in the IAM user
/// guide; "Grants in AWS KMS" in the KMS developer guide.
enum ResourcePolicyLoss {
    /// Whether a change of a resource's policy can be behind the refusal although AWS names the identity-based policies: caller and
    /// resource belong to one account.
    static func canExplain(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard facts.group.reason == .missingAllow(.identityBased), change.rule?.target == .resource else {
            return false
        }
        switch facts.principal.kind {
        case .role, .user: break
        case .root, .federatedUser, .service, .other: return false
        }
        let governed = facts.refused(under: change)
        return !governed.isEmpty
            && governed.allSatisfy { GroupRequests(facts).owner(of: $0) == facts.principal.account }
    }

    /// What the loss means, for a finding.
    package static func story(_ change: TrailChange, _ verdict: Counterfactual.Verdict?, _ facts: GroupFacts) -> Prose {
        let what: Prose =
            change.isRevocation ? "A grant of a key" : "Within one account the resource's own policy"
        let allowed: Prose =
            switch verdict {
            case .decisive?: "allowed the call to \(facts.principal.shown) until then, by the text in the trail"
            case .conditional?:
                "allowed the call to \(facts.principal.shown) until then, under conditions that the records do not decide"
            case .lacking?, .untold?, .overwritten?, .stillAllowed?, .innocent?, nil: "may allow a call alone"
            }
        return
            "\(what) \(allowed); without it AWS looks for an Allow among the policies of \(facts.principal.shown), where there need never have been one."
    }
}
