import Foundation

/// Keeps every ingest from a database file for as long as it lives, where SQLite itself cannot: the lock that ``IngestLock`` takes
/// alone is shared here.
final class FileLock: Sendable {
    private let descriptor: Int32
    private let path: String
    private let before: Fingerprint

    /// What changes with a file's content.
    private struct Fingerprint: Equatable {
        var device: UInt = 0
        var inode: UInt = 0
        var size: Int = 0
        var seconds: Int = 0
        var nanoseconds: Int = 0

        init(_ status: stat) {
            device = UInt(status.st_dev)
            inode = UInt(status.st_ino)
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    /// Takes the lock; `nil` where an ingest has it, or the file cannot be opened.
    init?(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        // A file system without such locks is read without.
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK,
            // SAFETY: `status` outlives the call.
            unsafe fstat(descriptor, &status) == 0
        else {
            _ = close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.path = path
        before = Fingerprint(status)
    }

    deinit { _ = close(descriptor) }

    /// Whether the path still leads to the file as it was when the lock was taken: other programs do not ask for it.
    var isUnchanged: Bool {
        var status = stat()
        // SAFETY: `status` outlives the call.
        return unsafe stat(path, &status) == 0 && Fingerprint(status) == before
    }
}
