import GRDB

/// What of a diagnosis a report needs that tells its group in a line: to rank it, and to find its incident.
public struct DiagnosisOutline: Sendable, Hashable {
    /// The group's id.
    public var denialGroupID: String
    /// The id of the incident that it is part of.
    public var incidentID: String
    /// `ongoing`, `quiet`, `gone`, `resolved` or `intermittent`.
    public var status: String
    /// The root cause's code.
    public var code: String
    /// How sure the root cause is.
    public var confidence: String
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
    /// The key of its event.
    public var changeKey: Int64?
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
        denialGroupID: String, incidentID: String, status: String, code: String, confidence: String, causeKey: String,
        titleRuns: String, findings: String, remedyKind: String, changeEventID: String?, changeKey: Int64?,
        outageStart: String?, lastSuccessBefore: String?, behindGroupID: String?
    ) {
        self.denialGroupID = denialGroupID
        self.incidentID = incidentID
        self.status = status
        self.code = code
        self.confidence = confidence
        self.causeKey = causeKey
        self.titleRuns = titleRuns
        self.findings = findings
        self.remedyKind = remedyKind
        self.changeEventID = changeEventID
        self.changeKey = changeKey
        self.outageStart = outageStart
        self.lastSuccessBefore = lastSuccessBefore
        self.behindGroupID = behindGroupID
    }
}

extension DiagnosisOutline {
    /// What the database holds of these groups, in the order of the ids; those that it has nothing of are missing.
    static func all(of ids: [String], _ db: Database) throws -> [DiagnosisOutline] {
        // Of very many groups most say what others say, too.
        var pool = TextPool()
        var outlines: [DiagnosisOutline] = []
        outlines.reserveCapacity(ids.count)
        try RawCursor.forEach(
            db,
            """
            SELECT d.denialGroupID, d.incidentID, d.status, d.code, d.confidence, d.causeKey, d.titleRuns, d.findings, d.remedyKind,
                d.changeEventID, d.changeKey, d.outageStart, d.lastSuccessBefore, d.behindGroupID, d.logFileRecords, d.unreadRecords
            FROM json_each(?) k CROSS JOIN diagnosisRow d ON d.denialGroupID = k.value
            """, [JSONList.text(ids)]
        ) { row in
            var outline = DiagnosisOutline(
                denialGroupID: try row.text(0), incidentID: try row.text(1), status: try row.text(2),
                code: try pool.shared(row.text(3)), confidence: try row.text(4), causeKey: try pool.shared(row.text(5)),
                titleRuns: try pool.shared(row.text(6)), findings: try pool.shared(row.text(7)),
                remedyKind: try row.text(8), changeEventID: try row.optionalText(9).map { pool.shared($0) },
                changeKey: try row.optionalInteger(10), outageStart: try row.optionalText(11),
                lastSuccessBefore: try row.optionalText(12), behindGroupID: try row.optionalText(13))
            outline.logFileRecords = try row.count(14)
            outline.unreadRecords = try row.count(15)
            outlines.append(outline)
        }
        return outlines
    }
}
