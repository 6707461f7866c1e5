package import RecordedCalls

extension RecordedCall {
    /// The call of a record that the database holds.
    package init(_ request: RecordedRequest) { self.init(record: request.record, isWhole: request.isWhole) }
}

extension ObservedRequest {
    /// The request of a call that the database holds; `nil` where nobody can be named who made it.
    package init?(
        _ call: RecordedCall, _ recorded: RecordedRequest, action: String, resource: String?, principal: String? = nil
    ) {
        self.init(
            call, eventID: recorded.eventID, eventTime: recorded.eventTime, calls: recorded.calls, action: action,
            resource: resource, principal: principal)
    }
}
