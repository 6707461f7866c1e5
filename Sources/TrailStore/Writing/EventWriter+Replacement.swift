import GRDB

// Rows that give way to a fuller form of the same event.
//
// An addendum record (`addendum.reason` UPDATED_DATA) is the earlier event once more, corrected: it takes that event's row, and
// its eventID. Whichever comes first, one row is left, with the addendum's values; of two addenda those of the greater eventID.
// A row that comes from the console's event history, which holds no error messages and no identities, gives way to the same
// event from anywhere else. The record that came second counts as a duplicate of its file, as every second delivery does.
// Source: "addendum" in "CloudTrail record contents", AWS CloudTrail user guide.

/// What addenda have corrected, and which rows a fuller one may replace.
struct Replacements {
    /// The addendum that an event's row was taken from.
    struct Correction {
        var addendumEventID: String
        var key: Int64
        var eventVersion: Int64
    }

    /// By the eventID of the corrected event.
    var corrections: [String: Correction] = [:]
    /// Log files of the kind event-history-csv.
    var incompleteFiles: Set<Int64> = []
    /// Corrected in this transaction, by addenda whose original was not found at the same time.
    var unmatched: Set<String> = []
    /// Rows of `usage` whose first and last success must be found again.
    var recounted: [RollUp<EventWriter.UsageCount>.Key] = []

    /// Reads what the database knows.
    init(_ db: Database) throws {
        try RawCursor.forEach(db, "SELECT eventID, addendumEventID, key, eventVersionID FROM correction") { row in
            corrections[try row.text(0)] = Correction(
                addendumEventID: try row.text(1), key: try row.key(2), eventVersion: try row[3])
        }
        incompleteFiles = try Set(
            RawCursor.all(db, "SELECT id FROM logFile WHERE kind = 'event-history-csv'") { try $0[0] })
    }
}

extension EventWriter {
    /// Notes that the row of an event is an addendum's.
    func learn(_ correction: Replacements.Correction, of eventID: String, mayHaveOriginal: Bool, _ db: Database) throws
    {
        replacements?.corrections[eventID] = correction
        if mayHaveOriginal { replacements?.unmatched.insert(eventID) }
        try db.execute(
            sql:
                "INSERT OR REPLACE INTO correction (eventID, addendumEventID, key, eventVersionID) VALUES (?, ?, ?, ?)",
            arguments: [eventID, correction.addendumEventID, correction.key, correction.eventVersion])
    }

    /// Takes an event's row away, and what was counted of it.
    func remove(key: Int64, eventVersion: Int64, _ db: Database) throws {
        let counted = try RawCursor.first(
            db,
            """
            SELECT i.foldedPrincipalID, e.operationID, e.regionID, e.accountID,
                e.errorCodeID IS NULL AND e.errorMessage IS NULL AS isPlain,
                EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key) AS isDenied
            FROM eventRow e LEFT JOIN identity i ON i.id = e.identityID WHERE e.key = ?
            """, [key]
        ) { row in
            let usageKey = RollUp<UsageCount>.Key(try row[0], try row[1], try row[2], try row[3])
            return (usageKey: usageKey, isPlain: try row[4] != 0, isDenied: try row[5] != 0)
        }
        guard let counted else { return }
        let (usageKey, isDenied) = (counted.usageKey, counted.isDenied)
        let isSuccess = !isDenied && counted.isPlain
        usage.update(usageKey) { count in
            count.events -= 1
            if isDenied { count.denials -= 1 }
            if isSuccess { count.successes -= 1 }
        }
        replacements?.recounted.append(usageKey)
        let hour = EventKey.time(of: key) / 3600
        activity.update(.init(hour, usageKey.third, usageKey.fourth, eventVersion)) { $0 -= 1 }
        for table in ["eventRow", "record", "recordPlace", "denialRow", "permissionChangeRow", "sessionRow"] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE key = ?").execute(arguments: [key])
            if table == "permissionChangeRow", db.changesCount > 0 {
                try db.execute(sql: "DELETE FROM changeName WHERE key = ?", arguments: [key])
            }
        }
    }

    /// Takes away the originals of this transaction's addenda that bear another time: one search for all of them.
    func removeOriginals(_ db: Database) throws {
        guard let unmatched = replacements?.unmatched, !unmatched.isEmpty else { return }
        replacements?.unmatched = []
        let ids = unmatched.sorted()
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = ids[start..<min(start + 500, ids.count)]
            let rows = try RawCursor.all(
                db,
                """
                SELECT key, eventID, logFileID FROM eventRow
                WHERE eventID IN (\(part.map { _ in "?" }.joined(separator: ", ")))
                """, StatementArguments(part)
            ) { (key: try $0.key(0), id: try $0.text(1), file: try $0.optionalInteger(2)) }
            for row in rows {
                guard let correction = replacements?.corrections[row.id], correction.key != row.key else { continue }
                try remove(key: row.key, eventVersion: correction.eventVersion, db)
                try db.execute(
                    sql: "UPDATE logFile SET stored = stored - 1, duplicates = duplicates + 1 WHERE id = ?",
                    arguments: [row.file])
            }
        }
    }

    /// Finds the first and last success again where rows were taken away; call when the roll-ups are in the database.
    func recount(_ db: Database) throws {
        guard let recounted = replacements?.recounted, !recounted.isEmpty else { return }
        replacements?.recounted = []
        try db.execute(sql: "DELETE FROM usage WHERE events = 0")
        try db.execute(sql: "DELETE FROM activity WHERE events = 0")
        let update = try db.cachedStatement(
            sql: """
                UPDATE usage SET firstSuccess = ?, lastSuccess = ?
                WHERE principalID = ? AND operationID = ? AND regionID = ? AND accountID = ?
                """)
        var wanted = recounted.sorted()
        wanted = wanted.indices.filter { $0 == 0 || wanted[$0] != wanted[$0 - 1] }.map { wanted[$0] }
        for key in wanted {
            try update.execute(arguments: [nil, nil, key.first, key.second, key.third, key.fourth])
        }
        let operations = Set(wanted.map(\.second)).sorted().map(String.init).joined(separator: ", ")
        let rows = try RawCursor.all(
            db,
            """
            SELECT coalesce(i.foldedPrincipalID, 0), coalesce(e.operationID, 0), coalesce(e.regionID, 0),
                coalesce(e.accountID, 0), min(e.key), max(e.key)
            FROM eventRow e LEFT JOIN identity i ON i.id = e.identityID
            WHERE coalesce(e.operationID, 0) IN (\(operations)) AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
                AND NOT EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key)
            GROUP BY 1, 2, 3, 4
            """
        ) { row in
            let key = RollUp<UsageCount>.Key(try row[0], try row[1], try row[2], try row[3])
            return (key: key, first: try row.key(4), last: try row.key(5))
        }
        let places = Set(wanted.map { [$0.first, $0.second, $0.third, $0.fourth] })
        for row in rows where places.contains([row.key.first, row.key.second, row.key.third, row.key.fourth]) {
            try update.execute(arguments: [
                EventKey.time(of: row.first), EventKey.time(of: row.last), row.key.first, row.key.second, row.key.third,
                row.key.fourth,
            ])
        }
    }
}
