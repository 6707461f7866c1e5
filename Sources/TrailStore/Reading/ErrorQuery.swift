import GRDB

/// Where the database holds a call that somebody has an error message of.
public struct ErrorMatch: Sendable, Hashable {
    /// How the call was found.
    public enum Key: String, Sendable, CaseIterable {
        /// Its request id is that of the message.
        case requestID = "request-id"
        /// Principal, action and time are those of the message.
        case time = "principal-action-time"
        /// Principal and action are; the message tells no time.
        case principalAndAction = "principal-action"
    }

    /// How it was found.
    public var key: Key
    /// CloudTrail's id of the event.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// The denial group that it belongs to; `nil` where it is no denial.
    public var groupID: String?
}

extension TrailDatabase {
    /// The event of a service's request id: a denial where there is one. Ids of requests have no index; a walk over the denials
    /// finds most of those that are asked for, a walk over the events the others.
    public func event(requestID: String) throws -> StoredEvent? {
        guard let match = try match(requestID: requestID) else { return nil }
        return try event(id: match.eventID)
    }

    /// The calls that an error message may be of, the nearest in time first, at most `limit`.
    ///
    /// - Parameters:
    ///   - requestID: the service's id of the request; where it is found, nothing else is asked.
    ///   - time: in seconds since 1970; `nil` where the message does not tell it.
    public func matches(requestID: String?, principal: String?, action: String?, time: Int64?, limit: Int = 5) throws
        -> [ErrorMatch]
    {
        if let requestID, let match = try match(requestID: requestID) { return [match] }
        guard let principal, let action else { return [] }
        return try mapErrors {
            try queue.read { db in
                let groups = try RawCursor.all(
                    db, "SELECT id, publicID, principal FROM denialGroupRow WHERE action = ? COLLATE NOCASE", [action]
                ) { (id: try $0[0], publicID: try $0.text(1), principal: try $0.text(2)) }
                var found: [(match: ErrorMatch, distance: Int64)] = []
                for group in groups where Self.isSamePrincipal(group.principal, principal) {
                    guard let denial = try Self.denial(ofGroup: group.id, nearest: time, db) else { continue }
                    let match = ErrorMatch(
                        key: time == nil ? .principalAndAction : .time, eventID: denial.id, eventTime: denial.time,
                        groupID: group.publicID)
                    // Without a time the latest comes first.
                    let seconds = denial.key >> Int64(Schema.keyHashBits)
                    found.append((match, time.map { abs(seconds - $0) } ?? -seconds))
                }
                return found.sorted { ($0.distance, $0.match.eventID) < ($1.distance, $1.match.eventID) }.prefix(limit)
                    .map(\.match)
            }
        }
    }

    /// How far apart the times of a message and of its event may be, in seconds: clients' clocks differ, and messages are logged late.
    private static let window: Int64 = 300

    /// The denial of a group that is nearest to a time, within ``window``; the latest where no time is told.
    private static func denial(ofGroup group: Int64, nearest time: Int64?, _ db: Database) throws
        -> (id: String, time: String, key: Int64)?
    {
        let shift = Int64(Schema.keyHashBits)
        let asked = time.map { min(max($0, window), 1 << 32) }
        let keys = asked.map { ($0 - window) << shift...($0 + window + 1) << shift } ?? 0...Int64.max
        return try RawCursor.first(
            db,
            """
            SELECT e.eventID, e.eventTime, e.key FROM denialRow d JOIN eventRow e ON e.key = d.key
            WHERE d.groupID = ? AND d.key BETWEEN ? AND ? ORDER BY abs(d.key - ?) LIMIT 1
            """, [group, keys.lowerBound, keys.upperBound, asked.map { $0 << shift } ?? Int64.max]
        ) { (try $0.text(0), try $0.text(1), try $0.key(2)) }
    }

    /// Whether two ARNs are one principal: a session's message does not tell the path of its role.
    static func isSamePrincipal(_ principal: String, _ other: String) -> Bool {
        if principal == other { return true }
        func role(_ arn: String) -> (account: Substring, name: Substring)? {
            let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
            guard parts.count == 6, parts[5].hasPrefix("role/"), let name = parts[5].split(separator: "/").last else {
                return nil
            }
            return (parts[4], name)
        }
        guard let first = role(principal), let second = role(other) else { return false }
        return first == second
    }

    private func match(requestID: String) throws -> ErrorMatch? {
        try mapErrors {
            try queue.read { db in
                func found(_ sql: String) throws -> ErrorMatch? {
                    try RawCursor.first(db, sql, [requestID]) {
                        ErrorMatch(
                            key: .requestID, eventID: try $0.text(0), eventTime: try $0.text(1),
                            groupID: try $0.optionalText(2))
                    }
                }
                let denial = try found(
                    """
                    SELECT e.eventID, e.eventTime, g.publicID FROM denialRow d JOIN eventRow e ON e.key = d.key
                        LEFT JOIN denialGroupRow g ON g.id = d.groupID
                    WHERE e.requestID = ? LIMIT 1
                    """)
                return try denial ?? found("SELECT eventID, eventTime, NULL FROM eventRow WHERE requestID = ? LIMIT 1")
            }
        }
    }
}
