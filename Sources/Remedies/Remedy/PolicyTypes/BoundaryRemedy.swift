import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the principal's permissions boundary refuses.
enum BoundaryRemedy {
    /// It denies, or does not allow.
    package static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let named = facts.group.policyARNs.map(\.value)
        var text: Prose =
            isExplicit
            ? "The Deny in the permissions boundary of \(facts.principal.shown) must be removed or narrowed."
            : "The permissions boundary of \(facts.principal.shown) must allow \(facts.group.action) as well as its policies."
        if let arn = named.first ?? facts.policies.boundary { text += "The boundary is \(arn)." }
        text +=
            "Whoever manages boundaries must change it in \(facts.principal.accountShown); another Allow in the role's or user's own policies won't help."
        return LimitEdit.offered(Remedy(.policy, text, commands: PolicyCommands.boundary(of: facts.principal)), facts)
    }
}
