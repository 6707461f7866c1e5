public import CloudTrail

/// A session that a successful call of STS or of IAM Roles Anywhere issued: the link from the calls of temporary credentials to the
/// call that made them.
///
/// The access key in the answer of AssumeRole, GetSessionToken, GetFederationToken or CreateSession is `userIdentity.accessKeyId` of
/// the calls that the session makes, so that what limited it can be told: its session policies, its tags, its end.
/// Sources: "Logging IAM and AWS STS API calls with AWS CloudTrail" in the AWS IAM user guide; CreateSession in the IAM Roles Anywhere
/// user guide.
public struct IssuedSession: Sendable, Hashable {
    /// The session's access key, `ASIA…`.
    public var accessKeyId: String
    /// Who asked for the session.
    public var issuedTo: String?
    /// The role that was assumed; `nil` for sessions of users.
    public var roleARN: String?
    /// The session's own ARN, `assumed-role/ROLE/SESSION` or `federated-user/NAME`.
    public var sessionARN: String?
    /// The inline session policy, as JSON text.
    public var sessionPolicy: String?
    /// The managed policies that limit the session.
    public var sessionPolicyARNs: [String]
    /// The session tags that the request set, in its order.
    public var tags: [Tag]
    /// The profile of IAM Roles Anywhere whose policies limit the session; `nil` for every other session.
    public var profileARN: String?
    /// The source identity that the session bears.
    public var sourceIdentity: String?
    /// The end of validity as ISO 8601 UTC text; `nil` where the record does not give it in a form that is known.
    public var expiration: String?

    /// One session tag.
    public struct Tag: Sendable, Hashable {
        /// The tag's key.
        public var key: String
        /// The tag's value.
        public var value: String
        /// Whether sessions that this one opens have the tag, too.
        public var isTransitive = false
    }

    /// The session that an event issued; `nil` where it issued none: another event, a refused one, or an answer without
    /// credentials.
    public init?(issuedBy event: Event) {
        guard let source = event.eventSource, event.errorCode == nil, let name = event.eventName,
            IssuedSession.isIssue(eventSource: source, eventName: name), let answer = event.responseElements,
            answer.isObject
        else { return nil }
        let request = event.requestParameters
        let bytes = answer.bytes + (request?.bytes ?? [])
        let answered = FieldReference(offset: 0, length: UInt32(answer.bytes.count), kind: .object)
        let asked = FieldReference(
            offset: answered.length, length: UInt32(request?.bytes.count ?? 0),
            kind: request?.isObject == true ? .object : .absent)
        // SAFETY: the bytes are read within the call alone.
        let session = unsafe bytes.withUnsafeBytes { unsafe IssuedSession(asked: asked, answered: answered, in: $0) }
        guard let session else { return nil }
        self = session
        issuedTo = event.userIdentity.principal
    }

    /// The session that a successful call issued, by its `requestParameters` and `responseElements`, where
    /// ``isIssue(eventSource:eventName:)`` says that it can have; ``issuedTo`` is left out.
    package init?(asked: FieldReference, answered: FieldReference, in record: UnsafeRawBufferPointer) {
        // SAFETY: references are checked against the record.
        let answer = unsafe answered.members(
            ["credentials", "assumedRoleUser", "federatedUser", "sourceIdentity", "credentialSet"], in: record)
        let one = unsafe answer[4].onlyElement(in: record).members(["credentials", "assumedRoleUser"], in: record)
        let credentials = unsafe (answer[0].kind == .object ? answer[0] : one[0]).members(
            ["accessKeyId", "expiration"], in: record)
        guard let key = unsafe credentials[0].string(in: record) else { return nil }
        let request = unsafe asked.members(
            [
                "roleArn", "policy", "policyArns", "tags", "principalTags", "sourceIdentity", "transitiveTagKeys",
                "profileArn",
            ], in: record)
        accessKeyId = key
        roleARN = unsafe request[0].string(in: record)
        profileARN = unsafe request[7].string(in: record)
        let bearer = [answer[1], answer[2], one[1]].first { $0.kind == .object }
        sessionARN = unsafe (bearer ?? .absent).member("arn", or: "arn", in: record)
            .string(in: record)
        sessionPolicy = unsafe request[1].string(in: record)
        sessionPolicyARNs =
            unsafe request[2].fragment(in: record)?.elements().compactMap { $0.string(at: "arn") ?? $0.stringValue }
            ?? []
        let transitive = unsafe Set(
            (request[6].fragment(in: record)?.elements() ?? []).compactMap { $0.stringValue?.lowercased() })
        tags =
            unsafe (request[3].fragment(in: record) ?? request[4].fragment(in: record))?.elements()
            .compactMap { tag in
                tag.string(at: "key").map { key in
                    Tag(
                        key: key, value: tag.string(at: "value") ?? "",
                        isTransitive: transitive.contains(key.lowercased()))
                }
            } ?? []
        sourceIdentity = unsafe request[5].string(in: record) ?? answer[3].string(in: record)
        expiration = unsafe credentials[1].string(in: record).flatMap(IssuedSession.isoTime)
    }

