public import Causes
public import Diagnosis
import RecordedChanges
public import Remedies
public import TrailStore
import Wording

/// One denial group on one page: the answer of `trail403 explain`.
public struct CaseReport: Sendable, Hashable {
    /// The database's path as the user named it.
    public var database: String?
    /// The group in full.
    public var study: CaseStudy
    /// When the group's calls succeeded and failed.
    public var times: CaseTimes
    /// The denial that was asked for, told first; `nil` where the group was.
    public var event: StoredEvent?
    /// The raw record of one denial: its eventID and JSON.
    public var record: Record?
    /// Doubts about log files by the eventID of what stands in them.
    var doubtful: [String: LogFileDoubt] = [:]
    /// What the changes to blame did to policies.
    var diffs: [PolicyDiff] = []

    /// A raw record.
    public struct Record: Sendable, Hashable {
        /// CloudTrail's id of the event.
        public var eventID: String
        /// JSON as CloudTrail delivered it.
        public var json: String

        /// A record as CloudTrail delivered it.
        public init(eventID: String, json: String) {
            self.eventID = eventID
            self.json = json
        }
    }

    /// A page about a group.
    public init(
        study: CaseStudy, times: CaseTimes, database: String? = nil, event: StoredEvent? = nil, record: Record? = nil
    ) {
        self.study = study
        self.times = times
        self.database = database
        self.event = event
        self.record = record
    }

    /// One line of what happened.
    struct Moment: Sendable, Hashable {
        /// What happened, as a stable name.
        enum Kind: String, Sendable, CaseIterable {
            case success, change, denial
        }

        var time: String
        var kind: Kind
        var eventID: String?
        var text: Prose
    }

    /// What happened, in order of time: the turning points and every change that was looked at.
    var moments: [Moment] {
        let group = study.diagnosis.group
        var moments: [Moment] = []
        if let success = study.lastSuccessBefore {
            moments.append(
                Moment(
                    time: success, kind: .success,
                    text: group.lastSuccessIsOnSameResource
                        ? "the last success on the same resource before the first denial"
                        : "the last success before the first denial"))
        }
        if let success = group.laterUnplacedSuccessBefore {
            moments.append(
                Moment(time: success, kind: .success, text: "a success, possibly on another resource"))
        }
        if let success = group.laterSuccessElsewhereBefore {
            moments.append(Moment(time: success, kind: .success, text: "a success on another resource"))
        }
        for change in study.changes {
            let verdict: Prose =
                switch change.verdict {
                case .blamed: "evidence, see below"
                case .fixed: "what most likely fixed it"
                case .later: "ruled out: it came after the first denial"
                case .earlier: "ruled out: the call still succeeded afterwards"
                case .open: "cannot be ruled out from the trail"
                case .innocent: "ruled out: it does not explain this refusal"
                }
            moments.append(
                Moment(
                    time: change.evidence.eventTime, kind: .change, eventID: change.evidence.eventID,
                    text: "\(change.evidence.summary) (\(verdict))"))
        }
        let first = group.evidence.first
        moments.append(
            Moment(
                time: group.firstSeen, kind: .denial,
                eventID: first?.eventTime == group.firstSeen ? first?.eventID : nil,
                text: group.denials == 1 ? "the \(words: group.noun.one)" : "the first of \(words: group.counted)"))
        if group.denials > 1 {
            let last = group.evidence.last
            moments.append(
                Moment(
                    time: group.lastSeen, kind: .denial,
                    eventID: last?.eventTime == group.lastSeen ? last?.eventID : nil,
                    text: "the last \(words: group.noun.one)"))
        }
        if let success = study.firstSuccessAfter {
            let isCertain = group.successesAreOnSameResource ?? true || study.diagnosis.status == .resolved
            moments.append(
                Moment(
                    time: success, kind: .success,
                    text: isCertain
                        ? "the first success after the last denial"
                        : "the first success after the last denial, possibly on another resource"))
        }
        for index in moments.indices where moments[index].kind == .denial {
            guard let id = moments[index].eventID, let doubt = doubtful[id] else { continue }
            moments[index].text = "\(moments[index].text) [\(words: doubt.text)]"
        }
        // A stable order: what happened in the same second stays as above.
        return moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element)
    }
}

/// What an event was that is no denial.
public struct EventAnswer: Sendable, Hashable {
    /// What the event was.
    public enum Kind: String, Sendable, CaseIterable {
        case success
        /// A successful change of permissions.
        case permissionChange = "permission-change"
        /// A refusal because of too many requests: not for lack of a permission.
        case throttled
        /// Another error.
        case error
    }

    /// A group that the event explains, with what it is there.
    public struct Explained: Sendable, Hashable {
        /// The group.
        public var group: DiagnosedGroup
        /// The finding whose evidence the event is; `nil` where it is what fixed the group.
        public var finding: Finding?

        /// A group with the finding.
        public init(group: DiagnosedGroup, finding: Finding?) {
            self.group = group
            self.finding = finding
        }
    }

    /// The event.
    public var event: StoredEvent
    /// What the event was.
    public var kind: Kind
    /// What it did to policies.
    var diffs: [PolicyDiff] = []
    /// Groups whose findings rest on the event, the most telling first.
    public var explains: [Explained]

    /// An answer.
    public init(event: StoredEvent, kind: Kind, explains: [Explained] = []) {
        self.event = event
        self.kind = kind
        self.explains = explains
    }

    /// What it was, in a sentence or two.
    var verdict: Prose {
        switch kind {
        case .success: return "It succeeded, so there is nothing to explain."
        case .throttled:
            return
                "AWS throttled it: too many requests, not missing permissions. No policy change will help."
        case .error:
            return
                "It failed, but not because of permissions: the error code means a bad request or a resource in the wrong state."
        case .permissionChange:
            return explains.isEmpty
                ? "It succeeded and changed permissions. It explains no denial in this database, which does not rule it out as a cause elsewhere."
                : "It succeeded and changed permissions. It explains \(words: explains.count.of("denial group", "denial groups"))."
        }
    }
}
