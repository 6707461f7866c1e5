import AccessDenial
import Causes
import Findings
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// The trust policy's statement as it would read if it let the refused token in, and no other one than that.
enum TrustEdit {
    /// The edit; `nil` where the condition keeps third parties out, or where the evaluator does not say that the edit helps.
    package static func edit(_ allow: ConditionalAllow, _ facts: GroupFacts) -> StatementEdit? {
        guard let role = allow.role, facts.isFederatedAssumption, allow.failures.count == 1,
            let failure = allow.failures.first,
            !failure.values.isEmpty, failure.nearMiss != nil || isOfSameScope(failure) || isAudience(failure)
        else { return nil }
        let standing = Standing(facts)
        guard let failing = standing.failing(Refusal.nearest(as: .roleTrust, facts)?.statement), failing.isConditional
        else { return nil }
        let after = failing.statement.mappingCondition(
            failure.conditionOperator, failure.key
        ) { name, values in
            failure.nearMiss?.corrected(name, values)
                ?? (name, values + failure.values.filter { !values.contains($0) })
        }
        guard let after, after != failing.statement, standing.proof(replacing: failing.place, by: after).heals else {
            return nil
        }
        return StatementEdit(
            policy: "the trust policy of role \(role)", sid: failing.trace.sid, before: failing.statement,
            after: after)
    }
}

extension TrustEdit {
    /// What to do where the trust policy names another provider of the same host than the one that issued the token, as that of a cluster
    /// which was deleted and made anew; `nil` elsewhere, and where the evaluator does not say that the edit helps.
    static func movedProvider(_ statement: FailingStatement?, _ facts: GroupFacts) -> Remedy? {
        guard facts.isFederatedAssumption, let statement, let provider = facts.group.tokenProvider,
            let role = facts.roleToAssume, statement.principals.count == 1, let former = statement.principals.first,
            former != provider, ARN(former)?.account == ARN(provider)?.account,
            let old = issuer(former), let new = issuer(provider),
            old.prefix(while: { $0 != "/" }) == new.prefix(while: { $0 != "/" }),
            let before = DocumentText.json(.string(statement.text)).value,
            let after = DocumentText.json(.string(statement.text.replacing(old, with: new))).value,
            let policy = document(of: after), Standing(facts).proof(adding: policy, as: .roleTrust).heals
        else { return nil }
        var remedy = Remedy(
            .policy,
            "Let the trust policy of role \(role.name) name the provider \(provider) in place of \(former), as principal and in the keys of its conditions: a new cluster has a new provider. If what the old one stands for is still in use, add a statement instead.",
            commands: [PolicyCommands.trust(ofRole: role.name)])
        remedy.edit = StatementEdit(
            policy: "the trust policy of role \(role.name)", sid: statement.name.sid, before: before, after: after)
        return remedy
    }

    /// What to do where the trust policy lets the caller in for another action than the call's; `nil` elsewhere, and where the evaluator
    /// does not say that the edit helps.
    static func naming(_ action: String, _ facts: GroupFacts) -> Remedy? {
        let standing = Standing(facts)
        guard let role = facts.roleToAssume, let other = standing.lackingAction(as: .roleTrust) else { return nil }
        // Nobody with a token calls AssumeRole, and nobody without one calls the others.
        let isMistaken = facts.isFederatedAssumption && other.actions == ["sts:AssumeRole"]
        let actions = isMistaken ? [action] : other.actions + [action]
        let after = other.statement.replacing(
            "Action", by: actions.count == 1 ? .string(action) : .array(actions.map { .string($0) }))
        guard standing.proof(replacing: other.place, by: after).heals else { return nil }
        let place = Prose.statement(other.trace.sid, at: other.trace.index)
        let instead: Prose =
            isMistaken ? " in the place of \("sts:AssumeRole")" : " beside \(list: other.actions, limit: 3)"
        var remedy = Remedy(
            .policy,
            FurtherRequests.withoutIt(facts).or(
                "write \(action) in \(place) of the trust policy of role \(role.name)\(instead): what else it asks for the calls have."
            ),
            commands: [PolicyCommands.trust(ofRole: role.name)])
        remedy.edit = StatementEdit(
            policy: "the trust policy of role \(role.name)", sid: other.trace.sid, before: other.statement, after: after
        )
        return remedy
    }

    /// The issuer of a provider's ARN: its host and path.
    private static func issuer(_ arn: String) -> Substring? {
        arn.firstRange(of: ":oidc-provider/").map { arn[$0.upperBound...] }
    }

    /// Whether it is the audience that another condition than that on the subject asks for: it tells what the token was made for, not
    /// whom it stands for.
    fileprivate static func isAudience(_ failure: FailingStatement.Condition) -> Bool {
        failure.key.lowercased().hasSuffix(":aud") && failure.values.count == 1
    }

    private static func document(of statement: JSONValue) -> PolicyDocument? {
        DocumentText.json(.members(("Version", .string("2012-10-17")), ("Statement", .array([statement])))).document
    }

    /// Whether the token is of what the condition lets in already, in another part of it: the same repository on another branch.
    /// Whoever else asks for the role is not written into its trust policy.
    fileprivate static func isOfSameScope(_ failure: FailingStatement.Condition) -> Bool {
        func scope(_ text: String) -> [Substring]? {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count > 2, !parts[1].isEmpty, !parts[1].contains("*"), !parts[1].contains("?") else {
                return nil
            }
            return Array(parts.prefix(2))
        }
        let known = Set(failure.wanted.compactMap(scope))
        return failure.values.allSatisfy { scope($0).map(known.contains) ?? false }
    }
}

extension JSONValue {
    /// A statement with one line of its condition written otherwise; `nil` where there is no such line.
    func mappingCondition(
        _ name: String, _ key: String, _ change: (String, [String]) -> (String, [String])
    ) -> JSONValue? {
        guard case .object(let operators)? = self["Condition"],
            let entry = operators.first(where: { $0.key.lowercased() == name.lowercased() }),
            let values = entry.value.member(ignoringCase: key)?.elements.compactMap(\.stringValue)
        else { return nil }
        let (newName, newValues) = change(entry.key, values)
        let written: JSONValue = newValues.count == 1 ? .string(newValues[0]) : .array(newValues.map { .string($0) })
        return newName == entry.key
            ? replacingCondition(newName, key, written)
            : withoutConditions(on: [key.lowercased()]).addingCondition(newName, key, written)
    }

    private func replacingCondition(_ name: String, _ key: String, _ value: JSONValue) -> JSONValue {
        guard let conditions = self["Condition"], let lines = conditions[name] else { return self }
        guard case .object(let members) = lines,
            let written = members.first(where: { $0.key.lowercased() == key.lowercased() })?.key
        else { return self }
        return replacing("Condition", by: conditions.replacing(name, by: lines.replacing(written, by: value)))
    }
}
