import GRDB

/// Log files that are in the database already.
package struct KnownFiles: Sendable {
    private struct Version: Hashable {
        var size: Int
        var modificationTime: Int64
    }

    private var versions: [ByteText: Set<Version>] = [:]
    private var limited: [ByteText: Set<Version>] = [:]
    private var sizes: Set<Int> = []

    /// Whether this very version of the file was read.
    package func contains(path: String, size: Int, modificationTime: Int64) -> Bool {
        versions[ByteText(path)]?.contains(Version(size: size, modificationTime: modificationTime)) ?? false
    }

    /// Whether some file of this size was read.
    package func contains(size: Int) -> Bool { sizes.contains(size) }

    /// Whether this very version was read, but not whole, under limits that have been raised since.
    package func containsLimited(path: String, size: Int, modificationTime: Int64) -> Bool {
        limited[ByteText(path)]?.contains(Version(size: size, modificationTime: modificationTime)) ?? false
    }

    fileprivate mutating func insert(path: String, size: Int, modificationTime: Int64, isLimited: Bool) {
        guard !isLimited else {
            limited[ByteText(path), default: []].insert(Version(size: size, modificationTime: modificationTime))
            return
        }
        versions[ByteText(path), default: []].insert(Version(size: size, modificationTime: modificationTime))
        sizes.insert(size)
    }
}

extension TrailDatabase {
    /// The log files that were read before, seen from an ingest with these limits.
    package func knownFiles(maximumRatio: Int, maximumRecordBytes: Int) throws -> KnownFiles {
        try mapErrors {
            try queue.read { db in
                var known = KnownFiles()
                try RawCursor.forEach(
                    db,
                    """
                    SELECT path, size, modificationTime, id IN (
                        SELECT f.id FROM ingestIssue i JOIN logFile f ON f.id = i.logFileID
                        WHERE i.code = 'inflated-ratio' AND f.maximumRatio < ?
                            OR i.code = 'record-too-large' AND f.maximumRecordBytes < ?) AS isLimited
                    FROM logFile WHERE size IS NOT NULL AND modificationTime IS NOT NULL
                    """, [maximumRatio, maximumRecordBytes]
                ) { row in
                    known.insert(
                        path: try row.text(0), size: try row.count(1), modificationTime: try row[2],
                        isLimited: try row[3] != 0)
                }
                return known
            }
        }
    }
}
