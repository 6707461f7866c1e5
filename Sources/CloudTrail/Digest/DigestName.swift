/// What the name of a digest file says.
///
/// `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOMEREGION_YYYYMMDDTHHmmssZ[_backfill].json.gz`. A trail's name may hold `_`, `.` and `-`, so
/// the name is split from both ends. Source: "CloudTrail digest file structure" in the AWS CloudTrail user guide.
package struct DigestName: Sendable, Hashable {
    package var account: String
    /// The Region whose log files the digest names.
    package var region: String
    package var trail: String
    /// The Region where the trail was made.
    package var homeRegion: String
    /// The end of the digest's hour, in seconds since 1970.
    package var end: Int64
    package var isBackfill: Bool

    private static let mark = Array("_CloudTrail-Digest_".utf8)

    /// Reads a file's name without its folders, compressed or not; `nil` where it is no digest's.
    package init?(_ name: some StringProtocol) {
        // Most names are log files', and are none at their thirteenth letter.
        let bytes = name.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: 12 + Self.mark.count, limitedBy: bytes.endIndex)
        guard let start, bytes[..<start].dropFirst(12).elementsEqual(Self.mark) else { return nil }
        let rest = String(decoding: bytes[start...], as: UTF8.self)
        guard let json = rest.range(of: ".json") else { return nil }
        account = String(decoding: bytes.prefix(12), as: UTF8.self)
        var parts = rest[..<json.lowerBound].split(separator: "_", omittingEmptySubsequences: false)
        isBackfill = parts.last == "backfill"
        if isBackfill { parts.removeLast() }
        guard parts.count >= 4, LogFileName.isAccountId(account.utf8),
            let time = CompactTime.seconds(parts[parts.count - 1])
        else { return nil }
        end = time
        region = String(parts[0])
        homeRegion = String(parts[parts.count - 2])
        trail = parts[1..<(parts.count - 2)].joined(separator: "_")
        guard LogFileName.isRegion(region.utf8), LogFileName.isRegion(homeRegion.utf8), !trail.isEmpty else {
            return nil
        }
    }
}

extension StringProtocol {
    /// The first place of a text in this one.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

/// Times as names and digests spell them, in UTC.
enum CompactTime {
    /// Seconds since 1970 of `YYYYMMDDTHHmmssZ`; `nil` for anything else.
    static func seconds(_ text: some StringProtocol) -> Int64? {
        let digits = Array(text.utf8)
        guard digits.count == 16, digits[8] == UInt8(ascii: "T"), digits[15] == UInt8(ascii: "Z") else { return nil }
        return seconds(digits[0..<8] + digits[9..<15])
    }

    /// Seconds since 1970 of `YYYY-MM-DDTHH:mm:ssZ`; `nil` for anything else.
    static func isoSeconds(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            bytes[19] == UInt8(ascii: "Z")
        else { return nil }
        let date = bytes[0..<4] + bytes[5..<7] + bytes[8..<10]
        return seconds(date + bytes[11..<13] + bytes[14..<16] + bytes[17..<19])
    }

    /// Seconds since 1970 of the digits `YYYYMMDDHHmmss`.
    static func seconds(_ digits: some Collection<UInt8>) -> Int64? {
        var number: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return seconds(number)
    }

    /// Seconds since 1970 of the digits `YYYYMMDDHHmmss` as one number.
    static func seconds(_ digits: Int64) -> Int64? {
        let (second, minute, hour) = (digits % 100, digits / 100 % 100, digits / 10_000 % 100)
        let (day, month, year) = (digits / 1_000_000 % 100, digits / 100_000_000 % 100, digits / 10_000_000_000)
        guard second < 60, minute < 60, hour < 24, (1...31).contains(day), (1...12).contains(month), year < 10_000
        else { return nil }
        // Days since 1970-03-01's era, as in "chrono-Compatible Low-Level Date Algorithms".
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// `YYYY-MM-DDTHH:mm:ssZ` of seconds since 1970.
    static func text(_ seconds: Int64) -> String {
        var days = seconds / 86_400
        var rest = seconds % 86_400
        if rest < 0 { (days, rest) = (days - 1, rest + 86_400) }
        days += 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(String(repeating: "0", count: max(0, 4 - String(year).count)))\(year)-\(two(month))"
        return
            "\(date)-\(two(dayOfYear - (153 * shifted + 2) / 5 + 1))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }
}
