import GRDB
import Synchronization

/// How the principals of denial groups fared with the same action when they were not refused: the last success before the first
/// denial, the first after the last, and what successes and denials have in common or not.
///
/// The roll-up `usage` tells beforehand which groups have successes at all; only their operations are looked for among the
/// events.
struct SuccessScan {
    /// Values of a list that are reported.
    static let listLimit = 50
    /// Distinct values that are counted before a list is given up as incomplete.
    private static let valueLimit = 1000

    private struct Pair: Hashable {
        var principal: Int64
        /// The action's number within one scan.
        var action: Int
    }

    /// What successes have in common or not, by the numbers of the texts.
    struct Traits {
        var addresses: [Int64: Int] = [:]
        var agents: [Int64: Int] = [:]
        var endpoints: [Int64: Int] = [:]
        var identities: [Int64: Int] = [:]
        var isComplete = true

        mutating func add(_ row: RawRow) throws {
            if !Self.count(try row[5], in: &addresses) { isComplete = false }
            if !Self.count(try row[6], in: &agents) { isComplete = false }
            if !Self.count(try row[7], in: &endpoints) { isComplete = false }
            if !Self.count(try row[1], in: &identities) { isComplete = false }
        }

        /// The traits by their texts; `nil` without a success.
        func context(_ texts: TextReader, _ db: Database) throws -> SuccessContext? {
            guard !identities.isEmpty else { return nil }
            var context = SuccessContext()
            context.sourceIPAddresses = try texts.counted(addresses, limit: SuccessScan.listLimit)
            context.userAgents = try texts.counted(agents, limit: SuccessScan.listLimit)
            context.vpcEndpointIds = try texts.counted(endpoints, limit: SuccessScan.listLimit)
            let traits = try IdentityTraits.read(identities, db)
            context.mfaAuthenticated = traits.mfaAuthenticated
            context.principalIds = traits.principalIds
            context.callers = traits.callers
            context.sourceIdentities = traits.sourceIdentities
            context.isComplete =
                isComplete && [addresses, agents, endpoints].allSatisfy { $0.count <= SuccessScan.listLimit }
            return context
        }

        /// Returns whether there was room for the value.
        private static func count(_ id: Int64, in values: inout [Int64: Int]) -> Bool {
            guard id != 0 else { return true }
            guard values.count < SuccessScan.valueLimit else {
                guard let known = values[id] else { return false }
                values[id] = known + 1
                return true
            }
            values[id, default: 0] += 1
            return true
        }
    }

    /// Pairs of an operation and an identity up to which the index is asked for each: above that one walk is faster.
    private static let seekLimit = 2000

    /// The columns of a success, as ``SuccessTally`` takes them.
    private static let columns =
        "e.key, e.identityID, e.operationID, e.regionID, e.accountID, e.sourceIPAddressID, e.userAgentID, e.vpcEndpointID, e.targetID"

