import AccessDenial
package import Causes
package import IAMPolicy
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
import TrailStore
import Wording

/// What policy documents in the trail show: a prefix that IAM does not know, a resource that does not cover the one refused.
package enum PolicyDocuments {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization, facts.group.reason.effect != .explicit,
            facts.group.reason.policyType == .identityBased || facts.group.reason.policyType == nil
        else { return [] }
        let known = facts.policies.known
        return [wrongPrefix(facts, known), tooNarrow(facts), lacksNamedAction(facts)].compactMap(\.self)
    }

    /// The policies that the trail shows and that may say something of the service.
    private static func ofService(_ facts: GroupFacts) -> [StandingPolicies.Known] {
        facts.policies.known.filter { $0.book.policy.mayBeAbout(facts.service) }
    }

    /// The policies that the trail shows and that allow something of the service by name, where none of all names the action.
    static func lackingAction(_ facts: GroupFacts) -> [StandingPolicies.Known] {
        let known = ofService(facts)
        func allows(_ policy: StandingPolicies.Known, _ holds: (Statement) -> Bool) -> Bool {
            policy.statements.contains { $0.effect == .allow && holds($0) }
        }
        let isNamed = known.contains { allows($0) { $0.matchesAction(facts.group.action) } }
        guard !isNamed else { return [] }
        return known.filter { policy in
            allows(policy) { $0.actions.patterns.contains { $0.names(service: facts.servicePrefix) } }
        }
    }

    /// Whether AWS gives no reason and names an action that no policy in the trail speaks of, though one speaks of the service, and
    /// nothing tells that the principal ever had the permission.
    package static func isNamedActionLacking(_ facts: GroupFacts) -> Bool {
        guard Unstated.slugs.contains(facts.group.reason.slug), facts.servicePrefix != "sts",
            facts.principal.kind == .role || facts.principal.kind == .user,
            !facts.requests.denied.all.isEmpty, facts.group.namesAction,
            facts.resourceAccount.map({ $0 == facts.principal.account }) ?? true,
            facts.group.calledAction != nil || facts.sameAction.allSatisfy({ $0.successes == 0 }),
            facts.policies.unread.isEmpty, !KnownRefusal.isKnown(facts)
        else { return false }
        return !lackingAction(facts).isEmpty
    }

    private static func lacksNamedAction(_ facts: GroupFacts) -> Finding? {
        guard isNamedActionLacking(facts), let policy = lackingAction(facts).last else { return nil }
        let allowed = policy.statements.filter { $0.effect == .allow }.flatMap(\.actions.patterns).map(\.text)
        let point: Prose = "Policy \(policy.name) allows \(list: allowed, limit: 4), and not \(facts.group.action)."
        var text: Prose = "AWS gives no reason." + point
        if let called = facts.group.calledAction {
            text +=
                "The call is \(facts.operation), which is mostly checked as \(called): what it passed made AWS ask for \(facts.group.action)."
        }
        text +=
            "No other policy of \(facts.principal.shown) in the trail speaks of the service; one from before the archive may."
        return Finding(
            .missingAllow, .inferred, title: "No policy in the trail allows \(facts.group.action)", text, point: point,
            evidence: [policy.change.evidence] + facts.denialEvidence.prefix(1))
    }

    /// A policy that allows the same operation under the prefix of a service with a name alike, such as the former one of the same
    /// service, and that action as it stands there; `nil` where there is none.
    static func formerName(_ facts: GroupFacts) -> (policy: StandingPolicies.Known, action: String)? {
        guard let operation = facts.group.action.split(separator: ":").last?.lowercased() else { return nil }
        for policy in facts.policies.known.reversed() {
            let mayName = policy.book.policy.mayBeAbout(facts.service)
            for statement in policy.statements where statement.effect == .allow {
                guard !mayName || !statement.matchesAction(facts.group.action) else { return nil }
                let alike = statement.actions.patterns.first { pattern in
                    guard let prefix = pattern.prefix, pattern.lowercasedName == operation else { return false }
                    return isAlike(prefix, facts.servicePrefix.lowercased())
                }
                if let alike { return (policy, alike.text) }
            }
        }
        return nil
    }

    /// Whether two prefixes begin or end with the same word.
    private static func isAlike(_ one: String, _ other: String) -> Bool {
        guard one != other else { return false }
        let begin = zip(one, other).prefix { $0 == $1 }.count
        let end = zip(one.reversed(), other.reversed()).prefix { $0 == $1 }.count
        return max(begin, end) >= 6
    }

    /// The conditions that every known Allow of the action bears, of the latest one: an Allow that is offered beside it must not
    /// do without. Empty where one bears none, or none is known.
    package static func standingConditions(_ facts: GroupFacts) -> [Statement.Condition] {
        let allows = ofService(facts).flatMap(\.statements).filter {
            $0.effect == .allow && $0.matchesAction(facts.group.action)
        }
        guard !allows.contains(where: { $0.conditions.isEmpty }), let last = allows.last else { return [] }
        // What no request for the action ever has would allow nothing, nor would the tags that the calls give to something else.
        return last.conditions.filter { condition in
            !ContextTable.isForeign(condition.key, to: facts.group.action)
                && !(condition.asksForRequestTags && facts.requests.denied.all.contains { $0.observed.tagsAnother })
        }
    }

    private static func wrongPrefix(_ facts: GroupFacts, _ known: [StandingPolicies.Known]) -> Finding? {
        let miswritten = IAMPrefix.miswritten(of: facts.servicePrefix)
        guard !miswritten.isEmpty else { return nil }
        for policy in known.reversed() {
            let mayName = policy.book.policy.mayBeAbout(facts.service)
            for statement in policy.statements where statement.effect == .allow {
                guard case .matching(let patterns) = statement.actions else { continue }
                for pattern in patterns {
                    guard let prefix = pattern.prefix, miswritten.contains(prefix),
                        ActionPattern("\(facts.servicePrefix):\(pattern.name)").matches(facts.group.action)
                    else { continue }
                    return Finding(
                        .wrongIAMPrefix, confidence(policy.change, facts),
                        title: "The policy uses a prefix that IAM does not know",
                        "The policy \(policy.name) allows \(pattern.text), but IAM's prefix for this service is \(facts.servicePrefix). The statement allows nothing.",
                        evidence: [policy.change.evidence] + facts.denialEvidence.prefix(1))
                }
                // The right action on an ARN of a service that has none.
                guard mayName, statement.matchesAction(facts.group.action),
                    case .matching(let resources)? = statement.resources
                else { continue }
                let wrong = resources.first { resource in
                    ARN(resource.text).map { miswritten.contains($0.service) } ?? false
                }
                if let wrong, !resources.contains(where: { covers($0, facts) }) {
                    return Finding(
                        .wrongIAMPrefix, confidence(policy.change, facts),
                        title: "The policy's resource ARN names a service that IAM does not know",
                        "The policy \(policy.name) allows \(facts.group.action) on \(wrong.text), but ARNs of this service begin with \("arn:\(facts.principal.partition):\(facts.servicePrefix):"). The statement covers nothing.",
                        evidence: [policy.change.evidence] + facts.denialEvidence.prefix(1))
                }
            }
        }
        return nil
    }

    /// A policy that stood while the call still worked is not what ended it.
    private static func confidence(_ change: TrailChange, _ facts: GroupFacts) -> Confidence {
        facts.lastSuccessBefore.map { change.time < $0 } ?? false ? .possible : .inferred
    }

    private static func covers(_ pattern: ResourcePattern, _ facts: GroupFacts) -> Bool {
        facts.refusedResources.contains { pattern.matches($0) }
    }

    /// The Allows of the action that stand, where none covers what was refused: the latest, what it covers and what it does not.
    package struct NarrowAllow {
        package var policy: StandingPolicies.Known
        /// The event that brought the statement.
        package var change: TrailChange
        package var granted: [String]
        package var uncovered: [String]
        /// The statement's name, where it has one.
        package var sid: String?
        /// Whether the statement is written for what is the caller's own, by a variable.
        package var isOwn = false
    }

    package static func narrowAllow(_ facts: GroupFacts) -> NarrowAllow? {
        let refused = (facts.refusedResources.isEmpty ? requested(facts) : facts.refusedResources).filter(
            ResourceForms.isComparable)
        guard !refused.isEmpty else { return nil }
        let allows = ofService(facts).flatMap { policy in
            policy.statements.filter { $0.effect == .allow && $0.matchesAction(facts.group.action) }
                .map { (policy, $0) }
        }
        let uncovered = refused.filter { resource in !allows.contains { covers($0.1, resource, facts) } }
        guard uncovered.count == refused.count, let (policy, statement) = allows.last,
            let selection = statement.resources, let granted = written(selection.patterns, facts)
        else { return nil }
        // An ARN of the wrong service is the other finding's.
        guard !granted.contains(where: { ARN($0).map { IAMPrefix.miswritten[$0.service] != nil } ?? false }) else {
            return nil
        }
        return NarrowAllow(
            policy: policy, change: facts.origin(of: statement, as: .identityBased, in: policy.change) ?? policy.change,
            granted: granted, uncovered: uncovered, sid: statement.sid,
            isOwn: selection.patterns.contains(where: \.holdsVariable))
    }

    /// What the calls were on by their records, where AWS names nothing; empty where one of them does not tell.
    ///
    /// A message that says of which type of policy an Allow is missing names the resource, too, unless the action has none. Those of the
    /// Pinpoint family have one, but for a few that are known.
    private static func requested(_ facts: GroupFacts) -> [String] {
        let requests = facts.scene.requests
        guard !requests.isEmpty else { return [] }
        if requests.allSatisfy(\.isResourceKnown) {
            // Where things have policies of their own, something else than the caller's may refuse.
            return ChangeCatalogue.hasResourcePolicies(facts.group.eventSource)
                ? [] : Set(requests.map(\.resource)).sorted()
        }
        let isOfNothing =
            facts.group.reason == .missingAllow(.identityBased) && facts.group.truncatedDenials == 0
            && !ServiceFamily.pinpoint.eventSources.contains(facts.group.eventSource)
            && !requests.contains(where: \.isResourceKnown)
        return isOfNothing ? ["*"] : []
    }

    /// Whether a statement covers a resource, its variables being what they are in the refused calls.
    private static func covers(_ statement: Statement, _ resource: String, _ facts: GroupFacts) -> Bool {
        guard case .matching(let patterns)? = statement.resources, patterns.contains(where: \.holdsVariable) else {
            return statement.matchesResource(resource)
        }
        return written(patterns, facts)?.contains { ResourcePattern($0).matches(resource) } ?? true
    }

    /// The patterns as they read for the refused calls; `nil` where that is not known.
    private static func written(_ patterns: [ResourcePattern], _ facts: GroupFacts) -> [String]? {
        guard patterns.contains(where: \.holdsVariable) else { return patterns.map(\.text) }
        guard let context = facts.scene.requests.first?.context else { return nil }
        let resolved = patterns.compactMap { $0.resolved(in: context) }
        return resolved.count == patterns.count ? resolved : nil
    }

    private static func tooNarrow(_ facts: GroupFacts) -> Finding? {
        guard let allow = narrowAllow(facts), !KnownRefusal.isKnown(facts) else { return nil }
        let began = ResourceForms.began(allow, facts)
        // The policy still names the former key of what is encrypted.
        let choice = KeyChoice(facts)
        let use = ConfiguredUse(facts)
        let evidence =
            (use.map { [$0.change.evidence] } ?? []) + (choice.map { [$0.change.evidence] } ?? []) + [
                allow.change.evidence
            ]
            + (began.map { [$0.evidence] } ?? []) + facts.denialEvidence.prefix(1)
        let which: Prose =
            allow.sid.map { "Statement \($0) of policy \(allow.policy.name)" } ?? "The policy \(allow.policy.name)"
        var text: Prose =
            "\(which) allows \(facts.group.action) on \(list: allow.granted, limit: 3), which does not cover \(list: allow.uncovered, limit: 2)."
        if let elsewhere = ResourceForms.elsewhere(allow, facts) {
            return Finding(
                elsewhere.differsInRegion ? .regionMismatch : .resourceTooNarrow, .inferred, title: elsewhere.title,
                text + elsewhere.story, evidence: evidence)
        }
        let story = ResourceForms.story(allow, facts)
        // What the first screen says: since when the refused key counts, and why what looks right does not match.
        let point: Prose = choice.map { $0.story + text + story } ?? (story.isEmpty ? "" : text + story)
        text += story
        text += FurtherRequests.story(facts)
        if let began {
            text += "\(began.summary.capitalised) at \(time: began.time): since then every message uses it."
        }
        text += choice?.story ?? ""
        return Finding(
            .resourceTooNarrow, narrowConfidence(allow, facts),
            title: "The policy's resource does not cover the one refused", text, point: point, evidence: evidence,
            cause: (began ?? choice?.change).map { .edit(Cause.Change(events: [$0.event])) })
    }

    /// A success on what was refused, while the policy stood as it stands, speaks against it; one on something else, or on what the
    /// records do not tell, goes with it where nothing changed in between.
    private static func narrowConfidence(_ allow: NarrowAllow, _ facts: GroupFacts) -> Confidence {
        guard confidence(allow.change, facts) == .possible else { return .inferred }
        let isSame = facts.group.lastSuccessIsOnSameResource && !ResourceForms.hidesPart(allow.uncovered)
        let isOther = !isSame && facts.group.lastSuccessBefore != nil
        return isOther && PermissionsChanged.candidates(facts).isEmpty ? .inferred : .possible
    }
}

