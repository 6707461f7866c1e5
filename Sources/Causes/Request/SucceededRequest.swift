import IAMPolicy
package import RecordedCalls
package import TrailStore

/// One request of a group's principal and action that AWS allowed.
package struct SucceededRequest: Sendable {
    /// The request.
    package let observed: ObservedRequest
    /// Whether it is known to be on something that was refused, too.
    let isOnRefusedResource: Bool

    /// The successes beside a group's denials, in order of time: the last before the first denial, the last between two, the first
    /// after the last, and one on something else. The same record tells the same of an action that it was refused for.
    package static func all(of group: DenialGroup, _ denied: DeniedRequests) -> [SucceededRequest] {
        let refused = Set(denied.all.filter(\.observed.isResourceTold).map(\.observed.resource))
        return group.successes.compactMap { record in
            let call = RecordedCall(record)
            guard let observed = ObservedRequest(call, record, action: group.successAction, resource: nil) else {
                return nil
            }
            return SucceededRequest(
                observed: observed,
                isOnRefusedResource: observed.isResourceTold && refused.contains(observed.resource))
        }.sorted { ($0.observed.eventTime, $0.observed.eventID) < ($1.observed.eventTime, $1.observed.eventID) }
    }
}
