import GRDB
import GRDBSQLite

/// A value that its column cannot hold: the database is damaged, or somebody wrote it by hand.
///
/// ``TrailDatabase/mapErrors(_:)`` finds its table and row (``DatabaseCheck``) and makes a ``StoreError`` of it.
struct WrongValue: Error {
    /// The result's column.
    var column: String
    /// What is wrong with it, as in `is text, not a number`.
    var fault: String
}

/// The row that a query stands at; its columns are read when they are asked for.
///
/// Nothing in the file is trusted: a value of another type than its column's, or one beyond the bounds of ``ColumnBounds``, is thrown
/// as a ``WrongValue``.
// SAFETY: the statement lives for the call of `forEach` that the row is good for; a column that is not there reads as NULL.
@safe struct RawRow {
    fileprivate let statement: SQLiteStatement

    /// A column as an integer, NULL as 0.
    @inline(__always) subscript(column: Int) -> Int64 {
        get throws {
            let index = Int32(truncatingIfNeeded: column)
            switch unsafe sqlite3_column_type(statement, index) {
            case SQLITE_INTEGER: return unsafe sqlite3_column_int64(statement, index)
            case SQLITE_NULL: return 0
            case let type: throw wrong(column, "is \(Self.name(ofType: type)), not a number")
            }
        }
    }

    /// A column as an integer, NULL as `nil`.
    func optionalInteger(_ column: Int) throws -> Int64? {
        let isNull = unsafe sqlite3_column_type(statement, Int32(truncatingIfNeeded: column)) == SQLITE_NULL
        return try isNull ? nil : self[column]
    }

    /// A column as an integer within these bounds, NULL as the lower one.
    func integer(_ column: Int, in bounds: ClosedRange<Int64>) throws -> Int64 {
        guard let number = try optionalInteger(column) else { return bounds.lowerBound }
        guard bounds.contains(number) else { throw wrong(column, ColumnBounds.fault(of: number, in: bounds)) }
        return number
    }

    /// A column that counts something, NULL as 0.
    func count(_ column: Int) throws -> Int { Int(try integer(column, in: ColumnBounds.counts)) }

    /// A column that holds an event's key.
    @inline(__always) func key(_ column: Int) throws -> Int64 {
        let key = try self[column]
        guard key >= 0 else { throw wrong(column, ColumnBounds.fault(of: key, in: ColumnBounds.keys)) }
        return key
    }

    /// A column as a truth, NULL as `nil`.
    func optionalBool(_ column: Int) throws -> Bool? { try optionalInteger(column).map { $0 != 0 } }

    /// A column as text, NULL as the empty one.
    func text(_ column: Int) throws -> String { try optionalText(column) ?? "" }

    /// A column as text, NULL as `nil`.
    func optionalText(_ column: Int) throws -> String? {
        let index = Int32(truncatingIfNeeded: column)
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return nil
        case SQLITE_TEXT: break
        case let type: throw wrong(column, "is \(Self.name(ofType: type)), not text")
        }
        guard unsafe sqlite3_column_bytes(statement, index) <= ColumnBounds.textBytes else {
            throw wrong(column, "is longer than \(ColumnBounds.textBytes >> 20) MB")
        }
        return unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A column that holds a record, of whatever length; NULL as `nil`.
    func optionalRecord(_ column: Int) -> String? {
        unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A column's bytes, be it text or a blob; empty for NULL.
    func blob(_ column: Int) -> [UInt8] {
        let index = Int32(truncatingIfNeeded: column)
        guard let start = unsafe sqlite3_column_blob(statement, index) else { return [] }
        // SAFETY: SQLite keeps the bytes until the statement moves on, and tells their number.
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
    }

    /// Calls `body` with the bytes of a text column, which are good until it returns; `nil` for NULL.
    func withBytes<Value>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value? {
        let column = Int32(truncatingIfNeeded: column)
        guard let start = unsafe sqlite3_column_text(statement, column) else { return nil }
        // SAFETY: SQLite keeps the text until the statement moves on, and tells its length.
        let count = unsafe Int(sqlite3_column_bytes(statement, column))
        return unsafe try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    private func wrong(_ column: Int, _ fault: String) -> WrongValue {
        let name = unsafe sqlite3_column_name(statement, Int32(truncatingIfNeeded: column))
        return WrongValue(column: unsafe name.map { unsafe String(cString: $0) } ?? "", fault: fault)
    }

    private static func name(ofType type: Int32) -> String {
        switch type {
        case SQLITE_INTEGER: "a number"
        case SQLITE_FLOAT: "a fraction"
        case SQLITE_TEXT: "text"
        case SQLITE_BLOB: "a blob"
        default: "nothing"
        }
    }
}

/// Reads the rows of a query without a row value for each, which is many times faster, and without trusting what they hold.
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
        while try unsafe step(raw, db) { try body(row) }
    }

    /// What `body` makes of each row.
    static func all<Value>(
        _ db: Database, _ sql: String, _ arguments: StatementArguments = [], _ body: (RawRow) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try forEach(db, sql, arguments) { values.append(try body($0)) }
        return values
    }

    /// What `body` makes of the first row; `nil` where there is none.
    static func first<Value>(
        _ db: Database, _ sql: String, _ arguments: StatementArguments = [], _ body: (RawRow) throws -> Value
    ) throws -> Value? {
        let statement = try db.cachedStatement(sql: sql)
        try statement.setArguments(arguments)
        let raw = unsafe statement.sqliteStatement
        defer { unsafe sqlite3_reset(raw) }
        return try unsafe step(raw, db) ? body(RawRow(statement: raw)) : nil
    }

    /// The first row's first column as an integer; `nil` for NULL and where there is no row.
    static func integer(_ db: Database, _ sql: String, _ arguments: StatementArguments = []) throws -> Int64? {
        try first(db, sql, arguments) { try $0.optionalInteger(0) } ?? nil
    }

    /// The first row's first column as a count; 0 for NULL and where there is no row.
    static func count(_ db: Database, _ sql: String, _ arguments: StatementArguments = []) throws -> Int {
        try first(db, sql, arguments) { try $0.count(0) } ?? 0
    }

    /// The first row's first column as text; `nil` for NULL and where there is no row.
    static func text(_ db: Database, _ sql: String, _ arguments: StatementArguments = []) throws -> String? {
        try first(db, sql, arguments) { try $0.optionalText(0) } ?? nil
    }

    /// Whether there is a next row.
    fileprivate static func step(_ raw: SQLiteStatement, _ db: Database) throws -> Bool {
        switch unsafe sqlite3_step(raw) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: unsafe sqlite3_errmsg(db.sqliteConnection).map { unsafe String(cString: $0) })
        }
    }
}

/// The rows of a query, one after the other, while other queries are read.
final class RawRows {
    private let db: Database
    private let statement: Statement
    /// The row that the query stands at; `nil` before the first one and behind the last one.
    private(set) var row: RawRow?

    /// A query that stands before its first row.
    init(_ db: Database, _ sql: String, _ arguments: StatementArguments = []) throws {
        self.db = db
        statement = try db.makeStatement(sql: sql)
        try statement.setArguments(arguments)
    }

    /// Goes on to the next row; `nil` behind the last one.
    func next() throws -> RawRow? {
        let raw = unsafe statement.sqliteStatement
        row = try unsafe RawCursor.step(raw, db) ? RawRow(statement: raw) : nil
        return row
    }
}
