/// What one statement says of a request.
struct StatementMatch: Sendable {
    var action = Truth.no
    var principal = Truth.no
    var level = PrincipalLevel.none
    var resource = Truth.no
    var conditions = Truth.no

    /// Whether the statement matches the request.
    var truth: Truth { action && principal && resource && conditions }
}

/// A statement, prepared for the type of policy that it stands in. Prepared once, shared, evaluated often.
final class CompiledStatement: Sendable {
    /// As what the policy is evaluated.
    let type: PolicyType
    /// The place in its policy, counted from 0.
    let index: Int
    let sid: String?
    /// What it does where it matches; of an invalid statement it does not matter.
    let effect: Statement.Effect
    /// The effect as written; `nil` where there is none.
    let writtenEffect: Statement.Effect?
    /// What stands as the effect; empty where nothing does.
    let effectText: String
    /// `false` for a statement that AWS would refuse: it matches nothing.
    let isValid: Bool
    let principals: CompiledPrincipals?
    let resources: [CompiledResource]
    let conditions: [CompiledCondition]

    private let actions: [CompiledAction]
    /// The marks of the services that the actions name, one each.
    private let serviceMarks: [UInt64]
    private let isNotAction: Bool
    let isNotResource: Bool
    /// Whether a statement without `Principal` means everybody: where the policy is of a principal, not of a resource.
    private let matchesWithoutPrincipal: Bool

    init(_ entry: PolicyReading.Entry, in type: PolicyType, hasVariables: Bool) {
        let statement = entry.statement
        self.type = type
        index = entry.index
        sid = entry.sid
        effect = entry.effect ?? .deny
        writtenEffect = entry.effect
        effectText = entry.effectText
        isValid = statement.map { Self.fault($0, in: type) == nil } ?? false
        principals = statement?.principals.map(CompiledPrincipals.init)
        actions = statement?.actions.patterns.map(\.compiled) ?? []
        serviceMarks = actions.map(\.serviceMark)
        isNotAction = statement?.actions.isException ?? false
        let resources = statement?.resources
        self.resources = resources?.patterns.map { CompiledResource($0, in: type, hasVariables: hasVariables) } ?? []
        isNotResource = resources?.isException ?? true
        conditions = statement?.conditions.map { CompiledCondition($0, hasVariables: hasVariables) } ?? []
        switch type {
        case .resourceBased, .roleTrust: matchesWithoutPrincipal = false
        case .identityBased, .permissionsBoundary, .session, .serviceControl, .resourceControl, .vpcEndpoint:
            matchesWithoutPrincipal = true
        }
    }

    /// The marks of the services that its actions name; `nil` where they may be of any.
    var services: [UInt64]? { isNotAction || serviceMarks.contains(ActionName.anyService) ? nil : serviceMarks }

    /// Why a statement cannot stand in a policy of this type; `nil` where it can.
    static func fault(_ statement: Statement, in type: PolicyType) -> String? {
        switch type {
        case .identityBased, .permissionsBoundary, .session, .serviceControl:
            if statement.principals != nil { return "a policy of type \(type.rawValue) has no `Principal`" }
            if statement.resources == nil { return "neither `Resource` nor `NotResource`" }
        case .resourceControl, .vpcEndpoint:
            if statement.resources == nil { return "neither `Resource` nor `NotResource`" }
        case .resourceBased, .roleTrust: break
        }
        return nil
    }

    /// Whether the action is covered; certain either way.
    func matchesAction(_ request: AuthorizationRequest) -> Bool {
        let mark = request.actionName.serviceMark
        for index in serviceMarks.indices
        where serviceMarks[index] == mark || serviceMarks[index] == ActionName.anyService {
            if actions[index].matches(request.actionName) { return !isNotAction }
        }
        return isNotAction
    }

    func matchesResource(_ request: AuthorizationRequest) -> Truth {
        guard request.isResourceKnown else {
            if resources.isEmpty { return isNotResource ? .yes : .no }
            return !isNotResource && resources.contains { $0.text == "*" } ? .yes : .undetermined
        }
        var result = Truth.no
        for resource in resources {
            result = result || resource.matches(request.resourceBytes, in: request.context)
            if result == .yes { break }
        }
        return isNotResource ? !result : result
    }

    func matchesPrincipal(_ request: AuthorizationRequest, hasBoundary: Truth) -> (level: PrincipalLevel, truth: Truth)
    {
        guard let principals else { return matchesWithoutPrincipal ? (.direct, .yes) : (.none, .no) }
        return principals.match(request.principal, effect: effect, hasBoundary: hasBoundary)
    }

    func matchesConditions(_ request: AuthorizationRequest) -> Truth {
        var result = Truth.yes
        for condition in conditions {
            result = result && condition.matches(in: request.context)
            if result == .no { break }
        }
        return result
    }

    /// Whether the statement names somebody by S3's canonical id.
    var asksCanonicalUser: Bool {
        principals?.forms.contains { form in
            guard case .canonicalUser = form else { return false }
            return true
        } ?? false
    }

    /// The match, as far as it must be looked at: what follows a `no` stays `no`.
    func match(_ request: AuthorizationRequest, hasBoundary: Truth) -> StatementMatch {
        var match = StatementMatch()
        guard isValid, matchesAction(request) else { return match }
        match.action = .yes
        (match.level, match.principal) = matchesPrincipal(request, hasBoundary: hasBoundary)
        guard match.principal != .no else { return match }
        match.resource = matchesResource(request)
        guard match.resource != .no else { return match }
        match.conditions = matchesConditions(request)
        return match
    }

    /// The keys that are unknown and that leave this statement undetermined.
    func unknownKeys(_ request: AuthorizationRequest) -> [ContextKey] {
        var keys: [ContextKey] = []
        // A resource that another pattern covers needs no variable.
        if matchesResource(request) == .undetermined {
            let open = resources.filter { $0.matches(request.resourceBytes, in: request.context) == .undetermined }
            keys += open.flatMap(\.variables).map(\.key).filter {
                guard case .unknown = request.context.state(of: $0) else { return false }
                return true
            }
        }
        for condition in conditions where condition.matches(in: request.context) == .undetermined {
            keys += condition.unknownKeys(in: request.context)
        }
        return keys
    }
}

extension Statement.Selection {
    /// Whether everything but the list is meant.
    var isException: Bool {
        switch self {
        case .matching: false
        case .exceptMatching: true
        }
    }
}
