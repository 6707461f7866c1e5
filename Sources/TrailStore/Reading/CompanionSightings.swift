import CompanionLogs
import GRDB

/// What logs beside CloudTrail tell of refusals that are groups already.
enum CompanionSightings {
    /// Sightings that are told of all groups together.
    private static let limit = 20_000

    /// What was seen in a log of the calls behind groups, by links.
    ///
    /// - Parameter groupOfRow: groups of rows of `applicationError` that no event has, by the row's key.
    static func linked(_ groupOfRow: [Int64: String], _ db: Database) throws -> [(
        group: String, sighting: CompanionSighting
    )] {
        let gateway = """
            coalesce(nullif(trim(coalesce(r.apiId, r.domainName, '') || '/' || coalesce(r.stage, ''), '/'), ''), '') || ' '
                || trim(coalesce(r.httpMethod, '') || ' ' || coalesce(r.resourcePath, r.path, '')),
            coalesce(r.userArn, r.sourceIp), r.status, count(*), min(r.time), max(r.time),
            max(coalesce(r.requestId, r.extendedRequestId)), max(f.path)
            """
        let toGroup = "JOIN denialRow d ON d.key = l.innerKey JOIN denialGroupRow g ON g.id = d.groupID"
        var found: [(group: String, sighting: CompanionSighting)] = []
        func read(_ layer: CompanionRefusal.Layer, _ sql: String, group: (RawRow) throws -> String?) throws {
            try RawCursor.forEach(db, "\(sql) LIMIT \(limit)") { row in
                guard let group = try group(row) else { return }
                found.append(
                    (
                        group,
                        CompanionSighting(
                            layer, place: try row.text(1).trimmedBlanks, caller: try row.optionalText(2),
                            status: try row.optionalInteger(3).map { Int(truncatingIfNeeded: $0) },
                            count: try row.count(4), firstSeen: try row.text(5), lastSeen: try row.text(6),
                            requestID: try row.optionalText(7), log: try row.optionalText(8))
                    ))
            }
        }
        try read(
            .gateway,
            """
            SELECT g.publicID, \(gateway) FROM companionLink l \(toGroup)
                JOIN gatewayRequest r ON r.key = l.rowKey LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE l.tableName = 'gatewayRequest' AND l.innerTable = 'event' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """
        ) { try $0.text(0) }
        // A function behind the gateway made the call, and logged its error.
        try read(
            .gateway,
            """
            SELECT g.publicID, \(gateway) FROM companionLink o
                JOIN companionLink l ON l.tableName = 'applicationError' AND l.rowKey = o.innerKey AND l.innerTable = 'event'
                \(toGroup) JOIN gatewayRequest r ON r.key = o.rowKey LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE o.tableName = 'gatewayRequest' AND o.innerTable = 'applicationError'
            GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """
        ) { try $0.text(0) }
        if !groupOfRow.isEmpty {
            try read(
                .gateway,
                """
                SELECT o.innerKey, \(gateway) FROM companionLink o
                    JOIN gatewayRequest r ON r.key = o.rowKey LEFT JOIN logFile f ON f.id = r.logFileID
                WHERE o.tableName = 'gatewayRequest' AND o.innerTable = 'applicationError'
                GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
                """
            ) { groupOfRow[try $0[0]] }
        }
        try read(
            .application,
            """
            SELECT g.publicID, coalesce(r.logGroup, f.path), r.sdk, max(r.statusCode), count(*), min(r.time), max(r.time),
                max(coalesce(r.requestID, r.lambdaRequestId)), max(f.path)
            FROM companionLink l \(toGroup)
                JOIN applicationError r ON r.key = l.rowKey LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE l.tableName = 'applicationError' AND l.innerTable = 'event' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        ) { try $0.text(0) }
        try read(
            .s3Access,
            """
            SELECT g.publicID, r.bucket, r.requester, r.httpStatus, count(*), min(r.time), max(r.time), max(r.requestID), max(f.path)
            FROM companionLink l \(toGroup) JOIN s3Access r ON r.key = l.rowKey LEFT JOIN logFile f ON f.id = r.logFileID
            WHERE l.tableName = 's3Access' AND l.innerTable = 'event' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
            """
        ) { try $0.text(0) }
        return found
    }

    /// Seconds by which a flow's interval may lie beside the refusals.
    private static let slack: Int64 = 60

    private struct Flow {
        var source: String
        var destination: String
        var first: Int64
        var last: Int64
        var flows: Int
        var isRejected: Bool
        var isAnswer: Bool
        var instance: String?
    }

    /// Flows to port 443 that the network let through, and answers to them, between whom a group's refused calls came from and somebody,
    /// in the time of the refusals; none where any such connection was rejected then.
    static func flows(of groups: [DenialGroup], _ db: Database) throws -> [String: [CompanionSighting]] {
        var wanted: Set<String> = []
        for group in groups { wanted.formUnion(hosts(of: group)) }
        guard !wanted.isEmpty, try RawCursor.integer(db, "SELECT 1 FROM flow LIMIT 1") != nil else { return [:] }
        let flows = try RawCursor.all(
            db,
            """
            SELECT srcaddr, dstaddr, CAST(strftime('%s', time) AS INTEGER), CAST(lastEnd AS INTEGER), flows, action = 'REJECT', dstport < 0, instanceId
            FROM flow WHERE dstport IN (443, -443) AND (srcaddr IN (SELECT value FROM json_each(?1))
                OR dstaddr IN (SELECT value FROM json_each(?1)) OR instanceId IN (SELECT value FROM json_each(?1)))
            ORDER BY time, srcaddr, dstaddr LIMIT 200000
            """, [JSONList.text(wanted.sorted())]
        ) { row in
            Flow(
                source: try row.text(0), destination: try row.text(1), first: try row[2], last: try row[3],
                flows: try row.count(4), isRejected: try row[5] != 0, isAnswer: try row[6] != 0,
                instance: try row.optionalText(7))
        }
        var found: [String: [CompanionSighting]] = [:]
        for group in groups {
            let hosts = hosts(of: group)
            guard !hosts.isEmpty, let first = Timestamp.seconds(group.firstSeen),
                let last = Timestamp.seconds(group.lastSeen)
            else { continue }
            let near = flows.filter { flow in
                let client = flow.isAnswer ? flow.destination : flow.source
                return flow.first <= last + slack && flow.last >= first - slack
                    && (hosts.contains(client) || flow.instance.map(hosts.contains) ?? false)
            }
            guard !near.contains(where: \.isRejected) else { continue }
            let answers = Set(near.filter(\.isAnswer).map { [$0.destination, $0.source] })
            let calls = near.filter { !$0.isAnswer && answers.contains([$0.source, $0.destination]) }
            guard let one = calls.first else { continue }
            found[group.id] = [
                CompanionSighting(
                    .network, place: "\(one.source) to \(one.destination):443", caller: one.instance,
                    count: calls.reduce(0) { $0 + $1.flows },
                    firstSeen: Timestamp.text(calls.map(\.first).min() ?? 0),
                    lastSeen: Timestamp.text(calls.map(\.last).max() ?? 0))
            ]
        }
        return found
    }

    /// Private addresses that a group's calls came from, and instances whose role made them.
    private static func hosts(of group: DenialGroup) -> Set<String> {
        let addresses = group.sourceIPAddresses.map(\.value).filter { PrivateAddress.contains($0) }
        // A session of an instance's role bears the instance's id.
        let instances = group.callers.compactMap { $0.value.split(separator: "/").last.map(String.init) }
            .filter { $0.hasPrefix("i-") }
        return Set(addresses + instances)
    }
}

extension Schema {
    /// SQL that is true where a column holds an address of ``PrivateAddress``.
    static func isPrivateAddress(_ column: String) -> String {
        """
        (\(column) GLOB '10.*' OR \(column) GLOB '192.168.*' OR \(column) GLOB '172.1[6-9].*' OR \(column) GLOB '172.2[0-9].*'
            OR \(column) GLOB '172.3[01].*' OR \(column) GLOB '100.6[4-9].*' OR \(column) GLOB '100.[7-9][0-9].*'
            OR \(column) GLOB '100.1[01][0-9].*' OR \(column) GLOB '100.12[0-7].*' OR \(column) GLOB '[fF][cCdD]*:*')
        """
    }
}

extension String {
    /// The text without blanks at its ends.
    fileprivate var trimmedBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
