import GRDBSQLite

/// Runs a user's statements over a connection of SQLite, and nothing but what ``AllowedSQL`` allows.
@safe
final class QueryRunner {
    // SAFETY: the owner keeps it open for longer than this lives, and uses it for nothing else.
    private let connection: OpaquePointer
    private let authorizer: QueryAuthorizer

    /// - Parameters:
    ///   - connection: a connection that nobody else uses from now on.
    ///   - tables: the names of the tables and views that may be read.
    /// - Throws: ``StoreError`` where SQLite is too old.
    init(_ connection: OpaquePointer, tables: some Sequence<String>) throws(StoreError) {
        unsafe self.connection = connection
        authorizer = QueryAuthorizer(tables: tables)
        try unsafe ConnectionGuard.apply(to: connection, for: .users)
        // SAFETY: the authorizer is taken off before this object, which keeps it, goes.
        unsafe sqlite3_set_authorizer(connection, authorize, Unmanaged.passUnretained(authorizer).toOpaque())
    }

    deinit { unsafe sqlite3_set_authorizer(connection, nil, nil) }

    /// Runs every statement of `sql` in order.
    func run(_ sql: String, _ parameters: [String: String], _ watch: QueryWatch, into sink: ReadOnlyQuery.Sink) throws {
        let context = unsafe Unmanaged.passUnretained(watch).toOpaque()
        // SAFETY: `watch` outlives the handler, which is taken off before this call returns.
        unsafe sqlite3_progress_handler(connection, 10_000, progress, context)
        watch.start()
        defer {
            watch.end()
            unsafe sqlite3_progress_handler(connection, 0, nil, nil)
        }
        try withExtendedLifetime(watch) {
            let text = sql.utf8CString
            var offset = 0
            var hasRun = false
            while let (statement, consumed) = try unsafe prepare(text, from: offset, watch) {
                if let statement = unsafe statement {
                    hasRun = true
                    defer { unsafe sqlite3_finalize(statement) }
                    guard unsafe sqlite3_stmt_readonly(statement) != 0 else {
                        throw QueryError(
                            .refused, "only statements that read are allowed here: \(QueryAuthorizer.readOnly)")
                    }
                    try unsafe bind(parameters, to: statement, watch)
                    if try unsafe !step(statement, watch, sink) { return }
                }
                guard consumed > 0 else { break }
                offset += consumed
            }
            if !hasRun { throw QueryError(.invalid, "there is no SQL statement to run") }
        }
    }

