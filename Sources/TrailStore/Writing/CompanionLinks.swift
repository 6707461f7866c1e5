import CompanionLogs
import GRDB

/// Makes the links between what saw one refusal: from the layer further out to the one further in.
///
/// All links are made anew from the rows alone, so that neither the order of files nor the way they were ingested matters.
struct CompanionLinks {
    /// Seconds that may lie between a companion log's time and the event's of the same request id.
    private static let idWindow: Int64 = 300
    /// Seconds between an application's error and the event of the same principal and action.
    private static let inferredWindow: Int64 = 5
    /// Application errors without an id that are looked up one by one.
    private static let inferredLimit = 200_000

    private let db: Database

    /// Makes the links; does nothing where the database holds no companion logs.
    static func make(_ db: Database) throws {
        guard try RawCursor.integer(db, "SELECT 1 FROM companionLog LIMIT 1") != nil else { return }
        let links = CompanionLinks(db: db)
        try db.execute(sql: "DELETE FROM companionLink")
        try links.linkByRequestID()
        try links.linkInferred()
        try links.linkLayers()
    }

    /// Rows whose request id is an event's.
    private func linkByRequestID() throws {
        try db.execute(
            sql: """
                DROP TABLE IF EXISTS temp.companionID;
                CREATE TEMP TABLE companionID (id TEXT, tableName TEXT, rowKey INTEGER, seconds INTEGER);
                INSERT INTO temp.companionID
                SELECT requestID, 'applicationError', key, CAST(strftime('%s', time) AS INTEGER) FROM applicationError WHERE requestID IS NOT NULL
                UNION ALL
                SELECT integrationRequestId, 'gatewayRequest', key, CAST(strftime('%s', time) AS INTEGER) FROM gatewayRequest
                WHERE integrationRequestId IS NOT NULL
                UNION ALL
                SELECT requestID, 's3Access', key, CAST(strftime('%s', time) AS INTEGER) FROM s3Access WHERE requestID IS NOT NULL;
                CREATE INDEX temp.companionByID ON companionID (id);
                """)
        let span = try RawCursor.first(db, "SELECT min(seconds), max(seconds) FROM temp.companionID WHERE seconds > 0")
        {
            (first: try $0[0], last: try $0[1])
        }
        guard let span, span.last > 0 else { return }
        // The span is walked once, with the ids at hand: events have no index on theirs.
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO companionLink (tableName, rowKey, innerTable, innerKey, linkedBy, certainty)
                SELECT c.tableName, c.rowKey, 'event', min(e.key),
                    CASE c.tableName WHEN 'gatewayRequest' THEN 'integrationRequestId' ELSE 'requestID' END, 'stated'
                FROM eventRow e CROSS JOIN temp.companionID c ON c.id = e.requestID
                WHERE e.key BETWEEN ?1 AND ?2 AND abs((e.key >> \(Schema.keyHashBits)) - c.seconds) <= ?3
                GROUP BY c.tableName, c.rowKey
                """,
            arguments: [
                EventKey.least(at: max(span.first - Self.idWindow, 1)),
                EventKey.least(at: span.last + Self.idWindow + 1), Self.idWindow,
            ])
    }

    /// Errors whose SDK tells no id, by principal, action and seconds; each event is taken once.
    private func linkInferred() throws {
        var groups: [String: [(id: Int64, principal: String)]] = [:]
        try RawCursor.forEach(db, "SELECT id, principal, action FROM denialGroupRow") { row in
            groups[try row.text(2).lowercased(), default: []].append((try row[0], try row.text(1)))
        }
        let errors = try RawCursor.all(
            db,
            """
            SELECT a.key, CAST(strftime('%s', a.time) AS INTEGER), a.principal, a.action FROM applicationError a
            WHERE a.principal IS NOT NULL AND a.action IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM companionLink l WHERE l.tableName = 'applicationError' AND l.rowKey = a.key)
            ORDER BY a.time, a.key LIMIT ?
            """, [Self.inferredLimit]
        ) { (key: try $0[0], seconds: try $0[1], principal: try $0.text(2), action: try $0.text(3)) }
        var taken: Set<Int64> = []
        for error in errors where error.seconds > Self.inferredWindow {
            var best: (key: Int64, distance: Int64)?
            for group in groups[error.action.lowercased()] ?? []
            where TrailDatabase.isSamePrincipal(group.principal, error.principal) {
                try RawCursor.forEach(
                    db, "SELECT key FROM denialRow WHERE key BETWEEN ? AND ? AND groupID = ?",
                    [
                        EventKey.least(at: error.seconds - Self.inferredWindow),
                        EventKey.least(at: error.seconds + Self.inferredWindow + 1),
                        group.id,
                    ]
                ) { row in
                    let key = try row.key(0)
                    guard !taken.contains(key) else { return }
                    let distance = abs((key >> Int64(Schema.keyHashBits)) - error.seconds)
                    if best.map({ (distance, key) < ($0.distance, $0.key) }) ?? true { best = (key, distance) }
                }
            }
            guard let best else { continue }
            taken.insert(best.key)
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO companionLink (tableName, rowKey, innerTable, innerKey, linkedBy, certainty)
                    VALUES ('applicationError', ?, 'event', ?, 'principalActionTime', 'inferred')
                    """
            ).execute(arguments: [error.key, best.key])
        }
    }

    /// Two logs of one gateway, and what stands before it.
    private func linkLayers() throws {
        for (outer, inner, condition, by, certainty) in [
            (
                "gatewayRequest", "gatewayRequest",
                "o.source = 'execution' AND i.source = 'access' AND o.extendedRequestId = i.extendedRequestId",
                "extendedRequestId", "stated"
            ),
            (
                "gatewayRequest", "gatewayRequest",
                "o.source = 'execution' AND i.source = 'access' AND o.requestId = i.requestId", "requestId", "stated"
            ),
            (
                "gatewayRequest", "wafRequest", "o.cause = 'waf' AND o.extendedRequestId = i.requestId",
                "extendedRequestId", "inferred"
            ),
            ("webRefusal", "wafRequest", "o.requestId = i.requestId", "requestId", "stated"),
            // A function behind the gateway logged what it was refused itself.
            (
                "gatewayRequest", "applicationError",
                "o.cause = 'integration' AND o.integrationRequestId = i.lambdaRequestId", "integrationRequestId",
                "stated"
            ),
        ] {
            try db.execute(
                sql: """
                    INSERT OR IGNORE INTO companionLink (tableName, rowKey, innerTable, innerKey, linkedBy, certainty)
                    SELECT '\(outer)', o.key, '\(inner)', min(i.key), '\(by)', '\(certainty)'
                    FROM \(outer) o JOIN \(inner) i ON \(condition)
                    WHERE abs(strftime('%s', o.time) - strftime('%s', i.time)) <= 60
                    GROUP BY o.key
                    """)
        }
    }
}
