import AccessDenial
import Causes
import Diagnosis
import Findings
import IAMPolicy
import OrderedJSON
import RecordedCalls
import RecordedChanges
import Remedies
import TrailStore
import Wording

extension Report {
    /// The report as JSON (`schemaVersion` 1), keys in the order of the contract, a line break at the end.
    ///
    /// Strings are exact; scalars that could harm a terminal are written as `\u` escapes.
    public func json() -> String { jsonParts().joined() }

    /// The same in parts.
    public func jsonParts() -> TextParts {
        var parts = TextParts("{")
        for member in head { parts.add("\n  \(Self.text(member)),") }
        parts.add("\n  \"incidents\": ")
        if let stored {
            let known = Dictionary(groups.filter { !stored.holds($0) }.map { ($0.group.id, $0) }) { first, _ in first }
            parts.addJSON(incidents) { stored.text($0) { known[$0] } }
            parts.add(",\n  \"groups\": ")
            parts.addJSON(groups) { stored.text($0) }
        } else {
            parts.addJSON(incidents) { $0.json.prettyText(depth: StoredGroups.depth) }
            parts.add(",\n  \"groups\": ")
            parts.addJSON(groups) { $0.json.prettyText(depth: StoredGroups.depth) }
        }
        for member in foot { parts.add(",\n  \(Self.text(member))") }
        parts.add("\n}\n")
        return parts
    }

    private static func text(_ member: JSONValue.Member) -> String {
        "\(JSONValue.string(member.key).prettyText()): \(member.value.prettyText(depth: 1))"
    }

    /// What stands before the incidents.
    private var head: [JSONValue.Member] {
        [
            ("schemaVersion", .integer(Self.schemaVersion)),
            ("generatedAt", .optional(generatedAt)),
            ("version", .optional(version)),
            ("database", .optional(database)),
            ("window", .members(("from", .optional(window.from)), ("to", .optional(window.to)))),
            ("services", .strings(services)),
            ("filters", .object(filters.map { .init($0.name, .strings($0.values)) })),
            ("coverage", coverageJSON),
            ("denials", .integer(denials)),
            ("newDenials", .integer(newDenials)),
            (
                "newSinceLast",
                previous.map {
                    .members(("name", .string($0.name)), ("deliveredAt", .optional($0.deliveredAt)))
                } ?? .null
            ),
        ].map(JSONValue.Member.init)
    }

    /// What stands behind the groups.
    private var foot: [JSONValue.Member] {
        let members: [(String, JSONValue)] = [
            (
                "omitted",
                .members(
                    ("awsServiceDenials", .integer(omitted.awsServiceDenials)),
                    ("suppressedDenials", .integer(omitted.suppressedDenials)),
                    ("furtherGroups", .integer(omitted.furtherGroups)),
                    ("knownIncidents", .integer(omitted.knownIncidents)),
                    ("knownGroups", .integer(omitted.knownGroups)), ("knownDenials", .integer(omitted.knownDenials)),
                    ("unmatchedDenials", .integer(omitted.unmatchedDenials)),
                    ("denialsOutsideWindow", .integer(omitted.denialsOutsideWindow)))
            ),
            ("otherDenials", .counts(otherDenials, key: "eventSource")),
        ]
        let besides: [(String, JSONValue)] = [
            ("refusals", .integer(refusals)), ("newRefusals", .integer(newRefusals)), ("besides", otherLogsJSON),
        ]
        return (otherLogs.reach.isEmpty ? members : members + besides).map(JSONValue.Member.init)
    }

