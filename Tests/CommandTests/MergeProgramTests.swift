import Foundation
import TestSupport
import Testing

@Suite("Databases of parts of an archive, merged by the program")
struct MergeProgramTests {
    @Test func `reports of merged account days are those of one ingest, byte by byte`() throws {
        let folder = try ScratchFolder()
        let samples = try FileManager.default.subpathsOfDirectory(
            atPath: Program.projectFolder.appendingPathComponent("SampleTrails").path
        ).map { Program.projectFolder.appendingPathComponent("SampleTrails/\($0)").path }
            .filter { $0.contains(".json") }.sorted()
        // Slices as people make them: by folder; the files of one folder lie in every second one, too.
        var slices: [String: [String]] = [:]
        for file in samples {
            let day = URL(fileURLWithPath: file).deletingLastPathComponent().path
            slices[day, default: []].append(file)
        }
        let names = slices.keys.sorted()
        let common = slices[names[0]] ?? []
        var shards: [String] = []
        for (index, name) in names.enumerated() {
            let shard = folder.path("\(index).sqlite")
            let files = (slices[name] ?? []) + (index % 2 == 0 && index > 0 ? common : [])
            let run = try Program.run(["ingest", "--quiet", "--database", shard] + files, in: folder.path("."))
            #expect(run.status == 0 || run.status == 2)
            shards.append(shard)
        }
        try FileManager.default.createDirectory(atPath: folder.path("a"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: folder.path("b"), withIntermediateDirectories: true)
        _ = try Program.run(
            ["ingest", "--quiet", "--database", folder.path("a/t.sqlite")] + samples, in: folder.path("."))
        let merge = try Program.run(
            ["merge", "--database", folder.path("b/t.sqlite")] + shards.reversed(), in: folder.path("."))
        #expect(merge.status == 0 && merge.errors.contains("\(shards.count) databases merged"), "\(merge.errors)")
        for arguments in [
            ["report", "--format", "json"], ["report", "--service", "all", "--format", "csv"],
            ["report", "--service", "all"], ["status"],
        ] {
            let one = try Program.run(arguments, in: folder.path("a"), environment: ["TRAIL403_DATABASE": "t.sqlite"])
            let all = try Program.run(arguments, in: folder.path("b"), environment: ["TRAIL403_DATABASE": "t.sqlite"])
            #expect(!one.output.isEmpty && one.output == all.output, "\(arguments)")
        }
        let again = try Program.run(
            ["merge", "--database", folder.path("b/t.sqlite"), shards[0]], in: folder.path("."))
        #expect(again.status == 1 && again.errors.contains("is there already"))
    }

    @Test func `a part without a log file is a part like others, and its bad files are told by the whole`() throws {
        let folder = try ScratchFolder()
        try folder.write("in/a/good.json", SampleRecord.file([SampleRecord.success(1)]))
        try folder.write("in/b/bad.json", "{\"Records\":[{\"eventTime\":")
        try folder.write("in/c/readme.txt", "no log file")
        let prefix = ["--path-prefix", "s3://logs/"]
        func ingest(_ part: String, _ database: String) throws -> Program.Result {
            try Program.run(
                ["ingest", "--no-diagnosis", "--database", database] + prefix + [folder.path(part)],
                in: folder.path("."))
        }
        #expect(try ingest("in/a", "a.sqlite").status == 0)
        let bad = try ingest("in/b", "b.sqlite")
        #expect(bad.status == 2 && bad.errors.contains("`s3://logs/bad.json`"), "\(bad.errors)")
        #expect(try ingest("in/c", "c.sqlite").status == 0)
        for arguments in [
            ["merge", "--no-diagnosis", "--database", "bc.sqlite", "b.sqlite", "c.sqlite"],
            ["merge", "--database", "t.sqlite", "bc.sqlite", "a.sqlite"],
        ] {
            #expect(try Program.run(arguments, in: folder.path(".")).status == 0)
        }
        let issues = try Program.run(
            ["sql", "--format", "csv", "--database", "t.sqlite", "SELECT path, code FROM ingestIssue"],
            in: folder.path("."))
        #expect(issues.output.contains("s3://logs/bad.json,json-truncated"), "\(issues.output)")
        let status = try Program.run(["status", "--database", "t.sqlite"], in: folder.path("."))
        #expect(status.output.contains("2: 1 stored, 0 duplicates, 1 skipped"), "\(status.output)")
    }

    @Test
    func `logs beside CloudTrail are linked across shards as in one ingest, and one that two shards hold counts once`()
        throws
    {
        let folder = try ScratchFolder()
        var shards: [String] = []
        func ingest(_ files: [String], _ database: String) throws {
            for name in files { try folder.write("in/\(database)/\(name)", CompanionTests.files[name] ?? "") }
            let run = try Program.run(
                [
                    "ingest", "-q", "--no-diagnosis", "--database", "\(database).sqlite", "--path-prefix", "s3://logs/",
                    "in/\(database)",
                ], in: folder.path)
            #expect(run.status == 0 || run.status == 2, "\(run.errors)")
        }
        let files = CompanionTests.files.keys.sorted()
        for (index, name) in files.enumerated() {
            try ingest([name, files[(index + 1) % files.count]], "s\(index)")
            shards.append("s\(index).sqlite")
        }
        try ingest(files, "whole")
        // The diagnosis of one ingest comes with the merge.
        for (shards, database) in [
            (["whole.sqlite"], "a.sqlite"), (shards, "b.sqlite"), (shards.reversed(), "c.sqlite"),
        ] {
            let merge = try Program.run(["merge", "-q", "--database", database] + shards, in: folder.path)
            #expect(merge.status == 0, "\(merge.errors)")
        }
        for query in [
            ["report", "--service", "all", "--format", "text"], ["status"],
            [
                "sql", "--format", "csv",
                "SELECT time, layer, principal, action, resource, status, code, reason, requestID FROM refusal ORDER BY 1, 2, 9",
            ],
            [
                "sql", "--format", "csv",
                "SELECT kind, scope, sum(entries), sum(refusals) FROM companionLog GROUP BY 1, 2 ORDER BY 1, 2",
            ],
            [
                "sql", "--format", "csv",
                "SELECT tableName, innerTable, linkedBy, certainty, count(*) FROM companionLink GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3",
            ],
        ] {
            let answers = try ["a.sqlite", "b.sqlite", "c.sqlite"].map { database in
                try Program.run(query + ["--database", database], in: folder.path).output
                    .replacing(database, with: "t.sqlite")
            }
            #expect(
                !answers[0].isEmpty && answers[1] == answers[0] && answers[2] == answers[0],
                "\(query)\n\(answers[0])\n\(answers[1])")
        }
    }
}
