import GRDB

/// What the database holds, from counts that commit with every log file.
enum CoverageQuery {
    static func coverage(_ scan: UsageScan, _ texts: TextReader, _ db: Database) throws -> Coverage {
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
        if let row = try Row.fetchOne(db, sql: "SELECT max(before) AS before, total(events) AS events FROM pruning") {
            coverage.prunedBefore = row["before"]
            coverage.prunedEvents = row["events"]
            coverage.events -= coverage.prunedEvents
        }
        if let pruned = coverage.prunedBefore, let from = coverage.from, from < pruned {
            // Permission changes outlive their time; the other events begin here.
            coverage.from = min(pruned, coverage.to ?? pruned)
        }

        struct Service: Hashable {
            var eventSource: String
            var eventCategory: String?
        }
        var services: [Service: (events: Int, denials: Int)] = [:]
        for (id, total) in try heldTotals(scan, db) {
            guard let operation = scan.operations[id] else { continue }
            let service = Service(eventSource: operation.eventSource, eventCategory: operation.eventCategory)
            services[service, default: (0, 0)].events += Int(total.events)
            services[service, default: (0, 0)].denials += Int(total.denials)
        }
        coverage.services =
            services
            .map {
                ServiceCoverage(
                    eventSource: $0.key.eventSource, eventCategory: $0.key.eventCategory, events: $0.value.events,
                    denials: $0.value.denials)
            }
            .sorted { ($0.eventSource, $0.eventCategory ?? "") < ($1.eventSource, $1.eventCategory ?? "") }
        let unrecognised = try Int64.fetchAll(
            db, sql: "SELECT id FROM denialGroupRow WHERE reason = 'unrecognised' ORDER BY id")
        if !unrecognised.isEmpty {
            let list = unrecognised.map(String.init).joined(separator: ",")
            coverage.unrecognisedMessages =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM denialRow WHERE groupID IN (\(list))") ?? 0
        }
        coverage.verified = try VerificationQuery.coverage(db)
        try readActivity(into: &coverage, texts, db)
        return coverage
    }

    /// Events and denials by operation that the database still holds: the roll-up counts those that were pruned, too.
    private static func heldTotals(_ scan: UsageScan, _ db: Database) throws -> [Int64: UsageScan.Total] {
        var totals = scan.totals
        try RawCursor.forEach(db, "SELECT operationID, events, denials FROM prunedOperation") { row in
            totals[row[0], default: UsageScan.Total()].add(events: -row[1], denials: -row[2])
        }
        return totals
    }

    /// Hours without events that make a gap at the least, and how many times longer than usual it must be.
    private static let minimumGap: Int64 = 24
    private static let gapFactor: Int64 = 6
    /// Active hours below which nothing is usual.
    private static let minimumHours = 8

    /// A Region of an account, both by number.
    private struct Place: Hashable {
        var region: Int64
        var account: Int64
    }

    /// What the hours with events tell: accounts and Regions, gaps in the delivery, and the versions of the records.
    private static func readActivity(into coverage: inout Coverage, _ texts: TextReader, _ db: Database) throws {
        var hours: [Place: [Int64]] = [:]
        var versions: Set<Int64> = []
        // Hour 0 is that of events without a readable time.
        try RawCursor.forEach(
            db, "SELECT hour, regionID, accountID, eventVersionID FROM activity ORDER BY hour"
        ) { row in
            let place = Place(region: row[1], account: row[2])
            if hours[place]?.last != row[0] { hours[place, default: []].append(row[0]) }
            if row[0] > 0 { versions.insert(row[3]) }
        }
        let places = try Set(hours.keys).union(placesBefore(coverage.prunedBefore, db))
        coverage.accounts = try Set(places.map(\.account)).compactMap { try texts.text($0) }.sorted()
        coverage.regions = try Set(places.map(\.region)).compactMap { try texts.text($0) }.sorted()
        coverage.eventVersions = try versions.compactMap { try texts.text($0) }
            .sorted { $0.compare(to: $1) }
        for (place, all) in hours {
            let active = all.drop { $0 == 0 }
            guard active.count >= minimumHours else { continue }
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

    /// Where the events lie that a pruning left: permission changes, whose hours went with the other events.
    private static func placesBefore(_ time: String?, _ db: Database) throws -> Set<Place> {
        guard let seconds = time.flatMap({ Timestamp.seconds($0) }) else { return [] }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT coalesce(regionID, 0) AS region, coalesce(accountID, 0) AS account FROM eventRow
                WHERE key >= ? AND key < ?
                """,
            arguments: [Int64(1) << Int64(Schema.keyHashBits), seconds << Int64(Schema.keyHashBits)])
        return Set(rows.map { Place(region: $0["region"], account: $0["account"]) })
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
