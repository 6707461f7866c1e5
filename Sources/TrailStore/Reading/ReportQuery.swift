import AccessDenial
import GRDB

/// Everything that a report is made of, read in one snapshot of the database.
public struct ReportFacts: Sendable {
    /// Groups that the filter lets through, ordered by id.
    public var groups: [DenialGroup] = []
    /// What the filter left out.
    public var omitted = OmittedDenials()
    /// How the groups' principals and actions fared over the whole database.
    public var usage: [Usage] = []
    /// Permission changes of the whole database that were selected for the groups, in order of time.
    public var changes: [PermissionChange] = []
    /// What the database holds.
    public var coverage = Coverage()
    /// Where Pinpoint projects answered.
    public var projects: [ProjectUse] = []

    /// Facts of an empty database.
    public init() {}
}

/// Denials that the filter left out, so that a report can tell of them.
public struct OmittedDenials: Sendable, Hashable {
    /// Denials of the services asked for whose caller was an AWS service.
    public var awsServiceDenials = 0
    /// Denials of other services by eventSource, most frequent first.
    public var otherServices: [Counted<String>] = []
    /// Denials of the services asked for that another filter (account, Region, principal, action, reason) leaves out.
    public var unmatchedDenials = 0
    /// Denials that pass the filters but lie outside of the window.
    public var denialsOutsideWindow = 0
    /// Groups without a denial beyond ``ReportFilter/told``.
    public var knownGroups = 0
    /// Denials of those groups.
    public var knownDenials = 0

    /// None left out.
    public init() {}
}

extension TrailDatabase {
    /// Reads what a report with this filter needs.
    public func reportFacts(_ filter: ReportFilter, changes: ChangeSelection) throws -> ReportFacts {
        try mapErrors {
            try queue.read { try Self.reportFacts(filter, changes, $0) }
        }
    }

    /// The same inside of a transaction that is open already.
    static func reportFacts(
        _ filter: ReportFilter, _ changes: ChangeSelection, _ db: Database
    ) throws -> ReportFacts {
        let texts = TextReader(db)
        var facts = ReportFacts()
        let scan = try DenialScan(db, filter: filter)
        facts.groups = try scan.groups(texts, db)
        facts.omitted = scan.omitted
        if filter.told != nil {
            let known = facts.groups.filter { $0.newDenials == 0 }
            facts.omitted.knownGroups = known.count
            facts.omitted.knownDenials = known.reduce(0) { $0 + $1.denials }
            facts.groups.removeAll { $0.newDenials == 0 }
        }
        let usage = try UsageScan(of: facts.groups, db)
        try SuccessScan.complete(&facts.groups, usage, denials: scan.codeless, texts, db)
        try SessionQuery.complete(
            &facts.groups,
            at: facts.groups.indices.filter { filter.readsSessions || facts.groups[$0].asksForSessions }, db)
        facts.projects = try ProjectQuery.projects(of: facts.groups, usage, texts, db)
        facts.usage = try usage.usage(texts)
        facts.changes = try ChangeQuery.changes(of: facts.groups, changes, usage, texts, db)
        facts.coverage = try CoverageQuery.coverage(usage, texts, db)
        return facts
    }

    /// What the database holds.
    public func coverage() throws -> Coverage {
        try mapErrors { try queue.read { try CoverageQuery.coverage(UsageScan(of: [], $0), TextReader($0), $0) } }
    }
}

