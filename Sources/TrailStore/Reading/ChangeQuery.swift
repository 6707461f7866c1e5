import GRDB

/// Which permission changes a report needs: what to look for, told by whoever makes sense of them.
public struct ChangeSelection: Sendable {
    /// The names of the changes that can concern a group (`PermissionChangeTarget.names`).
    public var names: @Sendable (DenialGroup) -> Set<String>
    /// The names of further changes that a change leads to, such as those of a group of users.
    public var furtherNames: @Sendable (PermissionChange) -> Set<String>

    /// A selection by two functions.
    public init(
        names: @escaping @Sendable (DenialGroup) -> Set<String>,
        furtherNames: @escaping @Sendable (PermissionChange) -> Set<String>
    ) {
        self.names = names
        self.furtherNames = furtherNames
    }
}

/// Events that can change permissions.
enum ChangeQuery {
    /// Those that concern the groups, in order of time.
    static func changes(
        of groups: [DenialGroup], _ selection: ChangeSelection, _ usage: UsageScan, _ texts: TextReader, _ db: Database
    ) throws -> [PermissionChange] {
        let keysOfName = try db.cachedStatement(sql: "SELECT key FROM changeName WHERE name = ?")
        // The view's columns without its joins: texts and operations repeat.
        let select = try db.cachedStatement(
            sql: """
                SELECT e.eventID, e.eventTime, e.operationID, i.foldedPrincipalID, c.targetType, c.target, c.policyARN, c.policyName,
                    e.accountID, e.regionID, r.json
                FROM permissionChangeRow c
                    JOIN eventRow e ON e.key = c.key
                    LEFT JOIN identity i ON i.id = e.identityID
                    LEFT JOIN record r ON r.key = c.key
                WHERE c.key = ?
                """)
        var changes: [Int64: PermissionChange] = [:]
        var asked: Set<String> = []
        var names = groups.reduce(into: Set<String>()) { $0.formUnion(selection.names($1)) }
        while !names.isEmpty {
            asked.formUnion(names)
            var further: Set<String> = []
            for name in names {
                for key in try Int64.fetchAll(keysOfName, arguments: [name]) where changes[key] == nil {
                    guard let row = try Row.fetchOne(select, arguments: [key]) else { continue }
                    let operation = usage.operations[row[2] ?? 0]
                    var change = PermissionChange(
                        eventID: row[0], eventTime: row[1] ?? "", eventSource: operation?.eventSource ?? "",
                        eventName: operation?.eventName ?? "", actor: try texts.text(row[3] ?? 0) ?? "",
                        targetType: row[4], target: row[5], policyARN: row[6], accountId: try texts.text(row[8] ?? 0),
                        awsRegion: try texts.text(row[9] ?? 0), record: row[10])
                    change.policyName = row[7]
                    changes[key] = change
                    further.formUnion(selection.furtherNames(change))
                }
            }
            names = further.subtracting(asked)
        }
        return changes.sorted { $0.key < $1.key }.map(\.value)
    }
}
