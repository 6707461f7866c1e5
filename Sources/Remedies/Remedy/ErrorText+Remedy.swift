package import AccessDenial
import Causes
package import CompanionLogs
package import Findings
package import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

extension ErrorText {
    /// What to do: what would be told of a group of refusals with such a message, or where to look first.
    package func remedy(_ type: PolicyType?, _ effect: Effect) -> Remedy {
        let facts = facts
        switch (type, effect) {
        case (_?, .implicit): return PolicyRemedy.missingAllow(facts)
        case (_?, .explicit): return PolicyRemedy.explicitDeny(facts)
        case (nil, _), (_?, .unstated): break
        }
        let (who, show) = (facts.principal.shown, PolicyCommands.policies(of: facts.principal))
        return Remedy(
            .policy,
            effect == .explicit
                ? "Look for the Deny in the policies of \(who), then in the service control policies, its boundary, the resource's policy and the VPC endpoint's."
                : "Look at the policies of \(who) first: the least that must be allowed is below. Where they allow it, look at its boundary, the service control policies, the resource's own policy and the VPC endpoint's.",
            commands: show.isEmpty ? [PolicyCommands.callerIdentity] : show,
            policy: effect != .explicit && facts.group.action.contains(":") ? LeastPrivilege.policy(facts) : nil)
    }

    /// The message as that of a group of refusals, of which nothing else is known.
    private var facts: GroupFacts {
        let named = self.principal.flatMap { PrincipalName($0).isIdentity ? $0 : nil }
        let action = action ?? operation ?? "the call"
        let principal = PrincipalName(named ?? "the caller").withoutSession
        var group = DenialGroup(
            id: "", principal: principal.arn, principalType: "", action: action,
            eventSource: "\(action.prefix { $0 != ":" }).amazonaws.com", reason: message.reason,
            category: .authorization, denials: 1, firstSeen: "", lastSeen: "")
        if let resource = message.resource, ARN(resource) != nil {
            group.resources = [Counted(resource, denials: 1)]
        }
        group.policyARNs = [message.policyARN].compactMap(\.self).map { Counted($0, denials: 1) }
        group.regions = [region].compactMap(\.self).map { Counted($0, denials: 1) }
        return GroupFacts(
            group: group, principal: principal, ownUsage: .none, actionUsage: .none, changes: [], coverage: Coverage(),
            reportTime: "", trail: TrailReplay([]))
    }
}
