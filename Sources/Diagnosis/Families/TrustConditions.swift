import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// The trust policy of the role that was to be assumed names the caller under a condition that the calls do not meet.
enum TrustConditions {
    /// The trust policy in the trail that held at the first denial, and the conditions of its Allow that every call fails.
    struct Unmet {
        var role: String
        var change: TrailChange
        var failures: [UnmetCondition]

        /// What the policy asks for, and what the token had.
        var demand: Prose {
            guard let failure = failures.first else { return "" }
            return
                "The trail shows that it requires \(failure.condition.key) \(failure.condition.conditionOperator) \(list: failure.condition.values, limit: 3) since \(time: change.time), and the token had \(list: failure.values, limit: 1)."
        }
    }

    static func findings(_ facts: GroupFacts) -> [Finding] {
        guard let unmet = unmet(facts) else { return [] }
        var text: Prose = "The trust policy of role \(unmet.role) lets the caller assume it, but under a condition:"
        text += unmet.failures.map { $0.demand(facts) }.joined("; ")
        text = "\(text). The policy has been like this since \(time: unmet.change.time)."
        text += others(facts)
        if let success = facts.lastSuccessBefore, success > unmet.change.time {
            text +=
                "Calls that succeeded since then, the last at \(time: success), must have met it, so the calls differ."
        }
        return [
            Finding(
                .conditionUnmet, Evaluated.lacking(facts) == .roleTrust ? .simulated : .inferred,
                title: "A condition of the role's trust policy is not met", text,
                evidence: [unmet.change.evidence] + facts.denialEvidence.prefix(1))
        ]
    }

    /// Whose tokens of the same provider were accepted.
    private static func others(_ facts: GroupFacts) -> Prose {
        guard let token = facts.group.tokenParts else { return "" }
        let names = facts.actionUsage.rows.filter { $0.successes > 0 && $0.principal != facts.group.principal }
            .compactMap {
                other -> String? in
                guard let place = other.principal.firstRange(of: token.provider + ":") else { return nil }
                return String(other.principal[place.upperBound...])
            }
        return names.isEmpty ? "" : "Calls succeeded with the token of \(list: Set(names).sorted(), limit: 3)."
    }

    static func unmet(_ facts: GroupFacts) -> Unmet? {
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
        let failures = judgement.allows == .no ? judgement.unmet : []
        guard let last = failures.last, failures.allSatisfy({ !$0.isEmpty }) else { return nil }
        return Unmet(role: role.name, change: change, failures: last)
    }
}
