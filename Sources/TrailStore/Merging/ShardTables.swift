import CompanionLogs
import GRDB

/// How the rows of a shard read in the merged database: SQL that copies each of its tables.
///
/// A shard is attached as `shard`. Its numbers of texts, identities, operations, groups and log files are translated by the temporary
/// tables `textOf`, `identityOf`, `operationOf`, `groupOf` and `fileOf` (old → new), and, in what is done for every row, by functions of
/// the same content (``Numbers``).
enum ShardTables {
    /// Lays out what a merge needs beside the database.
    static let layout = """
        CREATE TEMP TABLE textOf (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
        CREATE TEMP TABLE operationOf (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
        CREATE TEMP TABLE identityOf (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, isNew INTEGER NOT NULL);
        CREATE TEMP TABLE groupOf (old INTEGER PRIMARY KEY, new INTEGER NOT NULL);
        CREATE TEMP TABLE fileOf (old INTEGER PRIMARY KEY, new INTEGER);
        CREATE TEMP TABLE apart (key INTEGER PRIMARY KEY);
        """

    /// Empties it for the next shard.
    static let clear = (Numbers.allCases.map(\.rawValue) + ["apart"])
        .map { "DELETE FROM temp.\($0);" }.joined(separator: "\n")

    /// What numbers are of, named as the temporary table that translates them. A function of that name does the same: some ten numbers of each
    /// event are looked up, and that took more than all else.
    enum Numbers: String, CaseIterable {
        case text = "textOf"
        case operation = "operationOf"
        case identity = "identityOf"
        case group = "groupOf"
        case file = "fileOf"

        /// What gives the function its rows.
        var query: String { "SELECT old, new FROM temp.\(rawValue)" }

        func of(_ column: String) -> String { "\(rawValue)(\(column))" }
    }

    private static func text(_ column: String) -> String { Numbers.text.of(column) }

    /// A target's number: a text's, or that of a part of one (``TargetNumber``).
    private static let target = """
        CASE WHEN targetID >= 0 THEN \(text("targetID")) WHEN targetID < 0 AND targetID > \(Int64.min)
            THEN -((\(text("(-targetID >> 31)")) << 31) | (-targetID & 2147483647)) END
        """

    /// A table whose rows belong to an event, by its key.
    private struct EventTable {
        var name: String
        /// Columns beside the key, with what they read as in the merged database.
        var columns: [(name: String, value: String)]
    }

    private static func plain(_ names: String...) -> [(name: String, value: String)] { names.map { ($0, $0) } }
    private static func texts(_ names: String...) -> [(name: String, value: String)] { names.map { ($0, text($0)) } }

    private static let eventTables = [
        EventTable(
            name: "eventRow",
            columns: plain("eventTime", "eventID")
                + [
                    ("identityID", Numbers.identity.of("identityID")),
                    ("operationID", Numbers.operation.of("operationID")),
                ]
                + texts(
                    "regionID", "accountID", "sourceIPAddressID", "userAgentID", "vpcEndpointID", "errorCodeID")
                + plain("requestID", "sharedEventID") + [("logFileID", Numbers.file.of("logFileID"))]
                + plain("byteOffset", "byteLength", "errorMessage") + [("targetID", target)]),
        EventTable(
            name: "denialRow",
            columns: [
                ("groupID", Numbers.group.of("groupID")), ("operationID", Numbers.operation.of("operationID")),
                ("identityID", Numbers.identity.of("identityID")),
            ]
                + texts(
                    "principalTypeID", "invokedByID", "resourceID", "inferredResourceID", "policyARNID", "regionID",
                    "accountID", "sourceIPAddressID", "userAgentID", "vpcEndpointID", "errorCodeID")
                + plain("truncated", "encodedMessage", "authorizationID") + [("targetID", target)]
                + plain("sharedEventID", "isCopy")),
        EventTable(name: "record", columns: plain("json")),
        EventTable(
            name: "recordPlace", columns: [("blockID", "blockID + :block")] + plain("offset", "length")),
        EventTable(name: "permissionChangeRow", columns: plain("targetType", "target", "policyARN", "policyName")),
        EventTable(
            name: "sessionRow",
            columns: plain("accessKeyId") + texts("roleID")
                + plain("expiration", "policy", "policyARNs", "tags", "sourceIdentity", "profileArn")),
        EventTable(
            name: "partialEvent",
            columns: [("eventVersionID", "coalesce(\(text("eventVersionID")), 0)")]
                + plain("nameless", "untold", "unworded", "json")),
        EventTable(name: "changeName", columns: plain("name")),
    ]

