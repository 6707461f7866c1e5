import GRDB
import OrderedJSON
public import PolicyTimeline

extension ChangeRecord {
    /// The issue of a session, as the store tells it.
    ///
    /// The store keeps no external id and no transitive tags: they bear on the call that issued the session alone.
    public init(_ issue: SessionIssue, accessKeyId: String, account: String = "") {
        self.init(
            eventID: issue.eventID, eventTime: issue.issuedAt, eventSource: "sts.amazonaws.com",
            eventName: issue.eventName, actor: issue.issuedTo ?? "", account: account)
        var asked: [JSONValue.Member] = []
        if let role = issue.roleARN { asked.append(.init("roleArn", .string(role))) }
        if let policy = issue.policy { asked.append(.init("policy", .string(policy))) }
        if let identity = issue.sourceIdentity { asked.append(.init("sourceIdentity", .string(identity))) }
        asked.append(.init("policyArns", .array(issue.policyARNs.map { .members(("arn", .string($0))) })))
        asked.append(
            .init(
                "tags",
                .array(
                    issue.tags.map { tag in
                        let parts = tag.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                        return .members(
                            ("key", .string(String(parts[0]))),
                            ("value", .string(parts.count > 1 ? String(parts[1]) : "")))
                    })))
        request = .object(asked)
        response = .members(("credentials", .members(("accessKeyId", .string(accessKeyId)))))
    }
}

extension TrailDatabase {
    /// The timeline of some holders and of all that their changes lead to, with what exports tell.
    public func policyTimeline(of holders: some Sequence<Holder>, snapshots: [Snapshot] = []) throws -> PolicyTimeline {
        var holders = Set(holders)
        let keys = holders.filter { $0.kind == .session }.map(\.name)
        let sessions = keys.isEmpty ? [] : try issues(of: Set(keys))
        // What an export shows to be attached is looked for, too, and whose session it is.
        let known = PolicyTimeline(sessions, snapshots: snapshots)
        holders.formUnion(known.reach(of: holders))
        let names = Set(holders.flatMap(\.lookUpNames))
        let changes = try permissionChanges(named: names) { ChangeRecord($0).furtherNames }
        return PolicyTimeline(sessions + changes.map { ChangeRecord($0) }, snapshots: snapshots)
    }

    /// The access key of the last session of an ARN that was issued up to a time; `nil` where the database holds no such issue.
    public func sessionKey(ofARN arn: String, at time: String) throws -> String? {
        try mapErrors {
            try queue.read { db in
                let end = EventKey.least(at: (Timestamp.seconds(time) ?? Timestamp.range.upperBound) + 1)
                return try RawCursor.first(
                    db,
                    """
                    SELECT accessKeyId FROM sessionRow
                    WHERE key < ? AND accessKeyId IN (SELECT accessKeyId FROM identity WHERE arn = ?) ORDER BY key DESC LIMIT 1
                    """, [end, arn]
                ) { try $0.text(0) }
            }
        }
    }

    /// What issued the sessions of these access keys.
    private func issues(of keys: Set<String>) throws -> [ChangeRecord] {
        try mapErrors {
            try queue.read { db in
                var records: [ChangeRecord] = []
                try RawCursor.forEach(
                    db,
                    """
                    SELECT \(SessionIssue.columns) FROM session
                    WHERE accessKeyId IN (SELECT value FROM json_each(?)) ORDER BY eventKey
                    """, [try JSONList.text(keys.sorted())]
                ) { row in
                    guard let key = try row.optionalText(0), let issue = try SessionIssue(row) else { return }
                    records.append(ChangeRecord(issue, accessKeyId: key))
                }
                return records
            }
        }
    }
}
