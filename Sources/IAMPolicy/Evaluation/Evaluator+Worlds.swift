extension Evaluator {
    /// The most keys whose values are tried out.
    private static let keyLimit = 2
    /// The most combinations of values that are tried out.
    private static let worldLimit = 256

    /// Tries out what an unknown key can be, so that statements that together cover every case decide for certain.
    ///
    /// `Allow if k = a` and `Allow if k ≠ a` allow, whatever `k` is; Kleene's logic does not see it. Only keys that are compared as
    /// whole text are tried: with each value that a policy names, with another, and absent; so no case is left out.
    func settle(
        _ keys: [ContextKey], _ request: AuthorizationRequest, _ placed: [Placed], _ evaluation: inout Evaluation
    ) {
        let unknown = Set(keys).sorted { $0.lookup < $1.lookup }
        guard !unknown.isEmpty, unknown.count <= Self.keyLimit, policies.grants.isEmpty else { return }
        var worlds = [request]
        for key in unknown {
            guard let values = Self.values(of: key, placed), worlds.count * (values.count + 1) <= Self.worldLimit else {
                return
            }
            worlds = worlds.flatMap { world in
                [with(world, world.context.without(key))] + values.map { with(world, world.context.with(key, $0)) }
            }
        }
        let outcomes = Set(worlds.map { self.decision(on: $0) })
        guard !outcomes.contains(.undetermined), outcomes.count == 1 || !outcomes.contains(.allowed) else { return }
        let decision: Decision = outcomes.count == 1 ? outcomes.first ?? .undetermined : .implicitlyDenied
        let settled = worlds.filter { self.decision(on: $0) == decision }.map { self.evaluation(of: $0) }
        guard let first = settled.first else { return }
        evaluation.decision = decision
        evaluation.decidedBy = settled.allSatisfy { $0.decidedBy == first.decidedBy } ? first.decidedBy : nil
        evaluation.refusedBy = first.refusedBy.filter { layer in settled.allSatisfy { $0.refusedBy.contains(layer) } }
        let names = evaluation.missingKeys.map { "`\($0)`" }.joined(separator: " and ")
        evaluation.notes.append("The decision is the same whatever \(names) \(unknown.count == 1 ? "is" : "are").")
        evaluation.missingKeys = []
    }

    private func with(_ request: AuthorizationRequest, _ context: RequestContext) -> AuthorizationRequest {
        var request = request
        request.context = context
        return request
    }

    /// Every value that can make a difference; `nil` where they cannot be listed.
    private static func values(of key: ContextKey, _ placed: [Placed]) -> [String]? {
        guard !key.isMultivalued else { return nil }
        var values: Set<String> = ["true", "false", "\u{1}another"]
        for statement in placed.map(\.statement) {
            guard !statement.resources.contains(where: { $0.variables.contains { $0.key == key } }),
                !statement.conditions.contains(where: { $0.variables.contains { $0.key == key } })
            else { return nil }
            for condition in statement.conditions where condition.key == key {
                guard condition.variables.isEmpty, let named = condition.conditionOperator else { return nil }
                switch named.family {
                case .null, .bool: break
                case .string(let ignoringCase) where named.qualifier == .none:
                    values.formUnion(condition.written.values)
                    guard ignoringCase else { continue }
                    values.formUnion(condition.written.values.map { $0.lowercased() })
                    values.formUnion(condition.written.values.map { $0.uppercased() })
                case .string, .stringLike, .numeric, .date, .binary, .address, .arn: return nil
                }
            }
        }
        return values.sorted()
    }
}
