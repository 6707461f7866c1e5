import Causes
import Diagnosis
import Findings
import OrderedJSON
import RecordedChanges
public import Remedies
public import TrailStore
import Wording

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
                via: incident.person?.client?.kind.rawValue,
                fix: incident.remedy.kind == .command ? incident.remedy.short : nil,
                firstGroupID: incident.groups.first ?? "")
        }
    }

    /// The groups of incidents that do not bear the id that the group's cause gives alone, by those incidents' ids.
    public var renamedIncidents: [String: [String]] {
        let renamed = incidents.filter { $0.id != $0.key.incidentID || !$0.dependents.isEmpty }
        return Dictionary(
            renamed.map { ($0.id, $0.id == $0.key.incidentID ? $0.dependents.sorted() : $0.groups) }
        ) { first, _ in first }
    }
}

extension DiagnosedGroup {
    /// The diagnosis as the view `diagnosis` tells it, unless the incident bears another id than most
    /// (``Report/renamedIncidents``).
    ///
    /// - Parameters:
    ///   - logFileRecords: how many records of successes the group has in log files.
    ///   - unreadRecords: how many of them the diagnosis did without.
    public func row(logFileRecords: Int = 0, unreadRecords: Int = 0) -> DiagnosisRow {
        var told = self
        // What is new is another matter for each report.
        told.group.newDenials = nil
        var outline = DiagnosisOutline(self)
        outline.logFileRecords = logFileRecords
        outline.unreadRecords = unreadRecords
        return DiagnosisRow(
            outline: outline, title: rootCause.title.plain, explanation: rootCause.explanation.plain,
            fix: remedy.short, json: StoredJSON(told.json.prettyText(depth: StoredGroups.depth)))
    }
}

extension Remedy {
    /// What to do: a sentence, then commands, one a line.
    fileprivate var short: String { ([text.firstSentence.plain] + commands.lines).joined(separator: "\n") }
}
