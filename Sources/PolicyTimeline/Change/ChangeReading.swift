import CloudTrail
import IAMPolicy
import OrderedJSON

/// The record of one change, as the readers of the services ask it, and the edits that they find in it.
///
/// Names of parameters are compared without regard to case: CloudTrail spells them differently from the API, and not always alike.
struct ChangeReading {
    let record: ChangeRecord
    /// The operation without the version that some services write behind it.
    let name: String
    let request: JSONValue?
    let response: JSONValue?
    let event: ChangeEvent
    private(set) var edits: [PolicyEdit] = []

    /// The longest name that is read: the longest ARN of AWS.
    static let nameLimit = 2_048
    /// The most elements of a list that are read: no call of AWS sets more tags, or names more resources, at once.
    static let listLimit = 1_000

    init(_ record: ChangeRecord) {
        self.record = record
        name = record.eventName.withoutVersion
        event = ChangeEvent(record)
        service = EventSources.prefix(of: record.eventSource)
        // EC2 wraps both parts once more.
        request = record.request?.member(ignoringCase: name + "Request") ?? record.request
        response = record.response?.member(ignoringCase: name + "Response") ?? record.response
    }

    /// Whether what was asked for is not known in full, so that what is not named may have been asked for all the same.
    var isCut: Bool { record.request == nil || record.isPartial }
    var account: String { record.account }
    var region: String { record.region }
    /// IAM's prefix of the service.
    let service: String

    // MARK: Reading

    /// A value of the request: the path's parts are parted by full stops.
    func asked(_ path: String) -> JSONValue? { Self.value(at: path, in: request) }

    /// A value of the response, likewise.
    func answered(_ path: String) -> JSONValue? { Self.value(at: path, in: response) }

    /// The first text among the paths of the request, and of the response behind `<`.
    func text(_ paths: String...) -> String? { text(paths) }

    func text(_ paths: [String]) -> String? {
        for path in paths {
            let value = path.first == "<" ? answered(String(path.dropFirst())) : asked(path)
            if let text = Self.text(value) { return text }
        }
        return nil
    }

    /// The texts of a list, or the one text in its place.
    func texts(_ paths: String...) -> [String] {
        for path in paths {
            let value = path.first == "<" ? answered(String(path.dropFirst())) : asked(path)
            let texts = (value?.elements ?? []).prefix(Self.listLimit).compactMap(Self.text)
            if !texts.isEmpty { return texts }
        }
        return []
    }

    /// Whether a flag is set; `nil` where it is not there.
    func flag(_ path: String) -> Bool? {
        switch asked(path) {
        case .bool(let flag)?: flag
        case .string(let text)?: text.lowercased() == "true"
        case .null?, .integer?, .number?, .array?, .object?, nil: nil
        }
    }

    /// The tags at a path, by their keys in lower case; `nil` where they are hidden or none are there.
    func tags(_ path: String) -> [String: Value]? {
        guard let value = asked(path) else { return nil }
        var tags: [String: Value] = [:]
        if case .object(let members) = value {
            let inner = members.first { ["tagset", "items", "tags"].contains($0.key.lowercased()) }?.value
            guard inner == nil else { return Self.tags(of: inner?.elements ?? []) }
            for member in members.prefix(Self.listLimit) {
                tags[member.key.lowercased()] = .text(member.value.stringValue ?? "")
            }
            return tags
        }
        guard case .array(let list) = value else { return nil }
        return Self.tags(of: list)
    }

    private static func tags(of list: [JSONValue]) -> [String: Value] {
        var tags: [String: Value] = [:]
        for tag in list.prefix(listLimit) {
            // KMS has names of its own for both.
            guard let key = text(tag.member(ignoringCase: "key") ?? tag.member(ignoringCase: "tagKey")) else {
                continue
            }
            let value = tag.member(ignoringCase: "value") ?? tag.member(ignoringCase: "tagValue")
            tags[key.lowercased()] = .text(value?.stringValue ?? "")
        }
        return tags
    }

    private static func value(at path: String, in part: JSONValue?) -> JSONValue? {
        var value = part
        for name in path.split(separator: ".") { value = value?.member(ignoringCase: String(name)) }
        return value
    }

    /// A text that can be a name: no longer than an ARN, and not empty.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: isReadable(text) && text.utf8.count <= nameLimit ? text : nil
        case .integer(let number)?: String(number)
        case .null?, .bool?, .number?, .array?, .object?, nil: nil
        }
    }

    // MARK: Writing

    mutating func add(_ holder: Holder, _ kind: LaneName.Kind, _ operation: PolicyEdit.Operation) {
        edits.append(PolicyEdit(event: event, lane: LaneName(holder, kind), operation: operation))
    }

    /// Sets a document that a value holds, or one whose text is not known.
    mutating func put(_ holder: Holder, _ kind: LaneName.Kind, named name: String, _ document: JSONValue?) {
        add(holder, kind, .set(name, .document(DocumentText(document))))
    }

    /// Writes a document that is the whole of its lane.
    mutating func write(_ holder: Holder, _ kind: LaneName.Kind, _ document: JSONValue?) {
        add(holder, kind, .replaceAll(["": .document(DocumentText(document))]))
    }

    /// Tags that come or go; of several paths, parted by blanks, the one that is there counts.
    mutating func changeTags(of holder: Holder, set paths: String, remove keysPaths: String) {
        let isTagging = ["Tag", "Add", "Put", "Create"].contains { name.hasPrefix($0) }
        if isTagging {
            let found = paths.split(separator: " ").compactMap { tags(String($0)) }.first
            guard let found else { return add(holder, .tags, .blurAll) }
            for (key, value) in found.sorted(by: { $0.key < $1.key }) { add(holder, .tags, .set(key, value)) }
        } else {
            let keys = keysPaths.split(separator: " ").map { texts(String($0)) }.first { !$0.isEmpty } ?? []
            if keys.isEmpty { return add(holder, .tags, .blurAll) }
            for key in keys { add(holder, .tags, .remove(key.lowercased())) }
        }
    }

    /// All that a holder had is gone, or it is new and has nothing.
    mutating func clear(_ holder: Holder, _ kinds: [LaneName.Kind]) {
        for kind in kinds { add(holder, kind, .replaceAll([:])) }
    }
}

extension String {
    /// The name without a version such as `20150331v2` behind it.
    var withoutVersion: String {
        guard let last = utf8.last, (0x30...0x39).contains(last),
            let start = utf8.firstIndex(where: { (0x30...0x39).contains($0) }),
            utf8.distance(from: start, to: utf8.endIndex) >= 8
        else { return self }
        let rest = self[start...].utf8
        guard rest.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: "v") || $0 == UInt8(ascii: "_") })
        else {
            return self
        }
        return String(self[..<start])
    }
}
