import AccessDenial
import Causes
import Findings
import IAMPolicy
public import RecordedChanges
public import Remedies
public import TrailStore
public import Wording

/// One denial group in full: the diagnosis, the changes that were looked at and what became of each, and the checklist.
public struct CaseStudy: Sendable, Hashable {
    /// A change of permissions that concerns the group, with the verdict on it.
    public struct Change: Sendable, Hashable {
        /// What became of the suspicion.
        public enum Verdict: String, Sendable, CaseIterable, Codable {
            /// It is evidence of a finding.
            case blamed
            /// It is what most likely fixed the group.
            case fixed
            /// It came after the first denial.
            case later
            /// The call still succeeded afterwards.
            case earlier
            /// The trail does not show whether it affects this call.
            case open
            /// It cannot cause, or its text speaks against causing, this refusal.
            case innocent
        }

        /// The event.
        public var evidence: Evidence
        /// What became of the suspicion.
        public var verdict: Verdict

        /// A change with its verdict.
        public init(evidence: Evidence, verdict: Verdict) {
            self.evidence = evidence
            self.verdict = verdict
        }
    }

    /// Findings, root cause, remedy and status.
    public var diagnosis: DiagnosedGroup
    /// In order of time; those nearest to the first denial where there are many.
    public var changes: [Change]
    /// How many more changes concern the group.
    public var furtherChanges: Int
    /// The guide's rows, answered, in the guide's order.
    public var checklist: [ChecklistItem]
    /// The last success before the first denial; `nil` where none is known.
    public var lastSuccessBefore: String?
    /// ISO 8601 UTC text.
    public var firstSuccessAfter: String?
    /// What is known of the sessions behind the denials, the latest first; a sentence or two each.
    public var sessions: [Prose]

    /// A case.
    public init(
        diagnosis: DiagnosedGroup, changes: [Change] = [], furtherChanges: Int = 0, checklist: [ChecklistItem] = [],
        lastSuccessBefore: String? = nil, firstSuccessAfter: String? = nil, sessions: [Prose] = []
    ) {
        self.diagnosis = diagnosis
        self.changes = changes
        self.furtherChanges = furtherChanges
        self.checklist = checklist
        self.lastSuccessBefore = lastSuccessBefore
        self.firstSuccessAfter = firstSuccessAfter
        self.sessions = sessions
    }
}

extension Diagnoser {
    /// How many changes a case tells of.
    private static let changeLimit = 12

    /// One group in full. The diagnosis is the one of ``diagnose(_:)-(DenialGroup)``.
    public func study(_ group: DenialGroup) -> CaseStudy {
        let diagnosis = diagnose(group)
        if let companion = group.companion, !companion.isAnswerOfService {
            return CaseStudy(diagnosis: diagnosis, checklist: FrontChecklist.items(diagnosis))
        }
        let facts = facts(of: group)
        let blamed = Set(diagnosis.findings.flatMap(\.evidence).map(\.eventID))
        let open = PermissionsChanged.openChanges(facts)
        var changes: [CaseStudy.Change] = []
        for change in facts.changes
        where PermissionsChanged.concerns(change, facts) || blamed.contains(change.change.eventID) {
            let verdict: CaseStudy.Change.Verdict =
                if diagnosis.fixedBy?.eventID == change.change.eventID {
                    .fixed
                } else if blamed.contains(change.change.eventID) {
                    .blamed
                } else if open.contains(change) {
                    .open
                } else if change.time > group.since {
                    .later
                } else if let success = facts.lastSuccessBefore, change.time <= success {
                    .earlier
                } else {
                    .innocent
                }
            changes.append(CaseStudy.Change(evidence: change.evidence, verdict: verdict))
        }
        func nearness(_ change: CaseStudy.Change) -> Int {
            switch change.verdict {
            case .blamed, .fixed: -1
            case .open, .later, .earlier, .innocent:
                abs(TimeSpan.seconds(from: change.evidence.eventTime, to: group.since))
            }
        }
        let near = changes.sorted { (nearness($0), $0.evidence.eventID) < (nearness($1), $1.evidence.eventID) }
            .prefix(Self.changeLimit)
        return CaseStudy(
            diagnosis: diagnosis,
            changes: near.sorted {
                ($0.evidence.eventTime, $0.evidence.eventID) < ($1.evidence.eventTime, $1.evidence.eventID)
            },
            furtherChanges: changes.count - near.count,
            checklist: Checklist.items(facts, findings: diagnosis.findings),
            lastSuccessBefore: facts.lastSuccessBefore, firstSuccessAfter: facts.firstSuccessAfter,
            sessions: group.sessions.map(Sessions.story))
    }
}
