/// One parsed CloudTrail record.
///
/// Fields bear CloudTrail's own names. A field that the record lacks, or holds as JSON `null` or as an empty string, is `nil`.
/// Source: "CloudTrail record contents for management, data, and network activity events" in the AWS CloudTrail user guide.
public struct Event: Sendable, Equatable {
    /// The record format, such as `1.11`: the major number, then the minor.
    public var eventVersion: String?
    /// ISO 8601 UTC text such as `2026-11-02T10:15:00Z`.
    public var eventTime: String?
    /// The service that was called, as a host name such as `mobiletargeting.amazonaws.com`.
    public var eventSource: String?
    /// The operation that was called, as the service names it.
    public var eventName: String?
    /// The Region that the call was made to.
    public var awsRegion: String?
    /// An IPv4 or IPv6 address, a service's host name, or `AWS Internal`.
    public var sourceIPAddress: String?
    /// The agent of the call, cut at 1 KB; the caller's to choose.
    public var userAgent: String?
    /// The service's error, such as `AccessDenied`, cut at 1 KB.
    public var errorCode: String?
    /// The error in words, cut at 1 KB.
    public var errorMessage: String?
    /// The service's id of the request.
    public var requestID: String?
    /// CloudTrail's id of the event, a GUID; the `eventId` of aggregated events.
    public var eventID: String?
    /// `AwsApiCall`, `AwsServiceEvent`, `AwsConsoleAction`, `AwsConsoleSignIn`, `AwsVpceEvent`, …
    public var eventType: String?
    /// `Management`, `Data`, `NetworkActivity`; `nil` in records older than version 1.07.
    public var eventCategory: String?
    /// Whether the operation only reads.
    public var readOnly: Bool?
    /// Whether the event is a management event.
    public var managementEvent: Bool?
    /// The account that received the event.
    public var recipientAccountId: String?
    /// The id that copies of one event for several accounts have in common.
    public var sharedEventID: String?
    /// The VPC endpoint that the call came through.
    public var vpcEndpointId: String?
    /// The account that owns the VPC endpoint.
    public var vpcEndpointAccountId: String?
    /// Who made the call.
    public var userIdentity: UserIdentity
    /// Raw JSON of `requestParameters`; `nil` where absent or `null`.
    public var requestParameters: JSONFragment?
    /// Raw JSON of `responseElements`; `nil` where absent or `null`.
    public var responseElements: JSONFragment?
    /// Raw JSON of `additionalEventData`; `nil` where absent or `null`.
    public var additionalEventData: JSONFragment?
    /// Raw JSON of `serviceEventDetails`; `nil` where absent or `null`.
    public var serviceEventDetails: JSONFragment?
    /// Raw JSON of `resources`, a list of `{ARN, accountId, type}`; the case of its keys varies.
    public var resources: JSONFragment?
    /// Raw JSON of `tlsDetails`; `nil` where absent or `null`.
    public var tlsDetails: JSONFragment?
    /// Raw JSON of `addendum`, which marks a correction of an earlier event; `nil` where absent or `null`.
    public var addendum: JSONFragment?

    /// An event with every field absent.
    public init() { userIdentity = UserIdentity() }
}