    private var coverageJSON: JSONValue {
        .members(
            ("logFiles", .integer(coverage.logFiles)),
            ("records", .integer(coverage.records)),
            ("events", .integer(coverage.events)),
            ("prunedEvents", .integer(coverage.prunedEvents)),
            ("prunedBefore", .optional(coverage.prunedBefore)),
            ("duplicates", .integer(coverage.duplicates)),
            ("skipped", .integer(coverage.skipped)),
            ("issues", .integer(coverage.issues)),
            ("untoldOutcomes", .integer(coverage.untoldOutcomes)),
            ("accounts", .strings(coverage.accounts)),
            ("regions", .strings(coverage.regions)),
            ("from", .optional(coverage.from)),
            ("to", .optional(coverage.to)),
            (
                "notes",
                .array(
                    notes.map {
                        .members(
                            ("code", .string($0.code)), ("text", .string($0.text.plain)),
                            ("command", .optional($0.command)))
                    })
            )
        )
    }
}

extension DiagnosedGroup {
    var json: JSONValue {
        guard case .object(var members) = told else { return told }
        if let layer = group.companion?.layer { members.append(.init("layer", .string(layer.rawValue))) }
        if let comparison { members.append(.init("comparison", comparison.json)) }
        return .object(members)
    }

    private var told: JSONValue {
        .members(
            ("id", .string(group.id)),
            ("principal", .string(group.principal)),
            ("principalType", .string(group.principalType)),
            ("action", .string(group.action)),
            ("eventSource", .string(group.eventSource)),
            ("reason", .string(group.reason.slug)),
            ("effect", .string(group.reason.effect.rawValue)),
            ("policyType", .optional(group.reason.policyType?.rawValue)),
            ("policyARN", .optional(group.policyARNs.first?.value)),
            ("policyARNs", .counts(group.policyARNs, key: "policyARN")),
            ("category", .string(group.category.rawValue)),
            ("denials", .integer(group.denials)),
            ("newDenials", .integer(newDenials)),
            ("firstSeen", .string(group.firstSeen)),
            ("lastSeen", .string(group.lastSeen)),
            ("firstDenial", .string(group.firstDenial)),
            ("lastDenial", .string(group.lastDenial)),
            ("status", .string(status.rawValue)),
            ("statusText", .string(statusText.plain)),
            ("fixedBy", fixedBy?.json ?? .null),
            ("person", change?.person?.json ?? .null),
            ("resources", .counts(group.resources, key: "resource")),
            ("inferredResources", .counts(group.inferredResources, key: "resource")),
            ("sourceIPAddresses", .strings(group.sourceIPAddresses.map(\.value))),
            ("userAgents", .strings(group.userAgents.map(\.value))),
            ("vpcEndpointIds", .strings(group.vpcEndpointIds.map(\.value))),
            ("invokedBy", .strings(group.invokedBy.map(\.value))),
            ("regions", .strings(group.regions.map(\.value))),
            ("accounts", .strings(group.accounts.map(\.value))),
            ("errorCodes", .counts(group.errorCodes, key: "errorCode")),
            ("truncatedDenials", .integer(group.truncatedDenials)),
            (
                "days",
                .array(group.days.map { .members(("date", .string($0.date)), ("denials", .integer($0.denials))) })
            ),
            ("rootCause", rootCauseJSON),
            ("findings", .array(findings.map { .object($0.jsonMembers) }))
        )
    }

    private var rootCauseJSON: JSONValue {
        .object(rootCause.jsonMembers + [.init("remedy", remedy.json)])
    }
}

extension Finding {
    fileprivate var jsonMembers: [JSONValue.Member] {
        let statement = statement.map(\.jsonMembers) ?? []
        return [
            .init("code", .string(code.rawValue)),
            .init("title", .string(title.plain)),
            .init("confidence", .string(confidence.rawValue)),
            .init("step", .integer(step)),
            .init("explanation", .string(explanation.plain)),
            .init("evidence", .array(evidence.map(\.json))),
        ] + statement
    }
}

