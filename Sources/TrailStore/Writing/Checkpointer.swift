import GRDB

/// Moves committed pages from the write-ahead log into the database file over a connection of its own, so that the writer need
/// not wait for the disk.
///
/// From its first to its last moment the database is as it would be without: a checkpoint that is cut short or fails leaves the
/// pages in the log, where every reader finds them, and the next one moves them.
package final class Checkpointer: Sendable {
    private let database: TrailDatabase
    private let queue: DatabaseQueue

    /// A second connection to `database`.
    package init(for database: TrailDatabase) throws {
        self.database = database
        queue = try TrailDatabase.openQueue(database.path)
        try database.mapErrors {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
    }

    /// Moves what was committed before the call and no reader still needs; returns how many pages the log holds.
    package func checkpoint() throws -> Int {
        try database.mapErrors { try queue.writeWithoutTransaction { try $0.checkpoint(.passive).walFrameCount } }
    }

    /// Closes the connection.
    package func close() throws {
        try database.mapErrors { try queue.close() }
    }
}
