import Diagnosis
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Wording

/// The policies of one type that somebody has at a moment, as they are told.
struct PolicySection: Sendable {
    var type: String
    var title: String
    var slot: PolicySlot

    /// The policies of a state, by their types.
    static func sections(_ state: PolicyState) -> [PolicySection] {
        var sections: [PolicySection] = []
        if let principal = state.principal {
            sections.append(
                PolicySection(type: "identity-based", title: "Identity-based policies", slot: principal.identity))
            if principal.holder.kind != .group {
                sections.append(
                    PolicySection(
                        type: "permissions-boundary", title: "Permissions boundary", slot: principal.boundary))
            }
        }
        if let session = state.session {
            sections.append(PolicySection(type: "session", title: "Session policies", slot: session))
        }
        for resource in state.resources {
            let isTrust = resource.holder.kind == .role
            sections.append(
                PolicySection(
                    type: isTrust ? "role-trust" : "resource-based",
                    title: isTrust ? "Trust policy" : "Resource-based policy", slot: resource.policy))
            if !resource.grants.policies.isEmpty {
                sections.append(PolicySection(type: "grant", title: "Grants", slot: resource.grants))
            }
        }
        if let endpoint = state.endpoint {
            sections.append(PolicySection(type: "vpc-endpoint", title: "Policy of the VPC endpoint", slot: endpoint))
        }
        for (_, organization) in state.organization.sorted(by: { $0.key < $1.key }) {
            for level in organization.levels.reversed() {
                let both = [
                    ("service-control", "Service control policies of \(level.id)", level.serviceControl),
                    ("resource-control", "Resource control policies of \(level.id)", level.resourceControl),
                ]
                for (type, title, slot) in both where !slot.policies.isEmpty {
                    sections.append(PolicySection(type: type, title: title, slot: slot))
                }
            }
        }
        return sections
    }

    /// Lines for people, as they are shown.
    func lines(withTexts: Bool = true) -> [String] {
        [VisibleText.visible("\(title): \(completeness)")]
            + slot.policies.flatMap { Self.lines($0, withText: withTexts) }
    }

    private var completeness: String {
        if slot.isComplete {
            let reason = slot.completedBy.map { ", since \(Self.shown($0))" } ?? ""
            return slot.policies.isEmpty ? "none\(reason)" : "no others\(reason)"
        }
        return slot.policies.isEmpty
            ? "not known: nothing in the archive tells"
            : "there may be others: the archive does not begin before them"
    }

    private static func lines(_ policy: HeldPolicy, withText: Bool) -> [String] {
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
        lines = lines.map(VisibleText.visible)
        if withText, let document = policy.text.document {
            lines += VisibleText.policyLines(document.text).map { "    \($0)" }
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

    /// An event with its time, who made it, and its id.
    static func shown(_ event: ChangeEvent) -> String {
        let actor = event.actor.isEmpty ? "" : " by \(event.actor)"
        return "\(event.eventName) at \(shownTime(event.eventTime) ?? event.eventTime)\(actor) (\(event.eventID))"
    }

    /// The same as JSON.
    var json: JSONValue {
        .members(
            ("policyType", .string(type)), ("title", .string(title)), ("isComplete", .bool(slot.isComplete)),
            ("completedBy", slot.completedBy.map(Self.value) ?? .null),
            ("policies", .array(slot.policies.map(Self.value))))
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

    /// An event as JSON.
    static func value(_ event: ChangeEvent) -> JSONValue { value(event, kind: "event") }

    private static func value(_ event: ChangeEvent, kind: String) -> JSONValue {
        .members(
            ("kind", .string(kind)), ("eventID", .string(event.eventID)), ("eventTime", .string(event.eventTime)),
            ("eventName", .string(event.eventName)), ("principal", .string(event.actor)))
    }
}
