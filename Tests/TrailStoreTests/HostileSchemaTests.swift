import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

@Suite("Databases whose schema holds what trail403 did not make")
struct HostileSchemaTests {
    struct Edit: Sendable, CustomTestStringConvertible {
        var name: String
        var sql: String
        /// Whether reports can still tell what they told.
        var isReadable = true
        var testDescription: String { name }
    }

    static let edits = [
        Edit(
            name: "a trigger that deletes denials",
            sql: "CREATE TRIGGER t AFTER INSERT ON logFile BEGIN DELETE FROM denialRow; END"),
        Edit(
            name: "a trigger that hides denials",
            sql: "CREATE TRIGGER t BEFORE INSERT ON denialRow BEGIN SELECT raise(IGNORE); END"),
        Edit(
            name: "a trigger on what a migration writes",
            sql:
                "CREATE TRIGGER t AFTER DELETE ON changeName BEGIN DELETE FROM denialRow; DELETE FROM denialGroupRow; END"
        ),
        Edit(
            name: "a trigger of a view",
            sql: "CREATE TRIGGER t INSTEAD OF INSERT ON denial BEGIN DELETE FROM denialRow; END"),
        Edit(name: "a view of its own", sql: "CREATE VIEW mine AS SELECT * FROM denial"),
        Edit(
            name: "denial without rows", sql: "DROP VIEW denial; CREATE VIEW denial AS SELECT * FROM eventRow WHERE 0"),
        Edit(
            name: "event with other rows",
            sql:
                "DROP VIEW event; CREATE VIEW event AS SELECT key AS eventKey, 'x' AS eventID, 'y' AS principal FROM eventRow"
        ),
        Edit(
            name: "a view that reads a file, if it could",
            sql: "DROP VIEW session; CREATE VIEW session AS SELECT load_extension('/tmp/x.so') AS accessKeyId"),
        Edit(
            name: "a view that never ends",
            sql: """
                DROP VIEW denialTally; CREATE VIEW denialTally AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
                SELECT x AS groupID, 1 AS denials, 1 AS first, 1 AS last, 1 AS resourceID, 1 AS accountID, 1 AS policyARNID FROM n
                """),
        Edit(
            name: "a view in the place of which a table stands",
            sql: "DROP VIEW event; CREATE TABLE event (eventID, eventKey)"),
        Edit(name: "a table of its own", sql: "CREATE TABLE notes (text)"),
        Edit(name: "an index of its own", sql: "CREATE INDEX i ON eventRow (eventTime)"),
        Edit(
            name: "an index with a function",
            sql: "CREATE INDEX i ON eventRow (abs(errorCodeID)) WHERE lower(errorMessage) IS NOT NULL"),
        Edit(
            name: "one of ours over other columns",
            sql: "DROP INDEX identityByHash; CREATE INDEX identityByHash ON identity (type)"),
        Edit(name: "a column more", sql: "ALTER TABLE logFile ADD COLUMN note TEXT"),
        Edit(
            name: "a generated column",
            sql: "ALTER TABLE denialGroupRow ADD COLUMN shown TEXT GENERATED ALWAYS AS (upper(principal)) VIRTUAL"),
        Edit(name: "a virtual table", sql: "CREATE VIRTUAL TABLE words USING fts5(text)"),
        Edit(
            name: "statistics that are none",
            sql:
                "CREATE TABLE x (a); PRAGMA writable_schema = ON; UPDATE sqlite_master SET name = 'sqlite_stat9' WHERE name = 'x'",
            isReadable: false),
        Edit(name: "no table of events", sql: "DROP TABLE eventRow", isReadable: false),
        Edit(
            name: "a view as a table of ours",
            sql: "ALTER TABLE denialRow RENAME TO d; CREATE VIEW denialRow AS SELECT * FROM d WHERE 0",
            isReadable: false),
        Edit(
            name: "a virtual table as a table of ours",
            sql: "DROP TABLE usage; CREATE VIRTUAL TABLE usage USING fts5(principalID)", isReadable: false),
        Edit(name: "a version that never was", sql: "PRAGMA user_version = 0", isReadable: false),
        Edit(name: "a negative version", sql: "PRAGMA user_version = -7", isReadable: false),
        Edit(
            name: "a statement in the schema that is none",
            sql:
                "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE text (' WHERE name = 'text'",
            isReadable: false),
        Edit(
            name: "another statement under a name of ours",
            sql: """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_master SET sql = 'CREATE TABLE record (key INTEGER PRIMARY KEY, json TEXT CHECK (json <> ''x''))'
                WHERE name = 'record'
                """),
    ]

