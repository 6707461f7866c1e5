import Foundation
import TestSupport
import Testing

/// A report reads those groups alone that it tells in full: it says what a report says that reads them all.
@Suite struct OutlineReportTests {
    /// Of many roles one group each, refused once to five times: some on other actions, some working before or again, some by one
    /// detached policy, some services.
    private static func records() -> [TestRecord] {
        var records: [TestRecord] = []
        for role in 0..<40 {
            func record(_ call: Int, at time: String, isRefused: Bool = true) -> TestRecord {
                var record = TestRecord(id: role * 10 + call, time: time, role: "role-\(role)", isRefused: isRefused)
                if role % 3 == 0 { record.eventName = "GetSegments" }
                if role % 7 == 0 { record.eventSource = "s3.amazonaws.com" }
                return record
            }
            for call in 0...(role * 7 % 5) {
                records.append(record(call, at: "2026-11-\(10 + role % 9)T1\(call):12:\(10 + role % 50)Z"))
            }
            if role % 11 == 0 { records.append(record(8, at: "2026-11-19T10:00:00Z", isRefused: false)) }
            if role % 5 == 0 { records.append(record(9, at: "2026-11-09T10:00:00Z", isRefused: false)) }
        }
        return records
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var options: [String]
        var testDescription: String { options.joined(separator: " ") }
    }

    private static let cases = [
        [], ["--groups", "0"], ["--groups", "2"], ["--groups", "all"],
        ["--timezone", "Europe/Berlin", "--color", "always"],
        ["--markdown"],
        ["--principal", "*-2*"], ["--service", "pinpoint"],
        ["--include-aws-services"], ["--redact"], ["--from", "2026-11-12"],
        ["--json"], ["--json", "--service", "pinpoint"], ["--json", "--principal", "*-2*"],
        ["--json", "--include-aws-services"], ["--csv"], ["--csv", "--service", "pinpoint"],
        ["--json", "--from", "2026-11-12"], ["--json", "--redact"],
        ["--format", "slack"], ["--format", "openmetrics"], ["--format", "slack", "--service", "pinpoint"],
    ].map { Case(options: $0) }

    /// A folder of two databases: one with the views that outlines come from, one without.
    private static let folder = Result {
        let folder = try ScratchFolder()
        try folder.write("log.json", records())
        let sample = Program.projectFolder.appendingPathComponent("SampleTrails/AWSLogs").path
        for (database, options) in [("a.sqlite", ["--no-diagnosis"]), ("b.sqlite", [])] {
            let run = try Program.run(
                ["ingest", "log.json", sample, "--database", database] + options, in: folder.path)
            #expect(run.status == 2, "\(run.errors)")
        }
        return folder
    }

    /// What `analyze` reports at once is what a report says afterwards.
    @Test(arguments: ["text", "html", "json", "csv"]) func analysisIsAReport(format: String) throws {
        let folder = try ScratchFolder()
        try folder.write("log.json", Array(Self.records().prefix(30)))
        let options = ["--service", "pinpoint", "--format", format]
        let analysis = try Program.run(["analyze", "log.json"] + options, in: folder.path)
        #expect(analysis.status == 0, "\(analysis.errors)")
        #expect(try Program.run(["report"] + options, in: folder.path).output == analysis.output)
    }

    /// News say what they say where every group is read: on first reports, of what is new since, where nothing is, and of a baseline.
    @Test(arguments: ["text", "json"]) func newsAreTheSame(format: String) throws {
        let folder = try ScratchFolder()
        let records = Self.records()
        try folder.write("1.json", Array(records.prefix(100)))
        try folder.write("2.json", Array(records.dropFirst(100)))
        func report(_ database: String, _ name: String, _ options: [String] = []) throws -> String {
            let options = ["--service", "all", "--format", format, "--new-since-last", name] + options
            let run = try Program.run(["report", "--database", database] + options, in: folder.path)
            return "\(run.status)\n\(run.errors)\n\(run.output)".replacing(database, with: "")
                // The runs are not of one second.
                .replacing(#/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}/#, with: "")
        }
        var told: [[String]] = []
        for (database, options) in [("a.sqlite", ["--no-diagnosis"]), ("b.sqlite", [])] {
            var reports: [String] = []
            for file in ["1.json", "2.json"] {
                let run = try Program.run(["ingest", file, "--database", database] + options, in: folder.path)
                #expect(run.status == 0, "\(run.errors)")
                reports.append(try report(database, "news"))
                reports.append(try report(database, "all", ["--tell", "all"]))
            }
            reports.append(try report(database, "news"))
            reports.append(try report(database, "known", ["--baseline"]))
            told.append(reports)
        }
        #expect(told[0] == told[1])
        #expect(told[0][2].count > 500)
    }

    /// A report in JSON takes what is stored of each group, and trusts none of it.
    @Test(arguments: ["bytes = x'00'", "size = size + 1", "size = 1 << 40"]) func whatIsDamagedIsNotTold(
        _ change: String
    ) throws {
        let folder = try ScratchFolder()
        try folder.write("log.json", Array(Self.records().prefix(9)))
        #expect(try Program.run(["ingest", "log.json"], in: folder.path).status == 0)
        guard try ScheduledReportTests.alter(folder, "UPDATE diagnosisJSON SET \(change)") else { return }
        let run = try Program.run(["report", "--service", "all", "-o", "r.json"], in: folder.path)
        #expect(run.status != 0)
        #expect(run.errors.contains("is damaged"), "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("r.json")))
        // Without it everything is read.
        guard try ScheduledReportTests.alter(folder, "DELETE FROM diagnosisJSON") else { return }
        #expect(try Program.run(["report", "--service", "all", "--json"], in: folder.path).status == 0)
    }

    @Test(arguments: cases) func theSameIsSaid(_ row: Case) throws {
        let folder = try Self.folder.get()
        func report(_ database: String) throws -> String {
            try Program.run(["report", "--service", "all", "--database", database] + row.options, in: folder.path)
                .output
                .replacing(database, with: "")
                .replacing(#/trail403_last_ingest_timestamp_seconds .*/#, with: "")
        }
        let whole = try report("a.sqlite")
        #expect(try report("b.sqlite") == whole)
        #expect(whole.count > 1_000)
    }
}