/// One pass over the denials in order of time.
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
        var identities: [Int64: Int] = [:]
        var truncated = 0
        var encoded = 0
        var authorizationIDs = 0
        var evidence: [EvidenceRow] = []
        var lastEvidence: EvidenceRow?
        /// Keys over the whole database, and where and on what: by place without its times.
        var wholeFirst = Int64.max
        var wholeLast = Int64.min
        var places: [DenialPlace: (first: Int64, last: Int64)] = [:]
        var quietSpells: [QuietSpell] = []
        var lastTime: Int64?
    }

    init(_ db: Database, filter: ReportFilter) throws {
        var operations: [Int64: OperationRow] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, eventSource, eventName FROM operation") {
            operations[row["id"]] = OperationRow(
                eventSource: row["eventSource"] ?? "", eventName: row["eventName"] ?? "")
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
        /// Whether a denial belongs to the services asked for, decided once for each operation and action.
        var inService: [Call: Bool] = [:]
        var others: [Int64: Int] = [:]
        var tallies: [Int64: Tally] = [:]
        var wholeTallies: [Int64: Tally] = [:]
        let hasWindow = filter.from != nil || filter.to != nil
        var omittedServices = 0
        var unmatched = 0
        var outsideWindow = 0
        let copies = try Self.copiesOfOtherAccounts(accounts, db)
        let from = (filter.from ?? 0) << Int64(Schema.keyHashBits)
        let to = filter.to.map { ($0 + 1) << Int64(Schema.keyHashBits) } ?? Int64.max
        try RawCursor.forEach(
            db,
            """
            SELECT key, groupID, operationID, principalTypeID, invokedByID, resourceID, inferredResourceID, policyARNID, regionID,
                accountID, sourceIPAddressID, userAgentID, vpcEndpointID, errorCodeID, truncated, encodedMessage,
                authorizationID IS NOT NULL, identityID, targetID, isCopy
            FROM denialRow ORDER BY key
            """
        ) { row in
            let (key, group, operation) = (row[0], row[1], row[2])
            if row[13] == 0 { codeless.insert(key) }
            guard row[19] == 0 || copies.contains(key) else { return }
            let isInWindow = key >= from && key < to
            let call = Call(operation: operation, action: keys.actionNumber(of: group))
            let isAskedFor =
                inService[call]
                ?? {
                    let result = filter.includesService(
                        operations[operation]?.eventSource ?? "", keys.action(call.action))
                    inService[call] = result
                    return result
                }()
            guard isAskedFor else {
                if isInWindow { others[operation, default: 0] += 1 }
                return
            }
            let isLeftOut = row[3] == serviceType && !filter.includesAWSServices
            let passesKey =
                try passes[group]
                ?? {
                    guard let key = try keys.key(of: group) else { return false }
                    let result =
                        (filter.groupIDs.isEmpty || filter.groupIDs.contains(key.publicID))
                        && (filter.principals.isEmpty || filter.principals.contains { $0.matches(key.principal) })
                        && (filter.actions.isEmpty || filter.actions.contains { $0.matches(key.action) })
                        && (filter.reasons.isEmpty || filter.reasons.contains { $0.matches(key.reason) })
                    passes[group] = result
                    return result
                }()
            guard passesKey, filter.accounts.isEmpty || accounts.contains(row[9]),
                filter.regions.isEmpty || regions.contains(row[8])
            else {
                if !isLeftOut { unmatched += 1 }
                return
            }
            guard !isLeftOut else {
                if isInWindow { omittedServices += 1 }
                return
            }
            tallies[group, default: Tally()].see(row)
            if hasWindow { wholeTallies[group, default: Tally()].add(row, evidenceLimit: evidenceLimit) }
            guard isInWindow else {
                outsideWindow += 1
                return
            }
            tallies[group, default: Tally()].add(row, evidenceLimit: evidenceLimit)
            if untold?.contains(key) == true { tallies[group]?.untold += 1 }
        }
        self.tallies = tallies.filter { $0.value.denials > 0 }
        self.wholeTallies = wholeTallies
        omitted.unmatchedDenials = unmatched
        omitted.denialsOutsideWindow = outsideWindow
        omitted.awsServiceDenials = omittedServices
        var services: [String: Int] = [:]
        for (operation, denials) in others {
            services[operations[operation]?.eventSource ?? "unknown", default: 0] += denials
        }
        omitted.otherServices = services.map { Counted($0.key, denials: $0.value) }
            .sorted { $0.denials != $1.denials ? $0.denials > $1.denials : $0.value < $1.value }
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
            if !accounts.contains(row[1]) { keys.insert(row[0]) }
        }
        return keys
    }

    private struct Call: Hashable {
        var operation: Int64
        /// The action's number.
        var action: Int32
    }

    private static func textID(_ text: String, _ db: Database) throws -> Int64? {
        try Int64.fetchOne(db, sql: "SELECT id FROM text WHERE value = ?", arguments: [text])
    }

    func groups(_ texts: TextReader, _ db: Database) throws -> [DenialGroup] {
        var groups: [DenialGroup] = []
        groups.reserveCapacity(tallies.count)
        for (id, tally) in tallies {
            guard let key = try keys.key(of: id) else { continue }
            var group = try group(key, tally, texts, db)
            if let whole = wholeTallies[id], whole.denials > tally.denials {
                group.whole = [try self.group(key, whole, texts, db)]
            }
            groups.append(group)
        }
        return groups.sorted { $0.id < $1.id }
    }

    private func group(
        _ key: GroupKeys.Key, _ tally: Tally, _ texts: TextReader, _ db: Database
    ) throws -> DenialGroup {
        let selectEvent = try db.cachedStatement(
            sql: "SELECT eventID, eventTime, errorMessage FROM eventRow WHERE key = ?")
        // A newer trail403 may have written a reason that this one does not know: its denials are denials all the same.
        let reason = Reason(slug: key.reason) ?? .unrecognised
        let category = Category(rawValue: key.category) ?? reason.category
        var group = DenialGroup(
            id: key.publicID, principal: key.principal,
            principalType: try texts.counted(tally.types, limit: 1).first?.value ?? "Unknown",
            action: key.action, eventSource: operations[tally.operation]?.eventSource ?? "", reason: reason,
            category: category, denials: tally.denials,
            firstSeen: Timestamp.text(tally.first >> Int64(Schema.keyHashBits)),
            lastSeen: Timestamp.text(tally.last >> Int64(Schema.keyHashBits)))
        group.quietSpells = tally.quietSpells
        group.calledAction = operations[tally.operation].flatMap { operation in
            let called = IAMAction.name(eventSource: operation.eventSource, eventName: operation.eventName)
            return called == key.action ? nil : called
        }
        if tally.wholeFirst < tally.first || tally.wholeLast > tally.last {
            group.wholeSpan = ClosedSpan(
                first: Timestamp.text(tally.wholeFirst >> Int64(Schema.keyHashBits)),
                last: Timestamp.text(tally.wholeLast >> Int64(Schema.keyHashBits)))
        }
        group.places = tally.places.map { place, keys in
            var place = place
            place.first = keys.first >> Int64(Schema.keyHashBits)
            place.last = keys.last >> Int64(Schema.keyHashBits)
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
        let traits = try IdentityTraits.read(tally.identities, db)
        group.principalIds = traits.principalIds
        group.mfaAuthenticated = traits.mfaAuthenticated
        group.callers = traits.callers
        group.sourceIdentities = traits.sourceIdentities
        if untold != nil { group.newDenials = tally.untold }
        group.truncatedDenials = tally.truncated
        group.encodedMessages = tally.encoded
        group.authorizationIDs = tally.authorizationIDs
        group.days = tally.days.sorted { $0.key < $1.key }
            .map { DayCount(date: String(Timestamp.text($0.key * 86_400).prefix(10)), denials: $0.value) }
        var evidence = tally.evidence
        if let last = tally.lastEvidence { evidence.append(last) }
        for row in evidence {
            guard let event = try Row.fetchOne(selectEvent, arguments: [row.key]) else { continue }
            group.evidence.append(
                DenialEvidence(
                    eventID: event["eventID"], eventTime: event["eventTime"] ?? "",
                    eventName: operations[row.operation]?.eventName ?? "", awsRegion: try texts.text(row.region),
                    resource: try texts.text(row.resource), errorCode: try texts.text(row.errorCode),
                    errorMessage: event["errorMessage"]))
        }
        return group
    }
}

