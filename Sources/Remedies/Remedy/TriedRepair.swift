import AccessDenial
package import Causes
package import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
package import Wording

/// What somebody wrote since the first denial to let the call pass, and why it is refused all the same.
package struct TriedRepair {
    /// What its statement lacks.
    package let finding: Finding
    private let change: TrailChange
    /// The facts as of the last denial.
    private let facts: GroupFacts

    /// `nil` where nothing was written that nearly allows the call, or where it was written too late to tell.
    package init?(_ facts: GroupFacts, _ rootCause: Finding, _ status: DiagnosedGroup.Status) {
        let group = facts.group
        guard status == .ongoing || status == .quiet, group.category == .authorization,
            group.reason.effect != .explicit, Self.causes.contains(rootCause.code)
        else { return nil }
        let since = facts.changes(after: group.firstSeen, upTo: Self.end).suffix(Self.changeLimit)
        let later = since.reversed().filter {
            [.gives, .replaces].contains($0.rule?.direction)
                && TimeSpan.seconds(from: $0.time, to: group.lastSeen) > TimeSpan.settling
                && Self.mayConcern($0, facts)
        }
        if !later.isEmpty {
            let last = facts.atLastDenial(presuming: [])
            let ids = Set(later.map(\.change.eventID))
            let found = Self.finding(last, ids) ?? Self.failing(facts, last, ids)
            if let found, let id = found.evidence.first(where: { ids.contains($0.eventID) })?.eventID,
                let change = later.first(where: { $0.change.eventID == id })
            {
                (self.finding, self.change, self.facts) = (found, change, last)
                return
            }
        }
        guard group.reason.policyType == .identityBased, rootCause.code == .missingAllow,
            !(facts.scene.view.state.principal?.identity.isComplete ?? false)
        else { return nil }
        // Who has a policy since before the archive no event tells: that somebody adds the refused action does.
        let hasWorked = facts.lastSuccessBefore != nil
        let versions = facts.trail.newVersions(
            inAccount: facts.principal.account, after: hasWorked ? group.firstSeen : "", until: group.lastSeen,
            atMost: Self.limit)
        for change in versions.reversed() {
            guard let policy = change.policyARN,
                TimeSpan.seconds(from: change.time, to: group.lastSeen) > TimeSpan.settling
            else { continue }
            let mention = facts.trail.mention(of: group.action, by: change)
            guard mention.before != true, mention.after == true else { continue }
            let last = facts.atLastDenial(presuming: [policy])
            guard let found = Self.finding(last, [change.change.eventID]) else { continue }
            (self.finding, self.change, self.facts) = (found, change, last)
            return
        }
        return nil
    }

    /// Whether a change may have been meant for the calls: not where all that it wrote is an inline policy of actions of other services.
    private static func mayConcern(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard let edit = change.edits.first, change.edits.count == 1, edit.lane.kind == .inline,
            case .set(let name, .document(let text)) = edit.operation
        else { return true }
        let source = LaneState.Source.event(change.event)
        let held = HeldPolicy(name: name, text: text, isCertain: true, source: source, textSource: .recorded(source))
        guard let book = facts.trail.library.book(held, as: .identityBased) else { return true }
        if book.policy.mayBeAbout(facts.service) { return true }
        let miswritten = IAMPrefix.miswritten(of: facts.servicePrefix)
        return book.statements.contains { statement in
            statement.actions.patterns.contains { $0.prefix.map(miswritten.contains) ?? true }
        }
    }

    /// Causes that somebody may have tried to mend by an Allow.
    private static let causes: Set<Finding.Code> = [
        .missingAllow, .permissionsChanged, .resourceTooNarrow, .conditionUnmet, .neverSucceeded, .reasonUnstated,
    ]

    /// Later than any event.
    private static let end = TrailReplay.end.time

    /// How many changes since the first denial are looked at, the latest first.
    private static let changeLimit = 200

    /// How many new versions of policies are looked at whose holders are not known, the latest first.
    private static let limit = 20

    private static func finding(_ last: GroupFacts, _ ids: Set<String>) -> Finding? {
        (PolicyDocuments.findings(last) + ConditionalAllow.findings(last)).first { finding in
            codes.contains(finding.code) && finding.confidence <= .inferred
                && finding.evidence.contains { ids.contains($0.eventID) }
        }
    }

    /// What tells of an Allow that does not quite allow the call.
    private static let codes: Set<Finding.Code> = [
        .wrongIAMPrefix, .resourceTooNarrow, .regionMismatch, .conditionUnmet,
    ]

    /// The statement of any other policy that was written since and nearly allows the call.
    private static func failing(_ facts: GroupFacts, _ last: GroupFacts, _ ids: Set<String>) -> Finding? {
        guard let found = Refusal.statement(last, besides: { Refusal.lines(facts) }), found.statement.effect == .allow,
            let event = found.event, ids.contains(event.eventID)
        else { return nil }
        let story = found.statement.story(last)
        return Finding(
            .missingAllow, .inferred, title: "", story, point: story, evidence: found.evidence(last),
            cause: found.statement.cause, statement: found.statement)
    }

    /// Who tried what, when, and why it does not help.
    ///
    /// - Parameter told: what is said before: what the statement lacks is not said twice.
    package func story(behind told: Prose) -> Prose {
        var lack = finding.point.isEmpty ? finding.explanation.firstSentence : finding.point
        if !lack.plain.isEmpty, told.plain.contains(lack.plain) { lack = "" }
        let text: Prose = "\(change.summary.capitalised) at \(time: change.time)"
        return change.time < facts.group.firstSeen
            ? text + "and added this action, before the denials began." + lack
            : "\(text), since the denials began, and they go on." + lack
    }

    /// What the statement must say; `nil` where nothing is known that would help.
    package func remedy(_ status: DiagnosedGroup.Status) -> Remedy? {
        let remedy = Advice.remedy(for: finding, status: status, repair: nil, facts)
        return remedy.kind == .none ? nil : remedy
    }
}