extension FailingStatement {
    fileprivate var jsonMembers: [JSONValue.Member] {
        [
            .init(
                "statement",
                .members(
                    ("policy", .string(name.policy)), ("sid", name.sid.map(JSONValue.string) ?? .null),
                    ("index", .integer(name.index)), ("text", .string(text)))),
            .init(
                "conditions",
                .array(
                    conditions.map { condition in
                        .members(
                            ("operator", .string(condition.conditionOperator)), ("key", .string(condition.key)),
                            ("wanted", .array(condition.wanted.map(JSONValue.string))),
                            ("had", condition.had.map { .array($0.map(JSONValue.string)) } ?? .null),
                            ("matches", .string(condition.matches.word)))
                    })),
        ]
    }
}

extension Evidence {
    var json: JSONValue {
        .members(
            ("eventID", .string(eventID)),
            ("eventTime", .string(eventTime)),
            ("eventName", .string(eventName)),
            ("principal", .string(principal)),
            ("summary", .string(summary.plain)),
            ("person", person?.json ?? .null)
        )
    }
}

extension Person {
    var json: JSONValue {
        .members(
            ("name", .string(name)),
            ("arn", .string(arn)),
            ("sourceIPAddress", .optional(sourceIPAddress)),
            ("userAgent", .optional(userAgent)),
            ("via", .optional(client?.kind.rawValue)),
            ("client", .optional(client?.name))
        )
    }
}

extension Incident {
    var json: JSONValue {
        json(
            cause: .object(cause.jsonMembers + [.init("remedy", remedy.json)]), person: person?.json ?? .null,
            fixedBy: fixedBy?.json ?? .null)
    }

    func json(cause: JSONValue, person: JSONValue, fixedBy: JSONValue) -> JSONValue {
        .members(
            ("id", .string(id)),
            ("title", .string(title.plain)),
            ("state", .string(state.rawValue)),
            ("transition", .optional(transition?.rawValue)),
            ("cause", cause),
            ("person", person),
            ("changeEventID", .optional(change?.eventID)),
            ("fixedBy", fixedBy),
            ("groups", .strings(groups)),
            ("principals", .counts(principals, key: "principal")),
            ("actions", .counts(actions, key: "action")),
            ("denials", .integer(denials)),
            ("newDenials", .integer(newDenials)),
            ("firstSeen", .string(firstSeen)),
            ("lastSeen", .string(lastSeen)),
            ("since", .string(since))
        )
    }
}

extension Remedy {
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("kind", .string(kind.rawValue)), .init("text", .string(text.plain)),
            .init("commands", .strings(commands.lines)), .init("policy", policy?.json ?? .null),
        ]
        if let workable { members.append(.init("workablePolicy", workable.json)) }
        if let edit {
            members.append(
                .init(
                    "edit",
                    .members(
                        ("policy", .string(edit.policy)), ("sid", .optional(edit.sid)), ("before", edit.before),
                        ("after", edit.after))))
        }
        return .object(members)
    }
}

extension RequestComparison {
    fileprivate var json: JSONValue {
        .members(
            ("deniedEventID", .string(deniedEventID)), ("succeededEventID", .string(succeededEventID)),
            ("isWhole", .bool(isWhole)),
            (
                "differences",
                .array(
                    differences.map {
                        .members(
                            ("field", .string($0.field)), ("contextKey", .optional($0.contextKey)),
                            ("denied", .strings($0.denied)), ("succeeded", .strings($0.succeeded)))
                    })
            ))
    }
}

extension TextParts {
    /// Adds a list of values as the member of an object at the top.
    fileprivate mutating func addJSON<Element: Sendable>(
        _ elements: [Element], _ json: @escaping @Sendable (Element) -> String
    ) {
        guard !elements.isEmpty else { return add("[]") }
        add("[")
        addList(elements) { place, element in
            "\(place == 0 ? "" : ",")\n    \(json(element))"
        }
        add("\n  ]")
    }
}

extension JSONValue {
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    fileprivate static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    fileprivate static func counts(_ counts: [Counted<String>], key: String) -> JSONValue {
        .array(counts.map { .members((key, .string($0.value)), ("denials", .integer($0.denials))) })
    }
}
