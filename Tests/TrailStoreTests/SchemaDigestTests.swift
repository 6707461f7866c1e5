import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

/// The schemas of all released versions, as SQL in Data.
enum ReleasedSchema {
    static let names = ["1", "2", "2b", "3", "3b", "4", "5", "6", "6b", "6c", "6d", "7", "8"]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Data")

    static func sql(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent("schema-\(name).sql"), encoding: .utf8)
    }

    /// Rows that every version can hold: one role that was refused twice and has succeeded before, a change, and two kept records.
    static let rows = """
        INSERT INTO text (id, value) VALUES (1, 'arn:aws:iam::111122223333:role/mailer'), (2, 'us-east-1'), (3, '111122223333'),
            (4, '192.0.2.1'), (5, 'aws-sdk'), (6, 'AccessDenied'), (7, 'AssumedRole'), (8, '1.09');
        INSERT INTO identity (id, hash, type, arn, accountId, sessionIssuerArn, foldedPrincipalID) VALUES
            (1, 11, 'AssumedRole', 'arn:aws:sts::111122223333:assumed-role/mailer/i-1', '111122223333',
             'arn:aws:iam::111122223333:role/mailer', 1);
        INSERT INTO operation (id, eventSource, eventName, eventType, eventCategory, readOnly, managementEvent, action) VALUES
            (1048576, 'mobiletargeting.amazonaws.com', 'SendMessages', 'AwsApiCall', 'Data', 0, 0, 'mobiletargeting:SendMessages'),
            (1, 'iam.amazonaws.com', 'DetachRolePolicy', 'AwsApiCall', 'Management', 0, 1, 'iam:DetachRolePolicy');
        INSERT INTO logFile (id, path, kind, size, records, stored, duplicates, skipped, ingestedAt) VALUES
            (1, '/trails/a.json', 'CloudTrail', 100, 4, 4, 0, 0, '2026-11-02T00:00:00Z');
        INSERT INTO ingestIssue (logFileID, path, code, message) VALUES (1, '/trails/a.json', 'bad-json', 'no JSON');
        INSERT INTO eventRow (key, eventTime, eventID, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID,
            errorCodeID, logFileID, errorMessage) VALUES
            (1793491200 << 31 | 1, '2026-11-01T00:00:00Z', 'e-1', 1, 1048576, 2, 3, 4, 5, NULL, 1, NULL),
            (1793494800 << 31 | 2, '2026-11-01T01:00:00Z', 'e-2', 1, 1, 2, 3, 4, 5, NULL, 1, NULL),
            (1793498400 << 31 | 3, '2026-11-01T02:00:00Z', 'e-3', 1, 1048576, 2, 3, 4, 5, 6, 1, 'is not authorized'),
            (1793502000 << 31 | 4, '2026-11-01T03:00:00Z', 'e-4', 1, 1048576, 2, 3, 4, 5, 6, 1, 'is not authorized');
        INSERT INTO record (key, json) VALUES (1793498400 << 31 | 3, '{"eventID":"e-3"}');
        INSERT INTO denialGroupRow (id, publicID, principal, action, reason, category, effect, policyType) VALUES
            (1, 'c0ffee000001', 'arn:aws:iam::111122223333:role/mailer', 'mobiletargeting:SendMessages',
             'missing-allow:identity-based', 'authorization', 'implicit', 'identity-based');
        INSERT INTO denialRow (key, groupID, operationID, identityID, principalTypeID, regionID, accountID, sourceIPAddressID,
            userAgentID, errorCodeID, truncated, encodedMessage) VALUES
            (1793498400 << 31 | 3, 1, 1048576, 1, 7, 2, 3, 4, 5, 6, 0, 0),
            (1793502000 << 31 | 4, 1, 1048576, 1, 7, 2, 3, 4, 5, 6, 0, 0);
        INSERT INTO permissionChangeRow (key, targetType, target, policyARN) VALUES
            (1793494800 << 31 | 2, 'role', 'mailer', 'arn:aws:iam::111122223333:policy/Send');
        INSERT INTO usage VALUES (1, 1048576, 2, 3, 3, 1, 2, 1793491200, 1793491200), (1, 1, 2, 3, 1, 1, 0, 1793494800, 1793494800);
        INSERT INTO activity VALUES (498192, 2, 3, 8, 4);
        INSERT INTO sessionRow (accessKeyId, key) VALUES ('ASIAEXAMPLE', 1793494800 << 31 | 2);
        """

    /// A database of a released version, closed, with those rows.
    static func database(_ name: String, in folder: ScratchFolder, also sql: String = "") throws -> String {
        let path = folder.path("v\(name).sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: Self.sql(name) + rows + sql)
        }
        try queue.close()
        return path
    }
}

