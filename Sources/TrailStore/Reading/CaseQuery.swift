import AccessDenial
import GRDB

/// What a denial group is called by.
public struct GroupName: Sendable, Hashable {
    /// The id as reports show it.
    public var id: String
    /// Who called.
    public var principal: String
    /// IAM's action.
    public var action: String
    /// The reason's slug.
    public var reason: String

    /// A group's name.
    public init(id: String, principal: String, action: String, reason: String) {
        self.id = id
        self.principal = principal
        self.action = action
        self.reason = reason
    }
}

extension GroupName {
    init(_ group: DenialGroup) {
        self.init(id: group.id, principal: group.principal, action: group.action, reason: group.reason.slug)
    }
}

/// One stored event, as far as an explanation needs it.
public struct StoredEvent: Sendable, Hashable {
    /// CloudTrail's id of the event.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// CloudTrail's name of the service.
    public var eventSource: String
    /// The operation.
    public var eventName: String
    /// The Region that recorded it.
    public var awsRegion: String?
    /// The account that recorded it.
    public var accountId: String?
    /// Who called.
    public var principal: String?
    /// IAM's action.
    public var action: String?
    /// Where the call came from.
    public var sourceIPAddress: String?
    /// The client.
    public var userAgent: String?
    /// As recorded; `nil` for a success.
    public var errorCode: String?
    /// As recorded.
    public var errorMessage: String?
    /// The refused resource; `nil` where AWS names none.
    public var resource: String?
    /// The id of the denial group that the event belongs to; `nil` where it is no denial.
    public var denialGroupID: String?
    /// Whether it is a successful change of permissions.
    public var isPermissionChange = false
    /// What `trail403 verify` found wrong with its log file; `nil` where nothing was, or nothing was verified.
    public var doubt: LogFileDoubt?

    /// An event.
    public init(eventID: String, eventTime: String, eventSource: String, eventName: String) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventSource = eventSource
        self.eventName = eventName
    }
}

/// How often something happened within one minute.
public struct MinuteCount: Sendable, Hashable {
    /// The minute's start: seconds since 1970.
    public var minute: Int64
    /// How often.
    public var count: Int

    /// A minute's count.
    public init(minute: Int64, count: Int) {
        self.minute = minute
        self.count = count
    }
}

/// When the calls of one group were refused, and when the same principal succeeded with the same action in the group's accounts
/// and Regions; in order of time.
public struct CaseTimes: Sendable, Hashable {
    /// Successful calls by minute.
    public var successes: [MinuteCount] = []
    /// Refused calls by minute.
    public var denials: [MinuteCount] = []

    /// No calls at all.
    public init() {}
}

/// Everything that the explanation of one group is made of.
public struct CaseFacts: Sendable {
    /// The facts of a report of this group alone.
    public var report = ReportFacts()
    /// When its calls succeeded and failed.
    public var times = CaseTimes()
}

extension TrailDatabase {
    /// The names of all groups, ordered by id.
    public func groupNames() throws -> [GroupName] {
        try mapErrors {
            try queue.read { db in
                try RawCursor.all(
                    db, "SELECT publicID, principal, action, reason FROM denialGroupRow ORDER BY publicID"
                ) { row in
                    GroupName(
                        id: try row.text(0), principal: try row.text(1), action: try row.text(2),
                        reason: try row.text(3))
                } + CompanionQuery(ReportFilter(), db).groups.map(GroupName.init)
            }
        }
    }

    /// Every principal that has a denial group.
    public func groupPrincipals() throws -> [String] { try distinct("principal") }

    /// Every action that has a denial group.
    public func groupActions() throws -> [String] { try distinct("action") }

    /// The ids of the groups with denials on a resource, by the ARN that AWS or the request names.
    public func groups(onResource arn: String) throws -> [String] {
        let sql = "SELECT DISTINCT denialGroupID FROM denial WHERE resource = ? OR inferredResource = ? ORDER BY 1"
        return try mapErrors { try queue.read { db in try RawCursor.all(db, sql, [arn, arn]) { try $0.text(0) } } }
    }

    private func distinct(_ column: String) throws -> [String] {
        try mapErrors {
            try queue.read { db in
                try RawCursor.all(db, "SELECT DISTINCT \(column) FROM denialGroupRow") { try $0.text(0) }
            }
        }
    }

