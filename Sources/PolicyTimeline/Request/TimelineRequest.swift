public import IAMPolicy

/// A request that somebody makes or might make, to be judged with the policies of a moment.
public struct TimelineRequest: Sendable {
    /// Who asks: the ARN of a user, a role or a session of one, or whatever else ``RequestPrincipal`` reads; empty for nobody who is known.
    public var principal: String
    /// The role's ARN with its path; `nil` where the timeline is to tell it.
    public var principalARN: String?
    /// What for, such as `mobiletargeting:SendMessages`.
    public var action: String
    /// On what: an ARN, or `*`.
    public var resource: String
    /// The account that owns the resource; `nil` where its ARN or the timeline is to tell it.
    public var resourceAccount: String?
    /// The session's access key, whose session policies count; `nil` where no session is meant.
    public var session: String?
    /// Context keys with their values. What is not listed is not known, but for what the timeline tells.
    public var context: [(key: String, values: [String])] = []
    /// Context keys that the request does not have: `aws:SourceVpce`, `aws:ResourceTag/*`, or `*` for all that are not listed.
    public var absent: [String] = []
    /// Context keys that are not known, whatever the timeline tells.
    public var unknown: [String] = []

    /// A request without a context of its own.
    public init(principal: String, action: String, resource: String) {
        self.principal = principal
        self.action = action
        self.resource = resource
    }

    /// Everybody whose history is needed to judge it.
    public var holders: [Holder] {
        var holders = [principalHolder, resourceHolder].compactMap(\.self)
        if let session { holders.append(.session(session)) }
        if let lake = resourceHolder.flatMap(LakeFormation.lake(of:)) { holders.append(lake) }
        // Whoever shares it is found by the resource's ARN.
        if let identity = sendingIdentity { holders.append(identity) }
        if let endpoint { holders.append(.vpcEndpoint(endpoint)) }
        let accounts = [
            RequestPrincipal(principal)?.account, resourceAccount, ARN(resource).map(\.account),
            resourceHolder?.account,
        ]
        for account in Set(accounts.compactMap(\.self)).sorted() where !account.isEmpty {
            holders += [.account(account), .organizationTarget(account)]
        }
        return holders
    }

    /// Throws where principal or action are none.
    public func check() throws(PolicyTimelineError) {
        _ = try requestPrincipal(arn: principalARN)
        guard AuthorizationRequest(principal: .anonymous, action: action, resource: resource) != nil else {
            throw PolicyTimelineError(
                .badRequest,
                "`\(PolicyTimelineError.shown(action))` on `\(PolicyTimelineError.shown(resource))` is no request: an action is written service:Name, and a resource is an ARN or *"
            )
        }
    }

    func requestPrincipal(arn: String?) throws(PolicyTimelineError) -> RequestPrincipal {
        if principal.isEmpty { return .anonymous }
        guard let found = RequestPrincipal(principal, principalARN: arn) else {
            throw PolicyTimelineError(
                .badPrincipal,
                "`\(PolicyTimelineError.shown(principal))` is no principal: give the ARN of a user, a role or a session, or a service's host name"
            )
        }
        return found
    }

    /// The user or role that asks; `nil` for anybody else.
    var principalHolder: Holder? {
        guard let holder = Holder(naming: principal), holder.kind == .user || holder.kind == .role else { return nil }
        return holder
    }

    /// What has the resource's own policy; `nil` where nothing of the kind has any.
    var resourceHolder: Holder? {
        guard let holder = Holder(naming: resource) else { return nil }
        switch holder.kind {
        // Its trust policy decides who assumes a role, and nothing else.
        case .role: return action.lowercased().hasPrefix("sts:") ? holder : nil
        // Of what Amazon SES has, identities have policies.
        case .resource where holder.service == "ses" && !holder.name.hasPrefix("identity/"): return nil
        case .resource: return ChangeReaders.writesPolicies(ofService: holder.service) ? holder : nil
        case .user, .group, .managedPolicy, .identityProvider, .instanceProfile, .permissionSet, .organizationPolicy,
            .organizationTarget, .account, .vpcEndpoint, .session, .workload, .resourceShare, .rolesAnywhereProfile:
            return nil
        }
    }

