import Foundation

/// The files that SQLite keeps beside a database file: what they hold belongs to its content.
struct SideFiles {
    /// The database's path without links: its side files stand beside the file itself.
    let path: String

    init(_ path: String) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        // SAFETY: `realpath` gives a string of its own, freed here.
        if let real = unsafe realpath(absolute, nil) {
            self.path = unsafe String(cString: real)
            unsafe free(real)
        } else {
            self.path = absolute
        }
    }

    /// Refuses links, pipes and other things in the places of the side files: SQLite would overlook some, and wait for others.
    func check() throws(StoreError) {
        for suffix in ["-wal", "-journal", "-shm"] {
            guard let status = status(suffix), status.st_mode & S_IFMT != S_IFREG else { continue }
            throw StoreError(
                .inaccessible,
                "`\(path)\(suffix)` next to the database is not a regular file and cannot be read: "
                    + "find out who put it there, and read a copy of the database with its own log")
        }
    }

    /// Whether the write-ahead log may hold what the database file does not.
    var hasLog: Bool { (status("-wal")?.st_size ?? 0) > 0 }

    /// Whether a write was cut short, so that the file is whole only with what the rollback journal holds.
    ///
    /// A journal that is done with is empty or begins with zeros. Source: "Rollback Journal" in SQLite's file format description.
    var hasHotJournal: Bool {
        guard (status("-journal")?.st_size ?? 0) > 0 else { return false }
        let descriptor = unsafe open(path + "-journal", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return true }
        defer { _ = close(descriptor) }
        var first: UInt8 = 0
        // SAFETY: one byte is read into a variable of one.
        return unsafe read(descriptor, &first, 1) != 1 || first != 0
    }

    private func status(_ suffix: String) -> stat? {
        var status = stat()
        // SAFETY: `status` outlives the call.
        return unsafe lstat(path + suffix, &status) == 0 ? status : nil
    }
}
