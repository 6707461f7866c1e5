import GRDB

/// All groups of a report in outline: as far as counts tell of them, with what was found out when the views were written. That is
/// enough to rank each among the others and to tell it in a line.
public struct ReportOutline: Sendable {
    /// Groups that the filter lets through, ordered by id, each with its key, its counts and its times; their other lists are empty, but
    /// for days and minutes where these were asked for.
    public var groups: [DenialGroup] = []
    /// The diagnosis of each.
    public var diagnoses: [DiagnosisOutline] = []
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
        for diagnosis in diagnoses where diagnosis.logFileRecords > 0 {
            records[diagnosis.denialGroupID] = diagnosis.logFileRecords
        }
        return ReportFacts.groupsWithLogFiles(groups.map { ($0.id, $0.denials) }, records)
    }

    /// The groups whose diagnosis rests on one that the filter leaves out: in the report it would be another one.
    public var groupsRestingOnOthers: Set<String> {
        Set(diagnoses.lazy.filter { $0.behindGroupID.map { !contains($0) } ?? false }.map(\.denialGroupID))
    }

    /// By the group's id the group behind its calls, where the filter lets that through.
    public var groupsBehind: [String: String] {
        let pairs = diagnoses.lazy.compactMap { diagnosis in
            diagnosis.behindGroupID.map { (diagnosis.denialGroupID, $0) }
        }
        return Dictionary(pairs.filter { contains($0.1) }) { first, _ in first }
    }

    /// Whether the filter lets a group through.
    public func contains(_ id: String) -> Bool {
        var (low, high) = (groups.startIndex, groups.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if groups[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < groups.endIndex && groups[low].id == id
    }

    /// Leaves no group: what is known of them stands elsewhere, and need not stand here as well.
    public mutating func removeGroups() {
        groups = []
        diagnoses = []
    }
}

/// Reads groups of a report, in the snapshot that its outline comes from.
public struct OutlineReader {
    private let found: DenialScan
    private let omitted: OmittedDenials
    private let filter: ReportFilter
    private let changes: ChangeSelection
    private let side: SideReader?
    private let db: Database

    init(
        _ found: DenialScan, _ omitted: OmittedDenials, _ filter: ReportFilter, _ changes: ChangeSelection,
        _ db: Database, beside side: SideReader?
    ) {
        self.found = found
        self.omitted = omitted
        self.filter = filter
        self.changes = changes
        self.db = db
        self.side = side
    }

    /// The groups with these ids, whole; what the filter leaves out is that of the outline.
    public func facts(of ids: Set<String>) throws -> ReportFacts {
        guard !ids.isEmpty else {
            var facts = ReportFacts()
            facts.omitted = omitted
            facts.coverage = try CoverageQuery.coverage(UsageScan(db), TextReader(db), db)
            return facts
        }
        var scan = found
        try scan.read(groups: ids, db)
        var facts = try TrailDatabase.reportFacts(of: scan, filter, changes, db, beside: side)
        facts.omitted = omitted
        return facts
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
    /// - Parameters:
    ///   - version: the program's version.
    ///   - keepsTimes: whether the denials of each group are counted by day and minute.
    public func withOutline<Value>(
        _ filter: ReportFilter, changes: ChangeSelection, version: String, keepingTimes keepsTimes: Bool = false,
        _ body: (inout ReportOutline, OutlineReader) throws -> Value?
    ) throws -> Value? {
        try mapErrors {
            let side = try SideReader(of: self)
            return try queue.read { db in
                guard
                    var found = try Self.outline(
                        filter, changes, version, keepingTimes: keepsTimes, db, beside: side)
                else { return nil }
                return try body(&found.outline, found.reader)
            }
        }
    }

    /// The groups in outline, with what reads some of them whole; `nil` where all have to be read.
    static func outline(
        _ filter: ReportFilter, _ changes: ChangeSelection, _ version: String, keepingTimes keepsTimes: Bool,
        _ db: Database, beside side: SideReader?
    ) throws -> (outline: ReportOutline, reader: OutlineReader)? {
        guard filter.takesWholeGroups, try diagnosisIsDue(version, db) == nil else { return nil }
        // What other logs tell belongs to the groups, and is read with them.
        guard try RawCursor.count(db, "SELECT count(*) FROM companionLog") == 0 else { return nil }
        let texts = TextReader(db)
        var outline = ReportOutline()
        var scan = try DenialScan(finding: db, filter: filter)
        // The diagnoses are read while the denials are counted.
        let ids = scan.groupIDs
        let beside = side?.start { try DiagnosisOutline.all(of: ids, $0) }
        let found = scan
        try scan.count(keepingTimes: keepsTimes, db)
        outline.omitted = scan.omitted
        outline.groups = try scan.outlines(texts)
        var diagnoses = try (beside?.value() ?? DiagnosisOutline.all(of: ids, db))[...]
        outline.diagnoses.reserveCapacity(outline.groups.count)
        for place in outline.groups.indices {
            // All denials of a group may be left out.
            diagnoses = diagnoses.drop { $0.denialGroupID < outline.groups[place].id }
            guard let diagnosis = diagnoses.first, diagnosis.denialGroupID == outline.groups[place].id else {
                return nil
            }
            outline.groups[place].outageStart = diagnosis.outageStart
            outline.groups[place].lastSuccessBefore = diagnosis.lastSuccessBefore
            outline.diagnoses.append(diagnosis)
        }
        (outline.from, outline.to) = try CoverageQuery.span(db)
        let blamed = Set(outline.diagnoses.compactMap(\.changeKey))
        outline.changes = try ChangeQuery.changes(withKeys: blamed, texts, db)
        return (outline, OutlineReader(found, outline.omitted, filter, changes, db, beside: side))
    }
}

extension ReportFilter {
    /// Whether a group's denials are all let through, or none of them.
    var takesWholeGroups: Bool {
        from == nil && to == nil && accounts.isEmpty && regions.isEmpty && groupIDs.isEmpty
            && (told == nil || keepsKnownGroups) && !readsSessions
    }
}
