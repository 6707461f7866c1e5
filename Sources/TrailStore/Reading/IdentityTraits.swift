import GRDB

/// What identities tell beyond the principal that they fold into.
struct IdentityTraits {
    var principalIds: [Counted<String>] = []
    var mfaAuthenticated: [Counted<String>] = []
    /// Empty where there are too many to compare.
    var callers: [Counted<String>] = []
    var sourceIdentities: [Counted<String>] = []

    /// Reads the traits of identities that were counted by number.
    static func read(_ identities: [Int64: Int], _ db: Database) throws -> IdentityTraits {
        var ids: [String: Int] = [:]
        var factors: [String: Int] = [:]
        var callers: [String: Int] = [:]
        var sources: [String: Int] = [:]
        try RawCursor.forEach(
            db,
            """
            SELECT i.id, i.principalId, i.mfaAuthenticated, i.arn, i.sourceIdentity
            FROM json_each(?) k CROSS JOIN identity i ON i.id = k.value
            """, [JSONList.text(identities.keys.sorted())]
        ) { row in
            let count = identities[row[0]] ?? 0
            if let id = row.optionalText(1)?.split(separator: ":", maxSplits: 1).first {
                ids[String(id), default: 0] += count
            }
            if let factor = row.optionalText(2) { factors[factor, default: 0] += count }
            if let arn = row.optionalText(3) { callers[arn, default: 0] += count }
            if let source = row.optionalText(4) { sources[source, default: 0] += count }
        }
        func sorted(_ counts: [String: Int]) -> [Counted<String>] {
            counts.map { Counted($0.key, denials: $0.value) }
                .sorted { $0.denials != $1.denials ? $0.denials > $1.denials : $0.value < $1.value }
        }
        func listed(_ counts: [String: Int]) -> [Counted<String>] {
            counts.count <= SuccessScan.listLimit ? sorted(counts) : []
        }
        return IdentityTraits(
            principalIds: sorted(ids), mfaAuthenticated: sorted(factors), callers: listed(callers),
            sourceIdentities: listed(sources))
    }
}
