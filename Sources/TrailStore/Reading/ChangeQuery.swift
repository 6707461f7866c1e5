import GRDB
import PolicyTimeline

/// Which permission changes a report needs: what to look for, told by whoever makes sense of them.
public struct ChangeSelection: Sendable {
    /// The names of the changes that can concern a group (`PermissionChangeTarget.names`).
    public var names: @Sendable (DenialGroup) -> Set<String>
    /// The names of further changes that a change leads to, such as those of a group of users.
    public var furtherNames: @Sendable (PermissionChange) -> Set<String>
    /// The names of those that concern what a group's requests were on, where its denials name nothing.
    public var requestedNames: @Sendable (DenialGroup) -> Set<String>

    /// A selection by its functions.
    public init(
        names: @escaping @Sendable (DenialGroup) -> Set<String>,
        furtherNames: @escaping @Sendable (PermissionChange) -> Set<String>,
        requestedNames: @escaping @Sendable (DenialGroup) -> Set<String> = { _ in [] }
    ) {
        self.names = names
        self.furtherNames = furtherNames
        self.requestedNames = requestedNames
    }
}

/// Events that can change permissions.
struct ChangeQuery: Sendable {
    private let furtherNames: @Sendable (PermissionChange) -> Set<String>
    private let names: Set<String>
    private let operations: [Int64: UsageScan.Operation]

    /// A query for those that concern the groups.
    init(of groups: [DenialGroup], _ selection: ChangeSelection, _ operations: [Int64: UsageScan.Operation]) {
        furtherNames = selection.furtherNames
        names = Set(groups.parallelParts { Array(Set($0.flatMap(selection.names))) })
        self.operations = operations
    }

    /// A query for those of the names, and of what they lead to.
    init(
        named names: Set<String>, furtherNames: @escaping @Sendable (PermissionChange) -> Set<String>,
        _ operations: [Int64: UsageScan.Operation]
    ) {
        self.names = names
        self.furtherNames = furtherNames
        self.operations = operations
    }

    /// The changes, in order of time.
    func changes(_ texts: TextReader, _ db: Database) throws -> [PermissionChange] {
        var changes: [(key: Int64, change: PermissionChange)] = []
        var known: Set<Int64> = []
        var asked: Set<String> = []
        var names = names
        while !names.isEmpty {
            asked.formUnion(names)
            var keys: [Int64] = []
            func add(_ row: RawRow) throws {
                let key = try row.key(0)
                if known.insert(key).inserted { keys.append(key) }
            }
            let sorted = names.sorted()
            let bounded = sorted.filter { $0.hasPrefix(PermissionChangeTarget.managedPolicyPrefix) }
            for name in bounded {
                try RawCursor.forEach(
                    db, "SELECT key FROM changeName WHERE name = ? ORDER BY key LIMIT ?",
                    [name, PermissionChangeTarget.managedPolicyLimit + 1], add)
            }
            let others = bounded.isEmpty ? sorted : names.subtracting(bounded).sorted()
            try RawCursor.forEach(
                db, "SELECT key FROM changeName WHERE name IN (SELECT value FROM json_each(?))",
                [JSONList.text(others)], add)
            var further: Set<String> = []
            try Self.forEachChange(keys.sorted(), operations, texts, db) { key, change in
                changes.append((key, change))
                further.formUnion(furtherNames(change))
            }
            names = further.subtracting(asked)
        }
        return changes.sorted { $0.key < $1.key }.map(\.change)
    }

    /// The changes that are the events of these keys, in order of time.
    static func changes(withKeys keys: Set<Int64>, _ texts: TextReader, _ db: Database) throws -> [PermissionChange] {
        guard !keys.isEmpty else { return [] }
        var changes: [PermissionChange] = []
        try forEachChange(keys.sorted(), UsageScan.operations(db), texts, db) { changes.append($1) }
        return changes
    }

    /// Reads changes by their events' keys: what the view `permissionChange` tells, without joining what repeats.
    private static func forEachChange(
        _ keys: [Int64], _ operations: [Int64: UsageScan.Operation], _ texts: TextReader, _ db: Database,
        _ body: (Int64, PermissionChange) -> Void
    ) throws {
        try RawCursor.forEach(
            db,
            """
            SELECT c.key, e.eventID, e.eventTime, e.operationID, i.foldedPrincipalID, c.targetType, c.target, c.policyARN, c.policyName,
                e.accountID, e.regionID, r.json, i.type, i.arn, i.userName, i.sourceIdentity, i.federatedProvider, i.invokedBy,
                e.sourceIPAddressID, e.userAgentID
            FROM json_each(?) k
                CROSS JOIN permissionChangeRow c ON c.key = k.value
                CROSS JOIN eventRow e ON e.key = c.key
                LEFT JOIN identity i ON i.id = e.identityID
                LEFT JOIN record r ON r.key = c.key
            """, [JSONList.text(keys)]
        ) { row in
            let operation = operations[try row[3]]
            var change = PermissionChange(
                eventID: try row.text(1), eventTime: try row.text(2), eventSource: operation?.eventSource ?? "",
                eventName: operation?.eventName ?? "",
                actor: try texts.text(row[4]) ?? "", targetType: try row.optionalText(5),
                target: try row.optionalText(6), policyARN: try row.optionalText(7),
                accountId: try texts.text(row[9]), awsRegion: try texts.text(row[10]))
            change.policyName = try row.optionalText(8)
            change.key = try row.key(0)
            var caller = ChangeCaller()
            caller.identityType = try row.optionalText(12)
            caller.arn = try row.optionalText(13)
            caller.userName = try row.optionalText(14)
            caller.sourceIdentity = try row.optionalText(15)
            caller.federatedProvider = try row.optionalText(16)
            caller.invokedBy = try row.optionalText(17)
            caller.sourceIPAddress = try texts.text(row[18])
            caller.userAgent = try texts.text(row[19])
            change.caller = caller
            unsafe row.withBytes(11) { unsafe change.takeParts(of: $0) }
            body(change.key, change)
        }
    }
}

extension TrailDatabase {
    /// The permission changes of these names (`PermissionChangeTarget.names`) and of what they lead to, in order of time.
    public func permissionChanges(
        named names: Set<String>, furtherNames: @escaping @Sendable (PermissionChange) -> Set<String>
    ) throws -> [PermissionChange] {
        try mapErrors {
            try queue.read { db in
                let query = ChangeQuery(named: names, furtherNames: furtherNames, try UsageScan.operations(db))
                return try query.changes(TextReader(db), db)
            }
        }
    }
}
