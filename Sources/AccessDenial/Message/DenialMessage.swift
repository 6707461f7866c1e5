public import IAMPolicy

/// What the text of a denial says: who, what action, on what, by which kind of policy.
///
/// The grammar of AWS's common authorization layer:
/// ```
/// User: PRINCIPAL is not authorized to perform: ACTION [on resource: RESOURCE] [CONTEXT][. TRAILER]
/// CONTEXT = because no TYPE allows the ACTION action
///         | with an explicit deny [in a TYPE [transitively through a TYPE]][: POLICY-ARN]
/// ```
/// Around it stand EC2's first sentence and its encoded text, IAM's authorization id, and the prefixes of services that
/// pass another's message on. What does not follow the grammar is looked up in ``FixedSentence``.
/// Source: "Troubleshoot access denied error messages" in the AWS IAM user guide, and real records.
public struct DenialMessage: Sendable, Equatable {
    /// The principal as the message gives it, a session's ARN unfolded; `nil` where it gives none.
    public var principal: String?
    /// The action, its service prefix in lower case; `nil` where the message gives none or was cut in it.
    public var action: String?
    /// The resource as the message gives it, without quotes or closing full stop; `nil` where it gives none or was cut
    /// in it.
    public var resource: String?
    /// The reason. ``Reason/unstated`` where there is no message.
    public var reason: Reason
    /// The kind of policy on the way to the one that denied: the message says "in a VPC endpoint policy transitively
    /// through a service control policy" where the service control policy denied.
    public var passedThrough: PolicyType?
    /// The policy that denied; `nil` where the message names none or was cut in its ARN.
    public var policyARN: String?
    /// IAM's authorization id; `nil` where the message gives none or was cut in it.
    public var authorizationID: String?
    /// EC2's encoded authorization message.
    public var encodedMessage: EncodedMessage
    /// Whether CloudTrail cut the message at 1 KB.
    public var isTruncated: Bool
    /// Whether the wording alone shows a refusal, so that it counts under an error code that does not.
    public var showsRefusal: Bool

    /// Whether a message holds an encoded authorization message, which only `sts:DecodeAuthorizationMessage` can read.
    public enum EncodedMessage: Sendable {
        case absent, whole, cut
    }

    /// Reads a message; `nil`, an empty text and one of blanks are a message that states nothing. Never fails: what is not
    /// understood gives ``Reason/unrecognised``.
    public init(_ text: String?) {
        // S3's bare answer is most of what real archives hold.
        guard let text, text != "Access Denied" else {
            self.init()
            return
        }
        self.init(MessageText(text))
    }

    /// A message that states nothing.
    private init() {
        reason = .unstated
        encodedMessage = .absent
        isTruncated = false
        showsRefusal = false
    }

    /// Reads a message of which the caller knows whether it was cut.
    init(_ text: String, isTruncated: Bool) {
        self.init(MessageText(text, isTruncated: isTruncated))
    }

    /// The names of policy types, and of S3's settings, for ``DenialVocabulary``.
    static var policyTypes: [(Needle, PolicyType)] { Words.policyTypes }
    static var publicAccessSettings: [(setting: Needle, slug: String)] { Words.publicAccessSettings }

    private init(_ text: MessageText) {
        self.init()
        isTruncated = text.isTruncated
        guard text.count > 0 else { return }
        var reader = MessageReader(text)
        reader.read(into: &self)
    }
}

/// One pass over one message.
private struct MessageReader {
    private let text: MessageText
    /// Where what is still to be read ends: trailers are taken off from behind.
    private var end: Int

    init(_ text: MessageText) {
        self.text = text
        end = text.count
    }

    mutating func read(into message: inout DenialMessage) {
        takeServiceSuffix()
        // Both can stand there, in either order.
        for _ in 0..<2 {
            takeAuthorizationTrailer(into: &message)
            takeEncodedText(into: &message)
        }
        if readGrammar(into: &message) { return }
        if let sentence = FixedSentence.read(text, end: end) {
            message.principal = sentence.principal ?? message.principal
            message.action = sentence.action ?? message.action
            message.resource = sentence.resource ?? message.resource
            message.reason = sentence.reason
            message.showsRefusal = sentence.showsRefusal
        } else if end > 0 {
            message.reason = text.isTruncated ? .named("message-cut") : .unrecognised
        }
    }

    // MARK: Trailers

