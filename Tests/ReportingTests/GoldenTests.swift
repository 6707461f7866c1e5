import Foundation
import Reporting
import Testing

/// Each format once against a file. `UPDATE_GOLDEN=1` rewrites the files and still fails, so that nobody updates by accident.
@Suite struct GoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var render: @Sendable () throws -> String
        var testDescription: String { file }
    }

    static let cases: [Case] = [
        Case(file: "report.txt") { SampleReport.report().text(width: 80) },
        Case(file: "report-40.txt") { SampleReport.report().text(width: 40) },
        Case(file: "report-color.txt") { SampleReport.report().text(width: 100, color: true, detailed: 1) },
        Case(file: "empty.txt") { SampleReport.empty.text(width: 80) },
        Case(file: "report.json") { SampleReport.report().json() },
        Case(file: "empty.json") { SampleReport.empty.json() },
        Case(file: "report.md") { SampleReport.report().markdown() },
        Case(file: "empty.md") { SampleReport.empty.markdown() },
        Case(file: "report.csv") { SampleReport.report().csv() },
        Case(file: "empty.csv") { SampleReport.empty.csv() },
        Case(file: "report.html") { try SampleReport.report().html() },
        Case(file: "empty.html") { try SampleReport.empty.html() },
        Case(file: "case.txt") { SampleCase.page().text(width: 80) },
        Case(file: "case-ascii-40.txt") { SampleCase.page(record: false).text(width: 40, ascii: true) },
        Case(file: "case.json") { SampleCase.page().json() },
        Case(file: "change.txt") { SampleCase.change.text(width: 80) },
        Case(file: "change.json") { SampleCase.change.json() },
    ]

    @Test(arguments: cases) func aFormatIsWhatItsGoldenFileHolds(_ row: Case) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(row.file)")
        let actual = try row.render()
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("rewrote \(row.file); run again without UPDATE_GOLDEN")
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(actual == expected, "\(row.file) differs; UPDATE_GOLDEN=1 rewrites it")
    }

    @Test func theSameFactsInAnotherOrderGiveTheSameBytes() throws {
        let shuffled = SampleReport.report(
            groups: SampleReport.groups.reversed(), changes: SampleReport.changes.reversed())
        #expect(shuffled.json() == SampleReport.report().json())
        #expect(try shuffled.html() == SampleReport.report().html())
    }
}
