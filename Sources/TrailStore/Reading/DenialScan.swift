import AccessDenial
import CloudTrail
import GRDB
import IAMPolicy

/// The denials of a report, tallied by group in order of time.
///
/// Most denials of an archive are of services that nobody asked for. So a first pass reads no more of each than tells that, and
/// only those that are left are read whole.
struct DenialScan {
    private(set) var omitted = OmittedDenials()
    /// The keys of denials whose event bears no error code, and so looks like a success.
    private(set) var codeless: Set<Int64> = []
    private var tallies: [Int64: Tally] = [:]
    /// The same without the window's bounds; empty where there is no window.
    private var wholeTallies: [Int64: Tally] = [:]
    private let operations: [Int64: OperationRow]
    private let keys: GroupKeys
    /// How many distinct values of a list are reported; the rest is told by number.
    private let listLimit = 50
    private let evidenceLimit = 4
    /// Denials beyond the filter's ``ReportFilter/told``; `nil` where it has none.
    private let untold: Set<Int64>?

    private struct OperationRow {
        var eventSource: String
        var eventName: String
    }

    fileprivate struct EvidenceRow {
        var key: Int64
        var operation: Int64
        var region: Int64
        var resource: Int64
        var errorCode: Int64
    }

    /// What the columns tell of a request, by the numbers of the texts.
    fileprivate struct Alike: Hashable {
        var identity, operation, region, account, address, agent, endpoint, resource: Int64
    }

    fileprivate struct Tally {
        var denials = 0
        var untold = 0
        var first: Int64 = 0
        var last: Int64 = 0
        var operation: Int64 = 0
        var types: [Int64: Int] = [:]
        var resources: [Int64: Int] = [:]
        var inferredResources: [Int64: Int] = [:]
        var policies: [Int64: Int] = [:]
        var regions: [Int64: Int] = [:]
        var accounts: [Int64: Int] = [:]
        var addresses: [Int64: Int] = [:]
        var agents: [Int64: Int] = [:]
        var endpoints: [Int64: Int] = [:]
        var codes: [Int64: Int] = [:]
        var services: [Int64: Int] = [:]
        var days: [Int64: Int] = [:]
        /// `nil` as soon as the denials span too much.
        var minutes: [Int64: Int]? = [:]
        var identities: [Int64: IdentitySpan] = [:]
        var truncated = 0
        var encoded = 0
        var authorizationIDs = 0
        var evidence: [EvidenceRow] = []
        var lastEvidence: EvidenceRow?
        /// By what the columns tell of a request, its first denial and how many look like it; the first ones of very many.
        var requests: [Alike: (first: Int64, count: Int, resource: Int64)] = [:]
        /// Keys over the whole database, and where and on what: by place without its times.
        var wholeFirst = Int64.max
        var wholeLast = Int64.min
        var places: [DenialPlace: (first: Int64, last: Int64, resource: Int64)] = [:]
        var quietSpells: [QuietSpell] = []
        var lastTime: Int64?
    }

    init(_ db: Database, filter: ReportFilter) throws {
        var operations: [Int64: OperationRow] = [:]
        try RawCursor.forEach(db, "SELECT id, eventSource, eventName FROM operation") { row in
            operations[try row[0]] = OperationRow(eventSource: try row.text(1), eventName: try row.text(2))
        }
        self.operations = operations
        keys = try GroupKeys(db)
        untold = try filter.told.map { try $0.untold(db) }
        try scan(db, filter)
    }

