/// What a CSV's header says about its columns.
struct CSVColumns: Sendable, Equatable {
    var kind: CSVKind
    /// For each column its path in a record, such as `userIdentity`, `arn`, and how its text is read; `nil` for a column that
    /// is none of CloudTrail's.
    var fields: [Field?]

    struct Field: Sendable, Equatable {
        var path: [String]
        var shape: TextShape
    }

    /// Reads a header; `nil` where it is not that of a CloudTrail CSV.
    ///
    /// Event history is known by its four essential columns, a query result by an event's name and source together with its
    /// time or id, in whatever order and whichever case.
    init?(_ names: [String]) {
        let keys = names.map { $0.lowercased() }
        let has = { (name: String) in keys.contains(name) }
        if has("event name"), has("event source"), has("event time"), has("event id") {
            kind = .eventHistory
            fields = keys.map { Self.eventHistory[$0] }
        } else if has("eventname"), has("eventsource"), has("eventtime") || has("eventid") {
            kind = .queryResult
            fields = keys.map(Self.queryField)
        } else {
            return nil
        }
        // Of two columns of one name the first counts.
        var seen: Set<[String]> = []
        fields = fields.map { field in field.flatMap { seen.insert($0.path).inserted ? $0 : nil } }
    }

    /// The header of the CSV that the console's event history downloads (files of 2021 and 2024).
    private static let eventHistory: [String: Field] = [
        "user name": Field(path: ["userIdentity", "userName"], shape: .text),
        "aws access key": Field(path: ["userIdentity", "accessKeyId"], shape: .text),
        "event time": Field(path: ["eventTime"], shape: .time),
        "event source": Field(path: ["eventSource"], shape: .text),
        "event name": Field(path: ["eventName"], shape: .text),
        "aws region": Field(path: ["awsRegion"], shape: .text),
        "source ip address": Field(path: ["sourceIPAddress"], shape: .text),
        "user agent": Field(path: ["userAgent"], shape: .text),
        "error code": Field(path: ["errorCode"], shape: .text),
        "resources": Field(path: ["resources"], shape: .json),
        "request id": Field(path: ["requestID"], shape: .text),
        "event id": Field(path: ["eventID"], shape: .text),
        "read-only": Field(path: ["readOnly"], shape: .boolean),
        "event type": Field(path: ["eventType"], shape: .text),
        "recipient account id": Field(path: ["recipientAccountId"], shape: .text),
        "event category": Field(path: ["eventCategory"], shape: .text),
    ]

    /// A column of a query result: a field of the record, or with dots or underscores one of a struct's
    /// (`useridentity.arn`, `useridentity_sessioncontext_sessionissuer_arn`).
    private static func queryField(_ name: String) -> Field? {
        var path: [String] = []
        var shape = TextShape.record
        for part in name.split(whereSeparator: { $0 == "." || $0 == "_" }) {
            guard case .structure(let members) = shape, let member = members[String(part)] else { return nil }
            path.append(member.name)
            shape = member.shape
        }
        return path.isEmpty ? nil : Field(path: path, shape: shape)
    }
}
