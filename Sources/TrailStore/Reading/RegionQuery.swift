import AccessDenial
import GRDB

/// A success of a group's principal and action in a Region in which the group was never answered.
public struct RegionSuccess: Sendable, Hashable {
    /// CloudTrail's `eventID`.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var eventTime: String
    /// CloudTrail's `eventName`.
    public var eventName: String
    /// The Region that recorded it.
    public var awsRegion: String
    /// Whether it was on what bears the name of something refused; `nil` where the records do not tell.
    public var isOnSameName: Bool?

    /// One success.
    public init(
        eventID: String, eventTime: String, eventName: String, awsRegion: String, isOnSameName: Bool? = nil
    ) {
        self.eventID = eventID
        self.eventTime = eventTime
        self.eventName = eventName
        self.awsRegion = awsRegion
        self.isOnSameName = isOnSameName
    }
}

/// Finds the first and the last success in each Region in which a group's calls work, where they do not work in its own: by the
/// times that the roll-up `usage` keeps, so that no event need be searched.
enum RegionQuery {
    private struct Call: Hashable {
        var principal: String
        var action: String
    }

    /// How many Regions of a group are looked into.
    private static let regionLimit = 4

    static func complete(_ groups: inout [DenialGroup], _ usage: [Usage], _ texts: TextReader, _ db: Database) throws {
        let calls = Set(
            groups.filter { $0.category == .authorization }
                .map { Call(principal: $0.principal, action: $0.successAction) })
        guard !calls.isEmpty else { return }
        var rows: [Call: [Usage]] = [:]
        for row in usage where row.successes > 0 {
            let call = Call(principal: row.principal, action: row.action)
            if calls.contains(call) { rows[call, default: []].append(row) }
        }
        for index in groups.indices where groups[index].category == .authorization {
            let group = groups[index]
            let own = rows[Call(principal: group.principal, action: group.successAction)] ?? []
            let here = Set(group.regions.map(\.value))
            guard !own.isEmpty, own.allSatisfy({ !here.contains($0.awsRegion) }) else { continue }
            let refused = Set(
                try group.places.compactMap { try texts.text($0.target) }.filter { !$0.isEmpty }.map(lastPart))
            var found: [RegionSuccess] = []
            let accounts = Set(group.accounts.map(\.value))
            let near = own.filter { accounts.isEmpty || accounts.contains($0.accountId) }
            for row in near.sorted(by: { ($0.awsRegion, $0.eventName) < ($1.awsRegion, $1.eventName) })
                .prefix(regionLimit)
            {
                for time in Set([row.firstSuccess, row.lastSuccess].compactMap(\.self)).sorted() {
                    if let success = try success(row, at: time, refused, texts, db) { found.append(success) }
                }
            }
            groups[index].successesInOtherRegions = found.isEmpty ? nil : found
        }
    }

    private static func success(
        _ row: Usage, at time: String, _ refused: Set<String>, _ texts: TextReader, _ db: Database
    ) throws -> RegionSuccess? {
        guard let second = Timestamp.seconds(time) else { return nil }
        return try RawCursor.first(
            db,
            """
            SELECT e.eventID, e.eventTime, e.targetID
            FROM eventRow e
                JOIN operation o ON o.id = e.operationID
                JOIN identity i ON i.id = e.identityID
                JOIN text principal ON principal.id = i.foldedPrincipalID
                JOIN text region ON region.id = e.regionID
            WHERE e.key >= ? AND e.key < ? AND e.errorCodeID IS NULL AND e.errorMessage IS NULL
                AND o.eventSource = ? AND o.eventName = ? AND principal.value = ? AND region.value = ?
            ORDER BY e.key LIMIT 1
            """,
            [
                EventKey.least(at: second), EventKey.least(at: second + 1), row.eventSource, row.eventName,
                row.principal, row.awsRegion,
            ]
        ) { event in
            var success = RegionSuccess(
                eventID: try event.text(0), eventTime: try event.optionalText(1) ?? time, eventName: row.eventName,
                awsRegion: row.awsRegion)
            if !refused.isEmpty, let target = try texts.text(event[2]), !target.isEmpty {
                success.isOnSameName = refused.contains(lastPart(target))
            }
            return success
        }
    }

    /// The name in an ARN, which differs from Region to Region; any other text as it is.
    private static func lastPart(_ text: String) -> String {
        guard text.hasPrefix("arn:"), let last = text.lastIndex(where: { $0 == ":" || $0 == "/" }) else { return text }
        return String(text[text.index(after: last)...])
    }
}
