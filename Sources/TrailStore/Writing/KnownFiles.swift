import GRDB

/// Log files that are in the database already.
package struct KnownFiles: Sendable {
    private struct Version: Hashable {
        var size: Int
        var modificationTime: Int64
    }

    private var versions: [String: Set<Version>] = [:]
    private var sizes: Set<Int> = []

    /// Whether this very version of the file was read.
    package func contains(path: String, size: Int, modificationTime: Int64) -> Bool {
        versions[path]?.contains(Version(size: size, modificationTime: modificationTime)) ?? false
    }

    /// Whether some file of this size was read.
    package func contains(size: Int) -> Bool { sizes.contains(size) }

    fileprivate mutating func insert(path: String, size: Int, modificationTime: Int64) {
        versions[path, default: []].insert(Version(size: size, modificationTime: modificationTime))
        sizes.insert(size)
    }
}

extension TrailDatabase {
    /// The log files that were read before.
    package func knownFiles() throws -> KnownFiles {
        try mapErrors {
            try queue.read { db in
                var known = KnownFiles()
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT path, size, modificationTime FROM logFile WHERE size IS NOT NULL AND modificationTime IS NOT NULL")
                while let row = try rows.next() {
                    known.insert(path: row["path"], size: row["size"], modificationTime: row["modificationTime"])
                }
                return known
            }
        }
    }
}
