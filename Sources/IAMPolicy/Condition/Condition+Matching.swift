extension Statement.Condition {
    /// Whether the line is met in a context, as in a policy of version 2012-10-17.
    package func matches(in context: RequestContext) -> Truth {
        CompiledCondition(self, hasVariables: true).matches(in: context)
    }
}

extension RequestContext {
    /// The values that a key has, or has if it is there at all; empty where it is absent, `nil` where they are not known.
    package func values(of key: String) -> [String]? {
        let key = ContextKey(key)
        return switch state(of: key) {
        case .present(let entry): entry.values.map(\.text)
        case .absent: []
        case .unknown: possibility(of: key)?.values
        }
    }
}