extension GroupFacts {
    /// Causes that lie in the text of a policy, whoever wrote it when.
    private static let ofText: Set<Finding.Code> = [
        .conditionUnmet, .resourceTooNarrow, .regionMismatch, .explicitDeny, .missingAllow, .networkPathChanged,
    ]

    /// Whether a change is to blame for what its events show: whoever wrote a policy that merely does not speak of the call is not.
    package func blames(_ change: TrailChange?, _ rootCause: Finding) -> Bool {
        if let change, group.reason.slug == DestinationRefusal.slug {
            // A policy that never let the service in is no doing of whoever wrote it.
            return lastSuccessBefore.map { $0 <= change.time } ?? false
        }
        // Nor is whoever wrote what the calls lack, where they went on to succeed, be it on something else.
        let accepted = rootCause.code == .conditionUnmet ? ConditionalAllow.ofRole(self)?.lastAccepted(self) : nil
        let successes = [
            lastSuccessBefore, group.laterSuccessElsewhereBefore, group.laterUnplacedSuccessBefore, accepted,
        ]
        if let change, Self.ofText.contains(rootCause.code), let success = successes.compactMap(\.self).max(),
            TimeSpan.seconds(from: change.time, to: success) > TimeSpan.settling
        {
            return false
        }
        guard rootCause.code == .missingAllow, rootCause.confidence == .stated, let change else { return true }
        if case .edit? = rootCause.cause { return true }
        if SilentResourcePolicy(self)?.evidence?.eventID == change.change.eventID { return false }
        let silent = PolicyDocuments.lackingAction(self) + (PolicyDocuments.formerName(self).map { [$0.policy] } ?? [])
        return !silent.contains { $0.change.change.eventID == change.change.eventID }
    }
}

extension Statement.Condition {
    /// Whether it asks for tags that come with the request.
    fileprivate var asksForRequestTags: Bool {
        let key = key.lowercased()
        return key.hasPrefix("aws:requesttag/") || key == "aws:tagkeys"
    }
}