/// What reports and `status` read of a database.
func facts(_ database: TrailDatabase) throws -> String {
    var filter = ReportFilter()
    filter.includesAWSServices = true
    let everything = ChangeSelection(names: { _ in ["mailer"] }, furtherNames: { _ in [] })
    let report = try database.reportFacts(filter, changes: everything)
    return try "\(report)\n\(database.statusFacts())"
}

@Suite("The schemas of released versions")
struct SchemaDigestTests {
    @Test("The digests in the code are those of the schemas in Data")
    func digests() throws {
        var titles: [String: (title: String, first: String, last: String)] = [:]
        for name in ReleasedSchema.names {
            let queue = try DatabaseQueue()
            let version = String(name.prefix(1))
            try queue.inDatabase { db in
                try db.execute(sql: ReleasedSchema.sql(name))
                for object in try SchemaAudit.objects(db) {
                    titles[object.digest] = (object.title, titles[object.digest]?.first ?? version, version)
                }
            }
        }
        let file = ReleasedSchema.folder.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("Sources/TrailStore/Schema/KnownObjects.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        let lines = titles.map { digest, entry in
            let versions = entry.first == entry.last ? entry.first : "\(entry.first) to \(entry.last)"
            return (
                key: "\(entry.title), \(entry.first)",
                line: "        \"\(digest)\",  // \(entry.title), version \(versions)"
            )
        }.sorted { $0.key < $1.key }.map(\.line)
        let head = try #require(source.range(of: "static let digests: Set<String> = [\n"))
        let expected = source[..<head.upperBound] + lines.joined(separator: "\n") + "\n    ]\n}\n"
        if source != expected, ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try String(expected).write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            source == expected,
            """
            A released schema is fixed: when a version is released, put what `sqlite3 FILE .schema` tells of it into \
            Data/schema-N.sql, and run this test with UPDATE_GOLDEN=1. The version at work needs nothing: its digests are \
            taken from what it lays out.
            """)
        #expect(Set(titles.keys) == KnownObjects.digests)
    }

    @Test("Blanks do not matter, and words and quotes do")
    func normalizing() {
        #expect(
            SchemaObject.normalized("CREATE TABLE t (\n  a  TEXT,\tb INTEGER\n , c)")
                == SchemaObject.normalized("CREATE TABLE t(a TEXT, b INTEGER, c )"))
        for other in [
            "CREATE TABLE t(aTEXT, b INTEGER, c)", "CREATE TABLE t(a TEXT, b, c)",
            "CREATE TABLE T(a TEXT, b INTEGER, c)",
        ] {
            #expect(SchemaObject.normalized(other) != SchemaObject.normalized("CREATE TABLE t(a TEXT, b INTEGER, c)"))
        }
        #expect(SchemaObject.normalized("x 'a  b'") != SchemaObject.normalized("x 'a b'"))
        #expect(SchemaObject.normalized("x [a  b]") != SchemaObject.normalized("x [a b]"))
    }

    @Test(
        "An older database is read without being changed, and tells what it tells once it is migrated",
        arguments: ReleasedSchema.names)
    func older(name: String) throws {
        let folder = try ScratchFolder()
        let path = try ReleasedSchema.database(name, in: folder)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let database = try TrailDatabase.openForReading(path)
        let told = try facts(database)
        #expect(told.contains("c0ffee000001") && told.contains("DetachRolePolicy"))
        #expect(database.remarks.count == 1 && database.remarks.allSatisfy { $0.contains("--migrate") })
        try database.close()
        var counted: [[SQLValue]] = []
        let sink = ReadOnlyQuery.Sink(
            columns: { _ in },
            row: { row in
                counted.append(row)
                return true
            })
        try ReadOnlyQuery(path: path).run("SELECT denials FROM denialGroup", into: sink)
        #expect(counted == [[.integer(2)]])
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy {
                $0.hasPrefix("v\(name).sqlite")
            })

        try TrailDatabase.openForWriting(path).close()
        let migrated = try TrailDatabase.openForReading(path)
        #expect(try facts(migrated) == told)
        #expect(migrated.remarks.isEmpty)
        try migrated.close()

        let fresh = try folder.emptyDatabase()
        func schema(_ path: String) throws -> [String] {
            try DatabaseQueue(path: path).inDatabase { db in
                try SchemaAudit.objects(db).sorted().map { "\($0.title): \(SchemaObject.normalized($0.sql))" }
            }
        }
        #expect(try schema(path) == schema(fresh))
    }
}
