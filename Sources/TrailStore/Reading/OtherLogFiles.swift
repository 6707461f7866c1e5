import GRDB

/// Log files of a database that some paths do not hold.
public struct OtherLogFiles: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// The path of one of them.
    public var example: String

    /// Log files beside those that were asked for.
    public init(count: Int, example: String) {
        self.count = count
        self.example = example
    }
}

extension TrailDatabase {
    /// The log files with events that lie neither at nor below any of these paths; `nil` where there are none.
    ///
    /// - Parameter moved: how many of those are the same as files below the paths.
    public func logFiles(outside roots: [String], moved: Int) throws -> OtherLogFiles? {
        // A folder's files lie behind a slash, an archive's members behind an exclamation mark.
        let inside = roots.map { _ in "path = ? OR substr(path, 1, length(?) + 1) IN (? || '/', ? || '!')" }
        let condition = inside.isEmpty ? "" : " AND NOT (\(inside.joined(separator: " OR ")))"
        let sql = "SELECT count(*), coalesce(min(path), '') FROM logFile WHERE records > 0" + condition
        let arguments = roots.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            .flatMap { [$0, $0, $0, $0] }
        return try mapErrors {
            try queue.read { db in
                let found = try RawCursor.all(db, sql, StatementArguments(arguments)) {
                    (try $0.count(0), try $0.text(1))
                }
                guard let (count, example) = found.first, count > moved else { return nil }
                return OtherLogFiles(count: count - moved, example: example)
            }
        }
    }
}
