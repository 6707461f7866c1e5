import IAMPolicy

/// Why a value that looks as a condition asks for does not meet it.
///
/// Source: "IAM JSON policy elements: Condition operators" in the IAM user guide: string operators tell upper and lower case apart
/// but for those that say so, and wildcards belong to `StringLike`.
enum NearMiss {
    /// `StringEquals` takes the wildcards of the condition's value for what they are.
    case literalWildcard(asked: String)
    /// The two differ in upper and lower case.
    case letterCase(had: String)

    init?(_ condition: Statement.Condition, had values: [String]) {
        let name = condition.conditionOperator.lowercased()
        guard name == "stringequals" || name == "stringlike" else { return nil }
        for value in values {
            for asked in condition.values {
                let holdsWildcard = asked.contains { $0 == "*" || $0 == "?" }
                if name == "stringequals", holdsWildcard, Glob.matches(asked[...], value[...]) {
                    self = .literalWildcard(asked: asked)
                    return
                }
                let (asked, lowered) = (asked.lowercased(), value.lowercased())
                if name == "stringlike" ? Glob.matches(asked[...], lowered[...]) : asked == lowered {
                    self = .letterCase(had: value)
                    return
                }
            }
        }
        return nil
    }

    /// What to add to what the condition asks for and the calls had.
    var shown: Prose {
        switch self {
        case .literalWildcard: " (StringEquals takes wildcards literally; those of StringLike match)"
        case .letterCase: " (it differs in upper and lower case, which string operators tell apart)"
        }
    }

    /// What to write in the condition.
    var remedy: Prose {
        switch self {
        case .literalWildcard(let asked):
            "Let the condition use StringLike in the place of StringEquals, with \(asked) as it is: then its wildcards match."
        case .letterCase(let had):
            "Write the value in the condition in the upper and lower case that \(had) has, as narrowly as it is now."
        }
    }
}
