/// The time of an event in seconds since 1970, in whatever form an export writes it.
///
/// CloudTrail itself writes `2026-11-02T10:15:00Z`. Athena, Spark, jq, pandas, Splunk and the console write offsets, fractions, a blank
/// for the `T`, `UTC` for the `Z`, seconds or milliseconds since 1970, or `2020-05-13, 04:52:01 PM`. A time without a zone is UTC,
/// which is what all of them mean.
package enum EventTime {
    /// Times that an event can have: from 1970 on, as far as the database can count.
    package static let range: Range<Int64> = 1..<(1 << 32 - 1)

    /// The time that a record's field tells; `nil` where it tells none.
    package static func seconds(_ field: FieldReference, in record: UnsafeRawBufferPointer) -> Int64? {
        switch field.kind {
        case .plainString, .number: return unsafe seconds(field.content(in: record))
        case .escapedString:
            guard let text = unsafe field.string(in: record) else { return nil }
            return seconds(text)
        case .absent, .null, .trueLiteral, .falseLiteral, .object, .array: return nil
        }
    }

    /// The time that a text tells; `nil` where it tells none, or one outside ``range``.
    package static func seconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { unsafe seconds(UnsafeRawBufferPointer($0)) }
    }

    /// The same over bytes.
    package static func seconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count <= 64 else { return nil }
        // SAFETY: the bytes are copied, at most 64 of them.
        var reader = unsafe Reader(bytes: Array(bytes))
        guard let seconds = reader.date() ?? reader.epoch(), range.contains(seconds) else { return nil }
        return seconds
    }

    /// `YYYY-MM-DDThh:mm:ssZ` of a time within ``range``.
    package static func text(_ seconds: Int64) -> String {
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let (year, month, day) = civil(seconds / 86_400)
        let rest = seconds % 86_400
        return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        var year = 1970 + days / 366
        while days >= EventTime.days(year + 1, 1, 1) { year += 1 }
        var month: Int64 = 12
        while days < EventTime.days(year, month, 1) { month -= 1 }
        return (year, month, days - EventTime.days(year, month, 1) + 1)
    }

    /// How many days a month of the Gregorian calendar has.
    package static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970-01-01 of a Gregorian date of the years 0 to 9999, counted in years that begin in March.
    fileprivate static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year + 399 : year + 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return (shifted / 400 - 1) * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

/// Reads one short text from its start.
private struct Reader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    private var isAtEnd: Bool { position == bytes.count }

    private func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- UInt8(ascii: "0") <= 9 } ?? false }

    /// A number of exactly so many digits.
    private mutating func number(_ digits: Int) -> Int64? {
        guard position + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for index in position..<position + digits {
            guard isDigit(bytes[index]) else { return nil }
            value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }

    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() { while next == UInt8(ascii: " ") { position += 1 } }

    /// Passes a word, in whichever case.
    private mutating func skip(word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        // SAFETY: the word has `count` bytes.
        let isSame = unsafe zip(
            bytes[position..<position + count], UnsafeBufferPointer(start: word.utf8Start, count: count)
        )
        .allSatisfy { $0 | 0x20 == $1 | 0x20 }
        if isSame { position += count }
        return isSame
    }

    /// ISO 8601, extended or basic, and what is written like it.
    mutating func date() -> Int64? {
        position = 0
        guard let year = number(4) else { return nil }
        let isExtended = skip("-")
        guard let month = number(2), !isExtended || skip("-"), let day = number(2), (1...12).contains(month),
            day >= 1, day <= EventTime.daysInMonth(month, year)
        else { return nil }
        if next == UInt8(ascii: "T") || next == UInt8(ascii: "t") {
            position += 1
        } else {
            _ = skip(",")
            guard skip(" ") else { return nil }
            skipBlanks()
        }
        guard var hour = number(2) else { return nil }
        let hasColons = skip(":")
        guard let minute = number(2) else { return nil }
        var second: Int64 = 0
        if hasColons ? skip(":") : isDigit(next) {
            guard let told = number(2) else { return nil }
            second = told
        }
        guard minute < 60, second < 61 else { return nil }
        if next == UInt8(ascii: ".") || next == UInt8(ascii: ",") {
            position += 1
            guard isDigit(next) else { return nil }
            while isDigit(next) { position += 1 }
        }
        skipBlanks()
        if skip(word: "am") {
            guard (1...12).contains(hour) else { return nil }
            hour %= 12
        } else if skip(word: "pm") {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + 12
        }
        skipBlanks()
        guard hour < 24, let offset = zone() else { return nil }
        return EventTime.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    }

    /// Seconds that the rest, a zone, is ahead of UTC; 0 for no zone.
    private mutating func zone() -> Int64? {
        var offset: Int64 = 0
        if skip("Z") || skip("z") || skip(word: "utc") || skip(word: "gmt") {
            // UTC.
        } else if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") {
            let sign: Int64 = next == UInt8(ascii: "-") ? -1 : 1
            position += 1
            guard let hours = number(2), hours < 24 else { return nil }
            var minutes: Int64 = 0
            if skip(":") || isDigit(next) {
                guard let told = number(2), told < 60 else { return nil }
                minutes = told
            }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        return isAtEnd ? offset : nil
    }

    /// Seconds, milliseconds or microseconds since 1970, told apart by their size; fractions and exponents are allowed.
    func epoch() -> Int64? {
        guard (9...32).contains(bytes.count),
            bytes.allSatisfy({ isDigit($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }), isDigit(bytes.first),
            let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite
        else { return nil }
        // Below are numbers that are no time; 10¹¹ seconds is the year 5138, 10¹¹ milliseconds 1973.
        switch value {
        case 1e8..<1e11: return Int64(value)
        case 1e11..<1e14: return Int64(value / 1e3)
        case 1e14..<1e17: return Int64(value / 1e6)
        default: return nil
        }
    }
}
