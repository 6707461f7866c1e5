import GRDB
import OrderedJSON
public import PolicyTimeline

extension ChangeRecord {
    /// The issue of a session, as the store tells it.
    ///
    /// The store keeps no external id: it bears on the call that issued the session alone.
    public init(_ issue: SessionIssue, accessKeyId: String, account: String = "") {
        let isOfRolesAnywhere = issue.profileARN != nil
        self.init(
            eventID: issue.eventID, eventTime: issue.issuedAt,
            eventSource: isOfRolesAnywhere ? "rolesanywhere.amazonaws.com" : "sts.amazonaws.com",
            eventName: issue.eventName, actor: issue.issuedTo ?? "", account: account)
        accessKey = issue.issuedWith ?? ""
        var asked: [JSONValue.Member] = []
        if let profile = issue.profileARN { asked.append(.init("profileArn", .string(profile))) }
        if let role = issue.roleARN { asked.append(.init("roleArn", .string(role))) }
        if let policy = issue.policy { asked.append(.init("policy", .string(policy))) }
        if let identity = issue.sourceIdentity { asked.append(.init("sourceIdentity", .string(identity))) }
        asked.append(.init("policyArns", .array(issue.policyARNs.map { .members(("arn", .string($0))) })))
        asked.append(
            .init(
                "tags",
                .array(
                    issue.tags.map { .members(("key", .string($0.key)), ("value", .string($0.value))) })))
        asked.append(
            .init("transitiveTagKeys", .array(issue.tags.filter(\.isTransitive).map { .string($0.key) })))
        request = .object(asked)
        let credentials = JSONValue.members(("credentials", .members(("accessKeyId", .string(accessKeyId)))))
        response = isOfRolesAnywhere ? .members(("credentialSet", .array([credentials]))) : credentials
    }
}

extension TrailDatabase {
    /// The timeline of some holders and of all that their changes lead to, with what exports tell.
    public func policyTimeline(of holders: some Sequence<Holder>, snapshots: [Snapshot] = []) throws -> PolicyTimeline {
        var holders = Set(holders)
        let keys = holders.filter { $0.kind == .session }.map(\.name)
        let sessions = try sessions(of: keys)
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

    /// How many sessions before one are looked for; each takes a walk over all.
    private static let chainLimit = 16

    /// What issued the sessions of these access keys, and those with which they were asked for.
    private func sessions(of keys: [String]) throws -> [ChangeRecord] {
        var records: [ChangeRecord] = []
        var asked: Set<String> = []
        var keys = Set(keys)
        for _ in 0...Self.chainLimit where !keys.isEmpty {
            asked.formUnion(keys)
            let found = try issues(of: keys)
            records += found
            keys = Set(found.map(\.accessKey).filter(SessionIssue.isTemporary)).subtracting(asked)
        }
        return records
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
