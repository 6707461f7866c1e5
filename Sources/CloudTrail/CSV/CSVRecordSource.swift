/// A CloudTrail CSV as JSON lines: one record for each row, for the reader of records to read like any other.
///
/// Takes the console's event history and the results of Athena and CloudTrail Lake. A row that does not fit its header is
/// skipped and told by `takeIssues`; the rows after it are read.
package final class CSVRecordSource: ByteSource {
    /// What a stream turned out to be.
    package enum Recognition {
        case csv(CSVRecordSource)
        /// Anything else, from its first byte on.
        case other(PrefixedByteSource)
    }

    /// Bytes of a stream that may hold the header; a longer first line is none.
    package static let maximumHeaderSize = 16 << 10
    /// Bytes of a row's fields together, unless another limit is given: CloudTrail Lake keeps events of up to 1 MB.
    package static let maximumRowSize = 4 << 20

    /// Where the CSV comes from.
    package let kind: CSVKind
    /// Whether the columns are an event's; else one of them may hold records, or anything else.
    package var tellsEvents: Bool { columns.tellsEvents }
    /// Rows read so far, without the header: those that became records and those that were skipped.
    package private(set) var rowsRead = 0
    /// Rows that were skipped so far; each has its issue.
    package private(set) var rowsSkipped = 0

    private let columns: EventRow
    private let timeColumn: Int?
    private let name: String?
    private var reader: CSVReader
    private var hasReadHeader = false
    private var output: ArraySlice<UInt8> = []
    private var issues = IssueLog()
    private var fault: (any Error)?

    /// Looks at the start of an uncompressed stream.
    ///
    /// Only what holds a comma-separated header of CloudTrail's column names is a CSV; all else is given back as it came.
    package static func recognise(
        _ source: any ByteSource, name: String? = nil, maximumRowSize: Int = maximumRowSize
    ) throws -> Recognition {
        let (first, whole) = PrefixedByteSource.peek(source, count: maximumHeaderSize) { first in
            // JSON shows itself at once.
            let start = first.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d }
            return start == UInt8(ascii: "{") || start == UInt8(ascii: "[") || headerLine(of: first) != nil
        }
        guard let columns = try columns(of: first) else { return .other(whole) }
        return .csv(CSVRecordSource(columns, whole, name: name, maximumRowSize: maximumRowSize))
    }

    private init(_ columns: EventRow, _ source: any ByteSource, name: String?, maximumRowSize: Int) {
        kind = columns.isEventHistory ? .eventHistory : .queryResult
        self.columns = columns
        timeColumn = columns.timeColumn
        self.name = name
        reader = CSVReader(source, maximumRowSize: maximumRowSize)
    }

    private static func columns(of first: [UInt8]) throws -> EventRow? {
        guard let line = headerLine(of: first) ?? (first.count < maximumHeaderSize ? first[...] : nil) else {
            return nil
        }
        var reader = CSVReader(MemoryByteSource(Array(line)), maximumRowSize: maximumHeaderSize)
        guard let header = try reader.next(), !header.isCut, !header.isTooLarge else { return nil }
        return EventRow(
            (0..<header.count).map { index in
                let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
                let trimmed = header[index].drop(while: isSpace).reversed().drop(while: isSpace).reversed()
                return String(decoding: trimmed, as: UTF8.self)
            })
    }

    /// The line that may be the header, alone, so that it does not matter how much came at once; `nil` where it has not ended.
    private static func headerLine(of first: [UInt8]) -> ArraySlice<UInt8>? {
        guard let end = first.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        guard isTypeLine(first[...end]) else { return first[...end] }
        return first[(end + 1)...].firstIndex(of: UInt8(ascii: "\n")).map { first[(end + 1)...$0] }
    }

    /// Whether a line is the one that PowerShell 5.1 writes before the header, such as `#TYPE Amazon.CloudTrail.Model.Event`.
    private static func isTypeLine(_ line: ArraySlice<UInt8>) -> Bool {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        return (line.starts(with: mark) ? line.dropFirst(mark.count) : line).starts(with: "#TYPE ".utf8)
    }

    /// Fills up to `buffer.count` bytes with JSON lines and returns how many; 0 only at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if output.isEmpty {
            if let fault { throw fault }
            convertRows()
            if output.isEmpty, let fault { throw fault }
        }
        let count = min(buffer.count, output.count)
        unsafe buffer.copyBytes(from: output.prefix(count))
        output = output.dropFirst(count)
        return count
    }

    /// What was skipped since the last call.
    package func takeIssues() -> [IngestIssue] {
        defer { issues = IssueLog() }
        return issues.issues(file: name)
    }

    private func convertRows() {
        var lines: [UInt8] = []
        do {
            if !hasReadHeader {
                if let first = try reader.next(), first.count > 0, Self.isTypeLine(first[0]) { _ = try reader.next() }
                hasReadHeader = true
            }
            while lines.count < 32 << 10 {
                guard let row = try reader.next() else { break }
                rowsRead += 1
                if let (code, cause) = objection(to: row) {
                    rowsSkipped += 1
                    report(code, cause, record: rowsRead, byteOffset: row.byteOffset)
                } else {
                    record(row).write(to: &lines)
                    lines.append(UInt8(ascii: "\n"))
                }
            }
        } catch {
            fault = error
        }
        output = lines[...]
    }

    private func report(_ code: IngestIssue.Code, _ cause: String, record: Int, byteOffset: Int) {
        issues.append(IngestIssue(code, at: Location(file: name, record: record, byteOffset: byteOffset), cause))
    }

    private func objection(to row: CSVReader.Row) -> (IngestIssue.Code, String)? {
        if row.isTooLarge { return (.recordTooLarge, "the row is larger than the limit") }
        if row.isCut { return (.csvMalformed, "the file ends within a quoted field: the closing quote is missing") }
        if row.count != columns.fields.count {
            return (.csvMalformed, "the row has \(row.count) fields and the header \(columns.fields.count)")
        }
        return nil
    }

    private func record(_ row: CSVReader.Row) -> JSONTree {
        if let holder = columns.holder(among: row.count, { row[$0] }) {
            let whole = row[holder]
            if whole.contains(UInt8(ascii: "{")) || !columns.tellsEvents {
                var holding = ["message": JSONTree.text(Array(whole))]
                if let timeColumn { holding["@timestamp"] = JSONTree(row[timeColumn], as: .time) }
                return .object(holding)
            }
        }
        return columns.record { JSONTree(row[$0], as: $1) }
    }
}
