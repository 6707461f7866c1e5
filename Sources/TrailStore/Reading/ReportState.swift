import GRDB

/// How far an earlier report has told the database's denials.
///
/// Denials are told apart by the log file that brought them, not by their time: CloudTrail delivers late, and an old archive may
/// be read after a new one.
public struct ReportMark: Sendable, Hashable {
    /// Denials of log files beyond this one are new.
    var logFileID: Int64
    /// Denials before this time, in seconds since 1970, are new as well: the earlier report left them out (`--from`).
    var earliest: Int64?

    /// The keys of the denials that are new.
    func unreported(_ db: Database) throws -> Set<Int64> {
        var keys: Set<Int64> = []
        try RawCursor.forEach(
            db,
            """
            SELECT d.key FROM denialRow d JOIN eventRow e ON e.key = d.key WHERE e.logFileID > ? OR d.key < ?
            """, [logFileID, EventKey.least(at: earliest ?? 0)]
        ) { keys.insert(try $0[0]) }
        return keys
    }
}

/// What a report with a memory is made of.
public struct NewsFacts: Sendable {
    /// Every group, with how many of its denials the last run of the name has not told.
    public var facts: ReportFacts
    /// What the runs of the name have told of incidents.
    public var remembered: [RememberedIncident] = []
    /// When the last run was delivered, ISO 8601 UTC; `nil` for the first run, or where its filter was another one.
    public var lastDelivery: String?
    /// The last run's filter as text, where it was another one, so that this run starts over; else `nil`.
    public var otherFilter: String?
}

extension TrailDatabase {
    /// Reads what is new since the last report of this name, hands it over, and remembers it as told once `deliver` has returned.
    ///
    /// All of it is one write transaction: when `deliver` throws, or the process ends in it, nothing is remembered, and the next
    /// run tells the same again. Two runs of one name cannot tell the same denial twice, nor both take it for told.
    ///
    /// - Parameters:
    ///   - name: whose memory it is.
    ///   - filterText: the filter as text. Where it differs from the last run's, everything is new: what the other filter left
    ///     out was never told.
    ///   - filter: its `told` is set here.
    ///   - changes: which permission changes are read with the groups.
    ///   - now: the time of delivery, ISO 8601 UTC.
    ///   - deliver: returns what to remember of incidents.
    public func deliverNews(
        name: String, filterText: String, filter: ReportFilter, changes: ChangeSelection, now: String,
        _ deliver: (NewsFacts) throws -> [RememberedIncident]
    ) throws {
        try mapErrors {
            try queue.inTransaction(.immediate) { db in
                var filter = filter
                var news = NewsFacts(facts: ReportFacts())
                let sql = "SELECT logFileID, earliest, deliveredAt, filter FROM reportState WHERE name = ?"
                try RawCursor.forEach(db, sql, [name]) { row in
                    if try row.text(3) == filterText {
                        filter.told = ReportMark(logFileID: try row[0], earliest: try row.optionalInteger(1))
                        news.lastDelivery = try row.text(2)
                    } else {
                        news.otherFilter = try row.text(3)
                    }
                }
                // A first report, too, tells what is new: everything.
                if filter.told == nil { filter.told = ReportMark(logFileID: -1) }
                filter.keepsKnownGroups = true
                news.facts = try Self.reportFacts(filter, changes, db)
                if news.otherFilter == nil { news.remembered = try IncidentMemoryQuery.read(name, db) }
                try IncidentMemoryQuery.write(try deliver(news), name, db)
                try db.execute(
                    sql: """
                        INSERT INTO reportState (name, filter, earliest, logFileID, deliveredAt)
                        VALUES (?, ?, ?, (SELECT coalesce(max(id), 0) FROM logFile), ?)
                        ON CONFLICT DO UPDATE SET filter = excluded.filter, earliest = excluded.earliest,
                            logFileID = excluded.logFileID, deliveredAt = excluded.deliveredAt
                        """, arguments: [name, filterText, filter.from, now])
                return .commit
            }
        }
    }
}
