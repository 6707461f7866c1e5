/// `Bool`: `true` or `false` without regard to case; any other text matches nothing.
struct BoolComparison: ConditionComparison {
    private let patterns: [TextPattern]
    let unreadable: [String]

    init(_ values: [String], hasVariables: Bool) {
        patterns = values.map { TextPattern($0, wildcards: .none, hasVariables: hasVariables) }
        unreadable = values.filter { !$0.contains("${") && Self.flag($0) == nil }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        guard let given = Self.flag(value.text) else { return .no }
        return patterns.reduce(.no) { result, pattern in
            result
                || {
                    switch pattern.resolved(in: context) {
                    case .tokens(let tokens):
                        let text = String(decoding: tokens.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
                        return Truth(Self.flag(text) == given)
                    case .none: return .no
                    case .unknown: return .undetermined
                    }
                }()
        }
    }

    static func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }

    var variables: [PolicyVariable] { patterns.flatMap(\.variables) }
}