extension DenialScan.Tally {
    /// Takes notice of a denial, be it outside of the window.
    fileprivate mutating func see(_ row: RawRow) {
        let key = row[0]
        wholeFirst = min(wholeFirst, key)
        wholeLast = max(wholeLast, key)
        let place = DenialPlace(region: row[8], account: row[9], target: row[18])
        let known = places[place] ?? (key, key)
        places[place] = (min(known.first, key), max(known.last, key))
        let time = key >> Int64(Schema.keyHashBits)
        if let before = lastTime, time - before >= QuietSpell.minimum {
            quietSpells.append(QuietSpell(from: before, to: time))
        }
        lastTime = time
    }

    fileprivate mutating func add(_ row: RawRow, evidenceLimit: Int) {
        let key = row[0]
        if denials == 0 {
            first = key
            operation = row[2]
        }
        denials += 1
        last = key
        types[row[3], default: 0] += 1
        if row[4] != 0 { services[row[4], default: 0] += 1 }
        if row[5] != 0 { resources[row[5], default: 0] += 1 }
        if row[6] != 0 { inferredResources[row[6], default: 0] += 1 }
        if row[7] != 0 { policies[row[7], default: 0] += 1 }
        if row[8] != 0 { regions[row[8], default: 0] += 1 }
        if row[9] != 0 { accounts[row[9], default: 0] += 1 }
        if row[10] != 0 { addresses[row[10], default: 0] += 1 }
        if row[11] != 0 { agents[row[11], default: 0] += 1 }
        if row[12] != 0 { endpoints[row[12], default: 0] += 1 }
        if row[13] != 0 { codes[row[13], default: 0] += 1 }
        truncated += Int(row[14])
        encoded += Int(row[15])
        authorizationIDs += Int(row[16])
        identities[row[17], default: 0] += 1
        days[(key >> Int64(Schema.keyHashBits)) / 86_400, default: 0] += 1
        let evidenceRow = DenialScan.EvidenceRow(
            key: key, operation: row[2], region: row[8], resource: row[5], errorCode: row[13])
        if evidence.count < evidenceLimit {
            evidence.append(evidenceRow)
        } else {
            lastEvidence = evidenceRow
        }
    }
}
