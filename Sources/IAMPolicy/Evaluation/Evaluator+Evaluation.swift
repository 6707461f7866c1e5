extension Evaluator {
    /// A statement with the policy and the level that it stands in.
    struct Placed {
        var layer: PolicyType
        var level: PolicySet.Level?
        /// The level's place, from the root down.
        var levelIndex = 0
        var policy: Policy
        var statement: CompiledStatement
    }

    /// The decision with its reasons: who decided, who else refuses, what each statement says, and what is not known.
    public func evaluation(of request: AuthorizationRequest) -> Evaluation { evaluation(of: request, telling: .all) }

    /// How much an evaluation tells beside the decision, who decided, who refuses, and what is not known.
    package enum Telling: Sendable {
        /// What each statement says, and notes.
        case all
        /// What each statement says that is about the action.
        case statementsOfAction
        /// No more.
        case decision
    }

    /// The same, of which no more is worked out than is told.
    package func evaluation(of request: AuthorizationRequest, telling: Telling) -> Evaluation {
        let rule = ServiceRule(request)
        // What is not about the action decides nothing.
        let placed = placed(request, isOfAction: telling != .all)
        let told: [Placed] =
            switch telling {
            case .all, .statementsOfAction: placed
            case .decision: []
            }
        var evaluation = Evaluation(
            decision: .allowed, decidedBy: nil, refusedBy: [], statements: told.map { trace($0, request) },
            missingKeys: [], missingPolicies: [], notes: telling == .all ? notes(request, rule, placed) : [])
        guard rule != .allowsAlways else { return evaluation }
        let outcome = outcome(of: request, rule)
        evaluation.decision = decision(outcome, rule)
        switch evaluation.decision {
        case .allowed: evaluation.decidedBy = allowing(outcome, request, placed)
        case .explicitlyDenied:
            evaluation.decidedBy = denying(request, placed)
            evaluation.refusedBy = refusing(outcome, request, placed)
        case .implicitlyDenied:
            evaluation.refusedBy = refusing(outcome, request, placed)
            evaluation.decidedBy = lacking(outcome, request, placed)
            if case .refuses = rule {
                // Nothing that the caller's policies say would help.
                let layer = DecidingLayer.policy(.identityBased)
                if !evaluation.refusedBy.contains(layer) { evaluation.refusedBy.append(layer) }
                evaluation.refusedBy.sort { $0.name < $1.name }
                evaluation.decidedBy = DecidedBy(layer: layer)
            }
        case .undetermined: explain(outcome, request, placed, &evaluation)
        }
        return evaluation
    }

    /// Every statement of every layer that binds the caller, in the order in which explicit denies are blamed; of those that are valid and
    /// about the action alone where that is asked for.
    func placed(_ request: AuthorizationRequest, isOfAction: Bool = false) -> [Placed] {
        let scope = scope(request)
        var placed: [Placed] = []
        func add(_ layer: PolicyType, _ list: [Policy], _ level: PolicySet.Level? = nil, _ index: Int = 0) {
            for policy in list where !isOfAction || policy.mayBeAbout(request.actionName.serviceMark) {
                for statement in policy.statements
                where !isOfAction || statement.isValid && statement.matchesAction(request) {
                    placed.append(
                        Placed(layer: layer, level: level, levelIndex: index, policy: policy, statement: statement))
                }
            }
        }
        func add(_ layer: PolicyType, _ levels: PolicySet.Levels) {
            for (index, level) in levels.levels.enumerated() { add(layer, level.policies, level, index) }
        }
        if scope.serviceControl { add(.serviceControl, policies.serviceControl) }
        if scope.resourceControl { add(.resourceControl, policies.resourceControl) }
        if scope.resource { add(request.isRoleTrust ? .roleTrust : .resourceBased, policies.resource.policies) }
        if scope.identity { add(.identityBased, policies.identity.policies) }
        if scope.boundary { add(.permissionsBoundary, policies.boundary.policies) }
        if scope.session { add(.session, policies.session.policies) }
        if scope.endpoint { add(.vpcEndpoint, policies.endpoint.policies) }
        return placed
    }

    private func match(_ placed: Placed, _ request: AuthorizationRequest) -> StatementMatch {
        match(placed.statement, request)
    }

    // MARK: - Who decided

    static func decidedBy(_ placed: Placed) -> DecidedBy {
        DecidedBy(
            layer: .policy(placed.layer), policy: placed.policy.name, statement: placed.statement.index,
            sid: placed.statement.sid, level: placed.level?.id)
    }

    private func denying(_ request: AuthorizationRequest, _ placed: [Placed]) -> DecidedBy? {
        placed.first { $0.statement.effect == .deny && match($0, request).truth == .yes }.map(Self.decidedBy)
    }

    /// The statement that allowed: of the identity-based policies where they did, else of the resource's policy.
    private func allowing(_ outcome: Outcome, _ request: AuthorizationRequest, _ placed: [Placed]) -> DecidedBy? {
        // An account's root user needs no statement.
        if request.principal.kind == .root { return nil }
        let allows = outcome.allows
        // Across accounts the caller's own policies always had to allow.
        let identity = allows.setting.isSameAccount == .no ? allows.identity : allows.identityPath
        let isIdentity = allows.setting.hasIdentity && identity == .yes && allows.limit == .yes
        let layers: [PolicyType] = isIdentity ? [.identityBased] : [.resourceBased, .roleTrust]
        let allowing = placed.filter {
            layers.contains($0.layer) && $0.statement.effect == .allow && match($0, request).truth == .yes
        }
        if isIdentity { return allowing.first.map(Self.decidedBy) }
        let strongest = allowing.max { match($0, request).level < match($1, request).level }
        return strongest.flatMap { best in
            allowing.first { match($0, request).level == match(best, request).level }
        }.map(Self.decidedBy)
    }

    /// The layer that lacks the Allow.
    private func lacking(_ outcome: Outcome, _ request: AuthorizationRequest, _ placed: [Placed]) -> DecidedBy? {
        if outcome.allows.serviceControl == .no {
            let allowing = levels(placed, request) { $0 != .no }
            let level = policies.serviceControl.levels.indices.first { !allowing.contains($0) }
                .flatMap { policies.serviceControl.levels[$0].id }
            return DecidedBy(layer: .policy(.serviceControl), level: level)
        }
        if outcome.allows.endpoint == .no { return DecidedBy(layer: .policy(.vpcEndpoint)) }
        if isBlocked(outcome, request) { return DecidedBy(layer: .s3BlockPublicAccess) }
        // IAM decides first.
        if outcome.allows.core == .yes, outcome.allows.lake == .no { return DecidedBy(layer: .lakeFormation) }
        return DecidedBy(layer: .policy(outcome.allows.blamed(resourceType: resourceType(request))))
    }

    private func resourceType(_ request: AuthorizationRequest) -> PolicyType {
        request.isRoleTrust ? .roleTrust : .resourceBased
    }

    /// Whether the request would be allowed if S3 did not leave out what a public bucket policy allows.
    private func isBlocked(_ outcome: Outcome, _ request: AuthorizationRequest) -> Bool {
        guard outcome.allows.setting.isPublicAccessBlocked, outcome.allows.core == .no else { return false }
        var open = outcome.allows
        open.setting.isPublicAccessBlocked = false
        return open.core != .no
    }

    /// The levels of service control policies with an Allow that matches in the given way.
    private func levels(_ placed: [Placed], _ request: AuthorizationRequest, _ isMeant: (Truth) -> Bool) -> Set<Int> {
        Set(
            placed.filter {
                $0.layer == .serviceControl && $0.statement.effect == .allow && isMeant(match($0, request).truth)
            }.map(\.levelIndex))
    }

    /// Every layer that refuses for certain and on its own, by name.
    private func refusing(_ outcome: Outcome, _ request: AuthorizationRequest, _ placed: [Placed]) -> [DecidingLayer] {
        var layers: Set<DecidingLayer> = []
        for entry in placed where entry.statement.effect == .deny && match(entry, request).truth == .yes {
            layers.insert(.policy(entry.layer))
        }
        let allows = outcome.allows
        if !allows.setting.needsNothing {
            if allows.serviceControl == .no { layers.insert(.policy(.serviceControl)) }
            if allows.endpoint == .no { layers.insert(.policy(.vpcEndpoint)) }
            let isBlocked = isBlocked(outcome, request)
            if isBlocked { layers.insert(.s3BlockPublicAccess) }
            if allows.lake == .no { layers.insert(.lakeFormation) }
            for type in allows.lacking(resourceType: resourceType(request))
            where !isBlocked || type != resourceType(request) {
                layers.insert(.policy(type))
            }
        }
        return layers.sorted { $0.name < $1.name }
    }

    // MARK: - What is not known

    private func explain(
        _ outcome: Outcome, _ request: AuthorizationRequest, _ placed: [Placed], _ evaluation: inout Evaluation
    ) {
        let scope = scope(request)
        evaluation.missingPolicies = incompleteTypes(request).filter(scope.binds).sorted { $0.rawValue < $1.rawValue }
        var keys: [ContextKey] = []
        let allowingLevels = levels(placed, request) { $0 == .yes }
        for entry in placed {
            let match = match(entry, request)
            guard match.truth == .undetermined, isDeciding(entry, match, outcome.allows) else { continue }
            // Within a level one Allow suffices.
            if entry.layer == .serviceControl, entry.statement.effect == .allow,
                allowingLevels.contains(entry.levelIndex)
            {
                continue
            }
            keys += entry.statement.unknownKeys(request)
            if Self.isDoubtful(entry.statement.type, request), !evaluation.missingPolicies.contains(.resourceControl) {
                evaluation.missingPolicies.append(.resourceControl)
                evaluation.missingPolicies.sort { $0.rawValue < $1.rawValue }
            }
            if match.principal == .undetermined, entry.statement.asksCanonicalUser,
                request.principal.canonicalUser == nil
            {
                keys.append(ContextKey("canonicalUserId"))
            }
        }
        if outcome.allows.depends(on: \.setting.isSameAccount) {
            keys.append(ContextKey("aws:ResourceAccount"))
        }
        if outcome.allows.grant == .undetermined {
            let names = policies.grants.flatMap { Array($0.contextSubset.keys) + Array(($0.contextEquals ?? [:]).keys) }
            keys += Set(names).sorted().map { ContextKey("kms:EncryptionContext:\($0)") }
        }
        if outcome.allows.depends(on: \.lake) {
            evaluation.notes.append(
                "AWS Lake Formation governs data of this account: whether it grants the caller what the call needs is not known."
            )
        }
        if policies.mayBeShared, outcome.allows.depends(on: \.account) {
            evaluation.notes.append(
                "AWS RAM shares the resource with the caller: which actions that allows is not known.")
        }
        evaluation.missingKeys = Self.spellings(keys)
        guard evaluation.missingPolicies.isEmpty, !keys.isEmpty, !outcome.allows.depends(on: \.lake) else { return }
        settle(keys, request, self.placed(request), &evaluation)
    }

    /// Each key once, in the spelling that sorts first.
    private static func spellings(_ keys: [ContextKey]) -> [String] {
        var spellings: [String: String] = [:]
        for key in keys { spellings[key.lookup] = min(spellings[key.lookup] ?? key.text, key.text) }
        return spellings.values.sorted()
    }

    private func isDeciding(_ placed: Placed, _ match: StatementMatch, _ allows: AllowSide) -> Bool {
        guard placed.statement.effect == .allow else { return true }
        switch placed.layer {
        case .serviceControl: return allows.depends(on: \.serviceControl)
        case .resourceControl: return allows.depends(on: \.resourceControl)
        case .identityBased: return allows.depends(on: \.identity)
        case .permissionsBoundary: return allows.depends(on: \.boundary)
        case .session: return allows.depends(on: \.session)
        case .vpcEndpoint: return allows.depends(on: \.endpoint)
        case .resourceBased, .roleTrust:
            switch match.level {
            case .direct: return allows.depends(on: \.direct)
            case .role: return allows.depends(on: \.role)
            case .account: return allows.depends(on: \.account)
            case .none: return false
            }
        }
    }

    private func incompleteTypes(_ request: AuthorizationRequest) -> [PolicyType] {
        let slots: [(Bool, PolicyType)] = [
            (policies.identity.isComplete, .identityBased), (policies.boundary.isComplete, .permissionsBoundary),
            (policies.session.isComplete, .session), (policies.resource.isComplete, resourceType(request)),
            (policies.endpoint.isComplete, .vpcEndpoint), (policies.serviceControl.isComplete, .serviceControl),
            (policies.resourceControl.isComplete, .resourceControl),
        ]
        return slots.filter { !$0.0 }.map(\.1)
    }

    // MARK: - Trace

    private func trace(_ placed: Placed, _ request: AuthorizationRequest) -> StatementTrace {
        let statement = placed.statement
        let named = statement.matchesPrincipal(request, hasBoundary: boundary(of: request))
        let isNamed = Self.isNamed(named.level, in: placed.policy.type, request)
        let conditions = statement.conditions.map { condition in
            let state = request.context.state(of: condition.key)
            var values: [String]?
            if case .present(let entry) = state { values = entry.values.map(\.text) }
            return StatementTrace.Condition(
                conditionOperator: condition.written.conditionOperator, key: condition.written.key,
                values: condition.written.values, requestValues: values, state: state.word,
                matches: condition.matches(in: request.context))
        }
        return StatementTrace(
            type: placed.layer, policy: placed.policy.name, level: placed.level?.id, index: statement.index,
            sid: statement.sid, effect: statement.writtenEffect, effectText: statement.effectText,
            isValid: statement.isValid,
            resources: statement.resources.map(\.text), isNotResource: statement.isNotResource,
            action: Truth(statement.isValid && statement.matchesAction(request)),
            principal: isNamed ? named.truth : .no, resource: matchesResource(statement, request),
            conditions: conditions, matches: match(placed, request).truth,
            source: placed.policy.source)
    }
}
