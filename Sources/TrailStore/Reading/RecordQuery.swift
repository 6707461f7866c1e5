import CloudTrail
import Foundation
import GRDB

extension TrailDatabase {
    /// The raw JSON of an event's record: from the database where it was kept, else read back from the log file that it came
    /// in; `nil` where the database holds no such event.
    ///
    /// - Throws: ``StoreError`` with the code `recordUnavailable` where the log file is gone or holds something else now.
    public func record(eventID: String) throws -> String? {
        try mapErrors {
            try queue.read { db in
                guard let key = try RecordQuery.key(ofEventID: eventID, db) else { return nil }
                if let json = try RecordQuery.kept(key, path: path, db) { return json }
                return try RecordQuery.original(key, eventID: eventID, db)
            }
        }
    }
}

/// Where raw records are found.
enum RecordQuery {
    /// Denials and permission changes are found at once, other events by a walk over all of them.
    static func key(ofEventID id: String, _ db: Database) throws -> Int64? {
        for table in ["denialRow", "permissionChangeRow"] {
            if let key = try RawCursor.integer(
                db, "SELECT e.key FROM \(table) t JOIN eventRow e ON e.key = t.key WHERE e.eventID = ?", [id])
            {
                return key
            }
        }
        return try RawCursor.integer(db, "SELECT key FROM eventRow WHERE eventID = ?", [id])
    }

    /// The record as the database keeps it: as text of its own, or in a block of many.
    static func kept(_ key: Int64, path: String, _ db: Database) throws -> String? {
        let json = try RawCursor.first(db, "SELECT json FROM record WHERE key = ?", [key]) { $0.optionalRecord(0) }
        if let json { return json }
        return try RawCursor.first(
            db,
            """
            SELECT p.offset, p.length, b.size, b.bytes FROM recordPlace p JOIN recordBlock b ON b.id = p.blockID
            WHERE p.key = ?
            """, [key]
        ) { row in
            let (offset, length) = (try row.count(0), try row.count(1))
            let size = Int(try row.integer(2, in: 0...Int64(Self.maximumLength)))
            guard let content = CompressedBlock(size: size, bytes: row.blob(3)).content(),
                offset <= content.count, length <= content.count - offset
            else {
                throw StoreError(
                    .damaged,
                    "the database `\(path)` is damaged: the block of records that holds key \(key) cannot be read: ingest the log files into a new database"
                )
            }
            return String(decoding: content[offset..<(offset + length)], as: UTF8.self)
        }
    }

    /// The record as its log file has it.
    static func original(_ key: Int64, eventID: String, _ db: Database) throws -> String {
        // Of an event that no file has as a record of its own: what its forms tell.
        if let json = try RawCursor.text(db, "SELECT json FROM partialEvent WHERE key = ?", [key]) { return json }
        let place = try RawCursor.first(
            db,
            "SELECT f.path, e.byteOffset, e.byteLength FROM eventRow e JOIN logFile f ON f.id = e.logFileID WHERE e.key = ?",
            [key]
        ) { (path: try $0.text(0), offset: try $0.count(1), length: try $0.count(2)) }
        guard let place else {
            throw unavailable(eventID, "it was not kept, and its log file is no longer known")
        }
        let path = place.path
        guard path.hasPrefix("/") else {
            throw unavailable(eventID, "it was not kept, and came from standard input")
        }
        let bytes: [UInt8]
        do {
            bytes = try stretch(
                of: LogFileSource.open(rememberedPath: path), offset: place.offset, length: place.length)
        } catch let fault as SourceFault {
            throw unavailable(eventID, "its log file `\(path)` cannot be read: \(fault.issue.message)")
        }
        guard let json = record(in: bytes, eventID: eventID) else {
            throw unavailable(eventID, "its log file `\(path)` now has other content at its place")
        }
        return json
    }

    private static func unavailable(_ eventID: String, _ cause: String) -> StoreError {
        StoreError(
            .recordUnavailable,
            "the record of event `\(eventID)` is not available: \(cause): ingest with --keep-records all to keep every record"
        )
    }

    /// Bytes read at once; what is before the stretch is thrown away.
    private static let pieceSize = 256 << 10
    /// Records are bounded when they are read; a longer stretch is damage.
    private static let maximumLength = 1 << 32

    private static func stretch(of source: LogFileSource, offset: Int, length: Int) throws -> [UInt8] {
        guard offset >= 0, (1..<maximumLength).contains(length) else { return [] }
        var found: [UInt8] = []
        var position = 0
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while position < offset + length {
            // SAFETY: the source fills no more than the array's own bytes.
            let count = try unsafe piece.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
            if count == 0 { break }
            let start = max(offset - position, 0)
            let end = min(offset + length - position, count)
            if start < end { found += piece[start..<end] }
            position += count
        }
        return found
    }

    /// How often a record may be wrapped in a JSON string.
    private static let maximumWrapping = 6

    /// The record in a stretch of a log file, taken out of the strings that it is wrapped in; `nil` where it is not this event's.
    private static func record(in bytes: [UInt8], eventID: String) -> String? {
        var json = bytes
        for _ in 0..<maximumWrapping where json.first == UInt8(ascii: "\"") {
            guard let inner = JSONFragment(bytes: json).stringValue else { return nil }
            json = Array(inner.utf8)
        }
        guard let event = Event(json: json) else { return nil }
        // A record without an eventID bears a hash of its content as its name; there is nothing to compare it with.
        guard event.eventID == eventID || (event.eventID == nil && eventID.hasPrefix("content-")) else { return nil }
        return String(decoding: json, as: UTF8.self)
    }
}
