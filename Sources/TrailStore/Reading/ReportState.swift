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

/// What a report with a memory is made of. Its groups tell how many of their denials the last run of the name has not told.
public struct News {
    /// What the runs of the name have told of incidents.
    public var remembered: [RememberedIncident] = []
    /// When the last run was delivered, ISO 8601 UTC; `nil` for the first run, or where its filter was another one.
    public var lastDelivery: String?
    /// The last run's filter as text, where it was another one, so that this run starts over; else `nil`.
    public var otherFilter: String?
    private var filter: ReportFilter
    private let changes: ChangeSelection
    private let db: Database

    fileprivate init(
        _ name: String, _ filterText: String, _ filter: ReportFilter, _ changes: ChangeSelection, _ db: Database
    ) throws {
        self.filter = filter
        self.changes = changes
        self.db = db
        var told: ReportMark?
        let sql = "SELECT logFileID, earliest, deliveredAt, filter FROM reportState WHERE name = ?"
        try RawCursor.forEach(db, sql, [name]) { row in
            if try row.text(3) == filterText {
                told = ReportMark(logFileID: try row[0], earliest: try row.optionalInteger(1))
                lastDelivery = try row.text(2)
            } else {
                otherFilter = try row.text(3)
            }
        }
        // A first report, too, tells what is new: everything.
        self.filter.told = told ?? ReportMark(logFileID: -1)
        self.filter.keepsKnownGroups = true
        if otherFilter == nil { remembered = try IncidentMemoryQuery.read(name, db) }
    }

    /// Every group, whole.
    public func facts() throws -> ReportFacts { try TrailDatabase.reportFacts(filter, changes, db) }

    /// Every group in outline, and what reads some of them whole; `nil` where all have to be read
    /// (``TrailDatabase/withOutline(_:changes:version:keepingTimes:_:)``).
    public func outline(
        version: String, keepingTimes keepsTimes: Bool
    ) throws -> (outline: ReportOutline, reader: OutlineReader)? {
        try TrailDatabase.outline(filter, changes, version, keepingTimes: keepsTimes, db, beside: nil)
    }
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
        _ deliver: (News) throws -> [RememberedIncident]
    ) throws {
        try mapErrors {
            try queue.inTransaction(.immediate) { db in
                let news = try News(name, filterText, filter, changes, db)
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
