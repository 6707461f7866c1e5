/// Decides requests as IAM does, with the policies that are known.
///
/// An explicit Deny in any layer beats all; then every layer that binds the caller must allow. What is not known makes a decision
/// undetermined only where it can change it. Source: "Policy evaluation logic" in the IAM user guide.
public struct Evaluator: Sendable {
    /// The policies that are asked.
    public let policies: PolicySet

    /// Whether the caller has a permissions boundary, which makes every Deny with `NotPrincipal` match.
    let hasBoundary: Truth
    /// Whether the policy of the resource opens it to everybody, in S3's sense.
    private let isPublic: Bool
    private let identity: Layer
    private let boundary: Layer
    private let session: Layer
    private let resource: Layer
    private let endpoint: Layer
    private let serviceControl: [[CompiledStatement]]
    private let resourceControl: [[CompiledStatement]]

    /// All statements of a slot, behind one another.
    private struct Layer: Sendable {
        let statements: [CompiledStatement]
        let isComplete: Bool
        let isEmpty: Bool

        init(_ slot: PolicySet.Slot) {
            statements = slot.policies.flatMap(\.statements)
            isComplete = slot.isComplete
            isEmpty = slot.policies.isEmpty
        }
    }

    /// An evaluator of a set of policies.
    public init(_ policies: PolicySet) {
        let isKnown = policies.boundary.isComplete || !policies.boundary.policies.isEmpty
        self.init(policies, hasBoundary: isKnown ? Truth(!policies.boundary.policies.isEmpty) : .undetermined)
    }

    /// The same of some policies of a caller, whose boundary is not asked itself.
    package init(_ policies: PolicySet, hasBoundary: Truth) {
        self.policies = policies
        self.hasBoundary = hasBoundary
        isPublic = PublicBucket.isPublic(policies.resource.policies)
        identity = Layer(policies.identity)
        boundary = Layer(policies.boundary)
        session = Layer(policies.session)
        resource = Layer(policies.resource)
        endpoint = Layer(policies.endpoint)
        serviceControl = policies.serviceControl.levels.map { $0.policies.flatMap(\.statements) }
        resourceControl = policies.resourceControl.levels.map { $0.policies.flatMap(\.statements) }
    }

    /// The decision alone, without its reasons.
    ///
    /// Kleene's logic does not see that two statements together cover every case; ``evaluation(of:)`` looks at that, too.
    public func decision(on request: AuthorizationRequest) -> Decision {
        let rule = ServiceRule(request)
        if rule == .allowsAlways { return .allowed }
        return decision(outcome(of: request, rule), rule)
    }

    /// What all statements together say of a request.
    struct Outcome {
        var deny = Truth.no
        var allows: AllowSide
    }

    func decision(_ outcome: Outcome, _ rule: ServiceRule) -> Decision {
        if outcome.deny == .yes { return .explicitlyDenied }
        if case .refuses = rule { return .implicitlyDenied }
        switch (outcome.allows.truth, outcome.deny) {
        case (.no, _): return .implicitlyDenied
        case (.yes, .no): return .allowed
        case (.yes, .yes), (.yes, .undetermined), (.undetermined, _): return .undetermined
        }
    }

    func scope(_ request: AuthorizationRequest) -> Scope {
        Scope(request, managementAccount: policies.managementAccount)
    }

    func outcome(of request: AuthorizationRequest, _ rule: ServiceRule) -> Outcome {
        let scope = scope(request)
        var outcome = Outcome(allows: AllowSide(setting: setting(request, rule)))
        if scope.serviceControl { weighServiceControl(request, &outcome) }
        if scope.resourceControl { weighResourceControl(request, &outcome) }
        if scope.resource { weighResource(request, &outcome) }
        if scope.identity {
            outcome.allows.identity = weigh(identity, request, &outcome.deny)
        } else {
            // An account's root user needs no policy.
            outcome.allows.identity = Truth(request.principal.kind == .root)
        }
        if scope.boundary { outcome.allows.boundary = weighLimit(boundary, request, &outcome.deny) }
        if scope.session {
            outcome.allows.session = weighLimit(session, request, &outcome.deny)
            if request.principal.kind == .federatedUser, session.isEmpty {
                // GetFederationToken without a session policy gives nothing.
                outcome.allows.session = session.isComplete ? .no : .undetermined
            }
        }
        if scope.endpoint { outcome.allows.endpoint = weighLimit(endpoint, request, &outcome.deny) }
        for grant in policies.grants where request.isOnKey {
            outcome.allows.grant = outcome.allows.grant || grant.allows(request)
        }
        if let lake = policies.lake { outcome.allows.lake = lake.allows(request) }
        return outcome
    }

    private func setting(_ request: AuthorizationRequest, _ rule: ServiceRule) -> AllowSide.Setting {
        AllowSide.Setting(
            isSameAccount: request.isSameAccount, hasIdentity: request.principal.hasIdentity,
            isGated: request.isGated, isPublicAccessBlocked: isPublicAccessBlocked(request),
            hasNoResourcePolicies: request.hasNoResourcePolicies,
            needsNothing: rule == .allowsWithoutPolicy)
    }

