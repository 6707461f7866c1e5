package import CloudTrail
import CompanionLogs
import GRDB

// Rows of `logFile` and `ingestIssue`.

extension EventWriter {
    func begin(_ batch: borrowing EventBatch, path: String, _ db: Database) throws -> CurrentFile {
        var file = CurrentFile(index: batch.fileIndex, id: 0)
        if let sha256 = batch.sha256BeforeReading,
            let same = try RawCursor.integer(db, "SELECT min(id) FROM logFile WHERE sha256 = ?", [sha256])
        {
            file.result.isKnownContent = true
            file.result.isCopy = same >= firstFileID
            return file
        }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO logFile (path, kind, records, stored, duplicates, skipped, ingestedAt) VALUES (?, '', 0, 0, 0, 0, ?)
                """)
        try statement.execute(arguments: [path, ingestedAt])
        file.id = db.lastInsertedRowID
        firstFileID = min(firstFileID, file.id)
        return file
    }

    func end(_ outcome: LogFileOutcome, path: String, _ db: Database) throws -> FileResult {
        guard var file = current else { return FileResult() }
        current = nil
        guard !file.result.isKnownContent else { return file.result }
        try db.cachedStatement(sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path = ?").execute(arguments: [
            path
        ])
        if outcome.isNothing {
            // No log file at all, or none that could be read: nothing to remember but why.
            try db.execute(sql: "DELETE FROM logFile WHERE id = ?", arguments: [file.id])
            for issue in outcome.issues { try insert(issue, logFileID: nil, path: path, db) }
            if let other = outcome.other { try insert(other, path: path, db) }
            return file.result
        }
        try db.cachedStatement(sql: "DELETE FROM otherFile WHERE path = ?").execute(arguments: [path])
        try replaceEarlierReading(of: outcome, path: path, &file, db)
        let statement = try db.cachedStatement(
            sql: """
                UPDATE logFile SET kind = ?, size = ?, modificationTime = ?, uncompressedSize = ?,
                    records = ?, stored = ?, duplicates = ?, skipped = ?, sha256 = ?, maximumRatio = ?, maximumRecordBytes = ?
                WHERE id = ?
                """)
        try statement.execute(arguments: [
            outcome.companionKind?.rawValue ?? outcome.kind.rawValue, outcome.size, outcome.modificationTime,
            outcome.uncompressedSize,
            outcome.records, file.result.stored + file.moved, file.result.duplicates - file.moved, outcome.skipped,
            outcome.sha256, outcome.maximumRatio, outcome.maximumRecordBytes, file.id,
        ])
        try insertCoverage(outcome.coverage, fileID: file.id, db)
        try forgetCuts(of: outcome, path: path, file, db)
        for issue in outcome.issues {
            try insert(issue, logFileID: file.id, path: path, db)
        }
        rowsInTransaction += 1
        return file.result
    }

    /// A file that is read again, because its limits were raised or an earlier version did not read all that it tells, takes the place of what it gave before.
    func replaceEarlierReading(
        of outcome: LogFileOutcome, path: String, _ file: inout CurrentFile, _ db: Database
    ) throws {
        guard let size = outcome.size, let modificationTime = outcome.modificationTime else { return }
        let earlier = try RawCursor.all(
            db,
            """
            SELECT id FROM logFile WHERE path = ?1 AND id <> ?4 AND (size = ?2 AND modificationTime = ?3
                OR id IN (SELECT logFileID FROM ingestIssue WHERE code = 'outcome-unknown'))
            """,
            [path, size, modificationTime, file.id]
        ) { try $0[0] }
        for id in earlier {
            try db.execute(sql: "UPDATE eventRow SET logFileID = ? WHERE logFileID = ?", arguments: [file.id, id])
            // Of its events some may be rows of another file by now, since a fuller form of them came from there.
            let stored = try RawCursor.integer(db, "SELECT stored FROM logFile WHERE id = ?", [id]) ?? 0
            file.moved = min(file.moved + Int(clamping: stored), file.result.duplicates)
            try moveCompanions(from: id, to: file.id, db)
            try db.execute(sql: "DELETE FROM ingestIssue WHERE logFileID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM verification WHERE logFileID = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM logFile WHERE id = ?", arguments: [id])
        }
    }

    /// What a file that is still being written has, and no longer has when it is whole.
    private static let cuts: [IngestIssue.Code] = [.changedWhileReading, .gzipTruncated, .jsonTruncated, .unreadable]

    /// Drops what was told of a file that had not been written to its end when it was read, now that it has been read whole.
    private func forgetCuts(of outcome: LogFileOutcome, path: String, _ file: CurrentFile, _ db: Database) throws {
        guard !outcome.issues.contains(where: { Self.cuts.contains($0.code) }) else { return }
        let earlier = try RawCursor.all(
            db, "SELECT id FROM logFile WHERE path = ? AND id <> ?", [path, file.id]
        ) { try $0[0] }
        for id in earlier {
            for code in Self.cuts {
                try db.cachedStatement(sql: "DELETE FROM ingestIssue WHERE logFileID = ? AND code = ?")
                    .execute(arguments: [id, code.rawValue])
            }
        }
    }

    func insert(_ issue: IngestIssue, logFileID: Int64?, path: String?, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO ingestIssue (logFileID, path, record, byteOffset, code, message) VALUES (?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            logFileID, path ?? issue.location.file, issue.location.record, issue.location.byteOffset,
            issue.code.rawValue, issue.message,
        ])
    }

    /// Rows of `otherFile` that are kept: a folder of anything else may be named by mistake.
    private static let maximumOtherFiles = 10_000

    private func insert(_ other: OtherFile, path: String, _ db: Database) throws {
        let known = try otherFiles ?? RawCursor.count(db, "SELECT count(*) FROM otherFile")
        otherFiles = known + 1
        guard known < Self.maximumOtherFiles else { return }
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO otherFile (path, looksLike, reason, seenAt) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [path, other.looksLike, other.reason, ingestedAt])
        rowsInTransaction += 1
    }

    /// Drops what was told of folders that could not be read, where files have been found below them since.
    package func forgetIssues(ofFoldersAbove paths: some Sequence<String>) throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                var told = try Set(
                    RawCursor.all(
                        db, "SELECT path FROM ingestIssue WHERE logFileID IS NULL AND path IS NOT NULL"
                    ) { try $0.text(0) })
                guard !told.isEmpty else { return }
                for path in paths {
                    var folder = path[...]
                    while let end = folder.lastIndex(of: "/") {
                        folder = folder[..<end]
                        guard told.remove(String(folder)) != nil else { continue }
                        try db.execute(
                            sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path = ?",
                            arguments: [String(folder)])
                    }
                }
            }
        }
    }

    /// Forgets what was told of archives, or of files in them that were not read: they were looked into again.
    package func forgetIssues(ofArchives paths: [String]) throws {
        guard !paths.isEmpty else { return }
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                for path in paths {
                    try db.execute(
                        sql: """
                            DELETE FROM ingestIssue
                            WHERE logFileID IS NULL AND (path = ? OR substr(path, 1, ?) = ?)
                            """, arguments: [path, path.count + 1, path + "!"])
                }
            }
        }
    }

    /// Records an issue that belongs to no log file, such as a folder that cannot be read; told once, however often it recurs.
    package func record(_ issue: IngestIssue) throws {
        try database.mapErrors {
            try database.queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: "DELETE FROM ingestIssue WHERE logFileID IS NULL AND path IS ? AND code = ?",
                    arguments: [issue.location.file, issue.code.rawValue])
                try insert(issue, logFileID: nil, path: nil, db)
            }
        }
    }
}
