/// A refusal in one of the sentences that do not follow the grammar of ``DenialMessage``.
struct FixedSentence {
    var reason: Reason
    var principal: String?
    var action: String?
    var resource: String?
    /// Whether the sentence shows a refusal whatever the error code is.
    var showsRefusal = false

    /// What the text up to `end` says, if it is one of the sentences.
    static func read(_ text: MessageText, end: Int) -> FixedSentence? {
        if let sentence = readPrincipalForm(text, end: end) ?? readObjectForm(text, end: end) { return sentence }
        for row in rows {
            guard let at = text.first(row.words, in: 0..<end) else { continue }
            if row.place == .start, at != 0 { continue }
            var sentence = FixedSentence(reason: .named(row.slug), showsRefusal: row.showsRefusal)
            let rest = at + row.words.count
            switch row.resource {
            case .none: break
            case .toEnd: sentence.resource = trimmed(text, rest..<end)
            case .until(let closing):
                if let close = text.last(closing, in: rest..<end) { sentence.resource = trimmed(text, rest..<close) }
            }
            return sentence
        }
        if bare.contains(where: { $0.count >= end - 1 && text.has($0, at: 0) && isBareEnd(text, $0.count, end) }) {
            return FixedSentence(reason: .unstated)
        }
        return nil
    }

    /// `Principal [ARN] is not allowed to execute [ACTION] on the resource`.
    private static func readPrincipalForm(_ text: MessageText, end: Int) -> FixedSentence? {
        guard let at = text.first(notAllowedToExecute, in: 0..<end) else { return nil }
        var sentence = FixedSentence(reason: .unstated, showsRefusal: true)
        if text.has(principalOpening, at: 0) {
            sentence.principal = trimmed(text, principalOpening.count..<max(at, principalOpening.count))
        }
        let action = at + notAllowedToExecute.count
        if let close = text.bytes[action..<end].firstIndex(of: 0x5D),
            let colon = text.bytes[action..<close].firstIndex(of: 0x3A)
        {
            sentence.action =
                String(decoding: text.folded[action..<colon], as: UTF8.self) + text.string(colon..<close)
        }
        return sentence
    }

    /// `… your request credentials have permission to OPERATION for BUCKET/KEY. …`: S3 refused what another service reads with the
    /// caller's permissions. Source: Lambda, "AWS Lambda: permissions to the deployment package" in public threads.
    private static func readObjectForm(_ text: MessageText, end: Int) -> FixedSentence? {
        guard let at = text.first(credentialsMay, in: 0..<end) else { return nil }
        let operation = at + credentialsMay.count
        let close = text.endOfWord(at: operation, end: end)
        guard close > operation, text.has(forObject, at: close), close + forObject.count < end else { return nil }
        let object = close + forObject.count
        guard let path = trimmed(text, object..<text.endOfWord(at: object, end: end)), path.contains("/") else {
            return nil
        }
        return FixedSentence(
            reason: .unstated, action: "s3:" + text.string(operation..<close), resource: "arn:aws:s3:::" + path,
            showsRefusal: true)
    }

    private static func isBareEnd(_ text: MessageText, _ count: Int, _ end: Int) -> Bool {
        count == end || (count == end - 1 && text.bytes[end - 1] == 0x2E)
    }

    /// The text without blanks, brackets and a closing full stop; `nil` where nothing is left.
    private static func trimmed(_ text: MessageText, _ range: Range<Int>) -> String? {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, [0x20, 0x5B, 0x22].contains(text.bytes[lower]) { lower += 1 }
        while lower < upper, [0x20, 0x5D, 0x22, 0x2E].contains(text.bytes[upper - 1]) { upper -= 1 }
        return lower < upper ? text.string(lower..<upper) : nil
    }

    /// The slug of every row, and its words, for the tests.
    static var slugs: [(words: String, slug: String)] {
        rows.map { (String(decoding: $0.words.bytes, as: UTF8.self), $0.slug) }
    }

    /// Every sentence, and the whole messages that say no more than that AWS refused.
    static var sentences: [DenialVocabulary.Sentence] {
        rows.map { row in
            DenialVocabulary.Sentence(
                words: String(decoding: row.words.bytes, as: UTF8.self), reason: row.slug,
                isAtStart: row.place == .start, showsRefusal: row.showsRefusal)
        }
    }
    static var bareSentences: [String] { bare.map { String(decoding: $0.bytes, as: UTF8.self) } }

    private enum Place { case start, anywhere }

    private enum Resource {
        case none
        /// All that follows.
        case toEnd
        /// What follows, up to the last of these words.
        case until(Needle)
    }

    private struct Row {
        var words: Needle
        var slug: String
        var place: Place
        var resource: Resource
        var showsRefusal: Bool

        init(
            _ words: Needle, _ slug: String, at place: Place = .anywhere, resource: Resource = .none,
            showsRefusal: Bool = false
        ) {
            self.words = words
            self.slug = slug
            self.place = place
            self.resource = resource
            self.showsRefusal = showsRefusal
        }
    }

    private static let credentialsMay: Needle = "your request credentials have permission to "
    private static let forObject: Needle = " for "
    private static let notAllowedToExecute: Needle = "is not allowed to execute ["
    private static let principalOpening: Needle = "principal ["

    /// Sentences that say that AWS refused, and no more. Each is a whole message.
    private static let bare: [Needle] = [
        "access denied", "accessdenied", "access is denied", "forbidden", "unauthorized", "not authorized",
        "you are not authorized", "user is not authorized", "an unknown error occurred",
        "no access to any requested resource", "access to the requested resource is denied",
    ]

