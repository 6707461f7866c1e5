import GRDB

/// What the database holds, from counts that commit with every log file.
enum CoverageQuery {
    static func coverage(_ scan: UsageScan, _ texts: TextReader, _ db: Database) throws -> Coverage {
        var coverage = Coverage()
        try RawCursor.forEach(
            db,
            """
            SELECT count(*), sum(records), sum(stored), sum(duplicates), sum(skipped) FROM logFile
            WHERE id NOT IN (SELECT logFileID FROM companionLog)
            """
        ) { row in
            coverage.logFiles = try row.count(0)
            coverage.records = try row.count(1)
            coverage.events = try row.count(2)
            coverage.duplicates = try row.count(3)
            coverage.skipped = try row.count(4)
        }
        coverage.kinds = try RawCursor.all(db, "SELECT kind, count(*) FROM logFile GROUP BY kind ORDER BY kind") {
            row in
            KindCoverage(kind: try row.text(0), logFiles: try row.count(1))
        }
        coverage.issues = try RawCursor.count(db, "SELECT count(*) FROM ingestIssue")
        (coverage.from, coverage.to) = try span(db)
        coverage.lastIngest = try RawCursor.text(db, "SELECT max(ingestedAt) FROM logFile")
        coverage.untoldOutcomes = try count("untoldEvent WHERE untold = 1", db)
        coverage.unwordedDenials = try count("unwordedDenial WHERE unworded = 1", db)
        coverage.possibleDoubles = try count("namelessEvent WHERE nameless > 0 AND nameless = 2", db)
        try RawCursor.forEach(db, "SELECT max(before), sum(events) FROM pruning") { row in
            coverage.prunedBefore = try row.optionalText(0)
            coverage.prunedEvents = try row.count(1)
            coverage.events -= coverage.prunedEvents
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
        let unrecognised = try RawCursor.all(
            db, "SELECT id FROM denialGroupRow WHERE reason = 'unrecognised' ORDER BY id"
        ) { try $0[0] }
        if !unrecognised.isEmpty {
            let list = unrecognised.map(String.init).joined(separator: ",")
            coverage.unrecognisedMessages =
                try RawCursor.count(db, "SELECT count(*) FROM denialRow WHERE groupID IN (\(list))")
        }
        coverage.verified = try VerificationQuery.coverage(db)
        try readActivity(into: &coverage, texts, db)
        return coverage
    }

    /// The times of the first and the last event.
    static func span(_ db: Database) throws -> (from: String?, to: String?) {
        let first = try RawCursor.integer(
            db, "SELECT min(key) FROM eventRow WHERE key >= ?", [EventKey.firstTimed])
        let last = try RawCursor.integer(db, "SELECT max(key) FROM eventRow WHERE key >= ?", [EventKey.firstTimed])
        let to = last.map { Timestamp.text(EventKey.time(of: $0)) }
        let from = first.map { Timestamp.text(EventKey.time(of: $0)) }
        guard let from, let pruned = try RawCursor.text(db, "SELECT max(before) FROM pruning"), from < pruned else {
            return (from, to)
        }
        // Permission changes outlive their time; the other events begin here.
        return (min(pruned, to ?? pruned), to)
    }

    private static func count(_ index: String, _ db: Database) throws -> Int {
        try RawCursor.count(db, "SELECT count(*) FROM partialEvent INDEXED BY \(index)")
    }

    /// Events and denials by operation that the database still holds: the roll-up counts those that were pruned, too.
    private static func heldTotals(_ scan: UsageScan, _ db: Database) throws -> [Int64: UsageScan.Total] {
        var totals = scan.totals
        try RawCursor.forEach(db, "SELECT operationID, events, denials FROM prunedOperation") { row in
            totals[try row[0], default: UsageScan.Total()]
                .add(events: -Int64(try row.count(1)), denials: -Int64(try row.count(2)))
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
            let hour = try row.integer(0, in: ColumnBounds.hours)
            let place = Place(region: try row[1], account: try row[2])
            if hours[place]?.last != hour { hours[place, default: []].append(hour) }
            if hour > 0 { versions.insert(try row[3]) }
        }
        let places = try Set(hours.keys).union(placesBefore(coverage.prunedBefore, db))
        coverage.accounts = try Set(places.map(\.account)).compactMap { try texts.text($0) }.sorted()
        coverage.regions = try Set(places.map(\.region)).compactMap { try texts.text($0) }.sorted()
        coverage.eventVersions = try versions.compactMap { try texts.text($0) }
            .sorted { $0.compare(to: $1) }
        for (place, all) in hours {
            if let account = try texts.text(place.account), let hour = all.last, hour > 0 {
                coverage.ends[account] = max(coverage.ends[account] ?? "", Timestamp.text((hour + 1) * 3600))
            }
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
        return try Set(
            RawCursor.all(
                db, "SELECT DISTINCT regionID, accountID FROM eventRow WHERE key >= ? AND key < ?",
                [EventKey.firstTimed, EventKey.least(at: seconds)]
            ) { Place(region: try $0[0], account: try $0[1]) })
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