    private mutating func scan(_ db: Database, _ filter: ReportFilter) throws {
        let serviceType = try Self.textID("AWSService", db)
        let accounts = try Set(filter.accounts.compactMap { try Self.textID($0, db) })
        let regions = try Set(filter.regions.compactMap { try Self.textID($0, db) })
        /// Whether a group's key passes, decided once a group.
        var passes: [Int64: Bool] = [:]
        /// Whether AWS names the type of policy that refused a service, decided once a group.
        var namesPolicy: [Int64: Bool] = [:]
        let hasWindow = filter.from != nil || filter.to != nil
        let copies = try Self.copiesOfOtherAccounts(accounts, db)
        let window = Self.window(of: filter)
        let asked = try askedFor(db, filter, copies: copies, window: window)
        try keys.read(Array(asked.groups))
        try Self.forEachDenial(asked, db) { row in
            let group = row.group
            let isInWindow = window.contains(row.key)
            // What a service is refused without a word is noise; where AWS names a policy, somebody here can change it.
            var isLeftOut = row.principalType == serviceType && !filter.includesAWSServices
            if isLeftOut {
                let isNamed =
                    namesPolicy[group]
                    ?? (keys.key(of: group).flatMap { Reason(slug: $0.reason) }?.policyType != nil)
                namesPolicy[group] = isNamed
                isLeftOut = !isNamed
            }
            let passesKey =
                passes[group]
                ?? {
                    guard let key = keys.key(of: group) else { return false }
                    let result =
                        (filter.groupIDs.isEmpty || filter.groupIDs.contains(key.publicID))
                        && (filter.principals.isEmpty || filter.principals.contains { $0.matches(key.principal) })
                        && (filter.actions.isEmpty || filter.actions.contains { $0.matches(key.action) })
                        && (filter.reasons.isEmpty || filter.reasons.contains { $0.matches(key.reason) })
                    passes[group] = result
                    return result
                }()
            guard passesKey, filter.accounts.isEmpty || accounts.contains(row.account),
                filter.regions.isEmpty || regions.contains(row.region)
            else {
                if !isLeftOut { omitted.unmatchedDenials += 1 }
                return
            }
            guard !isLeftOut else {
                if isInWindow { omitted.awsServiceDenials += 1 }
                return
            }
            tallies[group, default: Tally()].see(row)
            if hasWindow { wholeTallies[group, default: Tally()].add(row, evidenceLimit: evidenceLimit) }
            guard isInWindow else {
                omitted.denialsOutsideWindow += 1
                return
            }
            tallies[group, default: Tally()].add(row, evidenceLimit: evidenceLimit)
            if untold?.contains(row.key) == true { tallies[group]?.untold += 1 }
        }
        tallies = tallies.filter { $0.value.denials > 0 }
    }

    /// The keys of a filter's window.
    private static func window(of filter: ReportFilter) -> Range<Int64> {
        // The window's end is a second that belongs to it.
        EventKey.range(from: filter.from, before: filter.to.map { $0 < .max ? $0 + 1 : $0 })
    }

    /// The denials of the services asked for.
    private struct Asked {
        /// In order.
        var keys: [Int64] = []
        /// Their groups.
        var groups: Set<Int64> = []
        /// How many denials there are of all services.
        var all = 0
    }

    /// Whether the denials of a group by an operation belong to the services asked for.
    private struct Verdict {
        var operation: Int64
        var isAskedFor: Bool
    }

    /// Finds the denials of the services asked for, and counts the others of the window.
    private mutating func askedFor(
        _ db: Database, _ filter: ReportFilter, copies: Set<Int64>, window: Range<Int64>
    ) throws -> Asked {
        /// Whether a denial belongs to the services asked for, decided once for each operation and action; by group for the
        /// operation that it had last, which as a rule is its only one.
        var inService: [Call: Bool] = [:]
        var verdicts = [Verdict](repeating: Verdict(operation: -1, isAskedFor: false), count: keys.upperBound)
        var others: [Int64: Int] = [:]
        var asked = Asked()
        try RawCursor.forEach(
            db, "SELECT key, groupID, operationID, errorCodeID, isCopy FROM denialRow ORDER BY key"
        ) { row in
            let (key, group, operation) = (try row.key(0), try row[1], try row[2])
            asked.all += 1
            if try row[3] == 0 { codeless.insert(key) }
            guard try row[4] == 0 || copies.contains(key) else { return }
            let isKnown = group >= 0 && group < verdicts.count
            var verdict = isKnown ? verdicts[Int(group)] : Verdict(operation: -1, isAskedFor: false)
            if verdict.operation != operation {
                let call = Call(operation: operation, action: keys.actionNumber(of: group))
                verdict = Verdict(operation: operation, isAskedFor: inService[call] ?? isAskedFor(call, filter))
                inService[call] = verdict.isAskedFor
                if isKnown { verdicts[Int(group)] = verdict }
                if verdict.isAskedFor { asked.groups.insert(group) }
            }
            if verdict.isAskedFor {
                asked.keys.append(key)
            } else if window.contains(key) {
                others[operation, default: 0] += 1
            }
        }
        var services: [String: Int] = [:]
        for (operation, denials) in others {
            services[operations[operation]?.eventSource ?? "unknown", default: 0] += denials
        }
        omitted.otherServices = services.map { Counted($0.key, denials: $0.value) }
            .sorted { $0.denials != $1.denials ? $0.denials > $1.denials : $0.value < $1.value }
        return asked
    }

    private func isAskedFor(_ call: Call, _ filter: ReportFilter) -> Bool {
        filter.includesService(operations[call.operation]?.eventSource ?? "", keys.action(call.action))
    }

