/// The perfect match of top-level keys to slots: a switch on the key's length, then one or two word comparisons a candidate.
enum RecordKey {
    /// The slot of a `RecordField` or `WrapperField`, or `nil` for every other key.
    // SAFETY: `key` has `key.count` bytes, and each candidate is compared only with keys of its own length.
    @inline(__always) static func slot(of key: UnsafeRawBufferPointer) -> Int? {
        guard let bytes = key.baseAddress else { return nil }
        @inline(__always) func `is`(_ text: StaticString) -> Bool { unsafe KeyText.equals(bytes, text) }
        switch key.count {
        case 3:
            if `is`("Sns") { return WrapperField.snsEnvelope.rawValue }
        case 4:
            if `is`("Body") { return WrapperField.sqsBody.rawValue }
            if `is`("body") { return WrapperField.lambdaBody.rawValue }
            if `is`("Rows") { return WrapperField.rowsArray.rawValue }
            if `is`("hits") { return WrapperField.hits.rawValue }
        case 6:
            if `is`("detail") { return WrapperField.detail.rawValue }
            if `is`("events") { return WrapperField.eventsArray.rawValue }
            if `is`("Events") { return WrapperField.lookupEventsArray.rawValue }
        case 7:
            if `is`("eventID") { return RecordField.eventID.rawValue }
            if `is`("Records") { return WrapperField.recordsArray.rawValue }
            if `is`("eventId") { return RecordField.aggregatedEventId.rawValue }
            if `is`("results") { return WrapperField.resultsArray.rawValue }
            if `is`("message") { return WrapperField.logMessage.rawValue }
            if `is`("Message") { return WrapperField.snsMessage.rawValue }
            if `is`("summary") { return RecordField.summary.rawValue }
        case 8:
            if `is`("readOnly") { return RecordField.readOnly.rawValue }
            if `is`("addendum") { return RecordField.addendum.rawValue }
            if `is`("Messages") { return WrapperField.messagesArray.rawValue }
        case 9:
            if `is`("eventTime") { return RecordField.eventTime.rawValue }
            if `is`("eventName") { return RecordField.eventName.rawValue }
            if `is`("awsRegion") { return RecordField.awsRegion.rawValue }
            if `is`("userAgent") { return RecordField.userAgent.rawValue }
            if `is`("requestID") { return RecordField.requestID.rawValue }
            if `is`("eventType") { return RecordField.eventType.rawValue }
            if `is`("resources") { return RecordField.resources.rawValue }
            if `is`("errorCode") { return RecordField.errorCode.rawValue }
            if `is`("accountId") { return RecordField.accountId.rawValue }
            if `is`("ResultSet") { return WrapperField.resultSet.rawValue }
            if `is`("logEvents") { return WrapperField.logEventsArray.rawValue }
        case 10:
            if `is`("tlsDetails") { return RecordField.tlsDetails.rawValue }
            if `is`("@timestamp") { return RecordField.timestamp.rawValue }
            if `is`("timeWindow") { return RecordField.timeWindow.rawValue }
        case 11:
            if `is`("eventSource") { return RecordField.eventSource.rawValue }
            if `is`("detail-type") { return WrapperField.detailType.rawValue }
        case 12:
            if `is`("eventVersion") { return RecordField.eventVersion.rawValue }
            if `is`("userIdentity") { return RecordField.userIdentity.rawValue }
            if `is`("errorMessage") { return RecordField.errorMessage.rawValue }
        case 13:
            if `is`("eventCategory") { return RecordField.eventCategory.rawValue }
            if `is`("vpcEndpointId") { return RecordField.vpcEndpointId.rawValue }
            if `is`("sharedEventID") { return RecordField.sharedEventID.rawValue }
        case 14:
            if `is`("insightDetails") { return RecordField.insightDetails.rawValue }
            if `is`("digestS3Bucket") { return WrapperField.digestS3Bucket.rawValue }
        case 15:
            if `is`("sourceIPAddress") { return RecordField.sourceIPAddress.rawValue }
            if `is`("managementEvent") { return RecordField.managementEvent.rawValue }
            if `is`("CloudTrailEvent") { return WrapperField.cloudTrailEvent.rawValue }
            if `is`("QueryResultRows") { return WrapperField.queryResultRowsArray.rawValue }
            if `is`("digestStartTime") { return WrapperField.digestStartTime.rawValue }
        case 16:
            if `is`("responseElements") { return RecordField.responseElements.rawValue }
        case 17:
            if `is`("requestParameters") { return RecordField.requestParameters.rawValue }
        case 18:
            if `is`("recipientAccountId") { return RecordField.recipientAccountId.rawValue }
        case 19:
            if `is`("additionalEventData") { return RecordField.additionalEventData.rawValue }
            if `is`("serviceEventDetails") { return RecordField.serviceEventDetails.rawValue }
        case 20:
            if `is`("vpcEndpointAccountId") { return RecordField.vpcEndpointAccountId.rawValue }
        default:
            break
        }
        return nil
    }
}
