import AccessDenial
import Causes
import Findings
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore
import Wording

/// What a permissions boundary or the policy of a VPC endpoint has to say beside what it says, so that it lets the refused calls pass.
///
/// Only what it lacks for certain is offered: where a condition keeps the calls out, the call is to meet it.
enum LimitEdit {
    /// The remedy that begins with the edit, where there is one.
    static func offered(_ remedy: Remedy, _ facts: GroupFacts) -> Remedy {
        guard let (words, edit) = edit(facts) else { return remedy }
        var remedy = remedy
        remedy.text = "\(words.capitalised)." + remedy.text
        remedy.edit = edit
        return remedy
    }

    /// What to write, in words, with the edited statement; `nil` where the text is not known, where another statement would have to be
    /// written, and where the calls would be refused all the same.
    package static func edit(_ facts: GroupFacts) -> (words: Prose, edit: StatementEdit)? {
        guard !facts.changes.isEmpty, let type = facts.group.reason.policyType, SilentLimit.types.contains(type),
            facts.group.reason.effect != .explicit
        else { return nil }
        let standing = Standing(facts)
        if let statement = facts.failing?.statement {
            guard statement.effect == .allow, statement.principals.isEmpty, !statement.resources.isEmpty,
                !statement.conditions.contains(where: { $0.matches != .yes }),
                let failing = standing.failing(statement), let known = failing.statement["Resource"]
            else { return nil }
            let lacking =
                (facts.refusedResources.isEmpty
                ? facts.askedResource.map { [$0] } ?? [] : LeastPrivilege.resources(facts)).filter { $0 != "*" }
            guard !lacking.isEmpty else { return nil }
            let after = failing.statement.replacing(
                "Resource", by: .array(known.elements + lacking.map { .string($0) }))
            guard standing.proof(replacing: failing.place, by: after).heals else { return nil }
            return (
                "add \(list: lacking, limit: 3) to the resources of \(Prose.statement(failing.trace.sid, at: failing.trace.index))",
                failing.edit(after)
            )
        }
        guard let limit = SilentLimit(facts) else { return nil }
        let action = facts.group.action
        for place in standing.allows(of: type) {
            let after = place.statement.replacing(
                "Action", by: .array((place.statement["Action"]?.elements ?? []) + [.string(action)]))
            guard standing.proof(replacing: place, by: after).heals else { continue }
            return (
                "add \(action) to the actions of \(Prose.statement(place.sid, at: place.index)) of the \(limit.name)",
                StatementEdit(
                    policy: place.policy.name.isEmpty ? limit.name.plain : place.policy.name, sid: place.sid,
                    before: place.statement, after: after)
            )
        }
        return nil
    }
}