    /// Reads denials whole, in order.
    private static func forEachDenial(_ asked: Asked, _ db: Database, _ body: (DenialRow) throws -> Void) throws {
        guard !asked.keys.isEmpty else { return }
        // Looking each up costs about four times as much as walking past one.
        if asked.keys.count < asked.all / 4 {
            try RawCursor.forEach(
                db, "SELECT \(DenialRow.columns) FROM json_each(?) k CROSS JOIN denialRow d ON d.key = k.value",
                [JSONList.text(asked.keys)]
            ) { try body(DenialRow($0)) }
        } else {
            var next = asked.keys.startIndex
            try RawCursor.forEach(db, "SELECT \(DenialRow.columns) FROM denialRow d ORDER BY d.key") { row in
                guard next < asked.keys.endIndex, try row[0] == asked.keys[next] else { return }
                next += 1
                try body(DenialRow(row))
            }
        }
    }

    /// The keys of denials that count although they are another account's copies of one call: the report is of these accounts,
    /// and the call itself was recorded in none of them.
    private static func copiesOfOtherAccounts(_ accounts: Set<Int64>, _ db: Database) throws -> Set<Int64> {
        guard !accounts.isEmpty else { return [] }
        var keys: Set<Int64> = []
        try RawCursor.forEach(
            db,
            """
            SELECT copy.key, own.accountID FROM denialRow copy
                JOIN denialRow own ON own.sharedEventID = copy.sharedEventID AND own.isCopy = 0
            WHERE copy.isCopy = 1
            """
        ) { row in
            if !accounts.contains(try row[1]) { keys.insert(try row[0]) }
        }
        return keys
    }

    private struct Call: Hashable {
        var operation: Int64
        /// The action's number.
        var action: Int32
    }

    private static func textID(_ text: String, _ db: Database) throws -> Int64? {
        try RawCursor.integer(db, "SELECT id FROM text WHERE value = ?", [text])
    }

    func groups(_ texts: TextReader, _ db: Database) throws -> [DenialGroup] {
        var groups: [DenialGroup] = []
        groups.reserveCapacity(tallies.count)
        for (id, tally) in tallies {
            guard let key = keys.key(of: id) else { continue }
            var group = try group(key, tally, texts, db)
            if let whole = wholeTallies[id], whole.denials > tally.denials {
                group.whole = [try self.group(key, whole, texts, db)]
            }
            groups.append(group)
        }
        return groups.sorted { $0.id < $1.id }
    }

    /// How many requests of a group are looked at.
    private static let requestLimit = 6

    /// The denials that stand for the distinct requests of the groups, by the group's id: of the whole database, like what findings
    /// are made from.
    func distinctDenials(_ texts: TextReader) throws -> [String: DistinctDenials] {
        var distinct: [String: DistinctDenials] = [:]
        for (id, tally) in tallies {
            guard let key = keys.key(of: id) else { continue }
            distinct[key.publicID] = try (wholeTallies[id] ?? tally).distinctDenials(
                limit: Self.requestLimit, texts)
        }
        return distinct
    }

    /// The identities behind the groups' denials, by the group's id.
    func identities() -> [String: [Int64: IdentitySpan]] {
        var identities: [String: [Int64: IdentitySpan]] = [:]
        for (id, tally) in tallies {
            if let key = keys.key(of: id) { identities[key.publicID] = tally.identities }
        }
        return identities
    }

