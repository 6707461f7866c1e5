public import Diagnosis
public import TrailStore

extension Report {
    /// The ids of the groups that a report tells more of than a line, be the others known in outline alone: those that it tells in
    /// full, the one that leads the first incident, all of that where their commands stand at the top, and the one that the note of older
    /// denials takes its example from.
    ///
    /// - Parameters:
    ///   - groups: in the order of a report (``ordered(_:end:)``).
    ///   - incidents: those of the groups.
    ///   - outline: what the database holds.
    ///   - detailed: how many groups are told in full.
    public static func told(
        of groups: [DiagnosedGroup], _ incidents: [Incident], _ outline: ReportOutline, detailed: Int
    ) -> Set<String> {
        guard let first = incidents.first else { return [] }
        var told = Set(incidents.lazy.compactMap(\.groups.first).prefix(max(detailed, 1)))
        told.formUnion(incidents.lazy.flatMap { $0.groups.dropFirst() }.prefix(max(detailed - incidents.count, 0)))
        if first.remedy.kind == .command { told.formUnion(first.groups) }
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
