import IAMPolicy
public import OrderedJSON
import PolicyTimeline

/// A statement of a policy as it is, and as it reads with an exception for what was refused.
public struct StatementEdit: Sendable, Hashable {
    /// The policy's name, ARN or id.
    public var policy: String
    /// The statement's Sid; `nil` where it has none.
    public var sid: String?
    /// The statement as it is.
    public var before: JSONValue
    /// The statement with the exception.
    public var after: JSONValue

    /// An edit.
    public init(policy: String, sid: String?, before: JSONValue, after: JSONValue) {
        self.policy = policy
        self.sid = sid
        self.before = before
        self.after = after
    }

    /// The two statements with a line above each, as JSON text that is safe to show.
    public var parts: [(title: String, lines: [String])] {
        [("The statement as it is:", before), ("With the exception:", after)].map { title, statement in
            (title, statement.prettyText().split(separator: "\n").map(String.init))
        }
    }
}

/// The least exception that lets a refused request pass a Deny and leaves it in force for everything else.
enum GuardrailException {
    /// What the exception is, in words, with the edited statement; `nil` where none is known.
    static func exception(_ failing: Standing.Failing) -> (words: Prose, edit: StatementEdit)? {
        guard failing.trace.effect == .deny, case .object = failing.statement else { return nil }
        let request = failing.request.request
        let keys = failing.lines.map { $0.key.lowercased() }
        let made: (Prose, JSONValue)?
        if failing.request.call.throughService != nil, keys.contains(where: pathKeys.contains) {
            made = (
                "let calls pass that an AWS service makes on the caller's behalf (\("aws:ViaAWSService")): their address is not the caller's",
                adding("Bool", "aws:ViaAWSService", "false", to: failing.statement)
            )
        } else if let actions = failing.statement["NotAction"] {
            let action = pattern(request.action)
            made = (
                "except \(action) from it",
                failing.statement.replacing("NotAction", by: .array(actions.elements + [.string(action)]))
            )
        } else if request.principal.account != nil {
            made = (
                "except \(request.principal.principalARN) from it (\("aws:PrincipalArn"))",
                adding("ArnNotLike", "aws:PrincipalArn", request.principal.principalARN, to: failing.statement)
            )
        } else {
            made = nil
        }
        guard let (words, after) = made else { return nil }
        return (
            words,
            StatementEdit(
                policy: failing.policyName, sid: failing.trace.sid, before: failing.statement, after: after)
        )
    }

    /// Keys that tell of the way of a call, which an AWS service does not take over from its caller.
    private static let pathKeys: Set<String> = [
        "aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn",
    ]

    /// The action, of those that come in several forms all of them.
    private static func pattern(_ action: String) -> String {
        action.hasPrefix("bedrock:InvokeModel") ? "bedrock:InvokeModel*" : action
    }

    /// The statement with one more line of its condition; a line on the same key takes the value in.
    private static func adding(_ name: String, _ key: String, _ value: String, to statement: JSONValue) -> JSONValue {
        guard case .object(var operators) = statement["Condition"] ?? .object([]) else { return statement }
        // An exception that is there already is widened.
        for index in operators.indices where operators[index].key.lowercased().contains("not") {
            guard case .object(var lines) = operators[index].value,
                let line = lines.firstIndex(where: { $0.key.lowercased() == key.lowercased() })
            else { continue }
            lines[line].value = .array(lines[line].value.elements + [.string(value)])
            operators[index].value = .object(lines)
            return statement.replacing("Condition", by: .object(operators))
        }
        let line = JSONValue.Member(key, .string(value))
        if let index = operators.firstIndex(where: { $0.key == name }), case .object(let lines) = operators[index].value
        {
            guard !lines.contains(where: { $0.key.lowercased() == key.lowercased() }) else { return statement }
            operators[index].value = .object(lines + [line])
        } else {
            operators.append(.init(name, .object([line])))
        }
        return statement.replacing("Condition", by: .object(operators))
    }
}

extension JSONValue {
    /// An object with another value of a member, which is added where there is none; any other value as it is.
    func replacing(_ key: String, by value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }
}
