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
    private var tallies: [Int64: DenialTally] = [:]
    /// All that is kept for an outline.
    private var counts: [Int64: DenialCount] = [:]
    /// The same without the window's bounds; empty where there is no window.
    private var wholeTallies: [Int64: DenialTally] = [:]
    let operations: [Int64: OperationRow]
    private let keys: GroupKeys
    /// How many distinct values of a list are reported; the rest is told by number.
    let listLimit = 50
    private let evidenceLimit = 4
    /// Denials beyond the filter's ``ReportFilter/told``; `nil` where it has none.
    private let unreported: Set<Int64>?
    /// The numbers of the filter's groups, which alone are read; `nil` where it names none.
    private var wanted: Set<Int64>?
    private let filter: ReportFilter
    private var asked = Asked()

    struct OperationRow {
        var eventSource: String
        var eventName: String

        /// IAM's action of the call.
        var action: String { IAMAction.name(eventSource: eventSource, eventName: eventName) }
    }

    /// Reads the denials of a filter.
    init(_ db: Database, filter: ReportFilter) throws {
        try self.init(finding: db, filter: filter)
        try read(asked.keys, db)
    }

    /// Finds the denials of a filter, and reads none of them yet.
    init(finding db: Database, filter: ReportFilter) throws {
        var operations: [Int64: OperationRow] = [:]
        try RawCursor.forEach(db, "SELECT id, eventSource, eventName FROM operation") { row in
            operations[try row[0]] = OperationRow(eventSource: try row.text(1), eventName: try row.text(2))
        }
        self.operations = operations
        keys = try GroupKeys(db)
        unreported = try filter.told.map { try $0.unreported(db) }
        self.filter = filter
        if !filter.groupIDs.isEmpty { wanted = try keys.numbers(of: filter.groupIDs) }
        let accounts = try Set(filter.accounts.compactMap { try Self.textID($0, db) })
        try find(db, copies: Self.copiesOfOtherAccounts(accounts, db), window: Self.window(of: filter))
        try keys.read(Array(asked.groups))
    }

    /// The denials that were found, by the numbers of their groups.
    var denialsByGroup: [Int64: [Int64]] {
        var denials: [Int64: [Int64]] = [:]
        for (key, group) in zip(asked.keys, asked.groupOfKey) { denials[group, default: []].append(key) }
        return denials
    }

    /// The ids of the groups whose denials were found, in order.
    var groupIDs: [String] { asked.groups.compactMap { keys.key(of: $0)?.publicID }.sorted() }

    /// Reads what ``outlines(_:)`` tells of the denials that were found.
    ///
    /// - Parameter keepsTimes: whether days and minutes are counted as well.
    mutating func count(keepingTimes keepsTimes: Bool, _ db: Database) throws {
        try read(asked.keys, inOutline: true, keepingTimes: keepsTimes, db)
    }

    /// Reads the denials of these groups, among those that were found.
    mutating func read(groups ids: Set<String>, _ db: Database) throws {
        let wanted = try keys.numbers(of: ids)
        try read(zip(asked.keys, asked.groupOfKey).lazy.filter { wanted.contains($0.1) }.map(\.0), db)
    }

    /// Reads these denials, in order, in place of those that were read before.
    mutating func read(_ denials: [Int64], _ db: Database) throws {
        try read(denials, inOutline: false, keepingTimes: true, db)
    }

    /// The same.
    ///
    /// - Parameter isOutline: whether they are counted, and nothing else is kept of them.
    private mutating func read(
        _ denials: [Int64], inOutline isOutline: Bool, keepingTimes keepsTimes: Bool, _ db: Database
    ) throws {
        tallies = [:]
        counts = [:]
        wholeTallies = [:]
        let serviceType = try Self.textID("AWSService", db)
        let accounts = try Set(filter.accounts.compactMap { try Self.textID($0, db) })
        let regions = try Set(filter.regions.compactMap { try Self.textID($0, db) })
        /// Whether a group's key passes, decided once a group.
        var passes: [Int64: Bool] = [:]
        /// Whether AWS names the type of policy that refused a service, decided once a group.
        var namesPolicy: [Int64: Bool] = [:]
        let hasWindow = filter.from != nil || filter.to != nil
        let window = Self.window(of: filter)
        try Self.forEachDenial(denials, of: asked.all, db) { row in
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
                        (filter.principals.isEmpty || filter.principals.contains { $0.matches(key.principal) })
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
            let isUnreported = unreported?.contains(row.key) ?? false
            if isOutline {
                counts[group, default: DenialCount()].add(row, isUnreported: isUnreported, keepsTime: keepsTimes)
                return
            }
            tallies[group, default: DenialTally()].see(row)
            if hasWindow {
                wholeTallies[group, default: DenialTally()].add(
                    row, isUnreported: isUnreported, evidenceLimit: evidenceLimit)
            }
            guard isInWindow else {
                omitted.denialsOutsideWindow += 1
                return
            }
            tallies[group, default: DenialTally()].add(row, isUnreported: isUnreported, evidenceLimit: evidenceLimit)
        }
        tallies = tallies.filter { $0.value.count.denials > 0 }
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
        /// The group of each.
        var groupOfKey: [Int64] = []
        /// Their groups, each with the operation of its first denial.
        var operations: [Int64: Int64] = [:]
        /// How many denials there are of all services.
        var all = 0

        /// Their groups.
        var groups: Dictionary<Int64, Int64>.Keys { operations.keys }
    }

    /// Whether the denials of a group by an operation belong to the services asked for.
    private struct Verdict {
        var operation: Int64
        var isAskedFor: Bool
    }

    /// Finds the denials of the services asked for, and counts the others of the window.
    private mutating func find(_ db: Database, copies: Set<Int64>, window: Range<Int64>) throws {
        /// Whether a denial belongs to the services asked for, decided once for each operation and action; by group for the
        /// operation that it had last, which as a rule is its only one.
        var inService: [Call: Bool] = [:]
        var verdicts = [Verdict](repeating: Verdict(operation: -1, isAskedFor: false), count: keys.upperBound)
        var others: [Int64: Int] = [:]
        try RawCursor.forEach(
            db, "SELECT key, groupID, operationID, errorCodeID, isCopy FROM denialRow ORDER BY key"
        ) { row in
            let (key, group, operation) = (try row.key(0), try row[1], try row[2])
            asked.all += 1
            if try row[3] == 0 { codeless.insert(key) }
            if let wanted, !wanted.contains(group) { return }
            guard try row[4] == 0 || copies.contains(key) else { return }
            let isKnown = group >= 0 && group < verdicts.count
            var verdict = isKnown ? verdicts[Int(group)] : Verdict(operation: -1, isAskedFor: false)
            if verdict.operation != operation {
                let call = Call(operation: operation, action: keys.actionNumber(of: group))
                verdict = Verdict(operation: operation, isAskedFor: inService[call] ?? isAskedFor(call, filter))
                inService[call] = verdict.isAskedFor
                if isKnown { verdicts[Int(group)] = verdict }
                if verdict.isAskedFor, asked.operations[group] == nil { asked.operations[group] = operation }
            }
            if verdict.isAskedFor {
                asked.keys.append(key)
                asked.groupOfKey.append(group)
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
    }

    private func isAskedFor(_ call: Call, _ filter: ReportFilter) -> Bool {
        filter.includesService(operations[call.operation]?.eventSource ?? "", keys.action(call.action))
    }

    /// Reads denials whole, in order.
    private static func forEachDenial(
        _ keys: [Int64], of all: Int, _ db: Database, _ body: (DenialRow) throws -> Void
    ) throws {
        guard !keys.isEmpty else { return }
        // Looking each up costs about four times as much as walking past one.
        if keys.count < all / 4 {
            try RawCursor.forEach(
                db, "SELECT \(DenialRow.columns) FROM json_each(?) k CROSS JOIN denialRow d ON d.key = k.value",
                [JSONList.text(keys)]
            ) { try body(DenialRow($0)) }
        } else {
            var next = keys.startIndex
            try RawCursor.forEach(db, "SELECT \(DenialRow.columns) FROM denialRow d ORDER BY d.key") { row in
                guard next < keys.endIndex, try row[0] == keys[next] else { return }
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
            if let whole = wholeTallies[id], whole.count.denials > tally.count.denials {
                group.whole = [try self.group(key, whole, texts, db)]
            }
            groups.append(group)
        }
        return groups.sorted { $0.id < $1.id }
    }

    /// The calls that were refused, by the numbers of their groups: known before any denial is read.
    var calls: [Int64: GroupCall] {
        var actions: [Int64: String] = [:]
        for operation in Set(asked.operations.values) { actions[operation] = operations[operation]?.action }
        var calls: [Int64: GroupCall] = [:]
        for (group, operation) in asked.operations {
            guard let key = keys.key(of: group) else { continue }
            calls[group] = GroupCall(principal: key.principal, action: actions[operation] ?? key.action)
        }
        return calls
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

    /// The groups with their keys, their counts and their times alone, ordered by id.
    func outlines(_ texts: TextReader) throws -> [DenialGroup] {
        // Groups are larger than what orders them.
        let order = counts.keys.map { (number: $0, id: keys.key(of: $0)?.publicID ?? "") }.sorted { $0.id < $1.id }
        return try order.compactMap { number, _ in
            guard let key = keys.key(of: number), let count = counts[number] else { return nil }
            return try outline(key, count, texts)
        }
    }

    func outline(_ key: GroupKeys.Key, _ count: DenialCount, _ texts: TextReader) throws -> DenialGroup {
        // A newer trail403 may have written a reason that this one does not know: its denials are denials all the same.
        let reason = Reason(slug: key.reason) ?? .unrecognised
        let category = Category(rawValue: key.category) ?? reason.category
        var group = DenialGroup(
            id: key.publicID, principal: key.principal,
            principalType: try count.commonType(texts) ?? "Unknown",
            action: key.action, eventSource: operations[count.operation]?.eventSource ?? "", reason: reason,
            category: category, denials: count.denials,
            firstSeen: Timestamp.text(EventKey.time(of: count.first)),
            lastSeen: Timestamp.text(EventKey.time(of: count.last)))
        if unreported != nil { group.newDenials = count.unreported }
        group.days = count.days.map {
            DayCount(date: String(Timestamp.text($0.start * 86_400).prefix(10)), denials: $0.denials)
        }
        group.minutes = (count.minutes ?? []).map { MinuteCount(minute: $0.start * 60, count: $0.denials) }
        return group
    }
}