    /// Takes "(Service: NAME; Status Code: 403; …)" off the end, which the AWS SDK for Java adds to messages that one
    /// service passes on from another.
    private mutating func takeServiceSuffix() {
        guard end > 0, text.bytes[end - 1] == 0x29, let start = text.last(Words.service, in: 0..<end),
            text.first(Words.statusCode, in: start..<end) != nil
        else { return }
        end = start
    }

    /// Takes "Go to URL for complete details, or call the … API with the following authorization id: ID" off the end.
    ///
    /// A resource can hold the same words, so they count only where nothing but the rest of the sentence follows.
    private mutating func takeAuthorizationTrailer(into message: inout DenialMessage) {
        guard let start = text.last(Words.goTo, in: 0..<end) else { return }
        var at = text.endOfWord(at: start + Words.goTo.count - Words.https.count, end: end)
        for (index, phrase) in [Words.forDetails, Words.apiWithID].enumerated() {
            if text.has(phrase, at: at), at + phrase.count <= end {
                at += phrase.count
                let word = text.endOfWord(at: at, end: end)
                if index == 1 {
                    guard word == end else { return }
                    var idEnd = end
                    if idEnd > at, text.bytes[idEnd - 1] == 0x2E { idEnd -= 1 }
                    guard text.bytes[at..<idEnd].allSatisfy(isIDByte) else { return }
                    if !text.isTruncated, idEnd > at { message.authorizationID = text.string(at..<idEnd) }
                }
                at = word
            } else if text.isTruncated, text.stops(in: phrase, at: at, end: end) {
                break
            } else {
                return
            }
        }
        end = start
    }

    /// Takes ". Encoded authorization failure message: TEXT" off the end.
    private mutating func takeEncodedText(into message: inout DenialMessage) {
        guard message.encodedMessage == .absent, let start = text.last(Words.encoded, in: 0..<end) else { return }
        let value = text.skippingBlanks(at: start + Words.encoded.count, end: end)
        guard text.bytes[value..<end].allSatisfy(isBase64Byte) else { return }
        // Cut where nothing stood behind it and CloudTrail cut the message.
        let isLast = end == text.count
        message.encodedMessage = value == end || (text.isTruncated && isLast) ? .cut : .whole
        end = start
        while end > 0, text.bytes[end - 1] == 0x20 { end -= 1 }
    }

    // MARK: The grammar

    private mutating func readGrammar(into message: inout DenialMessage) -> Bool {
        var from = 0
        var isBare = false
        while let at = text.first(Words.notAuthorizedTo, in: from..<end) {
            let verb = at + Words.notAuthorizedTo.count
            from = verb
            if text.has(Words.perform, at: verb) {
                let phrase = verb + Words.perform.count
                if Words.bareOperations.contains(where: { text.has($0, at: phrase) }) {
                    isBare = true
                    continue
                }
                var word = phrase
                if word < end, text.bytes[word] == 0x3A { word += 1 }
                word = text.skippingBlanks(at: word, end: end)
                let wordEnd = text.endOfWord(at: word, end: end)
                guard let action = action(in: word..<wordEnd) else {
                    // Cut in the action, or not an action at all.
                    if text.isTruncated, wordEnd == end {
                        message.principal = principal(before: at)
                        message.reason = .named("message-cut")
                        message.showsRefusal = true
                        return true
                    }
                    isBare = true
                    continue
                }
                message.principal = principal(before: at)
                message.showsRefusal = true
                if wordEnd == end, text.isTruncated {
                    // The name may go on.
                    message.reason = .named("message-cut")
                    return true
                }
                message.action = action
                readRest(from: wordEnd, into: &message)
                return true
            }
            if text.has(Words.access, at: verb) {
                message.principal = principal(before: at)
                message.showsRefusal = true
                var word = verb + Words.access.count
                if text.has(Words.thisResource, at: word) || text.has(Words.theResource, at: word) { return true }
                if text.has(Words.resource, at: word) { word += Words.resource.count }
                readResource(from: word, into: &message)
                return true
            }
        }
        if isBare {
            // "You are not authorized to perform this operation", of EC2.
            message.showsRefusal = true
            return true
        }
        return false
    }

    /// The action in a word such as `s3:GetObject`, `ses:SendEmail'` in its quotes, `iam:X.`; `nil` where the word is none.
    private func action(in range: Range<Int>) -> String? {
        let trimmed = trimming(range)
        guard let colon = text.bytes[trimmed].firstIndex(of: 0x3A) else { return nil }
        // The user guides set the name in back-ticks of its own: mobiletargeting:`GetApp`.
        let name = trimming(colon + 1..<trimmed.upperBound)
        guard colon > trimmed.lowerBound, !name.isEmpty,
            text.bytes[trimmed.lowerBound..<colon].allSatisfy(isNameByte), text.bytes[name].allSatisfy(isNameByte)
        else { return nil }
        return String(decoding: text.folded[trimmed.lowerBound..<colon], as: UTF8.self) + ":" + text.string(name)
    }

