import Diagnosis
import TrailStore

/// The order of groups in a report: what matters now comes first.
///
/// People before AWS services; what still fails before what has not been tried for a week, and that before what works again; more
/// denials before fewer, where those of calls that always fail count ten times those of calls that fail by turns; the more recent
/// before the older; then principal, action and id, so that the order is total and the same on every machine.
struct GroupOrder {
    /// Denials before this moment, ISO 8601 UTC, are of long ago.
    private let recent: String

    /// Seconds before the archive's end from which on a denial is one of now; a call that is made once a week is, too.
    private static let recentSpan: Int64 = 8 * 86_400

    /// An order of groups whose archive, or window, ends at this moment; `nil` for an empty archive.
    init(end: String?) {
        recent = end.flatMap { Timestamp.seconds($0) }.map { Timestamp.text(max(0, $0 - Self.recentSpan)) } ?? ""
    }

    func sorted(_ groups: [DiagnosedGroup]) -> [DiagnosedGroup] {
        // What orders groups is taken out once, and each is moved once.
        let ranks = groups.parallelParts { $0.map { Rank($0, recent: recent) } }
        guard zip(ranks, ranks.dropFirst()).contains(where: { $1 < $0 }) else { return groups }
        return groups.indices.sorted { ranks[$0] < ranks[$1] }.map { groups[$0] }
    }

    /// Whether one group comes before another.
    func precedes(_ left: DiagnosedGroup, _ right: DiagnosedGroup) -> Bool {
        Rank(left, recent: recent) < Rank(right, recent: recent)
    }

    /// What orders a group.
    private struct Rank: Comparable {
        /// An AWS service that nobody's change shut out.
        let isUnexplainedService: Bool
        /// Lower comes first.
        let age: Int
        /// Higher comes first.
        let weight: Int
        let isOngoing: Bool
        /// Later comes first.
        let lastSeen: String
        let principal: String
        let action: String
        let id: String

        init(_ group: DiagnosedGroup, recent: String) {
            isUnexplainedService = group.group.principalType == "AWSService" && group.change == nil
            switch group.status {
            case .ongoing, .intermittent: age = group.group.lastSeen >= recent ? 0 : 1
            case .quiet: age = 1
            case .resolved, .gone: age = 2
            }
            switch group.status {
            case .ongoing, .quiet: weight = group.group.denials * 10
            case .intermittent, .resolved, .gone: weight = group.group.denials
            }
            isOngoing = group.status == .ongoing
            lastSeen = group.group.lastSeen
            principal = group.group.principal
            action = group.group.action
            id = group.group.id
        }

        static func < (left: Rank, right: Rank) -> Bool {
            if left.isUnexplainedService != right.isUnexplainedService { return right.isUnexplainedService }
            if left.age != right.age { return left.age < right.age }
            if left.weight != right.weight { return left.weight > right.weight }
            if left.isOngoing != right.isOngoing { return left.isOngoing }
            if left.lastSeen != right.lastSeen { return left.lastSeen > right.lastSeen }
            return (left.principal, left.action, left.id) < (right.principal, right.action, right.id)
        }
    }
}
