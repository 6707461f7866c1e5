import AccessDenial
import CompanionLogs
import IAMPolicy
import RecordedChanges
import TrailStore
import Wording

extension ErrorStory {
    /// A refusal by policies, of the type that AWS names.
    init(policy type: PolicyType?, _ error: ErrorText) {
        let message = error.message
        let action: Prose = error.action.map { "\($0)" } ?? error.operation.map { "\($0)" } ?? "the call"
        let effect = message.reason.effect
        var explanation: Prose = ""
        let title: Prose =
            type == nil && effect == .unstated
            ? "AWS refused \(action) and does not say which policy" : message.reason.title(of: action)
        if type != nil || effect != .unstated { explanation = Prose(stringLiteral: message.reason.meaning) }
        if effect == .explicit { explanation += "A Deny outweighs every Allow." }
        if let arn = message.policyARN { explanation += "AWS names the policy: \(arn)." }
        if let through = message.passedThrough { explanation += "On the way stood a \(words: through.words)." }
        if effect == .unstated, type == nil { explanation += Self.candidates(error) }
        if message.isTruncated { explanation += "The message was cut, so that part of it is missing." }
        if message.encodedMessage != .absent {
            explanation +=
                "The encoded text tells the statement that decided: \(code: "aws sts decode-authorization-message --encoded-message TEXT") reads it."
        }
        self.init(title, explanation, Self.remedy(type, effect, error))
    }

    /// The types of policies that may have refused where AWS names none.
    private static func candidates(_ error: ErrorText) -> Prose {
        guard let action = error.action else { return "Every type of policy is possible." }
        let isFamily = ServiceFamily.pinpoint.contains(eventSource: "", action: action)
        guard isFamily else {
            return
                "Every type of policy is possible: those of the caller, of the resource, of the organization, a boundary, a session's, and that of a VPC endpoint."
        }
        let types = PolicyType.allCases.filter { PinpointCatalogue.canDeny($0, action: action) }.map(\.words)
        return "For \(action) these can refuse: \(words: types.joined(separator: ", "))."
    }

    /// What to do: what would be told of a group of refusals with such a message, or where to look first.
    private static func remedy(_ type: PolicyType?, _ effect: Effect, _ error: ErrorText) -> Remedy {
        let facts = facts(error)
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
    private static func facts(_ error: ErrorText) -> GroupFacts {
        let named = error.principal.flatMap { PrincipalName($0).isIdentity ? $0 : nil }
        let action = error.action ?? error.operation ?? "the call"
        let principal = PrincipalName(named ?? "the caller").withoutSession
        var group = DenialGroup(
            id: "", principal: principal.arn, principalType: "", action: action,
            eventSource: "\(action.prefix { $0 != ":" }).amazonaws.com", reason: error.message.reason,
            category: .authorization, denials: 1, firstSeen: "", lastSeen: "")
        if let resource = error.message.resource, ARN(resource) != nil {
            group.resources = [Counted(resource, denials: 1)]
        }
        group.policyARNs = [error.message.policyARN].compactMap(\.self).map { Counted($0, denials: 1) }
        group.regions = [error.region].compactMap(\.self).map { Counted($0, denials: 1) }
        return GroupFacts(
            group: group, principal: principal, ownUsage: .none, actionUsage: .none, changes: [], coverage: Coverage(),
            reportTime: "", trail: TrailReplay([]))
    }
}