    /// The event with this id; `nil` where the database holds none. Denials and permission changes are found at once, other
    /// events by a walk over all of them.
    public func event(id: String) throws -> StoredEvent? {
        try mapErrors {
            try queue.read { db in
                guard let key = try RecordQuery.key(ofEventID: id, db), var event = try Self.event(key, db) else {
                    return nil
                }
                try RawCursor.forEach(
                    db, "SELECT denialGroupID, resource, principal, action FROM denial WHERE eventKey = ?", [key]
                ) { denial in
                    event.denialGroupID = try denial.optionalText(0)
                    event.resource = try denial.optionalText(1)
                    event.principal = try denial.optionalText(2) ?? event.principal
                    event.action = try denial.optionalText(3) ?? event.action
                }
                event.doubt = try VerificationQuery.doubt(key: key, db)
                event.isPermissionChange =
                    try RawCursor.integer(db, "SELECT key FROM permissionChangeRow WHERE key = ?", [key]) != nil
                return event
            }
        }
    }

    private static func event(_ key: Int64, _ db: Database) throws -> StoredEvent? {
        try RawCursor.first(
            db,
            """
            SELECT eventID, eventTime, eventSource, eventName, awsRegion, recipientAccountId, principal, action,
                sourceIPAddress, userAgent, errorCode, errorMessage
            FROM event WHERE eventKey = ?
            """, [key]
        ) { row in
            var event = StoredEvent(
                eventID: try row.text(0), eventTime: try row.text(1), eventSource: try row.text(2),
                eventName: try row.text(3))
            event.awsRegion = try row.optionalText(4)
            event.accountId = try row.optionalText(5)
            event.principal = try row.optionalText(6)
            event.action = try row.optionalText(7)
            event.sourceIPAddress = try row.optionalText(8)
            event.userAgent = try row.optionalText(9)
            event.errorCode = try row.optionalText(10)
            event.errorMessage = try row.optionalText(11)
            return event
        }
    }

    /// Everything about one group, over the whole database.
    public func caseFacts(groupID: String, changes: ChangeSelection) throws -> CaseFacts {
        var filter = ReportFilter()
        filter.includesAWSServices = true
        filter.groupIDs = [groupID]
        filter.readsSessions = true
        var facts = CaseFacts()
        facts.report = try reportFacts(filter, changes: changes)
        guard let group = facts.report.groups.first else { return facts }
        if group.companion != nil {
            facts.times.denials =
                group.minutes.isEmpty
                ? group.days.map {
                    MinuteCount(minute: Timestamp.seconds($0.date + "T00:00:00") ?? 0, count: $0.denials)
                }
                : group.minutes
            return facts
        }
        facts.times = try mapErrors { try queue.read { try CaseQuery.times(of: group, TextReader($0), $0) } }
        return facts
    }
}

/// When a group's calls succeeded and failed.
enum CaseQuery {
    static func times(of group: DenialGroup, _ texts: TextReader, _ db: Database) throws -> CaseTimes {
        var denials: [Int64: Int] = [:]
        try RawCursor.forEach(
            db, "SELECT key FROM denialRow WHERE groupID = (SELECT id FROM denialGroupRow WHERE publicID = ?)",
            [group.id]
        ) { row in
            denials[minute(try row.key(0)), default: 0] += 1
        }
        var times = CaseTimes()
        times.denials = sorted(denials)

        let operations = try RawCursor.all(db, "SELECT id FROM operation WHERE action = ?", [group.successAction]) {
            try $0[0]
        }
        let identities = try Set(
            RawCursor.all(
                db, "SELECT id FROM identity WHERE foldedPrincipalID = (SELECT id FROM text WHERE value = ?)",
                [group.principal]
            ) { try $0[0] })
        guard !operations.isEmpty, !identities.isEmpty else { return times }
        let regions = Set(group.regions.map(\.value))
        let accounts = Set(group.accounts.map(\.value))
        var successes: [Int64: Int] = [:]
        let list = operations.map(String.init).joined(separator: ",")
        try RawCursor.forEach(
            db,
            """
            SELECT key, identityID, regionID, accountID FROM eventRow
            WHERE operationID IN (\(list)) AND errorCodeID IS NULL AND errorMessage IS NULL
                AND NOT EXISTS (SELECT 1 FROM denialRow WHERE denialRow.key = eventRow.key)
            """
        ) { row in
            guard identities.contains(try row[1]) else { return }
            let region = try texts.text(try row[2]) ?? ""
            let account = try texts.text(try row[3]) ?? ""
            guard regions.isEmpty || regions.contains(region), accounts.isEmpty || accounts.contains(account) else {
                return
            }
            successes[minute(try row.key(0)), default: 0] += 1
        }
        times.successes = sorted(successes)
        return times
    }

    private static func minute(_ key: Int64) -> Int64 { EventKey.time(of: key) / 60 * 60 }

    private static func sorted(_ counts: [Int64: Int]) -> [MinuteCount] {
        counts.map { MinuteCount(minute: $0.key, count: $0.value) }.sorted { $0.minute < $1.minute }
    }
}
