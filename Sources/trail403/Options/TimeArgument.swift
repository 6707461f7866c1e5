import ArgumentParser
import Foundation
import Reporting
import TrailStore

/// A time on the command line: whatever a report prints, an ISO 8601 time, a date, or words such as `yesterday` and `2 hours ago`.
///
/// Without an offset a time is UTC, as in the log files.
struct TimeArgument {
    /// Seconds since 1970.
    var seconds: Int64

    /// The earliest second that the text means.
    static func lower(_ text: String) throws -> TimeArgument { try parse(text, \.lowerBound) }

    /// The latest second that the text means.
    static func upper(_ text: String) throws -> TimeArgument { try parse(text, \.upperBound) }

    private static func parse(_ text: String, _ bound: KeyPath<ClosedRange<Int64>, Int64>) throws -> TimeArgument {
        guard let span = span(text, now: Int64(Date().timeIntervalSince1970)) else {
            throw ValidationError(
                "`\(text)` is not a time: use 2026-11-01, \"2026-11-01 10:00:00 UTC\", 2026-11-01T10:00:00+01:00, yesterday, \"2 hours ago\" or 7d"
            )
        }
        return TimeArgument(seconds: span[keyPath: bound])
    }

    /// The seconds that a text means: one, a minute where the seconds are left out, or a day; `nil` where it is no time.
    static func span(_ text: String, now: Int64) -> ClosedRange<Int64>? {
        let text = text.trimmingCharacters(in: .whitespaces).lowercased()
        if let span = day(text, now: now) ?? ago(text, now: now) { return span }
        return moment(text)
    }

    private static let secondsOfDay: Int64 = 86_400

    private static func day(_ text: String, now: Int64) -> ClosedRange<Int64>? {
        let today = now - now % secondsOfDay
        let start: Int64
        switch text {
        case "now": return now...now
        case "today": start = today
        case "yesterday": start = today - secondsOfDay
        default:
            guard text.utf8.count == 10, let date = Timestamp.seconds(text + "T00:00:00") else { return nil }
            start = date
        }
        return start...(start + secondsOfDay - 1)
    }

    private static let units: [(names: [String], seconds: Int64)] = [
        (["s", "sec", "secs", "second", "seconds"], 1), (["m", "min", "mins", "minute", "minutes"], 60),
        (["h", "hr", "hrs", "hour", "hours"], 3600), (["d", "day", "days"], secondsOfDay),
        (["w", "week", "weeks"], 7 * secondsOfDay),
    ]

    /// `7d`, `2 hours ago`, `an hour ago`.
    private static func ago(_ text: String, now: Int64) -> ClosedRange<Int64>? {
        let words = text.hasSuffix(" ago") ? String(text.dropLast(4)) : text
        let digits = words.prefix { $0.isASCII && $0.isNumber }
        var unit = words.dropFirst(digits.count).drop { $0 == " " }
        var count = Int64(digits)
        if digits.isEmpty, let article = ["a ", "an "].first(where: { words.hasPrefix($0) }) {
            count = 1
            unit = words.dropFirst(article.count)
        }
        guard let count, count < 1_000_000,
            let length = units.first(where: { $0.names.contains(String(unit)) })?.seconds
        else { return nil }
        let moment = max(now - count * length, Timestamp.range.lowerBound)
        return moment...moment
    }

    /// A date with a time of day, `T` or a blank between them, and `Z`, `UTC`, an offset or nothing behind.
    private static func moment(_ text: String) -> ClosedRange<Int64>? {
        var text = text
        var offset: Int64 = 0
        if let suffix = ["utc", "gmt", "z"].first(where: { text.hasSuffix($0) }) {
            text = String(text.dropLast(suffix.count))
        } else if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
            text.distance(from: text.startIndex, to: sign) >= 13, let east = UTCOffset.seconds(String(text[sign...]))
        {
            offset = Int64(east)
            text = String(text[..<sign])
        }
        text = text.trimmingCharacters(in: .whitespaces).replacing("t", with: "T")
        if let seconds = Timestamp.seconds(text) { return seconds - offset...seconds - offset }
        // 2026-11-01T10:00 is its whole minute.
        guard text.utf8.count == 16, let seconds = Timestamp.seconds(text + ":00") else { return nil }
        return seconds - offset...seconds - offset + 59
    }
}
