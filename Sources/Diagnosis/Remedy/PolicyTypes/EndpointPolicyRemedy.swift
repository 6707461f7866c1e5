import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What to do where the policy of a VPC endpoint refuses.
enum EndpointPolicyRemedy {
    /// It denies, or does not allow.
    static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let ids = facts.group.vpcEndpointIds.map(\.value)
        var text: Prose =
            isExplicit
            ? "The Deny in the VPC endpoint's policy must be removed or narrowed."
            : "The VPC endpoint's policy must allow \(facts.group.action) for this principal."
        if !ids.isEmpty { text += "The endpoint is \(list: ids, limit: 3)." }
        text +=
            "It belongs to the account that owns the endpoint, which need not be the caller's. An Allow elsewhere won't help."
        return Remedy(.policy, text, commands: PolicyCommands.endpoints(facts, limit: 3))
    }
}
