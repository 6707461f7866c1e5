import GRDBSQLite

/// Decides on each thing that a user's statement would do, while SQLite compiles it: what is not named here is refused.
final class QueryAuthorizer {
    /// Why the statement at hand was refused; `nil` while nothing was.
    private(set) var refusal: String?
    private let tables: Set<String>

    /// - Parameter tables: the names of the tables and views that may be read, beside SQLite's own.
    init(tables: some Sequence<String>) {
        self.tables = AllowedSQL.builtInTables.union(tables.map { $0.lowercased() })
    }

    /// Forgets the last statement.
    func begin() { refusal = nil }

    /// Decides.
    ///
    /// - Parameters:
    ///   - action: one of SQLite's action codes.
    ///   - first: what it is done to, as a rule a name.
    ///   - second: more of it, by the code.
    func allows(_ action: Int32, _ first: String, _ second: String?) -> Bool {
        guard let reason = reasonAgainst(action, first, second) else { return true }
        if refusal == nil { refusal = reason }
        return false
    }

    private func reasonAgainst(_ action: Int32, _ first: String, _ second: String?) -> String? {
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE: return nil
        case SQLITE_READ:
            // Without a column it is asked of the name of a common table expression, too. A virtual table does not get this far:
            // the modules of all but those of the list are gone.
            return second == "" || tables.contains(first.lowercased())
                ? nil : "the table `\(first)` is not one that can be read here: see `PRAGMA table_list`"
        case SQLITE_UPDATE where first == "sqlite_master":
            // SQLite asks this when it declares the table behind `json_each` in memory. A statement that would write is refused for
            // what it is, and the file is open for reading only.
            return nil
        case SQLITE_FUNCTION:
            let name = (second ?? "").lowercased()
            return AllowedSQL.functions.contains(name)
                ? nil
                : "the function `\(name)` is not allowed here: SQLite's core, aggregate, window, date, JSON and math functions are"
        case SQLITE_PRAGMA:
            let name = first.lowercased()
            guard AllowedSQL.pragmas.contains(name) else {
                return
                    "`PRAGMA \(name)` is not allowed here: only PRAGMAs that read are, such as table_list and table_info"
            }
            guard second == nil || !AllowedSQL.pragmasWithoutValue.contains(name) else {
                return "`PRAGMA \(name)` is not allowed to set a value here: \(Self.readOnly)"
            }
            return nil
        case SQLITE_ATTACH, SQLITE_DETACH:
            return
                "other databases cannot be attached here: attach them in `sqlite3`, or query each with --database FILE"
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT:
            return "transactions are not available here: \(Self.readOnly)"
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            let table = first.hasPrefix("sqlite_") ? "the schema" : "`\(first)`"
            return "changing \(table) is not allowed here: \(Self.readOnly)"
        default: return "this statement is not allowed here: \(Self.readOnly)"
        }
    }

    /// What there is to know, and the next step.
    static let readOnly = "the database is open read-only; change a copy of it with `sqlite3`"
}
