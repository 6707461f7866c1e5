import CloudTrail
import GRDB

/// What a merge of databases did.
public struct MergeSummary: Sendable, Hashable {
    /// Databases merged.
    public var shards = 0
    /// Log files in the result.
    public var logFiles = 0
    /// Events in the result.
    public var events = 0
    /// Events that more than one shard held, or in more than one form.
    public var duplicates = 0
    /// Denials in the result.
    public var denials = 0
}

/// Takes the databases of an archive's slices into one, so that its reports are those of one ingest of the whole.
///
/// Most rows are copied as they are, their numbers translated (``ShardTables``). Where events meet, in one delivery that two slices
/// hold, in an addendum and its original, in forms that each tell a part, the rules are those of ``EventWriter``, in whatever order
/// the shards come.
package final class ShardMerge {
    private let database: TrailDatabase
    let writer: EventWriter
    private(set) var summary = MergeSummary()
    /// The latest time up to which each shard was pruned, and since when each has events: see ``PrunedShards``.
    private var pruned = PrunedShards()
    /// The hash of an eventID that an event's key holds.
    let hash: (String) -> Int64
    /// What translates the shard's numbers.
    private let numbers = ShardNumbers()

    /// A merge into an empty database.
    ///
    /// - Parameters:
    ///   - joiner: joins forms of one event that each tell a part of it.
    ///   - hash: the hash of an eventID that an event's key holds.
    package init(into database: TrailDatabase, joiner: any FormJoining, hash: @escaping (String) -> Int64) throws {
        self.database = database
        self.hash = hash
        writer = EventWriter(database: database, ingestedAt: "", joiner: joiner)
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                // The file is nobody's until it is whole: what undoes a write would be in vain.
                if let connection = unsafe db.sqliteConnection {
                    try unsafe ConnectionGuard.writeWithoutJournal(connection)
                }
                for pragma in ["synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -98304"] {
                    try db.execute(sql: "PRAGMA main.\(pragma)")
                }
                try db.execute(sql: "PRAGMA temp_store = MEMORY")
                try db.execute(sql: ShardTables.layout)
                try numbers.add(to: db)
                writer.replacements = try Replacements(db)
            }
        }
    }

    /// Takes in one shard.
    ///
    /// - Throws: ``StoreError`` where it cannot be read, is of an older version, or cannot be merged with the others.
    package func take(_ path: String) throws {
        let (uri, source) = try Self.open(path)
        try mapErrors(path) {
            try database.queue.writeWithoutTransaction { db in
                try db.execute(sql: "ATTACH ? AS shard", arguments: [uri])
                try pruned.take(path, db)
                try db.inTransaction(.immediate) {
                    try take(db)
                    return .commit
                }
                try db.execute(sql: ShardTables.clear)
                try db.execute(sql: "DETACH shard")
            }
        }
        try source.close()
        summary.shards += 1
    }

    /// Settles what is known only when all shards are in, and makes the database one that is written safely.
    ///
    /// - Parameter isSlim: leave out successes that no report asks for (``dropUnasked(_:)``).
    package func finish(isSlim: Bool) throws -> MergeSummary {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    try settle(db)
                    try CompanionLinks.make(db)
                    return .commit
                }
                if isSlim { try dropUnasked(db) }
                summary.logFiles = try RawCursor.count(db, "SELECT count(*) FROM logFile")
                summary.events = try RawCursor.count(db, "SELECT count(*) FROM eventRow")
                summary.denials = try RawCursor.count(db, "SELECT count(*) FROM denialRow")
                try db.execute(sql: "PRAGMA optimize")
                try db.execute(sql: "PRAGMA main.locking_mode = NORMAL")
                try db.execute(sql: "PRAGMA main.synchronous = FULL")
                try db.execute(sql: "PRAGMA main.journal_mode = WAL")
            }
        }
        return summary
    }

    /// Checks a shard as every reader does, and says how it is attached.
    private static func open(_ path: String) throws -> (uri: String, database: TrailDatabase) {
        let source = try TrailDatabase.openForReading(path)
        guard let uri = source.attachURI else {
            throw StoreError(
                .older,
                "cannot merge `\(path)`: it is of an older trail403, or its folder cannot be written: run `trail403 ingest --migrate` on it, or "
                    + "on a copy"
            )
        }
        return (uri, source)
    }

    /// What goes wrong while a shard is read is the shard's fault, unless there is no room for what it holds.
    private func mapErrors(_ shard: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw TrailDatabase.translate(error, path: database.path)
        } catch let error as DatabaseError {
            throw TrailDatabase.translate(error, path: shard)
        } catch let error as WrongValue {
            throw StoreError.wrongValue(shard, "`\(error.column)` \(error.fault)")
        }
    }

    private func take(_ db: Database) throws {
        for sql in ShardTables.texts { try db.execute(sql: sql) }
        try numbers.learn(.text, db)
        for sql in ShardTables.identities { try db.execute(sql: sql) }
        try numbers.learn(.identity, db)
        try takeOperations(db)
        try numbers.learn(.operation, db)
        try takeGroups(db)
        try numbers.learn(.group, db)
        for sql in ShardTables.files { try db.execute(sql: sql) }
        try numbers.learn(.file, db)
        for sql in ShardTables.companions { try db.execute(sql: sql) }
        let block = try RawCursor.integer(db, "SELECT coalesce(max(id), 0) FROM main.recordBlock") ?? 0
        try db.execute(sql: ShardTables.blocks, arguments: ["block": block])
        for sql in ShardTables.rollUps { try db.execute(sql: sql) }

        try db.execute(sql: ShardTables.met)
        try setDuplicatesApart(db)
        let meetings = try meetings(db)
        try db.execute(sql: "DROP TABLE temp.met")
        let isWhole = try RawCursor.integer(db, "SELECT 1 FROM apart LIMIT 1") == nil
        for sql in isWhole ? ShardTables.copyAll : ShardTables.copyOthers {
            try db.execute(sql: sql, arguments: ShardTables.takesBlock(sql) ? ["block": block] : [])
        }
        for meeting in meetings { try take(meeting, block: block, db) }
        try takeCopies(db)
        try writer.writeRollUps(db)
        try writer.recount(db)
        try writer.dropEmptiedGroups(db)
        // Blocks of which no record was taken.
        try db.execute(
            sql: "DELETE FROM main.recordBlock WHERE id > ? AND id NOT IN (SELECT blockID FROM main.recordPlace)",
            arguments: [block])
    }

    /// Operations have two ranges of numbers: those of services that are reported by default have the higher ones.
    private func takeOperations(_ db: Database) throws {
        try db.execute(sql: "INSERT INTO operationOf VALUES (0, 0)")
        let same = ["eventSource", "eventName", "eventType", "eventCategory", "readOnly", "managementEvent", "action"]
        let columns = same.joined(separator: ", ")
        let first = Schema.firstIndexedOperation
        for range in ["id < \(first)", "id >= \(first)"] {
            try db.execute(
                sql: """
                    INSERT INTO operationOf
                    SELECT id, coalesce(same, base + sum(same IS NULL) OVER (ORDER BY id)) FROM (
                        SELECT o.id, (SELECT m.id FROM main.operation m
                                WHERE \(same.map { "m.\($0) IS o.\($0)" }.joined(separator: " AND ")) LIMIT 1) AS same,
                            (SELECT coalesce(max(id), \(range.hasPrefix("id <") ? 0 : first - 1)) FROM main.operation
                                WHERE \(range)) AS base
                        FROM shard.operation o WHERE \(range))
                    """)
        }
        try db.execute(
            sql: """
                INSERT INTO main.operation (id, \(columns))
                SELECT m.new, \(columns) FROM operationOf m JOIN shard.operation o ON o.id = m.old
                WHERE m.new NOT IN (SELECT id FROM main.operation) ORDER BY m.new
                """)
    }

    /// Groups by what makes them; the id that people know is probed as an ingest does.
    private func takeGroups(_ db: Database) throws {
        let groups = try RawCursor.all(
            db,
            "SELECT id, principal, action, reason, category, effect, policyType FROM shard.denialGroupRow ORDER BY id"
        ) { row in
            (
                id: try row[0],
                group: EventWriter.GroupRow(
                    principal: try row.text(1), action: try row.text(2), reason: try row.text(3),
                    category: try row.text(4), effect: try row.text(5), policyType: try row.optionalText(6))
            )
        }
        for (id, group) in groups {
            try db.execute(
                sql: "INSERT INTO groupOf (old, new) VALUES (?, ?)", arguments: [id, try writer.groupID(group, db)])
        }
    }

    /// Events that are in as they are: their share of the roll-ups goes, and their log files count them as duplicates.
    private func setDuplicatesApart(_ db: Database) throws {
        try db.execute(sql: ShardTables.duplicates)
        let count = try RawCursor.count(db, "SELECT count(*) FROM temp.duplicate")
        if count > 0 {
            summary.duplicates += count
            try RawCursor.forEach(db, ShardTables.shareOfDuplicates) { row in
                let (events, successes, denials) = (try row[4], try row[5], try row[6])
                writer.usage.update(.init(try row[0], try row[1], try row[2], try row[3])) { share in
                    share.events -= events
                    share.successes -= successes
                    share.denials -= denials
                }
            }
            let hours = try RawCursor.all(db, ShardTables.hoursOfDuplicates) { row in
                (hour: try row[0], region: try row[1], account: try row[2], count: try row[3])
            }
            for hour in hours {
                try takeAway(hour.count, ofHour: hour.hour, region: hour.region, account: hour.account, db)
            }
            let files = try RawCursor.all(db, ShardTables.filesOfDuplicates) { (id: try $0[0], count: try $0[1]) }
            for file in files { try countAsDuplicates(file.count, ofFile: file.id, db) }
            try db.execute(sql: "INSERT INTO apart SELECT key FROM temp.duplicate")
        }
        try db.execute(sql: "DROP TABLE temp.duplicate")
    }

    /// Takes events from the roll-up of an hour. Under which version each was counted is not kept: those of most events lose first,
    /// and none its last one, since each version that is told was there.
    func takeAway(_ count: Int64, ofHour hour: Int64, region: Int64, account: Int64, _ db: Database) throws {
        var left = count
        let versions = try RawCursor.all(
            db,
            """
            SELECT eventVersionID, events FROM main.activity WHERE hour = ? AND regionID = ? AND accountID = ?
            ORDER BY events DESC, eventVersionID
            """, [hour, region, account]
        ) { (id: try $0[0], events: try $0[1]) }
        for version in versions where left > 0 && version.events > 1 {
            let share = min(left, version.events - 1)
            writer.activity.update(.init(hour, region, account, version.id)) { $0 -= share }
            left -= share
        }
    }

    func countAsDuplicates(_ count: Int64, ofFile id: Int64, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE main.logFile SET stored = stored - ?, duplicates = duplicates + ? WHERE id = ?",
            arguments: [count, count, id])
    }

    /// A call that is recorded in two accounts counts once, whichever shards hold its records.
    private func takeCopies(_ db: Database) throws {
        let shared = try RawCursor.all(
            db,
            """
            SELECT sharedEventID FROM main.denialRow
            WHERE sharedEventID IN (SELECT sharedEventID FROM shard.denialRow WHERE sharedEventID IS NOT NULL)
            GROUP BY sharedEventID HAVING count(*) > 1
            """
        ) { try $0.text(0) }
        for id in shared { try writer.markCopies(of: id, db) }
    }

    func countDuplicate() { summary.duplicates += 1 }
}
