import Diagnosis
import IAMPolicy
import OrderedJSON
public import PolicyTimeline
import Wording

/// Whose policies held at a moment, where each is known from, and what is not known: the answer of `trail403 policies`.
public struct PoliciesReport: Sendable {
    private let subject: String
    private let time: String
    private let sections: [PolicySection]
    private let exists: Bool?
    private let uniqueID: String?
    private let lastEdit: PolicyEdit?

    /// The policies of a holder at a time, ISO 8601 UTC text.
    ///
    /// - Parameter subject: how the user named the holder.
    public init(of holder: Holder, named subject: String, at time: String, in timeline: PolicyTimeline) {
        self.subject = subject
        self.time = time
        let moment = Moment.at(time)
        var asked = PolicySubject()
        switch holder.kind {
        case .user, .group: asked.principal = holder
        case .role:
            asked.principal = holder
            asked.resources = [holder]
        case .session:
            asked.session = holder.name
            let facts = timeline.state(of: holder, .settings, at: moment)
            if case .known(.text(let role))? = facts.entries["role"]?.knowledge {
                asked.principal = Holder(naming: role)
            }
        case .vpcEndpoint: asked.endpoint = holder.name
        default: asked.resources = [holder]
        }
        let account = asked.principal?.account ?? holder.account
        if !account.isEmpty { asked.accounts = [account] }
        let state = timeline.state(at: moment, of: asked)
        sections = PolicySection.sections(state)
        exists = state.principal?.exists
        uniqueID = state.principal?.uniqueID
        let reach = timeline.reach(of: [holder])
        lastEdit = timeline.edits(after: .at(""), upTo: moment, touching: reach.sorted()).last
    }

    // MARK: Text

    /// Lines for people.
    public func text() -> String {
        var lines = [VisibleText.visible("\(subject), as of \(shownTime(time) ?? time)")]
        if let exists {
            let id = uniqueID.map { " (\(VisibleText.visible($0)))" } ?? ""
            lines.append(exists ? "It exists\(id)." : "It does not exist.")
        }
        for section in sections {
            lines.append("")
            lines += section.lines()
        }
        if let event = lastEdit?.event {
            lines.append("")
            lines.append(VisibleText.visible("Last change: \(PolicySection.shown(event))"))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: JSON

    /// The same as JSON (`schemaVersion` 1).
    public func json() -> String {
        JSONValue.members(
            ("schemaVersion", .integer(1)), ("subject", .string(subject)), ("at", .string(time)),
            ("exists", exists.map(JSONValue.bool) ?? .null), ("uniqueId", uniqueID.map(JSONValue.string) ?? .null),
            ("policyTypes", .array(sections.map(\.json))),
            ("lastChange", lastEdit?.event.map(PolicySection.value) ?? .null)
        ).prettyText() + "\n"
    }
}
