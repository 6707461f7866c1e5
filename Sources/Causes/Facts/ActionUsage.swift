package import RecordedChanges
package import TrailStore

/// What everybody did with one action, indexed once for all of its denial groups.
package final class ActionUsage: Sendable {
    /// Somebody's successes in one Region and account, with who that is.
    package struct Success: Sendable {
        package let usage: Usage
        package let principal: PrincipalName
        /// The name without the words that tell a stage; empty where nothing else is left.
        let stagelessName: String
    }

    /// In the order in which findings are to name them.
    package let rows: [Usage]
    /// The last success of anybody; `nil` where there is none.
    package let lastSuccess: String?
    private let index = Once<Index>()

    /// No usage.
    package static let none = ActionUsage([])

    init(_ rows: [Usage]) {
        self.rows = rows
        lastSuccess = rows.lazy.compactMap(\.lastSuccess).max()
    }

    private struct Index: Sendable {
        var successes: [Success] = []
        /// Places of the successes, by the name and by what is left of it without a stage.
        var byName: [Key: [Int]] = [:]
        var byStagelessName: [Key: [Int]] = [:]
        var roles: [String: [Role]] = [:]

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
                add(usage, principal)
            }
        }

        private mutating func add(_ usage: Usage, _ principal: PrincipalName) {
            guard principal.kind == .role, principal.linkedService == nil, principal.account == usage.accountId,
                let time = usage.lastSuccess
            else { return }
            var known = roles[usage.accountId, default: []]
            if let place = known.firstIndex(where: { $0.principal == principal }) {
                known[place].lastSuccess = max(known[place].lastSuccess, time)
            } else if known.count <= ActionUsage.roleLimit + 1 {
                known.append(Role(principal: principal, lastSuccess: time))
            }
            roles[usage.accountId] = known
        }
    }

    /// A role that made the call with success.
    package struct Role: Sendable {
        package let principal: PrincipalName
        package var lastSuccess: String
    }

    /// More roles than these make a call that everybody makes, and tell nothing of one.
    private static let roleLimit = 3

    /// The roles of an account that made the call with success in it, besides one; `nil` where many did.
    package func roles(in account: String, besides own: String) -> [Role]? {
        guard !rows.isEmpty else { return [] }
        let others = (index.value { Index(rows) }.roles[account] ?? []).filter { $0.principal.arn != own }
        return others.count > Self.roleLimit ? nil : others
    }

    private struct Key: Hashable {
        var kind: PrincipalName.Kind
        var name: String
    }

    /// The successes of principals of the same kind whose name is the same, or would be but for the words that tell a stage.
    package func successes(ofNamesLike own: PrincipalName) -> [Success] {
        guard !rows.isEmpty else { return [] }
        let index = index.value { Index(rows) }
        let same = index.byName[Key(kind: own.kind, name: own.name)] ?? []
        let alike = index.byStagelessName[Key(kind: own.kind, name: own.stagelessName)] ?? []
        return Set(same + alike).sorted().map { index.successes[$0] }
    }
}
