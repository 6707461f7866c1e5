public import CloudTrail
public import OrderedJSON

/// One event that succeeded and can have changed what somebody may do: what the timeline is made of.
public struct ChangeRecord: Sendable, Hashable {
    /// CloudTrail's id of the event.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// The service, such as `iam.amazonaws.com`.
    public var eventSource: String
    /// The operation, as CloudTrail names it: the names of some services end in a version (`AddPermission20150331v2`).
    public var eventName: String
    /// Who made the change: an ARN or the name of a service; empty where the record does not tell.
    public var actor: String
    /// The account that recorded the event; empty where the record does not tell.
    public var account: String
    /// The Region that recorded the event; empty where the record does not tell.
    public var region: String
    /// What was asked for; `nil` where the record was not kept, or holds nothing that can be read.
    public var request: JSONValue?
    /// What the service answered, likewise.
    public var response: JSONValue?
    /// The access key with which the call was made; empty where the record does not tell.
    public var accessKey = ""
    /// Whether ``request`` holds no more than whom the change is made on: the record itself was not kept.
    public var isPartial = false

    /// A change. The parts of the record are JSON text; what is no JSON, or nests too deep, counts as absent.
    public init(
        eventID: String, eventTime: String, eventSource: String, eventName: String, actor: String = "",
        account: String = "", region: String = "", requestParameters: String? = nil, responseElements: String? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventSource = eventSource
        self.eventName = eventName
        self.actor = actor
        self.account = account
        self.region = region
        request = requestParameters.flatMap(Self.value)
        response = responseElements.flatMap(Self.value)
    }

    /// The change that an event made; `nil` where the call failed, or the record lacks its id, time, source or name.
    public init?(_ event: Event) {
        guard event.errorCode == nil, event.errorMessage == nil, let id = event.eventID, let time = event.eventTime,
            let source = event.eventSource, let name = event.eventName
        else { return nil }
        func text(_ fragment: JSONFragment?) -> String? {
            fragment.map { String(decoding: $0.bytes, as: UTF8.self) }
        }
        self.init(
            eventID: id, eventTime: time, eventSource: source, eventName: name,
            actor: event.userIdentity.principal ?? event.userIdentity.arn ?? event.userIdentity.invokedBy ?? "",
            account: event.recipientAccountId ?? event.userIdentity.accountId ?? "", region: event.awsRegion ?? "",
            requestParameters: text(event.requestParameters),
            // The services that tell by an event of their own what became of a request have no response.
            responseElements: text(event.responseElements ?? event.serviceEventDetails))
        accessKey = event.userIdentity.accessKeyId ?? ""
    }

    private static func value(_ text: String) -> JSONValue? {
        guard text.utf8.count <= DocumentText.sizeLimit * 2 else { return nil }
        return switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) }) {
        case .success(.null), .failure: nil
        case .success(let value): value
        }
    }
}