    /// The next statement and how many bytes it took; `nil` statement for blanks and comments.
    private func prepare(_ sql: ContiguousArray<CChar>, from offset: Int, _ watch: QueryWatch) throws -> (
        OpaquePointer?, Int
    )? {
        guard offset < sql.count - 1 else { return nil }
        authorizer.begin()
        return try unsafe sql.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return (nil, 0) }
            var statement: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            // SAFETY: the buffer ends with a NUL, and `tail` points into it.
            let start = unsafe base + offset
            let code = watch.inside { unsafe sqlite3_prepare_v2(connection, start, -1, &statement, &tail) }
            guard code == SQLITE_OK else { throw error(code, watch) }
            return unsafe (statement, tail.map { unsafe start.distance(to: $0) } ?? 0)
        }
    }

    /// Binds the values of a statement's names; one that is not given stays NULL.
    private func bind(_ parameters: [String: String], to statement: OpaquePointer, _ watch: QueryWatch) throws {
        let count = unsafe sqlite3_bind_parameter_count(statement)
        guard !parameters.isEmpty, count > 0 else { return }
        for index in 1...count {
            guard let name = unsafe sqlite3_bind_parameter_name(statement, index),
                let value = parameters[String(unsafe String(cString: name).dropFirst())]
            else { continue }
            // SAFETY: by SQLITE_TRANSIENT (-1) SQLite makes a copy of the text before it returns.
            let code = unsafe sqlite3_bind_text(
                statement, index, value, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
            guard code == SQLITE_OK else { throw error(code, watch) }
        }
    }

    private func step(_ statement: OpaquePointer, _ watch: QueryWatch, _ sink: ReadOnlyQuery.Sink) throws -> Bool {
        let count = unsafe sqlite3_column_count(statement)
        if count > 0 {
            try sink.columns(
                (0..<count).map { index in
                    unsafe sqlite3_column_name(statement, index).map { unsafe String(cString: $0) } ?? ""
                })
        }
        while true {
            let code = watch.inside { unsafe sqlite3_step(statement) }
            switch code {
            case SQLITE_DONE: return true
            case SQLITE_ROW:
                let row = try (0..<count).map { try unsafe value(statement, $0) }
                if try !sink.row(row) { return false }
            default: throw error(code, watch)
            }
        }
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) throws(QueryError) -> SQLValue {
        switch unsafe sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(statement, column))
        case SQLITE_NULL: return .null
        case SQLITE_BLOB:
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            guard let bytes = unsafe sqlite3_column_blob(statement, column) else {
                guard count == 0 else { throw Self.outOfMemory }
                return .blob([])
            }
            // SAFETY: SQLite gives `count` bytes that live until the next step.
            return .blob(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count)))
        default:
            guard let text = unsafe sqlite3_column_text(statement, column) else { throw Self.outOfMemory }
            let count = Int(unsafe sqlite3_column_bytes(statement, column))
            // SAFETY: as above.
            return .text(unsafe String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self))
        }
    }

    private func error(_ code: Int32, _ watch: QueryWatch) -> QueryError {
        let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? "error \(code)"
        if let refusal = authorizer.refusal { return QueryError(.refused, refusal) }
        switch code & 0xFF {
        case SQLITE_INTERRUPT: return QueryError(.interrupted, Self.text(of: watch.cause ?? .cancelled))
        case SQLITE_AUTH: return QueryError(.refused, "this is not allowed here: \(QueryAuthorizer.readOnly)")
        case SQLITE_READONLY:
            return QueryError(.refused, "only statements that read are allowed here: \(QueryAuthorizer.readOnly)")
        case SQLITE_TOOBIG:
            return QueryError(
                .failed,
                "a value or the query is too large: a value may have \(ConnectionGuard.largestValueOfUsers >> 20) MB, a query 1 MB: "
                    + "take a part of the value with substr()")
        case SQLITE_NOMEM: return Self.outOfMemory
        case SQLITE_ERROR: return QueryError(.invalid, message)
        case SQLITE_IOERR where unsafe sqlite3_extended_errcode(connection) == PageSums.mismatch:
            return QueryError(.failed, StoreError.changedPage(nil).description)
        default: return QueryError(.failed, message)
        }
    }

    private static let outOfMemory = QueryError(
        .failed,
        "the query needs more memory than the \(ConnectionGuard.memoryOfUsers >> 20) MB it may use: select less at once"
    )

    /// Why a query was stopped, for people.
    static func text(of cause: QueryWatch.Cause) -> String {
        switch cause {
        case .timeLimit: "the query reached its time limit: raise it with --timeout SECONDS"
        case .cancelled: "the query was interrupted"
        }
    }
}

private func progress(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context = unsafe context else { return 0 }
    // SAFETY: the context is the `QueryWatch` that `run` keeps alive.
    return unsafe Unmanaged<QueryWatch>.fromOpaque(context).takeUnretainedValue().cause == nil ? 0 : 1
}

private func authorize(
    _ context: UnsafeMutableRawPointer?, _ action: Int32, _ first: UnsafePointer<CChar>?,
    _ second: UnsafePointer<CChar>?, _ database: UnsafePointer<CChar>?, _ inner: UnsafePointer<CChar>?
) -> Int32 {
    guard let context = unsafe context else { return SQLITE_DENY }
    // SAFETY: the context is the authorizer that `QueryRunner` keeps; SQLite passes NUL-terminated names that live for the call.
    let authorizer = unsafe Unmanaged<QueryAuthorizer>.fromOpaque(context).takeUnretainedValue()
    let isAllowed = authorizer.allows(
        action, unsafe first.map { unsafe String(cString: $0) } ?? "", unsafe second.map { unsafe String(cString: $0) })
    return isAllowed ? SQLITE_OK : SQLITE_DENY
}
