// What a form of an event tells.
//
// CloudTrail's own record is whole. A query that selects columns, a record that was trimmed, the console's download and another
// schema's event are forms that know less. What they lack is unknown, not absent: a form without an error column does not say
// that the call succeeded.

extension RecordFields {
    private static let deliveredBits =
        RecordField.eventVersion.bit | RecordField.userIdentity.bit | RecordField.eventTime.bit
        | RecordField.eventSource.bit | RecordField.eventName.bit | RecordField.awsRegion.bit
        | RecordField.sourceIPAddress.bit
    private static let exchangeBits = RecordField.requestParameters.bit | RecordField.responseElements.bit
    /// Types of events that are no calls, so that they may lack what was asked and answered.
    private static let typesOfNoCall: [StaticString] = ["AwsServiceEvent", "AwsVpceEvent", "AwsCloudTrailInsight"]

    /// Whether the record is as CloudTrail writes it, so that no other form of the event can know more.
    package func isWhole(_ record: UnsafeRawBufferPointer) -> Bool {
        guard !isTranslated, present & Self.deliveredBits == Self.deliveredBits else { return false }
        return unsafe (hasExchange || isNoCall(record)) && tellsOutcome(record)
    }

    /// Says that the record was made from other forms of the event.
    package mutating func markTranslated() { isTranslated = true }

    /// Whether the lack of an error means that there was none: the form has an error column, or the record bears everything that
    /// CloudTrail writes whatever came of a call, and so nothing was selected from it.
    ///
    /// All 4,605 records of public corpora have `requestParameters` and `responseElements`, as `null` at least; only events that
    /// are no API calls, such as a service's own and those of VPC endpoints, may lack the two. The type came with version 1.02.
    package func tellsOutcome(_ record: UnsafeRawBufferPointer) -> Bool {
        if hasErrorColumn { return true }
        let version = self[.eventVersion]
        guard !isTranslated, version.isString else { return false }
        let type = self[.eventType]
        if type.isString, type.length > 0 { return unsafe hasExchange || isNoCall(record) }
        return unsafe hasExchange && (version.equals("1.0", in: record) || version.equals("1.01", in: record))
    }

    /// Whether the record has a place for an error's code, even if it is `null`.
    package var hasErrorColumn: Bool { present & RecordField.errorCode.bit != 0 }

    private var hasExchange: Bool { present & Self.exchangeBits == Self.exchangeBits }

    private func isNoCall(_ record: UnsafeRawBufferPointer) -> Bool {
        let type = self[.eventType]
        // SAFETY: references are checked against `record`.
        return Self.typesOfNoCall.contains { unsafe type.equals($0, in: record) }
    }
}
