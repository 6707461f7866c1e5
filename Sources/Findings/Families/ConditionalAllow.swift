import AccessDenial
package import Causes
package import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// An Allow that covers the refused calls but for its conditions: of the principal's own policies, or of the trust policy of the role
/// that was to be assumed.
package struct ConditionalAllow {
    /// The policy as a sentence names it: `policy NAME`, `the trust policy of role NAME`.
    package var policy: Prose
    /// The role whose trust policy it is; `nil` for one of the principal's own.
    package var role: String?
    /// The event that brought the statement.
    package var change: TrailChange
    package var statement: Statement
    /// What keeps it from the calls.
    package var failures: [FailingStatement.Condition]

    /// Whether the records tell what the calls had in place of what the conditions ask for.
    private var isTold: Bool { failures.allSatisfy { $0.had != nil } }

    package static func findings(_ facts: GroupFacts) -> [Finding] {
        [ofRole(facts), isOfOwn(facts) ? own(facts) : nil].compactMap { $0?.finding(facts) }
    }

    private static func isOfOwn(_ facts: GroupFacts) -> Bool {
        facts.group.category == .authorization && facts.group.reason.effect != .explicit
            && [.identityBased, nil].contains(facts.group.reason.policyType)
    }

    // MARK: - Where it stands

    /// The latest Allow of the principal's that only conditions keep from the refused calls, and surely so; `nil` where another
    /// one may allow them, because then something else refuses.
    package static func own(_ facts: GroupFacts) -> ConditionalAllow? {
        var found: ConditionalAllow?
        for policy in facts.policies.known {
            let judgement = Judgement(policy, facts)
            switch judgement.allows {
            case .no: break
            case .undetermined: return undecided(facts)
            case .yes: return nil
            }
            if let near = judgement.near.last(where: { !$0.unmet.isEmpty }) {
                found = ConditionalAllow(policy, near.statement, near.unmet, facts)
            }
        }
        return found
    }

    /// The one Allow of the principal's that may be meant for the calls, where its conditions ask for what the records do not tell: as
    /// none of the principal's policies allowed the calls, they did not meet it.
    private static func undecided(_ facts: GroupFacts) -> ConditionalAllow? {
        guard facts.group.reason == .missingAllow(.identityBased) || showsEveryPolicy(facts) else { return nil }
        var found: [ConditionalAllow] = []
        for policy in facts.policies.known {
            let judgement = Judgement(policy, facts)
            let near = judgement.near
            guard judgement.allows != .yes, near.allSatisfy(\.unmet.isEmpty) else { return nil }
            found += near.filter { !$0.open.isEmpty }.map { ConditionalAllow(policy, $0.statement, $0.open, facts) }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Whether AWS gives no reason, and the trail shows every policy of a principal that called within its own account.
    private static func showsEveryPolicy(_ facts: GroupFacts) -> Bool {
        guard Unstated.slugs.contains(facts.group.reason.slug),
            facts.resourceAccount.map({ $0 == facts.principal.account }) ?? true
        else { return false }
        return facts.scene.view.state.principal?.identity.isComplete ?? false
    }

    private init(
        _ policy: StandingPolicies.Known, _ statement: Statement, _ failures: [FailingStatement.Condition],
        _ facts: GroupFacts
    ) {
        self.policy = "policy \(policy.name)"
        change = facts.origin(of: statement, as: .identityBased, in: policy.change) ?? policy.change
        self.statement = statement
        self.failures = failures
    }

    /// The Allow of the trust policy of the role that was to be assumed, where every one of its Allows is under a condition that the
    /// calls fail.
    package static func ofRole(_ facts: GroupFacts) -> ConditionalAllow? {
        let reason = facts.group.reason
        guard facts.servicePrefix == "sts", facts.operation.hasPrefix("AssumeRole"),
            facts.group.category == .authorization, reason.effect != .explicit,
            reason.policyType == nil || reason.policyType == .roleTrust, let role = facts.roleToAssume
        else { return nil }
        // The last one tells, or nothing does where its text was not kept.
        let held = facts.scene.view.state.resources.first { $0.holder == Holder.role(role.name, account: role.account) }
        guard let policy = held?.policy.policies.first, let document = policy.text.document,
            let change = facts.writing(policy)
        else { return nil }
        let judgement = Judgement(document.statements, as: .roleTrust, facts)
        let near = judgement.allows == .no ? judgement.near : []
        // Of several the one that asks for what is most like what the calls had: the others let in somebody else.
        guard
            let nearest = near.enumerated().max(by: {
                ($0.element.likeness, $0.offset) < ($1.element.likeness, $1.offset)
            }),
            near.allSatisfy({ !$0.unmet.isEmpty })
        else { return nil }
        return ConditionalAllow(
            role.name, facts.origin(of: nearest.element.statement, as: .roleTrust, in: change) ?? change,
            nearest.element)
    }

    private init(_ role: String, _ change: TrailChange, _ near: Judgement.Near) {
        policy = "the trust policy of role \(role)"
        self.role = role
        self.change = change
        statement = near.statement
        failures = near.unmet
    }

    // MARK: - What is told

    /// What a trust policy asks for, and what the request had.
    package var demand: Prose {
        failures.first.map { "Since \(time: change.time) the trust policy asks for \($0.clause)." } ?? ""
    }

    private func finding(_ facts: GroupFacts) -> Finding {
        let which: Prose =
            statement.sid.map { "Statement \($0) of \(policy)" }
            ?? (role == nil ? "The \(policy)" : policy.capitalised)
        var text: Prose = "\(which) allows \(facts.group.action), but under a condition:"
        text += failures.map { $0.demand(facts) }.joined("; ")
        text = "\(text)."
        if !isTold {
            text +=
                facts.group.reason.effect == .implicit
                ? "AWS says that no policy allowed the calls, so they did not meet it."
                : "The trail shows every policy of \(facts.principal.shown), and no other one speaks of the call, so most likely they did not meet it."
        }
        text += Self.others(facts)
        // Who changed the tag since tells why now.
        let tagged = role == nil ? TagConditions.change(self, facts).flatMap { $0.time > change.time ? $0 : nil } : nil
        if let tagged { text += "\(tagged.summary.capitalised) at \(time: tagged.time)." }
        let (successes, confidence) = role == nil ? successes(facts) : trusted(facts)
        return Finding(
            .conditionUnmet, confidence,
            title: "A condition of the \(words: role == nil ? "" : "role's trust ")policy is not met",
            text + successes,
            evidence: (tagged.map { [$0.evidence] } ?? []) + [change.evidence]
                + (role == nil ? TagConditions.evidence(self, facts) : [])
                + facts.denialEvidence.prefix(1))
    }

    /// What the calls that succeeded tell of a policy of the principal's own, which need not be the only one.
    private func successes(_ facts: GroupFacts) -> (Prose, Confidence) {
        let answers = failures.map { $0.wasMet(facts) }
        if answers.allSatisfy({ $0 == .yes }) {
            // With what the calls had that succeeded the refused ones are allowed.
            let judgement = Judgement([statement], facts)
            let succeeded = GroupRequests(facts).succeededContexts
            let isProven =
                !succeeded.isEmpty
                && succeeded.allSatisfy { judgement.allows(taking: failures.map(\.key), from: $0) == .yes }
            return (
                failures.allSatisfy(\.isTime)
                    ? "The last success, at \(time: facts.lastSuccessBefore ?? ""), met it. Nobody changed anything: the Allow ended by itself."
                    : "The calls that succeeded met it. Nobody need have changed a policy: the calls differ.",
                isProven && facts.agreement == .agrees ? .simulated : .inferred
            )
        }
        // What its former text allowed says nothing of this one.
        if answers.contains(.no), !facts.presumed.isEmpty { return ("", .inferred) }
        if answers.contains(.no) {
            return (
                "Calls that succeeded did not meet it either, so another policy must have allowed those.", .possible
            )
        }
        // A policy that stood while the call still worked is not what ended it.
        let isOlder = facts.lastSuccessBefore.map { change.time < $0 } ?? false
        return ("", isTold && isOlder ? .possible : .inferred)
    }

    /// The same of a trust policy, which alone lets callers in.
    private func trusted(_ facts: GroupFacts) -> (Prose, Confidence) {
        var text: Prose = ""
        if let success = facts.lastSuccessBefore, success > change.time {
            text =
                "Calls that succeeded since it was written, the last at \(time: success), must have met it, so the calls differ."
        }
        return (text, Evaluated.lacking(facts) == .roleTrust ? .simulated : .inferred)
    }

    /// When a token was accepted last that has what the Allow of a trust policy asks for, be it another than the refused one.
    package func lastAccepted(_ facts: GroupFacts) -> String? {
        guard role != nil, let token = facts.group.tokenParts else { return nil }
        let wanted = failures.first?.wanted.map { "*\(token.provider):*:\($0)" } ?? []
        return facts.actionUsage.rows.filter { other in
            other.successes > 0 && wanted.contains { Glob.matches($0[...], other.principal[...]) }
        }.compactMap(\.lastSuccess).max()
    }

    /// Whose tokens of the same provider were accepted.
    private static func others(_ facts: GroupFacts) -> Prose {
        guard let token = facts.group.tokenParts else { return "" }
        let names = facts.actionUsage.rows.filter { $0.successes > 0 && $0.principal != facts.group.principal }
            .compactMap { other -> String? in
                guard let place = other.principal.firstRange(of: token.provider + ":") else { return nil }
                return String(other.principal[place.upperBound...])
            }
        return names.isEmpty ? "" : "Calls succeeded with the token of \(list: Set(names).sorted(), limit: 3)."
    }
}

extension Judgement.Near {
    /// How much of what the calls had the first unmet condition asks for: the length of the longest common beginning.
    fileprivate var likeness: Int {
        guard let condition = unmet.first else { return 0 }
        return condition.wanted.flatMap { wanted in
            condition.values.map { zip($0.utf8, wanted.utf8).prefix { $0 == $1 }.count }
        }.max() ?? 0
    }
}
