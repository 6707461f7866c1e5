import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// Another role of the account that made the refused call with success: its policies show what is missing. What those are is not told:
/// which of them were read depends on whose refusals are told besides.
struct Peer {
    private let principal: PrincipalName
    private let lastSuccess: String

    /// `nil` where the principal's own policies are not what AWS names, and where no other role makes the call, or many do.
    init?(_ facts: GroupFacts) {
        guard facts.group.reason == .missingAllow(.identityBased), facts.group.calledAction == nil,
            !facts.refusedResources.isEmpty
        else { return nil }
        let others = facts.actionUsage.roles(in: facts.caller.account, besides: facts.caller.arn)
        // What people may do is no measure for a workload.
        let alike = others?.filter { facts.caller.isPermissionSet || !$0.principal.isPermissionSet }
        guard let latest = alike?.max(by: { $0.lastSuccess < $1.lastSuccess }) else { return nil }
        (principal, lastSuccess) = (latest.principal, latest.lastSuccess)
    }

    package var story: Prose {
        "\(principal.shown.capitalised) made this call with success, last at \(time: lastSuccess): compare its policies."
    }
}
