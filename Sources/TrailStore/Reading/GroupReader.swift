import GRDB

/// Reads groups whole: what is asked for all of them is read once, all else for some groups at a time.
final class GroupReader {
    private let filter: ReportFilter
    private let selection: ChangeSelection
    private let operations: [Int64: UsageScan.Operation]
    let usage: UsageScan
    private let rows: [Usage]
    /// The places of each principal's rows.
    private let rowsOfPrincipal: [ByteText: [Int]]
    private let coverage: Coverage
    private let sessions: SessionQuery
    private let projects: ProjectQuery
    private let db: Database

    /// A reader of groups, all of whose calls are among these.
    ///
    /// - Parameter isInParts: whether it will be asked for groups many times.
    init(
        of calls: some Sequence<GroupCall>, _ filter: ReportFilter, _ selection: ChangeSelection,
        _ operations: [Int64: UsageScan.Operation], inParts isInParts: Bool = false, _ texts: TextReader, _ db: Database
    ) throws {
        self.filter = filter
        self.selection = selection
        self.operations = operations
        usage = try UsageScan(of: calls, operations, db)
        rows = try usage.usage(texts)
        rowsOfPrincipal = Dictionary(grouping: rows.indices) { [rows] in ByteText(rows[$0].principal) }
        coverage = try CoverageQuery.coverage(usage, texts, db)
        sessions = SessionQuery(db, inParts: isInParts)
        projects = ProjectQuery(usage, db)
        self.db = db
    }

    /// Completes groups whose denials a scan has read, and adds what they are diagnosed with.
    ///
    /// - Parameters:
    ///   - groups: the groups.
    ///   - callers: further groups whose callers are asked about.
    ///   - fileLimit: how many log files may be read.
    ///   - changes: reads the permission changes.
    ///   - successes: adds what successes tell.
    func facts(
        of groups: [DenialGroup], besides callers: [DenialGroup] = [], _ scan: DenialScan,
        fileLimit: Int = RequestQuery.fileLimit, _ texts: TextReader, changes: () throws -> [PermissionChange],
        successes: (inout [DenialGroup], UsageScan, inout RecordedTarget) throws -> [String: [Int64]]
    ) throws -> ReportFacts {
        var facts = ReportFacts()
        facts.groups = groups
        var records = RecordedTarget(fileLimit: fileLimit)
        let examples = try successes(&facts.groups, usage, &records)
        facts.unreadRecords = try RequestQuery.complete(
            &facts.groups, denials: scan.distinctDenials(texts), successes: examples, fileLimit: fileLimit, db
        ).merging(records.unread, uniquingKeysWith: +)
        try sessions.addTaggedSessions(to: &facts.groups)
        try sessions.complete(
            &facts.groups,
            at: facts.groups.indices.filter { filter.readsSessions || facts.groups[$0].asksForSessions },
            scan.identities())
        facts.projects = try projects.projects(of: groups + callers, texts)
        facts.usage = rows
        let principals = Set(groups.map { ByteText($0.principal) })
        try RegionQuery.complete(
            &facts.groups, principals.flatMap { rowsOfPrincipal[$0] ?? [] }.map { rows[$0] }, texts, db)
        facts.coverage = coverage
        facts.changes = try changes()
        try TrailDatabase.addRequestedChanges(to: &facts, selection, operations, texts, db)
        facts.doubtful = try VerificationQuery.doubtful(facts.changes, facts.groups, db)
        return facts
    }
}

/// The groups of a database in parts, each of which is read when it is asked for: a principal's groups are in one part.
public struct GroupParts {
    private struct Part {
        var denials: [Int64] = []
        var groups = 0
        /// The highest number of a principal.
        var lastPrincipal: Int64 = 0
    }

    private let filter: ReportFilter
    private let selection: ChangeSelection
    private let db: Database

    init(_ filter: ReportFilter, _ selection: ChangeSelection, _ db: Database) {
        self.filter = filter
        self.selection = selection
        self.db = db
    }

    /// Calls `body` with what the groups of each part are diagnosed with, once at least. Log files are not read: ``ReportFacts/unreadRecords`` tells
    /// which groups have records there.
    ///
    /// Where logs beside CloudTrail were read, there is one part: what they tell may be of any group.
    ///
    /// - Parameter limit: how many groups a part has at most, unless they are of one principal.
    public func forEach(groupsInPart limit: Int, _ body: (ReportFacts) throws -> Void) throws {
        guard try RawCursor.count(db, "SELECT count(*) FROM companionLog") == 0 else {
            return try body(TrailDatabase.reportFacts(filter, selection, db, fileLimit: 0))
        }
        let texts = TextReader(db)
        let operations = try UsageScan.operations(db)
        var scan = try DenialScan(finding: db, filter: filter)
        let calls = scan.calls
        let reader = try GroupReader(of: calls.values, filter, selection, operations, inParts: true, texts, db)
        let successes = try SuccessScan.ByPrincipal(of: calls.values, reader.usage, denials: scan.codeless, db)
        for part in try Self.parts(scan, calls, reader.usage, limit) {
            let texts = TextReader(db)
            try scan.read(part.denials, db)
            let groups = try scan.groups(texts, db)
            let changes = ChangeQuery(of: groups, selection, operations)
            try body(
                reader.facts(of: groups, scan, fileLimit: 0, texts) {
                    try changes.changes(texts, db)
                } successes: { groups, _, records in
                    try successes.complete(&groups, upTo: part.lastPrincipal, &records, texts, db)
                })
        }
    }

    /// What some groups are diagnosed with, their records in log files among it.
    public func facts(of ids: Set<String>) throws -> ReportFacts {
        var filter = filter
        filter.groupIDs = ids
        return try TrailDatabase.reportFacts(filter, selection, db)
    }

    /// The groups in parts, in order of their principals' numbers; one part without any where there are none.
    private static func parts(
        _ scan: DenialScan, _ calls: [Int64: GroupCall], _ usage: UsageScan, _ limit: Int
    ) throws -> [Part] {
        // Who has no number has no usage, and comes first.
        let numbered = calls.map {
            (principal: usage.principals[ByteText($1.principal)] ?? 0, name: $1.principal, group: $0)
        }
        .sorted { ($0.principal, $0.name, $0.group) < ($1.principal, $1.name, $1.group) }
        let denials = scan.denialsByGroup
        var parts = [Part()]
        var last = ""
        for (principal, name, group) in numbered {
            if name != last, parts[parts.count - 1].groups >= limit { parts.append(Part()) }
            parts[parts.count - 1].denials += denials[group] ?? []
            parts[parts.count - 1].groups += 1
            parts[parts.count - 1].lastPrincipal = principal
            last = name
        }
        for index in parts.indices { parts[index].denials.sort() }
        return parts
    }
}
