import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

extension Report {
    /// The names of the columns of ``csv()``, in order. New ones are added at the end.
    public static let csvColumns = [
        "id", "principal", "principalType", "action", "reason", "effect", "policyType", "policyARN", "category",
        "denials",
        "newDenials", "firstSeen", "lastSeen", "status", "resource", "resourceCount", "regions", "accounts",
        "sourceIPAddresses", "userAgents", "rootCause", "confidence", "step", "title", "explanation", "remedyKind",
        "remedy", "commands", "policy", "eventIDs", "incidentID", "incident", "incidentState",
        "person", "personVia", "layer",
    ]

    /// The report as CSV (RFC 4180): a header and one row a group, lines ended by CR LF. Lists stand in one cell, parted by
    /// blanks; no cell starts a formula.
    public func csv() -> String { csvParts().joined() }

    /// The same in parts.
    public func csvParts() -> TextParts {
        var places: [String: Int] = [:]
        for (place, incident) in incidents.enumerated() { for id in incident.groups { places[id] = place } }
        var parts = TextParts(Self.csvColumns.joined(separator: ",") + "\r\n")
        parts.addList(groups) { [incidents, places] _, group in
            let cells =
                Self.row(group)
                + Self.cells(places[group.group.id].map { incidents[$0] }, group.change?.person)
                + [group.group.companion?.layer.rawValue ?? "cloudtrail"]
            return cells.joined(separator: ",") + "\r\n"
        }
        return parts
    }

    private static func cells(_ incident: Incident?, _ person: Person?) -> [String] {
        [
            incident?.id, incident?.title.plain, incident?.state.rawValue, person?.name, person?.client?.kind.rawValue,
        ].map { CSVText.cell($0 ?? "") }
    }

    private static func row(_ diagnosed: DiagnosedGroup) -> [String] {
        let group = diagnosed.group
        func text(_ text: String) -> String { CSVText.cell(text) }
        func list(_ values: [Counted<String>]) -> String { CSVText.cell(values.map(\.value).joined(separator: " ")) }
        return [
            text(group.id), text(group.principal), text(group.principalType), text(group.action),
            text(group.reason.slug), text(group.reason.effect.rawValue),
            text(group.reason.policyType?.rawValue ?? ""), text(group.policyARNs.first?.value ?? ""),
            text(group.category.rawValue), String(group.denials), String(diagnosed.newDenials), text(group.firstSeen),
            text(group.lastSeen), text(diagnosed.status.rawValue), text(group.resources.first?.value ?? ""),
            String(group.resources.count), list(group.regions), list(group.accounts), list(group.sourceIPAddresses),
            list(group.userAgents), text(diagnosed.rootCause.code.rawValue),
            text(diagnosed.rootCause.confidence.rawValue), String(diagnosed.rootCause.step),
            text(diagnosed.rootCause.title.plain), text(diagnosed.rootCause.explanation.plain),
            text(diagnosed.remedy.kind.rawValue), text(diagnosed.remedy.text.plain),
            CSVText.cell(lines: diagnosed.remedy.commands.lines), text(compact(diagnosed.remedy.policy)),
            text(diagnosed.rootCause.evidence.map(\.eventID).joined(separator: " ")),
        ]
    }

    /// A policy on one line.
    private static func compact(_ policy: PolicyDocument?) -> String {
        guard let policy else { return "" }
        return policy.text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    }
}
