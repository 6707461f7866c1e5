import AccessDenial
import Causes
import Findings
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// The Allow that a blamed change left and that nearly allows the refused calls, with the slip put right that keeps it from them: an
/// operator that takes wildcards literally, a letter, a part of an ARN.
enum SlipEdit {
    /// What to write, before the change is taken back; `nil` where what the change wrote is no slip, and where the evaluator does not say
    /// that the edit helps.
    static func remedy(_ candidate: BlamedChange, _ facts: GroupFacts) -> Remedy? {
        guard candidate.direction == .replaces, facts.group.reason.effect != .explicit,
            let question = candidate.counterfactual?.question, question.effect == .allow,
            let (words, edit) = trust(candidate.change, facts) ?? own(question.type, candidate.change, facts)
        else { return nil }
        var text = words + "If the change was not intentional, restore what stood there before."
        if let former = FormerState.text(before: candidate.change, facts) {
            text += "The policy's previous text is in \(former.recordShown)."
        }
        text += "\(candidate.change.person.ask) whether it was intentional."
        var remedy = Remedy(.policy, text, commands: ChangeCommands.commands(for: candidate.change))
        remedy.edit = edit
        return remedy
    }

    /// The condition of a trust policy that a token does not meet.
    private static func trust(_ change: TrailChange, _ facts: GroupFacts) -> (Prose, StatementEdit)? {
        guard let allow = ConditionalAllow.ofRole(facts), allow.change.event == change.event,
            let failure = allow.failures.first, let edit = TrustEdit.edit(allow, facts)
        else { return nil }
        return (ConditionRemedy.advice(failure, allow.policy, facts), edit)
    }

    /// The only thing that the nearest statement of any other policy lacks.
    private static func own(_ type: PolicyType, _ change: TrailChange, _ facts: GroupFacts) -> (Prose, StatementEdit)? {
        let standing = Standing(facts)
        guard let found = Refusal.nearest(as: type, facts), found.event == change.event,
            let failing = standing.failing(found.statement), failing.trace.principal != .no,
            let (words, after) = condition(failing) ?? resource(failing),
            standing.proof(replacing: failing.place, by: after).heals
        else { return nil }
        return (words, failing.edit(after))
    }

    private static func condition(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        guard failing.isConditional, failing.lines.count == 1, let line = failing.lines.first,
            let miss = NearMiss(
                Statement.Condition(line.conditionOperator, line.key, line.values), had: line.requestValues ?? []),
            miss.corrected(line.conditionOperator, line.values) != nil,
            let after = failing.statement.mappingCondition(
                line.conditionOperator, line.key, { miss.corrected($0, $1) ?? ($0, $1) })
        else { return nil }
        return (miss.remedy + "The condition is on \(line.key), in \(failing.shown).", after)
    }

    private static func resource(_ failing: Standing.Failing) -> (Prose, JSONValue)? {
        guard failing.trace.resource == .no, failing.lines.isEmpty, failing.request.isResourceTold,
            let written = failing.statement["Resource"]?.elements.compactMap(\.stringValue)
        else { return nil }
        for pattern in written.prefix(PatternGap.patternLimit) {
            guard let gap = PatternGap(pattern, failing.request.request.resource), gap.isSlip else { continue }
            let corrected = written.map { JSONValue.string($0 == pattern ? gap.corrected : $0) }
            return (
                "Write \(gap.corrected) in \(failing.shown), in the place of \(pattern).",
                failing.statement.replacing(
                    "Resource", by: corrected.count == 1 ? corrected[0] : .array(corrected))
            )
        }
        return nil
    }
}
