import GRDB

/// Everything that a report is made of, read in one snapshot of the database.
public struct ReportFacts: Sendable {
    /// Groups that the filter lets through, ordered by id.
    public var groups: [DenialGroup] = []
    /// What the filter left out.
    public var omitted = OmittedDenials()
    /// How the groups' principals and actions fared over the whole database.
    public var usage: [Usage] = []
    /// Permission changes of the whole database that were selected for the groups, in order of time.
    public var changes: [PermissionChange] = []
    /// What the database holds.
    public var coverage = Coverage()
    /// Where Pinpoint projects answered.
    public var projects: [ProjectUse] = []
    /// Of the changes and the groups' denials, those whose log file was changed or is named by no digest, by eventID, with that state.
    public var doubtful: [String: LogFileDoubt] = [:]
    /// By the group's id how many records of successes were left in their log files, where any was: a report reads few of them back.
    public var unreadRecords: [String: Int] = [:]
    /// What the logs beside CloudTrail tell.
    public var companions = CompanionFacts()

    /// Facts of an empty database.
    public init() {}

    /// The groups whose records in log files are read back: of the most denials, as many as a report may read.
    ///
    /// - Parameters:
    ///   - groups: ids and denials of all groups, in any order.
    ///   - unread: how many records each has there (``unreadRecords``).
    public static func groupsWithLogFiles(_ groups: [(id: String, denials: Int)], _ unread: [String: Int]) -> Set<
        String
    > {
        var left = RequestQuery.fileLimit
        let order = groups.filter { unread[$0.id] != nil }.sorted { ($1.denials, $0.id) < ($0.denials, $1.id) }
        return Set(
            order.prefix { group in
                defer { left -= unread[group.id] ?? 0 }
                return left > 0
            }.map(\.id))
    }
}

/// Denials that the filter left out, so that a report can tell of them.
public struct OmittedDenials: Sendable, Hashable {
    /// Denials of the services asked for whose caller was an AWS service, refused by no policy that AWS names.
    public var awsServiceDenials = 0
    /// Denials of other services by eventSource, most frequent first.
    public var otherServices: [Counted<String>] = []
    /// Denials of the services asked for that another filter (account, Region, principal, action, reason) leaves out.
    public var unmatchedDenials = 0
    /// Denials that pass the filters but lie outside of the window.
    public var denialsOutsideWindow = 0
    /// Groups without a denial beyond ``ReportFilter/told``.
    public var knownGroups = 0
    /// Denials of those groups.
    public var knownDenials = 0

    /// None left out.
    public init() {}
}

extension TrailDatabase {
    /// Reads what a report with this filter needs.
    public func reportFacts(_ filter: ReportFilter, changes: ChangeSelection) throws -> ReportFacts {
        try mapErrors {
            let side = try SideReader(of: self)
            return try queue.read { try Self.reportFacts(filter, changes, $0, beside: side) }
        }
    }

    /// The same inside of a transaction that is open already.
    ///
    /// - Parameter side: reads at the same time where the transaction has written nothing.
    static func reportFacts(
        _ filter: ReportFilter, _ changes: ChangeSelection, _ db: Database, beside side: SideReader? = nil,
        fileLimit: Int = RequestQuery.fileLimit
    ) throws -> ReportFacts {
        try reportFacts(of: DenialScan(db, filter: filter), filter, changes, db, beside: side, fileLimit: fileLimit)
    }

    /// The same of denials that were read.
    static func reportFacts(
        of scan: DenialScan, _ filter: ReportFilter, _ changes: ChangeSelection, _ db: Database,
        beside side: SideReader?, fileLimit: Int = RequestQuery.fileLimit
    ) throws -> ReportFacts {
        let texts = TextReader(db)
        var omitted = scan.omitted
        let groups = told(try scan.groups(texts, db), filter, &omitted)
        var companions = try CompanionQuery(filter, db)
        // What CloudTrail tells of their callers bears on refusals that only an application logged.
        let callers = companions.groups.filter { $0.companion?.isAnswerOfService ?? false }
        let operations = try UsageScan.operations(db)
        let query = ChangeQuery(of: groups + callers, changes, operations)
        let changesBeside = side?.start { try query.changes(TextReader($0), $0) }
        let reader = try GroupReader(of: (groups + callers).map(\.call), filter, changes, operations, texts, db)
        var facts = try reader.facts(of: groups, besides: callers, scan, fileLimit: fileLimit, texts) {
            try changesBeside?.value() ?? query.changes(texts, db)
        } successes: { groups, usage, records in
            try SuccessScan.complete(&groups, usage, denials: scan.codeless, beside: side, &records, texts, db)
        }
        try companions.addSightings(of: facts.groups, db)
        facts.companions = companions.facts
        facts.groups += told(companions.groups, filter, &omitted)
        facts.omitted = omitted
        facts.groups.sort { $0.id < $1.id }
        return facts
    }

    /// The groups of which an earlier report has not told everything, unless all are to be kept; the others are counted.
    private static func told(_ groups: [DenialGroup], _ filter: ReportFilter, _ omitted: inout OmittedDenials)
        -> [DenialGroup]
    {
        guard filter.told != nil, !filter.keepsKnownGroups else { return groups }
        let known = groups.filter { $0.newDenials == 0 }
        omitted.knownGroups += known.count
        omitted.knownDenials += known.reduce(0) { $0 + $1.denials }
        return groups.filter { $0.newDenials != 0 }
    }

    /// Adds the changes of what requests were on whose denials name nothing: only their records tell it.
    static func addRequestedChanges(
        to facts: inout ReportFacts, _ selection: ChangeSelection, _ operations: [Int64: UsageScan.Operation],
        _ texts: TextReader, _ db: Database
    ) throws {
        let names = facts.groups.reduce(into: Set<String>()) { $0.formUnion(selection.requestedNames($1)) }
        guard !names.isEmpty else { return }
        let known = Set(facts.changes.map(\.eventID))
        let query = ChangeQuery(named: names, furtherNames: selection.furtherNames, operations)
        let more = try query.changes(texts, db).filter { !known.contains($0.eventID) }
        facts.changes += more
    }

    /// What the database holds.
    public func coverage() throws -> Coverage {
        try mapErrors {
            try queue.read {
                try CoverageQuery.coverage(UsageScan($0), TextReader($0), $0)
            }
        }
    }
}
