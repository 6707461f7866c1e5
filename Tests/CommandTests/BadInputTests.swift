import Foundation
import TestSupport
import Testing

/// Input that leads nowhere: one line that says what to do, exit 1 or 64, nothing changed and no database left behind.
@Suite struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var says: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Case(arguments: ["ingest", "nowhere"], status: 1, says: "no such file or folder"),
        Case(arguments: ["analyze", "nowhere"], status: 1, says: "no such file or folder"),
        Case(arguments: ["ingest", "good.json", "nowhere"], status: 1, says: "no such file or folder"),
        Case(arguments: ["ingest", "good.json/x"], status: 1, says: "no such file or folder"),
        Case(arguments: ["ingest", "empty"], status: 1, says: "there are no files"),
        Case(arguments: ["ingest", "others"], status: 1, says: "no CloudTrail log file"),
        Case(arguments: ["analyze", "others"], status: 1, says: "no CloudTrail log file"),
        Case(arguments: ["ingest"], status: 64, says: "path"),
        Case(arguments: ["ingest", "good.json", "--max-ratio", "0"], status: 64, says: "--max-ratio"),
        Case(arguments: ["ingest", "good.json", "--max-record-size", "1025"], status: 64, says: "--max-record-size"),
        Case(arguments: ["ingest", "good.json", "--max-record-size", "x"], status: 64, says: "max-record-size"),
        Case(arguments: ["ingest", "good.json", "--keep-records", "some"], status: 64, says: "some"),
        Case(arguments: ["analyze", "good.json", "--from", "someday"], status: 64, says: "someday"),
        Case(arguments: ["analyze", "good.json", "--from", "2026-13-01"], status: 64, says: "2026-13-01"),
        Case(arguments: ["analyze", "good.json", "--to", "2026-02-30"], status: 64, says: "2026-02-30"),
        Case(
            arguments: ["analyze", "good.json", "--from", "2026-11-02", "--to", "2026-11-01"], status: 64,
            says: "--from"),
        Case(arguments: ["analyze", "good.json", "--account", "12"], status: 64, says: "12"),
        Case(arguments: ["analyze", "good.json", "--service", "nosuchservice"], status: 64, says: "nosuchservice"),
        Case(arguments: ["analyze", "good.json", "--format", "pdf"], status: 64, says: "pdf"),
        Case(arguments: ["report"], status: 1, says: "no database"),
        Case(arguments: ["sql", "SELECT 1"], status: 1, says: "no database"),
        Case(arguments: ["status"], status: 1, says: "no database"),
        Case(arguments: ["nonsense"], status: 64, says: "nonsense"),
    ])
    func `It is told, and nothing is left behind`(test: Case) throws {
        let folder = try ScratchFolder()
        try folder.write("good.json", SampleRecord.file([SampleRecord.denied(1)]))
        try folder.write("others/README.md", "# Notes\n")
        try folder.write("others/package.json", "{\"name\":\"x\"}\n")
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
        let before = try Self.listing(folder)
        let result = try Program.run(test.arguments, in: folder.path)
        #expect(result.status == test.status, "\(result.errors)")
        #expect(result.errors.contains(test.says), "\(result.errors)")
        #expect(result.output.isEmpty)
        if test.status == 1 { #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)") }
        #expect(try Self.listing(folder) == before)
    }

    @Test func `A file that may not be read, alone, leaves nothing behind`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/secret.json", SampleRecord.file([SampleRecord.success(1)]))
        guard let run = try Unprivileged(owning: folder) else { return }
        chmod(folder.path("a/secret.json"), 0)
        for path in ["a", "a/secret.json"] {
            let result = try run(["ingest", path])
            #expect(result.status == 1 && result.errors.contains("permission denied"), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(try Self.listing(folder) == ["a", "a/secret.json"])
        }
    }

    @Test func `A folder that may not be written takes no database`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/good.json", SampleRecord.file([SampleRecord.success(1)]))
        guard let run = try Unprivileged(owning: folder) else { return }
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        let result = try run(["ingest", "a"])
        #expect(result.status == 1 && result.errors.contains("--database"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(try Self.listing(folder) == ["a", "a/good.json"])
    }

    @Test func `A database in a folder that may not be written is read all the same`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/good.json", SampleRecord.file([SampleRecord.denied(1)]))
        guard let run = try Unprivileged(owning: folder) else { return }
        #expect(try run(["ingest", "a"]).status == 0)
        chmod(folder.path, 0o555)
        chmod(folder.path("trail403.sqlite"), 0o444)
        defer { chmod(folder.path, 0o755) }
        let before = try Self.listing(folder)
        let report = try run(["report", "--format", "json"])
        #expect(report.status == 0 && report.output.contains("SendMessages"), "\(report.errors)")
        let query = try run(["sql", "SELECT count(*) AS n FROM event"])
        #expect(query.status == 0 && query.output == "n\r\n1\r\n", "\(query.errors) \(query.output)")
        try folder.write("a/more.json", SampleRecord.file([SampleRecord.denied(2)]))
        let ingest = try run(["ingest", "a"])
        #expect(ingest.status == 1 && ingest.errors.split(separator: "\n").count == 1, "\(ingest.errors)")
        #expect(try Self.listing(folder) == (before + ["a/more.json"]).sorted())
    }

    @Test
    func `An older database that may not be written is read through a copy, one that may not be read says what to do`()
        throws
    {
        let folder = try ScratchFolder()
        try folder.write("a/good.json", SampleRecord.file([SampleRecord.denied(1)]))
        guard let run = try Unprivileged(owning: folder) else { return }
        #expect(try run(["ingest", "a"]).status == 0)
        let path = folder.path("trail403.sqlite")
        guard try SQLiteShell.run("DROP TABLE prunedOperation; PRAGMA user_version = 6", database: path) else { return }
        chmod(path, 0o444)
        chmod(folder.path, 0o555)
        defer { chmod(folder.path, 0o755) }
        for arguments in [["report"], ["status"], ["sql", "SELECT 1"]] {
            let older = try run(arguments)
            #expect(older.status == 0 && older.errors.contains("is of an older trail403"), "\(older.errors)")
            #expect(older.errors.split(separator: "\n").count == 1, "\(older.errors)")
        }
        chmod(path, 0)
        for arguments in [["report"], ["status"], ["sql", "SELECT 1"], ["ingest", "a"]] {
            let secret = try run(arguments)
            #expect(secret.status == 1 && secret.errors.contains("permission denied"), "\(secret.errors)")
            #expect(secret.errors.contains("--database FILE"), "\(secret.errors)")
        }
    }

    struct Foreign: Sendable, CustomTestStringConvertible {
        var name: String
        /// SQL that makes the database, or `nil` for plain bytes.
        var sql: String?
        var bytes: [UInt8] = []
        var says: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Foreign(
            name: "another program's", sql: "CREATE TABLE t (x); INSERT INTO t VALUES (1);", says: "another program"),
        Foreign(
            name: "another program's with an id", sql: "PRAGMA application_id = 7; CREATE TABLE t (x);",
            says: "another program"),
        Foreign(
            name: "another program's in WAL mode",
            sql: "PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1);", says: "another program"),
        Foreign(
            name: "a newer version's",
            sql: "PRAGMA application_id = 1412706355; PRAGMA user_version = 99; CREATE TABLE t (x);", says: "newer"),
        Foreign(
            name: "no database", sql: nil, bytes: Array("Dear reader, this is no database at all.\n".utf8),
            says: "not an SQLite database"),
        Foreign(name: "a cut database", sql: nil, bytes: Array("SQLite format 3\0".utf8), says: "trail403.sqlite"),
    ])
    func `A file of another program is left as it is`(test: Foreign) throws {
        let folder = try ScratchFolder()
        try folder.write("good.json", SampleRecord.file([SampleRecord.denied(1)]))
        let path = folder.path("trail403.sqlite")
        if let sql = test.sql {
            guard try SQLiteShell.run(sql, database: path) else { return }
        } else {
            try folder.write("trail403.sqlite", test.bytes)
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        for arguments in [["ingest", "good.json"], ["analyze", "good.json"], ["report"], ["status"]] {
            let result = try Program.run(arguments, in: folder.path)
            #expect(
                result.status == 1 && result.errors.contains(test.says),
                "\(arguments): \(result.status) \(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
            #expect(result.output.isEmpty)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "\(arguments)")
        }
        let left = try Self.listing(folder)
        #expect(left == ["good.json", "trail403.sqlite"], "\(left)")
    }

    @Test func `A folder is no database, and an empty file is filled`() throws {
        let folder = try ScratchFolder()
        try folder.write("good.json", SampleRecord.file([SampleRecord.denied(1)]))
        try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: true)
        for arguments in [["ingest", "good.json"], ["report"], ["sql", "SELECT 1"]] {
            let result = try Program.run(arguments + ["--database", "folder"], in: folder.path)
            #expect(result.status == 1 && result.errors.contains("is a folder, not a database"), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        }
        try folder.write("empty.db", "")
        let report = try folder.run("report", "--database", "empty.db")
        #expect(report.status == 1 && report.errors.contains("empty"), "\(report.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path("empty.db"))).isEmpty)
        // What a crash right after the file was made leaves behind.
        #expect(try folder.run("ingest", "good.json", "--database", "empty.db").status == 0)
        #expect(try folder.rows("SELECT count(*) FROM event", database: "empty.db") == [["1"]])
    }

    private static func listing(_ folder: ScratchFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }
}

