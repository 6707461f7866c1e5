import Foundation
import GRDB

/// A copy of an older database, brought up to date, that no other process sees and nothing leaves behind: its file is unlinked as
/// soon as it is open, so that it goes with the process, however that ends.
enum PrivateCopy {
    /// The largest database that is read through a copy, in bytes.
    static let maximumBytes: Int64 = 1 << 30
    /// How much of itself an older database may grow by while it is migrated.
    private static let growth = 1.5

    /// Copies what a connection reads, and migrates the copy.
    ///
    /// - Throws: ``StoreError/older`` where it is too large for that, or there is no room.
    static func migrated(of source: DatabaseQueue, path: String, version: Int) throws -> DatabaseQueue {
        let bytes = try source.read { db in
            let pages = try Int64.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            return pages.multipliedReportingOverflow(by: try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
                .partialValue
        }
        guard bytes <= maximumBytes else {
            throw StoreError.older(path, version, "has \(bytes >> 20) MB, too many for a temporary copy")
        }
        let parent = FileManager.default.temporaryDirectory.path
        if let room = freeBytes(parent), Double(room) < Double(bytes) * growth {
            throw StoreError.older(path, version, "needs a temporary copy, for which `\(parent)` has no room")
        }
        let copy = try emptyFile(in: parent, path: path, version: version)
        defer { _ = close(copy.descriptor) }
        try source.backup(to: copy.queue)
        try leaveLogMode(copy.descriptor)
        try copy.queue.inDatabase { db in
            // Views and triggers of the file would take part in the migration.
            for object in try SchemaAudit.objects(db) where ["view", "trigger"].contains(object.type) {
                try db.execute(sql: "DROP \(object.type.uppercased()) \(quoted(object.name))")
            }
            try Migration.migrate(db) {}
            let audit = try SchemaAudit(db)
            if let fault = audit.unreadable { throw StoreError.notReadable(path, fault) }
            try db.execute(sql: "PRAGMA cache_size = -65536")
            try db.execute(sql: "PRAGMA query_only = ON")
        }
        try source.close()
        return copy.queue
    }

    private static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// An empty database in a file that has no name any more, and a descriptor of the same file.
    private static func emptyFile(in parent: String, path: String, version: Int) throws -> (
        queue: DatabaseQueue, descriptor: Int32
    ) {
        var template = Array("\(parent)/trail403-XXXXXX".utf8CString)
        // SAFETY: the template ends with a NUL and is written in place.
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
        }
        guard isMade else {
            throw StoreError.older(path, version, "needs a temporary copy, and `\(parent)` cannot be written")
        }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let file = folder + "/copy.sqlite"
        defer {
            _ = unsafe unlink(file)
            _ = unsafe rmdir(folder)
        }
        try createPrivateFile(file)
        let descriptor = unsafe open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            throw StoreError.older(path, version, "needs a temporary copy, and `\(parent)` cannot be written")
        }
        do {
            let queue = try DatabaseQueue(
                path: TrailDatabase.uri(file, ""), configuration: TrailDatabase.configuration(for: .writing))
            try queue.inDatabase { db in
                // A journal would be a file beside it.
                try db.execute(sql: "PRAGMA journal_mode = MEMORY")
                try db.execute(sql: "PRAGMA synchronous = OFF")
            }
            return (queue, descriptor)
        } catch {
            _ = close(descriptor)
            throw error
        }
    }

    /// Marks the file as one without a write-ahead log, which would be a file beside it. The change counter is raised, too, so that
    /// the connection reads the first page again.
    ///
    /// Source: bytes 18, 19, 24 to 27 and 92 to 95 in "The Database Header" of SQLite's file format description.
    private static func leaveLogMode(_ descriptor: Int32) throws {
        var header = [UInt8](repeating: 0, count: 100)
        // SAFETY: both calls stay inside of the array.
        let isRead =
            unsafe header.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
            == header.count
        guard isRead else { return }
        header[18] = 1
        header[19] = 1
        for end in [27, 95] {
            for index in stride(from: end, through: end - 3, by: -1) {
                header[index] &+= 1
                if header[index] != 0 { break }
            }
        }
        guard unsafe header.withUnsafeBytes({ unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == header.count
        else {
            throw StoreError(
                .full, "cannot write a temporary copy of the database: free some space in the folder that TMPDIR names")
        }
        // The page's checksum is not that of these bytes any more: 0 stands for none.
        if header[20] > 0 {
            let size = Int(header[16]) << 8 | Int(header[17])
            let none = [UInt8](repeating: 0, count: Int(header[20]))
            // SAFETY: the call stays inside of the array.
            _ = unsafe none.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t((size == 1 ? 65_536 : size) - none.count))
            }
        }
    }

    private static func freeBytes(_ folder: String) -> Int64? {
        var status = statvfs()
        // SAFETY: `status` outlives the call.
        guard unsafe statvfs(folder, &status) == 0 else { return nil }
        let (bytes, isTooMany) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isTooMany ? .max : Int64(clamping: bytes)
    }
}

extension StoreError {
    static func older(_ path: String, _ version: Int, _ reason: String) -> StoreError {
        StoreError(
            .older,
            "the database `\(path)` is of an older trail403 (database version \(version), this one reads \(Schema.version)) and \(reason): "
                + "bring it up to date once with `trail403 ingest --migrate`, or do that with a copy that you may write"
        )
    }
}
