import GRDB

/// A denial group as far as counts tell of it, with what was found out when the views were written: enough to rank it among others
/// and to tell it in a line.
public struct GroupOutline: Sendable, Hashable {
    /// The group with its key, its counts, its days and its times; its other lists are empty.
    public var group: DenialGroup
    /// `ongoing`, `quiet`, `gone`, `resolved` or `intermittent`.
    public var status: String
    /// The root cause's code.
    public var code: String
    /// How sure the root cause is.
    public var confidence: String
    /// What else the diagnosis comes down to.
    public var diagnosis: DiagnosisOutline
}

/// All groups of a report in outline.
public struct ReportOutline: Sendable {
    /// Groups that the filter lets through, ordered by id.
    public var groups: [GroupOutline] = []
    /// What the filter left out.
    public var omitted = OmittedDenials()
    /// The times of the first and the last event, ISO 8601 UTC text; `nil` without any.
    public var from: String?
    /// The last one.
    public var to: String?
    /// The changes that are to blame for groups.
    public var changes: [PermissionChange] = []

    /// The groups of which a report of all of them reads records back from log files.
    public var groupsWithLogFiles: Set<String> {
        var records: [String: Int] = [:]
        for group in groups where group.diagnosis.logFileRecords > 0 {
            records[group.group.id] = group.diagnosis.logFileRecords
        }
        return ReportFacts.groupsWithLogFiles(groups.map { ($0.group.id, $0.group.denials) }, records)
    }
}

/// Reads groups of a report, in the snapshot that its outline comes from.
public struct OutlineReader {
    private let filter: ReportFilter
    private let changes: ChangeSelection
    private let side: SideReader?
    private let db: Database

    init(_ filter: ReportFilter, _ changes: ChangeSelection, _ db: Database, beside side: SideReader?) {
        self.filter = filter
        self.changes = changes
        self.db = db
        self.side = side
    }

    /// The groups with these ids, whole; what the others leave out is not counted.
    public func facts(of ids: Set<String>) throws -> ReportFacts {
        guard !ids.isEmpty else {
            var facts = ReportFacts()
            facts.coverage = try CoverageQuery.coverage(UsageScan(db), TextReader(db), db)
            return facts
        }
        var filter = filter
        filter.groupIDs = ids
        return try TrailDatabase.reportFacts(filter, changes, db, beside: side)
    }

    /// What reports in JSON say of these groups, by their ids; those that the database has nothing of are missing.
    public func json(of ids: [String]) throws -> [String: StoredJSON] { try TrailDatabase.storedJSON(of: ids, db) }
}

extension TrailDatabase {
    /// Reads the groups of a report in outline and those of them whole that `body` asks for by their ids, in one snapshot.
    ///
    /// `body` gets the outline, and what reads groups. It is not called, and the result is
    /// `nil`, where all groups have to be read: the diagnoses that the database holds are of other facts or by another version, a group has
    /// none, logs beside CloudTrail's were read, or the filter asks for part of a group's denials.
    ///
    /// - Parameter version: the program's version.
    public func withOutline<Value>(
        _ filter: ReportFilter, changes: ChangeSelection, version: String,
        _ body: (ReportOutline, OutlineReader) throws -> Value?
    ) throws -> Value? {
        guard filter.takesWholeGroups else { return nil }
        return try mapErrors {
            let side = try SideReader(of: self)
            return try queue.read { db in
                guard let outline = try Self.outline(filter, version, db) else { return nil }
                return try body(outline, OutlineReader(filter, changes, db, beside: side))
            }
        }
    }

    /// The groups in outline; `nil` where all have to be read.
    static func outline(_ filter: ReportFilter, _ version: String, _ db: Database) throws -> ReportOutline? {
        guard try diagnosisIsDue(version, db) == nil else { return nil }
        // What other logs tell belongs to the groups, and is read with them.
        guard try RawCursor.count(db, "SELECT count(*) FROM companionLog") == 0 else { return nil }
        let texts = TextReader(db)
        var outline = ReportOutline()
        let scan = try DenialScan(db, filter: filter, inOutline: true)
        outline.omitted = scan.omitted
        var groups = try scan.outlines(texts)[...]
        outline.groups.reserveCapacity(groups.count)
        // Of very many groups most say what others say, too.
        var pool = TextPool()
        try RawCursor.forEach(
            db,
            """
            SELECT d.denialGroupID, d.status, d.code, d.confidence, d.causeKey, d.titleRuns, d.findings, d.remedyKind,
                d.changeEventID, d.outageStart, d.lastSuccessBefore, d.behindGroupID, d.logFileRecords, d.unreadRecords
            FROM json_each(?) k CROSS JOIN diagnosisRow d ON d.denialGroupID = k.value
            """, [JSONList.text(groups.map(\.id))]
        ) { row in
            guard var group = groups.first, try row.text(0) == group.id else { return }
            groups.removeFirst()
            var diagnosis = DiagnosisOutline(
                causeKey: pool.shared(try row.text(4)), titleRuns: pool.shared(try row.text(5)),
                findings: pool.shared(try row.text(6)), remedyKind: try row.text(7),
                changeEventID: try row.optionalText(8).map { pool.shared($0) },
                outageStart: try row.optionalText(9), lastSuccessBefore: try row.optionalText(10),
                behindGroupID: try row.optionalText(11))
            diagnosis.logFileRecords = try row.count(12)
            diagnosis.unreadRecords = try row.count(13)
            group.outageStart = diagnosis.outageStart
            group.lastSuccessBefore = diagnosis.lastSuccessBefore
            outline.groups.append(
                GroupOutline(
                    group: group, status: try row.text(1), code: pool.shared(try row.text(2)),
                    confidence: try row.text(3),
                    diagnosis: diagnosis))
        }
        guard groups.isEmpty else { return nil }
        (outline.from, outline.to) = try CoverageQuery.span(db)
        let blamed = Set(outline.groups.compactMap(\.diagnosis.changeEventID))
        outline.changes = try ChangeQuery.changes(ofEvents: blamed, texts, db)
        return outline
    }
}

extension ReportFilter {
    /// Whether a group's denials are all let through, or none of them.
    var takesWholeGroups: Bool {
        from == nil && to == nil && accounts.isEmpty && regions.isEmpty && groupIDs.isEmpty
            && (told == nil || keepsKnownGroups) && !readsSessions
    }
}
