/// A top-level key of a CloudTrail record that trail403 reads, spelled as CloudTrail spells it.
///
/// Source: "CloudTrail record contents" in the AWS CloudTrail user guide; those from `insightDetails` to `accountId` are of Insights and aggregated events.
package enum RecordField: Int, CaseIterable, Sendable {
    case eventVersion
    case eventTime
    case eventSource
    case eventName
    case awsRegion
    case sourceIPAddress
    case userAgent
    case errorCode
    case errorMessage
    case requestID
    case eventID
    case eventType
    case eventCategory
    case readOnly
    case managementEvent
    case recipientAccountId
    case sharedEventID
    case vpcEndpointId
    case vpcEndpointAccountId
    case userIdentity
    case requestParameters
    case responseElements
    case additionalEventData
    case serviceEventDetails
    case resources
    case tlsDetails
    case addendum
    case insightDetails
    /// `eventId` with a lower-case d, as aggregated events spell it.
    case aggregatedEventId
    case timeWindow
    case summary
    case accountId
    /// `@timestamp`, in which log shippers and CloudWatch Logs Insights tell an event's time.
    case timestamp

    var bit: UInt64 { 1 &<< UInt64(rawValue) }
}

/// A top-level key by which a wrapper around records, or a file that holds none, is recognised.
enum WrapperField: Int, CaseIterable {
    // Keys whose arrays are streamed.
    case recordsArray = 40
    case eventsArray
    case logEventsArray
    case lookupEventsArray
    case messagesArray
    // Keys whose value holds a record, or text that does.
    case detail
    case detailType
    case cloudTrailEvent
    case logMessage
    case snsMessage
    case snsEnvelope
    case sqsBody
    case lambdaBody
    // Keys of a query's results, and of a search in Elasticsearch.
    case resultsArray
    case queryResultRowsArray
    case rowsArray
    case hits
    case resultSet
    // A digest's keys.
    case digestStartTime
    case digestS3Bucket

    var bit: UInt64 { 1 &<< UInt64(rawValue) }

    /// Whether the key's array is read element by element.
    var isStreamed: Bool {
        switch self {
        case .recordsArray, .eventsArray, .logEventsArray, .lookupEventsArray, .messagesArray, .resultsArray,
            .queryResultRowsArray, .rowsArray, .hits:
            true
        default: false
        }
    }

    /// Whether the key's object is read member by member, since it is a container as well.
    var isDescended: Bool { self == .resultSet || self == .hits }
}

/// What one record is.
package enum RecordKind: UInt8, Sendable, CaseIterable {
    /// A management, data or network activity event.
    case event
    /// A CloudTrail Insights event (`eventType` AwsCloudTrailInsight).
    case insight
    /// A five-minute sum of data events (`eventCategory` Aggregated), which is no single call.
    case aggregated
}
