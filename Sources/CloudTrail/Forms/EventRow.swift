/// A row that tells of one event: a line of a CSV, a result of a query, an object with its keys in lower case.
///
/// What the columns are is decided once for a header, or for the keys of an object. The row becomes a record: whatever it holds
/// of CloudTrail's fields, under CloudTrail's names.
struct EventRow: Sendable, Equatable {
    /// For each column its path in a record, such as `userIdentity`, `arn`, and how its text is read; `nil` for a column that
    /// is none of CloudTrail's.
    private(set) var fields: [Field?]
    /// The column that holds whole records as text, where there is one.
    private(set) var holder: Int?
    /// The column `@timestamp`, where there is one.
    private(set) var timeColumn: Int?
    /// Whether the columns are those of the console's event history.
    private(set) var isEventHistory = false

    struct Field: Sendable, Equatable {
        var path: [String]
        var shape: TextShape
    }

    /// Columns of which there are more are none of an event's.
    static let maximumColumns = 512

    /// Columns that hold the whole record, the most telling first: pandas over `lookup-events` and PowerShell's `Export-Csv`,
    /// CloudWatch Logs Insights, Splunk, Elasticsearch, EventBridge, log shippers.
    private static let holders = [
        "cloudtrailevent", "eventjson", "@message", "_raw", "_source", "detail", "message", "record",
    ]

    /// Reads the names of the columns; `nil` where they are not those of an event.
    ///
    /// An event has a name, and a time or an id, whatever the order and case. Or a column holds the record as a whole.
    init?(_ names: [String]) {
        guard names.count <= Self.maximumColumns else { return nil }
        let keys = names.map { $0.lowercased() }
        let has = { (name: String) in keys.contains(name) }
        timeColumn = keys.firstIndex(of: "@timestamp")
        holder = Self.holders.lazy.compactMap { keys.firstIndex(of: $0) }.first
        if has("event name"), has("event source"), has("event time"), has("event id") {
            isEventHistory = true
            fields = keys.map { Self.eventHistory[$0] }
        } else if has("eventname"), has("eventtime") || has("eventid") || has("@timestamp"), keys.count > 2 {
            fields = keys.map(Self.queryField)
            if has("eventtime") {
                fields = zip(fields, keys).map { $1 == "@timestamp" ? nil : $0 }
            }
        } else if holder != nil {
            fields = keys.map { _ in nil }
        } else {
            return nil
        }
        if !fields.contains(where: { $0?.path == ["errorCode"] }) {
            // Such rows do not tell whether the call succeeded; a record with a version would.
            fields = fields.map { $0?.path == ["eventVersion"] ? nil : $0 }
        }
        // Of two columns of one name the first counts.
        var seen: Set<[String]> = []
        fields = fields.map { field in field.flatMap { seen.insert($0.path).inserted ? $0 : nil } }
    }

    /// Where a cell that is no field of an event's own holds a record as text.
    func holder(among count: Int, _ cell: (Int) -> ArraySlice<UInt8>) -> Int? {
        holder ?? (0..<min(count, fields.count)).first { fields[$0] == nil && Self.isRecord(cell($0)) }
    }

    /// Whether a text is a record: a JSON object with an event's name, service and time.
    static func isRecord(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count > 60, text.first == UInt8(ascii: "{"), JSONCheck.isObjectOrArray(Array(text)) else {
            return false
        }
        let object = JSONFragment(bytes: Array(text))
        return ["eventName", "eventSource", "eventTime"].allSatisfy { object.string(at: $0)?.isEmpty == false }
    }

    /// Whether the columns themselves are an event's, whatever one of them holds.
    var tellsEvents: Bool { fields.contains { $0?.path == ["eventName"] } }

    /// The record that a row's cells tell.
    func record(_ cell: (Int, TextShape) -> JSONTree?) -> JSONTree {
        var record = JSONTree.object([:])
        for (index, field) in fields.enumerated() {
            guard let field else { continue }
            if let value = cell(index, field.shape) {
                record.set(value, at: field.path[...])
            } else if field.path == ["errorCode"] {
                // The column is there and empty: the row tells that there was no error.
                record.set(.raw(Array("null".utf8)), at: field.path[...])
            }
        }
        return record
    }

    /// The header of the CSV that the console's event history downloads (files of 2020, 2021 and 2024).
    private static let eventHistory: [String: Field] = [
        "user name": Field(path: ["userIdentity", "userName"], shape: .text),
        "aws access key": Field(path: ["userIdentity", "accessKeyId"], shape: .text),
        // In the reader's own zone, in some consoles.
        "event time": Field(path: ["@timestamp"], shape: .time),
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

    /// What `lookup-events` and CloudWatch Logs Insights call fields of a record.
    private static let aliases: [String: Field] = [
        "@timestamp": Field(path: ["@timestamp"], shape: .time),
        "username": Field(path: ["userIdentity", "userName"], shape: .text),
        "accesskeyid": Field(path: ["userIdentity", "accessKeyId"], shape: .text),
    ]

    /// A column of a query result: a field of the record, or with dots or underscores one of a struct's
    /// (`useridentity.arn`, `useridentity_sessioncontext_sessionissuer_arn`).
    private static func queryField(_ name: String) -> Field? {
        if let alias = aliases[name] { return alias }
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
