import GRDB

/// Refusals of one kind in the logs beside CloudTrail that no event of CloudTrail tells.
public struct CompanionRefusal: Sendable, Hashable {
    /// Where it was seen.
    public enum Layer: String, Sendable, CaseIterable {
        case gateway = "api-gateway"
        case firewall = "waf"
        case application
        case s3Access = "s3-access"
        case loadBalancer = "load-balancer"
        case network
        /// Names that did not resolve, or not as they should: no refusal, but a reason for calls that do not arrive.
        case names = "dns"
    }

    /// Where it was seen.
    public var layer: Layer
    /// What refused within the layer, as the log's row has it: `api-key`, `signature`, `network`, a rule, an error code.
    public var cause: String?
    /// Who was refused; a caller's address where nobody is named.
    public var principal: String?
    /// The IAM action, or the method.
    public var action: String?
    /// What it was on: API, stage and path, bucket, object, host.
    public var resource: String?
    /// What tells the refusal's kind beside its cause: a path's template, a rule group, AWS's sentence.
    public var detail: String?
    /// The HTTP status that the caller saw.
    public var status: Int?
    /// How many.
    public var count: Int
    /// ISO 8601 UTC; empty where no log tells a time.
    public var firstSeen: String
    /// The last one.
    public var lastSeen: String
    /// The latest request id.
    public var requestID: String?
    /// Where the log of it lies: a log group, or the path of a file.
    public var log: String?
}

extension CompanionRefusal {
    /// What orders refusals that are equally many.
    fileprivate var order: String {
        [layer.rawValue, firstSeen, resource ?? "", principal ?? "", cause ?? "", action ?? "", detail ?? ""].joined(
            separator: "\u{1}")
    }
}

/// How far the logs of one kind reach.
public struct CompanionReach: Sendable, Hashable {
    /// The kind, as `companionLog` has it.
    public var kind: String
    /// API and stage, web ACL, bucket, VPC or log group; how many there are.
    public var scopes: Int
    /// Files.
    public var files: Int
    /// Entries that were read.
    public var entries: Int
    /// Those of them that are refusals.
    public var refusals: Int
    /// ISO 8601 UTC; `nil` where no entry tells its time.
    public var from: String?
    /// The last one.
    public var to: String?
}

/// What the logs beside CloudTrail tell.
public struct CompanionFacts: Sendable, Hashable {
    /// Refusals that CloudTrail does not tell, most first.
    public var refusals: [CompanionRefusal] = []
    /// What was read, by kind.
    public var reach: [CompanionReach] = []
    /// Rows that are linked to an event of CloudTrail: refusals that both saw.
    public var seenByBoth = 0
    /// Calls of applications that got no connection or no answer in time.
    public var unanswered = 0

    /// Nothing read.
    public init() {}
}

extension TrailDatabase {
    /// What the logs beside CloudTrail tell, of a span and of the services asked for.
    public func companionFacts(_ filter: ReportFilter) throws -> CompanionFacts {
        try mapErrors { try queue.read { try CompanionQuery.facts(filter, $0) } }
    }
}

/// Reads what the logs beside CloudTrail tell.
enum CompanionQuery {
    /// Kinds of refusals that are told of each layer.
    private static let limit = 500

    static func facts(_ filter: ReportFilter, _ db: Database) throws -> CompanionFacts {
        var facts = CompanionFacts()
        guard try RawCursor.integer(db, "SELECT 1 FROM companionLog LIMIT 1") != nil else { return facts }
        facts.reach = try reach(db)
        let isNarrow =
            !filter.accounts.isEmpty || !filter.regions.isEmpty || !filter.reasons.isEmpty || !filter.groupIDs.isEmpty
        let isOfSomebody = !filter.principals.isEmpty || !filter.actions.isEmpty
        // A gateway's log names no account, Region or reason of IAM's: such a filter asks for CloudTrail's denials.
        guard !isNarrow else { return facts }
        let span: StatementArguments = [
            filter.from.map(Timestamp.text) ?? "0", filter.to.map(Timestamp.text) ?? "9", limit,
        ]
        for query in queries where !isOfSomebody || query.layer == .application {
            facts.refusals += try RawCursor.all(db, query.sql, span) { try refusal(query.layer, $0) }
        }
        facts.refusals.removeAll { refusal in
            guard refusal.layer == .application || refusal.layer == .s3Access else { return false }
            guard let action = refusal.action, action.contains(":") else { return isOfSomebody }
            return !filter.includesService("", action) || !matches(filter.actions, action)
                || !matches(filter.principals, refusal.principal ?? "")
        }
        facts.refusals.sort { left, right in
            left.count != right.count ? left.count > right.count : left.order < right.order
        }
        facts.seenByBoth = try RawCursor.count(db, "SELECT count(*) FROM companionLink WHERE innerTable = 'event'")
        facts.unanswered = try RawCursor.count(
            db,
            "SELECT count(*) FROM applicationError WHERE cause IN ('network', 'timeout') AND time >= ? AND time <= ?",
            [filter.from.map(Timestamp.text) ?? "0", filter.to.map(Timestamp.text) ?? "9"])
        return facts
    }

    private static func matches(_ patterns: [NamePattern], _ name: String) -> Bool {
        patterns.isEmpty || patterns.contains { $0.matches(name) }
    }

    private static func reach(_ db: Database) throws -> [CompanionReach] {
        try RawCursor.all(
            db,
            """
            SELECT kind, count(DISTINCT scope), count(DISTINCT logFileID), sum(entries), sum(refusals), min(firstTime), max(lastTime)
            FROM companionLog GROUP BY kind ORDER BY kind
            """
        ) {
            CompanionReach(
                kind: try $0.text(0), scopes: try $0.count(1), files: try $0.count(2), entries: try $0.count(3),
                refusals: try $0.count(4),
                from: try $0.optionalText(5), to: try $0.optionalText(6))
        }
    }

