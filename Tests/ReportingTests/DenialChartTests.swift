import AccessDenial
import Reporting
import Testing
import TrailStore

/// The bars of the HTML report: days, or less where all denials lie within three of them.
@Suite struct DenialChartTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Minutes since the first denial, one list a group.
        var minutes: [[Int64]]
        var label: String
        var first: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "one denial", minutes: [[0]], label: "one for a minute, ", first: "2026-11-09 10:12 UTC"),
        Case(name: "an hour", minutes: [[0, 59]], label: "one for a minute, ", first: "2026-11-09 10:12 UTC"),
        Case(name: "an afternoon", minutes: [[0, 240]], label: "one for 5 minutes, ", first: "2026-11-09 10:10 UTC"),
        Case(name: "a day", minutes: [[0], [1_200]], label: "one for 15 minutes, ", first: "2026-11-09 10:00 UTC"),
        Case(name: "three days", minutes: [[0, 4_320]], label: "one for an hour, ", first: "2026-11-09 10:00 UTC"),
        Case(name: "more than three days", minutes: [[0], [4_321]], label: "one for a day, ", first: "2026-11-09<"),
        Case(name: "a year", minutes: [[0], [525_600]], label: "one for 4 days, ", first: "2026-11-09 to 2026-11-12<"),
    ]

    @Test(arguments: cases) func aBarStandsForATimeThatTellsSomething(_ row: Case) throws {
        let start = try #require(Timestamp.seconds("2026-11-09T10:12:00Z"))
        let groups = row.minutes.enumerated().map { number, minutes in
            let times = minutes.map { start + $0 * 60 }
            var group = SampleReport.group(
                id: "7c1f09ab000\(number)", reason: .unstated, denials: times.count, first: Timestamp.text(times[0]),
                last: Timestamp.text(times[times.count - 1]))
            group.minutes = times.map { MinuteCount(minute: $0, count: 1) }
            group.days = times.map { DayCount(date: String(Timestamp.text($0).prefix(10)), denials: 1) }
            return group
        }
        let page = try SampleReport.report(groups: groups).html()
        #expect(page.contains("aria-label=\"Stacked bars, \(row.label)"))
        #expect(page.contains("<time>\(row.first)"))
        #expect(page.matches(of: #/<rect class="bar/#).count == row.minutes.joined().count)
    }
}
