/// The values of one condition, prepared to be compared with a value of the request. One conformance for each family of operators.
protocol ConditionComparison: Sendable {
    /// Whether the value is what at least one of the policy's values asks for. Negated operators turn the answer round.
    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth

    /// Whether every value there can be is matched.
    var isUniversal: Bool { get }

    /// The variables in the policy's values.
    var variables: [PolicyVariable] { get }

    /// Values of the policy that this family cannot read; they match nothing.
    var unreadable: [String] { get }
}

extension ConditionComparison {
    var isUniversal: Bool { false }
    var variables: [PolicyVariable] { [] }
    var unreadable: [String] { [] }
}
