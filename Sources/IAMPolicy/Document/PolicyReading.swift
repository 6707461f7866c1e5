import Foundation
public import OrderedJSON

/// A policy as far as it can be read: every statement, valid or not, and what is wrong with it.
///
/// AWS refuses a policy whole; text from elsewhere is read statement by statement, since half a policy tells more than none.
/// A statement that cannot be read matches nothing; it never becomes one without the part that cannot be read.
/// Source: "Grammar of the IAM JSON policy language" in the IAM user guide.
public struct PolicyReading: Sendable {
    /// One statement with its place in the list.
    public struct Entry: Sendable {
        /// The place, counted from 0.
        public var index: Int
        /// The statement's name; `nil` where it has none.
        public var sid: String?
        /// Allow or Deny; `nil` where neither stands there.
        public var effect: Statement.Effect?
        /// What stands as the effect, as text; empty where nothing does.
        public var effectText: String
        /// The statement; `nil` where it is invalid.
        public var statement: Statement?
    }

    /// The largest policy text that is read, in bytes. AWS's largest is a key policy of 32 KB.
    public static let sizeLimit = 1 << 20

    /// `2012-10-17`, `2008-10-17`, or what stands there; `nil` where the policy names no version.
    public let version: String?
    /// The policy's own `Id`.
    public let id: String?
    /// The statements in their order.
    public let entries: [Entry]
    /// What AWS would refuse, in the order of the text.
    public let issues: [PolicyIssue]

    /// Whether `${…}` in this policy is a variable rather than literal text.
    public var hasVariables: Bool { version == "2012-10-17" }

    /// What would be read of a policy of version 2012-10-17 with these statements.
    public init(_ statements: [Statement]) {
        version = "2012-10-17"
        id = nil
        entries = statements.enumerated().map { index, statement in
            Entry(
                index: index, sid: statement.sid, effect: statement.effect, effectText: statement.effect.rawValue,
                statement: statement)
        }
        issues = []
    }

    /// Reads a policy in any form in which policies come. Throws ``PolicyError`` where the text is no policy.
    public init(json text: String) throws(PolicyError) { try self.init(PolicyText(text: text).value) }

    /// Reads a policy object. Throws ``PolicyError`` where the value is no object or has no `Statement`.
    public init(_ value: JSONValue) throws(PolicyError) {
        guard case .object(let members) = value else { throw PolicyError(.notAnObject, "a policy is a JSON object") }
        guard !value.isLarger(than: Self.sizeLimit) else {
            throw PolicyError(.tooLarge, "the policy is larger than \(Self.sizeLimit) bytes")
        }
        guard let list = value.lastMember("Statement"), list != .null else {
            throw PolicyError(.noStatement, "the policy has no `Statement`")
        }
        var issues = value.repeatedNames().map {
            PolicyIssue("the name appears twice; the last one counts", at: $0)
        }
        for member in members where !["Version", "Id", "Statement"].contains(member.key) {
            issues.append(
                PolicyIssue(
                    "a policy has no such element: AWS would refuse it; it is read without",
                    at: JSONPath().key(member.key)))
        }
        version = value.lastMember("Version")?.stringValue
        if let element = value.lastMember("Version"), version != "2012-10-17", version != "2008-10-17" {
            let message = element.stringValue == nil ? "not a version" : "neither `2012-10-17` nor `2008-10-17`"
            issues.append(PolicyIssue(message, at: JSONPath().key("Version")))
        }
        id = value.lastMember("Id")?.stringValue
        var entries: [Entry] = []
        for (index, element) in list.elements.enumerated() {
            var reader = StatementReader(path: JSONPath().key("Statement").index(index))
            let statement = reader.statement(element)
            issues += reader.issues
            entries.append(
                Entry(
                    index: index, sid: element.lastMember("Sid")?.stringValue,
                    effect: element.lastMember("Effect")?.stringValue.flatMap(Statement.Effect.init(rawValue:)),
                    effectText: element.lastMember("Effect").map { $0.stringValue ?? $0.prettyText() } ?? "",
                    statement: statement))
        }
        self.entries = entries
        self.issues = issues
    }
}

/// Reads one statement and collects what is wrong with it.
private struct StatementReader {
    let path: JSONPath
    var issues: [PolicyIssue] = []

