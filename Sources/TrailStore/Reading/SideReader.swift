import Dispatch
import GRDB
import Synchronization

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

    /// Begins to read.
    func start<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) -> SideRead<Value> {
        let read = SideRead<Value>()
        DispatchQueue.global().async { [self] in
            read.end(
                with: Result {
                    try queue.read { db in try Self.version(db) == version ? body(db) : nil }
                })
        }
        return read
    }

    /// Changes whenever another connection has committed.
    /// Source: SQLite's documentation of `PRAGMA data_version`.
    private static func version(_ db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "PRAGMA data_version") ?? 0
    }
}

/// What a ``SideReader`` is reading.
final class SideRead<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value?, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    fileprivate func end(with result: Result<Value?, any Error>) {
        self.result.withLock { $0 = result }
        isDone.signal()
    }

    /// Waits for what was read, once; `nil` where the database was written meanwhile, so that it may be another snapshot's.
    func value() throws -> Value? {
        isDone.wait()
        return try result.withLock { try $0?.get() }
    }
}
