import GRDB

/// A second connection, which reads on another processor what the first one does not wait for, from the same snapshot of the
/// database.
///
/// SQLite cannot be told to show a connection what another one sees. But it tells each whether the file was changed since it
/// last looked: where nobody committed between the moment before the first connection's transaction began and the moment in
/// which the second's did, both see the same.
struct SideReader: Sendable {
    private let queue: DatabaseQueue
    private let version: Int64

    /// Opens the connection, before the first one's transaction begins; `nil` where the database has one alone.
    init?(of database: TrailDatabase) throws {
        guard let queue = try database.secondReader() else { return nil }
        self.queue = queue
        version = try queue.read(Self.version)
    }

    /// Begins to read; the value is `nil` where the database was written meanwhile, so that it might be another snapshot's.
    func start<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) -> Beside<Value?> {
        Beside { [self] in try queue.read { db in try Self.version(db) == version ? body(db) : nil } }
    }

    /// Changes whenever another connection has committed.
    /// Source: SQLite's documentation of `PRAGMA data_version`.
    private static func version(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0
    }
}
