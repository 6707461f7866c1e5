import Diagnosis
import TrailStore

/// The numbers under which reports show incidents and their groups: `3`, and `3.2` for the second group of an incident of several.
struct IncidentNumbers {
    private let labels: [String: String]

    init(_ incidents: [Incident]) {
        var labels: [String: String] = [:]
        for (index, incident) in incidents.enumerated() {
            for (place, group) in incident.groups.enumerated() {
                labels[group] = incident.groups.count == 1 ? "\(index + 1)" : "\(index + 1).\(place + 1)"
            }
        }
        self.labels = labels
    }

    /// The number of a group.
    subscript(group: DiagnosedGroup) -> String { labels[group.group.id] ?? "" }
}

extension Report {
    /// The groups as reports tell them: the leading one of each incident in the incidents' order, then the others likewise.
    var groupsByIncident: [DiagnosedGroup] {
        let byID = Dictionary(groups.map { ($0.group.id, $0) }) { one, _ in one }
        let leads = incidents.compactMap { $0.groups.first }
        return (leads + incidents.flatMap { $0.groups.dropFirst() }).compactMap { byID[$0] }
    }
}
