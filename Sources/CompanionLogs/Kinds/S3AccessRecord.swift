/// Reads lines of S3's server access logs: 18 fields or more, of which the quoted ones may hold quotes that are not escaped.
///
/// Source: "Amazon S3 server access log format" in the Amazon S3 user guide.
enum S3AccessRecord {
    struct Reading {
        var row: CompanionRow
        var bucket: String
        var isRefused: Bool
    }

    /// Whether a line begins like one: owner, bucket, time in brackets, and an operation in its place.
    static func read(_ line: ArraySlice<UInt8>, byteOffset: Int) -> Reading? {
        // Nearly all lines of other logs are told apart by their first words.
        guard let owner = line.prefix(80).firstIndex(of: 0x20),
            let bucket = line[(owner + 1)...].prefix(256).firstIndex(of: 0x20), bucket + 1 < line.endIndex,
            line[bucket + 1] == 0x5B
        else { return nil }
        guard (80...32_768).contains(line.count), let fields = fields(line), fields.count >= 9,
            let time = WebTime.seconds(fields[2])
        else { return nil }
        func text(_ index: Int) -> String? {
            index < fields.count ? String(decoding: fields[index], as: UTF8.self) : nil
        }
        guard let bucket = text(1), let operation = text(6), isOperation(operation),
            let status = text(9).flatMap(Int.init),
            (100...599).contains(status)
        else { return nil }
        var row = CompanionRow(.s3Access, time: time, byteOffset: byteOffset, [])
        let isRefused = status == 403 || status == 401
        guard isRefused else { return Reading(row: row, bucket: bucket, isRefused: false) }
        row.values = [
            .init(bucket), .init(text(3)), .init(text(4)), .init(text(5)), .init(operation), .init(text(7)),
            .init(status), .init(text(10)),
            .init(text(18)), .init(text(19)), .init(text(21)), .init(text(22)), .init(text(16)),
        ]
        return Reading(row: row, bucket: bucket, isRefused: true)
    }

    /// A record that some program has made an object of; `nil` where it is none. The names of its members are those of the fields, in
    /// small letters.
    static func read(_ json: FlatJSON, byteOffset: Int) -> Reading? {
        guard let bucket = json["bucket"], let operation = json["operation"], isOperation(operation),
            let status = json["httpstatus"].flatMap(Int.init), (100...599).contains(status),
            let time = json["time"].flatMap(LogTime.milliseconds)
        else { return nil }
        var row = CompanionRow(.s3Access, time: time / 1000, byteOffset: byteOffset, [])
        let isRefused = status == 403 || status == 401
        guard isRefused else { return Reading(row: row, bucket: bucket, isRefused: false) }
        row.values = [
            .init(bucket), .init(json["remoteip"]), .init(json["requester"]), .init(json["requestid"]),
            .init(operation),
            .init(json["key"]), .init(status), .init(json["errorcode"]), .init(json["hostid"]),
            .init(json["signatureversion"]), .init(json["authenticationtype"]), .init(json["hostheader"]),
            .init(json["useragent"]),
        ]
        return Reading(row: row, bucket: bucket, isRefused: true)
    }

    private static func isOperation(_ text: String) -> Bool {
        ["REST.", "SOAP.", "WEBSITE.", "BATCH.", "S3."].contains { text.hasPrefix($0) }
    }

    /// Fields by blanks, with brackets and quotes as one. A quoted field ends at the quote that a blank and no letter of its own follows:
    /// user agents may hold quotes.
    private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        var fields: [ArraySlice<UInt8>] = []
        fields.reserveCapacity(27)
        var index = line.startIndex
        let end = line.endIndex
        while index < end, fields.count < 32 {
            if line[index] == 0x20 {
                index += 1
                continue
            }
            switch line[index] {
            case 0x5B:
                guard fields.count == 2 else { fallthrough }
                guard let close = line[index...].firstIndex(of: 0x5D) else { return nil }
                fields.append(line[(index + 1)..<close])
                index = close + 1
            case 0x22:
                var close = index + 1
                while close < end,
                    !(line[close] == 0x22
                        && (close + 1 == end || line[close + 1] == 0x20 && isFieldStart(line, close + 2, fields.count)))
                {
                    close += 1
                }
                fields.append(line[(index + 1)..<min(close, end)])
                index = min(close + 1, end)
            default:
                let stop = line[index...].firstIndex(of: 0x20) ?? end
                fields.append(line[index..<stop])
                index = stop
            }
            // The first three tell whether it is such a line at all.
            if fields.count == 3, line[fields[2].startIndex - 1] != 0x5B { return nil }
        }
        return fields
    }

    /// Whether what follows a quote is the next field: after the request a status, after the user agent a version id.
    private static func isFieldStart(_ line: ArraySlice<UInt8>, _ index: Int, _ count: Int) -> Bool {
        guard index < line.endIndex else { return true }
        switch count {
        case 8: return Byte.isDigit(line[index]) || line[index] == 0x2D
        case 15: return line[index] == 0x22
        // The user agent is the last that is quoted.
        case 16: return !line[index...].contains(0x22)
        default: return true
        }
    }
}