    private func group(
        _ key: GroupKeys.Key, _ tally: Tally, _ texts: TextReader, _ db: Database
    ) throws -> DenialGroup {
        // A newer trail403 may have written a reason that this one does not know: its denials are denials all the same.
        let reason = Reason(slug: key.reason) ?? .unrecognised
        let category = Category(rawValue: key.category) ?? reason.category
        var group = DenialGroup(
            id: key.publicID, principal: key.principal,
            principalType: try texts.counted(tally.types, limit: 1).first?.value ?? "Unknown",
            action: key.action, eventSource: operations[tally.operation]?.eventSource ?? "", reason: reason,
            category: category, denials: tally.denials,
            firstSeen: Timestamp.text(EventKey.time(of: tally.first)),
            lastSeen: Timestamp.text(EventKey.time(of: tally.last)))
        group.quietSpells = tally.quietSpells
        group.calledAction = operations[tally.operation].flatMap { operation in
            let called = IAMAction.name(eventSource: operation.eventSource, eventName: operation.eventName)
            return called == key.action ? nil : called
        }
        if tally.wholeFirst < tally.first || tally.wholeLast > tally.last {
            group.wholeSpan = ClosedSpan(
                first: Timestamp.text(EventKey.time(of: tally.wholeFirst)),
                last: Timestamp.text(EventKey.time(of: tally.wholeLast)))
        }
        group.places = tally.places.map { place, known in
            var place = place
            place.first = EventKey.time(of: known.first)
            place.last = EventKey.time(of: known.last)
            place.resource = known.resource
            return place
        }.sorted { ($0.region, $0.account, $0.target) < ($1.region, $1.account, $1.target) }
        group.policyARNs = try texts.counted(tally.policies, limit: listLimit)
        group.resources = try texts.counted(tally.resources, limit: listLimit)
        group.inferredResources = try texts.counted(tally.inferredResources, limit: listLimit)
        group.sourceIPAddresses = try texts.counted(tally.addresses, limit: listLimit)
        group.userAgents = try texts.counted(tally.agents, limit: listLimit)
        group.vpcEndpointIds = try texts.counted(tally.endpoints, limit: listLimit)
        group.invokedBy = try texts.counted(tally.services, limit: listLimit)
        group.regions = try texts.counted(tally.regions, limit: listLimit)
        group.accounts = try texts.counted(tally.accounts, limit: listLimit)
        group.errorCodes = try texts.counted(tally.codes, limit: listLimit)
        let traits = try IdentityTraits.read(tally.identities.mapValues(\.denials), db)
        group.principalIds = traits.principalIds
        group.mfaAuthenticated = traits.mfaAuthenticated
        group.callers = traits.callers
        group.sourceIdentities = traits.sourceIdentities
        group.sessionStarts = traits.sessionStarts
        group.issuingResources = traits.issuingResources
        if untold != nil { group.newDenials = tally.untold }
        group.truncatedDenials = tally.truncated
        group.encodedMessages = tally.encoded
        group.authorizationIDs = tally.authorizationIDs
        group.days = tally.days.sorted { $0.key < $1.key }
            .map { DayCount(date: String(Timestamp.text($0.key * 86_400).prefix(10)), denials: $0.value) }
        group.minutes = (tally.minutes ?? [:]).sorted { $0.key < $1.key }
            .map { MinuteCount(minute: $0.key * 60, count: $0.value) }
        var evidence = tally.evidence
        if let last = tally.lastEvidence { evidence.append(last) }
        for row in evidence {
            // Policies that bind the resource's account say nothing without it.
            if group.reason.policyType == .resourceControl {
                group.resourceAccounts.formUnion(try ResourceOwner.accounts(of: row.key, db))
            }
            // Only a Deny asks how the call came, and reading a record costs more than all else of it.
            try RawCursor.forEach(
                db,
                """
                SELECT eventID, eventTime, errorMessage, CASE WHEN ? THEN (SELECT json FROM record WHERE key = eventRow.key) END
                FROM eventRow WHERE key = ?
                """, [reason.effect == .explicit, row.key]
            ) { event in
                var denial = DenialEvidence(
                    eventID: try event.text(0), eventTime: try event.text(1),
                    eventName: operations[row.operation]?.eventName ?? "", awsRegion: try texts.text(row.region),
                    resource: try texts.text(row.resource), errorCode: try texts.text(row.errorCode),
                    errorMessage: try event.optionalText(2),
                    tlsVersion: event.optionalRecord(3).flatMap {
                        JSONFragment($0).string(at: "tlsDetails", "tlsVersion")
                    })
                denial.key = row.key
                group.evidence.append(denial)
            }
        }
        return group
    }
}

/// A denial as it stands in `denialRow`, all in numbers.
private struct DenialRow {
    static let columns = """
        d.key, d.groupID, d.operationID, d.principalTypeID, d.invokedByID, d.resourceID, d.inferredResourceID, d.policyARNID,
        d.regionID, d.accountID, d.sourceIPAddressID, d.userAgentID, d.vpcEndpointID, d.errorCodeID, d.truncated,
        d.encodedMessage, d.authorizationID IS NOT NULL, d.identityID, d.targetID
        """

    let key, group, operation, principalType, service, resource, inferredResource, policy: Int64
    let region, account, address, agent, endpoint, code: Int64
    let isTruncated, isEncoded, hasAuthorizationID: Bool
    let identity, target: Int64

    /// Seconds since 1970.
    var time: Int64 { EventKey.time(of: key) }