    /// The principal in "User: PRINCIPAL is " before `offset`.
    private func principal(before offset: Int) -> String? {
        guard text.has(Words.is, at: offset - Words.is.count) else { return nil }
        let wordEnd = offset - Words.is.count
        var word = wordEnd
        while word > 0, text.bytes[word - 1] != 0x20 { word -= 1 }
        let range = trimming(word..<wordEnd)
        guard !range.isEmpty else { return nil }
        let isNamed =
            text.has(Words.arn, at: range.lowerBound) || text.has(Words.user, at: word - Words.user.count)
            || text.has(Words.userQuoted, at: word - Words.userQuoted.count)
        guard isNamed, range.upperBound <= wordEnd else { return nil }
        return text.string(range)
    }

    /// `range` without quotes, brackets and punctuation at its ends.
    private func trimming(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, isQuoteByte(text.bytes[lower]) { lower += 1 }
        while lower < upper, isQuoteByte(text.bytes[upper - 1]) || isStopByte(text.bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    /// Reads what follows the action.
    private func readRest(from offset: Int, into message: inout DenialMessage) {
        for phrase in Words.namelessResources where text.has(phrase, at: offset) {
            let next = offset + phrase.count
            if next >= end || text.bytes[next] == 0x20 || text.bytes[next] == 0x2E {
                readContext(in: next..<end, into: &message)
                return
            }
        }
        for phrase in Words.namedResources where text.has(phrase, at: offset) {
            readResource(from: text.skippingBlanks(at: offset + phrase.count, end: end), into: &message)
            return
        }
        readContext(in: offset..<end, into: &message)
    }

    /// Reads a resource, and the context behind it. Both can hold the words of the other, so the last context counts,
    /// and a resource in quotes goes to the last quote that a context or the end follows.
    private func readResource(from offset: Int, into message: inout DenialMessage) {
        guard offset < end else {
            if text.isTruncated { message.reason = .named("message-cut") }
            return
        }
        let closers = Words.closers(of: text.bytes[offset])
        if !closers.isEmpty {
            var quote = end - 1
            while quote > offset {
                if closers.contains(text.bytes[quote]), isBoundary(quote + 1) {
                    if quote > offset + 1 { message.resource = text.originalString((offset + 1)..<quote) }
                    readContext(in: (quote + 1)..<end, into: &message)
                    return
                }
                quote -= 1
            }
            if text.isTruncated {
                message.reason = .named("message-cut")
                return
            }
        }
        let context = lastContext(in: offset..<end)
        if context == nil, text.isTruncated, end == text.count {
            message.reason = .named("message-cut")
            return
        }
        var upper = context ?? end
        if upper > offset, text.bytes[upper - 1] == 0x2E { upper -= 1 }
        let range = context == nil ? offset..<upper : offset..<(context ?? upper)
        let isPlain = closers.isEmpty
        let resource = isPlain ? range : trimming(range)
        if !resource.isEmpty { message.resource = text.string(resource) }
        if let context { readContext(in: context..<end, into: &message) }
    }

    /// Whether a quote before `offset` can close a resource: the end, a full stop or a context follows.
    private func isBoundary(_ offset: Int) -> Bool {
        if offset >= end { return !text.isTruncated || end < text.count }
        if text.bytes[offset] == 0x2E { return offset + 1 >= end || text.bytes[offset + 1] == 0x20 }
        return text.has(Words.because, at: offset) || text.has(Words.explicitDeny, at: offset)
            || (text.isTruncated
                && (text.stops(in: Words.because, at: offset, end: end)
                    || text.stops(in: Words.explicitDeny, at: offset, end: end)))
    }

    /// Where the last context in `range` begins, at its blank: the last that is known, else the last "because" that
    /// follows a resource without blanks.
    private func lastContext(in range: Range<Int>) -> Int? {
        var unknown: Int?
        let setting = text.last(Words.blockPublicAccess, in: range)
        var offset = end - 1
        while offset >= range.lowerBound {
            if text.bytes[offset] == 0x20 {
                if text.has(Words.explicitDeny, at: offset) {
                    let next = offset + Words.explicitDeny.count
                    if next >= end || isContextStop(text.bytes[next]) { return offset }
                } else if text.has(Words.because, at: offset) {
                    if isKnownCause(offset + Words.because.count, setting: setting) { return offset }
                    if unknown == nil { unknown = offset }
                }
            }
            offset -= 1
        }
        guard let unknown, !text.bytes[range.lowerBound..<unknown].contains(0x20) else { return nil }
        return unknown
    }

    /// Whether a cause that is known stands at `offset`; `setting` is where Block Public Access was last named.
    private func isKnownCause(_ offset: Int, setting: Int?) -> Bool {
        text.has(Words.no, at: offset) || text.has(Words.roleTrustTypo, at: offset)
            || text.has(Words.noSuchResource, at: offset)
            || text.has(Words.blockedUploads, at: offset)
            || (text.has(Words.public, at: offset) && setting.map { $0 > offset } ?? false)
            || (text.isTruncated
                && (offset >= end || text.stops(in: Words.no, at: offset, end: end)
                    || text.stops(in: Words.noSuchResource, at: offset, end: end)
                    || text.stops(in: Words.roleTrustTypo, at: offset, end: end)))
    }

    // MARK: The context

    private func readContext(in range: Range<Int>, into message: inout DenialMessage) {
        guard let start = lastContext(in: range) else {
            if text.isTruncated, end == text.count { message.reason = .named("message-cut") }
            return
        }
        if text.has(Words.explicitDeny, at: start) {
            readExplicitDeny(from: start + Words.explicitDeny.count, into: &message)
            return
        }
        let cause = start + Words.because.count
        if text.has(Words.no, at: cause) {
            let typeAt = cause + Words.no.count
            let type = policyType(at: typeAt)
            if let type {
                message.reason = .missingAllow(type.type)
            } else if text.isTruncated || text.first(Words.allowsThe, in: typeAt..<end) != nil {
                message.reason = .missingAllow(nil)
            } else {
                message.reason = .unrecognised
            }
        } else if text.has(Words.roleTrustTypo, at: cause) {
            message.reason = .missingAllow(.roleTrust)
        } else if text.has(Words.noSuchResource, at: cause) {
            message.reason = .named("key-policy-or-region")
        } else if text.has(Words.blockedUploads, at: cause) {
            message.reason = .named("blocked-encryption-type")
        } else if text.first(Words.blockPublicAccess, in: cause..<end) != nil {
            message.reason =
                Words.publicAccessSettings.first { text.first($0.setting, in: cause..<end) != nil }
                .map { .named($0.slug) } ?? .named("block-public-access")
        } else {
            message.reason = text.isTruncated ? .named("message-cut") : .unrecognised
        }
    }

    private func readExplicitDeny(from offset: Int, into message: inout DenialMessage) {
        message.reason = .explicitDeny(nil)
        var at = offset
        if let typeAt = afterArticle(Words.in, at: at), let type = policyType(at: typeAt) {
            var deciding = type.type
            at = type.end
            if let throughAt = afterArticle(Words.transitively, at: at), let through = policyType(at: throughAt) {
                message.passedThrough = deciding
                deciding = through.type
                at = through.end
            }
            message.reason = .explicitDeny(deciding)
        }
        for separator in Words.policySeparators where text.has(separator, at: at) {
            let arnAt = text.skippingBlanks(at: at + separator.count, end: end)
            guard text.has(Words.arn, at: arnAt) else { continue }
            let word = text.endOfWord(at: arnAt, end: end)
            if text.isTruncated, word == text.count { return }
            let arn = trimming(arnAt..<word)
            message.policyARN = text.string(arn)
            return
        }
    }

    /// The place behind `phrase` and an article, where both stand at `offset`.
    private func afterArticle(_ phrase: Needle, at offset: Int) -> Int? {
        guard text.has(phrase, at: offset) else { return nil }
        let at = offset + phrase.count
        for article in Words.articles where text.has(article, at: at) { return at + article.count }
        return at
    }

    /// The kind of policy whose name stands at `offset`, and where the name ends. A name that the cut ends is none, since
    /// it may go on.
    private func policyType(at offset: Int) -> (type: PolicyType, end: Int)? {
        for (name, type) in Words.policyTypes where text.has(name, at: offset) {
            let nameEnd = offset + name.count
            if nameEnd > end { continue }
            if nameEnd < end, isNameByte(text.bytes[nameEnd]) { continue }
            return (type, nameEnd)
        }
        return nil
    }
}

private func isNameByte(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x30 && byte <= 0x39)
        || byte == 0x2D || byte == 0x5F || byte == 0x2A
}

private func isIDByte(_ byte: UInt8) -> Bool { isNameByte(byte) && byte != 0x2A }

private func isBase64Byte(_ byte: UInt8) -> Bool {
    isIDByte(byte) || byte == 0x2B || byte == 0x2F || byte == 0x3D || byte == 0x2E
}

private func isQuoteByte(_ byte: UInt8) -> Bool {
    byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x5B || byte == 0x5D || byte == 0x28 || byte == 0x29
}

private func isStopByte(_ byte: UInt8) -> Bool { byte == 0x2E || byte == 0x2C || byte == 0x3B }

private func isContextStop(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x2E || byte == 0x2C || byte == 0x3A }

/// The words of the grammar, in lower case.
private enum Words {
    static let service: Needle = " (service: "
    static let statusCode: Needle = "; status code: "
    static let goTo: Needle = " go to https://"
    static let https: Needle = "https://"
    static let forDetails: Needle = " for complete details, or call the "
    static let apiWithID: Needle = " api with the following authorization id: "
    static let encoded: Needle = "encoded authorization failure message:"
    static let notAuthorizedTo: Needle = "not authorized to "
    static let perform: Needle = "perform"
    static let access: Needle = "access "
    static let thisResource: Needle = "this resource"
    static let theResource: Needle = "the resource"
    static let resource: Needle = "resource "
    static let `is`: Needle = " is "
    static let arn: Needle = "arn:"
    static let user: Needle = "user: "
    static let userQuoted: Needle = "user `"
    static let because: Needle = " because "
    static let explicitDeny: Needle = " with an explicit deny"
    static let no: Needle = "no "
    static let allowsThe: Needle = " allows the "
    static let roleTrustTypo: Needle = "the role trust policy allows the "
    static let noSuchResource: Needle = "the resource does not exist in this region"
    static let blockedUploads: Needle = "this bucket has blocked upload requests that specify"
    static let `public`: Needle = "public "
    static let blockPublicAccess: Needle = "block public access"
    static let `in`: Needle = " in "
    static let transitively: Needle = " transitively through "
    static let articles: [Needle] = ["an ", "a ", "the "]
    static let policySeparators: [Needle] = [", with policy arn:", ":"]
    static let bareOperations: [Needle] = [
        " this operation", " this action", " the operation", " the requested operation",
    ]
    static let namelessResources: [Needle] = [
        " on this resource", " on the specified resource", " on the resource", " on the requested resource",
    ]
    static let namedResources: [Needle] = [" on resource:", " on resource ", " on the resource:", " on resources:"]

