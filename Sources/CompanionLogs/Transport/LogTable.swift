import CloudTrail

/// Messages of CloudWatch Logs as comma-separated values: what the console and Logs Insights export.
///
/// The header names the columns: `timestamp,message`, or an Insights query's fields with `@message` among them.
struct LogTable {
    /// Lines and bytes of one row: a message may hold line breaks.
    private static let rowLimit = (lines: 4_096, bytes: 2 << 20)

    private let message: Int
    private let time: Int?
    private let stream: Int?
    private let group: Int?
    private var row: [UInt8] = []
    private var rowOffset = 0
    private var rowLines = 0
    /// Whether the row so far ends within quotes.
    private var isOpen = false

    /// A table of this header; `nil` where it is none.
    init?(header: ArraySlice<UInt8>) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let line = header.starts(with: mark) ? header.dropFirst(mark.count) : header
        guard line.count <= 4_096, line.contains(0x2C) else { return nil }
        let names = Self.fields(line).map { String(decoding: $0, as: UTF8.self).trimmedASCII.lowercased() }
        guard let message = names.firstIndex(where: { $0 == "@message" || $0 == "message" }) else { return nil }
        let time = names.firstIndex { $0 == "@timestamp" || $0 == "timestamp" }
        guard names[message] == "@message" || time != nil else { return nil }
        self.message = message
        self.time = time
        stream = names.firstIndex { $0 == "@logstream" || $0 == "logstreamname" }
        group = names.firstIndex { $0 == "@log" }
    }

    /// Takes the next line in; the message of the row that it ends, if it ends one.
    mutating func take(_ line: ArraySlice<UInt8>, at offset: Int) -> (event: LogEvent, origin: LogOrigin)? {
        if row.isEmpty, rowLines == 0 { rowOffset = offset } else { row.append(0x0A) }
        row += line
        rowLines += 1
        for byte in line where byte == 0x22 { isOpen.toggle() }
        if isOpen, rowLines < Self.rowLimit.lines, row.count < Self.rowLimit.bytes { return nil }
        return finish()
    }

    /// The message of a row that nothing ends, at the end of a file: a half row loses nothing else.
    mutating func finish() -> (event: LogEvent, origin: LogOrigin)? {
        guard rowLines > 0 else { return nil }
        defer {
            row.removeAll(keepingCapacity: true)
            rowLines = 0
            isOpen = false
        }
        let fields = Self.fields(row[...])
        guard message < fields.count else { return nil }
        func text(_ index: Int?) -> String? {
            guard let index, index < fields.count, !fields[index].isEmpty else { return nil }
            return String(decoding: fields[index], as: UTF8.self)
        }
        let log = text(group).map(Self.name)
        return (
            LogEvent(
                message: fields[message][...], time: text(time).flatMap(LogTime.milliseconds), byteOffset: rowOffset),
            LogOrigin(logGroup: log, logStream: text(stream))
        )
    }

    /// The group's name in `@log`, behind the account's id.
    private static func name(_ log: String) -> String {
        log.firstIndex(of: ":").map { String(log[log.index(after: $0)...]) } ?? log
    }

    /// The fields of a row (RFC 4180), without their quotes.
    private static func fields(_ row: ArraySlice<UInt8>) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = row.startIndex
        while index < row.endIndex {
            let byte = row[index]
            index += 1
            if byte == 0x22 {
                if isQuoted, index < row.endIndex, row[index] == 0x22 {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted.toggle()
                }
            } else if byte == 0x2C, !isQuoted {
                fields.append(field)
                field.removeAll(keepingCapacity: true)
            } else {
                field.append(byte)
            }
        }
        fields.append(field)
        return fields
    }
}
