import IAMPolicy
import OrderedJSON

/// What an evaluator says, in the terms that the rows and the properties compare.
struct EvaluatorAnswer: Equatable {
    var decision: String
    var decidedBy: PlainEvaluation.Blame?
    var refusedBy: [String]
    var missingKeys: [String]
    var missingPolicies: [String]

    /// The evaluator of the program, through the contract of `simulate`.
    init(fast request: JSONValue) throws {
        let result = try SimulationRequest(request).result()
        decision = result["decision"]?.stringValue ?? ""
        refusedBy = result["refusedBy"]?.texts ?? []
        missingKeys = result["missingKeys"]?.texts ?? []
        missingPolicies = result["missingPolicies"]?.texts ?? []
        if let blame = result["decidedBy"], blame != .null {
            var index: Int?
            if case .integer(let number)? = blame["statement"]?["index"] { index = number }
            decidedBy = PlainEvaluation.Blame(
                layer: blame["policyType"]?.stringValue ?? "", policy: blame["policy"]?.stringValue, statement: index,
                level: blame["level"]?.stringValue)
        }
    }

    /// The slow and obvious one.
    init(plain request: JSONValue) {
        let plain = PlainEvaluation(request)
        decision = plain.decision
        decidedBy = plain.decidedBy
        refusedBy = plain.refusedBy
        missingKeys = plain.missingKeys
        missingPolicies = plain.missingPolicies
    }

    /// What differs from a row of the cases.
    func differences(from expected: JSONValue) -> [String] {
        var differences: [String] = []
        func compare(_ key: String, _ got: String?, _ wanted: String?) {
            if got != wanted { differences.append("\(key): \(got ?? "none"), not \(wanted ?? "none")") }
        }
        compare("decision", decision, expected["decision"]?.stringValue)
        for (key, got) in [
            ("refusedBy", refusedBy), ("missingKeys", missingKeys), ("missingPolicies", missingPolicies),
        ] {
            if let wanted = expected[key] {
                compare(key, got.joined(separator: " "), wanted.texts.joined(separator: " "))
            }
        }
        if let wanted = expected["decidedBy"] {
            compare("policyType", decidedBy?.layer, wanted["policyType"]?.stringValue)
            if let policy = wanted["policy"]?.stringValue { compare("policy", decidedBy?.policy, policy) }
            if let index = wanted["statement"] {
                compare("statement", decidedBy?.statement.map(String.init), index.texts.first)
            }
            if let level = wanted["level"]?.stringValue { compare("level", decidedBy?.level, level) }
        }
        return differences
    }
}
