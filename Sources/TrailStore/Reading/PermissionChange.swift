/// An event that can change permissions and succeeded.
public struct PermissionChange: Sendable, Hashable {
    /// CloudTrail's `eventID`.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// CloudTrail's `eventSource`, such as `pinpoint.amazonaws.com`.
    public var eventSource: String
    /// CloudTrail's `eventName`, such as `SendMessages`.
    public var eventName: String
    /// The principal that made the change.
    public var actor: String
    /// `user`, `role`, `group`, `policy`, `account`, `organizational-unit`, `vpc-endpoint`, `resource`, …; `nil` where unknown.
    public var targetType: String?
    /// The target as `requestParameters` names it: a name, an ARN or an id.
    public var target: String?
    /// The managed policy that the change names.
    public var policyARN: String?
    /// The account that recorded the event.
    public var accountId: String?
    /// The Region that recorded the event.
    public var awsRegion: String?
    /// The raw record, where `--keep-records` kept it.
    public var record: String?
    /// The name of an inline policy, or the id (`p-…`) of an organization's.
    public var policyName: String?

    /// One change.
    public init(
        eventID: String, eventTime: String, eventSource: String, eventName: String, actor: String,
        targetType: String? = nil, target: String? = nil, policyARN: String? = nil, accountId: String? = nil,
        awsRegion: String? = nil, record: String? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventSource = eventSource
        self.eventName = eventName
        self.actor = actor
        self.targetType = targetType
        self.target = target
        self.policyARN = policyARN
        self.accountId = accountId
        self.awsRegion = awsRegion
        self.record = record
    }
}
