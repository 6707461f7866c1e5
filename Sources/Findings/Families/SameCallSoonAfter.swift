import AccessDenial
import Causes
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A call that was refused and that worked soon after, with the same credentials, from the same place and with the same parameters,
/// though nobody changed a permission in between: what it was on, or the tag that a policy asks for, was not known everywhere yet.
struct SameCallSoonAfter {
    private let refused: ObservedRequest
    private let succeeded: ObservedRequest

    /// Seconds that a new resource and its tags may take.
    private static let delay = 300

    /// `nil` where AWS names a Deny, and where the records at hand hold no such pair.
    init?(_ facts: GroupFacts) {
        let group = facts.group
        guard group.category == .authorization, group.reason.effect != .explicit, group.invokedBy.isEmpty,
            group.successesWithin ?? 0 > 0 || facts.firstSuccessAfter != nil
        else { return nil }
        for denied in facts.requests.denied.all.map(\.observed) {
            guard let parameters = denied.call.parameters, parameters != .object([]) else { continue }
            let same = facts.requests.succeeded.lazy.map(\.observed).first { one in
                let lag = TimeSpan.seconds(from: denied.eventTime, to: one.eventTime)
                return (1...Self.delay).contains(lag) && one.call.parameters == parameters
                    && one.call.text("userIdentity", "accessKeyId") == denied.call.text("userIdentity", "accessKeyId")
                    && one.call.address == denied.call.address && one.call.endpoint == denied.call.endpoint
            }
            guard let same,
                !facts.changes.contains(where: {
                    $0.time <= same.eventTime && TimeSpan.seconds(from: $0.time, to: denied.eventTime) <= Self.delay
                })
            else { continue }
            (refused, succeeded) = (denied, same)
            return
        }
        return nil
    }

    package func finding(_ facts: GroupFacts) -> Finding {
        let lag = TimeSpan.words(TimeSpan.seconds(from: refused.eventTime, to: succeeded.eventTime))
        let point: Prose =
            "The call that was refused at \(time: refused.eventTime) worked \(words: lag) later with the same parameters and credentials, and nothing that the trail shows was changed in between."
        return Finding(
            .notYetEffective, .inferred, title: "What was called was not known everywhere yet",
            point
                + "A new resource, or a tag of it that a policy asks for, takes AWS some seconds until it counts for permissions.",
            point: point, evidence: Array(facts.denialEvidence.prefix(1)))
    }
}
