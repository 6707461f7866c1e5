import Foundation

/// A database file that is written under a hidden name, and bears its own when it is whole.
package struct NewDatabaseFile {
    /// Where it is written.
    package let temporary: String
    private let path: String

    /// A file for a path where there is nothing yet.
    ///
    /// - Throws: ``StoreError``.
    package init(_ path: String) throws {
        self.path = path
        var random = SystemRandomNumberGenerator()
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        temporary = "\(folder).trail403-\(String(random.next(), radix: 36)).part"
        // A link that leads nowhere would be written through.
        var status = stat()
        // SAFETY: `status` outlives the call.
        guard unsafe lstat(path, &status) != 0 else {
            throw StoreError(
                .busy,
                "`\(path)` is there already: name a new file with --database FILE; to add to a merged database, name it among the shards"
            )
        }
        try createPrivateFile(temporary)
    }

    /// A file that is there, under a hidden name.
    init(_ path: String, temporary: String) {
        self.path = path
        self.temporary = temporary
    }

    /// Gives the file its name, once all of it is on the disk.
    package func putInPlace() throws {
        try sync(temporary)
        // Another program may have put a file there meanwhile: that one stays.
        guard unsafe link(temporary, path) == 0 else { throw failure() }
        _ = unsafe unlink(temporary)
        try sync(URL(fileURLWithPath: temporary).deletingLastPathComponent().path)
    }

    private func sync(_ name: String) throws {
        let descriptor = unsafe open(name, O_RDONLY | O_CLOEXEC)
        defer { if descriptor >= 0 { _ = close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw failure() }
    }

    /// Takes away what is left under the hidden name.
    package func discard() {
        for suffix in ["", "-wal", "-shm", "-journal"] { _ = unsafe unlink(temporary + suffix) }
    }

    private func failure() -> StoreError { Self.failure(errno, path) }

    /// What to tell where a database could not be written, by `errno`.
    static func failure(_ code: Int32, _ path: String) -> StoreError {
        let cause = unsafe String(cString: strerror(code)).lowercased()
        return StoreError(
            code == ENOSPC ? .full : .inaccessible,
            "cannot write the database `\(path)`: \(cause): name another file with --database FILE")
    }
}
