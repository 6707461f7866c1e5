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
            let key = answer.string(at: "credentials", "accessKeyId")
        else { return nil }
        let request = event.requestParameters
        accessKeyId = key
        issuedTo = event.userIdentity.principal
        roleARN = request?.string(at: "roleArn")
        sessionARN = answer.string(at: "assumedRoleUser", "arn") ?? answer.string(at: "federatedUser", "arn")
        sessionPolicy = request?.string(at: "policy")
        sessionPolicyARNs =
            request?.fragment(at: "policyArns")?.elements().compactMap { $0.string(at: "arn") ?? $0.stringValue } ?? []
        tags =
            (request?.fragment(at: "tags") ?? request?.fragment(at: "principalTags"))?.elements()
            .compactMap { tag in
                tag.string(at: "key").map { Tag(key: $0, value: tag.string(at: "value") ?? "") }
            } ?? []
        sourceIdentity = request?.string(at: "sourceIdentity") ?? answer.string(at: "sourceIdentity")
        expiration = answer.string(at: "credentials", "expiration").flatMap(IssuedSession.isoTime)
    }

    private static let eventNames: Set<String> = [
        "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "GetSessionToken",
        "GetFederationToken",
    ]

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Jul 18, 2023, 4:07:39 PM`, as CloudTrail writes it, or with a narrow blank before the half of the day, as ISO 8601;
    /// ISO text as it is.
    static func isoTime(_ text: String) -> String? {
        if text.count == 20, text.hasSuffix("Z"), text.contains("T") { return text }
        let parts = text.split { $0 == " " || $0 == "," || $0 == ":" || $0 == "\u{202F}" }
        guard parts.count == 7, let month = months.firstIndex(of: String(parts[0])), let day = Int(parts[1]),
            let year = Int(parts[2]), let hour = Int(parts[3]), let minute = Int(parts[4]), let second = Int(parts[5]),
            (1...31).contains(day), (1...9999).contains(year), (1...12).contains(hour), (0...59).contains(minute),
            (0...60).contains(second), parts[6] == "AM" || parts[6] == "PM"
        else { return nil }
        let hour24 = hour % 12 + (parts[6] == "PM" ? 12 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let paddedYear = String(repeating: "0", count: 4 - "\(year)".count) + "\(year)"
        return "\(paddedYear)-\(two(month + 1))-\(two(day))T\(two(hour24)):\(two(minute)):\(two(second))Z"
    }
}
