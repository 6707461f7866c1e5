import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// The requests behind a group's denials: what their records tell, else what is counted over all of them.
///
/// Of what is counted every value that was seen is in one request at least; which values came together is not known, so that a value
/// that differs between the denials stands beside the others' in turn.
struct GroupRequests {
    /// How many requests stand for a group at most.
    static let limit = 8

    private let facts: GroupFacts

    init(_ facts: GroupFacts) { self.facts = facts }

    /// The requests, as they are where principal and resources have the tags of a state: those of the records that were kept, else
    /// what is counted over all denials.
    func requests(in state: PolicyState) -> [AuthorizationRequest] {
        let recorded = recorded(in: state)
        return recorded.isEmpty ? counted(in: state) : recorded
    }

    /// The requests of the records that were kept.
    private var observed: [ObservedRequest] {
        facts.group.requests.isEmpty ? [] : facts.requests.denied.all.map(\.observed)
    }

    /// What is known of the calls that succeeded before the denials: of those whose records were kept, else of what is counted.
    var succeededContexts: [RequestContext] {
        guard let success = facts.lastSuccessBefore else { return [] }
        let replay = Replay(facts)
        let recorded = facts.requests.succeeded.filter { $0.observed.eventTime < facts.group.firstSeen }
        if !recorded.isEmpty {
            return recorded.map { one in
                let state = replay.view(at: one.observed.moment).state
                var context = one.observed.request(in: state).context
                setSessionTags(issuedBefore: one.observed.eventTime, in: &context)
                return context
            }
        }
        let counted = facts.group.successContext.flatMap { $0.isComplete ? $0 : nil }
        let lists: [(key: String, values: [String])] = [
            (
                "aws:SourceIp",
                counted?.vpcEndpointIds.isEmpty ?? false ? counted?.sourceIPAddresses.map(\.value) ?? [] : []
            ),
            ("aws:SourceVpce", counted?.vpcEndpointIds.map(\.value) ?? []),
            ("aws:MultiFactorAuthPresent", counted?.mfaAuthenticated.map(\.value) ?? []),
        ]
        let state = replay.view(at: .at(success)).state
        return (0..<max(1, lists.map(\.values.count).max() ?? 1)).map { index in
            var context = RequestContext()
            context.setUnknown("*")
            context.set("aws:CurrentTime", success)
            for list in lists where !list.values.isEmpty {
                context.set(list.key, list.values[index % list.values.count])
            }
            setTags(of: state, on: facts.refusedResources.first, in: &context)
            setSessionTags(issuedBefore: success, in: &context)
            return context
        }
    }

    /// The tags of the last session that was opened with some, for a call that came after.
    private func setSessionTags(issuedBefore time: String, in context: inout RequestContext) {
        guard let issue = facts.group.taggedSession, issue.issuedAt <= time else { return }
        for tag in issue.tags { context.set("aws:PrincipalTag/\(tag.key)", tag.value) }
    }

    /// The requests as their records tell them, on what is refused now.
    private func recorded(in state: PolicyState) -> [AuthorizationRequest] {
        let refused = Set(facts.refusedResources)
        let onRefused = observed.filter {
            refused.isEmpty || !$0.isResourceTold || refused.contains($0.resource)
        }
        let counted = lists.filter { $0.values.count < 2 }
        return (onRefused.isEmpty ? observed : onRefused).prefix(Self.limit).compactMap { one in
            var known = one.request(in: state)
            // What is the same for all denials is so for this one.
            for list in counted where known.context.values(of: list.key) == nil {
                if let value = list.values.first {
                    known.context.set(list.key, value)
                } else {
                    known.context.setAbsent(list.key)
                }
            }
            let key = one.call.text("userIdentity", "accessKeyId")
            if let session = facts.group.sessions.firstIndex(where: { $0.accessKeyId == key && key != nil }) {
                setTags(ofSession: session, in: &known.context)
            }
            var request = AuthorizationRequest(
                principal: known.principal, action: known.action, resource: known.resource,
                resourceAccount: known.resourceAccount ?? owner(of: known.resource), context: known.context)
            request?.isResourceKnown = one.isResourceTold
            return request
        }
    }

