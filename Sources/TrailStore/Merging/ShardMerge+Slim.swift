import GRDB

extension ShardMerge {
    /// Deletes the successes that no report asks for: what stays are denials, changes, sessions, the first and the last event, the
    /// successes of services that are reported by default, and those of a principal with an action that it was refused.
    ///
    /// The roll-ups still count what is deleted. `sql` finds fewer events than were delivered.
    func dropUnasked(_ db: Database) throws {
        try db.inTransaction(.immediate) {
            try db.execute(
                sql: """
                    CREATE TEMP TABLE asked (key INTEGER PRIMARY KEY);
                    INSERT OR IGNORE INTO asked SELECT key FROM main.denialRow;
                    INSERT OR IGNORE INTO asked SELECT key FROM main.permissionChangeRow;
                    INSERT OR IGNORE INTO asked SELECT key FROM main.sessionRow;
                    INSERT OR IGNORE INTO asked SELECT key FROM main.partialEvent;
                    INSERT OR IGNORE INTO asked SELECT min(key) FROM main.eventRow WHERE key >= \(EventKey.firstTimed);
                    INSERT OR IGNORE INTO asked SELECT max(key) FROM main.eventRow;
                    CREATE TEMP TABLE refused (principal INTEGER, operation INTEGER, PRIMARY KEY (principal, operation))
                        WITHOUT ROWID;
                    INSERT OR IGNORE INTO refused
                    SELECT t.id, o.id FROM main.denialGroupRow g JOIN main.text t ON t.value = g.principal
                        JOIN main.operation o ON o.action = g.action
                    UNION
                    SELECT t.id, o.id FROM main.denialRow d JOIN main.denialGroupRow g ON g.id = d.groupID
                        JOIN main.text t ON t.value = g.principal JOIN main.operation p ON p.id = d.operationID
                        JOIN main.operation o ON o.action = p.action;
                    INSERT OR IGNORE INTO asked
                    SELECT e.key FROM main.eventRow e JOIN main.identity i ON i.id = e.identityID
                        JOIN refused r ON r.principal = i.foldedPrincipalID AND r.operation = e.operationID
                    WHERE e.errorCodeID IS NULL AND e.errorMessage IS NULL;
                    INSERT OR IGNORE INTO asked
                    SELECT key FROM main.eventRow WHERE operationID >= \(Schema.firstIndexedOperation)
                        AND errorCodeID IS NULL AND errorMessage IS NULL;
                    DELETE FROM main.record WHERE key NOT IN (SELECT key FROM asked);
                    DELETE FROM main.recordPlace WHERE key NOT IN (SELECT key FROM asked);
                    DELETE FROM main.recordBlock WHERE id NOT IN (SELECT blockID FROM main.recordPlace);
                    DELETE FROM main.eventRow WHERE key NOT IN (SELECT key FROM asked);
                    DELETE FROM main.identity WHERE id NOT IN (
                        SELECT identityID FROM main.eventRow WHERE identityID IS NOT NULL
                        UNION SELECT identityID FROM main.denialRow);
                    DROP TABLE asked;
                    DROP TABLE refused;
                    """)
            return .commit
        }
        // It writes the whole database once more, which memory need not hold.
        try db.execute(sql: "PRAGMA temp_store = FILE")
        try db.execute(sql: "PRAGMA main.cache_size = -16384")
        try db.execute(sql: "VACUUM main")
    }
}
