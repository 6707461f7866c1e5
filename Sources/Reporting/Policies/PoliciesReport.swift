import Diagnosis
import IAMPolicy
import OrderedJSON
public import PolicyTimeline

/// Whose policies held at a moment, where each is known from, and what is not known: the answer of `trail403 policies`.
public struct PoliciesReport: Sendable {
    /// The policies of one type.
    struct Section: Sendable {
        var type: String
        var title: String
        var slot: PolicySlot
    }

    private let subject: String
    private let time: String
    private let sections: [Section]
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
        case .user, .role, .group: asked.principal = holder
        case .vpcEndpoint: asked.endpoint = holder.name
        default: asked.resources = [holder]
        }
        if !holder.account.isEmpty { asked.accounts = [holder.account] }
        let state = timeline.state(at: moment, of: asked)
        var sections: [Section] = []
        if let principal = state.principal {
            sections.append(Section(type: "identity-based", title: "Identity-based policies", slot: principal.identity))
            if holder.kind != .group {
                sections.append(
                    Section(type: "permissions-boundary", title: "Permissions boundary", slot: principal.boundary))
            }
            if holder.kind == .role {
                sections.append(Section(type: "role-trust", title: "Trust policy", slot: principal.trust))
            }
        }
        for resource in state.resources {
            sections.append(Section(type: "resource-based", title: "Resource-based policy", slot: resource.policy))
            if !resource.grants.policies.isEmpty {
                sections.append(Section(type: "grant", title: "Grants", slot: resource.grants))
            }
        }
        if let endpoint = state.endpoint {
            sections.append(Section(type: "vpc-endpoint", title: "Policy of the VPC endpoint", slot: endpoint))
        }
        for level in state.organization.values.flatMap(\.levels).reversed() {
            let both = [
                ("service-control", "Service control policies of \(level.id)", level.serviceControl),
                ("resource-control", "Resource control policies of \(level.id)", level.resourceControl),
            ]
            for (type, title, slot) in both where !slot.policies.isEmpty {
                sections.append(Section(type: type, title: title, slot: slot))
            }
        }
        self.sections = sections
        exists = state.principal?.exists
        uniqueID = state.principal?.uniqueID
        let reach = timeline.reach(of: [holder])
        lastEdit = timeline.edits(after: .at(""), upTo: moment, touching: reach.sorted()).last
    }

    // MARK: Text

    /// Lines for people.
    public func text() -> String {
        var lines = ["\(subject), as of \(shownTime(time) ?? time)"]
        if let exists { lines.append(exists ? "It exists\(uniqueID.map { " (\($0))" } ?? "")." : "It does not exist.") }
        for section in sections {
            lines.append("")
            lines.append("\(section.title): \(Self.completeness(section.slot))")
            for policy in section.slot.policies { lines += Self.lines(policy) }
        }
        if let event = lastEdit?.event {
            lines.append("")
            lines.append("Last change: \(Self.shown(event))")
        }
        return lines.map { VisibleText.visible($0) + "\n" }.joined()
    }

    private static func completeness(_ slot: PolicySlot) -> String {
        if slot.isComplete {
            let reason = slot.completedBy.map { ", since \(shown($0))" } ?? ""
            return slot.policies.isEmpty ? "none\(reason)" : "no others\(reason)"
        }
        return slot.policies.isEmpty
            ? "not known: nothing in the archive tells"
            : "there may be others: the archive does not begin before them"
    }

    private static func lines(_ policy: HeldPolicy) -> [String] {
        var head = "  \(policy.name.isEmpty ? "policy" : policy.name)"
        if let group = policy.group { head += " of group \(group)" }
        if let version = policy.version { head += ", version \(version)" }
        if !policy.isCertain { head += ", which may be there" }
        var lines = [head, "    \(shown(policy.source))"]
        switch policy.textSource {
        case .recorded(let source) where source == policy.source: break
        case .recorded(let source): lines.append("    text: \(shown(source))")
        case .awsManaged(let version, let isCertain):
            let doubt = isCertain ? "" : ", or another one: AWS changed it about then"
            lines.append("    text: AWS's own\(version.isEmpty ? "" : ", version \(version)")\(doubt)")
        case .unknown: lines.append("    text: not known")
        }
        if let document = policy.text.document {
            lines += document.text.split(separator: "\n").map { "    \($0)" }
        }
        return lines
    }

    private static func shown(_ source: LaneState.Source) -> String {
        switch source {
        case .event(let event): shown(event)
        case .laterEvent(let event): "known from what came later: \(shown(event))"
        case .snapshot(let snapshot):
            "the export \(snapshot.name) of \(shownTime(snapshot.time) ?? snapshot.time)"
                + (snapshot.isTimeAssumed ? ", a time that is assumed" : "")
        }
    }

    private static func shown(_ event: ChangeEvent) -> String {
        let actor = event.actor.isEmpty ? "" : " by \(event.actor)"
        return "\(event.eventName) at \(shownTime(event.eventTime) ?? event.eventTime)\(actor) (\(event.eventID))"
    }

    // MARK: JSON

    /// The same as JSON (`schemaVersion` 1).
    public func json() -> String {
        JSONValue.members(
            ("schemaVersion", .integer(1)), ("subject", .string(subject)), ("at", .string(time)),
            ("exists", exists.map(JSONValue.bool) ?? .null), ("uniqueId", uniqueID.map(JSONValue.string) ?? .null),
            ("policyTypes", .array(sections.map(Self.value))),
            ("lastChange", lastEdit?.event.map(Self.value) ?? .null)
        ).prettyText() + "\n"
    }

    private static func value(_ section: Section) -> JSONValue {
        .members(
            ("policyType", .string(section.type)), ("title", .string(section.title)),
            ("isComplete", .bool(section.slot.isComplete)),
            ("completedBy", section.slot.completedBy.map(value) ?? .null),
            ("policies", .array(section.slot.policies.map(value))))
    }

    private static func value(_ policy: HeldPolicy) -> JSONValue {
        let text: JSONValue =
            switch policy.textSource {
            case .recorded(let source): value(source)
            case .awsManaged(let version, let isCertain):
                .members(
                    ("kind", .string("aws-managed")), ("version", .string(version)), ("isCertain", .bool(isCertain)))
            case .unknown: .null
            }
        return .members(
            ("name", .string(policy.name)), ("group", policy.group.map(JSONValue.string) ?? .null),
            ("version", policy.version.map(JSONValue.string) ?? .null), ("isCertain", .bool(policy.isCertain)),
            ("source", value(policy.source)), ("textSource", text), ("document", policy.text.document?.json ?? .null))
    }

    private static func value(_ source: LaneState.Source) -> JSONValue {
        switch source {
        case .event(let event): value(event, kind: "event")
        case .laterEvent(let event): value(event, kind: "later-event")
        case .snapshot(let snapshot):
            .members(
                ("kind", .string("snapshot")), ("name", .string(snapshot.name)), ("time", .string(snapshot.time)),
                ("isTimeAssumed", .bool(snapshot.isTimeAssumed)))
        }
    }

    private static func value(_ event: ChangeEvent) -> JSONValue { value(event, kind: "event") }

    private static func value(_ event: ChangeEvent, kind: String) -> JSONValue {
        .members(
            ("kind", .string(kind)), ("eventID", .string(event.eventID)), ("eventTime", .string(event.eventTime)),
            ("eventName", .string(event.eventName)), ("principal", .string(event.actor)))
    }
}