    /// What is counted over all denials, as requests.
    private func counted(in state: PolicyState) -> [AuthorizationRequest] {
        let group = facts.group
        let resources = Array(facts.refusedResources.prefix(Self.limit))
        let sessions = principals
        guard !sessions.isEmpty else { return [] }
        let lists = self.lists
        let counts = [resources.count, sessions.count, group.sessions.count] + lists.map(\.values.count)
        let count = min(Self.limit, counts.max() ?? 1)
        return (0..<max(count, 1)).compactMap { index in
            let resource = resources.isEmpty ? nil : resources[index % resources.count]
            var context = RequestContext()
            context.setUnknown("*")
            for list in lists {
                if list.values.isEmpty {
                    context.setAbsent(list.key)
                } else {
                    context.set(list.key, list.values[index % list.values.count])
                }
            }
            let session = sessions[index % sessions.count]
            // For the session of a role the record says `false` also where the key is absent.
            if facts.caller.kind != .user, factors == ["false"] {
                context.setUnknown("aws:MultiFactorAuthPresent", among: ["false"], orAbsent: true)
            }
            for (key, value) in session.contextKeys { context.set(key, value) }
            if session.kind != .user { context.setAbsent("aws:username") }
            if let owner = resource.flatMap(owner) { context.set("aws:ResourceAccount", owner) }
            setTags(of: state, on: resource, in: &context)
            setTags(ofSession: index, in: &context)
            var request = AuthorizationRequest(
                principal: session, action: group.action, resource: resource ?? "*",
                resourceAccount: resource.flatMap(owner), context: context)
            request?.isResourceKnown = resource != nil
            return request
        }
    }

    /// The account that owns a resource: a bucket's ARN tells none, but who writes its policy does.
    func owner(of resource: String) -> String? {
        if let arn = ARN(resource), arn.account.count == 12 { return arn.account }
        if facts.group.resourceAccounts.count == 1 { return facts.group.resourceAccounts.first }
        let edit = Holder.resource(arn: resource).flatMap {
            facts.trail.timeline.lastEdit(of: $0, .policy, upTo: .at(facts.group.lastSeen))
        }
        return edit?.event.flatMap { $0.account.isEmpty ? nil : $0.account }
    }

    /// Who called: sessions where the records tell them.
    private var principals: [RequestPrincipal] {
        let principal = facts.principal
        if let provider = facts.group.tokenProvider { return [RequestPrincipal(provider)].compactMap(\.self) }
        guard principal.kind != .other else {
            return principal.arn.lowercased().contains("anonymous") ? [.anonymous] : []
        }
        let arn = principal.arn
        let sessions =
            principal == facts.caller && principal.kind == .role
            ? facts.group.callers.prefix(Self.limit).compactMap { caller -> RequestPrincipal? in
                guard PrincipalName(caller.value).isSame(as: principal) else { return nil }
                return RequestPrincipal(caller.value, principalARN: arn)
            } : []
        return sessions.isEmpty ? [RequestPrincipal(arn, principalARN: arn)].compactMap(\.self) : sessions
    }

    /// Keys that the denials tell, with their values; without values where they are in none of the requests.
    private var lists: [(key: String, values: [String])] {
        let group = facts.group
        var lists: [(key: String, values: [String])] = []
        func add(_ key: String, _ values: [String]?) {
            if let values { lists.append((key, values)) }
        }
        // A resource in another Region than the record's, such as the target of an inference profile, is what is asked for.
        let regions = Set(facts.refusedResources.compactMap { ARN($0)?.region }.filter { !$0.isEmpty })
        add("aws:RequestedRegion", regions.count == 1 ? regions.sorted() : known(group.regions))
        add("aws:SourceIp", addresses)
        add("aws:SourceVpce", endpoints)
        add("aws:MultiFactorAuthPresent", factors)
        add(
            "aws:CurrentTime",
            group.firstSeen == group.lastSeen ? [group.firstSeen] : [group.firstSeen, group.lastSeen])
        add("aws:TokenIssueTime", group.sessionStarts.isEmpty ? nil : group.sessionStarts)
        if !group.evidence.isEmpty, group.evidence.allSatisfy({ $0.tlsVersion != nil }) {
            add("aws:SecureTransport", ["true"])
        }
        if facts.caller.isIdentity {
            add("aws:ViaAWSService", [group.invokedBy.isEmpty ? "false" : "true"])
            add("aws:PrincipalIsAWSService", ["false"])
        }
        if group.action == "sts:AssumeRole" {
            add("sts:ExternalId", RequestedResource.values(ofParameter: "externalId", facts))
        }
        if let token = facts.token {
            // An audience may be an address.
            let start = token.claims.hasPrefix("https://") ? token.claims.dropFirst(8) : token.claims[...]
            if let colon = start.firstIndex(of: ":") {
                add("\(token.issuer):aud", [String(token.claims[..<colon])])
                add("\(token.issuer):sub", [String(token.claims[token.claims.index(after: colon)...])])
            }
        }
        return lists
    }

