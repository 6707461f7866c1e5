import AccessDenial
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import TrailStore
import Wording

/// What to do where an Allow of the principal's own has a condition that the refused calls do not meet.
enum ConditionRemedy {
    /// The Allow that the calls need beside one that was never meant for them; `nil` where the condition is one to be met.
    static func statementOfItsOwn(_ allow: PolicyDocuments.ConditionalAllow, _ facts: GroupFacts) -> Remedy? {
        let action = facts.group.action
        let keys = allow.failures.map(\.condition.key)
        let others = (allow.statement?.conditions ?? []).filter { !keys.contains($0.key) }
        if keys.allSatisfy({ ContextTable.isForeign($0, to: action) }) {
            return Remedy(
                .policy,
                "Allow \(action) in a statement without \(list: keys, limit: 2), as below: no request for \(action) has that key, so policy \(allow.policy.name) never allows it, however it is called.",
                policy: LeastPrivilege.policy(facts, others))
        }
        guard let creation = LeastPrivilege.ofCreation(facts), let operation = creation.values.first,
            allow.failures.contains(where: isOfTags)
        else { return nil }
        return Remedy(
            .policy,
            "Allow \(action) for tags that \(operation) sets on what it creates (\(creation.key)), in a statement of its own, as below: the statement in policy \(allow.policy.name) is for what is there already. The tags in the call are as they should be.",
            policy: LeastPrivilege.policy(facts, []))
    }

    private static func isOfTags(_ failure: UnmetCondition) -> Bool {
        let key = failure.condition.key.lowercased()
        return ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"].contains { key.hasPrefix($0) }
            || failure.tag?.owner == .resource
    }

    /// How to meet the condition, and what to write in it if it is the condition that is wrong.
    static func advice(_ failure: UnmetCondition, _ policy: String, _ facts: GroupFacts) -> Prose {
        let condition = failure.condition
        let key = condition.key
        if let nearMiss = failure.nearMiss {
            return nearMiss.remedy + "The condition is on \(key), in policy \(policy)."
        }
        let change = RequestChange(condition, effect: .allow)
        if !failure.values.isEmpty, case .oneOf? = change?.demand {
            return
                "Policy \(policy) lets only \(list: condition.values, limit: 3) pass (\(key)), and the calls had \(list: failure.values, limit: 3): add \(list: failure.values, limit: 3) to the condition if \(facts.principal.shown) is meant to make such calls; else leave the policy as it is and make them with a role of their own."
        }
        if !failure.values.isEmpty, case .otherThan(let values)? = change?.demand {
            return values.isEmpty
                ? "The statement in policy \(policy) is for calls without \(key), and these have \(list: failure.values, limit: 3): leave it out of the call, or allow such calls in a statement of their own."
                : "Policy \(policy) lets every \(key) pass but \(list: values, limit: 3): make the call with another value."
        }
        let meeting = change?.advice(for: facts.group.action, on: facts.refusedResources.first ?? "*")
        let wanted: Prose = "\(condition.conditionOperator) \(list: condition.values, limit: 3)"
        if let meeting { return meeting + "That is what policy \(policy) asks for (\(key) \(wanted))." }
        return failure.isTold
            ? "Make the call meet condition \(key) of policy \(policy) (\(wanted)): the refused calls had nothing there. Or take the condition away if it is not meant for them."
            : "Compare the calls with condition \(key) of policy \(policy) (\(wanted)), which they do not meet, and change the calls, or the condition if such calls are meant to pass."
    }
}
