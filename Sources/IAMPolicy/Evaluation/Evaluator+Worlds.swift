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
            let possibility = request.context.possibility(of: key)
            guard let values = possibility?.values ?? Self.values(of: key, placed),
                worlds.count * (values.count + 1) <= Self.worldLimit
            else {
                return
            }
            worlds = worlds.flatMap { world in
                let absent = possibility?.canBeAbsent ?? true ? [with(world, world.context.without(key))] : []
                return absent + values.map { with(world, world.context.with(key, $0)) }
            }
        }
        let outcomes = Set(worlds.map { self.decision(on: $0) })
        guard !outcomes.contains(.undetermined), outcomes.count == 1 || !outcomes.contains(.allowed) else { return }
        let decision: Decision = outcomes.count == 1 ? outcomes.first ?? .undetermined : .implicitlyDenied
        let settled = worlds.filter { self.decision(on: $0) == decision }.map {
            self.evaluation(of: $0, telling: .decision)
        }
        guard let first = settled.first else { return }
        evaluation.decision = decision
        let deciders = Self.inOrderOfBlame(Set(settled.compactMap(\.decidedBy)), placed)
        evaluation.decidedBy = deciders.first
        evaluation.decidedTogether = deciders.count > 1 ? deciders : []
        evaluation.refusedBy = first.refusedBy.filter { layer in settled.allSatisfy { $0.refusedBy.contains(layer) } }
        let names = evaluation.missingKeys.map { "`\($0)`" }.joined(separator: " and ")
        evaluation.notes.append("The decision is the same whatever \(names) \(unknown.count == 1 ? "is" : "are").")
        if deciders.count > 1 {
            let parts = deciders.map(\.words).joined(separator: "; ")
            evaluation.notes.append("It takes these together to decide, each for other values: \(parts).")
        }
        evaluation.missingKeys = []
    }

    /// Statements in the order in which they are blamed; then layers that lack an Allow.
    private static func inOrderOfBlame(_ deciders: Set<DecidedBy>, _ placed: [Placed]) -> [DecidedBy] {
        let statements = placed.map(decidedBy).filter(deciders.contains)
        var known: Set<DecidedBy> = []
        let layers = deciders.filter { $0.statement == nil }.sorted {
            ($0.layer.blameOrder, $0.level ?? "") < ($1.layer.blameOrder, $1.level ?? "")
        }
        return (statements + layers).filter { known.insert($0).inserted }
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

extension DecidedBy {
    /// What decided, in words.
    fileprivate var words: String {
        let place = level.map { " at level `\($0)`" } ?? ""
        guard let policy, let statement else { return "no Allow of type \(layer.name)\(place)" }
        return "statement \(statement) of \(layer.name) policy `\(policy)`\(place)"
    }
}

extension DecidingLayer {
    /// The place among the layers that lack an Allow.
    fileprivate var blameOrder: Int {
        switch self {
        case .policy(.resourceControl): 0
        case .policy(.serviceControl): 1
        case .policy(.vpcEndpoint): 2
        case .s3BlockPublicAccess: 3
        case .lakeFormation: 8
        case .policy(.identityBased): 4
        case .policy(.permissionsBoundary): 5
        case .policy(.session): 6
        case .policy(.resourceBased), .policy(.roleTrust): 7
        }
    }
}
