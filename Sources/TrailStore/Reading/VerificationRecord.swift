import CloudTrail
import GRDB

/// What `trail403 verify` found out about the log files of a database.
public struct VerifiedLogFile: Sendable, Hashable {
    /// The log file's path as the database remembers it.
    public var path: String
    /// `valid`, `invalid`, `consistent` or `unlisted`.
    public var state: String
    /// The digest that decided, where one did.
    public var digest: String?

    /// A log file and its state.
    public init(path: String, state: String, digest: String?) {
        self.path = path
        self.state = state
        self.digest = digest
    }
}

/// How much of a database's archive is proven.
public struct VerifiedCoverage: Sendable, Hashable {
    /// Log files by state.
    public var states: [String: Int] = [:]
    /// Denials that stand in log files that were changed, or that no digest names.
    public var doubtfulDenials = 0

    /// Log files in a state.
    public func count(_ state: String) -> Int { states[state] ?? 0 }
}

extension TrailDatabase {
    /// Replaces what the table `verification` holds by these log files, those of them that the database knows; gives their number.
    public func recordVerification(_ files: [VerifiedLogFile]) throws -> Int {
        try mapErrors {
            try queue.write { db in
                try db.execute(sql: "DELETE FROM verification")
                let statement = try db.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO verification (logFileID, state, digest)
                        SELECT id, ?, ? FROM logFile WHERE path = ?
                        """)
                var count = 0
                for file in files {
                    try statement.execute(arguments: [file.state, file.digest, file.path])
                    count += db.changesCount
                }
                return count
            }
        }
    }
}

/// Reads the table `verification`.
enum VerificationQuery {
    /// `nil` where nothing was verified.
    static func coverage(_ db: Database) throws -> VerifiedCoverage? {
        var coverage = VerifiedCoverage()
        try RawCursor.forEach(
            db,
            """
            SELECT v.state, count(*) FROM verification v JOIN logFile f ON f.id = v.logFileID GROUP BY 1 ORDER BY 1
            """
        ) { coverage.states[try $0.text(0)] = try $0.count(1) }
        guard !coverage.states.isEmpty else { return nil }
        guard coverage.count("invalid") + coverage.count("unlisted") > 0 else { return coverage }
        coverage.doubtfulDenials = try RawCursor.count(
            db,
            """
            SELECT count(*) FROM denialRow d JOIN eventRow e ON e.key = d.key
                JOIN verification v ON v.logFileID = e.logFileID WHERE v.state IN ('invalid', 'unlisted')
            """)
        return coverage
    }

    /// Of these changes, the events that stand in a log file that was changed, or that no digest names, with its state.
    static func doubtful(_ changes: [PermissionChange], _ db: Database) throws -> [String: String] {
        guard
            try RawCursor.integer(
                db, "SELECT EXISTS (SELECT * FROM verification WHERE state IN ('invalid', 'unlisted'))") == 1
        else { return [:] }
        let select = """
            SELECT v.state FROM eventRow e JOIN verification v ON v.logFileID = e.logFileID
            WHERE e.key >= ? AND e.key < ? AND e.eventID = ? AND v.state IN ('invalid', 'unlisted')
            """
        var doubtful: [String: String] = [:]
        for change in changes {
            guard let seconds = Timestamp.seconds(change.eventTime), EventKey.times.contains(seconds) else { continue }
            let (first, last) = (EventKey.least(at: seconds), EventKey.least(at: seconds + 1))
            if let state = try RawCursor.text(db, select, [first, last, change.eventID]) {
                doubtful[change.eventID] = state
            }
        }
        return doubtful
    }
}
