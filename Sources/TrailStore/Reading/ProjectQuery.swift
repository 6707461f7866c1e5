import AccessDenial
import GRDB

/// A Pinpoint project that answered in a Region.
public struct ProjectUse: Sendable, Hashable {
    /// The project's id (`application-id`).
    public var applicationID: String
    /// The Region that recorded it.
    public var awsRegion: String
    /// The account that recorded it.
    public var accountId: String
    /// Successful calls whose record names the project there.
    public var successes: Int
    /// The last of them.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// The operation.
    public var eventName: String
    /// Who made the last of them.
    public var principal: String

    /// One project in one Region.
    public init(
        applicationID: String, awsRegion: String, accountId: String, successes: Int, eventID: String, eventTime: String,
        eventName: String, principal: String
    ) {
        self.applicationID = applicationID
        self.awsRegion = awsRegion
        self.accountId = accountId
        self.successes = successes
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventName = eventName
        self.principal = principal
    }
}

/// Where Pinpoint projects answered: found out when it is asked first, for all projects.
final class ProjectQuery {
    private struct Place: Hashable {
        var region: Int64
        var account: Int64
    }

    private struct Tally {
        var successes = 0
        var lastKey: Int64 = 0

        mutating func add(_ key: Int64) {
            successes += 1
            lastKey = max(lastKey, key)
        }
    }

    private struct Tallies {
        /// By the number of the project's id.
        var byTarget: [Int64: [Place: Tally]] = [:]
        /// Of changes whose request names no project, such as the project's creation: their answer or resource does.
        var byName: [String: [Place: Tally]] = [:]
    }

    private let usage: UsageScan
    private let db: Database
    private var tallies: Tallies?

    init(_ usage: UsageScan, _ db: Database) {
        self.usage = usage
        self.db = db
    }

    /// Where the projects answered that were refused to principals who never succeeded with the action: only such a call can have
    /// gone to the wrong Region. Ordered by project, Region and account.
    func projects(of groups: [DenialGroup], _ texts: TextReader) throws -> [ProjectUse] {
        let wanted = Self.refusedProjects(of: groups, usage)
        guard !wanted.isEmpty else { return [] }
        let tallies = try tallies ?? read()
        self.tallies = tallies
        var uses: [ProjectUse] = []
        for project in wanted.sorted() {
            let target = try RawCursor.integer(db, "SELECT id FROM text WHERE value = ?", [project])
            let found = (target.flatMap { tallies.byTarget[$0] } ?? [:]).merging(tallies.byName[project] ?? [:]) {
                Tally(successes: $0.successes + $1.successes, lastKey: max($0.lastKey, $1.lastKey))
            }
            uses += try self.uses(found, of: project, texts)
        }
        return uses
    }

    private func read() throws -> Tallies {
        var tallies = Tallies()
        let operations = usage.operations.filter { $0.value.eventSource == "pinpoint.amazonaws.com" }
        guard !operations.isEmpty else { return tallies }
        var unplaced: [(key: Int64, place: Place)] = []
        try RawCursor.forEach(
            db,
            """
            SELECT targetID, key, regionID, accountID, operationID
            FROM eventRow INDEXED BY successOfReportedService
            WHERE operationID >= \(Schema.firstIndexedOperation) AND errorCodeID IS NULL AND errorMessage IS NULL
                AND operationID IN (\(operations.keys.sorted().map(String.init).joined(separator: ",")))
            """
        ) { row in
            let (target, key) = (try row[0], try row.key(1))
            let place = Place(region: try row[2], account: try row[3])
            if target != 0 {
                tallies.byTarget[target, default: [:]][place, default: Tally()].add(key)
            } else if operations[try row[4]]?.readOnly != true {
                unplaced.append((key, place))
            }
        }
        let selectARN = """
            SELECT CAST(coalesce(json_extract(json, '$.resources[0].ARN'), json_extract(json, '$.responseElements.arn'),
                json_extract(json, '$.responseElements.Arn')) AS TEXT)
            FROM record WHERE key = ? AND json_valid(json)
            """
        for row in unplaced {
            guard let arn = try RawCursor.text(db, selectARN, [row.key]),
                let project = CallTarget.name(ofResource: arn)
            else { continue }
            tallies.byName[project, default: [:]][row.place, default: Tally()].add(row.key)
        }
        return tallies
    }

    private static func refusedProjects(of groups: [DenialGroup], _ usage: UsageScan) -> Set<String> {
        struct Pair: Hashable {
            var principal: Int64
            var action: String
        }
        var successes: Set<Pair> = []
        usage.forEachSuccess { principal, operation in
            if let action = usage.operations[operation]?.action, action.hasPrefix("mobiletargeting:") {
                successes.insert(Pair(principal: principal, action: action))
            }
        }
        var projects: Set<String> = []
        for group in groups where group.action.hasPrefix("mobiletargeting:") {
            let pair = Pair(principal: usage.principals[ByteText(group.principal)] ?? 0, action: group.action)
            guard !successes.contains(pair) else { continue }
            for resource in group.resources.isEmpty ? group.inferredResources : group.resources {
                if let project = CallTarget.name(ofResource: resource.value) { projects.insert(project) }
            }
        }
        return projects
    }

    private func uses(_ tallies: [Place: Tally], of project: String, _ texts: TextReader) throws -> [ProjectUse] {
        let select = "SELECT eventID, eventTime, eventName, principal FROM event WHERE eventKey = ?"
        var uses: [ProjectUse] = []
        for (place, tally) in tallies {
            guard let region = try texts.text(place.region), let account = try texts.text(place.account) else {
                continue
            }
            try RawCursor.forEach(db, select, [tally.lastKey]) { last in
                uses.append(
                    ProjectUse(
                        applicationID: project, awsRegion: region, accountId: account,
                        successes: tally.successes, eventID: try last.text(0), eventTime: try last.text(1),
                        eventName: try last.text(2), principal: try last.text(3)))
            }
        }
        return uses.sorted { ($0.awsRegion, $0.accountId) < ($1.awsRegion, $1.accountId) }
    }
}
