import AccessDenial
package import Causes
import IAMPolicy
package import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// The principal was deleted and made anew under the same name: the old one's policies went with it, and policies of resources
/// and roles that name the old one no longer match.
package enum PrincipalRecreated {
    package static func findings(_ facts: GroupFacts) -> [Finding] {
        guard facts.group.category == .authorization else { return [] }
        if let known = byPath(facts) ?? byFormerID(facts) { return [known] }
        guard canExplain(facts) else { return [] }
        return [byEvent(facts) ?? byUniqueID(facts)].compactMap(\.self)
    }

    /// The statement that means the former ARN and not the one of now, where the principal was made anew under another path.
    package static func namingFormer(_ facts: GroupFacts) -> FailingStatement? {
        guard let former = facts.predecessor, let statement = facts.failing?.statement else { return nil }
        let isNamed = statement.effect == .allow && statement.principals.contains(former.arn)
        return isNamed || decides(statement, by: "aws:PrincipalArn", { _ in [former.arn] }) ? statement : nil
    }

    /// Whether a condition of a statement decides by a key that has another value since the principal was made anew.
    private static func decides(_ statement: FailingStatement, by key: String, _ former: ([String]) -> [String]) -> Bool
    {
        let isDeny = statement.effect == .deny
        return statement.conditions.contains { condition in
            guard condition.key.lowercased() == key.lowercased(), condition.matches == (isDeny ? .yes : .no) else {
                return false
            }
            return former(condition.had ?? []).contains { value in
                var context = RequestContext()
                context.set(key, value)
                return condition.written.matches(in: context) == (isDeny ? .no : .yes)
            }
        }
    }

    /// The unique ids that the principal had when it succeeded and has now; `nil` where they are not known or not others.
    private static func ids(_ facts: GroupFacts) -> (then: [String], now: [String])? {
        guard let context = facts.group.successContext, context.isComplete else { return nil }
        let now = Set(facts.group.principalIds.map(\.value))
        let then = Set(context.principalIds.map(\.value))
        guard !now.isEmpty, !then.isEmpty, now.isDisjoint(with: then) else { return nil }
        return (then.sorted(), now.sorted())
    }

    /// A statement goes by the unique id, which is another one since the principal was made anew.
    private static func byFormerID(_ facts: GroupFacts) -> Finding? {
        guard let statement = facts.failing?.statement, let ids = ids(facts), let id = ids.then.first,
            decides(
                statement, by: "aws:userid",
                { had in had.map { id + String($0.drop { $0 != ":" }) } })
        else { return nil }
        let created = creation(facts)
        let since: Prose = created.map { "since \($0.author) made it anew at \(time: $0.time)" } ?? "now"
        let text: Prose =
            "The unique id of \(facts.principal.shown) was \(list: ids.then, limit: 2) when it succeeded, and is \(list: ids.now, limit: 2) \(since)."
        var finding = Finding(
            .principalRecreated, .inferred, title: "The principal was re-created under the same name",
            text + statement.story(facts), point: text + statement.story(facts),
            evidence: [created, created.flatMap { facts.deletion(until: $0.time) }].compactMap { $0?.evidence }
                + facts.denialEvidence.prefix(1))
        finding.statement = statement
        return finding
    }

    private static func byPath(_ facts: GroupFacts) -> Finding? {
        guard let statement = namingFormer(facts), let former = facts.predecessor,
            let created = facts.creation(until: facts.group.firstSeen)
        else { return nil }
        let text: Prose =
            "It was \(former.arn) when it last succeeded, at \(time: former.lastSuccess), and is \(facts.principal.arn) since \(time: created.time): the path is another one."
        var finding = Finding(
            .principalRecreated, .inferred,
            title: "\(facts.principal.shown.capitalised) was made anew under another path",
            text + statement.story(facts), point: text + statement.story(facts),
            evidence: [created.evidence] + [facts.deletion(until: created.time)?.evidence].compactMap(\.self)
                + facts.denialEvidence.prefix(1))
        finding.statement = statement
        return finding
    }

    private static func byEvent(_ facts: GroupFacts) -> Finding? {
        guard let success = facts.lastSuccessBefore, let created = creation(facts) else { return nil }
        return finding(
            facts,
            "\(facts.principal.shown.capitalised) was created at \(time: created.time), after its last success at \(time: success) and before the first denial.",
            evidence: [facts.deletion(until: created.time)?.evidence, created.evidence].compactMap(\.self)
                + facts.denialEvidence.prefix(1))
    }

    private static func byUniqueID(_ facts: GroupFacts) -> Finding? {
        guard let ids = ids(facts) else { return nil }
        return finding(
            facts,
            "The unique id of \(facts.principal.shown) was \(list: ids.then, limit: 2) when it succeeded and is \(list: ids.now, limit: 2) now.",
            evidence: facts.denialEvidence)
    }

    /// The creation of the principal between its last success and the first denial.
    private static func creation(_ facts: GroupFacts) -> TrailChange? {
        let created = facts.creation(until: facts.group.firstSeen)
        return created.flatMap { $0.time > facts.lastSuccessBefore ?? "" ? $0 : nil }
    }

    /// A new principal lacks Allows. It has no Deny, and no limit that the old one had not.
    static func canExplain(_ facts: GroupFacts) -> Bool {
        facts.group.reason.effect != .explicit && !(facts.group.reason.policyType?.isLimit ?? false)
    }

    private static func finding(_ facts: GroupFacts, _ observation: Prose, evidence: [Evidence]) -> Finding? {
        var text = observation
        var confidence: Confidence = .inferred
        switch facts.group.reason.policyType {
        case .resourceBased?, .roleTrust?:
            // What was written since names the new one.
            guard !isNamedAnew(facts) else { return nil }
            text += "Resource and trust policies that named the old one hold its dead id and do not match the new one."
        case .identityBased?:
            text += "The old one's policies were deleted with it."
            text += ownPolicies(facts, &confidence)
        case .serviceControl?, .resourceControl?, .permissionsBoundary?, .session?, .vpcEndpoint?, nil:
            text +=
                "A re-created principal starts without policies, and resource and trust policies that named the old one hold its dead id."
            if let older = namedBefore(facts) {
                text +=
                    "The policy of \(older.resource.name) is older: it was written at \(time: older.policy.source.event?.eventTime ?? facts.group.firstSeen) and named the one that is no more."
                break
            }
            if isNamedAnew(facts) {
                confidence = .possible
                text += "The policy of what was called was written since, so that one names the new principal."
            }
            text += ownPolicies(facts, &confidence)
        }
        return Finding(
            .principalRecreated, confidence, title: "The principal was re-created under the same name", text,
            evidence: evidence)
    }

    /// What the trail shows of the policies that the new principal was given since; those that speak of the call are the place to
    /// look at, and not that the principal is a new one.
    private static func ownPolicies(_ facts: GroupFacts, _ confidence: inout Confidence) -> Prose {
        guard creation(facts) != nil else { return "" }
        let known = facts.policies.known.filter { $0.statements.speak(of: facts.servicePrefix) }
        let unread = facts.policies.unread
        guard !known.isEmpty || !unread.isEmpty else {
            return "The trail shows none that the new one was given before the first denial."
        }
        if known.isEmpty {
            return "The new one was given \(list: unread, limit: 3), whose text is not in the trail."
        }
        confidence = .possible
        let allows = known.contains { Judgement($0, facts).allows != .no }
        return allows
            ? "The new one was given \(list: known.map(\.name), limit: 3), which can allow the call, so that it is a new one is only a possible cause."
            : "What the new one was given, \(list: known.map(\.name), limit: 3), does not allow the call."
    }

    /// The policy of what was called, where it allows the call to the caller by name and was written before the new caller was made: it
    /// still names the one that was deleted.
    package static func namedBefore(_ facts: GroupFacts) -> (resource: Holder, policy: HeldPolicy)? {
        guard let created = creation(facts) else { return nil }
        for state in facts.scene.view.state.resources {
            for policy in state.policy.policies {
                guard case .event(let event) = policy.source, event.eventTime < created.time,
                    let document = policy.text.document
                else { continue }
                let naming = document.statements.filter { $0.names(facts) }
                guard Judgement(naming, as: .resourceBased, facts).allows == .yes else { continue }
                return (state.holder, policy)
            }
        }
        return nil
    }

    /// What to do where the policy of what was called still names the one that is no more; `nil` where none is known to.
    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        guard rootCause.code == .principalRecreated, let older = namedBefore(facts) else { return nil }
        let isRole = older.resource.kind == .role
        let name: Prose =
            isRole ? "the trust policy of role \(older.resource.name)" : "the policy of \(older.resource.name)"
        return Remedy(
            .policy,
            "Write \(name) again, as it was meant: with the ARN \(facts.principal.arn) as principal. AWS keeps the unique id of who bore the name when the policy was written, and shows it in place of the ARN once that one is deleted; writing the policy again takes the id of the new one. The policies of \(facts.principal.shown) need no change for this.",
            commands: isRole
                ? [PolicyCommands.trust(ofRole: older.resource.name)]
                : older.policy.source.event.flatMap(
                    facts.trail.change
                ).map(ChangeCommands.commands) ?? [])
    }

    /// Whether the policy of the resource or role that was called was written after the principal had been made anew.
    private static func isNamedAnew(_ facts: GroupFacts) -> Bool {
        guard let created = creation(facts) else { return false }
        return facts.scene.view.state.resources.lazy.flatMap(\.policy.policies).contains {
            ($0.source.event?.eventTime ?? "") > created.time
        }
    }
}
