public import Wording

/// One event that proves a finding.
public struct Evidence: Sendable, Hashable {
    /// CloudTrail's id of the event.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// The operation.
    public var eventName: String
    /// Who did it.
    public var principal: String
    /// What happened, without a full stop.
    public var summary: Prose
    /// Who made the change, where the event is one of permissions.
    public var person: Person?
    /// The managed policy that a change names, likewise.
    public var policy: String?

    /// One event.
    public init(
        eventID: String, eventTime: String, eventName: String, principal: String, summary: Prose,
        person: Person? = nil, policy: String? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventName = eventName
        self.principal = principal
        self.summary = summary
        self.person = person
        self.policy = policy
    }
}
