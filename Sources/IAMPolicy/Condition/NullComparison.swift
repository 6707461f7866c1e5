/// `Null`: whether the key is absent (`true`) or present (`false`), whatever its values.
struct NullComparison: ConditionComparison {
    private let wanted: [Bool?]
    let unreadable: [String]

    init(_ values: [String]) {
        wanted = values.map(BoolComparison.flag)
        unreadable = values.filter { BoolComparison.flag($0) == nil }
    }

    /// Whether the policy asks for a key that is absent, or present.
    func matches(isAbsent: Bool) -> Truth { Truth(wanted.contains(isAbsent)) }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth { matches(isAbsent: false) }
}
