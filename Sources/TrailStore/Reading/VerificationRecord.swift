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

/// Why what an event says may not be what AWS delivered.
public enum LogFileDoubt: String, Sendable {
    /// Its log file is not what the digest names.
    case changed = "invalid"
    /// No digest names its log file.
    case unlisted

    /// The doubt, as a reader of the event is told of it.
    public var text: String {
        switch self {
        case .changed: "its log file was changed"
        case .unlisted: "no digest names its log file"
        }
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

    /// The doubt about the event with this key, where there is one.
    static func doubt(key: Int64, _ db: Database) throws -> LogFileDoubt? {
        try RawCursor.text(
            db,
            "SELECT v.state FROM eventRow e JOIN verification v ON v.logFileID = e.logFileID WHERE e.key = ?", [key]
        ).flatMap { LogFileDoubt(rawValue: $0) }
    }

    /// Of the changes and the groups' denials, the events that stand in a log file that was changed, or that no digest names, with its
    /// state.
    static func doubtful(
        _ changes: [PermissionChange], _ groups: [DenialGroup], _ db: Database
    ) throws -> [String: LogFileDoubt] {
        let denials = groups.flatMap { $0.evidence.map { ($0.eventID, $0.eventTime) } }
        return try doubtful(changes.map { ($0.eventID, $0.eventTime) } + denials, db)
    }

    private static func doubtful(
        _ events: [(eventID: String, eventTime: String)], _ db: Database
    ) throws -> [String: LogFileDoubt] {
        guard
            try RawCursor.integer(
                db, "SELECT EXISTS (SELECT * FROM verification WHERE state IN ('invalid', 'unlisted'))") == 1
        else { return [:] }
        let select = """
            SELECT v.state FROM eventRow e JOIN verification v ON v.logFileID = e.logFileID
            WHERE e.key >= ? AND e.key < ? AND e.eventID = ? AND v.state IN ('invalid', 'unlisted')
            """
        var doubtful: [String: LogFileDoubt] = [:]
        for event in events {
            guard let seconds = Timestamp.seconds(event.eventTime), EventKey.times.contains(seconds) else { continue }
            let (first, last) = (EventKey.least(at: seconds), EventKey.least(at: seconds + 1))
            if let state = try RawCursor.text(db, select, [first, last, event.eventID]) {
                doubtful[event.eventID] = LogFileDoubt(rawValue: state)
            }
        }
        return doubtful
    }
}
