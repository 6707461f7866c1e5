/// `StringEquals`, `StringEqualsIgnoreCase`, `StringLike`, `BinaryEquals` and their negations: text, byte by byte.
struct StringComparison: ConditionComparison {
    private let patterns: [TextPattern]
    private let ignoresCase: Bool

    init(_ values: [String], wildcards: TextPattern.Wildcards, ignoresCase: Bool, hasVariables: Bool) {
        self.ignoresCase = ignoresCase
        patterns = values.map {
            TextPattern(ignoresCase ? $0.lowercased() : $0, wildcards: wildcards, hasVariables: hasVariables)
        }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        if ignoresCase { return matchesIgnoringCase(value.text.lowercased(), in: context) }
        var result = Truth.no
        for pattern in patterns {
            result = result || pattern.matches(value.bytes, in: context)
            if result == .yes { break }
        }
        return result
    }

    /// What a variable brings has a case of its own: it is folded here, behind the substitution.
    private func matchesIgnoringCase(_ text: String, in context: RequestContext) -> Truth {
        let bytes = Array(text.utf8)
        return patterns.reduce(.no) { result, pattern in
            result
                || {
                    switch pattern.resolved(in: context) {
                    case .tokens(let tokens):
                        let wanted = tokens.map { UInt8(truncatingIfNeeded: $0) }
                        return Truth(Array(String(decoding: wanted, as: UTF8.self).lowercased().utf8) == bytes)
                    case .none: return .no
                    case .unknown: return .undetermined
                    }
                }()
        }
    }

    var isUniversal: Bool { patterns.contains(where: \.isAny) }
    var variables: [PolicyVariable] { patterns.flatMap(\.variables) }
}
