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
    private static let outcomeBits = RecordField.errorCode.bit | RecordField.eventVersion.bit

    /// Whether the record is as CloudTrail writes it, so that no other form of the event can know more.
    ///
    /// All 4,605 records of public corpora have these keys, `requestParameters` and `responseElements` as `null` at least; only
    /// events that are no API calls, such as a service's own and those of VPC endpoints, may lack the two.
    package func isWhole(_ record: UnsafeRawBufferPointer) -> Bool {
        guard !isTranslated, present & Self.deliveredBits == Self.deliveredBits else { return false }
        if present & Self.exchangeBits == Self.exchangeBits { return true }
        let type = self[.eventType]
        return unsafe type.isString && type.length > 0 && !type.equals("AwsApiCall", in: record)
    }

    /// Says that the record was made from other forms of the event.
    package mutating func markTranslated() { isTranslated = true }

    /// Whether the lack of an error means that there was none: the form has an error column, or the version that every record of
    /// CloudTrail begins with.
    package var tellsOutcome: Bool { present & Self.outcomeBits != 0 }
}
