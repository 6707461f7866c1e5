/// `ArnEquals`, `ArnLike` and their negations: six parts, each a pattern that crosses no colon; the sixth takes the rest.
struct ARNComparison: ConditionComparison {
    private let patterns: [TextPattern]
    let unreadable: [String]

    init(_ values: [String], hasVariables: Bool) {
        patterns = values.map { TextPattern($0, wildcards: .anywhere, hasVariables: hasVariables) }
        // What a variable brings is known only with a request.
        unreadable = values.filter { !$0.contains("${") && $0.utf8.count(where: { $0 == UInt8(ascii: ":") }) < 5 }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        let given = Self.parts(value.bytes) { $0 == UInt8(ascii: ":") }
        guard given.count == 6 else { return .no }
        return patterns.reduce(.no) { result, pattern in
            result
                || {
                    switch pattern.resolved(in: context) {
                    case .tokens(let tokens): return Truth(Self.matches(tokens, given, value.bytes))
                    case .none: return .no
                    case .unknown: return .undetermined
                    }
                }()
        }
    }

    private static func matches(_ tokens: [UInt16], _ given: [Range<Int>], _ bytes: [UInt8]) -> Bool {
        let wanted = parts(tokens) { $0 == UInt16(UInt8(ascii: ":")) }
        guard wanted.count == 6 else { return false }
        return zip(wanted, given).allSatisfy { pattern, text in
            Glob.matches(tokens.span.extracting(pattern), bytes.span.extracting(text))
        }
    }

    /// The six parts, or fewer.
    private static func parts<Element>(_ elements: [Element], _ isColon: (Element) -> Bool) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        for (index, element) in elements.enumerated() where parts.count < 5 && isColon(element) {
            parts.append(start..<index)
            start = index + 1
        }
        parts.append(start..<elements.count)
        return parts
    }

    var variables: [PolicyVariable] { patterns.flatMap(\.variables) }
}
