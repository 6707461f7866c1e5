import GRDB

/// How the principals of denial groups fared with the same action when they were not refused: the last success before the first
/// denial, the first after the last, and what successes and denials have in common or not.
///
/// The roll-up `usage` tells beforehand which groups have successes at all; only their operations are looked for among the
/// events.
struct SuccessScan {
    /// Values of a list that are reported.
    private static let listLimit = 50
    /// Distinct values that are counted before a list is given up as incomplete.
    private static let valueLimit = 1000

    private struct Pair: Hashable {
        var principal: Int64
        /// The action's number within one scan.
        var action: Int
    }

    /// When and where a group's denials stand.
    private struct Place {
        var first: Int64
        var last: Int64
        var regions: [Int64]
        var accounts: [Int64]

        /// Whether an event of this Region and account stands beside the denials.
        func contains(region: Int64, account: Int64) -> Bool {
            (regions.isEmpty || regions.contains(region)) && (accounts.isEmpty || accounts.contains(account))
        }
    }

    private struct Tally {
        var lastBefore: Int64?
        var firstAfter: Int64?
        var within = 0
        var addresses: [Int64: Int] = [:]
        var agents: [Int64: Int] = [:]
        var endpoints: [Int64: Int] = [:]
        var identities: [Int64: Int] = [:]
        var isComplete = true

        mutating func add(_ row: [Int64], isBefore: Bool, isAfter: Bool) {
            let time = row[0] >> Int64(Schema.keyHashBits)
            if isBefore {
                lastBefore = max(lastBefore ?? time, time)
            } else if isAfter {
                firstAfter = min(firstAfter ?? time, time)
            } else {
                within += 1
            }
            if !Self.count(row[5], in: &addresses) { isComplete = false }
            if !Self.count(row[6], in: &agents) { isComplete = false }
            if !Self.count(row[7], in: &endpoints) { isComplete = false }
            if !Self.count(row[1], in: &identities) { isComplete = false }
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

    /// The successes of these operations, in no certain order: from the index where it holds all of them, else by a walk over
    /// all events.
    private static func successes(of operations: Set<Int64>) -> String {
        let isIndexed = operations.allSatisfy { $0 >= Schema.firstIndexedOperation }
        let list = operations.sorted().map(String.init).joined(separator: ",")
        return """
            SELECT key, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID
            FROM eventRow \(isIndexed ? "INDEXED BY successOfReportedService" : "NOT INDEXED")
            WHERE \(isIndexed ? "operationID >= \(Schema.firstIndexedOperation) AND " : "")operationID IN (\(list))
                AND errorCodeID IS NULL AND errorMessage IS NULL
            """
    }

    /// Adds to the groups what their principals' successes tell.
    static func complete(_ groups: inout [DenialGroup], _ texts: TextReader, _ db: Database) throws {
        guard !groups.isEmpty else { return }
        var groupsOfPair: [Pair: [Int]] = [:]
        var principals: Set<Int64> = []
        var numberOfAction: [String: Int] = [:]
        var places: [Place] = []
        let selectText = try db.cachedStatement(sql: "SELECT id FROM text WHERE value = ?")
        func textID(_ text: String) throws -> Int64? { try Int64.fetchOne(selectText, arguments: [text]) }
        for (index, group) in groups.enumerated() {
            places.append(
                Place(
                    first: Timestamp.seconds(group.firstSeen) ?? 0, last: Timestamp.seconds(group.lastSeen) ?? 0,
                    regions: try group.regions.compactMap { try textID($0.value) },
                    accounts: try group.accounts.compactMap { try textID($0.value) }))
            guard let principal = try textID(group.principal) else { continue }
            let action = numberOfAction[group.action, default: numberOfAction.count]
            numberOfAction[group.action] = action
            groupsOfPair[Pair(principal: principal, action: action), default: []].append(index)
            principals.insert(principal)
        }
        var actionOfOperation: [Int64: Int] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, action FROM operation") {
            if let action = numberOfAction[row["action"] ?? ""] { actionOfOperation[row["id"]] = action }
        }
        var operations: Set<Int64> = []
        try IntegerCursor.forEach(db, "SELECT principalID, operationID, successes FROM usage") { row in
            guard row[2] > 0, !operations.contains(row[1]), let action = actionOfOperation[row[1]],
                groupsOfPair[Pair(principal: row[0], action: action)] != nil
            else { return }
            operations.insert(row[1])
        }
        guard !operations.isEmpty else { return }

        var principalOfIdentity: [Int64: Int64] = [:]
        try IntegerCursor.forEach(db, "SELECT id, foldedPrincipalID FROM identity") { row in
            if principals.contains(row[1]) { principalOfIdentity[row[0]] = row[1] }
        }
        var tallies = [Tally?](repeating: nil, count: groups.count)
        try IntegerCursor.forEach(db, Self.successes(of: operations)) { row in
            guard let principal = principalOfIdentity[row[1]], let action = actionOfOperation[row[2]],
                let indices = groupsOfPair[Pair(principal: principal, action: action)]
            else { return }
            let time = row[0] >> Int64(Schema.keyHashBits)
            for index in indices where places[index].contains(region: row[3], account: row[4]) {
                if tallies[index] == nil { tallies[index] = Tally() }
                tallies[index]?.add(row, isBefore: time < places[index].first, isAfter: time > places[index].last)
            }
        }
        for index in groups.indices {
            let tally = tallies[index] ?? Tally()
            groups[index].lastSuccessBefore = tally.lastBefore.map { Timestamp.text($0) }
            groups[index].firstSuccessAfter = tally.firstAfter.map { Timestamp.text($0) }
            groups[index].successesWithin = tally.within
            guard tallies[index] != nil else { continue }
            var context = SuccessContext()
            context.sourceIPAddresses = try texts.counted(tally.addresses, limit: listLimit)
            context.userAgents = try texts.counted(tally.agents, limit: listLimit)
            context.vpcEndpointIds = try texts.counted(tally.endpoints, limit: listLimit)
            let traits = try IdentityTraits.read(tally.identities, db)
            context.mfaAuthenticated = traits.mfaAuthenticated
            context.principalIds = traits.principalIds
            context.isComplete =
                tally.isComplete
                && [tally.addresses, tally.agents, tally.endpoints].allSatisfy { $0.count <= listLimit }
            groups[index].successContext = context
        }
    }
}

/// What identities tell beyond the principal that they fold into.
struct IdentityTraits {
    var principalIds: [Counted<String>] = []
    var mfaAuthenticated: [Counted<String>] = []

    /// Reads the traits of identities that were counted by number.
    static func read(_ identities: [Int64: Int], _ db: Database) throws -> IdentityTraits {
        var ids: [String: Int] = [:]
        var factors: [String: Int] = [:]
        let select = try db.cachedStatement(sql: "SELECT principalId, mfaAuthenticated FROM identity WHERE id = ?")
        for (identity, count) in identities {
            guard let row = try Row.fetchOne(select, arguments: [identity]) else { continue }
            if let id = (row["principalId"] as String?)?.split(separator: ":", maxSplits: 1).first {
                ids[String(id), default: 0] += count
            }
            if let factor = row["mfaAuthenticated"] as String? { factors[factor, default: 0] += count }
        }
        func sorted(_ counts: [String: Int]) -> [Counted<String>] {
            counts.map { Counted($0.key, denials: $0.value) }
                .sorted { $0.denials != $1.denials ? $0.denials > $1.denials : $0.value < $1.value }
        }
        return IdentityTraits(principalIds: sorted(ids), mfaAuthenticated: sorted(factors))
    }
}
