import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
import Wording

/// What somebody wrote since the first denial to let the call pass, and why it is refused all the same.
struct TriedRepair {
    /// What its statement lacks.
    let finding: Finding
    private let change: TrailChange
    /// The facts as of the last denial.
    private let facts: GroupFacts

    /// `nil` where nothing was written that nearly allows the call, or where it was written too late to tell.
    init?(_ facts: GroupFacts, _ status: DiagnosedGroup.Status) {
        let group = facts.group
        guard status == .ongoing || status == .quiet, group.category == .authorization,
            group.reason.effect != .explicit
        else { return nil }
        let later = facts.changes.filter {
            $0.time > group.firstSeen && [.gives, .replaces].contains($0.rule?.direction)
                && TimeSpan.seconds(from: $0.time, to: group.lastSeen) > TimeSpan.settling
        }
        guard !later.isEmpty else { return nil }
        let last = facts.atLastDenial
        let ids = Set(later.map(\.change.eventID))
        let found =
            (PolicyDocuments.findings(last) + ConditionalAllow.findings(last)).first { finding in
                Self.codes.contains(finding.code) && finding.confidence <= .inferred
                    && finding.evidence.contains { ids.contains($0.eventID) }
            } ?? Self.failing(facts, last, ids)
        guard let found, let id = found.evidence.first(where: { ids.contains($0.eventID) })?.eventID,
            let change = later.first(where: { $0.change.eventID == id })
        else { return nil }
        (self.finding, self.change, self.facts) = (found, change, last)
    }

    /// What tells of an Allow that does not quite allow the call.
    private static let codes: Set<Finding.Code> = [
        .wrongIAMPrefix, .resourceTooNarrow, .regionMismatch, .conditionUnmet,
    ]

    /// The statement of any other policy that was written since and nearly allows the call.
    private static func failing(_ facts: GroupFacts, _ last: GroupFacts, _ ids: Set<String>) -> Finding? {
        guard let found = Refusal.statement(last, besides: Refusal.lines(facts)), found.statement.effect == .allow,
            let event = found.event, ids.contains(event.eventID)
        else { return nil }
        let story = found.statement.story(last)
        return Finding(
            .missingAllow, .inferred, title: "", story, point: story, evidence: found.evidence(last),
            cause: found.statement.cause, statement: found.statement)
    }

    /// Who tried what, when, and why it does not help.
    var story: Prose {
        "\(change.summary.capitalised) at \(time: change.time), since the denials began, and they go on."
            + (finding.point.isEmpty ? finding.explanation.firstSentence : finding.point)
    }

    /// What the statement must say; `nil` where nothing is known that would help.
    func remedy(_ status: DiagnosedGroup.Status) -> Remedy? {
        let remedy = Advice.remedy(for: finding, status: status, repair: nil, facts)
        return remedy.kind == .none ? nil : remedy
    }
}
