import Foundation
import GRDB

/// How a database file is read: beside others that write it, or, where SQLite cannot keep a lock file beside it, as it lies there.
struct ReadAccess: Sendable {
    private enum Kind {
        /// With SQLite's own locks.
        case shared
        /// The file alone, where there is no log.
        case still
        /// The file and its log, whose index is kept in memory.
        case stillWithLog
    }

    private let kind: Kind
    private let files: SideFiles
    /// The path as the user gave it, for messages.
    private let name: String
    /// Held where the file is read as it lies there.
    let lock: FileLock?
    /// Our own views are laid over the file's.
    var laysOwnViews = false

    /// Finds the way to read a file, and opens it.
    ///
    /// - Throws: ``StoreError``; rather than an answer that lacks what the log holds.
    static func open(_ path: String) throws -> (access: ReadAccess, queue: DatabaseQueue) {
        let files = SideFiles(path)
        try files.check()
        let shared = ReadAccess(kind: .shared, files: files, name: path, lock: nil)
        let end = ContinuousClock.now + .seconds(10)
        while true {
            do {
                return (shared, try shared.open())
            } catch let error as DatabaseError {
                guard isWithoutLockFile(error, path) else { throw TrailDatabase.translate(error, path: path) }
                if files.hasHotJournal { throw StoreError.cutShort(path) }
                // An ingest of somebody who may write there takes this lock alone, and the lock file is there as soon as it has begun.
                if let lock = FileLock(files.path) {
                    let still = ReadAccess(
                        kind: files.hasLog ? .stillWithLog : .still, files: files, name: path, lock: lock)
                    do {
                        return (still, try still.open())
                    } catch let second as DatabaseError {
                        if still.kind == .stillWithLog, second.resultCode == .SQLITE_CANTOPEN {
                            throw StoreError.unreadableLog(path)
                        }
                        throw TrailDatabase.translate(second, path: path)
                    }
                }
                guard ContinuousClock.now < end else { throw StoreError.inUse(path) }
                usleep(100_000)
            }
        }
    }

    /// Another connection of the same kind.
    func open() throws -> DatabaseQueue {
        var configuration = TrailDatabase.configuration(for: .reading)
        configuration.readonly = true
        let (laysOwnViews, isAlone) = (laysOwnViews, kind == .stillWithLog)
        configuration.prepareDatabase { db in
            // Without shared memory SQLite keeps the log's index in its own, for a connection that is alone.
            if isAlone { try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            // What a report walks over more than once stays in the system's cache; one of its own would hold it once more for each connection.
            try db.execute(sql: "PRAGMA cache_size = -8192")
            if laysOwnViews { try db.execute(sql: Schema.temporaryViews) }
        }
        return try DatabaseQueue(path: uri, configuration: configuration)
    }

    private var uri: String {
        switch kind {
        case .shared: TrailDatabase.uri(files.path, "")
        case .still: TrailDatabase.uri(files.path, "?immutable=1")
        // The lock is ``lock``: SQLite's own would need a file that can be written.
        case .stillWithLog: TrailDatabase.uri(files.path, "?mode=ro&vfs=unix-none")
        }
    }

    /// The file's URI to be attached by a connection that writes another; `nil` where only a connection of its own can read it.
    var attachURI: String? {
        switch kind {
        case .shared: TrailDatabase.uri(files.path, "?mode=ro")
        case .still: uri
        case .stillWithLog: nil
        }
    }

    /// Whether SQLite could not put its lock file beside the database: the folder or the file system cannot be written, or is full.
    private static func isWithoutLockFile(_ error: DatabaseError, _ path: String) -> Bool {
        error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
            || error.resultCode == .SQLITE_IOERR && TrailDatabase.isDiskFull(path)
    }
}

extension StoreError {
    static func cutShort(_ path: String) -> StoreError {
        StoreError(
            .inaccessible,
            "a write to the database `\(path)` was cut short, and what undoes it (`\(path)-journal`) cannot be put back by a command that "
                + "only reads: run `trail403 ingest` on it as its owner, or copy both files to a folder that you may write and do it there"
        )
    }

    static func unreadableLog(_ path: String) -> StoreError {
        StoreError(
            .inaccessible,
            "cannot read `\(path)-wal`, which holds the newest part of the database: run this as its owner, or on a copy of both files"
        )
    }

    static func inUse(_ path: String) -> StoreError {
        StoreError(.busy, "the database `\(path)` is in use by another program: try again when it is done")
    }

    static func changed(_ path: String) -> StoreError {
        StoreError(
            .busy,
            "the database `\(path)` was changed while it was read, and its folder cannot be written, so the answer may be wrong: "
                + "run the same command again when the other program is done")
    }
}
