import CloudTrail

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
    /// The record's `requestParameters`, JSON text, where `--keep-records` kept the record and it has any.
    public var requestParameters: String?
    /// The record's `responseElements`, likewise; of a service's own event, which has none, its `serviceEventDetails`.
    public var responseElements: String?
    /// The name of an inline policy, or the id (`p-…`) of an organization's.
    public var policyName: String?
    /// The event's key in the database.
    package var key: Int64 = 0
    /// Who made it, and how; `nil` where the record was not looked at.
    public var caller: ChangeCaller?

    /// One change, with the parts of its raw record that tell about it.
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
        if var record { record.withUTF8 { unsafe takeParts(of: UnsafeRawBufferPointer($0)) } }
    }

    /// Takes over what the raw record tells about the change; of a record that is damaged as much as can be read.
    mutating func takeParts(of record: UnsafeRawBufferPointer) {
        let whole = FieldReference(
            offset: 0, length: UInt32(truncatingIfNeeded: record.count), kind: .object)
        let names: [StaticString] = [
            "requestParameters", "responseElements", "serviceEventDetails", "sessionCredentialFromConsole",
        ]
        let parts = unsafe whole.members(names, in: record).map { part in
            part.rawRange.map { unsafe String(decoding: record[$0], as: UTF8.self) }
        }
        requestParameters = parts[0]
        let hasResponse = parts[1] != nil && parts[1] != "null"
        responseElements = hasResponse ? parts[1] : parts[2] ?? parts[1]
        // CloudTrail writes the text "true", and the field for nothing else.
        if let text = parts[3] { caller?.isFromConsole = text == "\"true\"" || text == "true" }
    }
}