    /// Copies what the logs beside CloudTrail tell, of files that are not in yet; a row that is in already stays one.
    static let companions: [String] =
        CompanionTable.allCases.map { table in
            let columns = (["time"] + table.columns).joined(separator: ", ")
            return """
                INSERT OR IGNORE INTO main.\(table.rawValue) (key, \(columns), logFileID, byteOffset)
                SELECT \(table.isSharedByFiles ? "key" : "NULL"), \(columns), f.new, byteOffset
                FROM shard.\(table.rawValue) r JOIN fileOf f ON f.old = r.logFileID WHERE f.new IS NOT NULL ORDER BY r.key
                """
        } + [
            """
            INSERT OR IGNORE INTO main.companionLog (logFileID, kind, scope, entries, refusals, firstTime, lastTime)
            SELECT f.new, kind, scope, entries, refusals, firstTime, lastTime
            FROM shard.companionLog r JOIN fileOf f ON f.old = r.logFileID WHERE f.new IS NOT NULL
            """
        ]

    /// Statements that copy the rows of all events; `:block` is what the numbers of blocks move by.
    static let copyAll = copies("")
    /// The same without the events that are set apart.
    static let copyOthers = copies("WHERE key NOT IN (SELECT key FROM apart)")

    private static func copies(_ condition: String) -> [String] {
        eventTables.map { table in
            """
            INSERT INTO main.\(table.name) (key, \(table.columns.map(\.name).joined(separator: ", ")))
            SELECT key, \(table.columns.map(\.value).joined(separator: ", ")) FROM shard.\(table.name) \(condition) ORDER BY key
            """
        }
    }

    /// Statements that copy the rows of one event, `:old`, under the key `:new`.
    static let copyOne = eventTables.map { table in
        """
        INSERT INTO main.\(table.name) (key, \(table.columns.map(\.name).joined(separator: ", ")))
        SELECT :new, \(table.columns.map(\.value).joined(separator: ", ")) FROM shard.\(table.name) WHERE key = :old
        """
    }

    /// Whether a statement of these asks for a block's number.
    static func takesBlock(_ sql: String) -> Bool { sql.contains(":block") }

    /// Texts, each once.
    static let texts = [
        "INSERT INTO textOf VALUES (0, 0)",
        "INSERT OR IGNORE INTO main.text (value) SELECT value FROM shard.text ORDER BY id",
        "INSERT OR IGNORE INTO textOf SELECT o.id, m.id FROM shard.text o JOIN main.text m ON m.value = o.value",
    ]

    /// Identities, each once.
    static let identities = [
        "INSERT INTO identityOf VALUES (0, 0, 0)",
        """
        INSERT INTO identityOf
        SELECT id, coalesce(same, base + sum(same IS NULL) OVER (ORDER BY id)), same IS NULL FROM (
            SELECT o.id, (
                SELECT m.id FROM main.identity m WHERE m.hash = o.hash AND m.foldedPrincipalID IS \(text("o.foldedPrincipalID"))
                    AND \(identityColumns.map { "m.\($0) IS o.\($0)" }.joined(separator: " AND "))) AS same,
                (SELECT coalesce(max(id), 0) FROM main.identity) AS base
            FROM shard.identity o)
        """,
        """
        INSERT INTO main.identity (id, hash, foldedPrincipalID, \(identityColumns.joined(separator: ", ")))
        SELECT i.new, o.hash, \(text("o.foldedPrincipalID")), \(identityColumns.map { "o.\($0)" }.joined(separator: ", "))
        FROM identityOf i JOIN shard.identity o ON o.id = i.old WHERE i.isNew ORDER BY i.new
        """,
    ]

    private static let identityColumns = Dictionaries.identityColumns

