public import Diagnosis
import Findings
import IAMPolicy
import OrderedJSON
import RecordedChanges
public import Remedies
import TrailStore
import Wording

/// One incident on one page: the answer of `trail403 explain INCIDENT`.
public struct IncidentPage: Sendable, Hashable {
    /// The incident.
    public var incident: Incident
    /// Its groups, the most telling first.
    public var groups: [DiagnosedGroup]
    /// What the change to blame did to policies.
    var diffs: [PolicyDiff] = []

    /// The page of an incident of a report.
    public init(_ incident: Incident, in report: Report) {
        self.incident = incident
        let ids = Set(incident.groups)
        groups = report.groups.filter { ids.contains($0.group.id) }
    }

    /// The page as JSON: the incident as reports tell it, with its groups in full.
    public func json() -> String {
        JSONValue.members(
            ("schemaVersion", .integer(Report.schemaVersion)), ("incident", incident.json),
            ("policyDiffs", .array(diffs.map(\.json))), ("groups", .array(groups.map(\.json)))
        ).prettyText() + "\n"
    }

    /// The page as text.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours.
    ///   - times: how times are shown.
    public func text(width: Int = 80, color: Bool = false, times: TimeDisplay = .utc) -> String {
        var text = TerminalText(width: width, usesColor: color, times: times)
        text.paragraph(
            incident.title.spans + [.init(", "), state, .init("  [\(incident.id)]", .faint)])
        if let person = incident.person { text.row("By", person.story.spans) }
        text.row("Why", Answer.why(incident.cause).spans)
        if let change = incident.change {
            text.row("Change", Prose("\(change.eventName) at \(time: change.eventTime), event \(change.eventID)").spans)
        }
        if let fixedBy = incident.fixedBy {
            text.row("Fixed by", Prose("\(fixedBy.summary.capitalised) at \(time: fixedBy.eventTime)").spans)
        }
        for diff in diffs { text.diff(diff, indent: TerminalText.labelMargin) }
        text.row("Fix", incident.remedy.text.spans)
        for line in incident.remedy.commands.lines { text.command(line, indent: TerminalText.labelMargin) }
        if let policy = incident.remedy.policy { text.policy(policy.text, indent: TerminalText.labelMargin) }
        for part in incident.remedy.parts {
            text.verbatim(part.title, indent: TerminalText.labelMargin)
            for line in part.lines { text.verbatim(line, indent: TerminalText.labelMargin + 2) }
        }
        text.blank()
        text.paragraph([
            .init("Groups", .strong), .init(": trail403 explain ID shows one in full", .faint),
        ])
        for (index, group) in groups.enumerated() {
            let facts = group.group
            text.paragraph(
                [.init("\(index + 1). ")] + PrincipalLabel.prose(facts.principal).spans
                    + [.init(", \(facts.action), "), .init("\(Answer.denials(group)), \(group.status.words)")]
                    + [.init("  [\(facts.id)]", .faint)],
                hanging: 3)
        }
        return text.output
    }

    private var state: TerminalText.Span {
        .init(incident.state.rawValue, incident.state.style)
    }
}

extension TerminalText {
    /// Room for the labels at the left of a page.
    static let labelMargin = 10

    /// A label in a column of its own, and a paragraph beside it.
    mutating func row(_ label: String, _ spans: [Span]) {
        let padded = label + String(repeating: " ", count: max(1, Self.labelMargin - label.count))
        paragraph(spans, first: padded, hanging: Self.labelMargin)
    }
}
