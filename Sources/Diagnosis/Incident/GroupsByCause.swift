import Causes
import Remedies
import TrailStore

/// The groups of a report by what they come down to, in their order; those that were refused because another one was come last.
struct GroupsByCause {
    /// The causes, in the order of their first groups.
    let keys: [CauseKey]
    /// The places of the groups, cause by cause.
    private let sorted: [Int]
    /// Where each cause begins among them, and where the last one ends.
    private let starts: [Int]

    init(_ groups: [DiagnosedGroup]) {
        var keys: [CauseKey] = []
        var numbers: [CauseKey: Int] = [:]
        var sizes: [Int] = []
        let behind = GroupsBehind(groups)
        let causes = groups.map { group in
            let key = behind.key(of: group)
            if let number = numbers[key] {
                sizes[number] += 1
                return number
            }
            numbers[key] = keys.count
            keys.append(key)
            sizes.append(1)
            return keys.count - 1
        }
        let starts = sizes.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        var next = starts
        var sorted = Array(repeating: 0, count: groups.count)
        // Whose cause it is leads.
        for isBehind in [false, true] {
            for (place, cause) in causes.enumerated() where (groups[place].causeKey.kind == .behind) == isBehind {
                sorted[next[cause]] = place
                next[cause] += 1
            }
        }
        self.keys = keys
        self.starts = starts
        self.sorted = sorted
    }

    /// The places of each cause's groups.
    var places: [ArraySlice<Int>] { keys.indices.map { sorted[starts[$0]..<starts[$0 + 1]] } }
}

/// The groups on whose refusal that of another one rests.
private struct GroupsBehind {
    private let keys: [String: CauseKey]

    init(_ groups: [DiagnosedGroup]) {
        let behind = Set(groups.lazy.filter { $0.causeKey.kind == .behind }.compactMap(\.behindGroupID))
        guard !behind.isEmpty else {
            keys = [:]
            return
        }
        let found = groups.lazy.filter { behind.contains($0.group.id) }.map { ($0.group.id, $0.causeKey) }
        keys = Dictionary(found) { first, _ in first }
    }

    /// A group's key, be it that of the group behind it.
    func key(of group: DiagnosedGroup) -> CauseKey {
        guard group.causeKey.kind == .behind, let key = group.behindGroupID.flatMap({ keys[$0] }), key.kind != .behind
        else { return group.causeKey }
        return key
    }
}