    private static let elements: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    ]

    init(path: JSONPath) { self.path = path }

    /// The statement; `nil` where it is invalid, and then at least one issue says so.
    mutating func statement(_ value: JSONValue) -> Statement? {
        guard case .object(let members) = value else {
            invalid("a statement is a JSON object", at: path)
            return nil
        }
        for member in members where !Self.elements.contains(member.key) {
            issues.append(
                PolicyIssue(
                    "a statement has no such element: AWS would refuse the policy; it is read without",
                    at: path.key(member.key)))
        }
        let effect = value.lastMember("Effect")?.stringValue.flatMap(Statement.Effect.init(rawValue:))
        if effect == nil { invalid("`Effect` is neither `Allow` nor `Deny`", at: path.key("Effect")) }
        if let sid = value.lastMember("Sid"), sid.stringValue == nil {
            issues.append(PolicyIssue("`Sid` is no string", at: path.key("Sid")))
        }
        let actions = selection(value, "Action") { ActionPattern($0) }
        if actions == nil, !isInvalid { invalid("neither `Action` nor `NotAction`", at: path) }
        let resources = selection(value, "Resource") { ResourcePattern($0) }
        let principals = principals(value)
        let conditions = conditions(value.lastMember("Condition"))
        guard !isInvalid, let effect, let actions else { return nil }
        return Statement(
            sid: value.lastMember("Sid")?.stringValue, effect, actions: actions, resources: resources,
            principals: principals, conditions: conditions)
    }

    private var isInvalid: Bool { issues.contains(where: \.invalidatesStatement) }

    private mutating func invalid(_ message: String, at path: JSONPath) {
        issues.append(PolicyIssue(message, at: path, invalidatesStatement: true))
    }

    /// Whichever of `Name` and `NotName` is there; both are an error.
    private mutating func pair(_ value: JSONValue, _ name: String) -> (value: JSONValue, isNegated: Bool)? {
        let plain = value.lastMember(name)
        let negated = value.lastMember("Not" + name)
        if plain != nil, negated != nil { invalid("`\(name)` and `Not\(name)` exclude one another", at: path) }
        return plain.map { ($0, false) } ?? negated.map { ($0, true) }
    }

    private mutating func selection<Pattern>(
        _ value: JSONValue, _ name: String, _ make: (String) -> Pattern
    ) -> Statement.Selection<Pattern>? {
        guard let (element, isNegated) = pair(value, name) else { return nil }
        let place = path.key(isNegated ? "Not" + name : name)
        guard let texts = strings(element) else {
            invalid("`\(isNegated ? "Not" : "")\(name)` holds something else than strings", at: place)
            return nil
        }
        let patterns = texts.map(make)
        return isNegated ? .exceptMatching(patterns) : .matching(patterns)
    }

    /// A string or a list of strings.
    private func strings(_ value: JSONValue) -> [String]? {
        guard value != .null else { return nil }
        let texts = value.elements.compactMap(\.stringValue)
        return texts.count == value.elements.count ? texts : nil
    }

    private mutating func principals(_ value: JSONValue) -> Statement.Selection<PrincipalPattern>? {
        guard let (element, isNegated) = pair(value, "Principal") else { return nil }
        let place = path.key(isNegated ? "NotPrincipal" : "Principal")
        var list: [PrincipalPattern] = []
        if case .object = element {
            for member in element.lastMembers {
                if !["AWS", "Service", "Federated", "CanonicalUser"].contains(member.key) {
                    issues.append(PolicyIssue("no kind of principal", at: place.key(member.key)))
                }
                guard let texts = strings(member.value) else {
                    invalid("a principal that is no string", at: place.key(member.key))
                    continue
                }
                list += texts.map { PrincipalPattern(kind: member.key, $0) }
            }
        } else if let texts = strings(element) {
            for text in texts {
                if text != "*" {
                    issues.append(PolicyIssue("a principal without its kind; read as `AWS`", at: place))
                }
                list.append(PrincipalPattern(kind: text == "*" ? "*" : "AWS", text))
            }
        } else {
            invalid("neither `*` nor an object of principals", at: place)
        }
        return isNegated ? .exceptMatching(list) : .matching(list)
    }

    private mutating func conditions(_ value: JSONValue?) -> [Statement.Condition] {
        guard let value else { return [] }
        let place = path.key("Condition")
        guard case .object = value else {
            invalid("`Condition` is no object", at: place)
            return []
        }
        var conditions: [Statement.Condition] = []
        for member in value.lastMembers {
            let place = place.key(member.key)
            if ConditionOperator(member.key) == nil {
                issues.append(PolicyIssue("no condition operator; the statement never matches", at: place))
            }
            guard case .object = member.value else {
                invalid("`Condition` is malformed", at: place)
                continue
            }
            var seen: Set<String> = []
            for line in member.value.lastMembers {
                if !seen.insert(line.key.lowercased()).inserted {
                    issues.append(PolicyIssue("the key stands here twice in other case", at: place.key(line.key)))
                }
                let texts = line.value.elements.compactMap(\.conditionText)
                guard line.value != .null, texts.count == line.value.elements.count else {
                    invalid("a condition value is text, a number or a Boolean", at: place.key(line.key))
                    continue
                }
                if texts.isEmpty {
                    issues.append(PolicyIssue("a condition without values", at: place.key(line.key)))
                }
                conditions.append(Statement.Condition(member.key, line.key, texts))
            }
        }
        return conditions
    }
}

extension JSONValue {
    /// Whether the value, written without blanks, takes more than a number of bytes.
    fileprivate func isLarger(than limit: Int) -> Bool {
        var rest = limit
        return !takesSize(from: &rest)
    }

    /// Takes the size of the value from `rest`; `false` where that is not enough. Looks no further then.
    private func takesSize(from rest: inout Int) -> Bool {
        switch self {
        case .null, .bool, .integer, .number: rest -= 1
        case .string(let text): rest -= text.utf8.count + 2
        case .array(let values):
            rest -= 1
            for value in values {
                rest -= 1
                guard value.takesSize(from: &rest) else { return false }
            }
        case .object(let members):
            rest -= 1
            for member in members {
                rest -= member.key.utf8.count + 4
                guard member.value.takesSize(from: &rest) else { return false }
            }
        }
        return rest >= 0
    }

    /// A condition value as text: policies may hold `true` and `3600` beside `"true"` and `"3600"`.
    var conditionText: String? {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let integer): String(integer)
        case .number(let number): "\(number)"
        case .string(let text): text
        case .null, .array, .object: nil
        }
    }
}
