import TrailStore

/// What everybody did with one action, indexed once for all of its denial groups.
final class ActionUsage: Sendable {
    /// Somebody's successes in one Region and account, with who that is.
    struct Success: Sendable {
        let usage: Usage
        let principal: PrincipalName
        /// The name without the words that tell a stage; empty where nothing else is left.
        let stagelessName: String
    }

    /// In the order in which findings are to name them.
    let rows: [Usage]
    /// The last success of anybody; `nil` where there is none.
    let lastSuccess: String?
    private let index = Once<Index>()

    /// No usage.
    static let none = ActionUsage([])

    init(_ rows: [Usage]) {
        self.rows = rows
        lastSuccess = rows.lazy.compactMap(\.lastSuccess).max()
    }

    private struct Index: Sendable {
        var successes: [Success] = []
        /// Places of the successes, by the name and by what is left of it without a stage.
        var byName: [Key: [Int]] = [:]
        var byStagelessName: [Key: [Int]] = [:]

        init(_ rows: [Usage]) {
            var names: [String: (PrincipalName, String)] = [:]
            for usage in rows where usage.successes > 0 {
                let (principal, stageless) =
                    names[usage.principal]
                    ?? {
                        let principal = PrincipalName(usage.principal)
                        return (principal, principal.stagelessName)
                    }()
                names[usage.principal] = (principal, stageless)
                byName[Key(kind: principal.kind, name: principal.name), default: []].append(successes.count)
                if !stageless.isEmpty {
                    byStagelessName[Key(kind: principal.kind, name: stageless), default: []].append(successes.count)
                }
                successes.append(Success(usage: usage, principal: principal, stagelessName: stageless))
            }
        }
    }

    private struct Key: Hashable {
        var kind: PrincipalName.Kind
        var name: String
    }

    /// The successes of principals of the same kind whose name is the same, or would be but for the words that tell a stage.
    func successes(ofNamesLike own: PrincipalName) -> [Success] {
        guard !rows.isEmpty else { return [] }
        let index = index.value { Index(rows) }
        let same = index.byName[Key(kind: own.kind, name: own.name)] ?? []
        let alike = index.byStagelessName[Key(kind: own.kind, name: own.stagelessName)] ?? []
        return Set(same + alike).sorted().map { index.successes[$0] }
    }
}
