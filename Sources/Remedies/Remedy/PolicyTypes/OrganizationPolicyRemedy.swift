import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What to do where a policy of AWS Organizations refuses: a service or a resource control policy.
enum OrganizationPolicyRemedy {
    /// It denies, or lacks an Allow at some level.
    package static func limit(_ facts: GroupFacts) -> Remedy {
        let isExplicit = facts.group.reason.effect == .explicit
        let named = facts.group.policyARNs.map(\.value)
        let type =
            facts.group.reason.policyType == .serviceControl ? "service control policy" : "resource control policy"
        var text: Prose =
            isExplicit
            ? "The Deny in the \(words: type) must be removed or narrowed."
            : "A \(words: type) must allow \(facts.group.action) at every level: the root, each organizational unit and the account."
        if isExplicit, let routed = RoutedCall(facts) { text = routed.advice }
        if let arn = named.first, let parsed = ARN(arn) {
            text += "The policy is \(arn); account \(parsed.account) manages the organization and owns it."
        } else {
            text += "Whoever manages the organization must change it, in the management account."
        }
        text += "Nothing in \(facts.principal.accountShown) can outweigh it."
        if !named.isEmpty { text += PolicyCommands.inManagementAccount }
        let id = named.first.flatMap { ARN($0)?.name }
        let commands = id.map {
            [PolicyCommands.organizationPolicy($0)]
        }
        return Remedy(.policy, text, commands: commands ?? [])
    }
}
