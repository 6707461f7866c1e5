import Foundation
import TestSupport
import Testing

/// `--groups`: how many groups are told in full, in the formats that people read; the others refuse it.
@Suite struct GroupsOptionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var format: String
        var groups: String
        /// What a group in full holds.
        var mark: String
        var count: Int
        var testDescription: String { "\(format) --groups \(groups)" }
    }

    static let cases = [
        Case(format: "text", groups: "2", mark: "\nEvidence", count: 2),
        Case(format: "markdown", groups: "2", mark: "\n**Fix.**", count: 2),
        Case(format: "markdown", groups: "0", mark: "\n**Fix.**", count: 0),
        Case(format: "html", groups: "2", mark: "<details class=\"body\" open>", count: 2),
        Case(format: "html", groups: "all", mark: "<details class=\"body\" open>", count: .max),
    ]

    @Test(arguments: cases) func `So many groups are told in full`(_ row: Case) throws {
        let run = try Program.run(
            ["report", "--format", row.format, "--groups", row.groups, "--action", "*"], in: SQLTests.sample.get())
        #expect(run.status == 0, "\(run.errors)")
        let all = try Program.run(["report", "--format", "csv", "--action", "*"], in: SQLTests.sample.get()).output
        let expected = min(row.count, all.components(separatedBy: "\r\n").count - 2)
        let count = run.output.components(separatedBy: row.mark).count - 1
        // A group's proof may be of several events.
        #expect(row.format == "text" ? count >= expected && count <= 3 * expected : count == expected, "\(count)")
    }

    @Test(arguments: ["json", "csv", "openmetrics"]) func `Formats that hold every group refuse it`(_ format: String)
        throws
    {
        let run = try Program.run(["report", "--format", format, "--groups", "2"], in: SQLTests.sample.get())
        #expect(run.status == 64 && run.errors.contains("\(format) always has every group"), "\(run.errors)")
    }
}
