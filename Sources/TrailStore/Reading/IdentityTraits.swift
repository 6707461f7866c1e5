import GRDB
import IAMPolicy

/// What identities tell beyond the principal that they fold into.
struct IdentityTraits {
    var principalIds: [Counted<String>] = []
    var mfaAuthenticated: [Counted<String>] = []
    /// Empty where there are too many to compare.
    var callers: [Counted<String>] = []
    var sourceIdentities: [Counted<String>] = []
    /// The earliest and the latest begin of a session, ISO 8601 UTC text; empty unless every identity tells one.
    var sessionStarts: [String] = []
    /// What the credentials were made for, such as a function's ARN; empty unless every identity tells it.
    var issuingResources: [Counted<String>] = []

    /// Reads the traits of identities that were counted by number.
    static func read(_ identities: [Int64: Int], _ db: Database) throws -> IdentityTraits {
        var ids: [ByteText: Int] = [:]
        var factors: [ByteText: Int] = [:]
        var callers: [ByteText: Int] = [:]
        var sources: [ByteText: Int] = [:]
        var starts: [ByteText: Int] = [:]
        var issuers: [ByteText: Int] = [:]
        try RawCursor.forEach(
            db,
            """
            SELECT i.id, i.principalId, i.mfaAuthenticated, i.arn, i.sourceIdentity, i.sessionCreationDate,
                coalesce(i.credentialsIssuedTo, i.inScopeOfSourceArn)
            FROM json_each(?) k CROSS JOIN identity i ON i.id = k.value
            """, [JSONList.text(identities.keys.sorted())]
        ) { row in
            let count = identities[try row[0]] ?? 0
            if let id = try row.optionalText(1)?.split(separator: ":", maxSplits: 1).first {
                ids[ByteText(id), default: 0] += count
            }
            if let factor = try row.optionalText(2) { factors[ByteText(factor), default: 0] += count }
            if let arn = try row.optionalText(3) { callers[ByteText(arn), default: 0] += count }
            if let source = try row.optionalText(4) { sources[ByteText(source), default: 0] += count }
            if let start = try row.optionalText(5) { starts[ByteText(start), default: 0] += count }
            if let issuer = try row.optionalText(6) { issuers[ByteText(issuer), default: 0] += count }
        }
        let all = identities.values.reduce(0, +)
        func isTold(_ counts: [ByteText: Int]) -> Bool { counts.values.reduce(0, +) == all }
        func sorted(_ counts: [ByteText: Int]) -> [Counted<String>] {
            counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
                .map { Counted($0.key.text, denials: $0.value) }
        }
        func listed(_ counts: [ByteText: Int]) -> [Counted<String>] {
            counts.count <= SuccessScan.listLimit ? sorted(counts) : []
        }
        return IdentityTraits(
            principalIds: sorted(ids), mfaAuthenticated: sorted(factors), callers: listed(callers),
            sourceIdentities: listed(sources),
            sessionStarts: isTold(starts) ? [starts.keys.min(), starts.keys.max()].compactMap { $0?.text } : [],
            issuingResources: isTold(issuers) ? listed(issuers) : [])
    }
}
