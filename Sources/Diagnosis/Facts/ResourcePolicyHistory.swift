import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

/// The policy of one resource at one moment, as far as changes in the trail tell.
struct ResourcePolicyHistory {
    /// Whether the policy names the principal itself, so that within one account it allows a call without the principal's own
    /// policies.
    enum Grant { case yes, no, maybe, unknown }

    private(set) var statements: [Statement] = []
    /// Whether there are no statements but these.
    private(set) var isWhole = false

    /// The policy after changes of it, in order of time.
    init(after changes: some Sequence<TrailChange>) {
        for change in changes where !change.leavesPolicyAlone { apply(change) }
    }

    private mutating func apply(_ change: TrailChange) {
        if change.emptiesPolicy {
            statements = []
            isWhole = true
        } else if let label = change.removedStatement {
            statements.removeAll { $0.sid == label }
        } else if let statement = change.addedStatement {
            statements.append(statement)
        } else if change.rule?.direction == .replaces {
            statements = change.document?.statements ?? []
            isWhole = change.document != nil
        }
    }

    /// What a change takes out of the policy; `nil` where the trail does not hold it.
    func document(goneWith change: TrailChange) -> PolicyDocument? {
        let label = change.emptiesPolicy ? nil : change.removedStatement
        let gone = label.map { label in statements.filter { $0.sid == label } } ?? statements
        return gone.isEmpty ? nil : PolicyDocument(gone)
    }

    /// Whether the policy names the group's principal and allows it the refused call on all of these resources.
    func grant(on resources: [String], _ facts: GroupFacts) -> Grant {
        switch DocumentJudgement.grants(PolicyDocument(statements), on: resources, facts) {
        case .yes: .yes
        case .maybe: .maybe
        case .no: isWhole ? .no : .unknown
        }
    }

    /// Whether the policy lets the identity-based policies of an account decide; `nil` where the trail does not hold it.
    func delegates(to account: String, action: String) -> Bool? {
        let delegation = statements.contains { statement in
            guard statement.effect == .allow, statement.matchesAction(action),
                case .matching(let principals)? = statement.principals
            else { return false }
            return principals.contains { $0.isAccount(account) || $0.text == "*" }
        }
        return delegation ? true : isWhole ? false : nil
    }
}

extension TrailChange {
    /// Whether the change leaves a resource without a policy of its own.
    var emptiesPolicy: Bool {
        switch change.eventName {
        case "DeleteBucketPolicy", "DeleteResourcePolicy", "DeleteRepositoryPolicy", "DeleteFileSystemPolicy": true
        case "RemovePermission" where change.eventSource == "events.amazonaws.com": emptiesEventBus
        case "SetQueueAttributes":
            parameters?.member(ignoringCase: "attributes")?.member(ignoringCase: "Policy")?.stringValue == ""
        case "SetTopicAttributes": parameter("attributeName") == "Policy" && parameter("attributeValue") == ""
        default: deletesResource
        }
    }

    /// The statement that an `AddPermission` writes into the policy of a topic, a queue or a function, a `PutPermission` into that
    /// of an event bus.
    ///
    /// Source: AddPermission in the API references of Amazon SNS, Amazon SQS and AWS Lambda.
    var addedStatement: Statement? {
        if let statement = eventBusStatement { return statement }
        guard change.eventName.hasPrefix("AddPermission"), rule?.target == .resource else { return nil }
        let prefix = change.eventSource.prefix { $0 != "." }
        if prefix == "lambda" {
            guard let action = parameter("action"), let principal = parameter("principal") else { return nil }
            let conditions = [
                parameter("principalOrgID").map { Statement.Condition("StringEquals", "aws:PrincipalOrgID", [$0]) },
                parameter("sourceArn").map { Statement.Condition("ArnLike", "aws:SourceArn", [$0]) },
                parameter("sourceAccount").map { Statement.Condition("StringEquals", "aws:SourceAccount", [$0]) },
            ]
            let isService = principal.hasSuffix(".amazonaws.com")
            return Statement(
                sid: parameter("statementId"), .allow, actions: .matching([ActionPattern(action)]),
                principals: .matching([PrincipalPattern(kind: isService ? "Service" : "AWS", principal)]),
                conditions: conditions.compactMap(\.self))
        }
        // Topics and queues grant to whole accounts.
        func texts(_ names: [String]) -> [String] {
            names.lazy.compactMap { self.parameters?.member(ignoringCase: $0) }.first?.elements
                .compactMap(\.stringValue) ?? []
        }
        let actions = texts(["actionName", "actionNames", "actions"])
        let accounts = texts(["aWSAccountId", "aWSAccountIds"])
        guard !actions.isEmpty, !accounts.isEmpty else { return nil }
        return Statement(
            sid: parameter("label"), .allow,
            actions: .matching(actions.map { ActionPattern("\(prefix):\($0)") }),
            principals: .matching(accounts.map { PrincipalPattern(kind: "AWS", $0) }))
    }

    /// The name of the statement that a `RemovePermission` takes out of the policy of a topic, a queue or a function.
    var removedStatement: String? {
        guard change.eventName.hasPrefix("RemovePermission"), rule?.target == .resource else { return nil }
        return parameter("label") ?? parameter("statementId") ?? ""
    }

    /// `function:NAME`, or `function:NAME:QUALIFIER`, of a change of a function's policy: each alias has its own.
    var functionResource: String? {
        guard change.eventSource == "lambda.amazonaws.com", let name = parameter("functionName") ?? change.target
        else { return nil }
        if let arn = ARN(name), arn.resource.split(separator: ":").count > 2 { return arn.resource }
        let function = "function:\(CallTarget.name(in: name))"
        return parameter("qualifier").map { "\(function):\($0)" } ?? function
    }
}
