import AccessDenial
package import IAMPolicy
package import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore

/// The requests of a group as they are under a state of policies: what their records tell, and what is counted over all of them.
package struct GroupRequests {
    private let facts: GroupFacts

    package init(_ facts: GroupFacts) { self.facts = facts }

    /// The requests on what is refused now, as they are where principal and resources have the tags of a state.
    package func requests(in state: PolicyState) -> [AuthorizationRequest] {
        let observed = facts.requests.denied.all.map(\.observed)
        let isCounted = facts.group.requests.isEmpty
        let refused = Set(facts.refusedResources)
        let onRefused = observed.filter {
            refused.isEmpty || !$0.isResourceTold || refused.contains($0.resource)
        }
        // What is the same for all denials is so for each.
        let lists = lists.filter { isCounted || $0.values.count < 2 }
        return (onRefused.isEmpty ? observed : onRefused).prefix(DeniedRequests.limit).enumerated().map {
            index, one in
            let known = one.request
            let owner = known.resourceAccount ?? (one.isResourceTold ? owner(of: known.resource) : nil)
            let traits = Traits(
                one, state, lists: lists, index: index, isCounted: isCounted, owner: owner, group: facts.group,
                timeline: facts.timeline)
            return known.deferring { traits.context }.with(resourceAccount: owner)
        }
    }

    /// What makes the context of one request, without the facts that keep the request.
    private struct Traits: Sendable {
        private let one: ObservedRequest
        private let state: PolicyState
        private let lists: [(key: String, values: [String])]
        private let index: Int
        private let isCounted: Bool
        private let owner: String?
        private let sessions: [DenialSession]
        private let taggedSession: SessionIssue?
        private let firstSeen: String
        private let timeline: PolicyTimeline

        init(
            _ one: ObservedRequest, _ state: PolicyState, lists: [(key: String, values: [String])], index: Int,
            isCounted: Bool, owner: String?, group: DenialGroup, timeline: PolicyTimeline
        ) {
            self.one = one
            self.state = state
            self.lists = lists
            self.index = index
            self.isCounted = isCounted
            self.owner = owner
            sessions = group.sessions
            taggedSession = group.taggedSession
            firstSeen = group.firstSeen
            self.timeline = timeline
        }

        var context: RequestContext {
            let request = one.request
            var own = state
            own.resources = state.resources.filter { $0.holder == Holder.resource(arn: request.resource) }
            // Which session is meant is told below.
            if isCounted { own.sessionTags = nil }
            var context = request.context.adding(own, of: request)
            for list in lists where context.values(of: list.key) == nil {
                if list.values.isEmpty {
                    context.setAbsent(list.key)
                } else {
                    context.set(list.key, list.values[index % list.values.count])
                }
            }
            let key = one.call.text("userIdentity", "accessKeyId")
            let session = sessions.firstIndex { $0.accessKeyId == key && key != nil }
            if let session = session ?? (isCounted ? index : nil) { setTags(ofSession: session, in: &context) }
            if let owner { context.set("aws:ResourceAccount", owner) }
            return context
        }

        /// The tags with which a session was opened: they stand for those of the role. What an earlier session had and this one
        /// lacks, and nothing tells of the role, the calls lack.
        private func setTags(ofSession index: Int, in context: inout RequestContext) {
            guard !sessions.isEmpty,
                taggedSession != nil || sessions.contains(where: \.mayHaveTags)
            else { return }
            let session = sessions[index % sessions.count]
            guard session.issue != nil, let key = session.accessKeyId else {
                return context.forget("aws:PrincipalTag/*")
            }
            for tag in taggedSession?.tags ?? [] {
                let name = "aws:PrincipalTag/\(tag.key)"
                if context.knowledge(of: name) == .unknown { context.setAbsent(name) }
            }
            let tags = timeline.sessionTags(key, at: .at(firstSeen))
            for (key, value) in tags.known {
                if case .text(let text) = value { context.set("aws:PrincipalTag/\(key)", text) }
            }
        }
    }

    /// What is known of the calls that succeeded before the denials: of those whose records were kept, else of what is counted.
    package var succeededContexts: [RequestContext] {
        guard let success = facts.lastSuccessBefore else { return [] }
        let recorded = facts.requests.succeeded.filter { $0.observed.eventTime < facts.group.firstSeen }
        if !recorded.isEmpty {
            return recorded.map { one in
                let state = facts.policies(at: one.observed.moment)
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
        var state = facts.policies(at: .at(success))
        // Those are of the session that was refused.
        state.sessionTags = nil
        let known = state
        return (0..<max(1, lists.map(\.values.count).max() ?? 1)).map { index in
            var context = RequestContext()
            context.setUnknown("*")
            context.set("aws:CurrentTime", success)
            for list in lists where !list.values.isEmpty {
                context.set(list.key, list.values[index % list.values.count])
            }
            context.add(known, callerAccount: nil, resourceAccount: nil)
            setSessionTags(issuedBefore: success, in: &context)
            return context
        }
    }

    /// The tags of the last session that was opened with some, for a call that came after.
    private func setSessionTags(issuedBefore time: String, in context: inout RequestContext) {
        guard let issue = facts.group.taggedSession, issue.issuedAt <= time else { return }
        for tag in issue.tags { context.set("aws:PrincipalTag/\(tag.key)", tag.value) }
    }

    /// The account that owns a resource: a bucket's ARN tells none, but who writes its policy does.
    package func owner(of resource: String) -> String? {
        if let arn = ARN(resource), arn.account.count == 12 { return arn.account }
        if facts.group.resourceAccounts.count == 1 { return facts.group.resourceAccounts.first }
        let edit = Holder.resource(arn: resource).flatMap {
            facts.trail.timeline.lastEdit(of: $0, .policy, upTo: .at(facts.group.lastSeen))
        }
        return edit?.event.flatMap { $0.account.isEmpty ? nil : $0.account }
    }

    /// Keys of which the denials together tell more than each record, with their values; without values where they are in none of the
    /// requests.
    private var lists: [(key: String, values: [String])] {
        [("aws:SourceVpce", endpoints), ("aws:MultiFactorAuthPresent", factors)].compactMap { key, values in
            values.map { (key, $0) }
        }
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

    /// The values of a list that holds all there are.
    private func known(_ list: [Counted<String>]) -> [String]? {
        list.isEmpty || list.count >= 50 ? nil : list.map(\.value)
    }
}