    /// The names of policy types, a longer one before one that it begins with.
    static let policyTypes: [(Needle, PolicyType)] = [
        ("identity-based policy", .identityBased),
        ("identity-based policies", .identityBased),
        ("identity based policy", .identityBased),
        ("identity policy", .identityBased),
        ("resource-based policy", .resourceBased),
        ("resource-based policies", .resourceBased),
        ("resource based policy", .resourceBased),
        ("resource policy", .resourceBased),
        ("service control policy", .serviceControl),
        ("service control policies", .serviceControl),
        ("resource control policy", .resourceControl),
        ("resource control policies", .resourceControl),
        ("permissions boundary policy", .permissionsBoundary),
        ("permissions boundary", .permissionsBoundary),
        ("permission boundary", .permissionsBoundary),
        ("session policy", .session),
        ("sessions policy", .session),
        ("session policies", .session),
        ("vpc endpoint policy", .vpcEndpoint),
        ("vpc endpoint policies", .vpcEndpoint),
        ("vpce policy", .vpcEndpoint),
        ("role trust policy", .roleTrust),
        ("trust policy", .roleTrust),
    ]

    static let publicAccessSettings: [(setting: Needle, slug: String)] = [
        ("blockpublicacls", "block-public-access:block-public-acls"),
        ("ignorepublicacls", "block-public-access:ignore-public-acls"),
        ("blockpublicpolicy", "block-public-access:block-public-policy"),
        ("restrictpublicbuckets", "block-public-access:restrict-public-buckets"),
    ]

    /// What can close a resource that `opener` opens; empty where `opener` is no quote. SES opens with a back-tick and
    /// closes with an apostrophe.
    static func closers(of opener: UInt8) -> [UInt8] {
        switch opener {
        case 0x22: [0x22]
        case 0x60: [0x27, 0x60]
        case 0x27: [0x27]
        default: []
        }
    }
}