    private static let fileColumns = """
        path, kind, size, modificationTime, uncompressedSize, records, stored, duplicates, skipped, ingestedAt, sha256,
        maximumRatio, maximumRecordBytes
        """

    /// Log files, and what is told of them. A file whose bytes are in already brings nothing.
    static let files = [
        """
        INSERT INTO fileOf
        SELECT id, CASE WHEN sha256 IS NULL OR sha256 NOT IN (SELECT sha256 FROM main.logFile WHERE sha256 IS NOT NULL)
            THEN id + (SELECT coalesce(max(id), 0) FROM main.logFile) END
        FROM shard.logFile
        """,
        """
        INSERT INTO main.logFile (id, \(fileColumns))
        SELECT f.new, \(fileColumns) FROM fileOf f JOIN shard.logFile o ON o.id = f.old WHERE f.new IS NOT NULL ORDER BY f.new
        """,
        """
        INSERT INTO main.ingestIssue (logFileID, path, record, byteOffset, code, message)
        SELECT f.new, i.path, i.record, i.byteOffset, i.code, i.message FROM shard.ingestIssue i
            LEFT JOIN fileOf f ON f.old = i.logFileID
        WHERE f.new IS NOT NULL OR i.logFileID IS NULL AND NOT EXISTS (
            SELECT 1 FROM main.ingestIssue m WHERE m.logFileID IS NULL AND m.path IS i.path AND m.code = i.code)
        ORDER BY i.id
        """,
        """
        INSERT OR IGNORE INTO main.verification (logFileID, state, digest)
        SELECT f.new, v.state, v.digest FROM shard.verification v JOIN fileOf f ON f.old = v.logFileID
        WHERE f.new IS NOT NULL
        """,
        """
        INSERT OR IGNORE INTO main.otherFile (path, looksLike, reason, seenAt)
        SELECT path, looksLike, reason, seenAt FROM shard.otherFile
            WHERE path NOT IN (SELECT path FROM main.logFile)
        """,
        "DELETE FROM main.otherFile WHERE path IN (SELECT path FROM main.logFile)",
    ]

    /// Blocks of raw records; `:block` as in ``copyOthers``.
    static let blocks =
        "INSERT INTO main.recordBlock (id, size, bytes) SELECT id + :block, size, bytes FROM shard.recordBlock ORDER BY id"

    /// The roll-ups, which are sums, and what was pruned.
    static let rollUps = [
        """
        INSERT INTO main.usage (
            principalID, operationID, regionID, accountID, events, successes, denials, firstSuccess, lastSuccess)
        SELECT coalesce(\(text("principalID")), 0), coalesce(\(Numbers.operation.of("operationID")), 0),
            coalesce(\(text("regionID")), 0), coalesce(\(text("accountID")), 0), events, successes, denials, firstSuccess,
            lastSuccess
        FROM shard.usage WHERE true
        ON CONFLICT DO UPDATE SET events = events + excluded.events, successes = successes + excluded.successes,
            denials = denials + excluded.denials,
            firstSuccess = coalesce(min(firstSuccess, excluded.firstSuccess), firstSuccess, excluded.firstSuccess),
            lastSuccess = coalesce(max(lastSuccess, excluded.lastSuccess), lastSuccess, excluded.lastSuccess)
        """,
        """
        INSERT INTO main.activity (hour, regionID, accountID, eventVersionID, events)
        SELECT hour, coalesce(\(text("regionID")), 0), coalesce(\(text("accountID")), 0),
            coalesce(\(text("eventVersionID")), 0), events
        FROM shard.activity WHERE true
        ON CONFLICT DO UPDATE SET events = events + excluded.events
        """,
        """
        INSERT INTO main.denialHistory (groupID, resourceID, accountID, policyARNID, denials, first, last)
        SELECT g.new, coalesce(\(text("resourceID")), 0), coalesce(\(text("accountID")), 0),
            coalesce(\(text("policyARNID")), 0), denials, first, last
        FROM shard.denialHistory h JOIN groupOf g ON g.old = h.groupID WHERE true
        ON CONFLICT DO UPDATE SET denials = denials + excluded.denials, first = min(first, excluded.first),
            last = max(last, excluded.last)
        """,
        """
        INSERT INTO main.prunedOperation (operationID, events, denials)
        SELECT o.new, events, denials FROM shard.prunedOperation p JOIN operationOf o ON o.old = p.operationID WHERE true
        ON CONFLICT DO UPDATE SET events = events + excluded.events, denials = denials + excluded.denials
        """,
        """
        INSERT INTO main.pruning (before, prunedAt, events, denials)
        SELECT before, prunedAt, events, denials FROM shard.pruning ORDER BY id
        """,
    ]

