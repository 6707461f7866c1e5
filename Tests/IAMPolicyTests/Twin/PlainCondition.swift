import OrderedJSON

/// What the plain evaluator found of one element, and the keys that would have to be known to say more.
struct PlainFinding {
    var truth: PlainTruth
    var keys: Set<String> = []

    init(_ truth: PlainTruth, keys: Set<String> = []) {
        self.truth = truth
        self.keys = truth == .unknown ? keys : []
    }

    static func all(_ findings: [PlainFinding]) -> PlainFinding {
        PlainFinding(.all(findings.map(\.truth)), keys: findings.reduce(into: []) { $0.formUnion($1.keys) })
    }

    static func any(_ findings: [PlainFinding]) -> PlainFinding {
        PlainFinding(.any(findings.map(\.truth)), keys: findings.reduce(into: []) { $0.formUnion($1.keys) })
    }

    static prefix func ! (finding: PlainFinding) -> PlainFinding { PlainFinding(!finding.truth, keys: finding.keys) }
}

/// One operator on one key, as section 7 of AWS's rules has it.
struct PlainCondition {
    var name: String
    var key: String
    var values: [String]
    var hasVariables: Bool

    private enum Quantifier { case none, all, any }

    func finding(in context: PlainContext) -> PlainFinding {
        var name = name.lowercased()
        var quantifier = Quantifier.none
        if name.hasPrefix("forallvalues:") {
            quantifier = .all
            name.removeFirst("forallvalues:".count)
        } else if name.hasPrefix("foranyvalue:") {
            quantifier = .any
            name.removeFirst("foranyvalue:".count)
        }
        let state = context.state(key)
        if name == "null" { return null(quantifier, state) }
        var ifExists = false
        if name.hasSuffix("ifexists") {
            ifExists = true
            name.removeLast("ifexists".count)
        }
        guard let (comparison, isNegated) = PlainComparison.named(name) else { return PlainFinding(.no) }
        switch state {
        case .unknown:
            // With the key known, the variables of its values would have to be known, too.
            let variables = values.flatMap { value -> [String] in
                let text = PlainSubstitution(
                    value, context: context, hasVariables: hasVariables && comparison.takesVariables)
                guard case .unknown(let keys) = text else { return [] }
                return keys
            }
            return PlainFinding(.unknown, keys: Set(variables + [key]))
        case .absent:
            switch quantifier {
            case .none: return PlainFinding(PlainTruth(isNegated || ifExists))
            case .all: return PlainFinding(.yes)
            case .any: return PlainFinding(PlainTruth(ifExists))
            }
        case .single(let value):
            return judge([value], comparison, isNegated, quantifier == .none ? .any : quantifier, context)
        case .list(let list):
            // A multivalued key needs a set operator, however many values came.
            if quantifier == .none { return PlainFinding(.no) }
            if quantifier == .all, list.allSatisfy(\.isEmpty) { return PlainFinding(.yes) }
            return judge(list, comparison, isNegated, quantifier, context)
        }
    }

    private func judge(
        _ requested: [String], _ comparison: PlainComparison, _ isNegated: Bool, _ quantifier: Quantifier,
        _ context: PlainContext
    ) -> PlainFinding {
        let findings = requested.map { request -> PlainFinding in
            let meets = PlainFinding.any(values.map { self.meets($0, request, comparison, context) })
            return isNegated ? !meets : meets
        }
        return quantifier == .all ? .all(findings) : .any(findings)
    }

    private func meets(_ value: String, _ request: String, _ comparison: PlainComparison, _ context: PlainContext)
        -> PlainFinding
    {
        switch PlainSubstitution(value, context: context, hasVariables: hasVariables && comparison.takesVariables) {
        case .pieces(let pieces): PlainFinding(PlainTruth(comparison.holds(policy: pieces, request: request)))
        case .nothing: PlainFinding(.no)
        case .unknown(let keys): PlainFinding(.unknown, keys: Set(keys))
        }
    }

    private func null(_ quantifier: Quantifier, _ state: PlainContext.State) -> PlainFinding {
        switch quantifier {
        case .all: return PlainFinding(.yes)
        case .any: return PlainFinding(.no)
        case .none: break
        }
        if state == .unknown { return PlainFinding(.unknown, keys: [key]) }
        let isAbsent = state == .absent
        return PlainFinding(PlainTruth(values.contains { $0.lowercased() == (isAbsent ? "true" : "false") }))
    }
}
