import GRDB
import GRDBSQLite

/// The row that a query stands at; its columns are read when they are asked for.
// SAFETY: the statement lives for the call of `forEach` that the row is good for; a column that is not there reads as NULL.
@safe struct RawRow {
    fileprivate let statement: SQLiteStatement

    /// A column as an integer, NULL as 0.
    @inline(__always) subscript(column: Int) -> Int64 {
        unsafe sqlite3_column_int64(statement, Int32(truncatingIfNeeded: column))
    }

    /// A column as text, NULL as the empty one.
    func text(_ column: Int) -> String { unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) } ?? "" }

    /// A column as text, NULL as `nil`.
    func optionalText(_ column: Int) -> String? {
        unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with the bytes of a text column, which are good until it returns; `nil` for NULL.
    func withBytes<Value>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value? {
        let column = Int32(truncatingIfNeeded: column)
        guard let start = unsafe sqlite3_column_text(statement, column) else { return nil }
        // SAFETY: SQLite keeps the text until the statement moves on, and tells its length.
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        return unsafe try body(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Reads the rows of a query without a row value for each, which is many times faster.
enum RawCursor {
    /// Calls `body` with each row, which is good until `body` returns.
    static func forEach(
        _ db: Database, _ sql: String, _ arguments: StatementArguments = [], _ body: (RawRow) throws -> Void
    ) throws {
        let statement = try db.cachedStatement(sql: sql)
        try statement.setArguments(arguments)
        let raw = unsafe statement.sqliteStatement
        defer { unsafe sqlite3_reset(raw) }
        let row = unsafe RawRow(statement: raw)
        while true {
            let code = unsafe sqlite3_step(raw)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else {
                throw DatabaseError(
                    resultCode: ResultCode(rawValue: code),
                    message: unsafe sqlite3_errmsg(db.sqliteConnection).map { unsafe String(cString: $0) })
            }
            try body(row)
        }
    }
}
