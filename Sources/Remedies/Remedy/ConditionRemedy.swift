import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What to do where an Allow of the principal's own has a condition that the refused calls do not meet.
enum ConditionRemedy {
    /// The Allow that the calls need beside one that was never meant for them; `nil` where the condition is one to be met.
    static func statementOfItsOwn(_ allow: ConditionalAllow, _ facts: GroupFacts) -> Remedy? {
        let action = facts.group.action
        let keys = allow.failures.map(\.key)
        let others = allow.statement.conditions.filter { !keys.contains($0.key) }
        if keys.allSatisfy({ ContextTable.isForeign($0, to: action) }) {
            return Remedy(
                .policy,
                "Allow \(action) in a statement without \(list: keys, limit: 2), as below: no request for \(action) has that key, so \(allow.policy) never allows it, however it is called.",
                policy: LeastPrivilege.policy(facts, others))
        }
        if allow.failures.allSatisfy({ $0.tag?.owner == .resource }),
            let arn = facts.refusedResources.first.flatMap({ ARN($0) }),
            AllowCorrection.isOfAWS(arn)
        {
            return Remedy(
                .policy,
                "Allow \(LeastPrivilege.call(facts)) in a statement without \(list: keys, limit: 2), as below, and leave the one in \(allow.policy) for what is your own: \(arn.description) is AWS's, and bears none of your tags.",
                policy: LeastPrivilege.policy(facts, others))
        }
        guard let creation = LeastPrivilege.ofCreation(facts), let operation = creation.values.first,
            allow.failures.contains(where: isOfTags)
        else { return nil }
        return Remedy(
            .policy,
            "Allow \(action) for tags that \(operation) sets on what it creates (\(creation.key)), in a statement of its own, as below: the statement in \(allow.policy) is for what is there already. The tags in the call are as they should be.",
            policy: LeastPrivilege.policy(facts, []))
    }

    private static func isOfTags(_ failure: FailingStatement.Condition) -> Bool {
        let key = failure.key.lowercased()
        return ["aws:requesttag/", "aws:resourcetag/", "aws:tagkeys"].contains { key.hasPrefix($0) }
            || failure.tag?.owner == .resource
    }

    /// How to meet the condition, and what to write in it if it is the condition that is wrong.
    package static func advice(_ condition: FailingStatement.Condition, _ policy: Prose, _ facts: GroupFacts) -> Prose {
        let key = condition.key
        if let nearMiss = condition.nearMiss {
            return nearMiss.remedy + "The condition is on \(key), in \(policy)."
        }
        let change = RequestChange(condition.written, effect: .allow)
        let meeting = change?.advice(for: facts.group.action, on: facts.refusedResources.first ?? "*")
        let wanted: Prose = "\(condition.conditionOperator) \(list: condition.wanted, limit: 3)"
        if facts.isFederatedAssumption, key.lowercased().hasSuffix(":aud"), !condition.values.isEmpty {
            return
                "Let the condition \(key) of \(policy) name \(list: condition.values, limit: 3), which is what the token is made for, in the place of \(list: condition.wanted, limit: 3), or beside it where that is in use. Or have the client ask for a token for \(list: condition.wanted, limit: 3). What the policy asks of the subject stays as it is."
        }
        let meets: Prose = "That is what \(policy) asks for (\(key) \(wanted))."
        // An external id is a secret between two parties: a wrong one is not let in.
        if !condition.values.isEmpty, case .oneOf? = change?.demand, key.lowercased() != "sts:externalid" {
            // What the list holds already need not be added to it.
            let others = condition.values.filter { !condition.wanted.contains($0) }
            let had: Prose = "\(list: others.isEmpty ? condition.values : others, limit: 3)"
            let lets: Prose = "\(policy.capitalised) lets only \(list: condition.wanted, limit: 3) pass (\(key))"
            if facts.isFederatedAssumption {
                return
                    "\(lets), and the token had \(had): add that to the condition if such a token is to be let in, as narrowly as it is now; else ask for the role with a token that it lets in."
            }
            if let meeting {
                return meeting + meets
                    + "If \(facts.principal.shown) is meant to make such calls as they are, add \(had) to the condition."
            }
            return
                "\(lets), and the calls had \(had): add \(had) to the condition if \(facts.principal.shown) is meant to make such calls; else leave the policy as it is and make them with a role of their own."
        }
        if !condition.values.isEmpty, case .otherThan(let values)? = change?.demand {
            return values.isEmpty
                ? "The statement in \(policy) is for calls without \(key), and these have \(list: condition.values, limit: 3): leave it out of the call, or allow such calls in a statement of their own."
                : "\(policy.capitalised) lets every \(key) pass but \(list: values, limit: 3): make the call with another value."
        }
        if let meeting { return meeting + meets }
        return condition.had != nil
            ? "Make the call meet condition \(key) of \(policy) (\(wanted)): the refused calls had nothing there. Or take the condition away if it is not meant for them."
            : "Compare the calls with condition \(key) of \(policy) (\(wanted)), which they do not meet, and change the calls, or the condition if such calls are meant to pass."
    }
}
