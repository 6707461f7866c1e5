import Foundation
import TestSupport
import Testing

/// `trail403 sql`: what it answers, what it refuses, how it prints.
@Suite struct SQLTests {
    /// A database of the sample archive that all tests of this file read.
    static let sample: Result<String, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trail403-sql-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let archive = Program.projectFolder.appendingPathComponent("SampleTrails").path
        _ = try Program.run(["ingest", archive], in: folder)
        return folder
    }

    static let refused = [
        "ATTACH 'other.sqlite' AS other", "VACUUM", "VACUUM INTO 'copy.sqlite'", "SELECT load_extension('x')",
        "PRAGMA journal_mode = DELETE", "PRAGMA user_version = 7", "PRAGMA writable_schema = ON",
        "PRAGMA query_only = OFF",
        "PRAGMA temp_store_directory = '/tmp'", "INSERT INTO logFile (path, kind) VALUES ('x', 'y')",
        "DELETE FROM eventRow",
        "UPDATE eventRow SET eventID = 'x'", "DROP TABLE eventRow", "DROP VIEW event", "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)", "CREATE TEMP VIEW v AS SELECT 1", "CREATE VIRTUAL TABLE t USING fts5(x)", "REINDEX",
        "ANALYZE",
        "BEGIN IMMEDIATE", "DETACH main", "SAVEPOINT s", "SELECT 1; DELETE FROM eventRow",
        "WITH x AS (SELECT 1) INSERT INTO logFile (path) SELECT * FROM x", "ALTER TABLE eventRow ADD COLUMN x",
        "SELECT writefile('x', 'y')", "SELECT readfile('/etc/passwd')", "SELECT edit('x')",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA mmap_size = 0; SELECT 1", "SELECT fts3_tokenizer('simple', x'00')",
    ]

    @Test(arguments: [
        ("SELECT * FROM denials", "denial"), ("SELECT g.principl FROM denialGroup g", "principal"),
        ("SELECT count(*) FROM event WHERE eventNmae = 'x'", "eventName"),
    ]) func `A mistyped name is answered with the one that was meant`(_ query: String, _ name: String) throws {
        let run = try Program.run(["sql", query], in: Self.sample.get())
        #expect(run.status == 1 && run.errors.contains("did you mean `\(name)`?"), "\(run.errors)")
    }

    @Test func `A column of another table is answered with that table`() throws {
        let run = try Program.run(["sql", "SELECT incidentID FROM denialGroup"], in: Self.sample.get())
        #expect(run.status == 1 && run.errors.contains("`incidentID` is a column of `diagnosis`"), "\(run.errors)")
    }

    @Test(arguments: refused) func `What could write, reach another file or load code is refused`(_ query: String)
        throws
    {
        let folder = try Self.sample.get()
        let files = try Set(FileManager.default.contentsOfDirectory(atPath: folder))
        let run = try Program.run(["sql", query], in: folder)
        #expect(run.status == 1 && run.errors.hasPrefix("trail403: "), "\(run.status) \(run.output) \(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
        let left = try Set(FileManager.default.contentsOfDirectory(atPath: folder)).subtracting(files)
        #expect(left.allSatisfy { $0.hasSuffix("-wal") || $0.hasSuffix("-shm") }, "\(left)")
    }

    static let allowed = [
        "PRAGMA table_info(event)", "PRAGMA table_list", "PRAGMA integrity_check",
        "EXPLAIN QUERY PLAN SELECT * FROM event",
        "SELECT name FROM sqlite_master",
        "SELECT json_extract(record, '$.eventName') FROM event WHERE record IS NOT NULL LIMIT 1",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5) SELECT sum(x) FROM n",
        "PRAGMA user_version",
        "SELECT eventname, errorcode FROM EVENT LIMIT 1; SELECT 2", "VALUES (1), (2)",
        // An SQL comment is no option.
        "-- who?\nSELECT 1", "--\twho?\nSELECT 1",
    ]

    @Test(arguments: allowed) func `What only reads is answered`(_ query: String) throws {
        let run = try Program.run(["sql", query], in: Self.sample.get())
        #expect(run.status == 0 && run.errors.isEmpty && !run.output.isEmpty, "\(run.errors)")
    }

    struct Format: Sendable, CustomTestStringConvertible {
        var name: String
        var output: String
        var testDescription: String { name }
    }

    static let formats = [
        Format(
            name: "table",
            output: "n  text    absent\n-  ------  ------\n1  a|b,\"c  \n2  =1+1    \n"),
        Format(name: "csv", output: "n,text,absent\r\n1,\"a|b,\"\"c\",\r\n2,'=1+1,\r\n"),
        Format(
            name: "json",
            output:
                "[\n {\"n\":1,\"text\":\"a|b,\\\"c\",\"absent\":null},\n {\"n\":2,\"text\":\"=1+1\",\"absent\":null}\n]\n"
        ),
        Format(
            name: "jsonl",
            output: "{\"n\":1,\"text\":\"a|b,\\\"c\",\"absent\":null}\n{\"n\":2,\"text\":\"=1+1\",\"absent\":null}\n"),
        Format(
            name: "markdown",
            output: "| n | text | absent |\n| --- | --- | --- |\n| 1 | a\\|b,\"c |  |\n| 2 | =1+1 |  |\n"),
    ]

    @Test(arguments: formats) func `Rows are printed in every format`(_ format: Format) throws {
        let query = #"SELECT 1 AS n, 'a|b,"c' AS text, NULL AS absent UNION ALL SELECT 2, '=1+1', NULL"#
        let run = try Program.run(["sql", "--format", format.name, query], in: Self.sample.get())
        #expect(run.status == 0)
        #expect(run.output == format.output)
    }

    @Test func `A query comes from an argument, a file or standard input`() throws {
        let folder = try Self.sample.get()
        let scratch = try ScratchFolder()
        let file = try scratch.write("q.sql", "-- a comment\nSELECT 42 AS answer;\n")
        for (arguments, input) in [
            (["SELECT 42 AS answer"], ""), (["--file", file], ""), ([], "SELECT 42 AS answer"),
        ] {
            let run = try Program.run(["sql"] + arguments, in: folder, input: Data(input.utf8))
            #expect(run.output == "answer\r\n42\r\n")
        }
        #expect(try Program.run(["sql", "--file", "no-such-file"], in: folder).status == 1)
        #expect(try Program.run(["sql"], in: folder).errors.contains("there is no SQL statement to run"))
    }

    @Test func `A query that takes too long, or too many rows, is stopped`() throws {
        let folder = try Self.sample.get()
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        let slow = try Program.run(["sql", "--timeout", "0.2", endless], in: folder)
        #expect(slow.status == 1 && slow.errors.contains("--timeout"))
        let many = try Program.run(["sql", "--limit", "2", "SELECT eventID FROM event"], in: folder)
        #expect(many.status == 0 && many.output.split(separator: "\r\n").count == 3)
        #expect(many.errors.contains("only the first 2 rows"))
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var query: String
        var words: String
        var testDescription: String { query }
    }

    static let refusals = [
        Refusal(query: "DELETE FROM eventRow", words: "changing `eventRow` is not allowed here"),
        Refusal(query: "DROP TABLE eventRow", words: "not allowed here: the database is open read-only"),
        Refusal(query: "VACUUM", words: "only statements that read are allowed here"),
        Refusal(query: "ATTACH 'x' AS y", words: "other databases cannot be attached here: attach them in `sqlite3`"),
        Refusal(query: "BEGIN", words: "transactions are not available here"),
        Refusal(
            query: "PRAGMA journal_mode = DELETE",
            words: "`PRAGMA journal_mode` is not allowed here: only PRAGMAs that read are"),
        Refusal(query: "PRAGMA user_version = 3", words: "`PRAGMA user_version` is not allowed to set a value here"),
        Refusal(
            query: "SELECT fts3_tokenizer('simple')",
            words: "the function `fts3_tokenizer` is not allowed here: SQLite's core"),
        Refusal(query: "SELECT zeroblob(999999999)", words: "take a part of the value with substr()"),
        Refusal(
            query: "SELECT json_array_length('[' || replace(hex(zeroblob(7000000)), '00', '1,') || '1]')",
            words: "needs more memory than the 96 MB"),
    ]

    @Test(arguments: refusals) func `What is refused is told in our words, with what to do`(_ refusal: Refusal) throws {
        let run = try Program.run(["sql", refusal.query], in: Self.sample.get())
        #expect(run.status == 1 && run.errors.contains(refusal.words), "\(run.errors)")
    }

    @Test(arguments: [
        "SELECT 'first' UNION ALL SELECT instr(hex(zeroblob(6000000)), hex(zeroblob(2500000)) || '1')",
        "SELECT 'first' UNION ALL SELECT length(replace(hex(zeroblob(6000000)), hex(zeroblob(2500000)) || '1', ''))",
    ])
    func `One function that does not end is stopped with the process, and what was printed is whole`(_ query: String)
        throws
    {
        let run = try Program.run(["sql", "--timeout", "0.2", query], in: Self.sample.get())
        #expect(
            run.status == 1
                && run.errors == "trail403: the query reached its time limit: raise it with --timeout SECONDS\n",
            "\(run)")
        #expect(run.output.hasSuffix("first\r\n"), "\(run.output)")
    }

    @Test(arguments: ["csv", "json", "jsonl", "markdown", "table"])
    func `A blob is printed in pieces`(_ format: String) throws {
        let folder = try Self.sample.get()
        let small = try Program.run(["sql", "--format", format, "SELECT x'000fa0ff' AS b, 1 AS n"], in: folder)
        #expect(small.output.contains("000fa0ff") && small.output.contains("1"))
        // The address space is bounded to less than the eighth copy of the value.
        let bound = isSanitized ? "" : "ulimit -v 1000000; "
        let query = "SELECT zeroblob(30000000) AS b"
        let run = try Program.run(
            "/bin/sh",
            ["-c", "\(bound)\"$0\" sql --format \(format) \"$1\" | wc -c", Program.binary.path, query],
            in: folder)
        let count = Int(run.output.filter(\.isNumber)) ?? 0
        #expect(run.errors.isEmpty && (format == "table" ? count > 80 : count > 60_000_000), "\(run)")
    }

    @Test func `Ctrl-C stops a query`() throws {
        let folder = try Self.sample.get()
        let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        // The process's own number is what the signal is sent to; its exit status is the shell's.
        let run = try Program.run(
            "/bin/sh",
            [
                "-c", "\"$0\" sql --timeout 30 \"$1\" & pid=$!; sleep 1; kill -TERM $pid; wait $pid",
                Program.binary.path, endless,
            ],
            in: folder)
        #expect(run.status == 143, "\(run.status) \(run.errors)")
    }

    @Test func `Without a query on a terminal there is a prompt`() throws {
        let script = "/usr/bin/script"
        guard FileManager.default.isExecutableFile(atPath: script) else {
            print("skipped: a terminal for the prompt needs script")
            return
        }
        let lines = """
            SELECT 41
            + 1;
            DELETE FROM eventRow;
            ATTACH 'x.db' AS x;
            SELECT FROM;
            .trace trail403.sqlite
            .schema denial
            WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
            SELECT 'still' || ' here';
            .quit

            """
        let run = try Program.run(
            script, ["-qec", "'\(Program.binary.path)' sql --limit 3", "/dev/null"], in: Self.sample.get(),
            input: Data(lines.utf8))
        #expect(run.output.contains("42") && run.output.contains("read-only"), "\(run.output)")
        #expect(run.output.contains("authorizationID") && run.output.contains("still here"), "\(run.output)")
        #expect(run.output.contains("only the first 3 rows") && !run.output.contains("103"), "\(run.output)")
        let after = try Program.run(["sql", "SELECT count(*) > 3000 FROM event"], in: Self.sample.get())
        #expect(after.output.contains("1"), "\(after.errors)")
    }

    @Test func `Arrays of a record are unnested, and nothing is written by that way`() throws {
        let folder = try Self.sample.get()
        let run = try Program.run(["sql", "--format", "csv", "SELECT value FROM json_each('[17, 4]')"], in: folder)
        #expect(run.status == 0 && run.output == "value\r\n17\r\n4\r\n", "\(run.errors)")
        for query in [
            "UPDATE sqlite_master SET sql = ''", "DELETE FROM sqlite_master", "UPDATE eventRow SET eventID = 'x'",
            "CREATE TABLE x (y)", "CREATE TEMP TABLE x (y)",
        ] {
            let run = try Program.run(["sql", query], in: folder)
            #expect(run.status == 1 && run.output.isEmpty, "\(query)")
        }
    }
}
