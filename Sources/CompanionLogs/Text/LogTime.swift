import CloudTrail

/// Times in logs, in milliseconds since 1970.
enum LogTime {
    /// `nil` where the text is no time: ISO 8601 and its like, a web server's, or seconds or milliseconds since 1970.
    static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 64 else { return nil }
        if let seconds = WebTime.seconds(bytes[...]) { return seconds * 1000 }
        guard let seconds = EventTime.seconds(text) else { return nil }
        if bytes.count == 13, bytes.allSatisfy(Byte.isDigit) { return Int64(text) }
        // 2026-11-09T10:12:00.123Z
        guard bytes.count > 20, bytes[19] == 0x2E || bytes[19] == 0x2C else { return seconds * 1000 }
        var value: Int64 = 0
        for place in 20..<23 {
            value = value * 10 + (place < bytes.count && Byte.isDigit(bytes[place]) ? Int64(bytes[place] & 0x0F) : 0)
        }
        return seconds * 1000 + value
    }
}
