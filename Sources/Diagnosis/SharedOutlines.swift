import Causes
import Findings
import RecordedChanges
public import Remedies
import TrailStore

/// Makes groups in outline say once what very many of them say alike.
public struct SharedOutlines {
    private var causes: [Finding: Boxed<Finding>] = [:]
    private var remedies: [Remedy: Boxed<Remedy>] = [:]
    private var changes: [Evidence: Boxed<Evidence>] = [:]
    private var keys: [CauseKey: CauseKey] = [:]

    /// Nothing was said yet.
    public init() {}

    /// The group, which shares with the earlier ones what it says like them.
    public mutating func shared(_ group: DiagnosedGroup) -> DiagnosedGroup {
        var group = group
        group.share(
            cause: Self.one(group.sharedCause, in: &causes), remedy: Self.one(group.sharedRemedy, in: &remedies),
            change: group.sharedChange.map { Self.one($0, in: &changes) },
            key: keys[group.causeKey] ?? group.causeKey)
        keys[group.causeKey] = group.causeKey
        return group
    }

    private static func one<Value>(_ value: Boxed<Value>, in known: inout [Value: Boxed<Value>]) -> Boxed<Value> {
        if let known = known[value.value] { return known }
        known[value.value] = value
        return value
    }
}