/// Runs SQL with the means of the machine, `sqlite3` or Python's module.
enum SQLiteShell {
    /// Whether it ran; false, with a word, where the machine has neither.
    static func run(_ sql: String, database: String) throws -> Bool {
        for shell in ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"]
        where FileManager.default.isExecutableFile(atPath: shell) {
            // Written anew, the file bears no checksums that another program's changes would belie.
            return try Program.run(shell, [database, sql + "; VACUUM"], in: "/").status == 0
        }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") else {
            print("skipped: there is neither sqlite3 nor python3")
            return false
        }
        let script =
            "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\nc.executescript(sys.argv[2])\nc.commit()\nc.execute('VACUUM')\nc.close()"
        return try Program.run("/usr/bin/python3", ["-c", script, database, sql], in: "/").status == 0
    }
}

/// Runs the program as somebody whom file rights bind: as root, `nobody`.
struct Unprivileged {
    private let folder: String
    private let prefix: [String]

    /// `nil`, with a word, where there is no such user to be had. The folder becomes theirs.
    init?(owning folder: ScratchFolder) throws {
        self.folder = folder.path
        guard geteuid() == 0 else {
            prefix = []
            return
        }
        let setpriv = "/usr/bin/setpriv"
        let asNobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups", Program.binary.path]
        guard FileManager.default.isExecutableFile(atPath: setpriv) else {
            print("skipped: rights do not bind root, and there is no setpriv")
            return nil
        }
        guard try Program.run(setpriv, asNobody + ["--version"], in: "/").status == 0 else {
            print("skipped: nobody may not run \(Program.binary.path)")
            return nil
        }
        guard try Program.run("/bin/chown", ["-R", "65534:65534", folder.path], in: "/").status == 0 else {
            print("skipped: the scratch folder cannot be given away")
            return nil
        }
        prefix = [setpriv] + asNobody
    }

    func callAsFunction(_ arguments: [String]) throws -> Program.Result {
        if let first = prefix.first { return try Program.run(first, prefix.dropFirst() + arguments, in: folder) }
        return try Program.run(arguments, in: folder)
    }
}
