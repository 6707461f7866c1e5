import CompanionLogs
import Foundation
import GRDB

/// What a pruning deleted and kept.
public struct PruneSummary: Sendable, Hashable {
    /// Events deleted.
    public var events = 0
    /// Denials among them; their groups keep their count, first and last time.
    public var denials = 0
    /// Permission changes before the date, which stay: they explain denials that come later.
    public var keptChanges = 0
    /// Size of the file before, in bytes.
    public var bytesBefore = 0
    /// Size of the file after, in bytes.
    public var bytesAfter = 0
}

extension TrailDatabase {
    /// Deletes events before a time and gives their space back to the file system.
    ///
    /// The denials among them are added to `denialHistory`, which the view `denialGroup` counts in. Permission changes with their
    /// records stay, and so do the roll-up `usage` and the rows of `logFile`: an archive that is read again is still known.
    ///
    /// - Parameters:
    ///   - seconds: seconds since 1970; events without a readable time stay.
    ///   - now: the time of the pruning, ISO 8601 UTC.
    public func prune(before seconds: Int64, now: String) throws -> PruneSummary {
        var summary = PruneSummary()
        summary.bytesBefore = try size()
        try mapErrors {
            try queue.inTransaction(.immediate) { db in
                let range: StatementArguments = [EventKey.firstTimed, EventKey.least(at: seconds)]
                try db.execute(
                    sql: """
                        INSERT INTO denialHistory (groupID, resourceID, accountID, policyARNID, denials, first, last)
                        SELECT groupID, coalesce(resourceID, 0), coalesce(accountID, 0), coalesce(policyARNID, 0),
                            count(*), min(key), max(key)
                        FROM denialRow WHERE key >= ? AND key < ? GROUP BY 1, 2, 3, 4
                        ON CONFLICT DO UPDATE SET denials = denials + excluded.denials, first = min(first, excluded.first),
                            last = max(last, excluded.last)
                        """, arguments: range)
                try db.execute(
                    sql: """
                        INSERT INTO prunedOperation (operationID, events, denials)
                        SELECT operationID, sum(events), sum(denials) FROM (
                            SELECT operationID, count(*) AS events, 0 AS denials FROM eventRow
                            WHERE key >= ?1 AND key < ?2 AND key NOT IN (SELECT key FROM permissionChangeRow)
                            GROUP BY operationID
                            UNION ALL
                            SELECT operationID, 0, count(*) FROM denialRow WHERE key >= ?1 AND key < ?2 GROUP BY operationID)
                        WHERE operationID IS NOT NULL GROUP BY operationID
                        ON CONFLICT DO UPDATE SET events = events + excluded.events, denials = denials + excluded.denials
                        """, arguments: range)
                try db.execute(sql: "DELETE FROM denialRow WHERE key >= ? AND key < ?", arguments: range)
                summary.denials = db.changesCount
                for table in ["record", "recordPlace", "partialEvent", "eventRow"] {
                    try db.execute(
                        sql: """
                            DELETE FROM \(table) WHERE key >= ? AND key < ? AND key NOT IN (SELECT key FROM permissionChangeRow)
                            """, arguments: range)
                }
                summary.events = db.changesCount
                try db.execute(sql: "DELETE FROM recordBlock WHERE id NOT IN (SELECT blockID FROM recordPlace)")
                try db.execute(sql: "DELETE FROM sessionRow WHERE key >= ? AND key < ?", arguments: range)
                for table in CompanionTable.allCases {
                    try db.execute(
                        sql: "DELETE FROM \(table.rawValue) WHERE time < ?", arguments: [Timestamp.text(seconds)])
                }
                // Of no event there is an hour beyond the times of keys, and none before them.
                let hour = min(max(seconds, 0), EventKey.times.upperBound) / 3600
                try db.execute(sql: "DELETE FROM activity WHERE hour > 0 AND hour < ?", arguments: [hour])
                // Of the hour that the time lies in, the places that have no event left.
                try db.execute(
                    sql: """
                        DELETE FROM activity WHERE hour = ? AND (regionID, accountID) NOT IN (
                            SELECT coalesce(regionID, 0), coalesce(accountID, 0) FROM eventRow WHERE key >= ? AND key < ?)
                        """,
                    arguments: [
                        hour, EventKey.least(at: seconds), EventKey.least(at: (hour + 1) * 3600),
                    ])
                try db.execute(
                    sql: """
                        DELETE FROM identity WHERE id NOT IN (
                            SELECT identityID FROM eventRow WHERE identityID IS NOT NULL UNION SELECT identityID FROM denialRow)
                        """)
                summary.keptChanges = try RawCursor.count(
                    db, "SELECT count(*) FROM permissionChangeRow WHERE key >= ? AND key < ?", range)
                try db.execute(
                    sql: "INSERT INTO pruning (before, prunedAt, events, denials) VALUES (?, ?, ?, ?)",
                    arguments: [Timestamp.text(seconds), now, summary.events, summary.denials])
                return .commit
            }
            // An older file's pages get their checksums here.
            queue.writeWithoutTransaction { PageSums.reserve($0) }
            try queue.vacuum()
            try queue.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        summary.bytesAfter = try size()
        return summary
    }

    private func size() throws -> Int {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.size] as? NSNumber)?.intValue ?? 0
        } catch {
            throw StoreError(.inaccessible, "cannot read the size of the database `\(path)`")
        }
    }
}