    init(_ row: RawRow) throws {
        key = try row.key(0)
        group = try row[1]
        operation = try row[2]
        principalType = try row[3]
        service = try row[4]
        resource = try row[5]
        inferredResource = try row[6]
        policy = try row[7]
        region = try row[8]
        account = try row[9]
        address = try row[10]
        agent = try row[11]
        endpoint = try row[12]
        code = try row[13]
        isTruncated = try row[14] != 0
        isEncoded = try row[15] != 0
        hasAuthorizationID = try row[16] != 0
        identity = try row[17]
        target = try row[18]
    }
}

extension DenialScan.Tally {
    /// Distinct requests of a group that are counted.
    private static let alikeLimit = 32

    /// The denials that stand for the distinct requests: the first of each that differs in the columns, and beside these the first
    /// ones and the last, whose records may tell more.
    fileprivate func distinctDenials(limit: Int, _ texts: TextReader) throws -> DistinctDenials {
        var distinct = DistinctDenials()
        var covered = 0
        func add(_ key: Int64, _ count: Int, _ resource: Int64) throws {
            distinct.denials.append(
                DistinctDenials.Denial(key: key, count: count, resource: try texts.text(resource)))
            covered += count
        }
        for alike in requests.values.sorted(by: { $0.first < $1.first }).prefix(limit) {
            try add(alike.first, alike.count, alike.resource)
        }
        distinct.further = denials - covered
        for row in ([lastEvidence].compactMap(\.self) + evidence)
        where distinct.denials.count < limit && !distinct.denials.contains(where: { $0.key == row.key }) {
            try add(row.key, 0, row.resource)
        }
        return distinct
    }

    /// Places of a group from which on further objects are told by their bucket.
    private static let placeLimit = 200

    /// Takes notice of a denial, be it outside of the window.
    fileprivate mutating func see(_ row: DenialRow) {
        let (key, time) = (row.key, row.time)
        wholeFirst = min(wholeFirst, key)
        wholeLast = max(wholeLast, key)
        var place = DenialPlace(region: row.region, account: row.account, target: row.target)
        // Of very many objects the bucket alone is remembered.
        if place.target < 0, places.count >= Self.placeLimit, places[place] == nil {
            place.target = TargetNumber.whole(place.target)
        }
        // They come in order of time.
        let known = places[place] ?? (key, key, row.resource != 0 ? row.resource : row.inferredResource)
        places[place] = (known.first, key, known.resource)
        if let before = lastTime, time - before >= QuietSpell.minimum {
            quietSpells.append(QuietSpell(from: before, to: time))
        }
        lastTime = time
    }

    fileprivate mutating func add(_ row: DenialRow, evidenceLimit: Int) {
        let (key, time) = (row.key, row.time)
        if denials == 0 {
            first = key
            operation = row.operation
        }
        denials += 1
        last = key
        types[row.principalType, default: 0] += 1
        if row.service != 0 { services[row.service, default: 0] += 1 }
        if row.resource != 0 { resources[row.resource, default: 0] += 1 }
        if row.inferredResource != 0 { inferredResources[row.inferredResource, default: 0] += 1 }
        if row.policy != 0 { policies[row.policy, default: 0] += 1 }
        if row.region != 0 { regions[row.region, default: 0] += 1 }
        if row.account != 0 { accounts[row.account, default: 0] += 1 }
        if row.address != 0 { addresses[row.address, default: 0] += 1 }
        if row.agent != 0 { agents[row.agent, default: 0] += 1 }
        if row.endpoint != 0 { endpoints[row.endpoint, default: 0] += 1 }
        if row.code != 0 { codes[row.code, default: 0] += 1 }
        truncated += row.isTruncated ? 1 : 0
        encoded += row.isEncoded ? 1 : 0
        authorizationIDs += row.hasAuthorizationID ? 1 : 0
        identities[row.identity, default: IdentitySpan(first: time)].add(time)
        days[time / 86_400, default: 0] += 1
        if time - EventKey.time(of: first) > DenialGroup.shortSpan { minutes = nil }
        minutes?[time / 60, default: 0] += 1
        let alike = DenialScan.Alike(
            identity: row.identity, operation: row.operation, region: row.region, account: row.account,
            address: row.address, agent: row.agent, endpoint: row.endpoint,
            resource: row.resource != 0 ? row.resource : row.inferredResource)
        if let known = requests[alike] {
            requests[alike] = (known.first, known.count + 1, known.resource)
        } else if requests.count < Self.alikeLimit {
            requests[alike] = (key, 1, row.resource)
        }
        let evidenceRow = DenialScan.EvidenceRow(
            key: key, operation: row.operation, region: row.region, resource: row.resource, errorCode: row.code)
        if evidence.count < evidenceLimit {
            evidence.append(evidenceRow)
        } else {
            lastEvidence = evidenceRow
        }
    }
}
