import Diagnosis
public import TrailStore

extension Report {
    /// The incidents as the view `incident` tells them, the most telling first.
    public var incidentRows: [IncidentRow] {
        incidents.map { incident in
            IncidentRow(
                id: incident.id, title: incident.title.plain, code: incident.cause.code.rawValue,
                confidence: incident.cause.confidence.rawValue, state: incident.state.rawValue,
                denials: incident.denials,
                newDenials: incident.newDenials, firstSeen: incident.firstSeen, lastSeen: incident.lastSeen,
                changeEventID: incident.change?.eventID, person: incident.person?.name,
                via: incident.person?.client?.kind.rawValue, fix: incident.remedy.short)
        }
    }

    /// The groups' diagnoses as the view `diagnosis` tells them.
    public var diagnosisRows: [DiagnosisRow] {
        var ids: [String: String] = [:]
        for incident in incidents { for group in incident.groups { ids[group] = incident.id } }
        return groups.map { group in
            DiagnosisRow(
                denialGroupID: group.group.id, incidentID: ids[group.group.id] ?? "", status: group.status.rawValue,
                code: group.rootCause.code.rawValue, confidence: group.rootCause.confidence.rawValue,
                title: group.rootCause.title.plain, explanation: group.rootCause.explanation.plain,
                fix: group.remedy.short, outline: DiagnosisOutline(group))
        }
    }
}

extension Remedy {
    /// What to do: a sentence, then commands, one a line.
    fileprivate var short: String { ([text.firstSentence.plain] + commands.lines).joined(separator: "\n") }
}
