import AccessDenial
import Diagnosis
import OrderedJSON
import Remedies
import TrailStore
import Wording

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
        parts.addList(groups) { [incidents, places, stored] _, group in
            let json = stored.map { $0.json(group) } ?? group.json
            let incident = places[group.group.id].map { incidents[$0] }
            return (Self.row(json) + Self.cells(incident, json)).joined(separator: ",") + "\r\n"
        }
        return parts
    }

    private static func cells(_ incident: Incident?, _ group: JSONValue) -> [String] {
        [
            incident?.id, incident?.title.plain, incident?.state.rawValue, group["person"]?["name"]?.stringValue,
            group["person"]?["via"]?.stringValue, group["layer"]?.stringValue ?? "cloudtrail",
        ].map { CSVText.cell($0 ?? "") }
    }

    /// The cells that a group's JSON tells.
    private static func row(_ group: JSONValue) -> [String] {
        func number(_ value: JSONValue?) -> String { value.map(\.compactText) ?? "" }
        func text(_ value: JSONValue?) -> String { CSVText.cell(value?.stringValue ?? "") }
        func list(_ values: [JSONValue]) -> String {
            CSVText.cell(values.compactMap(\.stringValue).joined(separator: " "))
        }
        let cause = group["rootCause"] ?? .null
        let remedy = cause["remedy"] ?? .null
        let resources = group["resources"]?.elements ?? []
        var cells = [
            "id", "principal", "principalType", "action", "reason", "effect", "policyType", "policyARN", "category",
        ].map { text(group[$0]) }
        cells += [number(group["denials"]), number(group["newDenials"])]
        cells += ["firstSeen", "lastSeen", "status"].map { text(group[$0]) }
        cells += [text(resources.first?["resource"]), String(resources.count)]
        cells += ["regions", "accounts", "sourceIPAddresses", "userAgents"].map { list(group[$0]?.elements ?? []) }
        cells += [text(cause["code"]), text(cause["confidence"]), number(cause["step"]), text(cause["title"])]
        cells += [text(cause["explanation"]), text(remedy["kind"]), text(remedy["text"])]
        cells.append(CSVText.cell(lines: (remedy["commands"]?.elements ?? []).compactMap(\.stringValue)))
        cells.append(CSVText.cell(remedy["policy"].map(compact) ?? ""))
        cells.append(list((cause["evidence"]?.elements ?? []).compactMap { $0["eventID"] }))
        return cells
    }

    /// A policy on one line.
    private static func compact(_ policy: JSONValue) -> String {
        guard policy != .null else { return "" }
        return policy.prettyText().split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    }
}
