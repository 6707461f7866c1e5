import Foundation
import Testing
import TrailStore

@testable import Reporting
@testable import trail403

/// Times as people write them, and as reports print them.
@Suite struct TimeArgumentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        /// The first and the last second that it means, ISO 8601; `nil` where it is no time.
        var first: String?
        var last: String?
        var testDescription: String { text }

        init(_ text: String, _ first: String?, _ last: String? = nil) {
            self.text = text
            self.first = first
            self.last = last ?? first
        }
    }

    /// 2026-11-23T10:20:30Z, a Monday.
    static let now: Int64 = 1_795_429_230

    static let cases = [
        Case("2026-11-12 14:02:48 UTC", "2026-11-12T14:02:48Z"), Case("2026-11-12T14:02:48Z", "2026-11-12T14:02:48Z"),
        Case("2026-11-12T14:02:48", "2026-11-12T14:02:48Z"), Case(" 2026-11-12 14:02:48 ", "2026-11-12T14:02:48Z"),
        Case("2026-11-12t14:02:48z", "2026-11-12T14:02:48Z"), Case("2026-11-12T14:02:48.123Z", "2026-11-12T14:02:48Z"),
        Case("2026-11-12 15:02:48 +01:00", "2026-11-12T14:02:48Z"),
        Case("2026-11-12T15:02:48+01:00", "2026-11-12T14:02:48Z"),
        Case("2026-11-12T15:02:48+0100", "2026-11-12T14:02:48Z"),
        Case("2026-11-12T10:32:48-03:30", "2026-11-12T14:02:48Z"),
        Case("2026-11-12T15:02:48+1", "2026-11-12T14:02:48Z"),
        Case("2026-11-12 14:02", "2026-11-12T14:02:00Z", "2026-11-12T14:02:59Z"),
        Case("2026-11-12T15:02+01:00", "2026-11-12T14:02:00Z", "2026-11-12T14:02:59Z"),
        Case("2026-11-12", "2026-11-12T00:00:00Z", "2026-11-12T23:59:59Z"),
        Case("today", "2026-11-23T00:00:00Z", "2026-11-23T23:59:59Z"),
        Case("Yesterday", "2026-11-22T00:00:00Z", "2026-11-22T23:59:59Z"), Case("now", "2026-11-23T10:20:30Z"),
        Case("2 hours ago", "2026-11-23T08:20:30Z"), Case("an hour ago", "2026-11-23T09:20:30Z"),
        Case("a week ago", "2026-11-16T10:20:30Z"), Case("3 days", "2026-11-20T10:20:30Z"),
        Case("90 min ago", "2026-11-23T08:50:30Z"), Case("7d", "2026-11-16T10:20:30Z"),
        Case("12h", "2026-11-22T22:20:30Z"), Case("30m", "2026-11-23T09:50:30Z"),
        Case("45 s ago", "2026-11-23T10:19:45Z"),
        Case("", nil), Case("ago", nil), Case("soon", nil), Case("-2 hours ago", nil), Case("2026-13-01", nil),
        Case("2026-02-30 10:00", nil), Case("2026-11-12T15:02:48+25:00", nil),
        Case("2026-11-12T15:02:48+01:00:00", nil),
        Case("2026-11-12 14:02:48 CET", nil), Case("99999999999999999999 hours ago", nil), Case("٣ days ago", nil),
        Case("2026-11-12T14:02:48+01:00Z", nil), Case("1 fortnight ago", nil),
    ]

    @Test(arguments: cases) func `A text means a span of seconds, or is no time`(_ row: Case) {
        let span = TimeArgument.span(row.text, now: Self.now)
        #expect(span.map { Timestamp.text($0.lowerBound) } == row.first)
        #expect(span.map { Timestamp.text($0.upperBound) } == row.last)
    }

    @Test(arguments: ["UTC", "local", "Europe/Berlin", "America/St_Johns", "+05:45", "-0330", "Asia/Kolkata"])
    func `What a report prints can be given back`(_ zone: String) throws {
        let times = try #require(TimeDisplay(named: zone))
        for time in ["2026-11-12T14:02:48Z", "2026-07-01T00:00:00Z", "1970-01-01T00:00:00Z", "2105-12-31T23:59:59Z"] {
            let seconds = try #require(Timestamp.seconds(time))
            #expect(TimeArgument.span(times.shown(time), now: Self.now) == seconds...seconds, "\(times.shown(time))")
        }
    }

    @Test func `Times are shown in the zone asked for`() throws {
        let berlin = try #require(TimeDisplay(named: "Europe/Berlin"))
        #expect(berlin.shown("2026-11-12T23:02:48Z") == "2026-11-13 00:02:48 +01:00")
        #expect(berlin.shown("2026-07-12T23:02:48Z") == "2026-07-13 01:02:48 +02:00")
        #expect(TimeDisplay.utc.shown("2026-11-12T23:02:48Z") == "2026-11-12 23:02:48 UTC")
        #expect(berlin.shown("tomorrow") == "tomorrow")
        for name in ["", "Mars/Olympus", "../../etc/passwd", "+99:00", "+1:2:3"] {
            #expect(TimeDisplay(named: name) == nil, "\(name)")
        }
    }
}
