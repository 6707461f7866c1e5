import CompanionLogs

/// What version 9 brought: refusals from the logs beside CloudTrail, what links them to events, and how far those logs reach.
extension Schema {
    /// The tables of ``CompanionTable``, with an index for each id of a request, `companionLog` and `companionLink`.
    ///
    /// A link leads from what saw a refusal further out to what saw it further in: an application's error to CloudTrail's event, a
    /// gateway's answer to the rule of AWS WAF. Links are made anew where an ingest ends, so that the order of files does not matter.
    static let companions: String = {
        var statements = CompanionTable.allCases.map { table in
            let columns = table.columns.map { "\($0) \(CompanionTable.integers.contains($0) ? "INTEGER" : "TEXT")" }
            return """
                CREATE TABLE IF NOT EXISTS \(table.rawValue) (
                    key INTEGER PRIMARY KEY,
                    time TEXT NOT NULL, \(columns.joined(separator: ", ")), logFileID INTEGER NOT NULL, byteOffset INTEGER NOT NULL
                );
                """
        }
        for (table, column) in requestIDs {
            statements.append(
                "CREATE INDEX IF NOT EXISTS \(table)By\(column) ON \(table) (\(column)) WHERE \(column) IS NOT NULL;")
        }
        statements.append(
            """
            CREATE TABLE IF NOT EXISTS companionLog (
                logFileID INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL,
                entries INTEGER NOT NULL, refusals INTEGER NOT NULL, firstTime TEXT, lastTime TEXT,
                PRIMARY KEY (logFileID, kind, scope)
            ) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS companionLink (
                tableName TEXT NOT NULL, rowKey INTEGER NOT NULL,
                innerTable TEXT NOT NULL, innerKey INTEGER NOT NULL, linkedBy TEXT NOT NULL, certainty TEXT NOT NULL,
                PRIMARY KEY (tableName, rowKey)
            ) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS companionLinkByInner ON companionLink (innerTable, innerKey);
            """)
        return statements.joined(separator: "\n")
    }()

    /// Columns that hold ids of requests: each has an index.
    static let requestIDs: [(table: String, column: String)] = [
        ("gatewayRequest", "requestId"), ("gatewayRequest", "extendedRequestId"),
        ("gatewayRequest", "integrationRequestId"),
        ("wafRequest", "requestId"), ("applicationError", "requestID"), ("applicationError", "lambdaRequestId"),
        ("s3Access", "requestID"),
        ("webRefusal", "requestId"),
    ]

    /// One row for each refusal in any layer. A refusal that a link leads away from is told by the layer that it leads to.
    static let companionViews = """
        CREATE VIEW refusal AS
        SELECT e.eventTime AS time, 'cloudtrail' AS layer, g.principal, g.action, resource.value AS resource, NULL AS status,
            code.value AS code, g.reason, e.requestID, g.publicID AS denialGroupID, NULL AS tableName, d.key AS rowKey
        FROM denialRow d
            JOIN denialGroupRow g ON g.id = d.groupID
            LEFT JOIN eventRow e ON e.key = d.key
            LEFT JOIN text resource ON resource.id = d.resourceID
            LEFT JOIN text code ON code.id = d.errorCodeID
        WHERE d.isCopy = 0
        UNION ALL
        SELECT time, 'application', principal, coalesce(action, operation), resource, statusCode, errorCode, coalesce(cause, reason),
            coalesce(requestID, lambdaRequestId), NULL, 'applicationError', key
        FROM applicationError a
        WHERE category IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM companionLink l WHERE l.tableName = 'applicationError' AND l.rowKey = a.key)
        UNION ALL
        SELECT time, 'api-gateway', userArn, 'execute-api:Invoke', nullif(trim(coalesce(apiId, '') || '/' || coalesce(stage, '') || ' '
            || coalesce(httpMethod, '') || ' ' || coalesce(resourcePath, path, '')), '/'), status, errorResponseType, cause,
            coalesce(requestId, extendedRequestId), NULL, 'gatewayRequest', key
        FROM gatewayRequest r
        WHERE NOT EXISTS (SELECT 1 FROM companionLink l WHERE l.tableName = 'gatewayRequest' AND l.rowKey = r.key)
        UNION ALL
        SELECT time, 'waf', clientIp, httpMethod, uri, coalesce(responseCodeSent, 403), action, coalesce(ruleId, terminatingRuleId), requestId,
            NULL, 'wafRequest', key
        FROM wafRequest
        UNION ALL
        SELECT time, 's3-access', requester, operation, bucket || coalesce('/' || objectKey, ''), httpStatus, errorCode, errorCode, requestID,
            NULL, 's3Access', key
        FROM s3Access s
        WHERE NOT EXISTS (SELECT 1 FROM companionLink l WHERE l.tableName = 's3Access' AND l.rowKey = s.key)
        UNION ALL
        SELECT time, 'load-balancer', clientIp, httpMethod, uri, status, result, kind, requestId, NULL, 'webRefusal', key
        FROM webRefusal w
        WHERE NOT EXISTS (SELECT 1 FROM companionLink l WHERE l.tableName = 'webRefusal' AND l.rowKey = w.key)
        UNION ALL
        SELECT time, 'network', srcaddr, 'connect', dstaddr || ':' || dstport, NULL, action, rejectReason, NULL, NULL, 'flow', key
        FROM flow WHERE action = 'REJECT' AND dstport = 443 AND \(isPrivateAddress("srcaddr"));
        """
}
