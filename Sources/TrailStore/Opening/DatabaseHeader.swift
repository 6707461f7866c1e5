import Foundation

/// What the first bytes of an SQLite file say, read without SQLite: merely to open a file of another program, in WAL mode,
/// may leave files beside it or fold its log into it.
///
/// Source: "The Database Header" in SQLite's file format description.
enum DatabaseHeader {
    /// Refuses a folder, a pipe, a device, a file that may not be read, and one whose header shows that it is of another program or of a newer
    /// version.
    ///
    /// Passes what SQLite itself must judge: no file, an empty one, one that is no database.
    static func check(_ path: String) throws(StoreError) {
        // A pipe would keep this waiting for somebody to write to it.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == EACCES { throw StoreError.unreadable(path) }
            // A socket cannot be opened at all.
            if errno == ENXIO { throw StoreError.noFile(path) }
            return
        }
        defer { _ = close(descriptor) }
        var status = stat()
        // SAFETY: `status` outlives the call.
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw status.st_mode & S_IFMT == S_IFDIR ? StoreError.folder(path) : StoreError.noFile(path)
        }
        var header = [UInt8](repeating: 0, count: 100)
        let count = unsafe header.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count == header.count, header.starts(with: Array("SQLite format 3\0".utf8)) else { return }
        func number(at offset: Int) -> Int { header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        let pages = number(at: 28)
        guard number(at: 68) == Schema.applicationID else {
            // One page without an id may be a database of ours whose tables are in the write-ahead log still.
            if number(at: 68) != 0 || pages > 1 { throw StoreError.foreign(path) }
            return
        }
        let version = Int(Int32(truncatingIfNeeded: number(at: 60)))
        if version > Schema.version { throw StoreError.newer(path, version: version) }
    }
}

extension StoreError {
    static func foreign(_ path: String) -> StoreError {
        StoreError(.foreign, "`\(path)` is a database of another program: name another file with --database FILE")
    }

    static func changedPage(_ path: String?) -> StoreError {
        StoreError(
            .damaged,
            "the database\(path.map { " `\($0)`" } ?? "") is damaged, or another program has changed it: a page is not as it was written, so nothing is "
                + "written to it: see `trail403 status --check`; \(changedPageSteps)")
    }

    /// What to do about a page that is not as it was written.
    static let changedPageSteps =
        "`sqlite3 FILE VACUUM` accepts what you have changed yourself, else ingest the log files into a new database"

    static func wrongValue(_ path: String, _ fault: String) -> StoreError {
        StoreError(
            .damaged, "the database `\(path)` is damaged: \(fault): ingest the log files into a new database")
    }

    static func folder(_ path: String) -> StoreError {
        StoreError(.foreign, "`\(path)` is a folder, not a database: name a file with --database FILE")
    }

    static func noFile(_ path: String) -> StoreError {
        StoreError(
            .foreign, "`\(path)` is a pipe, a socket or a device, not a database: name a file with --database FILE")
    }

    static func unreadable(_ path: String) -> StoreError {
        StoreError(
            .inaccessible,
            "cannot read the database `\(path)`: permission denied: run this as its owner, or name another file with --database FILE"
        )
    }

    static func newer(_ path: String, version: Int) -> StoreError {
        StoreError(
            .newer,
            "`\(path)` was written by a newer trail403 (database version \(version), this one reads \(Schema.version)): "
                + "update trail403, or name another file with --database FILE")
    }
}
