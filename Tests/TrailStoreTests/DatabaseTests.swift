import Foundation
import GRDB
import IAMPolicy
import TestSupport
import Testing

@testable import TrailStore

extension ScratchFolder {
    /// The path of an empty database that trail403 laid out.
    func emptyDatabase() throws -> String {
        try TrailDatabase.openForWriting(path + "/t.sqlite").close()
        return path + "/t.sqlite"
    }
}

@Suite struct DatabaseTests {
    /// DESIGN's contract: users' SQL depends on these names.
    static let contract: [(object: String, columns: [String])] = [
        (
            "event",
            [
                "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent",
                "errorCode",
                "errorMessage", "requestID", "eventType", "eventCategory", "readOnly", "managementEvent",
                "recipientAccountId",
                "sharedEventID", "vpcEndpointId", "userIdentityType", "userIdentityArn", "userIdentityAccountId",
                "userIdentityPrincipalId", "userIdentityInvokedBy", "accessKeyId", "sessionIssuerArn",
                "mfaAuthenticated",
                "principal", "record", "logFileID",
            ]
        ),
        (
            "denial",
            [
                "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "accountId", "principal",
                "principalType", "action",
                "resource", "category", "reason", "effect", "policyType", "policyARN", "authorizationID", "truncated",
                "errorCode",
                "errorMessage", "sourceIPAddress", "userAgent", "vpcEndpointId", "invokedBy",
            ]
        ),
        (
            "denialGroup",
            [
                "id", "principal", "action", "reason", "effect", "policyType", "policyARN", "denials", "firstSeen",
                "lastSeen",
                "resources", "accounts",
            ]
        ),
        ("permissionChange", ["eventID", "eventTime", "eventName", "actor", "targetType", "target", "policyARN"]),
        ("logFile", ["path", "kind", "size", "records", "stored", "duplicates", "skipped", "ingestedAt", "sha256"]),
        ("ingestIssue", ["path", "record", "byteOffset", "code", "message"]),
    ]

    @Test(arguments: contract.map(\.object))
    func `A table or view has the columns that users rely on`(object: String) throws {
        let folder = try ScratchFolder()
        let queue = try DatabaseQueue(path: folder.emptyDatabase())
        let columns = try queue.read {
            try String.fetchAll($0, sql: "SELECT name FROM pragma_table_xinfo(?)", arguments: [object])
        }
        let wanted = try #require(Self.contract.first { $0.object == object }?.columns)
        #expect(Set(wanted).isSubset(of: columns), "missing: \(Set(wanted).subtracting(columns).sorted())")
        _ = try queue.read { try Row.fetchAll($0, sql: "SELECT * FROM \(object)") }
    }

    @Test func `A new database is private, ours, and bears its version`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let queue = try DatabaseQueue(path: path)
        #expect(try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == Schema.version)
    }

    @Test func `Sessions of version 5, which were stored by access key, are put in the order of their events`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            for view in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'view'") {
                try db.execute(sql: "DROP VIEW \(view)")
            }
            try db.execute(
                sql: """
                    DROP TABLE sessionRow;
                    CREATE TABLE sessionRow (
                        accessKeyId TEXT PRIMARY KEY,
                        key INTEGER NOT NULL, roleID INTEGER, expiration TEXT, policy TEXT, policyARNs TEXT, tags TEXT,
                        sourceIdentity TEXT
                    ) WITHOUT ROWID;
                    INSERT INTO sessionRow (accessKeyId, key, tags) VALUES ('ASIAA', 9, 'team=mail cost=a=b'), ('ASIAB', 4, NULL);
                    PRAGMA user_version = 5;
                    """)
        }
        try queue.close()
        try TrailDatabase.openForWriting(path).close()
        let rows = try DatabaseQueue(path: path).read { db in
            try Row.fetchAll(db, sql: "SELECT accessKeyId, eventKey, tags FROM session")
                .map { "\($0["accessKeyId"] as String) \($0["eventKey"] as Int64) \($0["tags"] as String? ?? "-")" }
        }
        #expect(rows == ["ASIAB 4 -", #"ASIAA 9 [{"key":"team","value":"mail"},{"key":"cost","value":"a=b"}]"#])
        #expect(try DatabaseQueue(path: path).read { try $0.primaryKey("sessionRow").columns } == ["key"])
    }

    @Test func `A missing database is an error that says what to do, and makes no file`() throws {
        let folder = try ScratchFolder()
        #expect(throws: StoreError(.missing, "")) { try TrailDatabase.openForReading(folder.path + "/none.sqlite") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(arguments: ["text", "other", "newer"])
    func `A file that is not ours is refused and left as it is`(kind: String) throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/x.sqlite"
        var expected = StoreError.Code.foreign
        switch kind {
        case "text":
            try Data(
                "this is a shopping list, and a long one: it goes on for more than a hundred bytes, and holds no table of any kind"
                    .utf8
            )
            .write(to: URL(fileURLWithPath: path))
        case "other": try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        default:
            _ = try TrailDatabase.openForWriting(path).close()
            try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
            expected = .newer
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StoreError(expected, "")) { try TrailDatabase.openForReading(path) }
        #expect(throws: StoreError(expected, "")) { try TrailDatabase.openForWriting(path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
}

