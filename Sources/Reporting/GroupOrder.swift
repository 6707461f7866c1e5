public import Diagnosis
import TrailStore

/// The order of groups in a report: the one to look at first comes first.
///
/// People before AWS services; what still fails before what alternates before what works again; more denials before fewer; the
/// more recent before the older; then principal, action and id, so that the order is total and the same on every machine.
public enum GroupOrder {
    static func sorted(_ groups: [DiagnosedGroup]) -> [DiagnosedGroup] {
        // Groups are large: their places are sorted, and each group is moved once.
        groups.indices.sorted { precedes(groups[$0], groups[$1]) }.map { groups[$0] }
    }

    /// Whether one group comes before another.
    public static func precedes(_ left: DiagnosedGroup, _ right: DiagnosedGroup) -> Bool {
        let (leftService, rightService) = (isAWSService(left), isAWSService(right))
        if leftService != rightService { return rightService }
        if left.status != right.status { return rank(left.status) < rank(right.status) }
        if left.group.denials != right.group.denials { return left.group.denials > right.group.denials }
        if left.group.lastSeen != right.group.lastSeen { return left.group.lastSeen > right.group.lastSeen }
        if left.group.principal != right.group.principal { return left.group.principal < right.group.principal }
        if left.group.action != right.group.action { return left.group.action < right.group.action }
        return left.group.id < right.group.id
    }

    private static func isAWSService(_ group: DiagnosedGroup) -> Bool { group.group.principalType == "AWSService" }

    private static func rank(_ status: DiagnosedGroup.Status) -> Int {
        switch status {
        case .ongoing: 0
        case .intermittent: 1
        case .resolved: 2
        }
    }
}