    /// The identity of Amazon SES that a message is sent with; `nil` for any other request.
    var sendingIdentity: Holder? {
        guard let holder = Holder(naming: resource), holder.service == "ses", holder.name.hasPrefix("identity/"),
            action.lowercased().hasPrefix("ses:send")
        else { return nil }
        return holder
    }

    /// The endpoint that the request passes, as its context tells.
    var endpoint: String? { context.first { $0.key.lowercased() == "aws:sourcevpce" }?.values.first }
}

extension PolicyTimeline {
    /// What a request is judged by, and what stands behind it.
    public struct Simulation: Sendable {
        /// The request with its policies.
        public var simulation: SimulationRequest
        /// The policies with their sources.
        public var state: PolicyState
    }

    /// A request with the policies that stood at a moment. Throws where principal or action are none.
    ///
    /// A message of Amazon SES that names no configuration set is sent with its identity's own, on which the call must be allowed, too:
    /// where the identity's policies allow it and the set's do not, that is the simulation.
    public func simulation(of request: TimelineRequest, at moment: Moment) throws(PolicyTimelineError) -> Simulation {
        var judged = Judged(request: request, timeline: self, moment: moment)
        var first = try judged.simulation()
        guard let identity = request.sendingIdentity, let set = configurationSet(of: identity, at: moment) else {
            return first
        }
        var further = request
        further.resource = set
        var judgedFurther = Judged(request: further, timeline: self, moment: moment)
        var second = try judgedFurther.simulation()
        let note =
            "where the call names no configuration set, it sends with that of the identity and must be allowed on \(set), too"
        let isRefused =
            first.simulation.evaluation().decision == .allowed && second.simulation.evaluation().decision != .allowed
        guard isRefused else {
            first.simulation.notes.append(note)
            return first
        }
        second.simulation.notes.append("\(note): on \(request.resource) alone it is allowed")
        return second
    }

    /// The ARN of the configuration set that an identity of Amazon SES sends with where a call names none; `nil` where it has none, or
    /// none is known.
    private func configurationSet(of identity: Holder, at moment: Moment) -> String? {
        let settings = state(of: identity, .settings, at: moment)
        guard case .known(.text(let name))? = settings.entries["configuration set"]?.knowledge else { return nil }
        return "arn:aws:ses:\(identity.region):\(identity.account):configuration-set/\(name)"
    }
}

/// A request on its way to being judged.
private struct Judged {
    let request: TimelineRequest
    let timeline: PolicyTimeline
    let moment: Moment
    var notes: [String] = []

    init(request: TimelineRequest, timeline: PolicyTimeline, moment: Moment) {
        self.request = request
        self.timeline = timeline
        self.moment = moment
    }

    mutating func simulation() throws(PolicyTimelineError) -> PolicyTimeline.Simulation {
        let resource = resourceHolder
        let principal = try principal()
        let owner = request.resourceAccount ?? ARN(request.resource).flatMap { $0.account.isEmpty ? nil : $0.account }
        let account = owner ?? recordingAccount(of: resource)
        let state = timeline.state(
            at: moment,
            of: PolicySubject(
                principal: request.principalHolder, resources: resource.map { [$0] } ?? [],
                accounts: [principal.account, account].compactMap(\.self), endpoint: request.endpoint,
                session: request.session))
        note(state, principal)
        try request.check()
        let context = context(state, principal, account)
        guard
            let asked = AuthorizationRequest(
                principal: principal, action: request.action, resource: request.resource, resourceAccount: account,
                context: context, settings: settings(resource, account))
        else { throw PolicyTimelineError(.badRequest, "`\(request.action)` is no action") }
        var policies = state.policySet(callerAccount: principal.account, resourceAccount: account)
        // Without a holder of one there is no resource policy, rather than one that is not known.
        if resource == nil { policies.resource = PolicySet.Slot() }
        if principal.kind == .federatedUser { policies.identity.isComplete = false }
        var simulation = SimulationRequest(asked, policies, issues: [])
        simulation.notes = notes
        return PolicyTimeline.Simulation(simulation: simulation, state: state)
    }