    /// cause, principal, action, resource, detail, status, count, first, last, request id, log.
    private static func refusal(_ layer: CompanionRefusal.Layer, _ row: RawRow) throws -> CompanionRefusal {
        CompanionRefusal(
            layer: layer, cause: try row.optionalText(0), principal: try row.optionalText(1),
            action: try row.optionalText(2),
            resource: try row.optionalText(3), detail: try row.optionalText(4),
            status: try row.optionalInteger(5).map { Int($0) },
            count: try row.count(6), firstSeen: try row.text(7), lastSeen: try row.text(8),
            requestID: try row.optionalText(9),
            log: try row.optionalText(10))
    }

    /// Whether no link leads away from a row.
    private static func isInnermost(_ table: String) -> String {
        "NOT EXISTS (SELECT 1 FROM companionLink l WHERE l.tableName = '\(table)' AND l.rowKey = r.key)"
    }

    /// An entry whose log tells no time has that of 1970, which is nobody's.
    private static let tail = """
        count(*), min(nullif(r.time, '1970-01-01T00:00:00Z')), max(nullif(r.time, '1970-01-01T00:00:00Z'))
        """

    private static let queries: [(layer: CompanionRefusal.Layer, sql: String)] = [
        (
            .gateway,
            """
            SELECT r.cause, r.userArn, r.httpMethod, trim(coalesce(r.apiId, r.domainName, '') || '/' || coalesce(r.stage, '')
                    || CASE WHEN r.resourcePath IS NULL THEN ' ' || coalesce(r.path, '') ELSE '' END, '/ '),
                r.resourcePath, r.status, \(tail), max(coalesce(r.requestId, r.extendedRequestId)), max(f.path)
            FROM gatewayRequest r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND \(isInnermost("gatewayRequest"))
            GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY count(*) DESC, 8, 4, 5 LIMIT ?
            """
        ),
        (
            .firewall,
            """
            SELECT coalesce(r.ruleId, r.terminatingRuleId), NULL, r.httpMethod,
                coalesce(nullif(coalesce(r.httpSourceId, ''), ''), r.webaclId) || ' ' || coalesce(r.uri, ''),
                coalesce(r.ruleGroupId, r.rateBasedRuleName), coalesce(r.responseCodeSent, 403), \(tail), max(r.requestId), max(f.path)
            FROM wafRequest r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ?
            GROUP BY 1, 3, 4, 5, 6 ORDER BY count(*) DESC, 8, 4 LIMIT ?
            """
        ),
        (
            .application,
            """
            SELECT r.cause, r.principal, coalesce(r.action, r.operation), r.resource, r.message, max(r.statusCode), \(tail),
                max(coalesce(r.requestID, r.lambdaRequestId)), max(coalesce(r.logGroup, f.path))
            FROM applicationError r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND r.cause NOT IN ('network', 'timeout') AND \(isInnermost("applicationError"))
            GROUP BY 1, 2, 3, 4, 5 ORDER BY count(*) DESC, 8, 3, 5 LIMIT ?
            """
        ),
        (
            .s3Access,
            """
            SELECT r.errorCode, r.requester, NULL, r.bucket, r.operation, r.httpStatus, \(tail), max(r.requestID), max(f.path)
            FROM s3Access r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND \(isInnermost("s3Access"))
            GROUP BY 1, 2, 4, 5, 6 ORDER BY count(*) DESC, 8, 4 LIMIT ?
            """
        ),
        (
            .loadBalancer,
            """
            SELECT r.kind, NULL, r.httpMethod, r.name, r.result, r.status, \(tail), max(r.requestId), max(f.path)
            FROM webRefusal r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND \(isInnermost("webRefusal"))
            GROUP BY 1, 3, 4, 5, 6 ORDER BY count(*) DESC, 8, 4 LIMIT ?
            """
        ),
        (
            .network,
            """
            SELECT r.rejectReason, r.srcaddr, 'connect', r.dstaddr || ':' || r.dstport, r.interfaceId, NULL, sum(r.flows), min(r.time),
                max(r.lastTime), NULL, max(f.path)
            FROM (SELECT *, strftime('%Y-%m-%dT%H:%M:%SZ', CAST(lastEnd AS INTEGER), 'unixepoch') AS lastTime FROM flow) r
                LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND r.action = 'REJECT' AND r.dstport = 443
            GROUP BY 1, 2, 4, 5 ORDER BY 7 DESC, 8, 4 LIMIT ?
            """
        ),
        (
            .names,
            """
            SELECT CASE WHEN r.firewallRuleAction = 'BLOCK' THEN 'dns-firewall' WHEN r.rcode <> 'NOERROR' THEN 'dns-failed'
                    ELSE 'endpoint-dns-public' END, NULL, r.queryType, r.queryName, r.vpcId, NULL, \(tail), NULL, max(f.path)
            FROM resolverQuery r LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE r.time >= ? AND r.time <= ? AND (r.rcode <> 'NOERROR' OR r.firewallRuleAction = 'BLOCK'
                OR r.isPublic = 1 AND EXISTS (SELECT 1 FROM resolverQuery p WHERE p.queryName = r.queryName AND p.isPublic = 0))
            GROUP BY 1, 3, 4, 5 ORDER BY count(*) DESC, 8, 4 LIMIT ?
            """
        ),
    ]
}
