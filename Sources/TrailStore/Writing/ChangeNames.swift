import CloudTrail
import GRDB
import PolicyTimeline

/// The table `changeName`: by which names a permission change is found.
enum ChangeNames {
    /// Writes the names of one change.
    static func write(_ change: PermissionChangeTarget, key: Int64, _ db: Database) throws {
        let insert = try RawStatement(db, "INSERT OR IGNORE INTO changeName (name, key) VALUES (?, ?)")
        for name in change.names {
            insert.bind(name, at: 1)
            insert.bind(key, at: 2)
            try insert.run()
        }
    }

    /// Writes the names of every change of a database that has none yet: from its record where that was kept, which alone tells
    /// the role of a workload, else from its row.
    static func writeAll(_ db: Database) throws {
        try RawCursor.forEach(
            db,
            """
            SELECT c.key, c.targetType, c.target, c.policyARN, c.policyName, r.json
            FROM permissionChangeRow c LEFT JOIN record r ON r.key = c.key
            """
        ) { row in
            let type = try row.optionalText(1).flatMap(PermissionChangeTarget.TargetType.init(rawValue:))
            var change = PermissionChangeTarget(
                targetType: type ?? .resource, target: try row.optionalText(2), policyARN: try row.optionalText(3),
                policyName: try row.optionalText(4))
            if let json = row.optionalRecord(5), let event = Event(json: Array(json.utf8)),
                let told = ChangeCatalogue.change(in: event)
            {
                change = told
            }
            try write(change, key: try row.key(0), db)
        }
    }
}
