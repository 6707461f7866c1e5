import GRDB

/// Which calls are looked for.
public struct CallSelection: Sendable {
    /// Seconds since 1970, both inclusive; `nil` leaves that end open.
    public var from: Int64?
    /// The end of the span.
    public var to: Int64?
    /// Whose calls, by the ARN that they are grouped by; `nil` for everybody's.
    public var principal: String?
    /// Of which service's actions, by its prefix such as `s3`; `nil` for every service.
    public var service: String?
    /// By what calls of one principal, action, Region and account are told apart.
    public var traits = Set(Trait.allCases)

    /// Something in which calls may differ.
    public enum Trait: Sendable, CaseIterable {
        case address, endpoint, factor, target
    }

    /// All calls.
    public init() {}
}

/// Calls that look the same by the database's columns: by whom, for what, where, and in the traits of the selection.
public struct DistinctCall: Sendable {
    /// What AWS refused, where it did.
    public struct Refusal: Sendable {
        /// The id of the denial group.
        public var groupID: String
        /// The reason's slug.
        public var reason: String
        /// The resource that AWS named; `nil` where it named none.
        public var resource: String?
    }

    /// Who called; a role for all of its sessions.
    public var principal: String
    /// The IAM action.
    public var action: String
    /// The Region of the calls; empty where none was recorded.
    public var region: String
    /// The account that recorded them.
    public var account: String
    /// How many they are.
    public var calls: Int
    /// ISO 8601 UTC text.
    public var lastSeen: String
    /// What AWS refused; `nil` where the calls succeeded.
    public var refusal: Refusal?
    /// Whether an AWS service called on its own behalf.
    public var isByService: Bool
    /// The latest of them.
    let key: Int64
}

/// The distinct calls of a database, the most frequent first.
public struct DistinctCalls: Sendable {
    /// The calls that are told apart.
    public var calls: [DistinctCall] = []
    /// How many calls none of them stands for, since there are too many kinds.
    public var further = 0
}

extension TrailDatabase {
    /// How many kinds of calls are told apart, of those that succeeded and of those that were refused.
    public static let maximumKindsOfCalls = 50_000

    /// The calls that succeeded, and those that were refused, a row for those that look the same.
    public func distinctCalls(_ selection: CallSelection) throws -> DistinctCalls {
        try mapErrors { try queue.read { try CallQuery.calls(selection, $0) } }
    }

    /// What is known of the requests of some calls: their records, as far as the database keeps them or the log files are there.
    ///
    /// - Parameter fileLimit: how many log files are read at most; of the other calls the database's columns tell.
    public func requests(of calls: [DistinctCall], fileLimit: Int) throws -> [RecordedRequest?] {
        try mapErrors {
            try queue.read { db in
                var query = RequestQuery(fileLimit: fileLimit)
                return try calls.map { call in
                    var request = try query.request(call.key, readsLogFiles: true, db)
                    request?.calls = call.calls
                    request?.resource = call.refusal?.resource
                    return request
                }
            }
        }
    }
}

private enum CallQuery {
    private static func succeeded(_ traits: Set<CallSelection.Trait>) -> String {
        let further = columns(traits, [.factor: "i.mfaAuthenticated", .target: "e.targetID"], of: "e")
        return """
            SELECT coalesce(principal.value, ''), coalesce(o.action, ''), coalesce(region.value, ''),
                coalesce(account.value, ''), count(*), max(e.key), i.type = 'AWSService', NULL, NULL, NULL
            FROM eventRow e
                JOIN identity i ON i.id = e.identityID
                JOIN operation o ON o.id = e.operationID
                LEFT JOIN text principal ON principal.id = i.foldedPrincipalID
                LEFT JOIN text region ON region.id = e.regionID
                LEFT JOIN text account ON account.id = e.accountID
            WHERE e.errorCodeID IS NULL AND e.key >= ?1 AND e.key < ?2 AND (?3 IS NULL OR principal.value = ?3)
                AND (?4 IS NULL OR substr(o.action, 1, length(?4) + 1) = ?4 || ':')
                AND NOT EXISTS (SELECT 1 FROM denialRow d WHERE d.key = e.key)
            GROUP BY i.foldedPrincipalID, i.type, o.action, e.regionID, e.accountID\(further)
            ORDER BY count(*) DESC, max(e.key) DESC
            """
    }

    private static func refused(_ traits: Set<CallSelection.Trait>) -> String {
        let further = columns(traits, [.target: "d.resourceID, d.inferredResourceID"], of: "d")
        return """
            SELECT g.principal, g.action, coalesce(region.value, ''), coalesce(account.value, ''), count(*), max(d.key),
                i.type = 'AWSService', g.publicID, g.reason, coalesce(resource.value, inferred.value)
            FROM denialRow d
                JOIN denialGroupRow g ON g.id = d.groupID
                LEFT JOIN identity i ON i.id = d.identityID
                LEFT JOIN text region ON region.id = d.regionID
                LEFT JOIN text account ON account.id = d.accountID
                LEFT JOIN text resource ON resource.id = d.resourceID
                LEFT JOIN text inferred ON inferred.id = d.inferredResourceID
            WHERE d.isCopy = 0 AND g.category = 'authorization' AND d.key >= ?1 AND d.key < ?2
                AND (?3 IS NULL OR g.principal = ?3) AND (?4 IS NULL OR substr(g.action, 1, length(?4) + 1) = ?4 || ':')
            GROUP BY d.groupID, d.regionID, d.accountID\(further)
            ORDER BY count(*) DESC, max(d.key) DESC
            """
    }

    /// The columns of some traits, each behind a comma.
    private static func columns(
        _ traits: Set<CallSelection.Trait>, _ own: [CallSelection.Trait: String], of table: String
    ) -> String {
        let columns = own.merging([
            .address: "\(table).sourceIPAddressID", .endpoint: "\(table).vpcEndpointID",
        ]) { first, _ in first }
        return CallSelection.Trait.allCases.filter(traits.contains).compactMap { columns[$0] }.map { ", \($0)" }
            .joined()
    }

    static func calls(_ selection: CallSelection, _ db: Database) throws -> DistinctCalls {
        var found = DistinctCalls()
        let end = selection.to.map { $0 == .max ? $0 : $0 + 1 }
        let keys = EventKey.range(from: selection.from, before: end)
        for sql in [succeeded(selection.traits), refused(selection.traits)] {
            var kinds = 0
            try RawCursor.forEach(
                db, sql, [keys.lowerBound, keys.upperBound, selection.principal, selection.service]
            ) { row in
                let count = try row.count(4)
                kinds += 1
                guard kinds <= TrailDatabase.maximumKindsOfCalls else {
                    found.further += count
                    return
                }
                let key = try row.key(5)
                found.calls.append(
                    DistinctCall(
                        principal: try row.text(0), action: try row.text(1), region: try row.text(2),
                        account: try row.text(3), calls: count, lastSeen: Timestamp.text(EventKey.time(of: key)),
                        refusal: try row.optionalText(7).map {
                            DistinctCall.Refusal(
                                groupID: $0, reason: try row.text(8), resource: try row.optionalText(9))
                        }, isByService: try row.optionalBool(6) ?? false, key: key))
            }
        }
        return found
    }
}
