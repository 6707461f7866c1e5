import Foundation
import TestSupport
import Testing

/// What was asked for is what is told: formats, times, paths, and databases that hold more.
@Suite struct AskedAndToldTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        /// How the output, or the file `o…` begins.
        var begins: String
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ arguments: [String], _ begins: String) {
            self.arguments = arguments
            self.begins = begins
        }
    }

    static let formats = [
        Case(["--json"], "{"), Case(["--html"], "<!doctype html>"), Case(["--csv"], "id,"),
        Case(["--markdown"], "# Refused"),
        Case(["-o", "o.html"], "<!doctype html>"), Case(["-o", "o.HTM"], "<!doctype html>"),
        Case(["-o", "o.md"], "# Refused"),
        Case(["-o", "o.json"], "{"), Case(["-o", "o.csv"], "id,"), Case(["-o", "o.prom"], "# TYPE"),
        Case(["-o", "o.txt"], "1 principal"), Case(["-o", "o"], "1 principal"), Case(["-o", "o.d/o"], "1 principal"),
        Case(["-o", "o.html", "--format", "text"], "1 principal"), Case(["-o", "o.html", "--json"], "{"),
        Case(["--json", "--format", "json"], "{"),
    ]

    private func database() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1), TestRecord(id: 2)])
        try folder.write("o.d/.keep", "")
        #expect(try Program.run(["ingest", "logs"], in: folder.path).status == 0)
        return folder
    }

    @Test func `The format is the one asked for, else that of the file's ending`() throws {
        let folder = try database()
        for row in Self.formats {
            let run = try Program.run(["report"] + row.arguments, in: folder.path)
            #expect(run.status == 0, "\(row.testDescription): \(run.errors)")
            var text = run.output
            if let file = row.arguments.first(where: { $0.hasPrefix("o") }) {
                text = try String(contentsOfFile: folder.path(file), encoding: .utf8)
            }
            #expect(text.hasPrefix(row.begins), "\(row.testDescription): \(text.prefix(60))")
        }
        for arguments in [["--json", "--format", "csv"], ["--json", "--csv"], ["--timezone", "Nowhere"]] {
            #expect(try Program.run(["report"] + arguments, in: folder.path).status == 64, "\(arguments)")
        }
        // What a file's ending says binds like an option.
        #expect(try Program.run(["report", "-o", "o.csv", "--groups", "3"], in: folder.path).status == 64)
    }

    @Test func `Times are told in the zone asked for, and UTC in formats for programs`() throws {
        let folder = try database()
        for format in ["text", "markdown", "html"] {
            let arguments = ["report", "--format", format, "--timezone", "Asia/Kolkata"]
            let run = try Program.run(arguments, in: folder.path)
            #expect(run.output.contains("+05:30"), "\(format)")
            let others = run.output.split(separator: "\n").filter { $0.contains("UTC") }
            #expect(others.isEmpty, "\(format): \(others)")
        }
        let json = try Program.run(["report", "--json", "--timezone", "Asia/Kolkata"], in: folder.path)
        #expect(json.output == (try Program.run(["report", "--json"], in: folder.path).output))
        #expect(
            json.output.contains("\"generatedAt\": \"2026-11-26T00:00:00Z\"")
                && json.output.contains("\"version\": \"0."))
        let text = try Program.run(["report"], in: folder.path).output
        #expect(text.contains("Made at 2026-11-26 00:00:00 UTC by trail403 0."), "\(text)")
    }

    @Test(arguments: [
        (["logs"], "to read it, run `trail403 analyze logs`"), (["./x/y"], "`trail403 analyze ./x/y`"),
        (["s3://bucket/AWSLogs"], "aws s3 sync s3://bucket/AWSLogs AWSLogs"),
        (["analyze", "s3://bucket/a b"], "aws s3 sync 's3://bucket/a b' AWSLogs"),
        (["ingest", "https://example.com/x.gz"], "download it first"),
        (["ingest", "file:///tmp/x"], "leave out `file://`"),
    ]) func `A path in place of a command, and a place elsewhere, are answered with what to do`(
        _ arguments: [String], _ words: String
    ) throws {
        let folder = try ScratchFolder()
        try folder.write("logs/.keep", "")
        let run = try Program.run(arguments, in: folder.path)
        #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    }

    @Test func `A report that covers more than the paths given says so first`() throws {
        let folder = try database()
        try folder.write("other/b.json", [TestRecord(id: 3)])
        let told = "Scope     The database also holds 1 log file from elsewhere"
        let both = try Program.run(["analyze", "other"], in: folder.path)
        #expect(both.output.split(separator: "\n").prefix(3).contains { $0.hasPrefix(told) }, "\(both.output)")
        #expect(both.output.hasPrefix("1 principal was refused 3 calls"), "\(both.output)")
        let json = try Program.run(["analyze", "other", "--json"], in: folder.path)
        #expect(json.output.contains("\"other-archives\""))
        // The same files by another path, or all of them, are nothing else.
        for paths in [["other", "logs"], ["."], ["other/../"]] {
            let run = try Program.run(["analyze"] + paths, in: folder.path)
            #expect(!run.output.contains("from elsewhere"), "\(paths): \(run.output)")
        }
        try FileManager.default.moveItem(atPath: folder.path("logs"), toPath: folder.path("moved"))
        let moved = try Program.run(["analyze", "moved", "other"], in: folder.path)
        #expect(!moved.output.contains("from elsewhere"), "\(moved.output)")
        let alone = try Program.run(
            ["analyze", "other", "--only-these-files"], in: folder.path, environment: ["TMPDIR": folder.path])
        #expect(alone.output.hasPrefix("1 principal was refused 1 call "), "\(alone.output)")
        #expect(alone.output.contains("from a temporary database"), "\(alone.output)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!left.contains { $0.hasPrefix("trail403-") }, "\(left)")
        for arguments in [["--new-since-last", "x"], ["--database", "y.sqlite"]] {
            let run = try Program.run(["analyze", "other", "--only-these-files"] + arguments, in: folder.path)
            #expect(run.status == 64, "\(arguments)")
        }
    }

    @Test func `A page shows what the blamed change did to the policy`() throws {
        let page = try Program.run(["report", "--html"], in: SQLTests.sample.get())
        #expect(
            page.output.contains("<h4>What changed</h4>")
                && page.output.contains("<del>- arn:aws:iam::111122223333:policy/"))
        let redacted = try Program.run(["report", "--html", "--redact"], in: SQLTests.sample.get())
        #expect(!redacted.output.contains("<del>") && !redacted.output.contains("111122223333"))
    }
}
