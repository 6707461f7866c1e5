public import Diagnosis
public import TrailStore

extension Report {
    /// The ids of the groups that a report tells more of than a line, be the others known in outline alone: those that it tells in
    /// full, the one that leads the first incident, all of that where their commands stand at the top, and the one that the note of older
    /// denials takes its example from.
    ///
    /// - Parameters:
    ///   - groups: in any order.
    ///   - outline: what the database holds.
    ///   - detailed: how many groups are told in full.
    public static func told(of groups: [DiagnosedGroup], _ outline: ReportOutline, detailed: Int) -> Set<String> {
        let groups = GroupOrder(end: outline.to).sorted(groups)
        let incidents = Incident.incidents(of: groups)
        guard let first = incidents.first else { return [] }
        var told = Set(incidents.lazy.compactMap(\.groups.first).prefix(max(detailed, 1)))
        told.formUnion(incidents.lazy.flatMap { $0.groups.dropFirst() }.prefix(max(detailed - incidents.count, 0)))
        if first.remedy.kind == .command { told.formUnion(first.groups) }
        if let older = CoverageNotes.older(groups, from: outline.from).first { told.insert(older.group.id) }
        return told
    }
}