    /// The successes of these operations, in no certain order: from the index where it holds all of them, else by a walk over
    /// all events of these keys. It may give those of other identities, too.
    private static func successes(
        of operations: Set<Int64>, by identities: some Collection<Int64>, in keys: ClosedRange<Int64>
    ) -> String {
        let isIndexed = isIndexed(operations)
        var conditions = ["operationID IN (\(list(operations)))", "errorCodeID IS NULL", "errorMessage IS NULL"]
        if isIndexed {
            conditions.append("operationID >= \(Schema.firstIndexedOperation)")
            if operations.count * identities.count <= seekLimit {
                conditions.append("identityID IN (\(list(identities)))")
            }
        } else {
            conditions.append("key BETWEEN \(keys.lowerBound) AND \(keys.upperBound)")
        }
        return """
            SELECT \(columns)
            FROM eventRow e \(isIndexed ? "INDEXED BY successOfReportedService" : "NOT INDEXED")
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    private static func isIndexed(_ operations: Set<Int64>) -> Bool {
        operations.allSatisfy { $0 >= Schema.firstIndexedOperation }
    }

    /// The keys of all events in two halves; in one where an index gives the successes.
    private static func stretches(of operations: Set<Int64>, _ db: Database) throws -> [ClosedRange<Int64>] {
        let least = try RawCursor.integer(db, "SELECT min(key) FROM eventRow")
        let most = try RawCursor.integer(db, "SELECT max(key) FROM eventRow")
        guard let least, let most, least >= 0, least < most, !isIndexed(operations) else {
            return [Int64.min...Int64.max]
        }
        let middle = least + (most - least) / 2
        return [Int64.min...middle, middle + 1...Int64.max]
    }

    /// The same by principal: SQLite sorts them, in a temporary file where they are many.
    private static func successesByPrincipal(of operations: Set<Int64>) -> String {
        """
        SELECT \(columns), i.foldedPrincipalID
        FROM eventRow e NOT INDEXED CROSS JOIN identity i ON i.id = e.identityID
        WHERE e.operationID IN (\(list(operations))) AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
            AND i.foldedPrincipalID IN (SELECT value FROM json_each(?))
        ORDER BY i.foldedPrincipalID
        """
    }

    private static func list(_ numbers: some Collection<Int64>) -> String {
        numbers.sorted().map(String.init).joined(separator: ",")
    }

    /// The groups of a scan by whose successes they are asked about.
    private struct Index {
        var groupsOfPair: [Pair: [Int]] = [:]
        var principals: Set<Int64> = []
        var actionOfOperation: [Int64: Int] = [:]
        /// Those with which a principal succeeded whose groups ask for it.
        var operations: Set<Int64> = []

        init(of calls: some Sequence<GroupCall>, _ usage: UsageScan) {
            var numberOfAction: [String: Int] = [:]
            for (index, call) in calls.enumerated() {
                guard let principal = usage.principals[ByteText(call.principal)] else { continue }
                let action = numberOfAction[call.action, default: numberOfAction.count]
                numberOfAction[call.action] = action
                groupsOfPair[Pair(principal: principal, action: action), default: []].append(index)
                principals.insert(principal)
            }
            for (id, operation) in usage.operations {
                if let action = numberOfAction[operation.action] { actionOfOperation[id] = action }
            }
        }

        mutating func findOperations(_ usage: UsageScan) {
            usage.forEachSuccess { principal, operation in
                guard !operations.contains(operation), groups(of: principal, operation) != nil else { return }
                operations.insert(operation)
            }
        }

        func groups(of principal: Int64, _ operation: Int64) -> [Int]? {
            guard let action = actionOfOperation[operation] else { return nil }
            return groupsOfPair[Pair(principal: principal, action: action)]
        }
    }

    private var index: Index
    private var tallies: [SuccessTally?]
    private let denials: Set<Int64>

    /// Adds to the groups what their principals' successes tell, and gives by the group's id the successes that are worth a look.
    ///
    /// - Parameters:
    ///   - denials: keys of the denials that bear no error code.
    ///   - side: reads half of a walk, where there is one.
    static func complete(
        _ groups: inout [DenialGroup], _ usage: UsageScan, denials: Set<Int64>, beside side: SideReader?,
        _ records: inout RecordedTarget, _ texts: TextReader, _ db: Database
    ) throws -> [String: [Int64]] {
        var scan = SuccessScan(of: groups, usage, denials: denials)
        scan.index.findOperations(usage)
        let operations = scan.index.operations
        if !operations.isEmpty {
            var principalOfIdentity: [Int64: Int64] = [:]
            try RawCursor.forEach(db, "SELECT id, foldedPrincipalID FROM identity") { row in
                let principal = try row[1]
                if scan.index.principals.contains(principal) { principalOfIdentity[try row[0]] = principal }
            }
            let walk = Walk(scan, groups, principalOfIdentity, operations)
            let stretches = try stretches(of: operations, db)
            let beside = stretches.dropFirst().first.flatMap { second in side?.start { try walk.add(second, $0) } }
            for (place, stretch) in stretches.enumerated() {
                if place > 0, try beside?.value() != nil { continue }
                try walk.add(stretch, db)
            }
            scan = walk.scan
        }
        return try scan.tell(&groups, &records, texts, db)
    }

    /// A walk over successes that two connections may take part in.
    private final class Walk: Sendable {
        private let shared: Mutex<SuccessScan>
        private let groups: [DenialGroup]
        private let principalOfIdentity: [Int64: Int64]
        private let operations: Set<Int64>

        init(
            _ scan: SuccessScan, _ groups: [DenialGroup], _ principalOfIdentity: [Int64: Int64],
            _ operations: Set<Int64>
        ) {
            shared = Mutex(scan)
            self.groups = groups
            self.principalOfIdentity = principalOfIdentity
            self.operations = operations
        }

        /// What was found.
        var scan: SuccessScan { shared.withLock { $0 } }

        /// Adds the successes of these keys.
        func add(_ keys: ClosedRange<Int64>, _ db: Database) throws {
            let sql = SuccessScan.successes(of: operations, by: principalOfIdentity.keys, in: keys)
            try RawCursor.forEach(db, sql) { row in
                guard let principal = principalOfIdentity[try row[1]] else { return }
                try shared.withLock { try $0.add(row, of: principal, groups) }
            }
        }
    }

    private init(of groups: [DenialGroup], _ usage: UsageScan, denials: Set<Int64>) {
        index = Index(of: groups.lazy.map(\.call), usage)
        tallies = Array(repeating: nil, count: groups.count)
        self.denials = denials
    }

    private mutating func add(_ row: RawRow, of principal: Int64, _ groups: [DenialGroup]) throws {
        guard let indices = index.groups(of: principal, try row[2]), !denials.contains(try row.key(0)) else { return }
        for index in indices {
            if tallies[index] == nil { tallies[index] = SuccessTally(of: groups[index]) }
            try tallies[index]?.add(row)
        }
    }

    private mutating func tell(
        _ groups: inout [DenialGroup], _ records: inout RecordedTarget, _ texts: TextReader, _ db: Database
    ) throws -> [String: [Int64]] {
        var successes: [String: [Int64]] = [:]
        // Where not every record can be looked up, those of the most denials are.
        let order = groups.indices.sorted { (groups[$1].denials, groups[$0].id) < (groups[$0].denials, groups[$1].id) }
        for index in order {
            groups[index].successesWithin = 0
            try tallies[index]?.tell(&groups[index], &records, texts, db)
            successes[groups[index].id] = tallies[index]?.examples
        }
        return successes
    }
}

extension SuccessScan {
    /// The successes of many groups, principal by principal: read once, while the groups are read in parts.
    final class ByPrincipal {
        private let usage: UsageScan
        private let denials: Set<Int64>
        private let rows: RawRows?
        /// Whether the rows stand at one that was not taken yet.
        private var isAhead = false

        /// Begins to read what successes there are of all calls.
        init(of calls: some Sequence<GroupCall>, _ usage: UsageScan, denials: Set<Int64>, _ db: Database) throws {
            self.usage = usage
            self.denials = denials
            var index = Index(of: calls, usage)
            index.findOperations(usage)
            rows =
                try index.operations.isEmpty
                ? nil
                : RawRows(
                    db, SuccessScan.successesByPrincipal(of: index.operations),
                    [JSONList.text(index.principals.sorted())])
        }

        /// Completes the groups of the next principals (``SuccessScan/complete(_:_:denials:beside:_:_:_:)``).
        ///
        /// - Parameter last: the number of the last of these principals; every later call is for higher numbers.
        func complete(
            _ groups: inout [DenialGroup], upTo last: Int64, _ records: inout RecordedTarget, _ texts: TextReader,
            _ db: Database
        ) throws -> [String: [Int64]] {
            var scan = SuccessScan(of: groups, usage, denials: denials)
            while let row = try isAhead ? rows?.row : rows?.next() {
                let principal = try row[9]
                isAhead = principal > last
                if isAhead { break }
                try scan.add(row, of: principal, groups)
            }
            return try scan.tell(&groups, &records, texts, db)
        }
    }
}
