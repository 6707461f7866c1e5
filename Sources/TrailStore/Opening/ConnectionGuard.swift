import CSQLite
import GRDBSQLite

/// What every connection to a database file is bound by: the file may come from anybody.
enum ConnectionGuard {
    /// Whose statements a connection runs, and what for.
    enum Purpose {
        /// Ours, to write.
        case writing
        /// Ours, to read.
        case reading
        /// A user's, to read.
        case users
    }

    /// The largest value that a user's query may make or read, in bytes: as large as the largest record that is read by default.
    static let largestValueOfUsers = 32 << 20
    /// How much memory SQLite may use for a user's query, in bytes.
    static let memoryOfUsers: Int64 = 96 << 20

    /// Lets SQLite know files by URI, once a process, before the first connection.
    static let uris: Void = trail403_sqlite_allow_uris()

    /// Has SQLite not count its memory, once a process, before the first connection: not where a user's query must be bounded.
    static let uncountedMemory: Void = trail403_sqlite_count_no_memory()

    /// Takes from a connection what a hostile file or statement could use, and bounds it.
    ///
    /// - Throws: ``StoreError`` where SQLite is too old for one of them.
    static func apply(to connection: OpaquePointer, for purpose: Purpose) throws(StoreError) {
        // SAFETY: the caller's connection is open.
        let code = unsafe trail403_sqlite_harden(UnsafeMutableRawPointer(connection), purpose == .writing ? 0 : 1)
        guard code == SQLITE_OK else {
            throw StoreError(.sqlite, "SQLite \(version) cannot be made safe: install SQLite 3.31 or newer")
        }
        for limit in limits(for: purpose) { _ = unsafe sqlite3_limit(connection, limit.category, limit.value) }
    }

    /// Lets a connection write without a journal, for a file that is nobody's until it is whole.
    ///
    /// - Throws: ``StoreError``.
    static func writeWithoutJournal(_ connection: OpaquePointer) throws(StoreError) {
        // SAFETY: the caller's connection is open.
        let code = unsafe trail403_sqlite_write_without_journal(UnsafeMutableRawPointer(connection))
        guard code == SQLITE_OK else { throw StoreError(.sqlite, "SQLite \(version) does not write without a journal") }
    }

    private static var version: String { unsafe String(cString: sqlite3_libversion()) }

    /// Source: "Run-Time Limits" of SQLite's documentation.
    private static func limits(for purpose: Purpose) -> [(category: Int32, value: Int32)] {
        var limits: [(category: Int32, value: Int32)] = [
            (SQLITE_LIMIT_TRIGGER_DEPTH, 1), (SQLITE_LIMIT_WORKER_THREADS, 0),
            // VACUUM attaches the database that it writes.
            (SQLITE_LIMIT_ATTACHED, purpose == .writing ? 1 : 0),
        ]
        switch purpose {
        case .writing: break
        case .reading: limits.append((SQLITE_LIMIT_LENGTH, 256 << 20))
        case .users:
            limits += [
                (SQLITE_LIMIT_LENGTH, Int32(largestValueOfUsers)), (SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
                (SQLITE_LIMIT_COLUMN, 1000), (SQLITE_LIMIT_EXPR_DEPTH, 200), (SQLITE_LIMIT_COMPOUND_SELECT, 200),
                (SQLITE_LIMIT_VDBE_OP, 1_000_000), (SQLITE_LIMIT_FUNCTION_ARG, 100),
                (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000), (SQLITE_LIMIT_VARIABLE_NUMBER, 100),
            ]
        }
        return limits
    }
}
