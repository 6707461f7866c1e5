import OrderedJSON

/// The kinds of policy, in the order in which an explicit deny is blamed.
enum PlainLayer: String, CaseIterable {
    case serviceControl = "service-control"
    case resourceControl = "resource-control"
    case resource = "resource-based"
    case identity = "identity-based"
    case boundary = "permissions-boundary"
    case session = "session"
    case endpoint = "vpc-endpoint"
}

/// One statement of a document, with the place where it stands.
struct PlainStatement {
    var layer: PlainLayer
    var level: String?
    var policy: String
    var index: Int
    var element: JSONValue
    var hasVariables: Bool

    /// The statements of a policy: a bare document or `{name, document}`, the document an object or JSON text.
    static func read(_ policy: JSONValue, number: Int, layer: PlainLayer, level: String? = nil) -> [PlainStatement] {
        var document = policy.last("document") ?? policy
        if case .string(let text) = document {
            do {
                document = try JSONValue(parsing: text)
            } catch {
                return []
            }
        }
        let name = policy.last("document") == nil ? nil : policy.last("name")?.stringValue
        let hasVariables = document.last("Version") == .string("2012-10-17")
        return (document.last("Statement")?.elements ?? []).enumerated().map { index, element in
            PlainStatement(
                layer: layer, level: level, policy: name ?? String(number), index: index, element: element,
                hasVariables: hasVariables)
        }
    }

    var isAllow: Bool { element.last("Effect") == .string("Allow") }

    /// A statement that AWS would not take says nothing.
    private func isValid(isTrust: Bool) -> Bool {
        guard let effect = element.last("Effect")?.stringValue, ["Allow", "Deny"].contains(effect) else { return false }
        guard (element.last("Action") == nil) != (element.last("NotAction") == nil) else { return false }
        if element.last("Resource") != nil, element.last("NotResource") != nil { return false }
        if element.last("Resource") == nil, element.last("NotResource") == nil, !isTrust { return false }
        if element.last("Principal") != nil, element.last("NotPrincipal") != nil { return false }
        let namesPrincipal = element.last("Principal") != nil || element.last("NotPrincipal") != nil
        if namesPrincipal, [.identity, .boundary, .session, .serviceControl].contains(layer) { return false }
        if let condition = element.last("Condition") {
            guard case .object(let operators) = condition else { return false }
            for member in operators {
                guard case .object = member.value else { return false }
            }
        }
        return true
    }

    /// Whether action, resource and conditions of the statement are those of the request. The principal is another question.
    func finding(_ request: PlainRequest) -> PlainFinding {
        guard isValid(isTrust: request.isTrust && layer == .resource) else { return PlainFinding(.no) }
        return .all([action(request), resource(request), conditions(request)])
    }

    private func action(_ request: PlainRequest) -> PlainFinding {
        if let patterns = element.last("Action")?.texts {
            return PlainFinding(PlainTruth(patterns.contains { Self.covers($0, action: request.action) }))
        }
        let patterns = element.last("NotAction")?.texts ?? []
        return PlainFinding(PlainTruth(!patterns.contains { Self.covers($0, action: request.action) }))
    }

    private static func covers(_ pattern: String, action: String) -> Bool {
        if pattern == "*" { return true }
        let halves = pattern.lowercased().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let names = action.lowercased().split(separator: ":", maxSplits: 1).map(String.init)
        guard halves.count == 2, !halves[1].isEmpty, names.count == 2 else { return false }
        return zip(halves, names).allSatisfy { PlainText.covers(PlainText.pieces($0), $1) }
    }

    private func resource(_ request: PlainRequest) -> PlainFinding {
        if let patterns = element.last("Resource")?.texts { return .any(patterns.map { covers($0, request) }) }
        if let patterns = element.last("NotResource")?.texts {
            return !PlainFinding.any(patterns.map { covers($0, request) })
        }
        return PlainFinding(.yes)
    }

    private func covers(_ pattern: String, _ request: PlainRequest) -> PlainFinding {
        if pattern == "*" { return PlainFinding(.yes) }
        guard pattern.hasPrefix("arn:"), request.resource.hasPrefix("arn:") else { return PlainFinding(.no) }
        var pattern = pattern
        let missing = 6 - PlainText.parts(pattern).count
        if missing > 0, layer == .identity || layer == .boundary { pattern += String(repeating: ":*", count: missing) }
        switch PlainSubstitution(pattern, context: request.context, hasVariables: hasVariables) {
        case .pieces(let pieces): return PlainFinding(PlainTruth(PlainText.covers(pieces, request.resource)))
        case .nothing: return PlainFinding(.no)
        case .unknown(let keys): return PlainFinding(.unknown, keys: Set(keys))
        }
    }

    private func conditions(_ request: PlainRequest) -> PlainFinding {
        guard case .object(let operators) = element.last("Condition") else { return PlainFinding(.yes) }
        // Of two members of one name the last one counts.
        let names = Set(operators.map(\.key))
        return .all(
            names.flatMap { name -> [PlainFinding] in
                guard case .object(let members) = element.last("Condition")?.last(name) else { return [] }
                return Set(members.map(\.key)).map { key in
                    let values = element.last("Condition")?.last(name)?.last(key)?.texts ?? []
                    return PlainCondition(name: name, key: key, values: values, hasVariables: hasVariables)
                        .finding(in: request.context)
                }
            })
    }
}
