import AccessDenial
import Causes
package import Findings
import IAMPolicy
package import OrderedJSON
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What to do where a known statement's condition refuses: first change the request, then except it in the guardrail. Never to detach
/// the guardrail, nor to widen a boundary whose condition a request can meet.
enum StatementRemedy {
    /// The remedy; `nil` where no statement is known, or nothing that would help.
    package static func remedy(for rootCause: Finding, _ facts: GroupFacts) -> Remedy? {
        // Without a change in the trail no text of a policy is known.
        guard rootCause.code.descriptor.possible.contains(.condition), !facts.changes.isEmpty,
            let statement = rootCause.statement ?? facts.failing?.statement, isTold(statement, rootCause),
            // Who is to have its former path again meets the condition then.
            rootCause.code != .principalRecreated || PrincipalRecreated.namingFormer(facts) == nil
        else { return nil }
        let standing = Standing(facts)
        guard let failing = standing.failing(statement) else { return nil }
        let effect = statement.effect
        if failing.namesOtherService {
            let (words, edit) = AllowCorrection.naming(failing)
            guard standing.proof(replacing: failing.place, by: edit.after).heals else { return nil }
            var remedy = Remedy(.policy, "Edit \(failing.shown): \(words).")
            remedy.edit = edit
            return remedy
        }
        guard failing.isConditional || isAlwaysDenied(failing, rootCause, facts),
            !failing.lines.contains(where: { standing.isSettledElsewhere($0.key) }), isBlamed(failing, rootCause)
        else { return nil }
        var parts: [Prose] = []
        let isGlobal = effect == .deny && GlobalService.isBeyondRegions(failing.request.action)
        for line in failing.lines {
            guard let change = RequestChange(line, effect: effect),
                let advice = change.advice(for: failing.request.action, on: failing.request.resource)
            else { continue }
            // Nobody tells a service how to make its calls, but for what it makes them.
            if failing.request.request.principal.kind == .service, line.key.lowercased() != "aws:sourcearn" { continue }
            // What no call can meet is the policy's mistake, not the call's.
            if AllowCorrection.misnamesService(line, failing) || failing.otherKind(line) != nil { continue }
            // A Region that is refused is the wrong one only where the call itself went there.
            if isOfRegion(line), isGlobal { continue }
            if isOfRegion(line),
                facts.group.regions.contains(where: { region in line.values.contains(region.value) })
            {
                continue
            }
            // A service calls with an address of its own, whatever its caller's was.
            if failing.request.call.throughService != nil, isOfPath(line.key) { continue }
            if let example = change.example, !standing.proof(setting: change.key, to: example).heals { continue }
            parts.append(advice)
        }
        var edit: StatementEdit?
        if let corrected = otherKind(failing),
            standing.proof(replacing: failing.place, by: corrected.edit.after).heals
        {
            parts = ["Edit \(failing.shown): \(corrected.words)."]
            edit = corrected.edit
        } else if let exception = GuardrailException.exceptions(failing).first(where: {
            standing.proof(replacing: failing.place, by: $0.edit.after).heals
        }) {
            let opening: Prose =
                parts.isEmpty ? "Edit \(failing.shown):" : "If that is not an option, edit \(failing.shown):"
            parts.append("\(opening) \(exception.words).")
            if isGlobal, failing.lines.contains(where: isOfRegion) {
                parts.append(
                    "AWS's own example of a policy that locks Regions leaves \(facts.servicePrefix + ":*") out: some of its calls are made in one Region, wherever the caller is."
                )
            }
            edit = exception.edit
        }
        if let correction = AllowCorrection.correction(failing),
            standing.proof(replacing: failing.place, by: correction.edit.after).heals
        {
            parts.append("Edit \(failing.shown): \(correction.words).")
            edit = correction.edit
        }
        guard !parts.isEmpty else { return nil }
        let text = (parts + [story(failing), owner(failing, facts)]).paragraph()
        var remedy = Remedy(.policy, text)
        if edit == nil { remedy.kind = .setting }
        remedy.edit = edit
        return remedy
    }

    /// The statement whose condition compares a key with what it never holds, with what the call has there.
    private static func otherKind(_ failing: Standing.Failing) -> (words: Prose, edit: StatementEdit)? {
        failing.lines.lazy.compactMap { line -> (Prose, StatementEdit)? in
            guard let miss = failing.otherKind(line), case .otherKind(_, let asked, _, let had) = miss,
                let after = failing.statement.mappingCondition(
                    line.conditionOperator, line.key, { ($0, $1.map { $0 == asked ? had : $0 }) })
            else { return nil }
            return (miss.correction, failing.edit(after))
        }.first
    }

