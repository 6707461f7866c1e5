import AccessDenial
import CloudTrail
import GRDB

/// Reads the requests behind a group's denials, and behind the successes next to them, from their records.
struct RequestQuery {
    /// How many log files a report reads successes back from: one costs as much as inflating it up to the record.
    static let fileLimit = 24
    /// How far into a log file a record is looked for, in bytes.
    private static let offsetLimit: Int64 = 64 << 20

    private var filesLeft: Int
    /// Records that were left in their log files.
    private var unread = 0

    /// A query that reads so many log files at most.
    init(fileLimit: Int = fileLimit) { filesLeft = fileLimit }

    /// Adds to the groups the distinct requests that were refused, and some that succeeded.
    ///
    /// - Parameters:
    ///   - denials: by the group's id the representatives of its denials.
    ///   - successes: by the group's id the keys of successes.
    ///   - fileLimit: how many log files may be read.
    /// - Returns: by the group's id how many records were left in their log files, where any was.
    @discardableResult
    static func complete(
        _ groups: inout [DenialGroup], denials: [String: DistinctDenials], successes: [String: [Int64]],
        fileLimit: Int = fileLimit, _ db: Database
    ) throws -> [String: Int] {
        var query = RequestQuery(fileLimit: fileLimit)
        var unread: [String: Int] = [:]
        // Where not every success can be looked at, those of the most denials are.
        let order = groups.indices.sorted { (groups[$1].denials, groups[$0].id) < (groups[$0].denials, groups[$1].id) }
        for index in order where groups[index].category == .authorization {
            let id = groups[index].id
            if let distinct = denials[id] {
                groups[index].furtherRequests = distinct.further
                for denial in distinct.denials {
                    guard var request = try query.request(denial.key, readsLogFiles: false, db) else { continue }
                    request.calls = denial.count
                    request.resource = denial.resource
                    groups[index].requests.append(request)
                }
            }
            for key in successes[id] ?? [] {
                if let request = try query.request(key, readsLogFiles: true, db) {
                    groups[index].successes.append(request)
                }
            }
            let left = query.takeUnread()
            if left > 0 { unread[id] = left }
        }
        return unread
    }

    /// How many records were left in their log files since this was last asked.
    mutating func takeUnread() -> Int {
        defer { unread = 0 }
        return unread
    }

    /// What is to be had of an event: its record, the forms that it came in, or the database's columns.
    mutating func request(_ key: Int64, readsLogFiles: Bool, _ db: Database) throws -> RecordedRequest? {
        let event = try RawCursor.first(db, "SELECT eventID, eventTime FROM eventRow WHERE key = ?", [key]) {
            (id: try $0.text(0), time: try $0.text(1))
        }
        guard let event else { return nil }
        func request(_ json: String, isWhole: Bool) -> RecordedRequest {
            RecordedRequest(
                eventID: event.id, eventTime: event.time, record: RecordedRequest.trimmed(json), isWhole: isWhole)
        }
        if let json = try RawCursor.text(db, "SELECT json FROM partialEvent WHERE key = ?", [key]) {
            return request(json, isWhole: false)
        }
        if let json = try RecordQuery.kept(key, path: "", db) { return request(json, isWhole: true) }
        if readsLogFiles, let json = try original(key, eventID: event.id, db) { return request(json, isWhole: true) }
        return try RawCursor.text(db, Self.columns, [key]).map { request($0, isWhole: false) }
    }

    /// The record from its log file, where that is still there and the report has not read too many of them.
    private mutating func original(_ key: Int64, eventID: String, _ db: Database) throws -> String? {
        let offset = try RawCursor.integer(
            db, "SELECT byteOffset FROM eventRow WHERE key = ? AND logFileID IS NOT NULL", [key])
        guard let offset, offset <= Self.offsetLimit else { return nil }
        guard filesLeft > 0 else {
            unread += 1
            return nil
        }
        filesLeft -= 1
        do {
            return try RecordQuery.original(key, eventID: eventID, db)
        } catch let error as StoreError where error.code == .recordUnavailable {
            return nil
        }
    }

    /// What the columns tell of an event, as a record would.
    private static let columns = """
        SELECT json_object(
            'eventTime', e.eventTime, 'eventSource', o.eventSource, 'eventName', o.eventName, 'awsRegion', region.value,
            'sourceIPAddress', address.value, 'userAgent', agent.value, 'recipientAccountId', account.value,
            'vpcEndpointId', endpoint.value,
            'userIdentity', json_object(
                'type', i.type, 'arn', i.arn, 'accountId', i.accountId, 'principalId', i.principalId,
                'accessKeyId', i.accessKeyId, 'userName', i.userName, 'invokedBy', i.invokedBy,
                'sessionContext', json_object(
                    'sourceIdentity', i.sourceIdentity,
                    'sessionIssuer', json_object('arn', i.sessionIssuerArn),
                    'attributes', json_object(
                        'creationDate', i.sessionCreationDate, 'mfaAuthenticated', i.mfaAuthenticated))))
        FROM eventRow e
            LEFT JOIN identity i ON i.id = e.identityID
            LEFT JOIN operation o ON o.id = e.operationID
            LEFT JOIN text region ON region.id = e.regionID
            LEFT JOIN text account ON account.id = e.accountID
            LEFT JOIN text address ON address.id = e.sourceIPAddressID
            LEFT JOIN text agent ON agent.id = e.userAgentID
            LEFT JOIN text endpoint ON endpoint.id = e.vpcEndpointID
        WHERE e.key = ?
        """
}

/// Denials of a group that stand for its distinct requests.
struct DistinctDenials {
    /// One denial, and how many look like it.
    struct Denial {
        var key: Int64
        var count: Int
        var resource: String?
    }

    var denials: [Denial] = []
    /// How many denials none of them stands for.
    var further = 0
}
