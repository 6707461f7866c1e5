import GRDB
import GRDBSQLite

/// One value of a query's result.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// Why a query was not run, or not to its end.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for programs.
    public enum Code: Sendable {
        /// SQLite cannot read the query.
        case invalid
        /// The query would write, attach another file or load code.
        case refused
        /// The time limit was reached, or the user pressed Ctrl-C.
        case interrupted
        case failed
    }

    /// What went wrong, for programs.
    public let code: Code
    /// One line for people.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// Runs a user's SQL over a database that it cannot change.
///
/// The file is opened read-only, and SQLite's authorizer refuses whatever is not on a list (``AllowedSQL``): what could write, reach
/// another file or load code above all. Values, statements and memory are bounded.
public final class ReadOnlyQuery {
    /// Called with the columns' names once for each statement that returns any, then with each row; return false to stop.
    public struct Sink {
        /// Called with the columns' names.
        public var columns: ([String]) throws -> Void
        /// Called with each row; false stops the query.
        public var row: ([SQLValue]) throws -> Bool

        /// A receiver of columns and rows.
        public init(columns: @escaping ([String]) throws -> Void, row: @escaping ([SQLValue]) throws -> Bool) {
            self.columns = columns
            self.row = row
        }
    }

    /// What ends the process where one step of SQLite does not end in time.
    public struct LastResort: Sendable {
        /// Called with why, as one line, and whether it was the time limit, on a thread of its own, while no row is being handed over.
        /// It is not to return.
        public var giveUp: @Sendable (_ reason: String, _ isTimeLimit: Bool) -> Void

        /// A way to end the process.
        public init(giveUp: @escaping @Sendable (_ reason: String, _ isTimeLimit: Bool) -> Void) {
            self.giveUp = giveUp
        }
    }

    private let database: TrailDatabase
    private let runner: QueryRunner

    /// What the user is to know of the database, one line each.
    public var remarks: [String] { database.remarks }

    /// Opens the database.
    ///
    /// - Throws: ``StoreError`` as ``TrailDatabase/openForReading(_:)`` does.
    public init(path: String) throws {
        database = try TrailDatabase.openForReading(path)
        runner = try database.runner()
    }

    /// Bounds the memory that SQLite may use in this process, as suits a process that runs a user's queries.
    public static func boundMemory() { _ = sqlite3_hard_heap_limit64(ConnectionGuard.memoryOfUsers) }

    /// Has SQLite not count its memory in this process: all of its threads wait for one lock to count it. Call before the first database
    /// is opened, and not where ``boundMemory()`` is to hold.
    public static func leaveMemoryUnbounded() { ConnectionGuard.uncountedMemory }

    /// Runs every statement of `sql` in order.
    ///
    /// - Parameters:
    ///   - parameters: the values of `:name`, as text; one that is not given is NULL.
    ///   - deadline: when to stop, on the monotonic clock; `nil` for no limit.
    ///   - isCancelled: asked now and then, from two threads; true stops the query.
    ///   - lastResort: what ends the process where the query cannot be stopped in order; `nil` for nothing does.
    /// - Throws: ``QueryError``; ``StoreError`` where the file was changed while it was read and could not be locked.
    public func run(
        _ sql: String, parameters: [String: String] = [:], deadline: ContinuousClock.Instant? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }, lastResort: LastResort? = nil, into sink: Sink
    ) throws {
        var giveUp: (@Sendable (QueryWatch.Cause) -> Void)?
        if let lastResort { giveUp = { lastResort.giveUp(QueryRunner.text(of: $0), $0 == .timeLimit) } }
        let watch = QueryWatch(deadline: deadline, isCancelled: isCancelled, giveUp: giveUp)
        try runner.run(sql, parameters, watch, into: sink)
        try database.checkUnchanged()
    }
}

extension TrailDatabase {
    /// Gives the connection over to a user's queries.
    fileprivate func runner() throws -> QueryRunner {
        let sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND sql NOT LIKE 'CREATE VIRTUAL%'"
        let tables = try mapErrors { try queue.inDatabase { try String.fetchAll($0, sql: sql) } }
        return try queue.inDatabase { db throws -> QueryRunner in
            // SQLite sorts in as much memory as the cache may have; both, and the query's values, are to fit.
            try db.execute(sql: "PRAGMA cache_size = -16384")
            guard let connection = unsafe db.sqliteConnection else {
                throw StoreError(.inaccessible, "cannot open the database `\(path)` for reading")
            }
            return try unsafe QueryRunner(connection, tables: tables + Schema.viewNames)
        }
    }
}