    /// How much a row tells (``EventWriter/Telling``), to be compared.
    private static func telling(_ row: String) -> String {
        let counted = EventWriter.Telling.counted.map { "(\(row).\($0) IS NOT NULL)" }.joined(separator: " + ")
        return
            "(\(row).errorCodeID IS NOT NULL, coalesce(length(CAST(\(row).errorMessage AS BLOB)), 0), \(counted))"
    }

    /// Keys that the database holds already.
    static let met = """
        CREATE TEMP TABLE met AS SELECT o.key FROM shard.eventRow o CROSS JOIN main.eventRow m ON m.key = o.key
        """

    /// Events that the database holds already as they are, or more fully, all of them CloudTrail's own records: most of those that meet.
    static let duplicates = """
        CREATE TEMP TABLE duplicate AS
        SELECT x.key FROM temp.met x CROSS JOIN shard.eventRow o ON o.key = x.key CROSS JOIN main.eventRow m ON m.key = x.key
        WHERE m.eventID = o.eventID AND m.eventTime IS o.eventTime AND \(telling("o")) <= \(telling("m"))
            AND NOT EXISTS (SELECT 1 FROM main.partialEvent p WHERE p.key = o.key)
            AND NOT EXISTS (SELECT 1 FROM shard.partialEvent p WHERE p.key = o.key)
            AND NOT EXISTS (SELECT 1 FROM shard.correction c WHERE c.eventID = o.eventID)
        ORDER BY 1
        """

    /// What such events were counted as in the shard's roll-up.
    static let shareOfDuplicates = """
        SELECT coalesce(\(text("i.foldedPrincipalID")), 0), coalesce(\(Numbers.operation.of("e.operationID")), 0),
            coalesce(\(text("e.regionID")), 0), coalesce(\(text("e.accountID")), 0), count(*),
            sum(d.key IS NULL AND e.errorCodeID IS NULL AND e.errorMessage IS NULL), sum(d.key IS NOT NULL)
        FROM temp.duplicate x JOIN shard.eventRow e ON e.key = x.key LEFT JOIN shard.identity i ON i.id = e.identityID
            LEFT JOIN shard.denialRow d ON d.key = e.key
        GROUP BY 1, 2, 3, 4
        """

    /// Hours and places of such events, and how many.
    static let hoursOfDuplicates = """
        SELECT (x.key >> \(Schema.keyHashBits)) / 3600, coalesce(\(text("e.regionID")), 0), coalesce(\(text("e.accountID")), 0),
            count(*)
        FROM temp.duplicate x JOIN shard.eventRow e ON e.key = x.key GROUP BY 1, 2, 3
        """

    /// The same of one event, `:key`.
    static let shareOfOne = """
        SELECT coalesce(\(text("i.foldedPrincipalID")), 0), coalesce(\(Numbers.operation.of("e.operationID")), 0),
            coalesce(\(text("e.regionID")), 0), coalesce(\(text("e.accountID")), 0),
            d.key IS NULL AND e.errorCodeID IS NULL AND e.errorMessage IS NULL, d.key IS NOT NULL
        FROM shard.eventRow e LEFT JOIN shard.identity i ON i.id = e.identityID
            LEFT JOIN shard.denialRow d ON d.key = e.key
        WHERE e.key = :key
        """

    /// Log files and how many of their events are such.
    static let filesOfDuplicates = """
        SELECT f.new, count(*) FROM temp.duplicate x JOIN shard.eventRow e ON e.key = x.key
            JOIN fileOf f ON f.old = e.logFileID
        WHERE f.new IS NOT NULL GROUP BY 1
        """
}
