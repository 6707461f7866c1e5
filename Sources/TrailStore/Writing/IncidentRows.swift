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
    /// What to do: a sentence, then commands, one a line; `nil` where that is what the first group's diagnosis says.
    public var fix: String?
    /// The first of its groups.
    public var firstGroupID: String

    /// An incident.
    public init(
        id: String, title: String, code: String, confidence: String, state: String, denials: Int, newDenials: Int,
        firstSeen: String, lastSeen: String, changeEventID: String?, person: String?, via: String?, fix: String?,
        firstGroupID: String
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
        self.firstGroupID = firstGroupID
    }
}

/// What was found out about a denial group, as the view `diagnosis` tells it.
public struct DiagnosisRow: Sendable, Hashable {
    /// What a report needs that tells the group in a line.
    public var outline: DiagnosisOutline
    /// The root cause in a few words.
    public var title: String
    /// The root cause in a paragraph.
    public var explanation: String
    /// What to do: a sentence, then commands, one a line.
    public var fix: String
    /// What reports in JSON say of the group.
    var json: StoredJSON

    /// A diagnosis.
    public init(outline: DiagnosisOutline, title: String, explanation: String, fix: String, json: StoredJSON) {
        self.outline = outline
        self.title = title
        self.explanation = explanation
        self.fix = fix
        self.json = json
    }
}
