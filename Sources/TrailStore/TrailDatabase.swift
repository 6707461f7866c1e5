import Foundation
import GRDB
import GRDBSQLite

/// The SQLite file that trail403 writes and answers from.
///
/// `ingest` opens it for writing and lays it out or migrates it; everything else opens it read-only.
public final class TrailDatabase: Sendable {
    /// The path as the user gave it.
    public let path: String
    let queue: DatabaseQueue

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
    }

    /// Opens an existing database for reading.
    ///
    /// - Throws: ``StoreError`` where there is no file, or none of trail403's, or none that can be read.
    public static func openForReading(_ path: String) throws -> TrailDatabase {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                .missing, "no database at `\(path)`: run `trail403 ingest PATH` first, or name one with --database FILE"
            )
        }
        try DatabaseHeader.check(path)
        let queue = try openQueue(path, readonly: true)
        let database = TrailDatabase(path: path, queue: queue)
        let isOlder = try database.mapErrors {
            try queue.read { db in
                try Self.checkIdentity(db, path: path, writing: false)
                return try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < Schema.version
            }
        }
        guard isOlder else { return database }
        // Reports ask for columns and indexes that an older file lacks.
        try database.close()
        do {
            try openForWriting(path).close()
        } catch let error as StoreError where error.code == .inaccessible {
            throw StoreError.older(path)
        }
        return TrailDatabase(path: path, queue: try openQueue(path, readonly: true))
    }

    /// Opens a database for writing; creates it with mode 0600 where there is none, and migrates an older one.
    ///
    /// - Throws: ``StoreError``; a file of another program or of a newer version is left as it is.
    public static func openForWriting(_ path: String) throws -> TrailDatabase {
        try createPrivateFile(path)
        try DatabaseHeader.check(path)
        let queue = try openQueue(path, readonly: false)
        let database = TrailDatabase(path: path, queue: queue)
        try database.mapErrors {
            try queue.writeWithoutTransaction { db in
                if try Self.isEmpty(db) {
                    try db.execute(sql: "PRAGMA page_size = 16384")
                    try db.execute(sql: "PRAGMA journal_mode = WAL")
                    try db.inTransaction(.immediate) {
                        // Another process may have laid it out while this one waited for the lock.
                        if try Self.isEmpty(db) { try Self.layOut(db) }
                        return .commit
                    }
                }
                try Self.checkIdentity(db, path: path, writing: true)
                try Self.migrate(db)
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.execute(sql: "PRAGMA synchronous = NORMAL")
                try db.execute(sql: "PRAGMA cache_size = -32768")
                // An ingest has a connection of its own for that (``Checkpointer``); all else folds the log in when it closes.
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            }
        }
        return database
    }

    /// Writes what the write-ahead log still holds into the database file.
    public func checkpoint() throws {
        try mapErrors {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA optimize")
                _ = try db.checkpoint(.passive)
            }
        }
    }

    /// Closes the connection; the write-ahead log is folded into the file where nobody else reads it.
    public func close() throws {
        try mapErrors { try queue.close() }
    }

    // MARK: - Opening

    static func openQueue(_ path: String, readonly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(10)
        configuration.allowsUnsafeTransactions = true
        configuration.label = "trail403"
        if readonly {
            // A report walks over tables of tens of megabytes more than once.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -65536") }
        }
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError {
            // A database in WAL mode in a folder that cannot be written needs no lock when nobody can write it; nor does one on a
            // full disk, whose lock file does not fit, as long as all of it is in the file itself.
            let isFixed =
                error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
                || error.resultCode == .SQLITE_IOERR && isDiskFull(path) && !hasLog(path)
            if readonly, isFixed {
                do {
                    return try DatabaseQueue(path: immutableURI(path), configuration: configuration)
                } catch let second as DatabaseError {
                    throw translate(second, path: path)
                }
            }
            throw translate(error, path: path)
        }
    }

    /// Whether there is no room for as much as a lock file beside the database.
    private static func isDiskFull(_ path: String) -> Bool {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let room = try FileManager.default.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? NSNumber
            return room.map { $0.intValue < 1 << 16 } ?? false
        } catch {
            return false
        }
    }

    /// Whether the write-ahead log may hold what the database file does not.
    private static func hasLog(_ path: String) -> Bool {
        do {
            return try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int != 0
        } catch {
            return false
        }
    }

    static func immutableURI(_ path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        return "file://\(absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute)?immutable=1"
    }

    private static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
            && Int.fetchOne(db, sql: "PRAGMA application_id") == 0
    }

    private static func layOut(_ db: Database) throws {
        try db.execute(sql: Schema.tables)
        try db.execute(sql: Schema.sessions)
        try db.execute(sql: Schema.additions)
        try db.execute(sql: Schema.changeNames)
        try db.execute(sql: Schema.prunedOperations)
        try db.execute(sql: Schema.addedIndexes)
        try db.execute(sql: Schema.views)
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
        try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
    }

    /// Brings an older database up to date, in one transaction.
    private static func migrate(_ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < Schema.version else { return }
        try db.inTransaction(.immediate) {
            guard try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 < Schema.version else { return .commit }
            for view in Schema.viewNames { try db.execute(sql: "DROP VIEW IF EXISTS \(view)") }
            for added in Schema.addedColumns
            where try !db.columns(in: added.table).contains(where: { $0.name == added.column }) {
                try db.execute(sql: "ALTER TABLE \(added.table) ADD COLUMN \(added.column) \(added.type)")
            }
            if try db.tableExists("sessionRow"), try db.primaryKey("sessionRow").columns == ["accessKeyId"] {
                try db.execute(sql: Schema.sessionsInOrder)
            }
            try db.execute(sql: Schema.sessions)
            try db.execute(sql: "DROP INDEX IF EXISTS successOfReportedService")
            try db.execute(sql: Schema.additions)
            // Each version found more names of a change.
            try db.execute(sql: Schema.changeNames)
            try db.execute(sql: "DELETE FROM changeName")
            try ChangeNames.writeAll(db)
            if try !db.tableExists("prunedOperation") {
                try db.execute(sql: Schema.prunedOperations)
                try db.execute(sql: Schema.earlierPrunings)
            }
            try db.execute(sql: Schema.addedIndexes)
            try db.execute(sql: Schema.views)
            try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
            return .commit
        }
    }

    private static func checkIdentity(_ db: Database, path: String, writing: Bool) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
            if try isEmpty(db) {
                throw StoreError(
                    .missing, "the database `\(path)` is empty: run `trail403 ingest PATH` first")
            }
            throw StoreError.foreign(path)
        }
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if version > Schema.version { throw StoreError.newer(path, version: version) }
    }

    // MARK: - Errors

    /// Runs `body` and turns SQLite's errors into ``StoreError``.
    func mapErrors<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw Self.translate(error, path: path)
        }
    }

    static func translate(_ error: DatabaseError, path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_NOTADB:
            StoreError(.foreign, "`\(path)` is not an SQLite database: name another file with --database FILE")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            StoreError(
                .inaccessible,
                "cannot open the database `\(path)`: check that it is a file that you may read and write, in a folder that you may write"
            )
        case .SQLITE_READONLY:
            StoreError(
                .inaccessible,
                "cannot write the database `\(path)`: the file or its folder is read-only: name another file with --database FILE"
            )
        case .SQLITE_FULL,
            .SQLITE_IOERR where isDiskFull(path):
            StoreError(
                .full,
                "cannot write the database `\(path)`: the disk is full: free some space and run the same command again, "
                    + "log files that are already in are not read twice")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            StoreError(.busy, "the database `\(path)` is in use by another program: try again when it is done")
        case .SQLITE_CORRUPT:
            StoreError(
                .damaged, "the database `\(path)` is damaged: move it away and ingest the log files again")
        case .SQLITE_IOERR:
            StoreError(
                .inaccessible,
                "cannot read or write the database `\(path)`: input/output error: check its disk, and try on a copy elsewhere"
            )
        default:
            StoreError(
                .sqlite, "the database `\(path)` reports: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }
}
