import AccessDenial
import GRDB
import IAMPolicy
import OrderedJSON

/// One identity behind a group's denials: the session that called, and how it began where the trail shows that.
public struct DenialSession: Sendable, Hashable {
    /// `userIdentity.arn` as the records have it: for a role, that of the session.
    public var arn: String?
    /// The access key that the calls were signed with; `ASIA…` for temporary credentials.
    public var accessKeyId: String?
    /// When the session began, by the records of its calls: ISO 8601 UTC text.
    public var startedAt: String?
    /// `sourceIdentity` as the records have it.
    public var sourceIdentity: String?
    /// The function or task that the credentials were made for (`inScopeOf.sourceArn`).
    public var issuingResource: String?
    /// Denials of the group by this identity, and the times of the first and the last one.
    public var denials: Int
    /// ISO 8601 UTC text.
    public var firstDenial: String
    /// ISO 8601 UTC text.
    public var lastDenial: String
    /// The event that issued the credentials; `nil` where the database does not hold it.
    public var issue: SessionIssue?

    /// An identity with its denials.
    public init(
        arn: String? = nil, accessKeyId: String? = nil, startedAt: String? = nil, sourceIdentity: String? = nil,
        issuingResource: String? = nil, denials: Int, firstDenial: String, lastDenial: String,
        issue: SessionIssue? = nil
    ) {
        self.arn = arn
        self.accessKeyId = accessKeyId
        self.startedAt = startedAt
        self.sourceIdentity = sourceIdentity
        self.issuingResource = issuingResource
        self.denials = denials
        self.firstDenial = firstDenial
        self.lastDenial = lastDenial
        self.issue = issue
    }
}

/// The event that issued temporary credentials: a row of the view `session`.
public struct SessionIssue: Sendable, Hashable {
    /// The access key of the session: what its calls are signed with.
    public var accessKeyId: String
    /// CloudTrail's id of the event.
    public var eventID: String
    /// ISO 8601 UTC text.
    public var issuedAt: String
    /// `AssumeRole`, `GetFederationToken`, …
    public var eventName: String
    /// The principal that asked for the credentials.
    public var issuedTo: String?
    /// The role that was assumed.
    public var roleARN: String?
    /// ISO 8601 UTC text; `nil` where the record does not give it in a form that is known.
    public var expiration: String?
    /// The session policy that the caller passed: JSON text.
    public var policy: String?
    /// Managed policies passed as session policies.
    public var policyARNs: [String] = []
    /// The session tags that were passed.
    public var tags: [Tag] = []
    /// The source identity that was set.
    public var sourceIdentity: String?
    /// The access key with which the credentials were asked for: of a chain of roles the session before.
    public var issuedWith: String?
    /// The profile of IAM Roles Anywhere whose policies limit the session; `nil` for every other session.
    public var profileARN: String?

    /// One session tag.
    public struct Tag: Sendable, Hashable, CustomStringConvertible {
        /// As it was passed.
        public var key: String
        /// As it was passed.
        public var value: String
        /// Whether sessions that this one opens have the tag, too.
        public var isTransitive: Bool

        /// One session tag.
        public init(key: String, value: String, isTransitive: Bool = false) {
            self.key = key
            self.value = value
            self.isTransitive = isTransitive
        }

        /// `key=value`.
        public var description: String { "\(key)=\(value)" }
    }

    /// The sessions behind ``issuedWith``, the one before this first, as far as the database tells them.
    public var chain: [SessionIssue] = []

    /// One issue of credentials.
    public init(eventID: String, issuedAt: String, eventName: String, accessKeyId: String = "") {
        self.accessKeyId = accessKeyId
        self.eventID = eventID
        self.issuedAt = issuedAt
        self.eventName = eventName
    }
}

/// The denials of a group by one identity.
struct IdentitySpan {
    var denials = 0
    /// Seconds since 1970.
    var first: Int64
    var last: Int64

    init(first: Int64) {
        self.first = first
        last = first
    }

    /// Counts a denial at that time; they come in order.
    mutating func add(_ time: Int64) {
        denials += 1
        last = time
    }
}

/// Finds the sessions behind denials.
final class SessionQuery {
    /// How many sessions of a group are told, the latest first.
    static let limit = 10

    private let db: Database
    /// Where the sessions stand, for groups that are read in parts; otherwise they are looked for between the times of use.
    private lazy var places = Result { try SessionPlaces(db) }
    private let isInParts: Bool
    /// The keys of sessions with session tags by their roles, in order.
    private lazy var tagged = Result {
        var keysOfRole: [Int64: [Int64]] = [:]
        try RawCursor.forEach(db, "SELECT key, roleID FROM sessionRow WHERE tags IS NOT NULL ORDER BY key") { row in
            keysOfRole[try row[1], default: []].append(try row.key(0))
        }
        return keysOfRole
    }

