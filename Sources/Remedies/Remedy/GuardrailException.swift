import Causes
import Findings
import IAMPolicy
package import OrderedJSON
import PolicyTimeline
import RecordedCalls
import Wording

/// The least exception that lets a refused request pass a Deny and leaves it in force for everything else.
enum GuardrailException {
    /// What the exceptions are, in words, with the edited statement, the narrowest first; empty where none is known.
    static func exceptions(_ failing: Standing.Failing) -> [(words: Prose, edit: StatementEdit)] {
        guard failing.trace.effect == .deny, case .object = failing.statement else { return [] }
        return [lettingPass(failing), exempting(failing)].compactMap { made in
            made.map { ($0.0, failing.edit($0.1)) }
        }
    }

    /// The statement with the way that the call took among those that it lets pass, where that is all that refuses.
    private static func lettingPass(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        // All of a Deny's lines must hold, so that one of them is enough.
        let way = failing.lines.first {
            pathKeys.contains($0.key.lowercased()) && $0.conditionOperator.lowercased().contains("not")
        }
        guard let line = way, failing.request.call.throughService == nil,
            failing.request.request.principal.kind != .service, let had = line.requestValues, had.count == 1,
            let after = failing.statement.mappingCondition(line.conditionOperator, line.key, { ($0, $1 + had) })
        else { return nil }
        return ("add \(list: had) to what it lets pass (\(line.key)), if calls are meant to come from there", after)
    }

    private static func exempting(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        let request = failing.request.request
        let keys = failing.lines.map { $0.key.lowercased() }
        let action = pattern(request.action)
        let made: (Prose, JSONValue)?
        if failing.request.call.throughService != nil, keys.contains(where: pathKeys.contains) {
            made = (
                "let calls pass that an AWS service makes on the caller's behalf (\("aws:ViaAWSService")): their address is not the caller's",
                failing.statement.excepting("Bool", "aws:ViaAWSService", "false")
            )
        } else if let actions = failing.statement["NotAction"] {
            made = (
                "exempt \(action) from it",
                failing.statement.replacing("NotAction", by: .array(actions.elements + [.string(action)]))
            )
        } else if request.principal.kind == .anonymous || request.principal.kind == .federated {
            made = leavingOut(action, of: failing.statement, isAnonymous: request.principal.kind == .anonymous)
        } else if request.principal.kind == .service {
            made = (
                "exempt \(request.principal.arn) from it (\("aws:PrincipalServiceName")): the service makes the call as it does",
                failing.statement.excepting("StringNotEquals", "aws:PrincipalServiceName", request.principal.arn)
            )
        } else if let corrected = correction(failing, of: request.principal.principalARN) {
            made = corrected
        } else if request.principal.account != nil {
            made = (
                "exempt \(request.principal.principalARN) from it (\("aws:PrincipalArn"))",
                failing.statement.excepting("ArnNotLike", "aws:PrincipalArn", request.principal.principalARN)
            )
        } else {
            made = nil
        }
        return made
    }

    /// The statement with the exemption that all but names the caller set right; `nil` where there is none.
    private static func correction(_ failing: Standing.Failing, of caller: String) -> (Prose, JSONValue)? {
        guard case .object(var operators) = failing.statement["Condition"] ?? .null else { return nil }
        for index in operators.indices where operators[index].key.lowercased().contains("not") {
            guard case .object(var lines) = operators[index].value,
                let line = lines.firstIndex(where: { $0.key.lowercased() == "aws:principalarn" })
            else { continue }
            var values = lines[line].value.elements
            for place in values.indices.prefix(PatternGap.patternLimit) {
                guard let asked = values[place].stringValue, let gap = PatternGap(asked, caller), gap.isSlip else {
                    continue
                }
                values[place] = .string(gap.corrected)
                lines[line].value = values.count == 1 ? values[0] : .array(values)
                operators[index].value = .object(lines)
                return (
                    "write \(gap.corrected) in the place of \(asked), which \(gap.words)",
                    failing.statement.replacing("Condition", by: .object(operators))
                )
            }
        }
        return nil
    }

    /// The statement without an action that callers make who are no principal of IAM, so that no condition can except them by name.
    ///
    /// A pattern that stands for further actions stays in a statement of its own, which spares unsigned calls alone.
    static func leavingOut(_ action: String, of statement: JSONValue, isAnonymous: Bool) -> (Prose, JSONValue)? {
        guard let whole = statement["Action"] else { return nil }
        let texts = whole.elements.compactMap(\.stringValue)
        let matching = texts.filter { ActionPattern($0).matches(action) }
        let kept = texts.filter { !matching.contains($0) }
        func holding(_ actions: [String]) -> JSONValue {
            statement.replacing("Action", by: .array(actions.map { .string($0) }))
        }
        let who: Prose = isAnonymous ? "an unsigned call" : "whoever signs in through an identity provider"
        let why: Prose = "\(who) is no principal of an account, and so never has what the condition asks for"
        if matching.allSatisfy({ $0.lowercased() == action.lowercased() }) {
            guard !kept.isEmpty else { return nil }
            return ("leave \(action) out of it, because \(why)", holding(kept))
        }
        guard isAnonymous else { return nil }
        let spared = holding(matching).addingCondition("Null", "aws:PrincipalArn", .string("false"))
        return (
            "let it spare unsigned calls such as \(action) (\("aws:PrincipalArn")), because \(why)",
            kept.isEmpty ? spared : .array([holding(kept), spared])
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
}

extension JSONValue {
    /// A statement with one more exception in its condition: one that is there already on the key takes the value in.
    func excepting(_ name: String, _ key: String, _ value: String) -> JSONValue {
        guard case .object(var operators) = self["Condition"] ?? .object([]) else { return self }
        for index in operators.indices where operators[index].key.lowercased().contains("not") {
            guard case .object(var lines) = operators[index].value,
                let line = lines.firstIndex(where: { $0.key.lowercased() == key.lowercased() })
            else { continue }
            lines[line].value = .array(lines[line].value.elements + [.string(value)])
            operators[index].value = .object(lines)
            return replacing("Condition", by: .object(operators))
        }
        return addingCondition(name, key, .string(value))
    }

    /// A statement with one more line of its condition; itself where the operator asks for the key already.
    func addingCondition(_ name: String, _ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(var operators) = self["Condition"] ?? .object([]) else { return self }
        let line = Member(key, value)
        if let place = operators.firstIndex(where: { $0.key == name }), case .object(let lines) = operators[place].value
        {
            guard !lines.contains(where: { $0.key.lowercased() == key.lowercased() }) else { return self }
            operators[place].value = .object(lines + [line])
        } else {
            operators.append(Member(name, .object([line])))
        }
        return replacing("Condition", by: .object(operators))
    }

    /// An object with another value of a member, which is added where there is none; any other value as it is.
    package func replacing(_ key: String, by value: JSONValue) -> JSONValue {
        guard case .object(var members) = self else { return self }
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        return .object(members)
    }
}
