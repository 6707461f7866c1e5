import Foundation
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
/// The file is opened read-only, and SQLite's authorizer refuses whatever could write, reach another file or load code: `ATTACH`,
/// `VACUUM INTO`, `load_extension`, every `PRAGMA` with a value that is not one of a short list.
@safe
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

    // SAFETY: opened in `init`, closed in `deinit`, never handed out.
    private let connection: OpaquePointer
    private let path: String

    /// Opens the database.
    ///
    /// - Throws: ``StoreError`` as ``TrailDatabase/openForReading(_:)`` does.
    public init(path: String) throws {
        // The same checks and messages as for every other command.
        try TrailDatabase.openForReading(path).close()
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
        var code = unsafe sqlite3_open_v2(path, &opened, flags, nil)
        if code == SQLITE_OK {
            code = unsafe sqlite3_exec(opened, "SELECT 1 FROM sqlite_master", nil, nil, nil)
        }
        if code != SQLITE_OK {
            unsafe sqlite3_close_v2(opened)
            unsafe opened = nil
            code = unsafe sqlite3_open_v2(TrailDatabase.immutableURI(path), &opened, flags, nil)
        }
        guard code == SQLITE_OK, let connection = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw StoreError(.inaccessible, "cannot open the database `\(path)` for reading")
        }
        unsafe self.connection = connection
        self.path = path
        unsafe sqlite3_busy_timeout(connection, 10_000)
        unsafe sqlite3_set_authorizer(connection, authorize, nil)
    }

    deinit { unsafe sqlite3_close_v2(connection) }

    /// Runs every statement of `sql` in order.
    ///
    /// - Parameters:
    ///   - deadline: when to stop, on the monotonic clock; `nil` for no limit.
    ///   - isCancelled: asked now and then; true stops the query.
    /// - Throws: ``QueryError``.
    public func run(
        _ sql: String, deadline: ContinuousClock.Instant? = nil, isCancelled: @escaping () -> Bool = { false },
        into sink: Sink
    ) throws {
        let watch = QueryWatch(deadline: deadline, isCancelled: isCancelled)
        let context = unsafe Unmanaged.passUnretained(watch).toOpaque()
        // SAFETY: `watch` outlives the handler, which is taken off before this call returns.
        unsafe sqlite3_progress_handler(connection, 10_000, progress, context)
        defer { unsafe sqlite3_progress_handler(connection, 0, nil, nil) }
        try withExtendedLifetime(watch) {
            var rest = Array(sql.utf8CString)
            var hasRun = false
            while let (statement, consumed) = try unsafe prepare(rest) {
                if let statement = unsafe statement {
                    hasRun = true
                    defer { unsafe sqlite3_finalize(statement) }
                    guard unsafe sqlite3_stmt_readonly(statement) != 0 else {
                        throw QueryError(
                            .refused,
                            "only statements that read are allowed here: use `sqlite3` on a copy to change data")
                    }
                    if try unsafe !step(statement, watch, sink) { return }
                }
                guard consumed > 0, consumed < rest.count else { break }
                rest.removeFirst(consumed)
            }
            if !hasRun { throw QueryError(.invalid, "there is no SQL statement to run") }
        }
    }

    /// The next statement and how many bytes it took; `nil` statement for blanks and comments.
    private func prepare(_ sql: [CChar]) throws -> (OpaquePointer?, Int)? {
        guard sql.count > 1 else { return nil }
        return try unsafe sql.withUnsafeBufferPointer { buffer in
            var statement: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            // SAFETY: the buffer ends with a NUL, and `tail` points into it.
            let code = unsafe sqlite3_prepare_v2(connection, buffer.baseAddress, -1, &statement, &tail)
            guard code == SQLITE_OK else { throw error(code) }
            var consumed = buffer.count
            if let base = buffer.baseAddress, let end = unsafe tail { consumed = unsafe base.distance(to: end) }
            return unsafe (statement, consumed)
        }
    }

    private func step(_ statement: OpaquePointer, _ watch: QueryWatch, _ sink: Sink) throws -> Bool {
        let count = Int(unsafe sqlite3_column_count(statement))
        if count > 0 {
            try sink.columns(
                (0..<count).map { index in
                    unsafe sqlite3_column_name(statement, Int32(truncatingIfNeeded: index)).map {
                        unsafe String(cString: $0)
                    } ?? ""
                })
        }
        while true {
            let code = unsafe sqlite3_step(statement)
            switch code {
            case SQLITE_DONE: return true
            case SQLITE_ROW:
                let row = (0..<count).map { unsafe value(statement, Int32(truncatingIfNeeded: $0)) }
                if try !sink.row(row) { return false }
            case SQLITE_INTERRUPT:
                throw QueryError(.interrupted, watch.reason)
            default: throw error(code)
            }
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(statement, column))
        case SQLITE_NULL: return .null
        case SQLITE_BLOB:
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            guard let bytes = unsafe sqlite3_column_blob(statement, column) else { return .blob([]) }
            // SAFETY: SQLite gives `count` bytes that live until the next step.
            return .blob(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default:
            guard let text = unsafe sqlite3_column_text(statement, column) else { return .null }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            // SAFETY: as above.
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        }
    }

    private func error(_ code: Int32) -> QueryError {
        let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? "error \(code)"
        switch code {
        case SQLITE_AUTH:
            return QueryError(
                .refused, "this statement is not allowed here: the database is open for reading only (\(message))")
        case SQLITE_READONLY:
            return QueryError(
                .refused, "only statements that read are allowed here: the database is open for reading only")
        case SQLITE_ERROR: return QueryError(.invalid, message)
        default: return QueryError(.failed, message)
        }
    }
}

