package import OrderedJSON

/// A policy, prepared to be evaluated as one type of policy. Prepared once, shared by every evaluation.
public struct Policy: Sendable {
    /// What the policy is called in the answer.
    public private(set) var name: String
    /// As what it is evaluated.
    public let type: PolicyType
    /// What AWS would refuse in it, or what means less than it seems to.
    public let issues: [PolicyIssue]
    /// Where the policy's text stands, so that statements can be quoted as they were written.
    package var source: Source?

    let statements: [CompiledStatement]
    /// The marks of the services that the statements' actions name; `nil` where some may name any.
    private let services: [UInt64]?

    /// The text that a policy stands in, and the way to it.
    package struct Source: Sendable {
        package let text: JSONText
        package let path: JSONPath

        package init(text: JSONText, path: JSONPath) {
            self.text = text
            self.path = path
        }

        /// A statement as it was written, and its first line, counted from 1.
        package func quote(statement index: Int) -> (text: String, line: Int)? {
            guard let range = text.range(of: path.key("Statement").index(index)) else { return nil }
            return (text.text(in: range), text.line(at: range.lowerBound))
        }
    }

    /// Prepares what was read of a policy.
    public init(name: String, _ reading: PolicyReading, as type: PolicyType) {
        self.name = name
        self.type = type
        var issues = reading.issues
        var statements: [CompiledStatement] = []
        for entry in reading.entries {
            let compiled = CompiledStatement(entry, in: type, hasVariables: reading.hasVariables)
            let path = JSONPath().key("Statement").index(entry.index)
            if let fault = entry.statement.flatMap({ CompiledStatement.fault($0, in: type) }) {
                issues.append(PolicyIssue(fault, at: path, invalidatesStatement: true))
            }
            issues += Self.doubts(compiled, in: type).map { PolicyIssue($0, at: path) }
            statements.append(compiled)
        }
        self.issues = issues
        self.statements = statements
        services = statements.reduce([]) { services, statement in
            guard let services, let own = statement.services else { return nil }
            return services + own.filter { !services.contains($0) }
        }
    }

    /// The same by another name.
    package func named(_ name: String) -> Policy {
        var policy = self
        policy.name = name
        return policy
    }

    /// Reads and prepares a policy in any form in which policies come. Throws ``PolicyError`` where the text is no policy.
    public init(name: String, json text: String, as type: PolicyType) throws(PolicyError) {
        try self.init(name: name, PolicyReading(PolicyText(text: text).value), as: type)
    }

    /// Whether a statement is about the action of a request: else the policy neither allows nor denies it.
    package func names(_ request: AuthorizationRequest) -> Bool {
        mayBeAbout(request.actionName.serviceMark) && statements.contains { $0.isValid && $0.matchesAction(request) }
    }

    /// Whether a statement may name an action of a service: else no action of it matches any, and none lists one by name.
    package func mayBeAbout(_ service: ServiceMark) -> Bool { mayBeAbout(service.number) }

    func mayBeAbout(_ service: UInt64) -> Bool { services?.contains(service) ?? true }

    /// What can be written, but does not mean what it seems to.
    private static func doubts(_ statement: CompiledStatement, in type: PolicyType) -> [String] {
        var doubts: [String] = []
        if statement.resources.contains(where: \.isShortARN), type != .identityBased, type != .permissionsBoundary {
            doubts.append("an ARN with fewer than six parts")
        }
        for condition in statement.conditions where !condition.unreadable.isEmpty {
            doubts.append(
                "`\(condition.written.conditionOperator)` of `\(condition.written.key)` has a value that it cannot read"
            )
        }
        if statement.isValid, statement.principals == nil, type == .resourceBased || type == .roleTrust {
            doubts.append("without `Principal` the statement matches nobody")
        }
        return doubts
    }
}
