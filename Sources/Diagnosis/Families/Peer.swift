import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// Another role of the account that made the refused call with success: its policies show what is missing.
struct Peer {
    private let principal: PrincipalName
    private let policy: HeldPolicy?
    private let lastSuccess: String

    /// More roles than these make a call that everybody makes, and tell nothing of one.
    private static let limit = 3

    /// `nil` where the principal's own policies are not what AWS names, and where no other role makes the call, or many do.
    init?(_ facts: GroupFacts) {
        guard facts.group.reason == .missingAllow(.identityBased), facts.group.calledAction == nil,
            let resource = facts.refusedResources.first
        else { return nil }
        var latest: (principal: PrincipalName, time: String)?
        var others: Set<String> = []
        for usage in facts.actionUsage.rows
        where usage.successes > 0 && usage.accountId == facts.caller.account && usage.principal != facts.caller.arn {
            let other = PrincipalName(usage.principal)
            guard other.kind == .role, other.linkedService == nil, other.account == facts.caller.account,
                let time = usage.lastSuccess
            else {
                continue
            }
            others.insert(usage.principal)
            if time > latest?.time ?? "" { latest = (other, time) }
        }
        guard let latest, others.count <= Self.limit, let role = ARN(latest.principal.arn) else { return nil }
        (principal, lastSuccess) = (latest.principal, latest.time)
        policy = HandedRole.allowing(facts.group.action, on: resource, role, facts)
    }

    var story: Prose {
        let lets: Prose = policy.map { "its policy \($0.name) allows it" } ?? "compare its policies"
        return "\(principal.shown.capitalised) made this call with success, last at \(time: lastSuccess): \(lets)."
    }
}