    /// The principal, for a role with the path that the timeline knows.
    private func principal() throws(PolicyTimelineError) -> RequestPrincipal {
        var arn = request.principalARN
        if arn == nil, let holder = request.principalHolder, holder.kind == .role {
            let existence = timeline.state(of: holder, .existence, at: moment)
            if case .known(.text(let text))? = existence.entries["arn"]?.knowledge { arn = text }
        }
        return try request.requestPrincipal(arn: arn)
    }

    /// What has the resource's policy: of an alias of a key the key.
    private var resourceHolder: Holder? {
        guard let holder = request.resourceHolder, holder.service == "kms", holder.name.hasPrefix("alias/") else {
            return request.resourceHolder
        }
        let alias = timeline.state(of: holder, .settings, at: moment)
        guard case .known(.text(let id))? = alias.entries["key"]?.knowledge else { return holder }
        return holder.key(ofAlias: id)
    }

    /// The account whose trail holds the changes of a bucket: nobody else's does, but where it was changed from another one.
    private mutating func recordingAccount(of resource: Holder?) -> String? {
        guard let resource else { return nil }
        let edits = timeline.edits(after: .at(""), upTo: .at("9999"), touching: [resource])
        let accounts = Set(edits.compactMap { $0.event?.account }.filter { !$0.isEmpty })
        guard accounts.count == 1, let account = accounts.first else { return nil }
        notes.append("account \(account) recorded the changes of \(resource.name), so that it is taken for the owner")
        return account
    }

    private func settings(_ resource: Holder?, _ owner: String?) -> AuthorizationRequest.ServiceSettings {
        var settings = AuthorizationRequest.ServiceSettings()
        guard let resource, resource.service == "s3" else { return settings }
        let access = timeline.state(of: resource, .access, at: moment)
        let ofAccount = owner.map { timeline.state(of: .account($0), .access, at: moment) }
        settings.restrictPublicBuckets = [access, ofAccount].contains {
            $0?.entries["RestrictPublicBuckets"]?.knowledge == .known(.text("true"))
        }
        if case .known(.text(let status))? = access.entries["abac"]?.knowledge {
            settings.bucketABACEnabled = status == "Enabled"
        }
        return settings
    }

    /// What was given, before what follows from the principal, before what the timeline tells; all else is not known.
    private func context(_ state: PolicyState, _ principal: RequestPrincipal, _ owner: String?) -> RequestContext {
        var context = state.context(of: principal, resourceAccount: owner)
        if !request.absent.contains("*") { context.setUnknown("*") }
        for pattern in request.unknown { context.forget(pattern) }
        for pattern in request.absent where pattern != "*" { context.setAbsent(pattern) }
        for (key, values) in request.context {
            if values.count == 1 { context.set(key, values[0]) } else { context.set(key, values: values) }
        }
        return context
    }

    private mutating func note(_ state: PolicyState, _ principal: RequestPrincipal) {
        guard let holder = request.principalHolder else { return }
        if principal.arn.contains(":assumed-role/"), request.session == nil {
            notes.append(
                "how the session began is not in the archive: it is judged as if it had no session policies and tags")
        }
        if timeline.lanes(of: holder, at: moment).isEmpty {
            notes.append("nothing in the archive tells of \(request.principal): which policies it has is not known")
        } else if state.principal?.exists == false {
            let end = timeline.lastEdit(of: holder, .existence, upTo: moment)?.event
            let when = end.map { " since \($0.eventName) at \($0.eventTime)" } ?? ""
            notes.append("\(request.principal) does not exist\(when)")
        }
    }
}
