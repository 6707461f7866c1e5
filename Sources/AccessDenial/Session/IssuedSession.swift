public import CloudTrail

/// A session that a successful STS call issued: the link from the calls of temporary credentials to the call that made them.
///
/// The access key in the answer of AssumeRole, GetSessionToken or GetFederationToken is `userIdentity.accessKeyId` of the
/// calls that the session makes, so that what limited it can be told: its session policies, its tags, its end.
/// Source: "Logging IAM and AWS STS API calls with AWS CloudTrail" in the AWS IAM user guide.
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
    }

    /// The session that an event issued; `nil` where it issued none: another event, a refused one, or an answer without
    /// credentials.
    public init?(issuedBy event: Event) {
        guard event.eventSource == "sts.amazonaws.com", event.errorCode == nil, let name = event.eventName,
            IssuedSession.eventNames.contains(name), let answer = event.responseElements,
            case let answered = answer.fragments(
                under: ["credentials", "assumedRoleUser", "federatedUser", "sourceIdentity"]),
            let credentials = answered[0]
        else { return nil }
        let issued = credentials.fragments(under: ["accessKeyId", "expiration"])
        guard let key = issued[0]?.stringValue else { return nil }
        let asked =
            event.requestParameters?.fragments(
                under: ["roleArn", "policy", "policyArns", "tags", "principalTags", "sourceIdentity"])
            ?? Array(repeating: nil, count: 6)
        accessKeyId = key
        issuedTo = event.userIdentity.principal
        roleARN = asked[0]?.stringValue
        sessionARN = answered[1]?.string(at: "arn") ?? answered[2]?.string(at: "arn")
        sessionPolicy = asked[1]?.stringValue
        sessionPolicyARNs = asked[2]?.elements().compactMap { $0.string(at: "arn") ?? $0.stringValue } ?? []
        tags =
            (asked[3] ?? asked[4])?.elements()
            .compactMap { tag in
                tag.string(at: "key").map { Tag(key: $0, value: tag.string(at: "value") ?? "") }
            } ?? []
        sourceIdentity = asked[5]?.stringValue ?? answered[3]?.stringValue
        expiration = issued[1]?.stringValue.flatMap(IssuedSession.isoTime)
    }

    private static let eventNames: Set<String> = [
        "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "GetSessionToken",
        "GetFederationToken",
    ]

    private static let monthNames = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    /// `Jul 18, 2023, 4:07:39 PM`, as CloudTrail writes it, or with a narrow blank before the half of the day, as ISO 8601;
    /// ISO text as it is.
    static func isoTime(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        if bytes.count == 20, bytes.last == UInt8(ascii: "Z"), bytes.contains(UInt8(ascii: "T")) { return text }
        // Between the parts stand blanks, commas, colons and U+202F, whose UTF-8 is E2 80 AF.
        let separators: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: ":"), 0xE2, 0x80, 0xAF]
        let parts = bytes.split { separators.contains($0) }
        guard parts.count == 7, parts[0].count == 3, let month = month(parts[0]), let day = number(parts[1]),
            let year = number(parts[2]), let hour = number(parts[3]), let minute = number(parts[4]),
            let second = number(parts[5]), (1...31).contains(day), (1...9999).contains(year), (1...12).contains(hour),
            (0...59).contains(minute), (0...60).contains(second), parts[6].count == 2,
            parts[6].last == UInt8(ascii: "M"),
            let half = parts[6].first, half == UInt8(ascii: "A") || half == UInt8(ascii: "P")
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
        append(hour % 12 + (half == UInt8(ascii: "P") ? 12 : 0), digits: 2, ":")
        append(minute, digits: 2, ":")
        append(second, digits: 2, "Z")
        return String(decoding: iso, as: UTF8.self)
    }

    /// The number of a month from 1 by its three letters.
    private static func month(_ name: ArraySlice<UInt8>) -> Int? {
        (0..<12).first { monthNames[($0 * 3)..<($0 * 3 + 3)] == name }.map { $0 + 1 }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }
}
