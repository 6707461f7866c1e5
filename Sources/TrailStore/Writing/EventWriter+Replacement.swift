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
        let rows = try Row.fetchCursor(db, sql: "SELECT eventID, addendumEventID, key, eventVersionID FROM correction")
        while let row = try rows.next() {
            corrections[row["eventID"]] = Correction(
                addendumEventID: row["addendumEventID"], key: row["key"], eventVersion: row["eventVersionID"])
        }
        incompleteFiles = try Int64.fetchSet(db, sql: "SELECT id FROM logFile WHERE kind = 'event-history-csv'")
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
        let select = try db.cachedStatement(
            sql: """
                SELECT coalesce(i.foldedPrincipalID, 0) AS principal, coalesce(e.operationID, 0) AS operation,
                    coalesce(e.regionID, 0) AS region, coalesce(e.accountID, 0) AS account,
                    e.errorCodeID IS NULL AND e.errorMessage IS NULL AS isPlain,
                    EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key) AS isDenied
                FROM eventRow e LEFT JOIN identity i ON i.id = e.identityID WHERE e.key = ?
                """)
        guard let row = try Row.fetchOne(select, arguments: [key]) else { return }
        let region: Int64 = row["region"]
        let account: Int64 = row["account"]
        let isDenied: Bool = row["isDenied"]
        let isSuccess: Bool = !isDenied && row["isPlain"]
        let usageKey = RollUp<UsageCount>.Key(row["principal"], row["operation"], region, account)
        usage.update(usageKey) { count in
            count.events -= 1
            if isDenied { count.denials -= 1 }
            if isSuccess { count.successes -= 1 }
        }
        replacements?.recounted.append(usageKey)
        activity.update(.init((key >> Int64(Schema.keyHashBits)) / 3600, region, account, eventVersion)) { $0 -= 1 }
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
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT key, eventID, logFileID FROM eventRow
                    WHERE eventID IN (\(part.map { _ in "?" }.joined(separator: ", ")))
                    """, arguments: StatementArguments(part))
            for row in rows {
                let key: Int64 = row["key"]
                guard let correction = replacements?.corrections[row["eventID"]], correction.key != key else {
                    continue
                }
                let fileID: Int64? = row["logFileID"]
                try remove(key: key, eventVersion: correction.eventVersion, db)
                try db.execute(
                    sql: "UPDATE logFile SET stored = stored - 1, duplicates = duplicates + 1 WHERE id = ?",
                    arguments: [fileID])
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
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT coalesce(i.foldedPrincipalID, 0) AS principal, coalesce(e.operationID, 0) AS operation,
                    coalesce(e.regionID, 0) AS region, coalesce(e.accountID, 0) AS account,
                    min(e.key) >> \(Schema.keyHashBits) AS first, max(e.key) >> \(Schema.keyHashBits) AS last
                FROM eventRow e LEFT JOIN identity i ON i.id = e.identityID
                WHERE coalesce(e.operationID, 0) IN (\(operations)) AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
                    AND NOT EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key)
                GROUP BY 1, 2, 3, 4
                """)
        for row in rows {
            let key = RollUp<UsageCount>.Key(row["principal"], row["operation"], row["region"], row["account"])
            guard wanted.contains(key) else { continue }
            let first: Int64 = row["first"]
            let last: Int64 = row["last"]
            try update.execute(arguments: [first, last, key.first, key.second, key.third, key.fourth])
        }
    }
}
