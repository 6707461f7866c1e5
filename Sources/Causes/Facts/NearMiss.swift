package import IAMPolicy
package import Wording

/// Why a value that looks as a condition asks for does not meet it.
///
/// Source: "IAM JSON policy elements: Condition operators" in the IAM user guide: string operators tell upper and lower case apart
/// but for those that say so, and wildcards belong to `StringLike`.
package enum NearMiss {
    /// `StringEquals` takes the wildcards of the condition's value for what they are.
    case literalWildcard(asked: String)
    /// The two differ in upper and lower case.
    case letterCase(had: String)
    /// The condition's value is written as a regular expression.
    case regularExpression(asked: String)
    /// The condition's value is an ARN that all but matches.
    case gap(PatternGap, asked: String)
    /// The condition's value is of a kind that the key never has: a VPC where an endpoint is asked for.
    case otherKind(ConditionValueKind, asked: String, key: String, had: String)

    package init?(_ condition: Statement.Condition, had values: [String]) {
        let name = condition.conditionOperator.lowercased().replacing("not", with: "")
        if let other = Self.otherKind(condition, had: values) {
            self = other
            return
        }
        if let gap = condition.values.prefix(PatternGap.patternLimit).lazy.flatMap({ asked in
            values.prefix(3).lazy.map { (asked, $0) }
        }).compactMap({
            asked, had in
            PatternGap(asked, had).map { Self.gap($0, asked: asked) }
        }).first, name.hasPrefix("arn") || name.hasPrefix("string") {
            self = gap
            return
        }
        guard !values.contains(where: condition.values.contains), name == "stringequals" || name == "stringlike" else {
            return nil
        }
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
        guard name == "stringlike", let asked = condition.values.first(where: Self.looksRegular) else { return nil }
        self = .regularExpression(asked: asked)
    }

    /// What the condition asks for where none of its values is of the kind that the key has.
    private static func otherKind(_ condition: Statement.Condition, had values: [String]) -> Self? {
        guard let kind = ConditionValueKind(key: condition.key), let had = values.first,
            let asked = condition.values.first,
            let other = ConditionValueKind(of: asked),
            condition.values.allSatisfy({ ConditionValueKind(of: $0).map { $0 != kind } ?? false })
        else { return nil }
        return .otherKind(other, asked: asked, key: condition.key, had: had)
    }

    /// Whether a pattern is one of a regular expression: `.*` and `.+` hardly ever stand for themselves.
    private static func looksRegular(_ pattern: String) -> Bool {
        [".*", ".+", "\\."].contains { pattern.firstRange(of: $0) != nil } && !pattern.hasSuffix(".*")
            || pattern.hasPrefix("^") || pattern.hasSuffix("$")
    }

    /// What to add to what the condition asks for and the calls had.
    package var shown: Prose {
        switch self {
        case .literalWildcard: " (StringEquals takes wildcards literally; those of StringLike match)"
        case .letterCase: " (it differs in upper and lower case, which string operators tell apart)"
        case .regularExpression:
            " (a pattern of StringLike is no regular expression: * and ? alone are special, and a dot is a dot)"
        case .gap(let gap, let asked): " (\(asked) \(gap.words))"
        case .otherKind(let kind, let asked, let key, _):
            " (\(asked) is \(words: kind.words), and \(key) never holds one)"
        }
    }

    /// The pattern that a regular expression was to be.
    private static func pattern(_ expression: String) -> String {
        var text = expression.hasPrefix("^") ? String(expression.dropFirst()) : expression
        if text.hasSuffix("$") { text = String(text.dropLast()) }
        for (from, to) in [(".*", "*"), (".+", "?*"), ("\\.", ".")] {
            while let range = text.firstRange(of: from) { text.replaceSubrange(range, with: to) }
        }
        return text
    }

    /// What to write in a condition that compares a key with what that never holds, in the middle of a sentence; empty elsewhere.
    package var correction: Prose {
        guard case .otherKind(let kind, let asked, let key, let had) = self else { return "" }
        let text: Prose =
            "write \(had), with which the call came, under \(key) in the place of \(asked), which is \(words: kind.words)"
        return kind.key(inPlaceOf: key).map { "\(text), or ask for \(asked) under \($0)" } ?? text
    }

    /// A line of the condition, its operator and its values, as it would be met; `nil` where that is not certain.
    package func corrected(_ name: String, _ values: [String]) -> (name: String, values: [String])? {
        switch self {
        case .literalWildcard: ("StringLike", values)
        case .letterCase(let had): (name, values.filter { $0.lowercased() != had.lowercased() } + [had])
        case .gap(let gap, let asked): (name, values.map { $0 == asked ? gap.corrected : $0 })
        case .otherKind(_, let asked, _, let had): (name, values.map { $0 == asked ? had : $0 })
        case .regularExpression: nil
        }
    }

    /// What to write in the condition.
    package var remedy: Prose {
        switch self {
        case .literalWildcard(let asked):
            "Let the condition use StringLike in the place of StringEquals, with \(asked) as it is: then its wildcards match."
        case .letterCase(let had):
            "Write the value in the condition in the upper and lower case that \(had) has, as narrowly as it is now."
        case .regularExpression(let asked):
            "Write \(Self.pattern(asked)) in the condition in the place of \(asked): in StringLike only * and ? are special, so .* asks for a dot."
        case .gap(let gap, let asked): "Write \(gap.corrected) in the condition in the place of \(asked)."
        case .otherKind: "\(correction.capitalised)."
        }
    }
}

extension PatternGap {
    /// In what the pattern differs, behind it in a sentence: `lacks the path app/`.
    package var words: Prose {
        switch kind {
        case .blanks: "has a blank at its beginning or end"
        case .letterCase: "differs in upper and lower case alone, and ARNs are compared with regard to it"
        case .path(let path): "lacks the path \(path)"
        case .slashes: "differs in its slashes alone"
        case .separator: "has another separator than the ARN: : and / are not the same"
        case .itself: "covers what lies under it, and not the thing itself"
        case .beneath: "covers the thing itself, and nothing that lies under it"
        case .partition: "names another partition"
        case .emptyPart: "has a Region or an account where this ARN has none, or none where it has one"
        case .placeholder(let word): "still has \(word) in it, which was to be replaced"
        case .nested: "has a whole ARN where the name belongs"
        case .spelling: "differs in spelling alone"
        }
    }

    /// Whether the pattern can only be a slip, so that nothing is lost where it is corrected.
    package var isSlip: Bool {
        switch kind {
        case .blanks, .letterCase, .path, .slashes, .separator, .partition, .emptyPart, .placeholder, .nested,
            .spelling:
            true
        case .itself, .beneath: false
        }
    }
}
