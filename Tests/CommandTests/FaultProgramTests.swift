import Foundation
import TestSupport
import Testing

/// Every fault that issue 3 lists, through the real binary: one issue, exit status 2, all else kept.
@Suite struct FaultProgramTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// eventIDs that survive.
        var events: [Int]
        var code: String
        /// The record that the issue names; -1 for none.
        var record = -1
        /// Where the issue stands; -1 for none, -2 for anywhere.
        var byteOffset = -2
        /// Records that are lost.
        var skipped = 0
        var testDescription: String { name }
    }

    static let first = SampleRecord.success(1)
    static let last = SampleRecord.denied(3)

    private static func around(_ middle: String) -> [UInt8] { Array(SampleRecord.file([first, middle, last]).utf8) }
    private static let whole = Array(SampleRecord.file([first, SampleRecord.success(2), last]).utf8)
    private static let gzip = gzipMember(whole)
    private static let head = Array("{\"Records\":[\(first),".utf8)

    private static func replaced(_ old: String, _ new: [UInt8]) -> [UInt8] {
        let record = SampleRecord.success(2, agent: "MARK")
        let parts = SampleRecord.file([first, record, last]).components(separatedBy: old)
        return Array(parts[0].utf8) + new + Array(parts.dropFirst().joined(separator: old).utf8)
    }

    static let cases: [Case] = {
        let second = SampleRecord.success(2)
        let secondAt = head.count
        var corrupt = gzip
        // The length of the second stored block's header no longer fits its complement: a stream of one block has one header.
        corrupt[11] ^= 0x40
        var badCRC = gzip
        badCRC[badCRC.count - 8] ^= 1
        var badSize = gzip
        badSize[badSize.count - 1] ^= 1
        let deep = String(repeating: "[", count: 1_000_000)
        let cutAt = gzip.count - 300
        return [
            Case(
                name: "gzip cut in its data", bytes: Array(gzip[..<cutAt]), events: [1, 2], code: "gzip-truncated",
                record: 3, byteOffset: cutAt, skipped: 1),
            Case(
                name: "gzip cut in its trailer", bytes: Array(gzip.dropLast(5)), events: [1, 2, 3],
                code: "gzip-truncated"),
            Case(name: "gzip cut in its header", bytes: Array(gzip[..<5]), events: [], code: "gzip-truncated"),
            Case(name: "gzip cut after one byte", bytes: [0x1f], events: [], code: "gzip-truncated"),
            Case(name: "corrupt gzip", bytes: corrupt, events: [], code: "gzip-corrupt"),
            Case(name: "empty file", bytes: [], events: [], code: "empty-file", byteOffset: 0),
            Case(
                name: "gzip of nothing", bytes: gzipMember([UInt8]()), events: [], code: "empty-file",
                byteOffset: 0),
            Case(name: "wrong CRC", bytes: badCRC, events: [1, 2, 3], code: "gzip-checksum"),
            Case(name: "wrong size in the trailer", bytes: badSize, events: [1, 2, 3], code: "gzip-checksum"),
            Case(
                name: "bytes behind the gzip stream", bytes: gzip + Array("appended".utf8), events: [1, 2, 3],
                code: "trailing-bytes", byteOffset: gzip.count),
            Case(
                name: "bytes behind the JSON", bytes: whole + Array("}appended".utf8), events: [1, 2, 3],
                code: "trailing-bytes", byteOffset: whole.count),
            Case(
                name: "cut JSON", bytes: Array(whole[..<(whole.count - 300)]), events: [1, 2], code: "json-truncated",
                record: 3, byteOffset: whole.count - 300, skipped: 1),
            Case(
                name: "one broken record",
                bytes: around(second.replacingOccurrences(of: ":\"aws-sdk\"", with: ":aws-sdk")), events: [1, 3],
                code: "json-malformed", record: 2, skipped: 1),
            Case(
                name: "one record without its end", bytes: around(String(second.prefix(300))), events: [1, 3],
                code: "json-malformed", record: 2, skipped: 1),
            Case(
                name: "invalid UTF-8", bytes: replaced("MARK", [0xff, 0xfe, 0x80]), events: [1, 2, 3],
                code: "text-repaired", record: 2, byteOffset: secondAt),
            Case(
                name: "overlong UTF-8", bytes: replaced("MARK", [0xc0, 0xaf]), events: [1, 2, 3], code: "text-repaired",
                record: 2, byteOffset: secondAt),
            Case(
                name: "a lone surrogate", bytes: around(SampleRecord.success(2, agent: "\\ud800")), events: [1, 2, 3],
                code: "text-repaired", record: 2, byteOffset: secondAt),
            Case(
                name: "surrogates in the wrong order", bytes: around(SampleRecord.success(2, agent: "\\udc00\\ud800")),
                events: [1, 2, 3], code: "text-repaired", record: 2, byteOffset: secondAt),
            Case(
                name: "a raw NUL in a string", bytes: replaced("MARK", [0]), events: [1, 3], code: "json-malformed",
                record: 2, skipped: 1),
            Case(
                name: "an escaped NUL", bytes: around(SampleRecord.success(2, agent: "\\u0000")), events: [1, 2, 3],
                code: "text-repaired", record: 2, byteOffset: secondAt),
            Case(
                name: "a key twice", bytes: around(SampleRecord.success(2, extra: ",\"awsRegion\":\"eu-west-1\"")),
                events: [1, 2, 3], code: "duplicate-key", record: 2, byteOffset: secondAt),
            Case(
                name: "a million arrays in a record",
                bytes: around(
                    SampleRecord.success(2, extra: ",\"x\":\(deep)\(deep.replacingOccurrences(of: "[", with: "]"))")),
                events: [1, 3], code: "nesting-too-deep", record: 2, skipped: 1),
            Case(
                name: "a million arrays that never end", bytes: Array("{\"Records\":[\(first),\(deep)".utf8),
                events: [1], code: "json-malformed"),
            Case(
                name: "a million arrays that never end, in a record",
                bytes: Array("{\"Records\":[\(first),\(second.dropLast()),\"x\":\(deep)".utf8), events: [1],
                code: "nesting-too-deep", record: 2, skipped: 1),
            Case(
                name: "no record among records", bytes: around("{\"name\":\"x\"}"), events: [1, 3],
                code: "not-a-record", record: 2, byteOffset: secondAt, skipped: 1),
            Case(
                name: "a database", bytes: Array("SQLite format 3\0".utf8) + [UInt8](repeating: 7, count: 600),
                events: [], code: "not-a-log-file", byteOffset: 0),
            Case(name: "prose", bytes: Array("Dear reader\n".utf8), events: [], code: "not-a-log-file", byteOffset: 0),
            Case(
                name: "UTF-16", bytes: [0xff, 0xfe] + Array("{\"Records\":[]}".utf8).flatMap { [$0, 0] }, events: [],
                code: "not-a-log-file", byteOffset: 0),
        ]
    }()

    @Test func `Each fault costs one issue, and everything else is kept`() throws {
        let folder = try ScratchFolder()
        for (index, test) in Self.cases.enumerated() {
            let file = try folder.write("\(index).json", test.bytes)
            try folder.write("good/good.json", SampleRecord.file([SampleRecord.success(9)]))
            let database = "\(index).db"
            let result = try folder.run("ingest", file, "good", "--database", database)
            #expect(result.status == 2, "\(test.name): \(result.status) \(result.errors)")
            // The issue, and the closing line.
            #expect(result.errors.split(separator: "\n").count == 2, "\(test.name): \(result.errors)")
            let issues = try folder.rows("SELECT path, code, record, byteOffset FROM ingestIssue", database: database)
            #expect(issues.count == 1, "\(test.name): \(issues)")
            guard let issue = issues.first else { continue }
            #expect(issue[0] == file && issue[1] == test.code, "\(test.name): \(issue)")
            #expect(issue[2] == (test.record < 0 ? "NULL" : String(test.record)), "\(test.name): \(issue)")
            if test.byteOffset >= -1 {
                #expect(issue[3] == (test.byteOffset < 0 ? "NULL" : String(test.byteOffset)), "\(test.name): \(issue)")
            }
            #expect(
                try folder.rows("SELECT eventID FROM event ORDER BY eventID", database: database).map { $0[0] }
                    == (test.events + [9]).map { SampleRecord.id($0) }, "\(test.name)")
            #expect(try folder.unbalancedFiles(database: database).isEmpty, "\(test.name)")
            #expect(
                try folder.rows("SELECT skipped FROM logFile WHERE path = '\(file)'", database: database) == [
                    [String(test.skipped)]
                ],
                "\(test.name)")
            let again = try folder.run("ingest", file, "good", "--database", database)
            #expect(
                again.status == 0 && again.errors.contains("2 files already in the database"),
                "\(test.name): \(again.errors)")
            #expect(try folder.rows("SELECT count(*) FROM ingestIssue", database: database) == [["1"]], "\(test.name)")
        }
    }

    @Test(arguments: [
        "\"yesterday\"", "\"\"", "null", "7", "\"1969-12-31T23:59:59Z\"", "\"2200-01-01T00:00:00Z\"", "[]",
    ])
    func `A record without a time is skipped and told, and never of 1970`(time: String) throws {
        let folder = try ScratchFolder()
        let timeless = SampleRecord.denied(5).replacingOccurrences(of: "\"\(SampleRecord.time(5))\"", with: time)
        try folder.write("a.json", SampleRecord.file([SampleRecord.success(1), timeless]))
        let result = try folder.run("ingest", "a.json")
        #expect(result.status == 2 && result.errors.contains("record 2"), "\(result.errors)")
        #expect(try folder.rows("SELECT records, stored, skipped FROM logFile") == [["2", "1", "1"]])
        #expect(try folder.rows("SELECT record, code FROM ingestIssue") == [["2", "time-out-of-range"]])
        #expect(try folder.rows("SELECT count(*) FROM denial") == [["0"]])
    }

    @Test func `What is odd but allowed costs nothing`() throws {
        let folder = try ScratchFolder()
        let odd = [
            SampleRecord.success(
                1, extra: ",\"n\":123456789012345678901234567890,\"f\":1e999,\"g\":-0.0000000000000000000000001e-400"),
            SampleRecord.success(2, agent: "\\u0001 escaped, \\ud83d\\ude00, \\/"),
            SampleRecord.success(3, extra: ",\"x\":1,\"x\":2"),
            SampleRecord.success(
                4, extra: ",\"deep\":" + String(repeating: "[", count: 90) + String(repeating: "]", count: 90)),
        ]
        try folder.write("a.json", SampleRecord.file(odd))
        let result = try folder.run("ingest", "a.json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.rows("SELECT records, stored FROM logFile") == [["4", "4"]])
        #expect(
            try folder.rows("SELECT length(CAST(userAgent AS BLOB)) FROM event WHERE eventID = '\(SampleRecord.id(2))'")
                == [["18"]])
    }

    @Test func `A record that is too large names the flag, and is read once the limit is raised`() throws {
        let folder = try ScratchFolder()
        var large = SampleRecord.success(2)
        large.insert(contentsOf: String(repeating: " ", count: 3 << 20), at: large.index(before: large.endIndex))
        try folder.write("a.json", SampleRecord.file([Self.first, large, Self.last]))
        let result = try folder.run("ingest", "a.json", "--max-record-size", "1")
        #expect(result.status == 2 && result.errors.contains("--max-record-size"), "\(result.errors)")
        #expect(
            try folder.rows("SELECT code, record, byteOffset FROM ingestIssue") == [
                ["record-too-large", "2", String(Self.head.count)]
            ])
        #expect(try folder.rows("SELECT records, stored, skipped FROM logFile") == [["3", "2", "1"]])
        let again = try folder.run("ingest", "a.json")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [["3"]], "\(again.errors)")
        #expect(try folder.run("ingest", "a.json").errors.contains("1 file already in the database"))
    }

    @Test func `A gzip bomb names the flag, and is read once the limit is raised`() throws {
        guard
            FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip")
                || FileManager.default.isExecutableFile(atPath: "/bin/gzip")
        else {
            return print("skipped: there is no gzip")
        }
        let folder = try ScratchFolder()
        let command =
            "{ printf '%s' '{\"Records\":[\(Self.first)'; head -c 100000000 /dev/zero | tr '\\0' ' '; printf '%s' ',\(Self.last)]}'; } | gzip -n > bomb.json.gz"
        #expect(try Program.run("/bin/sh", ["-c", command], in: folder.path).status == 0)
        let limited = try folder.run("ingest", "bomb.json.gz", "--max-ratio", "100")
        #expect(limited.status == 2 && limited.errors.contains("--max-ratio"), "\(limited.errors)")
        #expect(try folder.rows("SELECT code FROM ingestIssue") == [["inflated-ratio"]])
        #expect(try folder.rows("SELECT records, stored, skipped FROM logFile") == [["1", "1", "0"]])
        let raised = try folder.run("ingest", "bomb.json.gz", "--max-ratio", "2000")
        #expect(raised.status == 0, "\(raised.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [["2"]], "\(raised.errors)")
    }

    @Test(arguments: ["", "}"])
    func `A gzip bomb of zero bytes is one issue, within a record and after one`(end: String) throws {
        let folder = try ScratchFolder()
        let head = "{\"Records\":[\(Self.first),\(SampleRecord.success(2).dropLast())\(end)"
        let command = "{ printf '%s' '\(head)'; head -c 100000000 /dev/zero; } | gzip -n > bomb.json.gz"
        #expect(try Program.run("/bin/sh", ["-c", command], in: folder.path).status == 0)
        let limited = try folder.run("ingest", "bomb.json.gz", "--max-ratio", "100")
        #expect(limited.status == 2 && limited.errors.contains("--max-ratio"), "\(limited.errors)")
        #expect(try folder.rows("SELECT code FROM ingestIssue") == [["inflated-ratio"]])
        #expect(
            try folder.rows("SELECT records, stored, skipped FROM logFile")
                == [end.isEmpty ? ["2", "1", "1"] : ["2", "2", "0"]])
    }

    @Test func `The closing line counts files and copies with the right number`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/one.json", SampleRecord.file([SampleRecord.success(1)]))
        let one = try folder.run("ingest", "a").errors
        #expect(one.contains("1 log file: 1 record, 1 new, 0 duplicates, 0 skipped; "), "\(one)")
        try folder.write("b/1.json", SampleRecord.file([SampleRecord.success(2), SampleRecord.success(1)]))
        try folder.write("b/2.json", SampleRecord.file([SampleRecord.success(2), SampleRecord.success(1)]))
        try folder.write("b/notes.txt", "nothing\n")
        let both = try folder.run("ingest", "a", "b").errors
        #expect(both.contains("1 log file: 2 records, 1 new, 1 duplicate, 0 skipped; "), "\(both)")
        #expect(
            both.contains("; 1 file already in the database; 1 file is a copy of others; 1 file is not a log file; "),
            "\(both)")
        let again = try folder.run("ingest", "a", "b").errors
        #expect(
            again.contains("0 log files: 0 records, 0 new") && again.contains("; 3 files already in the database; "),
            "\(again)"
        )
    }

    @Test func `What may not be read is told once, and read when it may be`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/good.json", SampleRecord.file([SampleRecord.success(1)]))
        let secret = try folder.write("a/secret.json", SampleRecord.file([SampleRecord.success(2)]))
        try folder.write("a/private/x.json", SampleRecord.file([SampleRecord.success(3)]))
        guard let run = try Unprivileged(owning: folder) else { return }
        chmod(secret, 0)
        chmod(folder.path("a/private"), 0)
        for _ in 0..<2 {
            let result = try run(["ingest", "a"])
            #expect(result.status == 2 && result.errors.contains("secret.json"), "\(result.errors)")
            #expect(
                try folder.rows("SELECT code, path FROM ingestIssue ORDER BY path")
                    == [["unreadable", folder.path("a/private")], ["unreadable", secret]])
            #expect(try folder.rows("SELECT count(*) FROM event") == [["1"]])
        }
        chmod(secret, 0o644)
        chmod(folder.path("a/private"), 0o755)
        let result = try run(["ingest", "a"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [["3"]])
        #expect(try folder.rows("SELECT path FROM ingestIssue") == [])
    }

    @Test func `File names that are not UTF-8, or hostile, are read and harmless`() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(atPath: folder.path("a"), withIntermediateDirectories: true)
        let names: [[UInt8]] = [
            [0x61, 0xff, 0xfe, 0x62], Array("\u{1b}[31mred\u{202e}".utf8), Array("new\nline".utf8),
        ]
        for (index, name) in names.enumerated() {
            let path = Array(folder.path("a").utf8) + [UInt8(ascii: "/")] + name
            let descriptor = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
                (Array(buffer) + [0]).withUnsafeBufferPointer { open($0.baseAddress!, O_WRONLY | O_CREAT, 0o644) }
            }
            guard descriptor >= 0 else { return print("skipped: the file system takes UTF-8 names only") }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: Data((SampleRecord.file([SampleRecord.success(index)]) + "}").utf8))
            try file.close()
        }
        let result = try folder.run("ingest", "a")
        #expect(result.status == 2)
        #expect(!result.errors.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202e}" })
        #expect(result.errors.split(separator: "\n").count == names.count + 1, "\(result.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [["3"]])
        #expect(try folder.rows("SELECT count(DISTINCT path) FROM ingestIssue") == [["3"]])
        #expect(try folder.run("ingest", "a").errors.contains("3 files already in the database"))
    }

    @Test func `Standard input is read anew each time, and its duplicates are counted`() throws {
        let folder = try ScratchFolder()
        for _ in 0..<2 { #expect(try folder.run("ingest", "-", input: Self.whole).status == 0) }
        #expect(
            try folder.rows("SELECT path, records, stored, duplicates FROM logFile ORDER BY id")
                == [["-", "3", "3", "0"], ["-", "3", "0", "3"]])
    }

    @Test func `A file that grows while it is read is told and its records kept`() throws {
        let folder = try ScratchFolder()
        let path = folder.path("a.json")
        // A pipe in the middle would hide the file: write so much that the reader is still at it, and append meanwhile.
        var records: [String] = []
        for number in 0..<20_000 { records.append(SampleRecord.success(number)) }
        try folder.write("a.json", records.joined(separator: "\n") + "\n")
        let writer = Thread {
            guard let handle = FileHandle(forWritingAtPath: path) else { return }
            do {
                try handle.seekToEnd()
                for number in 20_000..<21_000 {
                    try handle.write(contentsOf: Data((SampleRecord.success(number) + "\n").utf8))
                    usleep(500)
                }
            } catch {
                print("cannot append: \(error)")
            }
        }
        writer.start()
        let result = try folder.run("ingest", "a.json")
        while !writer.isFinished { usleep(1000) }
        #expect(result.status == 2, "\(result.errors)")
        #expect(try folder.rows("SELECT code FROM ingestIssue") == [["changed-while-reading"]])
        #expect(try folder.unbalancedFiles().isEmpty)
        let again = try folder.run("ingest", "a.json")
        #expect(again.status == 0, "\(again.errors)")
        #expect(try folder.rows("SELECT count(*) FROM event") == [["21000"]])
    }

    @Test func `A file that vanishes before it is read costs one issue`() throws {
        let folder = try ScratchFolder()
        // The first file is a pipe: while the program waits for it, the second one goes.
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let gone = try folder.write("z.json", SampleRecord.file([SampleRecord.success(2)]))
        let path = folder.path("pipe")
        let feeder = Thread {
            guard let handle = FileHandle(forWritingAtPath: path) else { return }
            do {
                try FileManager.default.removeItem(atPath: gone)
                try handle.write(contentsOf: Data(SampleRecord.file([SampleRecord.success(1)]).utf8))
                try handle.close()
            } catch {
                print("cannot feed: \(error)")
            }
        }
        feeder.start()
        let result = try Program.run(["ingest", "pipe", "z.json"], in: folder.path)
        while !feeder.isFinished { usleep(1000) }
        guard result.status == 2 else {
            // Two readers: the second file may be read before the first is opened.
            #expect(result.status == 0)
            return
        }
        #expect(try folder.rows("SELECT path, code FROM ingestIssue") == [[gone, "unreadable"]])
        #expect(try folder.rows("SELECT count(*) FROM event") == [["1"]])
    }
}