    /// Whether what a statement lacks is told here: of an Allow only where a boundary, a resource or an endpoint limits, or a trust policy
    /// that somebody rewrote.
    private static func isTold(_ statement: FailingStatement, _ rootCause: Finding) -> Bool {
        guard statement.effect == .allow else { return true }
        return switch statement.name.type {
        case .permissionsBoundary, .vpcEndpoint, .serviceControl, .resourceBased: true
        case .roleTrust: rootCause.code == .permissionsChanged
        case .identityBased, .session, .resourceControl: false
        }
    }

    /// Whether the statement is what the root cause is about: where a change of something else is blamed, a tag's say, that is to be
    /// undone.
    private static func isBlamed(_ failing: Standing.Failing, _ rootCause: Finding) -> Bool {
        guard rootCause.code == .permissionsChanged else { return true }
        let blamed = Set(rootCause.evidence.map(\.eventID))
        let writers = [failing.policy.source, failing.policy.textSource.recorded].compactMap { source -> String? in
            if case .event(let event)? = source { event.eventID } else { nil }
        }
        return writers.contains(where: blamed.contains)
    }

    /// Whether the statement is a Deny of a guardrail or of a resource's own policy that asks for nothing, and no change is blamed that
    /// would be undone, because the call worked before it.
    private static func isAlwaysDenied(_ failing: Standing.Failing, _ rootCause: Finding, _ facts: GroupFacts) -> Bool {
        guard failing.lines.isEmpty, failing.trace.effect == .deny, failing.trace.matches == .yes,
            failing.trace.type != .identityBased
        else { return false }
        return rootCause.code == .explicitDeny
            || rootCause.code == .permissionsChanged && facts.lastSuccessBefore == nil
    }

    private static func isOfRegion(_ line: StatementTrace.Condition) -> Bool {
        line.key.lowercased() == "aws:requestedregion"
    }

    private static func isOfPath(_ key: String) -> Bool {
        ["aws:sourceip", "aws:vpcsourceip", "aws:sourcevpc", "aws:sourcevpce"].contains(key.lowercased())
    }

    /// The statement with what its conditions ask and what the request had.
    private static func story(_ failing: Standing.Failing) -> Prose {
        let verb: Prose = failing.trace.effect == .deny ? "denies" : "allows"
        if failing.lines.isEmpty { return "\(failing.shown.capitalised) \(verb) the call without a condition." }
        let clauses = failing.lines.map { line in
            FailingStatement.Condition(
                conditionOperator: line.conditionOperator, key: line.key, wanted: line.values,
                had: line.requestValues ?? (line.state == "absent" ? [] : nil)
            ).clause
        }
        var text: Prose = "\(failing.shown.capitalised) \(verb) the call where \(clauses.joined("; and where "))"
        if let service = failing.request.call.throughService {
            text = "\(text), and \(service) made it on the caller's behalf"
        }
        return "\(text)."
    }

    /// Source: "DeleteBucketPolicy" and "PutBucketPolicy" in the Amazon S3 API reference.
    private static let policyOfBucket: Set<String> = [
        "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy",
    ]

    /// Whose policy it is.
    private static func owner(_ failing: Standing.Failing, _ facts: GroupFacts) -> Prose {
        switch failing.trace.type {
        case .serviceControl, .resourceControl:
            return "The policy belongs to whoever manages the organization, and no Allow in the account outweighs it."
        case .permissionsBoundary:
            return "The boundary itself stays as it is."
        case .resourceBased where failing.trace.effect == .deny && Self.policyOfBucket.contains(facts.group.action):
            return
                "The root user of the account that owns the bucket can write or delete the bucket's policy, whatever the policy denies."
        case .identityBased, .resourceBased, .roleTrust, .session, .vpcEndpoint:
            return failing.trace.effect == .deny ? "No Allow outweighs a Deny." : ""
        }
    }
}

extension Standing.Failing {
    /// Why no call meets a line of the condition, where it compares the key with what that never holds.
    fileprivate func otherKind(_ line: StatementTrace.Condition) -> NearMiss? {
        let miss = NearMiss(
            Statement.Condition(line.conditionOperator, line.key, line.values), had: line.requestValues ?? [])
        return if case .otherKind? = miss { miss } else { nil }
    }

    /// The statement in a sentence: `statement SID of POLICY`.
    var shown: Prose { "\(Prose.statement(trace.sid, at: trace.index)) of \(policyName)" }

    /// The statement as it is and as it is to read.
    package func edit(_ after: JSONValue) -> StatementEdit {
        StatementEdit(policy: policyName, sid: trace.sid, before: statement, after: after)
    }
}

extension HeldPolicy.TextSource {
    /// The event or the export that tells the text; `nil` for a text of AWS's own.
    fileprivate var recorded: LaneState.Source? {
        if case .recorded(let source) = self { source } else { nil }
    }
}
