import Foundation

/// A database opened for an ingest, which no other ingest writes to at the same time.
public final class IngestLock {
    /// The database, open for writing.
    public private(set) var database: TrailDatabase
    private let descriptor: Int32
    private let isNew: Bool
    /// Where a database that does not bear its name yet is made.
    private var unfinished: UnfinishedFile?

    fileprivate init(database: TrailDatabase, descriptor: Int32, isNew: Bool, unfinished: UnfinishedFile?) {
        self.database = database
        self.descriptor = descriptor
        self.isNew = isNew
        self.unfinished = unfinished
    }

    /// Whether the database goes on with what an ingest that was killed had stored and nobody has seen.
    public var goesOnWithKilled: Bool { unfinished?.isNew == false }

    /// Gives a new database its name, once all of it is on the disk; of one that has its name nothing changes.
    ///
    /// - Throws: ``StoreError``; then the next ingest goes on with what was committed.
    public func putInPlace() throws {
        guard unfinished != nil else { return }
        try nameUnfinished()
        database = try TrailDatabase.openForWriting(database.path)
    }

    /// Ends the writing: the database is closed, whole and under its name.
    ///
    /// - Throws: ``StoreError`` as ``putInPlace()`` does.
    public func finish() throws {
        if unfinished != nil { return try nameUnfinished() }
        try database.checkpoint()
        try database.close()
    }

    private func nameUnfinished() throws {
        try database.finishUnfinished()
        try unfinished?.putInPlace()
        unfinished = nil
    }

    /// Takes the file away again where this lock made it: an ingest that read nothing leaves nothing behind.
    public func discardIfNew() throws {
        guard isNew else { return try putInPlace() }
        try database.close()
        if let unfinished { return unfinished.discard() }
        for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(database.path + suffix) }
    }

    /// Lets the next ingest go on. Call after the database was closed: closing a file of this process takes SQLite's own locks off it.
    public func release() { _ = close(descriptor) }
}

extension TrailDatabase {
    /// Opens a database for writing as the only ingest on it; where another one has it, calls `onWait` once and waits.
    ///
    /// - Parameter isHiddenWhileNew: whether a database that is not there yet is made under a hidden name, until
    ///   ``IngestLock/putInPlace()``: faster, but nobody can read it meanwhile, and a crash of the machine takes it away.
    /// - Throws: ``StoreError`` as ``openForWriting(_:)`` does.
    public static func openForWritingLocked(
        _ path: String, isHiddenWhileNew: Bool = false, onWait: () -> Void
    ) throws -> IngestLock {
        var isNew = false
        var descriptor: Int32
        var unfinished: UnfinishedFile?
        repeat {
            unfinished = UnfinishedFile(of: path, creating: isHiddenWhileNew)
            if let unfinished {
                isNew = unfinished.isNew
                descriptor = unfinished.descriptor
            } else {
                isNew = !FileManager.default.fileExists(atPath: path)
                descriptor = try openLockFile(path)
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                onWait()
                while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            }
            // The other ingest may have taken its new file away again, having read nothing, or given it its name.
        } while !isStill(descriptor, at: unfinished?.location ?? path)
        do {
            let database = try openForWriting(path, unfinished: unfinished)
            return IngestLock(database: database, descriptor: descriptor, isNew: isNew, unfinished: unfinished)
        } catch {
            // What cannot be read for what is in it is of no use. All else may pass, and what was committed is kept for the next try.
            let isWorthless = !isNew && (error as? StoreError).map(isOfContents) ?? false
            if let unfinished, isNew || isWorthless { unfinished.discard() }
            closeDescriptor(descriptor)
            guard unfinished != nil, isWorthless else { throw error }
            return try openForWritingLocked(path, isHiddenWhileNew: isHiddenWhileNew, onWait: onWait)
        }
    }

    /// Whether an error is about what a file holds, and not about reaching it.
    private static func isOfContents(_ error: StoreError) -> Bool {
        [.foreign, .newer, .older, .altered, .damaged].contains(error.code)
    }

    private static func openLockFile(_ path: String) throws -> Int32 {
        try createPrivateFile(path)
        // A pipe would keep this waiting for somebody to write to it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let cause = unsafe String(cString: strerror(errno)).lowercased()
            throw StoreError(
                .inaccessible,
                "cannot open the database `\(path)`: \(cause): name another file with --database FILE")
        }
        return descriptor
    }
}

/// Whether the path still leads to the open file; where it does not, the file is closed.
private func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    // SAFETY: both outlive the calls.
    if unsafe fstat(descriptor, &opened) == 0, unsafe stat(path, &named) == 0, opened.st_dev == named.st_dev,
        opened.st_ino == named.st_ino
    {
        return true
    }
    closeDescriptor(descriptor)
    return false
}

/// `close(2)`, which `TrailDatabase.close()` hides.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
