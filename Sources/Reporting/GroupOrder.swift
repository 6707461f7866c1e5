import Diagnosis
import Remedies
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
        let ranks = groups.parallelParts { $0.map { rank($0) } }
        func precedes(_ left: Int, _ right: Int) -> Bool {
            ranks[left] == ranks[right]
                ? Self.precedes(groups[left].group, groups[right].group) : ranks[left] < ranks[right]
        }
        guard groups.indices.dropFirst().contains(where: { precedes($0, $0 - 1) }) else { return groups }
        return groups.indices.sorted(by: precedes).map { groups[$0] }
    }

    /// What orders groups before their texts do.
    private func rank(_ group: DiagnosedGroup) -> ReportRank {
        let stage =
            switch group.status {
            case .ongoing, .intermittent: group.group.lastSeen >= recent ? 0 : 1
            case .quiet: 1
            case .resolved, .gone: 2
            }
        let factor =
            switch group.status {
            case .ongoing, .quiet: 10
            case .intermittent, .resolved, .gone: 1
            }
        return ReportRank(
            isUnexplainedService: group.group.principalType == "AWSService" && !group.blamesChange, stage: stage,
            weight: group.group.denials * factor, isOngoing: group.status == .ongoing, lastSeen: group.group.lastSeen)
    }

    /// Whether one group comes before another of the same rank.
    private static func precedes(_ left: DenialGroup, _ right: DenialGroup) -> Bool {
        if left.lastSeen != right.lastSeen { return left.lastSeen > right.lastSeen }
        return (left.principal, left.action, left.id) < (right.principal, right.action, right.id)
    }
}
