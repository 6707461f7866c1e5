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
        var action: String
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

        mutating func count(_ id: Int64, in values: WritableKeyPath<Tally, [Int64: Int]>) {
            guard id != 0 else { return }
            if self[keyPath: values][id] == nil, self[keyPath: values].count >= SuccessScan.valueLimit {
                isComplete = false
                return
            }
            self[keyPath: values][id, default: 0] += 1
        }
    }

    /// Adds to the groups what their principals' successes tell.
    static func complete(_ groups: inout [DenialGroup], _ texts: TextReader, _ db: Database) throws {
        guard !groups.isEmpty else { return }
        var groupsOfPair: [Pair: [Int]] = [:]
        var principals: Set<Int64> = []
        var actions: Set<String> = []
        let selectText = try db.cachedStatement(sql: "SELECT id FROM text WHERE value = ?")
        for (index, group) in groups.enumerated() {
            guard let principal = try Int64.fetchOne(selectText, arguments: [group.principal]) else { continue }
            groupsOfPair[Pair(principal: principal, action: group.action), default: []].append(index)
            principals.insert(principal)
            actions.insert(group.action)
        }
        var actionOfOperation: [Int64: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT id, action FROM operation") {
            let action: String = row["action"] ?? ""
            if actions.contains(action) { actionOfOperation[row["id"]] = action }
        }
        var operations: Set<Int64> = []
        try IntegerCursor.forEach(db, "SELECT principalID, operationID, successes FROM usage") { row in
            guard row[2] > 0, let action = actionOfOperation[row[1]],
                groupsOfPair[Pair(principal: row[0], action: action)] != nil
            else { return }
            operations.insert(row[1])
        }
        guard !operations.isEmpty else { return }

        var principalOfIdentity: [Int64: Int64] = [:]
        try IntegerCursor.forEach(db, "SELECT id, foldedPrincipalID FROM identity") { row in
            if principals.contains(row[1]) { principalOfIdentity[row[0]] = row[1] }
        }
        let bounds = groups.map { (first: Timestamp.seconds($0.firstSeen) ?? 0, last: Timestamp.seconds($0.lastSeen) ?? 0) }
        var tallies: [Int: Tally] = [:]
        let list = operations.sorted().map(String.init).joined(separator: ",")
        try IntegerCursor.forEach(
            db,
            """
            SELECT key, identityID, operationID, regionID, accountID, sourceIPAddressID, userAgentID, vpcEndpointID FROM eventRow
            WHERE operationID IN (\(list)) AND errorCodeID IS NULL AND errorMessage IS NULL ORDER BY key
            """
        ) { row in
            guard let principal = principalOfIdentity[row[1]], let action = actionOfOperation[row[2]],
                let indices = groupsOfPair[Pair(principal: principal, action: action)]
            else { return }
            let region = try texts.text(row[3])
            let account = try texts.text(row[4])
            let time = row[0] >> Int64(Schema.keyHashBits)
            for index in indices where groups[index].isOf(region: region, account: account) {
                var tally = tallies[index] ?? Tally()
                if time < bounds[index].first {
                    tally.lastBefore = time
                } else if time > bounds[index].last {
                    tally.firstAfter = tally.firstAfter ?? time
                } else {
                    tally.within += 1
                }
                tally.count(row[5], in: \.addresses)
                tally.count(row[6], in: \.agents)
                tally.count(row[7], in: \.endpoints)
                tally.count(row[1], in: \.identities)
                tallies[index] = tally
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

extension DenialGroup {
    /// Whether an event of this Region and account stands beside the group's denials.
    fileprivate func isOf(region: String?, account: String?) -> Bool {
        (regions.isEmpty || regions.contains { $0.value == region }) && (accounts.isEmpty || accounts.contains { $0.value == account })
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
