import GRDB

/// What a database's schema holds, compared with what trail403 makes.
///
/// A file may come from anybody. A trigger can delete what an ingest writes, a view can tell other rows than ours, an index or a
/// CHECK can call functions. So no file is written whose schema holds anything else than a version of ours made; one that does
/// is read without its views and triggers, and the user is told.
struct SchemaAudit {
    /// The file's `user_version`.
    let version: Int
    /// What trail403 did not make, by name.
    private(set) var foreign: [SchemaObject] = []
    /// Tables that every version has, and the file has not, or not as a table.
    private(set) var lacking: [String] = []

    /// Whether the schema holds what trail403 made, and nothing else.
    var isOurs: Bool { version >= 1 && foreign.isEmpty && lacking.isEmpty }

    /// Why the file cannot be read at all; `nil` where it can.
    var unreadable: String? {
        if version < 1 { return "its version is \(version)" }
        return lacking.first.map { "it has no table `\($0)` as trail403 makes it" }
    }

    /// Reads the schema of a database.
    init(_ db: Database) throws {
        version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let current = try Self.current.get()
        let isCurrent = version >= Schema.version
        var seen: Set<String> = []
        var tables: Set<String> = []
        for object in try Self.objects(db) {
            let isNew = seen.insert("\(object.type) \(object.name.lowercased())").inserted
            if object.type == "table", !object.isVirtual { tables.insert(object.name) }
            guard !object.isStatistics else { continue }
            // Most files hold the very words in which this version lays a database out.
            let isOurs = try current.objects.contains(object) || Self.isKnown(object, isCurrent: isCurrent)
            if !isNew || !isOurs { foreign.append(object) }
        }
        foreign.sort()
        lacking = (isCurrent ? current.tables : KnownObjects.firstTables).subtracting(tables).sorted()
    }

    /// The objects of a schema but for what SQLite makes by itself.
    static func objects(_ db: Database) throws -> [SchemaObject] {
        // Types are forced: a schema table that was written by hand may hold anything.
        try Row.fetchAll(
            db,
            sql: """
                SELECT CAST(type AS TEXT), CAST(name AS TEXT), CAST(sql AS TEXT) FROM sqlite_master
                WHERE sql IS NOT NULL OR type IS NOT 'index' OR name NOT LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\'
                """
        ).map { SchemaObject(type: $0[0] ?? "", name: $0[1] ?? "", sql: $0[2] ?? "") }
    }

    /// What this version lays out.
    private static let current = Result<(objects: Set<SchemaObject>, tables: Set<String>), any Error> {
        let queue = try DatabaseQueue()
        return try queue.inDatabase { db in
            try Migration.layOut(db)
            let objects = try objects(db)
            return (Set(objects), Set(objects.filter { $0.type == "table" }.map(\.name)))
        }
    }

    /// The same by digests, for statements that were set otherwise, as `ALTER TABLE` does.
    private static let currentDigests = Result<Set<String>, any Error> {
        Set(try current.get().objects.map(\.digest))
    }

    /// Whether an object is one of this version's, or of a former one where the file is.
    private static func isKnown(_ object: SchemaObject, isCurrent: Bool) throws -> Bool {
        let digest = object.digest
        return try currentDigests.get().contains(digest) || !isCurrent && KnownObjects.digests.contains(digest)
    }
}

extension SchemaObject {
    /// Whether it is a table of `ANALYZE`, which `PRAGMA optimize` makes, and nothing else by that name.
    fileprivate var isStatistics: Bool {
        type == "table" && ["sqlite_stat1", "sqlite_stat4"].contains(name)
            && Self.normalized(sql).hasPrefix("CREATE TABLE \(name)(")
    }

    fileprivate var isVirtual: Bool { sql.prefix(20).uppercased().hasPrefix("CREATE VIRTUAL") }
}

extension SchemaAudit {
    /// The foreign objects for a message: the first few.
    var list: String {
        let shown = foreign.prefix(5).map { "`\($0.title)`" }.joined(separator: ", ")
        let rest = foreign.count - 5
        return rest > 0 ? "\(shown) and \(rest) more" : shown
    }
}

extension StoreError {
    /// A file that is not written.
    static func altered(_ path: String, _ audit: SchemaAudit) -> StoreError {
        let what = audit.unreadable.map { ": \($0)" } ?? " with what trail403 did not make: \(audit.list)"
        return StoreError(
            .altered,
            "the database `\(path)` is not written, because its schema was changed\(what): drop what you added there yourself "
                + "with `sqlite3`, and keep it in a database of your own; else ingest the log files into a new one with --database FILE"
        )
    }

    /// A file that lacks what every report needs.
    static func notReadable(_ path: String, _ fault: String) -> StoreError {
        StoreError(
            .foreign,
            "`\(path)` claims to be a trail403 database but is not: \(fault): name another file with --database FILE"
        )
    }

    /// A remark: the file is read, but not trusted.
    static func untrusted(_ path: String, _ audit: SchemaAudit) -> String {
        "the schema of `\(path)` was changed with what trail403 did not make: \(audit.list): it is read without its views and triggers, "
            + "and its rows may be anybody's work"
    }

    /// A remark: the file is older, and was not read in its place.
    static func copied(_ path: String, version: Int) -> String {
        "`\(path)` is of an older trail403 (database version \(version), this one reads \(Schema.version)) and was read through "
            + "a temporary copy: `trail403 ingest --migrate` brings it up to date once"
    }
}