    /// Whether a call issues credentials.
    package static func isIssue(eventSource: String, eventName: String) -> Bool {
        switch eventSource {
        case "sts.amazonaws.com": eventNames.contains(eventName)
        case "rolesanywhere.amazonaws.com": eventName == "CreateSession"
        default: false
        }
    }

    private static let eventNames: Set<String> = [
        "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "GetSessionToken",
        "GetFederationToken",
    ]

    /// `Jul 18, 2023, 4:07:39 PM`, as CloudTrail writes it, or with a narrow blank before the half of the day, as ISO 8601;
    /// ISO text as it is.
    static func isoTime(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count == 20, bytes.last == UInt8(ascii: "Z"), bytes.contains(UInt8(ascii: "T")) { return text }
        var reader = TimeReader(bytes: bytes)
        guard let month = reader.month(), let day = reader.number(in: 1...31), let year = reader.number(in: 1...9999),
            let hour = reader.number(in: 1...12), let minute = reader.number(in: 0...59),
            let second = reader.number(in: 0...60), let isAfternoon = reader.isAfternoon(), reader.isAtEnd
        else { return nil }
        var iso: [UInt8] = []
        iso.reserveCapacity(20)
        func append(_ value: Int, digits: Int, _ end: Unicode.Scalar) {
            var divisor = digits == 4 ? 1000 : 10
            while divisor > 0 {
                iso.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
                divisor /= 10
            }
            iso.append(UInt8(ascii: end))
        }
        append(year, digits: 4, "-")
        append(month, digits: 2, "-")
        append(day, digits: 2, "T")
        append(hour % 12 + (isAfternoon ? 12 : 0), digits: 2, ":")
        append(minute, digits: 2, ":")
        append(second, digits: 2, "Z")
        return String(decoding: iso, as: UTF8.self)
    }
}

/// Reads the parts of a time, between which stand blanks, commas, colons and U+202F, whose UTF-8 is E2 80 AF.
private struct TimeReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private static let monthNames = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    var isAtEnd: Bool {
        mutating get {
            skipSeparators()
            return position == bytes.count
        }
    }

    /// The number of a month from 1 by its three letters.
    mutating func month() -> Int? {
        let name = part()
        guard name.count == 3 else { return nil }
        return (0..<12).first { Self.monthNames[($0 * 3)..<($0 * 3 + 3)].elementsEqual(bytes[name]) }.map { $0 + 1 }
    }

    mutating func number(in range: ClosedRange<Int>) -> Int? {
        let digits = part()
        guard (1...4).contains(digits.count) else { return nil }
        var value = 0
        for index in digits {
            let digit = bytes[index]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return range.contains(value) ? value : nil
    }

    /// `AM` or `PM`.
    mutating func isAfternoon() -> Bool? {
        let half = part()
        guard half.count == 2, bytes[half.upperBound - 1] == UInt8(ascii: "M") else { return nil }
        switch bytes[half.lowerBound] {
        case UInt8(ascii: "A"): return false
        case UInt8(ascii: "P"): return true
        default: return nil
        }
    }

    private mutating func part() -> Range<Int> {
        skipSeparators()
        let start = position
        while position < bytes.count, !isSeparator { position += 1 }
        return start..<position
    }

    private mutating func skipSeparators() {
        while position < bytes.count, isSeparator { position += 1 }
    }

    private var isSeparator: Bool {
        switch bytes[position] {
        case UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: ":"), 0xE2, 0x80, 0xAF: true
        default: false
        }
    }
}
