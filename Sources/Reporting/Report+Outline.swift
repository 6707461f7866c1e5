import Causes
public import Diagnosis
import Findings
public import Remedies
public import TrailStore

extension Report {
    /// Of what a report tells more than a line.
    public struct Extent: Sendable, Hashable {
        /// How many groups it tells in full.
        public var groups: Int
        /// Of how many incidents it tells what to do: of the first one, as the answer, and of those that have a section of their own.
        public var remedies: Int

        /// Groups in full, and incidents with what to do.
        public init(groups: Int, remedies: Int) {
            self.groups = groups
            self.remedies = remedies
        }
    }

    /// The ids of the groups that a report tells more of than a line, be the others known in outline alone: those that it tells in
    /// full, those that the remedies of incidents are made of where it tells these, and the one that the note of older denials takes its
    /// example from.
    ///
    /// - Parameters:
    ///   - groups: in the order of a report (``ordered(_:end:)``).
    ///   - incidents: those of the groups.
    ///   - outline: what the database holds.
    ///   - extent: of what the report tells more than a line.
    public static func told(
        of groups: [DiagnosedGroup], _ incidents: [Incident], _ outline: ReportOutline, _ extent: Extent
    ) -> Set<String> {
        let leads = max(extent.groups, extent.remedies)
        guard leads > 0 else { return [] }
        var told = Set(incidents.lazy.compactMap(\.groups.first).prefix(leads))
        told.formUnion(incidents.lazy.flatMap { $0.groups.dropFirst() }.prefix(max(extent.groups - incidents.count, 0)))
        // Commands are those of all groups, an Allow is that of the first one's principal.
        let remedies = Dictionary(incidents.prefix(extent.remedies).map { ($0.key, $0.remedy.kind) }) { first, _ in
            first
        }
        var principals: [CauseKey: String] = [:]
        for group in groups {
            guard let kind = remedies[group.causeKey] else { continue }
            let principal = principals[group.causeKey, default: group.group.principal]
            principals[group.causeKey] = principal
            if kind == .command || group.group.principal == principal { told.insert(group.group.id) }
        }
        if let older = CoverageNotes.older(groups, from: outline.from).first { told.insert(older.group.id) }
        return told
    }

    /// The groups in the order of a report of an archive that ends then, ISO 8601 UTC text.
    public static func ordered(_ groups: [DiagnosedGroup], end: String?) -> [DiagnosedGroup] {
        GroupOrder(end: end).sorted(groups)
    }

    /// The one of the groups, which come in the order of a report, that the note of older denials takes its example from.
    public static func example(of groups: [DiagnosedGroup], _ outline: ReportOutline) -> String? {
        CoverageNotes.older(groups, from: outline.from).first?.group.id
    }
}
