import CloudTrail

/// Lines of text logs: where an entry begins, and what stands before it.
enum EntryLine {
    /// Whether a line begins an entry of a log, and does not go on with the one before.
    static func begins(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first else { return false }
        switch first {
        case UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: "<"): return true
        case UInt8(ascii: "{"): return line.last == UInt8(ascii: "}")
        default: break
        }
        if Byte.isDigit(first) { return line.prefix(4).allSatisfy(Byte.isDigit) && line.count > 8 }
        guard Byte.isUpper(first) else { return false }
        let word = line.prefix { !Byte.isBlank($0) && $0 != 0x3A }
        return Self.beginnings.contains { $0.elementsEqual(word) }
    }

    private static let beginnings = [
        "START", "END", "REPORT", "INIT_START", "INFO", "WARN", "WARNING", "ERROR", "DEBUG", "TRACE", "FATAL", "Jan",
        "Feb", "Mar", "Apr", "May",
        "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }

    /// The time that a line begins with, as CloudWatch Logs' exports and `aws logs tail` write it, the stream that the latter writes
    /// behind it, and the rest.
    static func withoutTime(_ line: ArraySlice<UInt8>) -> (
        written: ArraySlice<UInt8>, stream: String?, body: ArraySlice<UInt8>
    ) {
        let start = line.startIndex
        guard line.count > 24, Byte.isDigit(line[start]), line[start + 4] == 0x2D, line[start + 10] == 0x54,
            line[start + 19] == 0x2E, let end = line.prefix(40).firstIndex(where: Byte.isBlank)
        else { return ([], nil, line) }
        let written = line[start..<end]
        let body = line[(end + 1)...]
        guard line[end - 1] != UInt8(ascii: "Z"), let gap = body.firstIndex(of: 0x20) else {
            return (written, nil, body)
        }
        return (written, String(decoding: body[..<gap], as: UTF8.self), body[(gap + 1)...])
    }
}
