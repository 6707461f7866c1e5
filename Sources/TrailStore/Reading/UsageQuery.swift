import GRDB

/// How principals fared with actions, from the roll-up that the ingest keeps.
enum UsageQuery {
    /// Usage of the groups' principals, and of anybody with the groups' actions; ordered by principal, action, eventName,
    /// Region and account.
    static func usage(of groups: [DenialGroup], _ texts: TextReader, _ db: Database) throws -> [Usage] {
        guard !groups.isEmpty else { return [] }
        let actions = Set(groups.map(\.action))
        var principals: Set<Int64> = []
        let select = try db.cachedStatement(sql: "SELECT id FROM text WHERE value = ?")
        for principal in Set(groups.map(\.principal)) {
            if let id = try Int64.fetchOne(select, arguments: [principal]) { principals.insert(id) }
        }
        struct OperationRow {
            var eventSource: String
            var eventName: String
            var action: String
            var readOnly: Bool?
        }
        var operations: [Int64: OperationRow] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, eventSource, eventName, action, readOnly FROM operation") {
            operations[row["id"]] = OperationRow(
                eventSource: row["eventSource"] ?? "", eventName: row["eventName"] ?? "", action: row["action"] ?? "",
                readOnly: row["readOnly"])
        }
        // Of a principal's other actions only those of the groups' services are asked for.
        let services = Set(actions.map { $0.prefix { $0 != ":" } })
        var asked: [Int64: Bool] = [:]
        for (id, operation) in operations {
            if actions.contains(operation.action) {
                asked[id] = true
            } else if services.contains(operation.action.prefix { $0 != ":" }) {
                asked[id] = false
            }
        }
        var rows: [[Int64]] = []
        try IntegerCursor.forEach(
            db,
            """
            SELECT principalID, operationID, regionID, accountID, successes, firstSuccess, lastSuccess, denials FROM usage
            """
        ) { row in
            guard let isAnybodys = asked[row[1]], isAnybodys || principals.contains(row[0]) else { return }
            rows.append(row)
        }
        // Texts are compared once each, not once a pair of rows.
        let textOrder = try ranks(of: rows.flatMap { [$0[0], $0[2], $0[3]] }) { try texts.text($0) ?? "" }
        let actionOrder = ranks(of: Array(asked.keys)) { operations[$0]?.action ?? "" }
        let nameOrder = ranks(of: Array(asked.keys)) { operations[$0]?.eventName ?? "" }
        let keyed = rows.map { row in
            (
                key: [
                    textOrder[row[0]] ?? 0, actionOrder[row[1]] ?? 0, nameOrder[row[1]] ?? 0, textOrder[row[2]] ?? 0,
                    textOrder[row[3]] ?? 0,
                ], row: row
            )
        }
        return try keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.compactMap { _, row in
            guard let operation = operations[row[1]], let principal = try texts.text(row[0]) else { return nil }
            return Usage(
                principal: principal, action: operation.action, eventSource: operation.eventSource,
                eventName: operation.eventName, readOnly: operation.readOnly, awsRegion: try texts.text(row[2]) ?? "",
                accountId: try texts.text(row[3]) ?? "", successes: Int(row[4]),
                firstSuccess: row[4] > 0 ? Timestamp.text(row[5]) : nil,
                lastSuccess: row[4] > 0 ? Timestamp.text(row[6]) : nil, denials: Int(row[7]))
        }
    }

    /// For each number the place of its text among the texts of all; equal texts share one.
    private static func ranks(of ids: [Int64], text: (Int64) throws -> String) rethrows -> [Int64: Int] {
        let named = try Set(ids).map { (id: $0, text: try text($0)) }.sorted { $0.text < $1.text }
        var ranks: [Int64: Int] = [:]
        var rank = 0
        for (index, entry) in named.enumerated() {
            if index > 0, named[index - 1].text != entry.text { rank = index }
            ranks[entry.id] = rank
        }
        return ranks
    }
}

/// Events that can change permissions.
enum ChangeQuery {
    /// All of them, in order of time.
    static func changes(_ db: Database) throws -> [PermissionChange] {
        try Row.fetchAll(db, sql: "SELECT * FROM permissionChange ORDER BY eventKey").map { row in
            var change = PermissionChange(
                eventID: row["eventID"], eventTime: row["eventTime"] ?? "", eventSource: row["eventSource"] ?? "",
                eventName: row["eventName"] ?? "", actor: row["actor"] ?? "", targetType: row["targetType"],
                target: row["target"], policyARN: row["policyARN"], accountId: row["accountId"],
                awsRegion: row["awsRegion"],
                record: row["record"])
            change.policyName = row["policyName"]
            return change
        }
    }
}