/// What the progress handler asks.
private final class QueryWatch {
    let deadline: ContinuousClock.Instant?
    let isCancelled: () -> Bool
    var reason = "the query was interrupted"

    init(deadline: ContinuousClock.Instant?, isCancelled: @escaping () -> Bool) {
        self.deadline = deadline
        self.isCancelled = isCancelled
    }

    func mustStop() -> Bool {
        if isCancelled() { return true }
        if let deadline, ContinuousClock.now >= deadline {
            reason = "the query reached its time limit: raise it with --timeout SECONDS"
            return true
        }
        return false
    }
}

private func progress(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context = unsafe context else { return 0 }
    // SAFETY: the context is the `QueryWatch` that `run` keeps alive.
    return unsafe Unmanaged<QueryWatch>.fromOpaque(context).takeUnretainedValue().mustStop() ? 1 : 0
}

/// Pragmas that only tell; every other one is refused, and these too when they are given a value that would set something.
private let readingPragmas: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo", "foreign_key_list",
    "database_list",
    "collation_list", "function_list", "pragma_list", "compile_options", "integrity_check", "quick_check",
    "user_version",
    "application_id", "page_count", "page_size", "encoding", "freelist_count", "schema_version", "data_version",
]
private let settablePragmas: Set<String> = [
    "user_version", "application_id", "page_size", "encoding", "schema_version",
]

private func authorize(
    _ context: UnsafeMutableRawPointer?, _ action: Int32, _ first: UnsafePointer<CChar>?,
    _ second: UnsafePointer<CChar>?,
    _ third: UnsafePointer<CChar>?, _ fourth: UnsafePointer<CChar>?
) -> Int32 {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
    case SQLITE_UPDATE:
        // SQLite asks this when it declares the table behind `json_each` in memory. A statement that would write is refused for
        // what it is, and the file is open for reading only.
        let table = unsafe first.map { unsafe String(cString: $0) } ?? ""
        return table == "sqlite_master" ? SQLITE_OK : SQLITE_DENY
    case SQLITE_FUNCTION:
        // SAFETY: SQLite passes NUL-terminated names that live for the call.
        let name = unsafe second.map { unsafe String(cString: $0) } ?? ""
        return name.lowercased() == "load_extension" ? SQLITE_DENY : SQLITE_OK
    case SQLITE_PRAGMA:
        let name = (unsafe first.map { unsafe String(cString: $0) } ?? "").lowercased()
        let hasValue = unsafe second != nil
        return readingPragmas.contains(name) && !(hasValue && settablePragmas.contains(name)) ? SQLITE_OK : SQLITE_DENY
    default: return SQLITE_DENY
    }
}
