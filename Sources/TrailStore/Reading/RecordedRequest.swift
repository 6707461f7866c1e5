import CloudTrail

/// A request as the record of its call tells it: of one that was refused, or of one that succeeded.
public struct RecordedRequest: Sendable, Hashable {
    /// CloudTrail's `eventID`.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// The record, JSON text, without what the service answered; of calls to STS with it.
    public var record: String
    /// Whether ``record`` is the record itself, so that what it lacks was not recorded. Else it holds what the database's columns or
    /// the event's other forms tell, and nothing is known of what it lacks.
    public var isWhole: Bool
    /// How many calls look the same by the database's columns: identity, place, path, client and resource.
    public var calls: Int
    /// The resource that AWS named; `nil` where it named none, and of a success.
    public var resource: String?

    /// One request.
    public init(
        eventID: String, eventTime: String = "", record: String, isWhole: Bool = true, calls: Int = 1,
        resource: String? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.record = record
        self.isWhole = isWhole
        self.calls = calls
        self.resource = resource
    }

    /// The members of a record that tell of the request.
    private static let members: [StaticString] = [
        "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
        "userAgent", "errorCode", "requestParameters", "additionalEventData", "resources", "recipientAccountId",
        "vpcEndpointId", "vpcEndpointAccountId", "tlsDetails", "serviceEventDetails", "eventType", "sharedEventID",
        "sessionCredentialFromConsole", "managementEvent", "eventCategory",
    ]
    /// Bytes of a member from which on it is left out, as CloudTrail itself leaves out what is too large.
    private static let memberLimit = 32 << 10

    /// A record without what the service answered; text that is no JSON object gives an empty one.
    static func trimmed(_ record: String) -> String {
        var text = record
        return text.withUTF8 { bytes in
            let record = UnsafeRawBufferPointer(bytes)
            let whole = FieldReference(offset: 0, length: UInt32(truncatingIfNeeded: record.count), kind: .object)
            let isOfSTS = unsafe whole.members(["eventSource"], in: record)[0].string(in: record) == "sts.amazonaws.com"
            let names = isOfSTS ? members + ["responseElements"] : members
            var trimmed = "{"
            for (name, value) in unsafe zip(names, whole.members(names, in: record)) {
                guard let range = value.rawRange, range.upperBound <= record.count, range.count <= memberLimit else {
                    continue
                }
                if trimmed.utf8.count > 1 { trimmed += "," }
                trimmed += unsafe "\"\(name)\":\(String(decoding: record[range], as: UTF8.self))"
            }
            return trimmed + "}"
        }
    }
}