    /// The addresses; `nil` behind a service, and where they are too many.
    private var addresses: [String]? {
        let group = facts.group
        if !group.vpcEndpointIds.isEmpty { return nil }
        guard let values = known(group.sourceIPAddresses) else { return nil }
        // A service that calls on the caller's behalf shows its own name, or an address of its own.
        return group.invokedBy.isEmpty && values.allSatisfy { $0.first?.isHexDigit ?? false } ? values : nil
    }

    private var endpoints: [String]? {
        let group = facts.group
        guard group.vpcEndpointIds.isEmpty else {
            let total = group.vpcEndpointIds.reduce(0) { $0 + $1.denials }
            return total == group.denials ? known(group.vpcEndpointIds) : nil
        }
        // Where successes came through an endpoint, a record tells it.
        guard let context = group.successContext, context.isComplete, group.invokedBy.isEmpty else { return nil }
        return context.vpcEndpointIds.isEmpty ? nil : []
    }

    /// For the session of a role the record says `false` also where the key is absent.
    private var factors: [String]? {
        let group = facts.group
        if group.mfaAuthenticated.isEmpty { return group.principalType == "IAMUser" ? [] : nil }
        guard let values = known(group.mfaAuthenticated) else { return nil }
        return values == ["true"] ? values : values.contains("true") ? nil : ["false"]
    }

    private func setTags(of state: PolicyState, on resource: String?, in context: inout RequestContext) {
        func set(_ prefix: String, _ tags: LaneState) {
            // What is created in the trail has no tags but those that it was given; those that are known are set again below.
            if tags.isComplete { context.setAbsent(prefix + "*") }
            for (key, entry) in tags.entries {
                guard case .known(.text(let value)) = entry.knowledge else { continue }
                context.set(prefix + key, value)
            }
            for key in tags.absent.keys where tags.entries[key] == nil { context.setAbsent(prefix + key) }
        }
        if let tags = state.principal?.tags { set("aws:PrincipalTag/", tags) }
        if let resource, let holder = Holder(naming: resource),
            let tags = state.resources.first(where: { $0.holder == holder })?.tags
        {
            set("aws:ResourceTag/", tags)
        }
    }

    /// The tags with which a session was opened: they stand for those of the role. What an earlier session had and this one lacks, and
    /// nothing tells of the role, the calls lack.
    private func setTags(ofSession index: Int, in context: inout RequestContext) {
        let sessions = facts.group.sessions
        guard !sessions.isEmpty,
            facts.group.taggedSession != nil || sessions.contains(where: \.mayHaveTags)
        else { return }
        let session = sessions[index % sessions.count]
        guard session.issue != nil, let key = session.accessKeyId else { return context.forget("aws:PrincipalTag/*") }
        for tag in facts.group.taggedSession?.tags ?? [] {
            let name = "aws:PrincipalTag/\(tag.key)"
            if context.knowledge(of: name) == .unknown { context.setAbsent(name) }
        }
        let tags = facts.timeline.sessionTags(key, at: .at(facts.group.firstSeen))
        for (key, value) in tags.known {
            if case .text(let text) = value { context.set("aws:PrincipalTag/\(key)", text) }
        }
    }

    /// The values of a list that holds all there are.
    private func known(_ list: [Counted<String>]) -> [String]? {
        list.isEmpty || list.count >= 50 ? nil : list.map(\.value)
    }
}
