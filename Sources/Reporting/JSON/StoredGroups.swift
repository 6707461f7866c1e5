import Diagnosis
import Findings
import IAMPolicy
import OrderedJSON
import Remedies
import Synchronization
public import TrailStore
import Wording

/// What the database holds of groups as reports in JSON say it, made when their diagnoses were stored.
///
/// Incidents are made of their groups: of the cause of the most telling one, and of what all need.
public final class StoredGroups: Sendable {
    /// How deep a group stands in a report.
    static let depth = 2

    private let texts: [String: StoredJSON]
    private let damaged = Mutex<String?>(nil)

    /// Groups by their ids; others are known whole.
    public init(_ texts: [String: StoredJSON]) { self.texts = texts }

    /// Whether the database holds anything of a group.
    func holds(_ group: DiagnosedGroup) -> Bool { texts[group.group.id] != nil }

    /// Throws where something could not be read; to be asked behind the last part of the report.
    public func check() throws {
        guard let id = damaged.withLock({ $0 }) else { return }
        throw StoreError(
            .damaged,
            "the database is damaged: what it holds of group \(id) cannot be read: ingest the log files into a new database"
        )
    }

    /// The group as it stands in a report.
    func text(_ group: DiagnosedGroup) -> String {
        let id = group.group.id
        guard let stored = texts[id] else { return group.json.prettyText(depth: Self.depth) }
        // Whoever wrote the file may have written this, too.
        guard let text = stored.text else { return fail(id) }
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == UInt8(ascii: "\n") }
        return isPlain || text.unicodeScalars.allSatisfy { $0 == "\n" || $0.isShownAsItself } ? text : fail(id)
    }

    /// The group as a value.
    func json(_ group: DiagnosedGroup) -> JSONValue {
        if let json = json(group.group.id, { _ in group }) { return json }
        _ = fail(group.group.id)
        return .null
    }

    /// The incident as it stands in a report.
    func text(_ incident: Incident, _ groups: (String) -> DiagnosedGroup?) -> String {
        var members: [String: JSONValue] = [:]
        var shares: [Incident.Share] = []
        var repair: (time: String, json: JSONValue)?
        for id in incident.groups {
            guard let json = json(id, groups), let share = Incident.Share(json) else { return fail(id) }
            shares.append(share)
            if shares.count == 1, case .object(let list) = json {
                for member in list { members[member.key] = member.value }
            }
            if incident.state == .resolved, let fix = json["fixedBy"], let time = fix["eventTime"]?.stringValue,
                repair.map({ $0.time < time }) ?? true
            {
                repair = (time, fix)
            }
        }
        guard case .object(let cause)? = members["rootCause"] else { return fail(incident.groups.first ?? "") }
        let remedy = Incident.remedy(of: shares).json
        return incident.json(
            cause: .object(cause.map { $0.key == "remedy" ? .init("remedy", remedy) : $0 }),
            person: members["person"] ?? .null, fixedBy: repair?.json ?? .null
        ).prettyText(depth: Self.depth)
    }

    private func json(_ id: String, _ groups: (String) -> DiagnosedGroup?) -> JSONValue? {
        guard let stored = texts[id] else { return groups(id)?.json }
        guard let text = stored.text,
            case .success(let value) = Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) })
        else { return nil }
        return value
    }

    private func fail(_ id: String) -> String {
        damaged.withLock { $0 = $0 ?? id }
        return "null"
    }
}

extension StoredGroups: Hashable {
    /// Whether both hold the same.
    public static func == (left: StoredGroups, right: StoredGroups) -> Bool { left.texts == right.texts }

    /// Hashes what it holds.
    public func hash(into hasher: inout Hasher) { hasher.combine(texts.count) }
}

extension Incident.Share {
    /// What the JSON of a group tells; `nil` for anything else.
    fileprivate init?(_ group: JSONValue) {
        guard let principal = group["principal"]?.stringValue, let action = group["action"]?.stringValue,
            let remedy = group["rootCause"]?["remedy"].flatMap({ Remedy($0) })
        else { return nil }
        self.init(principal: principal, action: action, remedy: remedy)
    }
}

extension Remedy {
    /// What the JSON of a remedy tells; `nil` for anything else.
    fileprivate init?(_ json: JSONValue) {
        guard let kind = json["kind"]?.stringValue.flatMap({ Kind(rawValue: $0) }), let text = json["text"]?.stringValue
        else { return nil }
        self.init(
            kind, Prose([.words(text)]),
            commands: (json["commands"]?.elements ?? []).compactMap(\.stringValue).map { ShellCommand(rendered: $0) })
        func policy(_ key: String) -> PolicyDocument?? {
            guard let value = json[key], value != .null else { return .some(nil) }
            guard
                case .success(let document) = Result(catching: { () throws(PolicyError) in try PolicyDocument(value) })
            else { return .none }
            return document
        }
        guard let own = policy("policy"), let workable = policy("workablePolicy") else { return nil }
        self.policy = own
        self.workable = workable
        if let edit = json["edit"] {
            guard let before = edit["before"], let after = edit["after"] else { return nil }
            self.edit = StatementEdit(
                policy: edit["policy"]?.stringValue ?? "", sid: edit["sid"]?.stringValue, before: before, after: after)
        }
    }
}
