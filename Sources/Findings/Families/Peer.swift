import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Another role of the account that made the refused call with success: its policies show what is missing.
struct Peer {
    private let principal: PrincipalName
    private let policy: HeldPolicy?
    private let lastSuccess: String

    /// `nil` where the principal's own policies are not what AWS names, and where no other role makes the call, or many do.
    init?(_ facts: GroupFacts) {
        guard facts.group.reason == .missingAllow(.identityBased), facts.group.calledAction == nil,
            let resource = facts.refusedResources.first
        else { return nil }
        let others = facts.actionUsage.roles(in: facts.caller.account, besides: facts.caller.arn)
        // What people may do is no measure for a workload.
        let alike = others?.filter { facts.caller.isPermissionSet || !$0.principal.isPermissionSet }
        guard let latest = alike?.max(by: { $0.lastSuccess < $1.lastSuccess }), let role = ARN(latest.principal.arn)
        else { return nil }
        (principal, lastSuccess) = (latest.principal, latest.lastSuccess)
        policy = HandedRole.allowing(facts.group.action, on: resource, role, facts)
    }

    package var story: Prose {
        let lets: Prose = policy.map { "its policy \($0.name) allows it" } ?? "compare its policies"
        return "\(principal.shown.capitalised) made this call with success, last at \(time: lastSuccess): \(lets)."
    }
}
