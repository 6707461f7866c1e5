import Diagnosis
import Remedies
import TrailStore

/// The numbers under which reports show incidents and their groups: `3`, and `3.2` for the second group of an incident of several.
struct IncidentNumbers {
    private struct Number {
        var incident: Int
        /// `nil` for an incident's only group.
        var group: Int?
    }

    private let numbers: [String: Number]

    init(_ incidents: [Incident]) {
        var numbers: [String: Number] = [:]
        numbers.reserveCapacity(incidents.count)
        for place in incidents.indices {
            let groups = incidents[place].groups
            for (index, group) in groups.enumerated() {
                numbers[group] = Number(incident: place + 1, group: groups.count == 1 ? nil : index + 1)
            }
        }
        self.numbers = numbers
    }

    /// The number of a group.
    subscript(group: DiagnosedGroup) -> String {
        numbers[group.group.id].map { number in
            number.group.map { "\(number.incident).\($0)" } ?? "\(number.incident)"
        } ?? ""
    }
}

extension Report {
    /// The groups as reports tell them: the leading one of each incident in the incidents' order, then the others likewise.
    var groupsByIncident: [DiagnosedGroup] {
        var byID: [String: DiagnosedGroup] = [:]
        byID.reserveCapacity(groups.count)
        for group in groups where byID[group.group.id] == nil { byID[group.group.id] = group }
        var (leads, others): ([DiagnosedGroup], [DiagnosedGroup]) = ([], [])
        for place in incidents.indices {
            for (index, id) in incidents[place].groups.enumerated() {
                guard let group = byID[id] else { continue }
                if index == 0 { leads.append(group) } else { others.append(group) }
            }
        }
        return leads + others
    }
}
