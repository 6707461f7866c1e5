import AccessDenial
import IAMPolicy
import TrailStore

/// The statement that a `RemovePermission` took out of the policy of a topic, a queue or a function.
enum RemovedStatement {
    /// The statement, as the event that added it or the policy's text before tells; `nil` where the trail holds neither.
    ///
    /// - Parameter earlier: the changes of the same resource's policy before it, in order of time.
    static func document(_ removal: TrailChange, earlier: ArraySlice<TrailChange>) -> PolicyDocument? {
        guard let label = label(of: removal) else { return nil }
        for change in earlier.reversed() {
            if change.change.eventName.hasPrefix("AddPermission") {
                if self.label(of: change) == label { return added(by: change).map { PolicyDocument([$0]) } }
            } else if let statements = change.document?.statements {
                let named = statements.filter { $0.sid == label }
                return named.isEmpty ? nil : PolicyDocument(named)
            }
        }
        return nil
    }

    private static func label(of change: TrailChange) -> String? {
        change.parameter("label") ?? change.parameter("statementId")
    }

    /// What an `AddPermission` of a topic or a queue allows, which it always does to whole accounts.
    /// Source: AddPermission in the API references of Amazon SNS and Amazon SQS.
    private static func added(by change: TrailChange) -> Statement? {
        let service = change.change.eventSource.prefix { $0 != "." }
        func texts(_ names: String...) -> [String] {
            names.compactMap { change.parameters?.member(ignoringCase: $0)?.elements.compactMap(\.stringValue) }.first
                ?? []
        }
        let actions = texts("actions", "actionName", "actionNames")
        let accounts = texts("aWSAccountIds", "aWSAccountId")
        guard !actions.isEmpty, !accounts.isEmpty else { return nil }
        return Statement(
            .allow, actions: .matching(actions.map { ActionPattern("\(service):\($0)") }),
            principals: .matching(accounts.map { PrincipalPattern(kind: "AWS", $0) }))
    }
}
