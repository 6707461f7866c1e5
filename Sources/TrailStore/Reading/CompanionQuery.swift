import AccessDenial
import CompanionLogs
import GRDB

/// Reads what the logs beside CloudTrail tell: refusals that no event has as groups, and what they say of those that one has.
struct CompanionQuery {
    /// Refusals that no event of CloudTrail has, which the filter lets through, ordered by id.
    private(set) var groups: [DenialGroup] = []
    /// What the logs tell beside them.
    private(set) var facts = CompanionFacts()
    /// The groups of an application's rows, by their keys: a gateway's log may have the same call.
    private var groupOfRow: [Int64: String] = [:]

    /// Reads all of it, apart from ``CompanionFacts/sightings``; nothing where the database holds no such logs.
    init(_ filter: ReportFilter, _ db: Database) throws {
        guard try RawCursor.integer(db, "SELECT 1 FROM companionLog LIMIT 1") != nil else { return }
        facts.reach = try Self.reach(db)
        facts.seenByBoth = try RawCursor.count(
            db, "SELECT count(*) FROM companionLink WHERE innerTable = 'event'")
        let unanswered = try Self.unanswered(db)
        var others: [String: Int] = [:]
        for source in Source.all {
            var fold = CompanionFold(isScheduled: filter.told != nil)
            try RawCursor.forEach(db, source.sql, Self.span(filter)) {
                fold.add(try source.entry($0, told: filter.told))
            }
            let until = facts.reach.filter { source.kinds.contains($0.kind) }.compactMap(\.to).max()
            for (var group, calls, keys) in fold.groups() {
                group.companion?.logsUntil = until
                switch Self.place(of: group, filter) {
                case .report: break
                case .otherService:
                    others[group.eventSource, default: 0] += group.denials
                    continue
                case .nowhere: continue
                }
                if source.layer == .gateway { try Self.addSuccesses(to: &group, calls, db) }
                let missed = Self.count(unanswered, around: group)
                group.companion?.unanswered = missed
                if source.layer == .names || source.layer == .network && missed == 0 {
                    facts.leads.append(group)
                } else {
                    if source.layer == .application { for key in keys { groupOfRow[key] = group.id } }
                    groups.append(group)
                }
            }
        }
        groups.sort { $0.id < $1.id }
        facts.leads.sort { ($1.denials, $0.firstSeen, $0.id) < ($0.denials, $1.firstSeen, $1.id) }
        facts.others = others.map { Counted($0.key, denials: $0.value) }.sorted {
            ($1.denials, $0.value) < ($0.denials, $1.value)
        }
    }

    /// Adds what other logs tell of these groups' refusals.
    mutating func addSightings(of denials: [DenialGroup], _ db: Database) throws {
        guard !facts.reach.isEmpty else { return }
        let wanted = Set((denials + groups).map(\.id))
        for sighting in try CompanionSightings.linked(groupOfRow, db) where wanted.contains(sighting.group) {
            facts.sightings[sighting.group, default: []].append(sighting.sighting)
        }
        for (id, sightings) in try CompanionSightings.flows(of: denials, db) {
            facts.sightings[id, default: []] += sightings
        }
    }

    // MARK: Filters

    private enum Place {
        case report, otherService, nowhere
    }

    private static func span(_ filter: ReportFilter) -> StatementArguments {
        [filter.from.map(Timestamp.text) ?? "0", filter.to.map(Timestamp.text) ?? "9"]
    }

    /// Whether a group is what the filter asks for. What a log does not tell is not what was asked for; a layer in front of all services
    /// belongs to every service.
    private static func place(of group: DenialGroup, _ filter: ReportFilter) -> Place {
        guard filter.groupIDs.isEmpty || filter.groupIDs.contains(group.id) else { return .nowhere }
        func matches(_ patterns: [NamePattern], _ name: String) -> Bool {
            patterns.isEmpty || patterns.contains { $0.matches(name) }
        }
        func meets(_ wanted: Set<String>, _ values: [Counted<String>]) -> Bool {
            wanted.isEmpty || values.contains { wanted.contains($0.value) }
        }
        guard matches(filter.principals, group.principal), matches(filter.actions, group.action),
            matches(filter.reasons, group.reason.slug), meets(filter.accounts, group.accounts),
            meets(filter.regions, group.regions)
        else { return .nowhere }
        switch group.companion?.layer {
        case .application, .s3Access:
            guard group.action.contains(":") else { return .report }
            return filter.includesService(group.eventSource, group.action) ? .report : .otherService
        case .gateway, .firewall, .loadBalancer, .network, .names, nil: return .report
        }
    }

