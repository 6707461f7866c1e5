import AccessDenial
package import Causes
package import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// Where AWS gives no reason: what the policies that the trail holds say of the calls.
///
/// A Deny that matches for certain refuses whatever else is not known, and so does a type of policy of which the trail shows the
/// beginning, and which allows none of the calls.
package enum Evaluated {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard isAsked(facts) else { return [] }
        if let found = facts.failing, found.isCertain, found.statement.effect == .deny {
            return isRefuted(found, facts) ? [] : [denied(found, facts)]
        }
        guard let type = lacking(facts) else { return undecided(facts).map { [$0] } ?? [] }
        if type == .roleTrust, ConditionalAllow.ofRole(facts) != nil { return [] }
        let nearest = Refusal.nearest(as: type, facts)
        if !(nearest?.statement.lacksCondition ?? false), isRefuted(type, facts) { return [] }
        return [lacks(type, nearest, facts)]
    }

    /// The Allow for a service in what was called, where nothing else in its policy would let the service in and the records do not tell
    /// whether the calls have what its condition asks for.
    private static func undecided(_ facts: GroupFacts) -> Finding? {
        guard facts.principal.kind == .service || facts.principal.linkedService != nil,
            facts.scene.view.state.resources.contains(where: \.policy.isComplete),
            let found = Refusal.nearest(as: .resourceBased, facts), found.statement.resources.isEmpty,
            found.statement.principals.isEmpty, found.statement.conditions.contains(where: { $0.matches != .yes })
        else { return nil }
        let whose = holder(.resourceBased, facts)
        let story = found.statement.story(facts)
        var text: Prose =
            said(facts)
            + "Of what \(whose) says only one statement lets \(facts.principal.shown) in, and only under a condition."
        text += story
        if facts.group.action == "s3:GetObject", !facts.group.lastSuccessIsOnSameResource {
            text +=
                "S3 gives the same answer where there is no such object and the policy does not allow \("s3:ListBucket")."
        }
        return Finding(
            .conditionUnmet, .inferred, title: "A condition of \(whose) is not met", text,
            point: story, evidence: found.evidence(facts) + facts.denialEvidence.prefix(1),
            cause: found.statement.cause, statement: found.statement)
    }

    /// Whether a Deny that asks for nothing stood while the call succeeded on what was refused.
    private static func isRefuted(_ found: Refusal.Found, _ facts: GroupFacts) -> Bool {
        guard found.statement.conditions.isEmpty, let event = found.event, let success = facts.lastSuccessBefore,
            facts.group.lastSuccessIsOnSameResource
        else { return false }
        return TimeSpan.seconds(from: event.eventTime, to: success) > TimeSpan.settling
    }

    /// Whether the call succeeded before or after while the policies refused it just so: then something else decides.
    private static func isRefuted(_ type: PolicyType, _ facts: GroupFacts) -> Bool {
        guard facts.group.calledAction == nil else { return false }
        let replay = Replay(facts)
        return [facts.lastSuccessBefore, facts.firstSuccessAfter].compactMap(\.self).contains { success in
            let state = replay.view(at: .at(success)).state
            return facts.scene.requests.allSatisfy { refusing($0, state, facts.trail.library).contains(type) }
        }
    }

    /// Whether AWS names several causes at once, of which policies are some.
    private static func namesSeveral(_ facts: GroupFacts) -> Bool { facts.group.reason.slug == "key-policy-or-region" }

    /// Whether the policies tell which of the causes it is that AWS names at once.
    static func tellsWhich(_ facts: GroupFacts) -> Bool { namesSeveral(facts) && !findings(facts).isEmpty }

    /// What AWS said.
    private static func said(_ facts: GroupFacts) -> Prose {
        namesSeveral(facts)
            ? KnownRefusal.quoted(facts) + "AWS names several causes at once." : "AWS gives no reason."
    }

    private static func isAsked(_ facts: GroupFacts) -> Bool {
        facts.group.category == .authorization
            && (Unstated.slugs.contains(facts.group.reason.slug) || namesSeveral(facts))
    }

    /// The type of policy that the trail holds whole and that allows none of the calls: each is refused by it, whatever else is not
    /// known. `nil` where AWS states a reason, and where there is no such type.
    package static func lacking(_ facts: GroupFacts) -> PolicyType? {
        guard isAsked(facts) else { return nil }
        return facts.causeMemo.lacking.value {
            let state = facts.scene.view.state
            let isWhole =
                state.principal.map { $0.identity.isComplete || $0.boundary.isComplete } ?? false
                || state.resources.contains { $0.policy.isComplete } || state.endpoint?.isComplete ?? false
            guard isWhole, !facts.scene.requests.isEmpty else { return nil }
            let types = facts.scene.requests.map { Set(refusing($0, state, facts.trail.library)) }
            return order.first { type in
                types.allSatisfy { $0.contains(type) }
                    // Of a role that is not there another finding tells.
                    && (type != .roleTrust || state.resources.contains { !$0.policy.policies.isEmpty })
            }
        }
    }

    /// What the call asks of somebody else stands first: its owner is the one to be asked.
    private static let order: [PolicyType] = [
        .roleTrust, .resourceBased, .vpcEndpoint, .permissionsBoundary, .identityBased,
    ]

    /// The types of policy of which each alone refuses a call.
    private static func refusing(_ request: AuthorizationRequest, _ state: PolicyState, _ library: PolicyLibrary)
        -> [PolicyType]
    {
        let holder = Holder.resource(arn: request.resource)
        var set = library.policySet(
            of: state, resource: holder, callerAccount: request.principal.account,
            resourceAccount: request.resourceAccount)
        let service = request.action.prefix { $0 != ":" }.lowercased()
        // A role's trust policy is one of IAM's.
        if service != "sts", set.resource.policies.isEmpty,
            !ChangeCatalogue.hasResourcePolicies("\(service).amazonaws.com")
        {
            set.resource = .init()
        }
        let evaluation = Evaluator(set).evaluation(of: request, telling: .decision)
        guard evaluation.decision == .implicitlyDenied else { return [] }
        return evaluation.refusedBy.compactMap { layer in
            switch layer {
            case .policy(let type): type
            case .s3BlockPublicAccess, .lakeFormation: nil
            }
        }
    }

    private static func denied(_ found: Refusal.Found, _ facts: GroupFacts) -> Finding {
        let story = found.statement.story(facts)
        return Finding(
            .explicitDeny, .simulated, title: "A Deny that the trail holds matches \(facts.group.action)",
            said(facts)
                + "Evaluated as the policies stood, a Deny matches the call, and a Deny outweighs every Allow." + story,
            point: story, evidence: found.evidence(facts) + facts.denialEvidence.prefix(1),
            cause: found.statement.cause,
            statement: found.statement)
    }

    private static func lacks(_ type: PolicyType, _ nearest: Refusal.Found?, _ facts: GroupFacts) -> Finding {
        let whose = holder(type, facts)
        var point: Prose
        switch type {
        case .identityBased:
            point =
                "the trail shows all policies of \(facts.principal.shown) since it was created, and none allows the call."
        case .resourceBased where facts.scene.view.state.resources.allSatisfy(\.policy.policies.isEmpty):
            point =
                "the trail shows that \(facts.refusedResources.first ?? "what was called") has no policy of its own."
        case .resourceBased, .roleTrust, .vpcEndpoint, .permissionsBoundary, .session, .serviceControl,
            .resourceControl:
            point = "the trail shows what \(whose) said, and nothing in it allows the call."
        }
        var text: Prose = said(facts) + "Evaluated as the policies stood:" + point
        point = point.capitalised
        if let nearest {
            point = nearest.statement.story(facts)
            text += point
        }
        if nearest == nil, type == .roleTrust, let other = Standing(facts).lackingAction(as: type) {
            point =
                "\(Prose.statement(other.trace.sid, at: other.trace.index).capitalised) of \(whose) lets \(facts.callerNamed) in, and allows \(list: other.actions, limit: 3), not \(facts.group.action)."
            text += point
        }
        text += FurtherRequests.story(facts)
        let choice = KeyChoice(facts)
        if let choice {
            text += choice.story
            point = choice.story + point
        }
        let isCondition = nearest?.statement.lacksCondition ?? false
        let title: Prose =
            isCondition
            ? "A condition of \(whose) is not met" : "Nothing in \(whose) allows \(facts.group.action)"
        return Finding(
            isCondition && type != .identityBased ? .conditionUnmet : .missingAllow, .simulated, title: title, text,
            point: point,
            evidence: (choice.map { [$0.change.evidence] } ?? []) + (nearest?.evidence(facts) ?? beginning(type, facts))
                + facts.denialEvidence.prefix(1),
            cause: nearest?.statement.cause
                ?? .missingAllow(type, holder: facts.principal.arn, service: facts.servicePrefix),
            statement: nearest?.statement)
    }

    /// Whose policies of a type the calls met.
    package static func holder(_ type: PolicyType, _ facts: GroupFacts) -> Prose {
        let resource = facts.askedResource ?? "what was called"
        return switch type {
        case .roleTrust: "the trust policy of role \(facts.roleToAssume?.name ?? resource)"
        case .resourceBased: "the policy of \(ARN.policyHolder(of: resource))"
        case .vpcEndpoint: "the policy of endpoint \(facts.group.vpcEndpointIds.first?.value ?? "?")"
        case .permissionsBoundary: "the permissions boundary of \(facts.principal.shown)"
        case .identityBased, .session, .serviceControl, .resourceControl: "the policies of \(facts.principal.shown)"
        }
    }

    /// The event with which what the trail shows of a layer begins.
    private static func beginning(_ type: PolicyType, _ facts: GroupFacts) -> [Evidence] {
        let state = facts.scene.view.state
        let source: LaneState.Source? =
            switch type {
            case .identityBased: state.principal?.identity.completedBy
            case .permissionsBoundary: state.principal?.boundary.completedBy
            case .vpcEndpoint: state.endpoint?.completedBy
            case .resourceBased, .roleTrust: state.resources.first?.policy.completedBy
            case .session, .serviceControl, .resourceControl: nil
            }
        return source?.event.flatMap(facts.trail.change).map { [$0.evidence] } ?? []
    }
}

extension FailingStatement {
    /// Whether it is one condition that keeps an Allow from the calls, and nothing else.
    fileprivate var lacksCondition: Bool {
        effect == .allow && resources.isEmpty && principals.isEmpty && conditions.contains { $0.matches == .no }
    }
}

extension Refusal.Found {
    /// The change that wrote the statement.
    package func evidence(_ facts: GroupFacts) -> [Evidence] {
        event.flatMap(facts.trail.change).map { [$0.evidence] } ?? []
    }
}
