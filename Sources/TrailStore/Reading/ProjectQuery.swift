import AccessDenial
import GRDB

/// A Pinpoint project that answered in a Region, as far as kept records tell.
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

/// Where Pinpoint projects answered.
///
/// Events do not hold the project that they name, so only successes whose record was kept are seen: changes of projects, and
/// everything under `--keep-records all`.
enum ProjectQuery {
    /// Records of Pinpoint calls that are looked at, the latest first.
    private static let limit = 200_000

    /// Every project by Region and account, ordered by these.
    static func projects(_ db: Database) throws -> [ProjectUse] {
        struct Place: Hashable {
            var application: String
            var region: String
            var account: String
        }
        var uses: [Place: ProjectUse] = [:]
        // The walk is over the kept records (`CROSS JOIN` fixes the order), which are few beside the events.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT e.eventID, e.eventTime, o.eventName, region.value AS region, account.value AS account,
                    principal.value AS principal,
                    coalesce(json_extract(r.json, '$.requestParameters."application-id"'),
                        json_extract(r.json, '$.requestParameters.applicationId'),
                        json_extract(r.json, '$.resources[0].ARN'),
                        json_extract(r.json, '$.responseElements.arn'),
                        json_extract(r.json, '$.responseElements.Arn')) AS application
                FROM record r CROSS JOIN eventRow e ON e.key = r.key
                    JOIN operation o ON o.id = e.operationID
                    LEFT JOIN identity i ON i.id = e.identityID
                    LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
                    LEFT JOIN text region ON region.id = e.regionID
                    LEFT JOIN text account ON account.id = e.accountID
                WHERE o.eventSource = 'pinpoint.amazonaws.com' AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
                    AND json_valid(r.json)
                ORDER BY r.key DESC LIMIT \(limit)
                """)
        while let row = try rows.next() {
            guard let region = row["region"] as String?, let account = row["account"] as String?,
                let application = (row["application"] as String?).flatMap(applicationID)
            else { continue }
            let place = Place(application: application, region: region, account: account)
            if uses[place] == nil {
                uses[place] = ProjectUse(
                    applicationID: application, awsRegion: region, accountId: account, successes: 0,
                    eventID: row["eventID"], eventTime: row["eventTime"] ?? "", eventName: row["eventName"] ?? "",
                    principal: row["principal"] ?? "")
            }
            uses[place]?.successes += 1
        }
        return uses.values.sorted {
            ($0.applicationID, $0.awsRegion, $0.accountId) < ($1.applicationID, $1.awsRegion, $1.accountId)
        }
    }

    /// The id in a parameter's text, or in the ARN of a project or of something under it.
    private static func applicationID(_ text: String) -> String? {
        guard text.hasPrefix("arn:") else { return text.isEmpty ? nil : text }
        guard let start = text.firstRange(of: ":apps/")?.upperBound else { return nil }
        let id = text[start...].prefix { $0 != "/" }
        return id.isEmpty ? nil : String(id)
    }
}
