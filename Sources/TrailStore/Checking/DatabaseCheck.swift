import AccessDenial
import Foundation
import GRDB

/// What a check of a whole database found.
public struct CheckFacts: Sendable, Hashable {
    /// What is wrong; empty for a database that is as it was written.
    public var faults: [DatabaseFault] = []
    /// Pages of the file.
    public var pages = 0
    /// Pages that bear a checksum. Those of an older database bear none until `prune` writes them anew.
    public var sumPages = 0

    /// Nothing found.
    public init() {}
}

/// Reads all of a database and compares what can be compared: pages with their checksums, the file's structure, every value with its
/// column, every reference with what it refers to, and every count with what it counts.
public enum DatabaseCheck {
    /// Faults of one kind that are told one by one.
    private static let limit = 20

    /// Checks a database.
    ///
    /// - Throws: ``StoreError`` where it cannot be opened at all; all else is a fault.
    public static func check(_ path: String) throws -> CheckFacts {
        try check(path) { Thread.sleep(forTimeInterval: 0.1) }
    }

    /// The same with a way to wait for a moment, which whoever writes the file meanwhile is given.
    package static func check(_ path: String, pause: () -> Void) throws -> CheckFacts {
        var facts = CheckFacts()
        // Before SQLite opens the file: to close it a second time in one process lets go of SQLite's locks.
        let sums = try PageSums.compare(path, pause: pause)
        (facts.pages, facts.sumPages) = (sums.pages, sums.sumPages)
        facts.faults += sums.wrong.prefix(limit).map { DatabaseFault.page($0) }
        if sums.wrong.count > limit {
            facts.faults.append(DatabaseFault("\(sums.wrong.count - limit) more pages are not"))
        }
        guard facts.faults.isEmpty else { return facts }
        let database = try TrailDatabase.openForReading(path)
        do {
            facts.faults += try database.mapErrors {
                try database.queue.read { db in
                    let faults = try structure(db) + values(db)
                    // What follows counts on what came before.
                    return try faults.isEmpty ? references(db) + counts(db) : faults
                }
            }
        } catch let error as StoreError where error.code == .damaged {
            facts.faults.append(DatabaseFault(error.description))
        }
        try database.close()
        return facts
    }

    /// What SQLite finds: the structure of the file, its indexes, values that must be there.
    private static func structure(_ db: Database) throws -> [DatabaseFault] {
        try RawCursor.all(db, "PRAGMA integrity_check(\(limit))") { try $0.text(0) }
            .filter { $0 != "ok" }.map { DatabaseFault("SQLite: \($0)") }
    }

    private static func values(_ db: Database) throws -> [DatabaseFault] {
        var faults = try ColumnCheck.faults(db, limit: limit)
        try RawCursor.forEach(db, "SELECT id, publicID, principal, action, reason FROM denialGroupRow") { row in
            let (id, publicID) = (try row[0], try row.text(1))
            let ids = DenialGroup.publicIDs(
                principal: try row.text(2), action: try row.text(3), reason: try row.text(4))
            guard !ids.contains(publicID), faults.count < limit else { return }
            faults.append(
                DatabaseFault(
                    table: "denialGroupRow", row: String(id),
                    "`publicID` is not that of the row's principal, action and reason"))
        }
        return faults
    }

    /// A column whose values must be keys of another table; 0 is no reference.
    private struct Reference {
        var table: String
        var column: String
        var target: String
        var key = "id"
    }

    private static let references =
        [
            ("eventRow", ["identityID"], "identity"), ("eventRow", ["operationID"], "operation"),
            ("eventRow", ["logFileID"], "logFile"),
            (
                "eventRow",
                ["regionID", "accountID", "sourceIPAddressID", "userAgentID", "vpcEndpointID", "errorCodeID"],
                "text"
            ), ("identity", ["foldedPrincipalID"], "text"), ("denialRow", ["groupID"], "denialGroupRow"),
            ("denialRow", ["operationID"], "operation"), ("denialRow", ["identityID"], "identity"),
            (
                "denialRow",
                [
                    "principalTypeID", "invokedByID", "resourceID", "inferredResourceID", "policyARNID", "regionID",
                    "accountID", "sourceIPAddressID", "userAgentID", "vpcEndpointID", "errorCodeID",
                ], "text"
            ), ("denialHistory", ["groupID"], "denialGroupRow"),
            ("denialHistory", ["resourceID", "accountID", "policyARNID"], "text"),
            ("usage", ["principalID", "regionID", "accountID"], "text"), ("usage", ["operationID"], "operation"),
            ("activity", ["regionID", "accountID", "eventVersionID"], "text"), ("sessionRow", ["roleID"], "text"),
            ("ingestIssue", ["logFileID"], "logFile"), ("recordPlace", ["blockID"], "recordBlock"),
        ].flatMap { table, columns, target in columns.map { Reference(table: table, column: $0, target: target) } }
        + ["denialRow", "permissionChangeRow", "sessionRow", "record", "recordPlace"].map {
            Reference(table: $0, column: "key", target: "eventRow", key: "key")
        } + [Reference(table: "changeName", column: "key", target: "permissionChangeRow", key: "key")]

    private static func references(_ db: Database) throws -> [DatabaseFault] {
        try references.compactMap { reference in
            try RawCursor.first(
                db,
                """
                SELECT count(*), min(\(reference.column)) FROM \(reference.table)
                WHERE \(reference.column) <> 0 AND \(reference.column) NOT IN (SELECT \(reference.key) FROM \(reference.target))
                """
            ) { row in
                let count = try row.count(0)
                guard count > 0 else { return nil }
                return DatabaseFault(
                    table: reference.table,
                    "\(count) \(count == 1 ? "row names" : "rows name") a \(reference.column) that `\(reference.target)` lacks, such as \(try row[1])"
                )
            } ?? nil
        }
    }

    /// Sentences about counts, and SQL that gives what should be and what is, or no row where there is nothing to compare.
    private static let comparisons = [
        (
            "records = stored + duplicates + skipped",
            "SELECT sum(records), sum(stored + duplicates + skipped) FROM logFile"
        ),
        (
            "the stored records of `logFile` are the rows of `eventRow` and what was pruned",
            "SELECT coalesce(sum(stored), 0), (SELECT count(*) FROM eventRow) + (SELECT coalesce(sum(events), 0) FROM pruning) FROM logFile WHERE id NOT IN (SELECT logFileID FROM companionLog)"
        ),
        (
            "the events of `usage` are the rows of `eventRow` and what was pruned",
            "SELECT coalesce(sum(events), 0), (SELECT count(*) FROM eventRow) + (SELECT coalesce(sum(events), 0) FROM pruning) FROM usage"
        ),
        (
            "the denials of `usage` are the rows of `denialRow` and what was pruned",
            "SELECT coalesce(sum(denials), 0), (SELECT count(*) FROM denialRow) + (SELECT coalesce(sum(denials), 0) FROM pruning) FROM usage"
        ),
        (
            "the events of `activity` are the rows of `eventRow`",
            "SELECT * FROM (SELECT coalesce(sum(events), 0), (SELECT count(*) FROM eventRow) FROM activity) WHERE NOT EXISTS (SELECT * FROM pruning)"
        ),
    ]

    private static func counts(_ db: Database) throws -> [DatabaseFault] {
        try comparisons.compactMap { sentence, sql in
            try RawCursor.first(db, sql) { row in
                let (told, counted) = (try row[0], try row[1])
                return told == counted
                    ? nil : DatabaseFault("it does not hold that \(sentence): \(told) and \(counted)")
            } ?? nil
        }
    }
}
