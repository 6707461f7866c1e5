import Foundation

/// A database opened for an ingest, which no other ingest writes to at the same time.
public final class IngestLock {
    /// The database, open for writing.
    public let database: TrailDatabase
    private let descriptor: Int32
    private let isNew: Bool

    fileprivate init(database: TrailDatabase, descriptor: Int32, isNew: Bool) {
        self.database = database
        self.descriptor = descriptor
        self.isNew = isNew
    }

    /// Takes the file away again where this lock made it: an ingest that read nothing leaves nothing behind.
    public func discardIfNew() throws {
        guard isNew else { return }
        try database.close()
        for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(database.path + suffix) }
    }

    /// Lets the next ingest go on. Call after the database was closed: closing a file of this process takes SQLite's own locks off it.
    public func release() { _ = close(descriptor) }
}

extension TrailDatabase {
    /// Opens a database for writing as the only ingest on it; where another one has it, calls `onWait` once and waits.
    ///
    /// - Throws: ``StoreError`` as ``openForWriting(_:)`` does.
    public static func openForWritingLocked(_ path: String, onWait: () -> Void) throws -> IngestLock {
        var isNew = false
        var descriptor: Int32
        repeat {
            isNew = !FileManager.default.fileExists(atPath: path)
            try createPrivateFile(path)
            // A pipe would keep this waiting for somebody to write to it.
            descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                let cause = unsafe String(cString: strerror(errno)).lowercased()
                throw StoreError(
                    .inaccessible,
                    "cannot open the database `\(path)`: \(cause): name another file with --database FILE")
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                onWait()
                while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            }
            // The other ingest may have taken its new file away again, having read nothing.
        } while !isStill(descriptor, at: path)
        do {
            return IngestLock(database: try openForWriting(path), descriptor: descriptor, isNew: isNew)
        } catch {
            closeDescriptor(descriptor)
            throw error
        }
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
