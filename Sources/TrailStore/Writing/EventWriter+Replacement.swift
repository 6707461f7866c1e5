import GRDB

// Rows that give way to a fuller form of the same event.
//
// An addendum record (`addendum.reason` UPDATED_DATA) is the earlier event once more, corrected: it takes that event's row, and
// its eventID. Whichever comes first, one row is left, with the addendum's values; of two addenda those of the greater eventID.
// A row of forms that do not tell everything gives way to CloudTrail's own record (EventWriter+Forms.swift). The record that came
// second counts as a duplicate of its file, as every second delivery does. What is replaced leaves no trace.
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
    var corrections: [ByteText: Correction] = [:]
    /// Whether there are forms without an eventID, which an event may turn out to be told by.
    var hasNamelessForms = false
    /// The rows of forms that tell a part.
    var formKeys = FormKeys()
    /// Of these the ones of this transaction whose time may not be the event's own.
    var vagueForms: [Int64] = []
    /// Groups of denials that were taken away: those that have no other must go, too.
    var emptiedGroups: Set<Int64> = []
    /// Corrected in this transaction, by addenda whose original was not found at the same time.
    var unmatched: Set<ByteText> = []
    /// Rows of `usage` whose first and last success must be found again.
    var recounted: [RollUp<EventWriter.UsageCount>.Key] = []

    /// Whether an event that comes may be one that is in, in another form or corrected.
    var mayConcernOthers: Bool { !corrections.isEmpty || !formKeys.isEmpty || hasNamelessForms }

    /// Reads what the database knows.
    init(_ db: Database) throws {
        try RawCursor.forEach(db, "SELECT eventID, addendumEventID, key, eventVersionID FROM correction") { row in
            corrections[ByteText(try row.text(0))] = Correction(
                addendumEventID: try row.text(1), key: try row.key(2), eventVersion: try row[3])
        }
        try RawCursor.forEach(db, "SELECT key FROM partialEvent WHERE nameless = 0") { row in
            formKeys.insert(try row.key(0))
        }
        hasNamelessForms =
            try RawCursor.integer(db, "SELECT 1 FROM partialEvent INDEXED BY namelessEvent WHERE nameless > 0 LIMIT 1")
            != nil
    }
}

extension EventWriter {
    /// Notes that the row of an event is an addendum's.
    func learn(_ correction: Replacements.Correction, of eventID: String, mayHaveOriginal: Bool, _ db: Database) throws
    {
        replacements?.corrections[ByteText(eventID)] = correction
        if mayHaveOriginal { replacements?.unmatched.insert(ByteText(eventID)) }
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
                d.key IS NOT NULL AS isDenied, d.groupID, d.sharedEventID
            FROM eventRow e LEFT JOIN identity i ON i.id = e.identityID LEFT JOIN denialRow d ON d.key = e.key
            WHERE e.key = ?
            """, [key]
        ) { row in
            (
                usageKey: RollUp<UsageCount>.Key(try row[0], try row[1], try row[2], try row[3]),
                isPlain: try row[4] != 0,
                isDenied: try row[5] != 0, group: try row.optionalInteger(6), shared: try row.optionalText(7)
            )
        }
        guard let counted else { return }
        replacements?.formKeys.remove(key)
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
        for table in [
            "eventRow", "record", "recordPlace", "denialRow", "permissionChangeRow", "sessionRow", "partialEvent",
        ] {
            try db.cachedStatement(sql: "DELETE FROM \(table) WHERE key = ?").execute(arguments: [key])
            if table == "permissionChangeRow", db.changesCount > 0 {
                try db.execute(sql: "DELETE FROM changeName WHERE key = ?", arguments: [key])
            }
        }
        if let group = counted.group { replacements?.emptiedGroups.insert(group) }
        if let shared = counted.shared { try markCopies(of: shared, isOneGone: true, db) }
    }

    /// Takes away the originals of this transaction's addenda that bear another time: one search for all of them.
    func removeOriginals(_ db: Database) throws {
        guard let unmatched = replacements?.unmatched, !unmatched.isEmpty else { return }
        replacements?.unmatched = []
        let ids = unmatched.sorted().map(\.text)
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
                guard let correction = replacements?.corrections[ByteText(row.id)], correction.key != row.key else {
                    continue
                }
                try remove(key: row.key, eventVersion: correction.eventVersion, db)
                try countAsDuplicate(ofFile: row.file, db)
            }
        }
    }

    /// Drops the groups that have lost their last denial.
    func dropEmptiedGroups(_ db: Database) throws {
        guard let emptied = replacements?.emptiedGroups, !emptied.isEmpty else { return }
        replacements?.emptiedGroups = []
        let held = try Set(
            RawCursor.all(db, "SELECT groupID FROM denialRow UNION SELECT groupID FROM denialHistory") { try $0[0] })
        let gone = emptied.subtracting(held)
        guard !gone.isEmpty else { return }
        groupIDs = groupIDs.filter { !gone.contains($0.value) }
        for id in gone.sorted() {
            try db.cachedStatement(sql: "DELETE FROM denialGroupRow WHERE id = ?").execute(arguments: [id])
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