@Suite struct ReadOnlyQueryTests {
    private func run(_ sql: String, _ path: String) throws -> [[SQLValue]] {
        var rows: [[SQLValue]] = []
        try ReadOnlyQuery(path: path).run(
            sql,
            into: ReadOnlyQuery.Sink(
                columns: { _ in },
                row: {
                    rows.append($0)
                    return true
                }))
        return rows
    }

    @Test(arguments: [
        "INSERT INTO text (value) VALUES ('x')", "DELETE FROM logFile", "UPDATE logFile SET path = 'x'",
        "DROP TABLE text",
        "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)", "CREATE TEMP VIEW v AS SELECT 1", "ATTACH 'other.sqlite' AS o",
        "VACUUM INTO 'copy.sqlite'", "VACUUM", "REINDEX", "ANALYZE", "PRAGMA user_version = 7",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON", "PRAGMA temp_store_directory = '/'", "SELECT load_extension('x')",
        "BEGIN IMMEDIATE",
        "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA query_only = OFF", "SELECT 1; DELETE FROM text",
    ])
    func `A statement that could write, reach another file or load code is refused`(sql: String) throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        do {
            _ = try run(sql, path)
            Issue.record("\(sql) was run")
        } catch let error as QueryError {
            #expect(error.code == .refused || error.code == .invalid, "\(sql): \(error)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                $0.hasPrefix("copy") || $0.hasPrefix("other")
            }.isEmpty)
    }

    @Test func `Of SQLite's functions, pragmas and tables those are allowed that are on the lists`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let (functions, pragmas) = try DatabaseQueue().inDatabase { db in
            try (
                String.fetchSet(db, sql: "SELECT lower(name) FROM pragma_function_list"),
                String.fetchSet(db, sql: "SELECT name FROM pragma_pragma_list")
            )
        }
        #expect(functions.contains("fts3_tokenizer") && pragmas.contains("writable_schema"))
        for name in functions.subtracting(AllowedSQL.functions) where name.allSatisfy({ $0.isLetter || $0 == "_" }) {
            let error = #expect(throws: QueryError.self) { try run("SELECT \"\(name)\"()", path) }
            #expect(error?.code == .refused || error?.code == .invalid, "\(name)")
        }
        for name in pragmas.subtracting(AllowedSQL.pragmas) {
            for sql in ["PRAGMA \(name)", "PRAGMA \(name) = 1", "SELECT * FROM pragma_\(name)"] {
                let error = #expect(throws: QueryError.self) { try run(sql, path) }
                #expect(error?.code == .refused || error?.code == .invalid, "\(sql)")
            }
        }
        for table in [
            "dbstat", "sqlite_stmt", "sqlite_dbpage", "fts3tokenize('simple')", "bytecode('SELECT 1')",
            "tables_used('SELECT 1')",
        ] {
            let error = #expect(throws: QueryError.self) { try run("SELECT * FROM \(table)", path) }
            #expect(error?.code == .refused || error?.code == .invalid, "\(table)")
        }
    }

    @Test(arguments: [
        "SELECT zeroblob(100000000)", "SELECT hex(zeroblob(20000000))",
        "SELECT replace(hex(zeroblob(9000000)), '0', 'xx')",
        "SELECT group_concat(hex(zeroblob(1000000))) FROM json_each('[\(String(repeating: "1,", count: 30))1]')",
        "SELECT \(String(repeating: "1+", count: 2000))1",
        "SELECT \(String(repeating: "(", count: 300))1\(String(repeating: ")", count: 300))",
        "SELECT 1 \(String(repeating: "UNION ALL SELECT 1 ", count: 600))",
        "SELECT \(String(repeating: "1,", count: 1500))1",
        "SELECT 'x' LIKE '\(String(repeating: "%x", count: 1000))'",
        "SELECT '\(String(repeating: "x", count: 1_000_001))'",
        "SELECT ?999",
    ])
    func `What is too large for a query is an error`(sql: String) throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let error = #expect(throws: QueryError.self) { try run(sql, path) }
        #expect(error?.code == .failed || error?.code == .invalid, "\(error?.description ?? "")")
    }

    @Test func `Questions of all kinds are answered`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        #expect(
            try run("SELECT 1, 2.5, 'x', NULL, x'0aff'", path) == [
                [.integer(1), .real(2.5), .text("x"), .null, .blob([10, 255])]
            ])
        #expect(try run("-- a comment\nSELECT 1; SELECT 2;\n", path) == [[.integer(1)], [.integer(2)]])
        #expect(
            try run(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n",
                path) == [[.integer(6)]])
        #expect(try run("SELECT count(*) FROM event", path) == [[.integer(0)]])
        #expect(try !run("PRAGMA table_info(logFile)", path).isEmpty)
        #expect(throws: QueryError.self) { try run("SELEC 1", path) }
        #expect(throws: QueryError.self) { try run("  -- nothing\n", path) }
    }

    @Test func `A query that takes too long is stopped`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        let sink = ReadOnlyQuery.Sink(columns: { _ in }, row: { _ in true })
        do {
            try ReadOnlyQuery(path: path).run(endless, deadline: ContinuousClock.now + .milliseconds(50), into: sink)
            Issue.record("the query ended by itself")
        } catch let error as QueryError {
            #expect(error.code == .interrupted && error.description.contains("time limit"))
        }
        do {
            try ReadOnlyQuery(path: path).run(endless, isCancelled: { true }, into: sink)
            Issue.record("the query ended by itself")
        } catch let error as QueryError {
            #expect(error.code == .interrupted)
        }
    }

    @Test func `A database without names of changes is given them`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        let record = """
            {"eventSource":"lambda.amazonaws.com","eventName":"UpdateFunctionConfiguration","requestParameters":{
            "functionName":"f","role":"arn:aws:iam::111122223333:role/r"}}
            """
        let raw = try DatabaseQueue(path: path)
        try raw.write { db in
            try db.execute(
                sql: """
                    INSERT INTO permissionChangeRow (key, targetType, target) VALUES (1, 'role', 'mailer'), (2, 'function', 'f'),
                        (3, 'a kind of tomorrow', 'x');
                    INSERT INTO record (key, json) VALUES (2, ?);
                    DROP TABLE changeName;
                    PRAGMA user_version = 5;
                    """, arguments: [record])
        }
        try raw.close()
        try TrailDatabase.openForWriting(path).close()
        let migrated = try DatabaseQueue(path: path)
        let names = try migrated.read { db in
            try Row.fetchAll(db, sql: "SELECT name, key FROM changeName ORDER BY key, name").map {
                "\($0[1] as Int) \($0[0] as String)"
            }
        }
        #expect(
            names == ["1 mailer", "2 arn:aws:iam::111122223333:role/r", "2 f", "2 r", "2 role/r", "3 x"])
        try migrated.close()
    }
}
