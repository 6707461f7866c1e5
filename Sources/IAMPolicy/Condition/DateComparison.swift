/// `DateEquals` and its kin: moments, given as ISO 8601 or as seconds since 1970.
struct DateComparison: ConditionComparison {
    private let wanted: [Instant?]
    private let relation: ConditionOperator.Relation
    let unreadable: [String]

    init(_ values: [String], _ relation: ConditionOperator.Relation) {
        wanted = values.map(Instant.init)
        self.relation = relation
        unreadable = values.filter { Instant($0) == nil }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        guard let given = Instant(value.text) else { return .no }
        return Truth(wanted.contains { $0.map { relation.holds(given, $0) } ?? false })
    }
}

/// A moment: whole seconds since 1970 and nanoseconds.
struct Instant: Sendable, Hashable, Comparable {
    private var seconds: Int
    private var nanoseconds: Int

    /// Reads `2026-01-02`, `2026-01-02T03:04Z`, `2026-01-02T03:04:05.678+02:00`, `1767323045`, `1767323045.5`; `nil` for everything else.
    ///
    /// A time without an offset is UTC. What is finer than a nanosecond is left out.
    init?(_ text: String) {
        var reader = DigitReader(text)
        let isNegative = reader.take("-")
        guard let first = reader.number() else { return nil }
        if isNegative || first.count != 4 || reader.next != UInt8(ascii: "-") {
            guard first.count <= 15 else { return nil }
            let fraction = reader.fraction()
            guard reader.isAtEnd else { return nil }
            seconds = isNegative ? -first.value : first.value
            nanoseconds = fraction
            if isNegative, fraction > 0 {
                seconds -= 1
                nanoseconds = 1_000_000_000 - fraction
            }
            return
        }
        guard reader.take("-"), let month = reader.number(digits: 2, in: 1...12) else { return nil }
        var day = 1
        if reader.take("-") {
            guard let number = reader.number(digits: 2, in: 1...Self.days(in: month, of: first.value)) else {
                return nil
            }
            day = number
        }
        seconds = Self.days(year: first.value, month: month, day: day) * 86_400
        nanoseconds = 0
        guard !reader.isAtEnd else { return }
        guard reader.take("T") || reader.take("t") || reader.take(" ") else { return nil }
        guard let hour = reader.number(digits: 2, in: 0...24), reader.take(":"),
            let minute = reader.number(digits: 2, in: 0...59)
        else { return nil }
        var second = 0
        if reader.take(":") {
            guard let number = reader.number(digits: 2, in: 0...60) else { return nil }
            second = number
            nanoseconds = reader.fraction()
        }
        seconds += hour * 3600 + minute * 60 + second
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        seconds -= offset
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Days since 1970 in the Gregorian calendar.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func < (left: Instant, right: Instant) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }
}

private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// All digits that follow, at most eighteen.
    mutating func number() -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while let byte = next, byte.isDigit {
            guard count < 18 else { return nil }
            value = value * 10 + Int(byte - 0x30)
            count += 1
            position += 1
        }
        return count > 0 ? (value, count) : nil
    }

    mutating func number(digits: Int, in range: ClosedRange<Int>) -> Int? {
        guard let number = number(), number.count == digits, range.contains(number.value) else { return nil }
        return number.value
    }

    /// `.` and digits as nanoseconds; 0 where there are none.
    mutating func fraction() -> Int {
        guard next == UInt8(ascii: "."), position + 1 < bytes.count, bytes[position + 1].isDigit else { return 0 }
        position += 1
        var value = 0
        var unit = 100_000_000
        while let byte = next, byte.isDigit {
            value += Int(byte - 0x30) * unit
            unit /= 10
            position += 1
        }
        return value
    }

    /// `Z`, `+02:00`, `-0530`, or nothing, in seconds.
    mutating func offset() -> Int? {
        if isAtEnd || take("Z") || take("z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let first = number() else { return nil }
        var hours = first.value
        var minutes = 0
        if first.count == 4 {
            minutes = hours % 100
            hours /= 100
        } else {
            guard first.count == 2 else { return nil }
            if take(":") {
                guard let number = number(digits: 2, in: 0...59) else { return nil }
                minutes = number
            }
        }
        guard hours <= 18, minutes < 60 else { return nil }
        return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
    }
}
