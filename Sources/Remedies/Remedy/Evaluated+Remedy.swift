import AccessDenial
package import Causes
package import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

extension Evaluated {
    /// What to do about what lacks; `nil` for any other cause.
    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        guard rootCause.confidence == .simulated, rootCause.code == .missingAllow, let type = lacking(facts) else {
            return nil
        }
        let action = facts.group.action
        switch type {
        case .identityBased:
            return Remedy(
                .policy,
                "Allow \(LeastPrivilege.call(facts)) in a policy of \(facts.principal.shown). The least that must be allowed is below.",
                policy: LeastPrivilege.policy(facts))
        case .roleTrust:
            if let moved = TrustEdit.movedProvider(rootCause.statement, facts) { return moved }
            if rootCause.statement == nil, let named = TrustEdit.naming(facts.group.action, facts) { return named }
            let role = facts.roleToAssume?.name ?? "?"
            return Remedy(
                .policy,
                eitherOr(
                    FurtherRequests.withoutIt(facts),
                    "the trust policy of role \(role) allow \(action) to \(caller(facts)) beside what it allows."),
                commands: [PolicyCommands.trust(ofRole: role)])
        case .resourceBased, .vpcEndpoint:
            return Remedy(
                .policy,
                eitherOr(
                    FurtherRequests.withoutIt(facts), "\(holder(type, facts)) allow \(action) to \(caller(facts)).")
                    + misnamed(rootCause, facts))
        case .permissionsBoundary: return BoundaryRemedy.limit(facts)
        case .session, .serviceControl, .resourceControl: return nil
        }
    }

    private static func eitherOr(_ first: Prose, _ policy: Prose) -> Prose {
        first.or("let \(policy)")
    }

    private static func caller(_ facts: GroupFacts) -> Prose { facts.callerNamed }

    /// Where the nearest statement names somebody else.
    private static func misnamed(_ rootCause: Finding, _ facts: GroupFacts) -> Prose {
        guard let statement = rootCause.statement, !statement.principals.isEmpty else { return "" }
        return
            "That is who calls: name it in the place of \(list: statement.principals, limit: 3), or beside it."
    }
}
