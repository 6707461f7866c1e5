/// One line of a `Condition` block, prepared to be evaluated.
///
/// What an operator says of a key that is absent (source: "IAM JSON policy elements: Condition operators", "…: Set operators"):
/// ```
///           | plain | …IfExists | ForAllValues | ForAnyValue | ForAnyValue…IfExists
///  positive |  no   |    yes    |     yes      |     no      |      yes
///  negated  |  yes  |    yes    |     yes      |     no      |      yes
/// ```
struct CompiledCondition: Sendable {
    /// The line as written.
    let written: Statement.Condition
    let key: ContextKey
    /// `nil` for an operator that AWS does not know, which matches nothing.
    let conditionOperator: ConditionOperator?
    private let comparison: any ConditionComparison

    init(_ condition: Statement.Condition, hasVariables: Bool) {
        written = condition
        key = ContextKey(condition.key)
        conditionOperator = ConditionOperator(condition.conditionOperator)
        let values = condition.values
        comparison =
            switch conditionOperator?.family {
            case .string(let ignoringCase)?:
                StringComparison(values, wildcards: .none, ignoresCase: ignoringCase, hasVariables: hasVariables)
            case .stringLike?:
                StringComparison(values, wildcards: .anywhere, ignoresCase: false, hasVariables: hasVariables)
            case .binary?, nil: StringComparison(values, wildcards: .none, ignoresCase: false, hasVariables: false)
            case .numeric(let relation)?: NumericComparison(values, relation)
            case .date(let relation)?: DateComparison(values, relation)
            case .bool?: BoolComparison(values, hasVariables: hasVariables)
            case .address?: AddressComparison(values)
            case .arn?: ARNComparison(values, hasVariables: hasVariables)
            case .null?: NullComparison(values)
            }
    }

    /// Values of the policy that the operator cannot read.
    var unreadable: [String] { conditionOperator == nil ? [] : comparison.unreadable }

    /// Whether the line is met in a context.
    func matches(in context: RequestContext) -> Truth {
        guard let conditionOperator else { return .no }
        switch context.state(of: key) {
        case .absent: return whenAbsent(conditionOperator)
        case .present(let entry): return whenPresent(conditionOperator, entry, context)
        case .unknown:
            let answers = possibleAnswers(conditionOperator, context)
            guard let first = answers.first, answers.allSatisfy({ $0 == first }) else { return .undetermined }
            return first
        }
    }

    /// What the line can say where the key is not known.
    private func possibleAnswers(_ conditionOperator: ConditionOperator, _ context: RequestContext) -> [Truth] {
        let possibility = context.possibility(of: key)
        var answers = possibility?.canBeAbsent ?? true ? [whenAbsent(conditionOperator)] : []
        if let values = possibility?.values {
            for value in values {
                var known = context
                known.set(key, [value], isMultivalued: false)
                if case .present(let entry) = known.state(of: key) {
                    answers.append(whenPresent(conditionOperator, entry, known))
                }
            }
        } else {
            answers.append(whenPresentUnknown(conditionOperator))
        }
        return answers
    }

    /// The keys that are unknown and on which the answer depends, the line's own first.
    func unknownKeys(in context: RequestContext) -> [ContextKey] {
        ([key] + comparison.variables.map(\.key)).filter { key in
            guard case .unknown = context.state(of: key) else { return false }
            return true
        }
    }

    /// The variables in the line's values.
    var variables: [PolicyVariable] { comparison.variables }

    private func whenAbsent(_ conditionOperator: ConditionOperator) -> Truth {
        if let null = comparison as? NullComparison {
            return constantNull(conditionOperator) ?? null.matches(isAbsent: true)
        }
        switch conditionOperator.qualifier {
        case .forAllValues: return .yes
        case .forAnyValue: return Truth(conditionOperator.isIfExists && !written.values.isEmpty)
        case .none: return Truth(conditionOperator.isIfExists || conditionOperator.isNegated)
        }
    }

    private func whenPresent(
        _ conditionOperator: ConditionOperator, _ entry: RequestContext.Entry, _ context: RequestContext
    ) -> Truth {
        if let null = comparison as? NullComparison {
            return constantNull(conditionOperator) ?? null.matches(isAbsent: entry.values.isEmpty)
        }
        func isMet(_ value: RequestContext.Value) -> Truth {
            let matches = comparison.matches(value, in: context)
            return conditionOperator.isNegated ? !matches : matches
        }
        switch conditionOperator.qualifier {
        case .none:
            // A key with many values never matches without a set operator, be it one value.
            guard !entry.isMultivalued, let value = entry.values.first else { return .no }
            if written.values.isEmpty, conditionOperator.isIfExists { return .no }
            return isMet(value)
        case .forAllValues:
            if entry.values.allSatisfy(\.bytes.isEmpty) { return .yes }
            if written.values.isEmpty { return .no }
            return entry.values.reduce(.yes) { $0 && isMet($1) }
        case .forAnyValue:
            if written.values.isEmpty { return .no }
            return entry.values.reduce(.no) { $0 || isMet($1) }
        }
    }

    /// The answer for a key that is present with a value that is not known.
    private func whenPresentUnknown(_ conditionOperator: ConditionOperator) -> Truth {
        if let null = comparison as? NullComparison {
            return constantNull(conditionOperator) ?? null.matches(isAbsent: false)
        }
        if written.values.isEmpty, conditionOperator.qualifier == .forAnyValue || conditionOperator.isIfExists {
            return .no
        }
        if conditionOperator.qualifier == .none, key.isMultivalued { return .no }
        guard comparison.isUniversal else { return .undetermined }
        return Truth(!conditionOperator.isNegated)
    }

    /// `Null` with a set operator asks nothing: all values of no key are anything, any of them is nothing.
    private func constantNull(_ conditionOperator: ConditionOperator) -> Truth? {
        switch conditionOperator.qualifier {
        case .forAllValues: .yes
        case .forAnyValue: .no
        case .none: nil
        }
    }
}
