/// What the columns of the database may hold beyond their types: what the program writes never lies outside, and what it reads is not
/// trusted to lie within.
enum ColumnBounds {
    /// Counts of events, records, bytes and the like: a million of them can be added without an overflow.
    static let counts: ClosedRange<Int64> = 0...(1 << 42)
    /// Keys of events.
    static let keys: ClosedRange<Int64> = 0...Int64.max
    /// Numbers of dictionary entries; 0 where a table has no NULL.
    static let references: ClosedRange<Int64> = 0...(1 << 40)
    /// Seconds since 1970 that an event may bear.
    static let times: ClosedRange<Int64> = 0...EventKey.times.upperBound
    /// Hours since 1970, likewise.
    static let hours: ClosedRange<Int64> = 0...(EventKey.times.upperBound / 3600)
    /// Bytes of a text that is no record.
    static let textBytes: Int32 = 64 << 20

    /// The bounds of a column; `nil` where any number will do.
    static func bounds(of column: String, in table: String) -> ClosedRange<Int64>? {
        switch (table, column) {
        case (_, "key"), ("denialHistory", "first"), ("denialHistory", "last"): keys
        case (_, "readOnly"), (_, "managementEvent"), (_, "truncated"), (_, "encodedMessage"), (_, "isCopy"): 0...1
        case (_, "events"), (_, "successes"), (_, "denials"), (_, "records"), (_, "stored"), (_, "duplicates"),
            (_, "skipped"), (_, "newDenials"), (_, "place"), (_, "byteOffset"), (_, "byteLength"),
            ("recordPlace", "offset"), ("recordPlace", "length"),
            ("recordBlock", "size"), ("logFile", "size"), ("logFile", "uncompressedSize"), ("ingestIssue", "record"):
            counts
        case (_, "firstSuccess"), (_, "lastSuccess"): times
        case ("activity", "hour"): hours
        // A part of a bucket has a negative number.
        case (_, "targetID"): -Int64.max...Int64.max
        case (_, "id"): references
        case _ where column.hasSuffix("ID") && !texts.contains(column): references
        default: nil
        }
    }

    /// Names that are CloudTrail's rather than numbers of dictionary entries.
    private static let texts: Set = [
        "eventID", "requestID", "sharedEventID", "addendumEventID", "authorizationID", "publicID",
    ]

    /// What is wrong with a number.
    static func fault(of number: Int64, in bounds: ClosedRange<Int64>) -> String {
        number < bounds.lowerBound
            ? "is \(number), less than \(bounds.lowerBound)" : "is \(number), more than \(bounds.upperBound)"
    }
}
