/// An incident as the view `incident` tells it.
public struct IncidentRow: Sendable, Hashable {
    /// The incident's id.
    public var id: String
    /// What happened, in a sentence.
    public var title: String
    /// The root cause's code and how sure it is.
    public var code: String
    /// How sure the root cause is.
    public var confidence: String
    /// `active`, `quiet`, `resolved` or `gone`.
    public var state: String
    /// Denials of all groups.
    public var denials: Int
    /// Denials that came with the latest log files.
    public var newDenials: Int
    /// The first denial, ISO 8601 UTC text.
    public var firstSeen: String
    /// The last denial, likewise.
    public var lastSeen: String
    /// The change that is to blame; `nil` where none is.
    public var changeEventID: String?
    /// Who made it, likewise.
    public var person: String?
    /// What it was made with, likewise.
    public var via: String?
    /// What to do: a sentence, then commands, one a line.
    public var fix: String

    /// An incident.
    public init(
        id: String, title: String, code: String, confidence: String, state: String, denials: Int, newDenials: Int,
        firstSeen: String, lastSeen: String, changeEventID: String?, person: String?, via: String?, fix: String
    ) {
        self.id = id
        self.title = title
        self.code = code
        self.confidence = confidence
        self.state = state
        self.denials = denials
        self.newDenials = newDenials
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        self.changeEventID = changeEventID
        self.person = person
        self.via = via
        self.fix = fix
    }
}

/// What was found out about a denial group, as the view `diagnosis` tells it.
public struct DiagnosisRow: Sendable, Hashable {
    /// The group's id.
    public var denialGroupID: String
    /// The incident that it is part of.
    public var incidentID: String
    /// `ongoing`, `quiet`, `gone`, `resolved` or `intermittent`.
    public var status: String
    /// The root cause's code.
    public var code: String
    /// How sure the root cause is.
    public var confidence: String
    /// The root cause in a few words.
    public var title: String
    /// The root cause in a paragraph.
    public var explanation: String
    /// What to do: a sentence, then commands, one a line.
    public var fix: String
    /// What the view does not tell.
    public var outline: DiagnosisOutline
    /// What reports in JSON say of the group.
    var json: StoredJSON

    /// A diagnosis.
    public init(
        denialGroupID: String, incidentID: String, status: String, code: String, confidence: String, title: String,
        explanation: String, fix: String, outline: DiagnosisOutline, json: StoredJSON
    ) {
        self.denialGroupID = denialGroupID
        self.incidentID = incidentID
        self.status = status
        self.code = code
        self.confidence = confidence
        self.title = title
        self.explanation = explanation
        self.fix = fix
        self.outline = outline
        self.json = json
    }
}

/// What of a diagnosis a report needs that tells its group in a line: to rank it, and to find its incident.
public struct DiagnosisOutline: Sendable, Hashable {
    /// What the root cause comes down to: groups of one text are one incident.
    public var causeKey: String
    /// The root cause in a few words, with what came from the archive set apart.
    public var titleRuns: String
    /// The codes of all findings, the root cause's first, parted by blanks.
    public var findings: String
    /// What kind of thing has to change: `policy`, `command`, `setting` or `none`.
    public var remedyKind: String
    /// The change that is to blame; `nil` where none is.
    public var changeEventID: String?
    /// The group's ``DenialGroup/outageStart``.
    public var outageStart: String?
    /// The group's ``DenialGroup/lastSuccessBefore``.
    public var lastSuccessBefore: String?
    /// The group that was refused behind this one's calls; `nil` where none was.
    public var behindGroupID: String?
    /// How many records of successes the group has in log files, which a report may read back.
    public var logFileRecords = 0
    /// How many of them the diagnosis did without.
    public var unreadRecords = 0

    /// An outline.
    public init(
        causeKey: String, titleRuns: String, findings: String, remedyKind: String, changeEventID: String?,
        outageStart: String?, lastSuccessBefore: String?, behindGroupID: String?
    ) {
        self.causeKey = causeKey
        self.titleRuns = titleRuns
        self.findings = findings
        self.remedyKind = remedyKind
        self.changeEventID = changeEventID
        self.outageStart = outageStart
        self.lastSuccessBefore = lastSuccessBefore
        self.behindGroupID = behindGroupID
    }
}
