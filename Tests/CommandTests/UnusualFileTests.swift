import Foundation
import TestSupport
import Testing

/// Files that are not what they seem: pipes, holes, names, and such that are still being written.
@Suite struct UnusualFileTests {
    @Test(arguments: [
        ["report"], ["sql", "SELECT 1"], ["status"], ["ingest", "a.json"], ["explain", "0123456789ab"],
        ["prune", "--before", "2020-01-01"],
    ])
    func `A pipe is no database, and nobody waits for it`(arguments: [String]) throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", [TestRecord(id: 1)])
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let run = try Program.run(arguments + ["--database", "pipe"], in: folder.path)
        #expect(
            run.status == 1 && run.errors.contains("`pipe` is a pipe, a socket or a device, not a database"),
            "\(run.errors)")
    }

    @Test func `A file's name is escaped once`() throws {
        let folder = try ScratchFolder()
        try folder.write("good.json", [TestRecord(id: 1)])
        try folder.write("b\\c\u{1B}\u{202E}.json", "{\"Records\":[{\"eventID\":")
        let run = try Program.run(["ingest", "."], in: folder.path)
        #expect(run.status == 2)
        #expect(run.errors.contains("/b\\\\c\\x1b\\u{202e}.json`"), "\(run.errors)")
        #expect(try folder.rows("SELECT path FROM ingestIssue")[0][0].hasSuffix("/b\\\\c\\x1b\\u{202e}.json"))
        let alone = try Program.run(
            ["ingest", "b\\c\u{1B}\u{202E}.json", "--database", "other.sqlite"], in: folder.path)
        #expect(
            alone.errors.contains("b\\\\c\\x1b\\u{202e}.json") && !alone.errors.contains("\\\\\\\\"), "\(alone.errors)")
    }

    struct Growing: Sendable, CustomTestStringConvertible {
        var name: String
        var pack: @Sendable (Data) throws -> Data
        var testDescription: String { name }
    }

    @Test(arguments: [
        Growing(name: "a.json") { $0 }, Growing(name: "a.json.gz") { Data(gzipMember([UInt8]($0))) },
    ]) func `An issue goes when the file has been read whole`(_ row: Growing) throws {
        let folder = try ScratchFolder()
        let whole = try row.pack(TestRecord.logFile((1...50).map { TestRecord(id: $0) }))
        try whole.prefix(whole.count / 2).write(to: folder.url.appendingPathComponent(row.name))
        #expect(try Program.run(["ingest", row.name], in: folder.path).status == 2)
        #expect(try folder.rows("SELECT count(*) > 0 FROM ingestIssue") == [["1"]])
        try whole.write(to: folder.url.appendingPathComponent(row.name))
        #expect(try Program.run(["ingest", row.name], in: folder.path).status == 0)
        #expect(try folder.rows("SELECT count(*) FROM ingestIssue") == [["0"]])
        #expect(try folder.rows("SELECT count(*) FROM event") == [["50"]])
        #expect(try folder.rows("SELECT sum(records) = sum(stored + duplicates + skipped) FROM logFile") == [["1"]])
    }

    @Test(arguments: [false, true]) func `A hole of gigabytes is not read`(hasHead: Bool) throws {
        let folder = try ScratchFolder()
        try folder.write("good.json", [TestRecord(id: 1)])
        for name in ["a.json", "b.json"] {
            // Of one size, so that they would be compared as copies.
            var text = try TestRecord.logFile([TestRecord(id: 2)])
            if !hasHead { text = Data() }
            try text.write(to: folder.url.appendingPathComponent(name))
            #expect(truncate(folder.path(name), 20 << 30) == 0)
        }
        let run = try Program.run(["ingest", "a.json", "b.json", "good.json"], in: folder.path)
        #expect(run.status == 2 && run.errors.contains("nothing was ever written from byte"), "\(run.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [[hasHead ? "2" : "1"]])
    }
}