    /// A query.
    ///
    /// - Parameter isInParts: whether it will be asked many times.
    init(_ db: Database, inParts isInParts: Bool = false) {
        self.db = db
        self.isInParts = isInParts
    }

    /// Adds the sessions to the groups of these indices.
    ///
    /// - Parameter denials: by the group's id its identities with their denials, of a report's window those of that window.
    func complete(
        _ groups: inout [DenialGroup], at indices: [Int], _ denials: [String: [Int64: IdentitySpan]]
    ) throws {
        for index in indices {
            let identities = denials[groups[index].id] ?? [:]
            let latest = identities.sorted { ($1.value.last, $0.key) < ($0.value.last, $1.key) }
                .prefix(Self.limit * 3)
            var sessions: [DenialSession] = []
            for (identity, span) in latest {
                guard let session = try Self.session(identity, db) else { continue }
                var known = session
                known.denials = span.denials
                known.firstDenial = Timestamp.text(span.first)
                known.lastDenial = Timestamp.text(span.last)
                // One session may have been stored as several identities.
                if let same = sessions.firstIndex(where: { $0.isSameSession(as: known) }) {
                    sessions[same].denials += known.denials
                    sessions[same].firstDenial = min(sessions[same].firstDenial, known.firstDenial)
                    sessions[same].lastDenial = max(sessions[same].lastDenial, known.lastDenial)
                } else {
                    sessions.append(known)
                }
            }
            sessions.sort {
                ($1.lastDenial, $0.accessKeyId ?? "", $0.arn ?? "") < (
                    $0.lastDenial, $1.accessKeyId ?? "", $1.arn ?? ""
                )
            }
            groups[index].sessions = Array(sessions.prefix(Self.limit))
            groups[index].sessionCount = identities.count
        }
        try addIssues(to: &groups, at: indices)
    }

    private static func session(_ identity: Int64, _ db: Database) throws -> DenialSession? {
        try RawCursor.first(
            db,
            """
            SELECT arn, accessKeyId, sessionCreationDate, sourceIdentity, inScopeOfSourceArn FROM identity WHERE id = ?
            """, [identity]
        ) { row in
            DenialSession(
                arn: try row.optionalText(0), accessKeyId: try row.optionalText(1), startedAt: try row.optionalText(2),
                sourceIdentity: try row.optionalText(3), issuingResource: try row.optionalText(4), denials: 0,
                firstDenial: "", lastDenial: "")
        }
    }

    /// No temporary credentials live longer.
    /// Source: "Compare AWS STS credentials" in the AWS IAM user guide.
    private static let longestLife: Int64 = 36 * 3600

    /// Tells how the sessions began, where the trail shows that: one walk over what was issued before they were used.
    private func addIssues(to groups: inout [DenialGroup], at indices: some Sequence<Int>) throws {
        var keys: Set<String> = []
        var first = Int64.max
        var last = Int64.min
        for index in indices {
            for session in groups[index].sessions {
                guard let key = session.accessKeyId else { continue }
                keys.insert(key)
                first = min(first, Timestamp.seconds(session.firstDenial) ?? 0)
                last = max(last, Timestamp.seconds(session.lastDenial) ?? 0)
            }
        }
        guard !keys.isEmpty else { return }
        // An event may have been delivered to two accounts: the first tells.
        var issues: [String: SessionIssue] = [:]
        for _ in 0...Self.chainLimit where !keys.isEmpty {
            first = max(first - Self.longestLife, 0)
            try forEachSession(keys, EventKey.least(at: first)..<EventKey.least(at: last + 1)) { row in
                guard let key = try row.optionalText(0), issues[key] == nil else { return }
                issues[key] = try SessionIssue(row)
            }
            // Whoever opened these may have passed tags on.
            keys = Set(issues.values.compactMap(\.issuedWith).filter(SessionIssue.isTemporary)).subtracting(issues.keys)
        }
        for index in indices {
            for position in groups[index].sessions.indices {
                guard let key = groups[index].sessions[position].accessKeyId, var issue = issues[key] else { continue }
                var known: Set<String> = [key]
                var opener = issue.issuedWith
                while let key = opener, known.insert(key).inserted, let before = issues[key],
                    known.count <= Self.chainLimit + 1
                {
                    issue.chain.append(before)
                    opener = before.issuedWith
                }
                groups[index].sessions[position].issue = issue
            }
        }
    }

    /// The sessions with these access keys that were issued by events of these keys, in order.
    private func forEachSession(_ keys: Set<String>, _ range: Range<Int64>, _ body: (RawRow) throws -> Void) throws {
        let select = "SELECT \(SessionIssue.columns) FROM session"
        if isInParts {
            let places = try places.get().places(of: keys).filter(range.contains)
            try RawCursor.forEach(
                db,
                """
                \(select) WHERE eventKey IN (SELECT value FROM json_each(?))
                    AND accessKeyId IN (SELECT value FROM json_each(?)) ORDER BY eventKey
                """, [JSONList.text(places), JSONList.text(keys.sorted())], body)
        } else {
            try RawCursor.forEach(
                db,
                """
                \(select)
                WHERE eventKey >= ? AND eventKey < ? AND accessKeyId IN (SELECT value FROM json_each(?)) ORDER BY eventKey
                """, [range.lowerBound, range.upperBound, JSONList.text(keys.sorted())], body)
        }
    }

