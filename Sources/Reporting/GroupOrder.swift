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
        // Groups are large: their places are sorted, and each group is moved once.
        groups.indices.sorted { precedes(groups[$0], groups[$1]) }.map { groups[$0] }
    }

    /// Whether one group comes before another.
    func precedes(_ left: DiagnosedGroup, _ right: DiagnosedGroup) -> Bool {
        let (leftService, rightService) = (isAWSService(left), isAWSService(right))
        if leftService != rightService { return rightService }
        let (leftRank, rightRank) = (rank(left), rank(right))
        if leftRank != rightRank { return leftRank < rightRank }
        let (leftWeight, rightWeight) = (weight(left), weight(right))
        if leftWeight != rightWeight { return leftWeight > rightWeight }
        if left.status != right.status, [left.status, right.status].contains(.ongoing) {
            return left.status == .ongoing
        }
        if left.group.lastSeen != right.group.lastSeen { return left.group.lastSeen > right.group.lastSeen }
        if left.group.principal != right.group.principal { return left.group.principal < right.group.principal }
        if left.group.action != right.group.action { return left.group.action < right.group.action }
        return left.group.id < right.group.id
    }

    private func isAWSService(_ group: DiagnosedGroup) -> Bool { group.group.principalType == "AWSService" }

    private func rank(_ group: DiagnosedGroup) -> Int {
        switch group.status {
        case .ongoing, .intermittent: group.group.lastSeen >= recent ? 0 : 1
        case .quiet: 1
        case .resolved, .gone: 2
        }
    }

    private func weight(_ group: DiagnosedGroup) -> Int {
        switch group.status {
        case .ongoing, .quiet: group.group.denials * 10
        case .intermittent, .resolved, .gone: group.group.denials
        }
    }
}
