import IAMPolicy
import OrderedJSON

/// One row of ``ContextTable``: a context key, where a record tells it, and what follows where the record does not.
struct ContextRow: Sendable {
    /// The key; one that ends in `*` stands for every key that begins so.
    let key: String
    /// The requests that have the key at all: it is absent for certain from every other.
    let scope: Scope
    /// Where the record tells it.
    let reading: Reading
    /// What follows where the record shows that there is nothing.
    let missing: Missing
    /// The page or record that the row is taken from.
    let source: String

    /// Which requests have a key.
    enum Scope: Sendable {
        case every
        /// Requests of a service, by IAM's prefix.
        case service(String)
        /// Requests of these actions, in lower case.
        case actions(Set<String>)
    }

    /// Where a record tells a key.
    enum Reading: Sendable {
        /// At a path of names in the record.
        case record([String])
        /// Under a path of names in what the call passed.
        case parameter([String])
        /// The same, a list of texts.
        case parameterList([String])
        /// The first of these that tells a value.
        case first([Reading])
        /// Tags, by their keys.
        case tags([[String]])
        /// As a rule says.
        case rule(@Sendable (RecordedCall) -> Told)
        /// Nothing in a record tells it.
        case never

        /// Whether it is what the caller passed, in one of its parameters.
        var isParameter: Bool {
            switch self {
            case .parameter, .parameterList: true
            case .first(let readings): readings.allSatisfy(\.isParameter)
            case .record, .tags, .rule, .never: false
            }
        }
    }

    /// What follows where the record shows that there is nothing.
    enum Missing: Sendable {
        case absent
        case unknown
    }

    /// What a record tells of a key.
    enum Told: Sendable, Hashable {
        case value(String)
        case list([String])
        /// For a row of many keys: what stands behind its prefix, with the value; there are no others.
        case pairs([String: String])
        /// One of these, or absent where `orAbsent`; any value where there is no list.
        case among([String]?, orAbsent: Bool)
        case missing
        case untold
    }

    init(
        _ key: String, _ scope: Scope = .every, _ reading: Reading, missing: Missing = .absent, _ source: String
    ) {
        self.key = key
        self.scope = scope
        self.reading = reading
        self.missing = missing
        self.source = source
    }

    /// Whether requests of the action have the key.
    func applies(to action: String) -> Bool {
        switch scope {
        case .every: true
        case .service(let prefix): action.hasPrefix(prefix + ":")
        case .actions(let actions): actions.contains(action)
        }
    }

    /// What the record tells.
    func told(by call: RecordedCall) -> Told { Self.told(by: call, reading) }

    private static func told(by call: RecordedCall, _ reading: Reading) -> Told {
        func single(_ found: RecordedCall.Found) -> Told {
            switch found {
            case .value(let value): value.scalarText.map(Told.value) ?? .untold
            case .missing: .missing
            case .untold: .untold
            }
        }
        switch reading {
        case .record(let path): return single(call.at(path))
        case .parameter(let path): return single(call.parameter(path))
        case .parameterList(let path):
            switch call.parameter(path) {
            case .value(let value): return .list(value.listed.compactMap(\.scalarText))
            case .missing: return .missing
            case .untold: return .untold
            }
        case .first(let readings):
            let answers = readings.map { told(by: call, $0) }
            if let known = answers.first(where: { $0 != .missing && $0 != .untold }) { return known }
            return answers.contains(.untold) ? .untold : .missing
        case .tags(let paths): return tags(paths, call)
        case .rule(let rule): return rule(call)
        case .never: return .missing
        }
    }

    /// Tags of a call in all the shapes that services give them: a list of keys with values, a map, or specifications by resource.
    private static func tags(_ paths: [[String]], _ call: RecordedCall) -> Told {
        var tags: [String: String] = [:]
        var isFound = false
        for path in paths {
            switch call.parameter(path) {
            case .value(let value):
                isFound = true
                add(value, to: &tags)
            case .missing: continue
            case .untold: return .untold
            }
        }
        return isFound ? .pairs(tags) : .missing
    }

    /// The tags in one of the shapes that services give them.
    static func tags(in value: JSONValue) -> [String: String] {
        var tags: [String: String] = [:]
        add(.array([value]), to: &tags)
        return tags
    }

    private static func add(_ value: JSONValue, to tags: inout [String: String]) {
        // `Project=a&Stage=b`, as S3 takes them in a header.
        if let text = value.stringValue {
            for pair in text.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                tags[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
            }
            return
        }
        let names = ["key", "tagKey"]
        let isList = value.listed.contains { item in names.contains { item.member(ignoringCase: $0) != nil } }
        if !isList, case .object(let members) = value, value.listed == [value] {
            for member in members { tags[member.key] = member.value.scalarText ?? "" }
            return
        }
        for item in value.listed {
            // A specification of EC2: the tags of one type of resource.
            if let inner = item.member(ignoringCase: "tags") ?? item.container(ignoringCase: "tag") {
                add(inner, to: &tags)
                continue
            }
            guard let key = names.lazy.compactMap({ item.member(ignoringCase: $0)?.scalarText }).first else { continue }
            let value = item.member(ignoringCase: "value") ?? item.member(ignoringCase: "tagValue")
            tags[key] = value?.scalarText ?? ""
        }
    }
}
