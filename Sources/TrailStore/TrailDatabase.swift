import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// The SQLite file that trail403 writes and answers from.
///
/// `ingest` opens it for writing and lays it out or migrates it; everything else opens it read-only and writes nothing. What the
/// file holds is not trusted: see ``SchemaAudit``.
public final class TrailDatabase: Sendable {
    /// The path as the user gave it.
    public let path: String
    /// What the user is to know of the file, one line each.
    public let remarks: [String]
    let queue: DatabaseQueue
    /// How to read the file; `nil` for a connection that writes, or that reads a copy of its own.
    private let access: ReadAccess?
    /// The file while it is made under a hidden name, open for as long; else what is written goes through a write-ahead log.
    private let unfinished: Int32?
    /// Why a sync of it failed (`errno`); 0 where none did.
    private let syncFailure = Mutex<Int32>(0)
    package var hasLog: Bool { unfinished == nil }

    init(
        path: String, queue: DatabaseQueue, access: ReadAccess? = nil, remarks: [String] = [],
        unfinished: Int32? = nil
    ) {
        self.path = path
        self.queue = queue
        self.access = access
        self.remarks = remarks
        self.unfinished = unfinished
    }

    /// Opens an existing database for reading, and leaves it as it is: one of an older version is read through a private copy.
    ///
    /// - Throws: ``StoreError`` where there is no file, or none of trail403's, or none that can be read.
    public static func openForReading(_ path: String) throws -> TrailDatabase {
        try requireFile(path)
        try DatabaseHeader.check(path)
        var (access, queue) = try ReadAccess.open(path)
        let audit = try mapErrors(path) {
            try queue.read { db in
                try checkIdentity(db, path: path)
                return try SchemaAudit(db)
            }
        }
        if let fault = audit.unreadable { throw StoreError.notReadable(path, fault) }
        var remarks = audit.isOurs ? [] : [StoreError.untrusted(path, audit)]
        if audit.version < Schema.version {
            let copy = try mapErrors(path) { try PrivateCopy.migrated(of: queue, path: path, version: audit.version) }
            remarks.append(StoreError.copied(path, version: audit.version))
            return TrailDatabase(path: path, queue: copy, remarks: remarks)
        }
        if !audit.isOurs {
            access.laysOwnViews = true
            try mapErrors(path) { try queue.inDatabase { try $0.execute(sql: Schema.temporaryViews) } }
        }
        return TrailDatabase(path: path, queue: queue, access: access, remarks: remarks)
    }

    /// Opens a database for writing; creates it with mode 0600 where there is none, and migrates an older one.
    ///
    /// - Throws: ``StoreError``; a file of another program, of a newer version, or with anything in its schema that trail403 did not
    ///   make is left as it is.
    public static func openForWriting(_ path: String) throws -> TrailDatabase {
        try openForWriting(path, unfinished: nil)
    }

    /// The same for one that is still made in another file than its path names.
    static func openForWriting(_ path: String, unfinished: UnfinishedFile?) throws -> TrailDatabase {
        let location = unfinished?.location ?? path
        try createPrivateFile(location)
        try DatabaseHeader.check(location)
        try SideFiles(location).check()
        do {
            let database = TrailDatabase(path: path, queue: try openQueue(location), unfinished: unfinished?.descriptor)
            try database.prepareForWriting()
            return database
        } catch let error as StoreError where error.code == .damaged {
            // What another program has put into the schema is known by its name to who reads.
            try checkAsReader(location)
            throw error
        }
    }

    /// Throws where the schema holds anything but ours, as a command that reads sees it.
    private static func checkAsReader(_ path: String) throws {
        let queue = try ReadAccess.open(path).queue
        try mapErrors(path) { try queue.read { try checkSchema($0, path: path) } }
    }

    private func prepareForWriting() throws {
        try mapErrors {
            try queue.writeWithoutTransaction { db in
                // A journal outlives the process, which is all that a file needs that nobody reads before it is on the disk.
                let journal = "PRAGMA journal_mode = \(hasLog ? "WAL" : "TRUNCATE")"
                if !hasLog {
                    try db.execute(sql: "PRAGMA synchronous = OFF")
                    // Some builds of SQLite overwrite what is moved from page to page: of a new database nothing was deleted.
                    try db.execute(sql: "PRAGMA secure_delete = OFF")
                }
                var isLaidOut = false
                if try Self.isEmpty(db) {
                    PageSums.reserve(db)
                    try db.execute(sql: "PRAGMA page_size = 16384")
                    try db.execute(sql: journal)
                    try db.inTransaction(.immediate) {
                        // Another process may have laid it out while this one waited for the lock.
                        if try Self.isEmpty(db) {
                            try Migration.layOut(db)
                            isLaidOut = true
                        }
                        return .commit
                    }
                }
                if !isLaidOut {
                    try db.inTransaction(.deferred) {
                        try Self.checkIdentity(db, path: path)
                        try Self.checkSchema(db, path: path)
                        return .commit
                    }
                    try Migration.migrate(db) { try Self.checkSchema(db, path: path) }
                    try db.execute(sql: journal)
                }
                if hasLog { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
                // An ingest meets its rows in the order of their keys: to clear more memory costs more than it saves.
                try db.execute(sql: "PRAGMA cache_size = -8192")
                // An ingest has a connection of its own for that (``Checkpointer``); all else folds the log in when it closes.
                try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
            }
        }
    }

    /// Has what was written to an unfinished file so far brought to the disk, and waits for it: the sync that ends the making has the
    /// less to do.
    ///
    /// The kernel tells of a failed write once, and would not tell the last sync of it: it is kept for ``finishUnfinished()``.
    package func syncUnfinished() {
        guard let unfinished, fsync(unfinished) != 0 else { return }
        let failure = errno
        syncFailure.withLock { $0 = failure }
    }

    /// Lays a file that was made without a log out for one, and closes it: what is in it is all in the one file then.
    ///
    /// - Throws: ``StoreError``, also where a sync before failed: then what the file holds may not be on the disk.
    func finishUnfinished() throws {
        let failure = syncFailure.withLock { $0 }
        guard failure == 0 else { throw NewDatabaseFile.failure(failure, path) }
        try mapErrors {
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA optimize")
                try db.execute(sql: "PRAGMA journal_mode = WAL")
            }
        }
        try close()
    }