    // MARK: What groups need beside their rows

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
                refusals: try $0.count(4), from: try $0.optionalText(5), to: try $0.optionalText(6))
        }
    }

    /// Times of applications' calls that got no connection or no answer, in order.
    private static func unanswered(_ db: Database) throws -> [String] {
        try RawCursor.all(
            db,
            "SELECT time FROM applicationError WHERE cause IN ('network', 'timeout') AND time > '1971' ORDER BY time LIMIT 100000"
        ) { try $0.text(0) }
    }

    /// Seconds by which a call may be given up after its packets were rejected: SDKs try several times.
    private static let patience: Int64 = 600

    private static func count(_ times: [String], around group: DenialGroup) -> Int {
        guard let first = Timestamp.seconds(group.firstSeen), let last = Timestamp.seconds(group.lastSeen) else {
            return 0
        }
        let (from, to) = (Timestamp.text(first - patience), Timestamp.text(last + patience))
        return times.partitioningIndex { $0 > to } - times.partitioningIndex { $0 >= from }
    }

    /// Tells whether a gateway's refused calls work by now: the same route, called by the same caller.
    private static func addSuccesses(to group: inout DenialGroup, _ calls: Set<CompanionFold.Call>, _ db: Database)
        throws
    {
        guard let place = group.companion?.place, !calls.isEmpty, !group.lastSeen.isEmpty else { return }
        var after: [CompanionFold.Call: String] = [:]
        var within = 0
        try RawCursor.forEach(
            db,
            "SELECT subject, caller, time, lastTime, calls FROM companionSuccess WHERE scope = ? ORDER BY time, subject, caller",
            [place]
        ) { row in
            let call = CompanionFold.Call(item: try row.text(0), caller: try row.text(1))
            guard calls.contains(call) else { return }
            let (first, last) = (try row.text(2), try row.text(3))
            if last > group.lastSeen, after[call] == nil {
                after[call] = first > group.lastSeen ? first : last
            } else if last > group.firstSeen {
                within += try row.count(4)
            }
        }
        group.successesWithin = within
        if after.count == calls.count { group.firstSuccessAfter = after.values.max() }
    }
}

extension CompanionQuery {
    /// Where refusals of one layer are read from.
    struct Source: Sendable {
        /// What an entry is made of, in the order of the result's columns.
        enum Column: Int, CaseIterable {
            case key, time, lastTime, count, logFileID, byteOffset, log
            case cause, principal, action, place, detail, item, status, address, agent, code, operation, reason,
                category
            case requestID, sentence, region
        }

        var layer: CompanionRefusal.Layer
        /// The kinds of logs that hold them, as `companionLog` has them.
        var kinds: Set<String>
        var table: CompanionTable
        var columns: [Column: String]
        var condition: String

        /// The rows of a span (two texts) in order of time; a row that a link leads away from is told elsewhere.
        var sql: String { "\(select) AND r.time >= ? AND r.time <= ? ORDER BY r.time, r.key" }

        /// One row, by its key.
        var sqlOfRow: String { "\(select) AND r.key = ?" }

        private var select: String {
            var all: [Column: String] = [
                .key: "r.key", .time: "r.time", .lastTime: "r.time", .count: "1", .logFileID: "r.logFileID",
                .byteOffset: "r.byteOffset", .log: "f.path",
            ]
            all.merge(columns) { $1 }
            let list = Column.allCases.map { all[$0] ?? "NULL" }.joined(separator: ", ")
            return """
                SELECT \(list) FROM \(table.rawValue) r LEFT JOIN logFile f ON f.id = r.logFileID
                WHERE \(condition) AND NOT EXISTS (
                    SELECT 1 FROM companionLink l WHERE l.tableName = '\(table.rawValue)' AND l.rowKey = r.key)
                """
        }

        /// The entry of a row. One whose log tells no time has that of 1970, which is nobody's.
        func entry(_ row: RawRow, told: ReportMark?) throws -> CompanionFold.Entry {
            func text(_ column: Column) throws -> String? { try row.optionalText(column.rawValue) }
            func time(_ column: Column) throws -> String {
                let time = try row.text(column.rawValue)
                return time < "1971" ? "" : time
            }
            let isNew: Bool =
                if let told {
                    try row[Column.logFileID.rawValue] > told.logFileID
                        || told.earliest.map { try row.text(Column.time.rawValue) < Timestamp.text($0) } ?? false
                } else { true }
            return CompanionFold.Entry(
                layer: layer, key: try row[Column.key.rawValue], time: try time(.time), lastTime: try time(.lastTime),
                count: try row.count(Column.count.rawValue), isNew: isNew, cause: try text(.cause),
                principal: try text(.principal), action: try text(.action), place: try text(.place),
                detail: try text(.detail), item: try text(.item),
                status: try row.optionalInteger(Column.status.rawValue).map { Int(truncatingIfNeeded: $0) },
                address: try text(.address), agent: try text(.agent), code: try text(.code),
                operation: try text(.operation), reason: try text(.reason), category: try text(.category),
                requestID: try text(.requestID), sentence: try text(.sentence), region: try text(.region),
                log: try text(.log), offset: try row.count(Column.byteOffset.rawValue))
        }

        /// Every layer.
        static let all = [gateway, firewall, application, s3Access, loadBalancer, network, names]