    /// Whether `RestrictPublicBuckets` leaves out what the bucket's policy allows to this caller.
    func isPublicAccessBlocked(_ request: AuthorizationRequest) -> Bool {
        request.settings.restrictPublicBuckets && request.isOnBucket && isPublic && request.principal.kind != .service
    }

    // MARK: - Layers

    /// What a list of statements allows; what it denies is added to `deny`.
    private func weigh(_ list: [CompiledStatement], _ request: AuthorizationRequest, _ deny: inout Truth) -> Truth {
        var allow = Truth.no
        for statement in list {
            let truth = match(statement, request).truth
            guard truth != .no else { continue }
            switch statement.effect {
            case .allow: allow = allow || truth
            case .deny: deny = deny || truth
            }
        }
        return allow
    }

    /// A layer that grants: what is not known may allow or deny.
    private func weigh(_ layer: Layer, _ request: AuthorizationRequest, _ deny: inout Truth) -> Truth {
        let allow = weigh(layer.statements, request, &deny)
        guard !layer.isComplete else { return allow }
        deny = deny || .undetermined
        return allow || .undetermined
    }

    /// A layer that limits: where there is none, it lets everything pass.
    private func weighLimit(_ layer: Layer, _ request: AuthorizationRequest, _ deny: inout Truth) -> Truth {
        layer.isEmpty && layer.isComplete ? .yes : weigh(layer, request, &deny)
    }

    private func weighServiceControl(_ request: AuthorizationRequest, _ outcome: inout Outcome) {
        for level in serviceControl {
            let allow = weigh(level, request, &outcome.deny)
            outcome.allows.serviceControl = outcome.allows.serviceControl && allow
        }
        guard !policies.serviceControl.isComplete else { return }
        outcome.deny = outcome.deny || .undetermined
        outcome.allows.serviceControl = outcome.allows.serviceControl && .undetermined
    }

    private func weighResourceControl(_ request: AuthorizationRequest, _ outcome: inout Outcome) {
        // Every level has AWS's own policy that allows everything, so that only Denies decide.
        for level in resourceControl { _ = weigh(level, request, &outcome.deny) }
        if !policies.resourceControl.isComplete { outcome.deny = outcome.deny || .undetermined }
    }

    private func weighResource(_ request: AuthorizationRequest, _ outcome: inout Outcome) {
        for statement in resource.statements {
            let match = match(statement, request)
            guard match.truth != .no else { continue }
            switch (statement.effect, match.level) {
            case (.deny, _): outcome.deny = outcome.deny || match.truth
            case (.allow, .direct): outcome.allows.direct = outcome.allows.direct || match.truth
            case (.allow, .role): outcome.allows.role = outcome.allows.role || match.truth
            case (.allow, .account): outcome.allows.account = outcome.allows.account || match.truth
            case (.allow, .none): break
            }
        }
        // What AWS RAM shares is allowed by a policy of its own, which never denies.
        if policies.mayBeShared { outcome.allows.account = outcome.allows.account || .undetermined }
        guard !resource.isComplete else { return }
        outcome.deny = outcome.deny || .undetermined
        outcome.allows.direct = outcome.allows.direct || .undetermined
        outcome.allows.role = outcome.allows.role || .undetermined
        outcome.allows.account = outcome.allows.account || .undetermined
    }

    /// What one statement says of a request.
    func match(_ statement: CompiledStatement, _ request: AuthorizationRequest) -> StatementMatch {
        var match = statement.match(request, hasBoundary: boundary(of: request))
        if !Self.isNamed(match.level, in: statement.type, request) { match.principal = .no }
        if match.resource == .yes, Self.isDoubtful(statement.type, request) { match.resource = .undetermined }
        return match
    }

    /// Whether a statement covers the resource.
    func matchesResource(_ statement: CompiledStatement, _ request: AuthorizationRequest) -> Truth {
        let truth = statement.matchesResource(request)
        return truth == .yes && Self.isDoubtful(statement.type, request) ? .undetermined : truth
    }

    /// Whether policies of a type may or may not apply: AWS does not document resource control policies for actions without a resource.
    static func isDoubtful(_ type: PolicyType, _ request: AuthorizationRequest) -> Bool {
        type == .resourceControl && request.resource == "*"
    }

    /// Whether the caller has a permissions boundary; some kinds of principal never do.
    func boundary(of request: AuthorizationRequest) -> Truth { request.principal.canHaveBoundary ? hasBoundary : .no }

    /// Whether a level at which a principal is named counts in a type of policy.
    ///
    /// In the policy of a gateway endpoint an account stands for its root user only. Source: "Control access to VPC endpoints".
    static func isNamed(_ level: PrincipalLevel, in type: PolicyType, _ request: AuthorizationRequest) -> Bool {
        guard type == .vpcEndpoint, level == .account else { return true }
        return request.principal.kind == .root || (request.service != "s3" && request.service != "dynamodb")
    }
}
