import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What to do where the policy of the resource itself refuses.
enum ResourcePolicyRemedy {
    /// It lacks an Allow.
    static func missing(_ facts: GroupFacts) -> Remedy {
        return Remedy(
            .policy,
            "The resource's own policy must allow \(facts.principal.arn) to call \(facts.group.action). It belongs to the owner of the resource\(owner(facts)).",
            commands: ResourcePolicyCommands.show(facts))
    }

    /// It denies.
    static func denied(_ facts: GroupFacts) -> Remedy {
        return Remedy(
            .policy,
            "Remove or narrow the Deny in the resource's own policy. It belongs to the owner of the resource\(owner(facts)). An Allow cannot override it.",
            commands: ResourcePolicyCommands.show(facts))
    }

    /// Whose it is, where that is another account than the caller's or not; empty where the resource tells no account.
    static func owner(_ facts: GroupFacts) -> Prose {
        facts.resourceAccount.map { ", account \($0)" } ?? ""
    }
}