    /// The sentences, the more telling before the more general.
    private static let rows: [Row] =
        ServiceRoleRefusal.sentences.map { Row($0.words, $0.slug, showsRefusal: true) }
        + DestinationRefusal.sentences.map { Row($0, DestinationRefusal.slug, showsRefusal: true) }
        + ServiceLinkedRoleRefusal.sentences.map { Row($0, ServiceLinkedRoleRefusal.slug, showsRefusal: true) }
        + ownRows

    private static let ownRows: [Row] = [
        // AWS ended the feature, or the account cannot use it.
        Row("end support for", "service-ended"),
        Row("ended support for", "service-ended"),
        Row("reached end of support", "service-ended"),
        Row("iam user access not activated", "user-access-not-activated"),
        Row("insufficient_account_reputation", "insufficient-reputation"),
        Row("account_disabled", "account-disabled"),
        Row("not subscribed to", "not-subscribed"),
        Row("needs a subscription", "not-subscribed"),
        Row("subscription required", "not-subscribed"),
        Row("not enabled for cost explorer access", "service-not-enabled"),
        Row("you don't have access to the model", "model-access-missing"),
        Row("required aws marketplace actions", "model-not-subscribed", showsRefusal: true),
        Row("account is currently blocked", "account-suspended"),
        // Credentials.
        Row("multifactorauthentication failed", "mfa-failed"),
        Row("security token included in the request is expired", "credentials-expired"),
        Row("request has expired", "credentials-expired"),
        Row("provided token has expired", "credentials-expired"),
        Row("token has expired", "credentials-expired"),
        Row("token is expired", "credentials-expired"),
        Row("token expired", "credentials-expired"),
        Row("security token included in the request is invalid", "credentials-invalid"),
        Row("aws was not able to validate the provided access credentials", "credentials-invalid"),
        Row("aws access key id you provided does not exist", "credentials-invalid"),
        Row("refresh token has been revoked", "credentials-invalid"),
        Row("invalid access token", "credentials-invalid"),
        Row("access token has been revoked", "credentials-invalid"),
        Row("invalid login token", "identity-token-rejected"),
        Row("token is not from a supported provider", "identity-token-rejected"),
        Row("missing authentication token", "credentials-missing"),
        Row("anonymous users cannot invoke this api", "credentials-missing"),
        Row("signature expired", "clock-skew"),
        Row("signature not yet current", "clock-skew"),
        Row("request timestamp", "clock-skew"),
        Row("difference between the request time and the current time", "clock-skew"),
        Row("request signature we calculated does not match", "signature-invalid"),
        Row("headers present in the request which were not signed", "signature-invalid"),
        Row("failed authentication", "sign-in-failed", at: .start),
        Row("no username found", "sign-in-failed", at: .start),
        Row("incorrect username or password", "sign-in-failed"),
        Row("password attempts exceeded", "sign-in-failed"),
        Row("user is disabled", "sign-in-failed"),
        Row("invalid session for the user", "sign-in-failed"),
        Row("unable to verify secret hash", "sign-in-failed"),
        // Refused, in a service's own words.
        Row("the ciphertext refers to a customer master key that does not exist", "key-policy-or-region"),
        // Amazon RDS: "The source snapshot KMS key [ARN] does not exist, is not enabled or you do not have permissions to access it."
        Row(
            "does not exist, is not enabled or you do not have permissions to access it", "key-policy-or-region",
            showsRefusal: true),
        Row("access to kms is not allowed", "kms-behind-service"),
        Row("does not have permission to access the ecr image", "image-permissions", showsRefusal: true),
        Row("unable to verify/create output bucket", "bucket-permissions", showsRefusal: true),
        Row("must have write and read_acl permission on the s3 bucket", "bucket-permissions", showsRefusal: true),
        Row(TagPolicyRefusal.words, TagPolicyRefusal.slug, showsRefusal: true),
        Row("not authorized for images:", "resource-not-shared", resource: .toEnd, showsRefusal: true),
        Row("cross-account pass role is not allowed", "cross-account-pass-role", showsRefusal: true),
        Row("roles may not be assumed by root accounts", "root-cannot-assume-roles", showsRefusal: true),
        Row("cannot call getsessiontoken with session credentials", "session-credentials-not-allowed"),
        Row("cannot call getfederationtoken with session credentials", "session-credentials-not-allowed"),
        Row("object protected by object lock", "object-locked"),
        Row("unauthenticated access is not supported for this identity pool", "guests-refused", showsRefusal: true),
        Row("access token does not have required scopes", "token-scope", showsRefusal: true),
        Row("attempted to write unauthorized attribute", "attribute-not-writable", showsRefusal: true),
        Row("signup is not permitted for this user pool", "sign-up-closed", showsRefusal: true),
        Row("not whitelisted for accessing ", "not-whitelisted", resource: .toEnd, showsRefusal: true),
        Row("is not an authorized direct connect partner", "not-entitled", showsRefusal: true),
        Row(
            "access to the resource ", "unstated", at: .start, resource: .until(" is denied"), showsRefusal: true),
        Row("you don't have the iam role and permissions", "unstated", showsRefusal: true),
        Row("the request was denied due to a vpc endpoint policy", "denied:vpc-endpoint", showsRefusal: true),
        Row("insufficient lake formation permission", "lake-formation-permissions", showsRefusal: true),
        Row("public access control lists (acls) are blocked by", "block-public-access"),
        Row("is not authorized to ", "unstated"),
        Row("don't have permission", "unstated"),
        Row("do not have permission", "unstated"),
        Row("does not have permission", "unstated"),
        Row("doesn't have permission", "unstated"),
        Row("insufficient permissions", "unstated"),
        Row("insufficient privileges", "unstated"),
    ]
}
