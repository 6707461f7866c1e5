import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where the policy of a VPC endpoint refuses.
enum EndpointPolicyRemedy {
    /// It denies, or does not allow.
    package static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let ids = facts.group.vpcEndpointIds.map(\.value)
        let policy: Prose =
            ids.isEmpty ? "the VPC endpoint's policy" : "the policy of VPC endpoint \(list: ids, limit: 3)"
        var text: Prose =
            isExplicit
            ? "Remove or narrow the Deny in \(policy)."
            : "Let \(policy) allow \(facts.group.action) to \(facts.callerNamed)."
        text +=
            "It belongs to the account that owns the endpoint, which need not be the caller's. An Allow elsewhere won't help."
        return LimitEdit.offered(Remedy(.policy, text, commands: PolicyCommands.endpoints(facts, limit: 3)), facts)
    }
}
