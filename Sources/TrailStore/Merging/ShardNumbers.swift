import CSQLite
import GRDB
import GRDBSQLite

/// Functions of SQL that translate a shard's numbers (``ShardTables/Numbers``).
@safe final class ShardNumbers {
    // SAFETY: what a connection owns; used with that connection alone.
    private var functions: [ShardTables.Numbers: OpaquePointer] = unsafe [:]

    /// Adds them to a connection.
    func add(to db: Database) throws {
        guard let connection = unsafe db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        // SAFETY: the connection is open; it owns what its functions are given.
        for numbers in ShardTables.Numbers.allCases {
            let function = unsafe trail403_sqlite_add_numbers(UnsafeMutableRawPointer(connection), numbers.rawValue)
            guard let function = unsafe function else { throw DatabaseError(resultCode: .SQLITE_NOMEM) }
            unsafe functions[numbers] = function
        }
    }

    /// Lets a function translate by what its temporary table holds now.
    func learn(_ numbers: ShardTables.Numbers, _ db: Database) throws {
        guard let connection = unsafe db.sqliteConnection, let function = unsafe functions[numbers] else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE)
        }
        // SAFETY: the connection, which owns the function, is open.
        let code = unsafe trail403_sqlite_fill_numbers(UnsafeMutableRawPointer(connection), function, numbers.query)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
