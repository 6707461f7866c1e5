import CloudTrail

/// Times of web servers' logs: `09/Nov/2026:10:12:00 +0000`.
enum WebTime {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map
    { Array($0.utf8) }

    /// Seconds since 1970 of the time that the bytes begin with; `nil` where they begin with none.
    static func seconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let start = bytes.startIndex
        guard bytes.count >= 20, bytes[start + 2] == 0x2F, bytes[start + 6] == 0x2F, bytes[start + 11] == 0x3A,
            let month = months.firstIndex(where: { bytes[(start + 3)..<(start + 6)].elementsEqual($0) })
        else { return nil }
        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[(start + range.lowerBound)..<(start + range.upperBound)], as: UTF8.self)
        }
        var zone = "Z"
        if bytes.count >= 26, bytes[start + 20] == 0x20, bytes[start + 21] == 0x2B || bytes[start + 21] == 0x2D {
            zone = text(21..<26)
        }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return EventTime.seconds("\(text(7..<11))-\(number)-\(text(0..<2))T\(text(12..<20))\(zone)")
    }
}