        private static let gateway = Source(
            layer: .gateway, kinds: ["api-gateway-access", "api-gateway-execution"], table: .gatewayRequest,
            columns: [
                .cause: "r.cause", .principal: "r.userArn",
                .place: "nullif(trim(coalesce(r.apiId, r.domainName, '') || '/' || coalesce(r.stage, ''), '/'), '')",
                // Without a method of the API there is no template of a path.
                .detail:
                    "CASE WHEN r.cause = 'missing-token' AND nullif(r.resourcePath, '/') IS NOT NULL THEN 'route' END",
                .item: "nullif(trim(coalesce(r.httpMethod, '') || ' ' || coalesce(r.resourcePath, r.path, '')), '')",
                .status: "r.status", .address: "r.sourceIp", .agent: "r.userAgent", .code: "r.errorResponseType",
                .requestID: "coalesce(r.requestId, r.extendedRequestId)",
            ], condition: "1")

        private static let firewall = Source(
            layer: .firewall, kinds: ["waf"], table: .wafRequest,
            columns: [
                .cause: "coalesce(r.ruleId, r.terminatingRuleId)",
                .action:
                    "CASE r.httpSourceName WHEN 'APIGW' THEN 'execute-api:Invoke' ELSE coalesce(r.httpMethod, 'request') END",
                .place: "coalesce(nullif(r.httpSourceId, ''), r.webaclId)",
                .detail: "coalesce(r.ruleGroupId, r.rateBasedRuleName)",
                .item: "nullif(trim(coalesce(r.httpMethod, '') || ' ' || coalesce(r.uri, '')), '')",
                .status: "coalesce(r.responseCodeSent, 403)", .address: "r.clientIp", .code: "r.action",
                .requestID: "r.requestId",
            ], condition: "1")

        private static let application = Source(
            layer: .application, kinds: ["application"], table: .applicationError,
            columns: [
                .cause: "r.cause", .principal: "r.principal", .action: "r.action", .place: "r.logGroup",
                .item: "r.resource",
                .status: "r.statusCode", .code: "r.errorCode", .operation: "r.operation", .reason: "r.reason",
                .category: "r.category", .requestID: "coalesce(r.requestID, r.lambdaRequestId)", .sentence: "r.message",
                .region: "r.awsRegion", .log: "coalesce(r.logGroup, f.path)", .agent: "r.sdk",
            ], condition: "r.cause NOT IN ('network', 'timeout')")

        private static let s3Access = Source(
            layer: .s3Access, kinds: ["s3-access"], table: .s3Access,
            columns: [
                .cause: "r.errorCode", .principal: "r.requester", .place: "r.bucket", .operation: "r.operation",
                .item: "'arn:aws:s3:::' || r.bucket || coalesce('/' || r.objectKey, '')", .status: "r.httpStatus",
                .address: "r.remoteIP", .agent: "r.userAgent", .code: "r.errorCode", .requestID: "r.requestID",
            ], condition: "1")

        private static let loadBalancer = Source(
            layer: .loadBalancer, kinds: ["load-balancer", "cloudfront"], table: .webRefusal,
            columns: [
                .cause: "r.kind", .action: "r.httpMethod", .place: "r.name", .detail: "r.result",
                .item: "nullif(trim(coalesce(r.httpMethod, '') || ' ' || coalesce(r.uri, '')), '')",
                .status: "r.status",
                .address: "r.clientIp", .agent: "r.userAgent", .requestID: "r.requestId",
            ], condition: "1")

        /// Packets from outside that are turned away are what a security group is for: only those of hosts within are told.
        private static let network = Source(
            layer: .network, kinds: ["vpc-flow"], table: .flow,
            columns: [
                .lastTime: "strftime('%Y-%m-%dT%H:%M:%SZ', CAST(r.lastEnd AS INTEGER), 'unixepoch')", .count: "r.flows",
                .cause: "r.rejectReason", .principal: "r.srcaddr", .action: "'connect'",
                .place: "r.dstaddr || ':' || r.dstport", .detail: "r.interfaceId", .address: "r.srcaddr",
            ],
            condition: "r.action = 'REJECT' AND r.dstport = 443 AND \(Schema.isPrivateAddress("r.srcaddr"))")

        private static let names = Source(
            layer: .names, kinds: ["route53-resolver"], table: .resolverQuery,
            columns: [
                .cause: """
                CASE WHEN r.firewallRuleAction = 'BLOCK' THEN 'dns-firewall' WHEN r.rcode <> 'NOERROR' THEN 'dns-failed'
                    ELSE 'endpoint-dns-public' END
                """, .action: "r.queryType", .place: "r.queryName", .detail: "r.vpcId", .address: "r.srcaddr",
            ],
            condition: """
                (r.rcode <> 'NOERROR' OR r.firewallRuleAction = 'BLOCK' OR r.isPublic = 1
                    AND EXISTS (SELECT 1 FROM resolverQuery p WHERE p.queryName = r.queryName AND p.isPublic = 0))
                """)
    }
}
