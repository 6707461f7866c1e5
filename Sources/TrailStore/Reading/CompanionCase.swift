import CompanionLogs
import GRDB

/// What a request id of any log leads to.
public enum CompanionCase: Sendable, Hashable {
    /// An event of CloudTrail, by its eventID.
    case event(String)
    /// A group of refusals that no event has, by its id.
    case group(String)
}

extension TrailDatabase {
    /// Follows a request id of any layer inwards: to the event of CloudTrail behind it, else to the group of its refusal; `nil` where no
    /// log has it.
    public func companionCase(requestID: String) throws -> CompanionCase? {
        try mapErrors { try queue.read { try CompanionCaseQuery.find(requestID, $0) } }
    }
}

enum CompanionCaseQuery {
    /// Links that lead on from one row: no chain of layers is longer.
    private static let depth = 8

    static func find(_ requestID: String, _ db: Database) throws -> CompanionCase? {
        for (table, column) in Schema.requestIDs {
            // A client may choose its request id: the latest of several counts.
            let key = try RawCursor.integer(
                db, "SELECT key FROM \(table) WHERE \(column) = ? ORDER BY time DESC, key LIMIT 1", [requestID])
            guard let key else { continue }
            if let found = try follow(table, key, db) { return found }
        }
        return nil
    }

    private static func follow(_ table: String, _ key: Int64, _ db: Database) throws -> CompanionCase? {
        var (table, key) = (table, key)
        for _ in 0..<depth {
            let inner = try RawCursor.first(
                db, "SELECT innerTable, innerKey FROM companionLink WHERE tableName = ? AND rowKey = ?", [table, key]
            ) { (table: try $0.text(0), key: try $0[1]) }
            guard let inner else { return try group(table, key, db).map(CompanionCase.group) }
            if inner.table == "event" {
                return try RawCursor.text(db, "SELECT eventID FROM eventRow WHERE key = ?", [inner.key])
                    .map(CompanionCase.event)
            }
            (table, key) = inner
        }
        return nil
    }

    /// The id of the group that a row belongs to.
    private static func group(_ table: String, _ key: Int64, _ db: Database) throws -> String? {
        guard let source = CompanionQuery.Source.all.first(where: { $0.table.rawValue == table }) else { return nil }
        var fold = CompanionFold(isScheduled: false)
        try RawCursor.forEach(db, source.sqlOfRow, [key]) { fold.add(try source.entry($0, told: nil)) }
        return fold.groups().first?.group.id
    }
}