/// What the database holds, from counts that commit with every log file.
enum CoverageQuery {
    static func coverage(_ texts: TextReader, _ db: Database) throws -> Coverage {
        var coverage = Coverage()
        if let row = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*) AS files, total(records) AS records, total(stored) AS stored,
                    total(duplicates) AS duplicates, total(skipped) AS skipped FROM logFile
                """)
        {
            coverage.logFiles = row["files"]
            coverage.records = row["records"]
            coverage.events = row["stored"]
            coverage.duplicates = row["duplicates"]
            coverage.skipped = row["skipped"]
        }
        coverage.kinds = try Row.fetchAll(
            db, sql: "SELECT kind, count(*) AS files FROM logFile GROUP BY kind ORDER BY kind"
        ).map { KindCoverage(kind: $0["kind"], logFiles: $0["files"]) }
        coverage.issues = try Int.fetchOne(db, sql: "SELECT count(*) FROM ingestIssue") ?? 0
        let firstTimed = Int64(1) << Int64(Schema.keyHashBits)
        let first = try Int64.fetchOne(db, sql: "SELECT min(key) FROM eventRow WHERE key >= ?", arguments: [firstTimed])
        let last = try Int64.fetchOne(db, sql: "SELECT max(key) FROM eventRow WHERE key >= ?", arguments: [firstTimed])
        coverage.from = first.map { Timestamp.text($0 >> Int64(Schema.keyHashBits)) }
        coverage.to = last.map { Timestamp.text($0 >> Int64(Schema.keyHashBits)) }
        coverage.lastIngest = try String.fetchOne(db, sql: "SELECT max(ingestedAt) FROM logFile")
        if try db.tableExists("pruning") {
            coverage.prunedBefore = try String.fetchOne(db, sql: "SELECT max(before) FROM pruning")
        }
        if let pruned = coverage.prunedBefore, let from = coverage.from, from < pruned {
            // Permission changes outlive their time; the other events begin here.
            coverage.from = min(pruned, coverage.to ?? pruned)
        }

        struct Service: Hashable {
            var eventSource: String
            var eventCategory: String?
        }
        var operations: [Int64: Service] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, eventSource, eventCategory FROM operation") {
            operations[row["id"]] = Service(eventSource: row["eventSource"] ?? "", eventCategory: row["eventCategory"])
        }
        var accounts: Set<Int64> = []
        var regions: Set<Int64> = []
        var services: [Service: (events: Int, denials: Int)] = [:]
        try IntegerCursor.forEach(db, "SELECT operationID, regionID, accountID, events, denials FROM usage") { row in
            regions.insert(row[1])
            accounts.insert(row[2])
            if let service = operations[row[0]] {
                services[service, default: (0, 0)].events += Int(row[3])
                services[service, default: (0, 0)].denials += Int(row[4])
            }
        }
        coverage.accounts = try accounts.compactMap { try texts.text($0) }.sorted()
        coverage.regions = try regions.compactMap { try texts.text($0) }.sorted()
        coverage.services =
            services
            .map {
                ServiceCoverage(
                    eventSource: $0.key.eventSource, eventCategory: $0.key.eventCategory, events: $0.value.events,
                    denials: $0.value.denials)
            }
            .sorted { ($0.eventSource, $0.eventCategory ?? "") < ($1.eventSource, $1.eventCategory ?? "") }
        coverage.unrecognisedMessages =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM denialRow WHERE groupID IN (SELECT id FROM denialGroupRow WHERE reason = 'unrecognised')
                    """) ?? 0
        try readActivity(into: &coverage, texts, db)
        return coverage
    }

    /// Hours without events that make a gap at the least, and how many times longer than usual it must be.
    private static let minimumGap: Int64 = 24
    private static let gapFactor: Int64 = 6
    /// Active hours below which nothing is usual.
    private static let minimumHours = 8

    /// What the hours with events tell: gaps in the delivery, and the versions of the records.
    private static func readActivity(into coverage: inout Coverage, _ texts: TextReader, _ db: Database) throws {
        struct Place: Hashable {
            var region: Int64
            var account: Int64
        }
        var hours: [Place: [Int64]] = [:]
        var versions: Set<Int64> = []
        try IntegerCursor.forEach(
            db, "SELECT hour, regionID, accountID, eventVersionID FROM activity WHERE hour > 0 ORDER BY hour"
        ) {
            row in
            versions.insert(row[3])
            let place = Place(region: row[1], account: row[2])
            if hours[place]?.last != row[0] { hours[place, default: []].append(row[0]) }
        }
        coverage.eventVersions = try versions.compactMap { try texts.text($0) }
            .sorted { $0.compare(to: $1) }
        for (place, active) in hours where active.count >= minimumHours {
            let steps = zip(active, active.dropFirst()).map { $1 - $0 }
            let usual = steps.sorted()[steps.count * 9 / 10]
            for (start, end) in zip(active, active.dropFirst()) where end - start > max(minimumGap, gapFactor * usual) {
                coverage.gaps.append(
                    DeliveryGap(
                        accountId: try texts.text(place.account) ?? "", awsRegion: try texts.text(place.region) ?? "",
                        from: Timestamp.text((start + 1) * 3600), to: Timestamp.text(end * 3600)))
            }
        }
        coverage.gaps.sort { ($0.from, $0.accountId, $0.awsRegion) < ($1.from, $1.accountId, $1.awsRegion) }
    }
}

extension String {
    /// Orders versions such as `1.08` and `1.10` by their numbers.
    fileprivate func compare(to other: String) -> Bool {
        let left = split(separator: ".").map { Int($0) ?? 0 }
        let right = other.split(separator: ".").map { Int($0) ?? 0 }
        return left == right ? self < other : left.lexicographicallyPrecedes(right)
    }
}
