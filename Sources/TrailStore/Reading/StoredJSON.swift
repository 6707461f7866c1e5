import CloudTrail
import GRDB

/// JSON text as the database keeps it, compressed.
public struct StoredJSON: Sendable, Hashable {
    let size: Int
    let bytes: [UInt8]

    /// Of a group's text the default takes two thirds more time, and saves a fifteenth of the room.
    private static let level: CInt = 3
    /// Bytes of one text; more in a database is damage.
    private static let sizeLimit = 64 << 20

    /// Text to be stored.
    public init(_ text: String) {
        let block = CompressedBlock(compressing: Array(text.utf8), level: Self.level)
        (size, bytes) = (block.size, block.bytes)
    }

    init(size: Int, bytes: [UInt8]) {
        self.size = size
        self.bytes = bytes
    }

    /// The text; `nil` where the bytes are none of ours.
    public var text: String? {
        guard size <= Self.sizeLimit else { return nil }
        return CompressedBlock(size: size, bytes: bytes).content().flatMap { String(validating: $0, as: UTF8.self) }
    }
}

extension TrailDatabase {
    /// What reports in JSON say of these groups, by their ids; those that the database has nothing of are missing.
    static func storedJSON(of ids: [String], _ db: Database) throws -> [String: StoredJSON] {
        var found: [String: StoredJSON] = [:]
        try RawCursor.forEach(
            db,
            """
            SELECT j.denialGroupID, j.size, j.bytes
            FROM json_each(?) k CROSS JOIN diagnosisJSON j ON j.denialGroupID = k.value
            """, [JSONList.text(ids)]
        ) { row in
            found[try row.text(0)] = StoredJSON(size: try row.count(1), bytes: row.blob(2))
        }
        return found
    }
}
