import Foundation
import TestSupport
import Testing

@Suite struct VerifyCommandTests {
    private struct Answer: Decodable {
        struct Chain: Decodable {
            struct Hole: Decodable {
                struct Change: Decodable { var eventName: String }
                var from: String
                var to: String
                var explainedBy: Change?
            }
            var region: String
            var trail: String
            var backfill: Bool
            var holes: [Hole]
            var endsEarly: Bool
        }
        struct File: Decodable {
            var path: String
            var state: String
            var reason: String?
        }
        struct Key: Decodable {
            var used: Bool
            var besideArchive: Bool
        }
        var schemaVersion: Int
        var verdict: String
        var logFiles: [String: Int]
        var digests: [String: Int]
        var chains: [Chain]
        var files: [File]
        var keys: [Key]
    }

    private func verify(_ arguments: String...) throws -> (Program.Result, Answer) {
        let run = try Program.run(["verify"] + arguments + ["--format", "json"], in: Program.projectFolder.path)
        return (run, try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8)))
    }

    @Test func `SampleTrails tells of what was planted in its digests`() throws {
        let (run, answer) = try verify("SampleTrails", "--signatures", "SampleTrails/signatures.json", "--list")
        #expect(run.status == 3 && answer.schemaVersion == 1 && answer.verdict == "invalid")
        #expect(
            answer.digests == ["proven": 51, "pinned": 0, "consistent": 0, "unproven": 0, "invalid": 0, "missing": 0])
        #expect(
            answer.logFiles["invalid"] == 1 && answer.logFiles["missing"] == 1 && answer.logFiles["consistent"] == 0)
        #expect(answer.files.contains { $0.path.hasSuffix("trail-started-again.json.gz") && $0.state == "valid" })
        #expect(answer.chains.filter(\.endsEarly).map(\.region) == ["us-west-2"])
        let stopped = answer.chains.flatMap(\.holes)
        #expect(stopped.map { $0.explainedBy?.eventName } == ["StopLogging"])
        #expect(stopped.map(\.from) == ["2026-11-19T11:00:00Z"] && stopped.map(\.to) == ["2026-11-19T14:00:00Z"])
        #expect(answer.keys.count == 2 && answer.keys.allSatisfy { $0.used && $0.besideArchive })
    }

    @Test func `without signatures the newest digest of each chain is not proven, and the text says so`() throws {
        let run = try Program.run(["verify", "SampleTrails"], in: Program.projectFolder.path)
        #expect(run.status == 3)
        #expect(run.output.hasPrefix("Invalid: "))
        #expect(run.output.contains("The keys lie beside the archive"))
        #expect(run.output.contains("its newest digest is not proven"))
        #expect(run.output.contains("StopLogging by "))
        #expect(!run.output.contains("\u{1b}"))
    }

    @Test func `what cannot be is status 1`() throws {
        let scratch = try ScratchFolder()
        try scratch.write("a.txt", "nothing")
        try scratch.write("keys.json", "{}")
        for arguments in [
            ["verify", scratch.path("missing")], ["verify", scratch.path("a.txt")], ["verify", "-"],
            ["verify", "SampleTrails", "--keys", scratch.path("keys.json")],
            ["verify", "SampleTrails", "--signatures", scratch.path("a.txt")],
        ] {
            let run = try Program.run(arguments, in: Program.projectFolder.path)
            #expect(run.status == 1 && run.output.isEmpty && run.errors.hasPrefix("trail403: "), "\(arguments)")
        }
        #expect(try Program.run(["verify"], in: scratch.path).status == 64)
    }

    @Test func `a day as the end of a window is that day to its last second`() throws {
        let (day, byDay) = try verify("SampleTrails", "--from", "2026-11-19", "--to", "2026-11-19", "--list")
        let (_, bySecond) = try verify("SampleTrails", "--from", "2026-11-19", "--to", "2026-11-19T23:59:59Z", "--list")
        let (_, byMidnight) = try verify(
            "SampleTrails", "--from", "2026-11-19", "--to", "2026-11-19T00:00:00Z", "--list")
        #expect(day.status == 3 && byDay.files.map(\.path) == bySecond.files.map(\.path))
        #expect(!byDay.files.isEmpty && byMidnight.files.count < byDay.files.count)
        let (west, byRegion) = try verify("SampleTrails", "--region", "us-west-2", "--to", "2026-11-19")
        #expect(byRegion.chains.map(\.region) == ["us-west-2"] && west.status != 0)
    }

    @Test func `a pause that a changed log file tells of is not explained, and its witness is named`() throws {
        let folder = try ScratchFolder()
        let archive = URL(filePath: folder.path("archive"))
        try FileManager.default.copyItem(at: Program.projectFolder.appending(path: "SampleTrails"), to: archive)
        let verify = ["verify", "archive", "--signatures", "archive/signatures.json"]
        let before = try Program.run(verify, in: folder.path).output
        let line = try #require(before.split(separator: "\n").first { $0.contains("StopLogging by ") })
        #expect(!line.contains("says a log file"))
        let files = FileManager.default.enumerator(at: archive, includingPropertiesForKeys: nil)?.allObjects ?? []
        for case let file as URL in files where file.lastPathComponent.hasSuffix(".json.gz") {
            let shell = Process()
            shell.executableURL = URL(filePath: "/bin/sh")
            shell.arguments = [
                "-c",
                #"gzip -dc "$1" 2>/dev/null | grep -q StopLogging && gzip -dc "$1" | sed 's/"Records"/ "Records"/' | gzip -n >"$1.new" && mv "$1.new" "$1"; true"#,
                "sh", file.path,
            ]
            try shell.run()
            shell.waitUntilExit()
        }
        let run = try Program.run(verify, in: folder.path)
        #expect(run.status == 3)
        #expect(run.output.contains(", says a log file whose content was changed"))
        #expect(run.output.contains("stretch of time has no digests"))
    }

    @Test func `a database learns what was proven, and its reports say so in every format`() throws {
        let folder = try ScratchFolder()
        let database = folder.path("t.sqlite")
        let project = Program.projectFolder.path
        #expect(try Program.run(["ingest", "SampleTrails", "--database", database, "-q"], in: project).status == 2)
        let before = try Program.run(["report", "--database", database], in: project).output
        #expect(!before.contains("verified as unchanged since delivery"))
        let run = try Program.run(["verify", "SampleTrails", "--database", database], in: project)
        #expect(run.status == 3 && run.errors.contains("its reports tell of it"))
        let rows = try Program.run(
            [
                "sql", "SELECT state, count(*) FROM verification GROUP BY state", "--format", "csv", "--database",
                database,
            ],
            in: project)
        #expect(rows.output.contains("invalid,1") && rows.output.contains("unlisted,"))
        for format in ["text", "markdown", "html", "json"] {
            let report = try Program.run(["report", "--database", database, "--format", format], in: project).output
            let words = report.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("verified as unchanged since delivery"), "\(format)")
            #expect(format == "text" || words.contains("no digest names its log file"), "\(format)")
        }
        let doubtful = try Program.run(
            [
                "sql", "--format", "csv", "--database", database,
                """
                SELECT d.eventID FROM denial d JOIN event e USING (eventID) JOIN verification v USING (logFileID)
                WHERE v.state = 'unlisted' ORDER BY d.eventTime LIMIT 1
                """,
            ], in: project
        ).output.split(whereSeparator: \.isNewline)
        let id = String(try #require(doubtful.last))
        for format in ["text", "json"] {
            let page = try Program.run(["explain", id, "--database", database, "--format", format], in: project).output
            let words = page.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("[no digest names its log file]"), "\(format)")
            #expect(words.contains(format == "text" ? "Doubt no digest names" : "\"logFileState\": \"unlisted\""))
        }
        let missing = try Program.run(["verify", "SampleTrails", "--database", folder.path("no.sqlite")], in: project)
        #expect(missing.status == 1 && !FileManager.default.fileExists(atPath: folder.path("no.sqlite")))
    }
}
