import GRDB

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

    /// The successes of these operations, in no certain order: from the index where it holds all of them, else by a walk over
    /// all events. It may give those of other identities, too.
    private static func successes(of operations: Set<Int64>, by identities: some Collection<Int64>) -> String {
        let isIndexed = operations.allSatisfy { $0 >= Schema.firstIndexedOperation }
        var conditions = ["operationID IN (\(list(operations)))", "errorCodeID IS NULL", "errorMessage IS NULL"]
        if isIndexed {
            conditions.append("operationID >= \(Schema.firstIndexedOperation)")
            if operations.count * identities.count <= seekLimit {
                conditions.append("identityID IN (\(list(identities)))")
            }
        }
        return """
            SELECT key, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID, targetID
            FROM eventRow \(isIndexed ? "INDEXED BY successOfReportedService" : "NOT INDEXED")
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    private static func list(_ numbers: some Collection<Int64>) -> String {
        numbers.sorted().map(String.init).joined(separator: ",")
    }

    /// Adds to the groups what their principals' successes tell, and gives by the group's id the successes that are worth a look.
    ///
    /// - Parameter denials: keys of the denials that bear no error code.
    static func complete(
        _ groups: inout [DenialGroup], _ usage: UsageScan, denials: Set<Int64>, _ texts: TextReader, _ db: Database
    ) throws -> [String: [Int64]] {
        guard !groups.isEmpty else { return [:] }
        for index in groups.indices { groups[index].successesWithin = 0 }
        var groupsOfPair: [Pair: [Int]] = [:]
        var principals: Set<Int64> = []
        var numberOfAction: [String: Int] = [:]
        for (index, group) in groups.enumerated() {
            guard let principal = usage.principals[ByteText(group.principal)] else { continue }
            let action = numberOfAction[group.successAction, default: numberOfAction.count]
            numberOfAction[group.successAction] = action
            groupsOfPair[Pair(principal: principal, action: action), default: []].append(index)
            principals.insert(principal)
        }
        var actionOfOperation: [Int64: Int] = [:]
        for (id, operation) in usage.operations {
            if let action = numberOfAction[operation.action] { actionOfOperation[id] = action }
        }
        var operations: Set<Int64> = []
        usage.forEachSuccess { principal, operation in
            guard !operations.contains(operation), let action = actionOfOperation[operation],
                groupsOfPair[Pair(principal: principal, action: action)] != nil
            else { return }
            operations.insert(operation)
        }
        guard !operations.isEmpty else { return [:] }

        var principalOfIdentity: [Int64: Int64] = [:]
        try RawCursor.forEach(db, "SELECT id, foldedPrincipalID FROM identity") { row in
            let principal = try row[1]
            if principals.contains(principal) { principalOfIdentity[try row[0]] = principal }
        }
        var tallies = [SuccessTally?](repeating: nil, count: groups.count)
        try RawCursor.forEach(db, Self.successes(of: operations, by: principalOfIdentity.keys)) { row in
            guard let principal = principalOfIdentity[try row[1]], let action = actionOfOperation[try row[2]],
                let indices = groupsOfPair[Pair(principal: principal, action: action)],
                !denials.contains(try row.key(0))
            else { return }
            for index in indices {
                if tallies[index] == nil { tallies[index] = SuccessTally(of: groups[index]) }
                try tallies[index]?.add(row)
            }
        }
        var successes: [String: [Int64]] = [:]
        for index in groups.indices {
            try tallies[index]?.tell(&groups[index], texts, db)
            successes[groups[index].id] = tallies[index]?.examples
        }
        return successes
    }
}