    /// Says in the words of ``openForReading(_:)`` where there is no database to write to.
    public static func requireFile(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        switch UnfinishedFile.state(of: path) {
        case .none:
            throw StoreError(
                .missing,
                "no database at `\(path)`: run `trail403 ingest PATH` first, or name one with --database FILE")
        case .inWork:
            throw StoreError(
                .busy, "the database `\(path)` is still being made by an ingest: try again when it is done")
        case .left:
            throw StoreError(
                .missing,
                "no database at `\(path)` yet: the ingest that was making it was killed: run it again, it goes on where it stopped"
            )
        }
    }

    /// A second connection that reads the same file; `nil` where there can be none.
    func secondReader() throws -> DatabaseQueue? { try mapErrors { try access?.open() } }

    /// How a merge attaches the file; `nil` where it cannot (``ReadAccess/attachURI``), or where a copy of it is read.
    var attachURI: String? { access?.attachURI }

    /// Fails where the file was read without SQLite's locks, and another program has changed it meanwhile.
    func checkUnchanged() throws {
        guard access?.lock?.isUnchanged ?? true else { throw StoreError.changed(path) }
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
        try checkUnchanged()
    }

    // MARK: - Opening

    /// What connections have in common.
    static func configuration(for purpose: ConnectionGuard.Purpose) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.allowsUnsafeTransactions = true
        configuration.label = "trail403"
        _ = ConnectionGuard.uris
        PageSums.start()
        configuration.prepareDatabase { db in
            guard let connection = unsafe db.sqliteConnection else { return }
            try unsafe ConnectionGuard.apply(to: connection, for: purpose)
        }
        return configuration
    }

    /// A connection that writes.
    static func openQueue(_ path: String) throws -> DatabaseQueue {
        try mapErrors(path) {
            try DatabaseQueue(path: uri(SideFiles(path).path, ""), configuration: configuration(for: .writing))
        }
    }

    /// Whether there is no room for as much as a lock file beside the database.
    static func isDiskFull(_ path: String) -> Bool {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let room = try FileManager.default.attributesOfFileSystem(forPath: folder)[.systemFreeSize] as? NSNumber
            return room.map { $0.intValue < 1 << 16 } ?? false
        } catch {
            return false
        }
    }

    /// The URI of an absolute path, with what follows it: a name that looks like a URI is a name all the same.
    static func uri(_ path: String, _ query: String) -> String {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        return "file://\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)\(query)"
    }

    private static func isEmpty(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
            && Int.fetchOne(db, sql: "PRAGMA application_id") == 0
    }

    /// Refuses a schema that holds anything but ours.
    private static func checkSchema(_ db: Database, path: String) throws {
        let audit = try SchemaAudit(db)
        if !audit.isOurs { throw StoreError.altered(path, audit) }
    }

    private static func checkIdentity(_ db: Database, path: String) throws {
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

    /// Runs `body` and turns SQLite's errors, and values that no column of ours holds, into ``StoreError``.
    func mapErrors<T>(_ body: () throws -> T) throws -> T { try Self.mapErrors(path, body) }

    /// The same for the database at a path.
    static func mapErrors<T>(_ path: String, _ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            // Numbers that cannot be added are none of ours.
            guard error.message == "integer overflow" else { throw translate(error, path: path) }
            throw damage(path, "a sum is too large")
        } catch let error as WrongValue {
            throw damage(path, "`\(error.column)` \(error.fault)")
        }
    }

    /// The error of a value that cannot be. Which table and row it stands in is searched only now.
    private static func damage(_ path: String, _ fallback: String) -> StoreError {
        do {
            let fault = try ReadAccess.open(path).queue.read { try ColumnCheck.faults($0, limit: 1).first }
            return StoreError.wrongValue(path, fault?.description ?? fallback)
        } catch {
            return StoreError.wrongValue(path, fallback)
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
        case .SQLITE_IOERR where error.extendedResultCode.rawValue == PageSums.mismatch: StoreError.changedPage(path)
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