    /// How many sessions before the one that called are looked for.
    private static let chainLimit = 2
}

/// Where sessions stand, by a hash of their access keys: the table has no index for them.
private struct SessionPlaces {
    /// In order of the hashes.
    private var places: [(hash: Int, key: Int64)] = []

    init(_ db: Database) throws {
        try RawCursor.forEach(db, "SELECT key, accessKeyId FROM sessionRow") { row in
            places.append((try row.text(1).hashValue, try row.key(0)))
        }
        places.sort { $0.hash < $1.hash }
    }

    /// The keys of the sessions with these access keys, and maybe of some others, in order.
    func places(of accessKeys: Set<String>) -> [Int64] {
        var found: [Int64] = []
        for accessKey in accessKeys {
            let hash = accessKey.hashValue
            let start = places.partitioningIndex { $0.hash >= hash }
            found += places[start...].prefix { $0.hash == hash }.map(\.key)
        }
        return found.sorted()
    }
}

extension SessionIssue {
    /// The columns of the view `session` that ``init(_:)`` reads.
    static let columns =
        "accessKeyId, eventID, issuedAt, expiration, eventName, issuedTo, roleArn, sourceIdentity, policy, policyARNs, tags, issuedWith, profileArn"

    /// A row with these columns; `nil` where its event is gone.
    init?(_ row: RawRow) throws {
        guard let eventID = try row.optionalText(1) else { return nil }
        self.init(
            eventID: eventID, issuedAt: try row.text(2), eventName: try row.text(4), accessKeyId: try row.text(0))
        expiration = try row.optionalText(3)
        issuedTo = try row.optionalText(5)
        roleARN = try row.optionalText(6)
        sourceIdentity = try row.optionalText(7)
        policy = try row.optionalText(8)
        policyARNs = try row.text(9).split(separator: " ").map(String.init)
        tags = Self.tags(in: try row.text(10))
        issuedWith = try row.optionalText(11)
        profileARN = try row.optionalText(12)
    }

    /// Whether an access key is one of a session.
    static func isTemporary(_ key: String) -> Bool { key.hasPrefix("ASIA") }

    /// Tags as the column `tags` holds them: a JSON array of objects with `key`, `value` and, where it is so, `transitive`; empty for
    /// none.
    package static func text(of tags: [Tag]) -> String {
        guard !tags.isEmpty else { return "" }
        return JSONValue.array(
            tags.map { tag in
                var members: [JSONValue.Member] = [
                    .init("key", .string(tag.key)), .init("value", .string(tag.value)),
                ]
                if tag.isTransitive { members.append(.init("transitive", .bool(true))) }
                return .object(members)
            }
        ).compactText
    }

    /// Reads what ``text(of:)`` wrote; whatever else stands there holds no tags.
    static func tags(in text: String) -> [Tag] {
        guard !text.isEmpty,
            case .success(.array(let list)) = Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) })
        else { return [] }
        return list.compactMap { tag in
            guard let key = tag["key"]?.stringValue else { return nil }
            return Tag(key: key, value: tag["value"]?.stringValue ?? "", isTransitive: tag["transitive"] == .bool(true))
        }
    }
}

extension SessionQuery {
    /// Adds to groups of roles the last session with session tags that was opened while the call still worked: one walk over what
    /// was issued with tags.
    func addTaggedSessions(to groups: inout [DenialGroup]) throws {
        let indices = groups.indices.filter {
            groups[$0].category == .authorization && groups[$0].lastSuccessBefore != nil
        }
        guard !indices.isEmpty else { return }
        let keysOfRole = try tagged.get()
        guard !keysOfRole.isEmpty else { return }
        for index in indices {
            guard let success = groups[index].lastSuccessBefore.flatMap({ Timestamp.seconds($0) }),
                let role = try RawCursor.integer(
                    db, "SELECT id FROM text WHERE value = ?", [groups[index].principal]),
                let key = keysOfRole[role]?.last(where: { EventKey.time(of: $0) <= success })
            else { continue }
            groups[index].taggedSession =
                try RawCursor.first(
                    db, "SELECT \(SessionIssue.columns) FROM session WHERE eventKey = ?", [key]
                ) { try SessionIssue($0) } ?? nil
        }
    }
}

extension DenialSession {
    fileprivate func isSameSession(as other: DenialSession) -> Bool {
        arn == other.arn && accessKeyId == other.accessKeyId && startedAt == other.startedAt
    }
}
