import GRDB
import GRDBSQLite

/// A prepared statement that is bound and run without an array of arguments: the writer runs some of them once an event.
@safe struct RawStatement {
    /// Owns what `raw` points to.
    private let statement: Statement
    private let raw: SQLiteStatement
    private let connection: SQLiteConnection?

    /// The statement from the connection's cache; good while the connection is open.
    init(_ db: Database, _ sql: String) throws {
        statement = try db.cachedStatement(sql: sql)
        unsafe raw = statement.sqliteStatement
        unsafe connection = db.sqliteConnection
    }

    /// Rows that the last run changed.
    @inline(__always) var changes: Int32 { unsafe sqlite3_changes(connection) }

    /// The rowid of the last insert.
    var lastInsertedRowID: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

    @inline(__always) func bind(_ number: Int64, at index: Int32) { unsafe sqlite3_bind_int64(raw, index, number) }

    func bind(_ number: Int64?, at index: Int32) {
        if let number { bind(number, at: index) } else { bindNull(at: index) }
    }

    @inline(__always) func bindNull(at index: Int32) { unsafe sqlite3_bind_null(raw, index) }

    /// Binds the number of a dictionary's entry; 0 as NULL.
    @inline(__always) func bind(id: Int64, at index: Int32) {
        if id == 0 { bindNull(at: index) } else { bind(id, at: index) }
    }

    /// Binds a text, which SQLite copies.
    func bind(_ text: String?, at index: Int32) {
        guard var text else { return bindNull(at: index) }
        text.withUTF8 { bytes in
            // SAFETY: SQLITE_TRANSIENT, which is -1, makes SQLite copy the bytes before the call returns. An empty text must
            // not become NULL, as it would with no address.
            let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            let start = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            if let start = unsafe start {
                unsafe sqlite3_bind_text(raw, index, start, Int32(truncatingIfNeeded: bytes.count), transient)
            } else {
                unsafe sqlite3_bind_text(raw, index, "", 0, transient)
            }
        }
    }

    /// Binds bytes as text without copying them: they must stay where they are until the statement has run, and
    /// ``clearBindings()`` must follow before they go.
    @unsafe @inline(__always)
    func bind(borrowing text: UnsafeRawBufferPointer, at index: Int32) {
        guard let base = text.baseAddress else { return bindNull(at: index) }
        // SAFETY: the caller keeps the bytes.
        unsafe sqlite3_bind_text(
            raw, index, base.assumingMemoryBound(to: CChar.self), Int32(truncatingIfNeeded: text.count), nil)
    }

    /// Runs a statement that returns no row.
    @inline(__always) func run() throws {
        let code = unsafe sqlite3_step(raw)
        unsafe sqlite3_reset(raw)
        guard code == SQLITE_DONE else { throw error(code) }
    }

    /// The first column of the first row; `nil` where there is no row.
    func firstInteger() throws -> Int64? {
        let code = unsafe sqlite3_step(raw)
        defer { unsafe sqlite3_reset(raw) }
        switch code {
        case SQLITE_DONE: return nil
        case SQLITE_ROW: return unsafe sqlite3_column_int64(raw, 0)
        default: throw error(code)
        }
    }

    /// Forgets what was bound.
    func clearBindings() {
        unsafe sqlite3_reset(raw)
        unsafe sqlite3_clear_bindings(raw)
    }

    private func error(_ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) })
    }
}
