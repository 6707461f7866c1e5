import Foundation
import GRDB
import TestSupport
import Testing

/// What commands that read tell of a database in a folder that they cannot write, and that they write nothing.
@Suite struct ReadingInPlaceTests {
    /// A database in the folder `ro` whose file holds one denial, and its log 48 more.
    private static func writeDatabase(_ folder: ScratchFolder) throws {
        try folder.write("a.json", SampleRecord.file([SampleRecord.denied(1)]))
        try folder.write("b.json", SampleRecord.file((2...49).map { SampleRecord.denied($0) }))
        #expect(try folder.run("ingest", "a.json", "--database", "t.db").status == 0)
        let reader = try DatabaseQueue(path: folder.path("t.db"))
        // A reader of the old state keeps what follows in the log.
        try reader.inDatabase { db in
            try db.execute(sql: "BEGIN; SELECT count(*) FROM sqlite_master")
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM denialRow")
            #expect(try folder.run("ingest", "b.json", "--database", "t.db").status == 0)
            try FileManager.default.createDirectory(atPath: folder.path("ro"), withIntermediateDirectories: true)
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(
                    atPath: folder.path("t.db\(suffix)"), toPath: folder.path("ro/t.db\(suffix)"))
            }
            try db.execute(sql: "ROLLBACK")
        }
        try reader.close()
    }

    private static func names(_ folder: ScratchFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path("ro")).sorted()
    }

    @Test(arguments: ["report", "status", "sql", "explain"])
    func `What the log holds is told, where the folder cannot be written`(_ command: String) throws {
        let folder = try ScratchFolder()
        try Self.writeDatabase(folder)
        chmod(folder.path("ro"), 0o555)
        defer { chmod(folder.path("ro"), 0o755) }
        let before = try Self.names(folder).map { try Data(contentsOf: folder.url.appendingPathComponent("ro/\($0)")) }
        let group = try folder.rows("SELECT id FROM denialGroup", database: "t.db").joined().joined()
        let arguments = ["sql": "SELECT count(*) FROM denial", "explain": group][command].map { [$0] } ?? []
        guard let run = try Unprivileged(owning: folder) else { return }
        let result = try run([command] + arguments + ["--database", "ro/t.db"])
        #expect(result.status == 0 && result.errors.isEmpty && result.output.contains("49"), "\(result)")
        #expect(try Self.names(folder) == ["t.db", "t.db-wal"])
        #expect(
            try Self.names(folder).map { try Data(contentsOf: folder.url.appendingPathComponent("ro/\($0)")) } == before
        )
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Prepares the folder `ro`, in a shell.
        var script: String
        /// The denials that are told; `nil` for a refusal.
        var denials: Int?
        /// What a refusal says.
        var words = ""
        var testDescription: String { name }
    }

    static let cases = [
        // The last commit is that of the diagnoses.
        Case(name: "a log that ends within its last commit", script: "truncate -s -100 t.db-wal", denials: 49),
        Case(name: "a log cut to its header", script: "truncate -s 32 t.db-wal", denials: 1),
        Case(name: "an empty log", script: ": > t.db-wal", denials: 1),
        Case(name: "no log", script: "rm t.db-wal", denials: 1),
        Case(name: "a log of noise", script: "head -c 100000 /dev/urandom > t.db-wal", denials: 1),
        Case(name: "a log with more behind it", script: "head -c 100000 /dev/zero >> t.db-wal", denials: 49),
        Case(name: "a log of 20 GB, nearly all of it a hole", script: "truncate -s 20G t.db-wal", denials: 49),
        Case(
            name: "a link as its log", script: "mv t.db-wal x; ln -s x t.db-wal", denials: nil,
            words: "not a regular file"
        ),
        Case(
            name: "a pipe as its log", script: "rm t.db-wal; mkfifo t.db-wal", denials: nil, words: "not a regular file"
        ),
        Case(
            name: "a folder as its log", script: "rm t.db-wal; mkdir t.db-wal", denials: nil,
            words: "not a regular file"),
        Case(
            name: "a log that may not be read", script: "chmod 000 t.db-wal", denials: nil,
            words: "cannot read `ro/t.db-wal`"),
        Case(
            name: "a hot journal", script: "rm t.db-wal; head -c 4096 t.db > t.db-journal", denials: nil,
            words: "was cut short"),
        Case(
            name: "a journal that is done with", script: "rm t.db-wal; head -c 4096 /dev/zero > t.db-journal",
            denials: 1),
    ]

    @Test(arguments: cases) func `Whatever stands beside it, nothing is told that the log would change`(_ item: Case)
        throws
    {
        let folder = try ScratchFolder()
        try Self.writeDatabase(folder)
        let script = try Program.run("/bin/sh", ["-ec", item.script], in: folder.path("ro"))
        #expect(script.status == 0, "\(script.errors)")
        chmod(folder.path("ro"), 0o555)
        defer { chmod(folder.path("ro"), 0o755) }
        guard let run = try Unprivileged(owning: folder) else { return }
        let result = try run(["sql", "SELECT count(*) FROM denial", "--database", "ro/t.db"])
        if let denials = item.denials {
            #expect(result.status == 0 && result.output == "count(*)\r\n\(denials)\r\n", "\(result)")
        } else {
            #expect(result.status == 1 && result.output.isEmpty && result.errors.contains(item.words), "\(result)")
        }
    }

    @Test func `The log of another database never ends in a signal or a wrong count of ours`() throws {
        let folder = try ScratchFolder()
        try Self.writeDatabase(folder)
        let other = try DatabaseQueue(path: folder.path("other.db"))
        try other.writeWithoutTransaction { db in
            try db.execute(
                sql:
                    "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x); INSERT INTO t VALUES (randomblob(90000))"
            )
            try FileManager.default.removeItem(atPath: folder.path("ro/t.db-wal"))
            try FileManager.default.copyItem(atPath: folder.path("other.db-wal"), toPath: folder.path("ro/t.db-wal"))
        }
        chmod(folder.path("ro/t.db-wal"), 0o444)
        chmod(folder.path("ro"), 0o555)
        defer { chmod(folder.path("ro"), 0o755) }
        guard let run = try Unprivileged(owning: folder) else { return }
        let result = try run(["report", "--database", "ro/t.db"])
        #expect(result.status == 1 && result.output.isEmpty && !result.errors.isEmpty, "\(result)")
    }

    @Test func `An ingest waits while such a database is read, and a report while it is written`() throws {
        let folder = try ScratchFolder()
        try Self.writeDatabase(folder)
        chmod(folder.path("ro"), 0o555)
        defer { chmod(folder.path("ro"), 0o755) }
        guard let run = try Unprivileged(owning: folder) else { return }
        let descriptor = open(folder.path("ro/t.db"), O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let lock = descriptor
        let thread = Thread {
            usleep(700_000)
            flock(lock, LOCK_UN)
        }
        thread.start()
        let result = try run(["sql", "SELECT count(*) FROM denial", "--database", "ro/t.db"])
        #expect(result.output == "count(*)\r\n49\r\n", "\(result)")
    }

    @Test func `A database that another program has changed is read and told of, and not written`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file((1...3).map { SampleRecord.denied($0) }))
        #expect(try folder.run("ingest", "a.json").status == 0)
        let edit = """
            import sqlite3
            db = sqlite3.connect("trail403.sqlite")
            db.execute("CREATE TRIGGER sweep AFTER INSERT ON denialRow BEGIN DELETE FROM denialRow; END")
            db.commit()
            """
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3", "-c", edit]
        python.currentDirectoryURL = folder.url
        try python.run()
        python.waitUntilExit()
        guard python.terminationStatus == 0 else { return print("skipped: there is no python3 with SQLite") }
        for arguments in [["report"], ["sql", "SELECT denials FROM denialGroup"]] {
            let result = try Program.run(arguments, in: folder.path)
            #expect(result.status == 2 && result.output.contains("3"), "\(result)")
            #expect(result.errors.contains("`trigger sweep`") && result.errors.contains("VACUUM"), "\(result.errors)")
        }
        let refused = try folder.run("ingest", "a.json")
        #expect(refused.status == 1 && refused.errors.contains("`trigger sweep`"), "\(refused)")
    }

    @Test func `A name that looks like a URI is a name`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file([SampleRecord.denied(1)]))
        let name = "file:t.db?mode=memory"
        #expect(try folder.run("ingest", "a.json", "--database", name).status == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path(name)))
        #expect(try folder.run("sql", "SELECT count(*) FROM denial", "--database", name).output == "count(*)\r\n1\r\n")
    }

    @Test func `An older database is read as it lies, and a trigger in it does nothing`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file((1...3).map { SampleRecord.denied($0) }))
        #expect(try folder.run("ingest", "a.json").status == 0)
        let queue = try DatabaseQueue(path: folder.path("trail403.sqlite"))
        try queue.inDatabase { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER sweep AFTER INSERT ON logFile BEGIN DELETE FROM denialRow; END;
                    CREATE TRIGGER names AFTER DELETE ON changeName BEGIN DELETE FROM denialRow; END;
                    INSERT INTO changeName VALUES ('x', 1);
                    PRAGMA user_version = 7;
                    VACUUM;
                    """)
        }
        try queue.close()
        let before = try Data(contentsOf: folder.url.appendingPathComponent("trail403.sqlite"))
        for arguments in [["report"], ["status"], ["sql", "SELECT denials FROM denialGroup"]] {
            let result = try Program.run(arguments, in: folder.path)
            #expect(result.status == 0 && result.output.contains("3"), "\(result)")
            #expect(
                result.errors.contains("`trigger sweep`") && result.errors.contains("ingest --migrate"),
                "\(result.errors)")
        }
        for arguments in [
            ["ingest", "a.json"], ["ingest", "--migrate"], ["analyze", "a.json"], ["prune", "--before", "2020-01-01"],
            ["report", "--new-since-last", "x"],
        ] {
            let result = try Program.run(arguments, in: folder.path)
            #expect(result.status == 1 && result.errors.contains("`trigger names`"), "\(arguments): \(result)")
        }
        #expect(try Data(contentsOf: folder.url.appendingPathComponent("trail403.sqlite")) == before)
        try DatabaseQueue(path: folder.path("trail403.sqlite")).inDatabase {
            try $0.execute(sql: "DROP TRIGGER sweep; DROP TRIGGER names; VACUUM")
        }
        let migrated = try folder.run("ingest", "--migrate")
        #expect(migrated.status == 0 && migrated.errors.contains("up to date"), "\(migrated)")
        #expect(try folder.run("report").errors.isEmpty)
    }
}
