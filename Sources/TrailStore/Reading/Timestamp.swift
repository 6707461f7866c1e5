import CloudTrail
/// CloudTrail's times as seconds since 1970 and back, without a calendar library: the ingest does this for every record.
public enum Timestamp {
    /// Seconds since 1970 of `YYYY-MM-DDThh:mm:ss`, with a blank for the `T`, fractions of a second and a final `Z` allowed;
    /// `nil` for anything else and for dates that do not exist. Negative before 1970; the years are 1 to 9999.
    public static func seconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { unsafe seconds(UnsafeRawBufferPointer($0)) }
    }

    /// The same over bytes.
    package static func seconds(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard bytes.count >= 19 else { return nil }
        func number(_ start: Int, _ count: Int) -> Int64? {
            var value: Int64 = 0
            for index in start..<(start + count) {
                // SAFETY: every index stays below 19, which the guard above made sure of.
                let digit = unsafe bytes[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int64(digit)
            }
            return value
        }
        func isByte(_ index: Int, _ wanted: Unicode.Scalar) -> Bool { unsafe bytes[index] == UInt8(ascii: wanted) }
        guard isByte(4, "-"), isByte(7, "-"), isByte(10, "T") || isByte(10, " "), isByte(13, ":"), isByte(16, ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), day >= 1, day <= EventTime.daysInMonth(month, year), hour < 24, minute < 60,
            second < 61,
            year >= 1
        else { return nil }
        var index = 19
        if index < bytes.count, isByte(index, ".") {
            index += 1
            while index < bytes.count, unsafe bytes[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
        }
        if index < bytes.count, isByte(index, "Z") { index += 1 }
        guard index == bytes.count else { return nil }
        return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// The seconds since 1970 that have a text: of the years 1 to 9999.
    public static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// `YYYY-MM-DDThh:mm:ssZ`; of a moment outside of ``range`` the text of the nearest within.
    public static func text(_ seconds: Int64) -> String {
        let seconds = min(max(seconds, range.lowerBound), range.upperBound)
        // Rounded down, also before 1970.
        let dayNumber = (seconds - (seconds < 0 ? 86_399 : 0)) / 86_400
        let (year, month, dayOfMonth) = civil(dayNumber)
        let rest = seconds - dayNumber * 86_400
        return unsafe String(unsafeUninitializedCapacity: 20) { text in
            var index = 0
            func put(_ value: Int64, digits: Int, _ mark: Unicode.Scalar) {
                var divisor: Int64 = digits == 4 ? 1000 : 10
                while divisor > 0 {
                    unsafe text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10)
                    index += 1
                    divisor /= 10
                }
                unsafe text[index] = UInt8(ascii: mark)
                index += 1
            }
            // SAFETY: the digits and marks are twenty bytes, which is what was asked for.
            put(year, digits: 4, "-")
            put(month, digits: 2, "-")
            put(dayOfMonth, digits: 2, "T")
            put(rest / 3600, digits: 2, ":")
            put(rest / 60 % 60, digits: 2, ":")
            put(rest % 60, digits: 2, "Z")
            return index
        }
    }

    /// Days since 1970-01-01 of a Gregorian date, counted in years that begin in March.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years from 1 on give a year of at least 0 here.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let z = days + 719_468
        let era = z / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