    /// A database of today's version with rows, closed.
    private static func database(in folder: ScratchFolder) throws -> String {
        let path = try ReleasedSchema.database("7", in: folder)
        try TrailDatabase.openForWriting(path).close()
        return path
    }

    private static func apply(_ edits: [Edit], to path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { db in
            for edit in edits { try db.execute(sql: edit.sql) }
        }
        try queue.close()
    }

    private static func expectNotWritten(_ path: String, _ what: String) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        do {
            try TrailDatabase.openForWriting(path).close()
            Issue.record("\(what): written")
        } catch let error as StoreError {
            #expect([.altered, .foreign, .damaged, .sqlite].contains(error.code), "\(what): \(error)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, "\(what)")
    }

    @Test("Nothing is written to it; what can be read is told as it was, with a remark", arguments: edits)
    func edited(edit: Edit) throws {
        let folder = try ScratchFolder()
        let path = try Self.database(in: folder)
        let clean = try TrailDatabase.openForReading(path)
        let told = try facts(clean)
        try clean.close()
        try Self.apply([edit], to: path)
        try Self.expectNotWritten(path, edit.name)
        guard edit.isReadable else {
            #expect(throws: StoreError.self) { try TrailDatabase.openForReading(path) }
            return
        }
        let database = try TrailDatabase.openForReading(path)
        #expect(database.remarks.count == 1 && database.remarks.allSatisfy { $0.contains("did not make") })
        #expect(try facts(database) == told)
        #expect(try database.event(id: "e-3")?.eventID == "e-3")
        try database.close()
    }

    @Test("Nor is an older one, whose triggers do not run while it is read", arguments: ["1", "5", "7"])
    func olderWithTriggers(name: String) throws {
        let folder = try ScratchFolder()
        let clean = try TrailDatabase.openForReading(ReleasedSchema.database(name, in: folder))
        let told = try facts(clean)
        try clean.close()
        let other = try ScratchFolder()
        let path = try ReleasedSchema.database(
            name, in: other,
            also: """
                CREATE TRIGGER "a ""b" AFTER INSERT ON denialGroupRow BEGIN DELETE FROM denialRow; END;
                CREATE TRIGGER u AFTER UPDATE ON sessionRow BEGIN DELETE FROM denialRow; END;
                CREATE VIEW broken AS SELECT * FROM nowhere;
                """)
        try Self.expectNotWritten(path, name)
        let database = try TrailDatabase.openForReading(path)
        #expect(database.remarks.count == 2)
        #expect(try facts(database) == told)
        try database.close()
    }

    @Test("Any mixture of such edits is refused for writing, and read as it was or not at all", arguments: 0..<24)
    func mixtures(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let folder = try ScratchFolder()
        let path = try Self.database(in: folder)
        let clean = try TrailDatabase.openForReading(path)
        let told = try facts(clean)
        try clean.close()
        var applied: [Edit] = []
        for edit in Self.edits.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random)) {
            do {
                try Self.apply([edit], to: path)
                applied.append(edit)
            } catch is DatabaseError {
                // Not on top of the others; what was carried out of it stays.
                applied.append(edit)
                continue
            }
        }
        let names = applied.map(\.name).joined(separator: " + ")
        try Self.expectNotWritten(path, names)
        do {
            let database = try TrailDatabase.openForReading(path)
            #expect(!database.remarks.isEmpty, "\(names)")
            #expect(try facts(database) == told, "\(names)")
            try database.close()
        } catch let error as StoreError {
            #expect([.foreign, .damaged, .sqlite].contains(error.code), "\(names): \(error)")
        }
    }

    @Test("The statistics of ANALYZE are no change")
    func analyzed() throws {
        let folder = try ScratchFolder()
        let path = try Self.database(in: folder)
        try Self.apply([Edit(name: "", sql: "ANALYZE")], to: path)
        try TrailDatabase.openForWriting(path).close()
        #expect(try TrailDatabase.openForReading(path).remarks.isEmpty)
    }
}
