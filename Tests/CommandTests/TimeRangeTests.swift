import Foundation
import TestSupport
import Testing

/// Times that nobody meant: of the far past and the far future, in options and in records.
@Suite struct TimeRangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        /// What the output must hold.
        var says = ""

        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let cases = [
        Case(arguments: ["report", "--from", "99999d"], status: 0, says: "GetApps"),
        Case(arguments: ["report", "--from", "21000d"], status: 0, says: "GetApps"),
        Case(arguments: ["report", "--from", "999999w"], status: 0, says: "GetApps"),
        Case(arguments: ["report", "--from", "0001-01-01"], status: 0, says: "GetApps"),
        Case(arguments: ["report", "--from", "9999-12-31"], status: 0),
        Case(arguments: ["report", "--to", "2999-12-31", "--fail-on-denials"], status: 3, says: "GetApps"),
        Case(arguments: ["report", "--to", "9999-12-31", "--fail-on-denials"], status: 3, says: "GetApps"),
        Case(arguments: ["report", "--from", "0001-01-01", "--to", "1969-12-31", "--fail-on-denials"], status: 0),
        Case(arguments: ["report", "--from", "2200-01-01", "--to", "2300-12-31", "--fail-on-denials"], status: 0),
        Case(arguments: ["report", "--from", "0000-01-01"], status: 64),
        Case(arguments: ["report", "--from", "10000-01-01"], status: 64),
        Case(arguments: ["prune", "--before", "30000d", "-q"], status: 0),
        Case(arguments: ["prune", "--before", "999999w", "-q"], status: 0),
        Case(arguments: ["prune", "--before", "0001-01-01", "-q"], status: 0),
        Case(arguments: ["sql", "--timeout", "nan", "SELECT 1"], status: 64),
        Case(arguments: ["sql", "--timeout", "inf", "SELECT 1"], status: 64),
        Case(arguments: ["sql", "--timeout", "1e300", "SELECT 1"], status: 64),
        Case(arguments: ["sql", "--timeout", "-1", "SELECT 1"], status: 64),
        Case(arguments: ["sql", "--timeout", "1e8", "SELECT 1"], status: 0),
        Case(arguments: ["sql", "--timeout", "1e-300", "SELECT 1"], status: 0),
        Case(arguments: ["sql", "--limit", "99999999999999999999", "SELECT 1"], status: 64),
        Case(arguments: ["report", "--groups", "9223372036854775807"], status: 0, says: "GetApps"),
        Case(arguments: ["report", "--format", "html", "--groups", "9223372036854775807"], status: 0),
        Case(arguments: ["report", "--format", "markdown", "--groups", "9223372036854775807"], status: 0),
        Case(arguments: ["report", "--notify-timeout", "9223372036854775807"], status: 64),
    ]

    @Test func `No option's number traps, and a filter beyond all times is one of all times`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1), TestRecord(id: 2)])
        #expect(try Program.run(["ingest", "logs"], in: folder.path).status == 0)
        for row in Self.cases {
            let run = try Program.run(row.arguments, in: folder.path)
            #expect(run.status == row.status, "\(row.testDescription): \(run.errors)")
            #expect(row.says.isEmpty || run.output.contains(row.says), "\(row.testDescription): \(run.output)")
        }
        for columns in ["9223372036854775807", "-1", "0", "99999999999999999999"] {
            #expect(try Program.run(["report"], in: folder.path, environment: ["COLUMNS": columns]).status == 0)
        }
    }

    @Test func `A record of a time that has no key is skipped and told, and every report stays whole`() throws {
        let folder = try ScratchFolder()
        let times = [
            "2200-01-01T00:00:00Z", "2107-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
        ]
        let kept = ["2105-12-31T23:59:59Z", "1970-01-01T00:00:01Z", "2026-11-09T10:12:00Z"]
        try folder.write("logs/a.json", (times + kept).enumerated().map { TestRecord(id: $0.offset, time: $0.element) })
        let ingest = try Program.run(["ingest", "logs"], in: folder.path)
        #expect(ingest.status == 2, "\(ingest.errors)")
        #expect(ingest.errors.contains("8 records, 3 new, 0 duplicates, 5 skipped"), "\(ingest.errors)")
        let issues = try folder.rows("SELECT code, record FROM ingestIssue ORDER BY record")
        #expect(issues == (1...5).map { ["time-out-of-range", String($0)] })
        for arguments in [
            ["report", "--fail-on-denials"], ["report", "--format", "json", "--fail-on-denials"],
            ["report", "--format", "html", "--fail-on-denials"],
        ] {
            #expect(try Program.run(arguments, in: folder.path).status == 3)
        }
        let id = try folder.rows("SELECT id FROM denialGroup")[0][0]
        #expect(try Program.run(["explain", id], in: folder.path).status == 0)
        #expect(try Program.run(["status", "--check"], in: folder.path).status == 0)
        let seen = try folder.rows("SELECT firstSeen, lastSeen, denials FROM denialGroup")
        #expect(seen == [["1970-01-01T00:00:01Z", "2105-12-31T23:59:59Z", "3"]])
        #expect(try Program.run(["prune", "--before", "2026-01-01"], in: folder.path).status == 0)
        let check = try Program.run(["status", "--check"], in: folder.path)
        #expect(check.status == 0 && check.output.contains("nothing is wrong"), "\(check.errors)")
    }
}
