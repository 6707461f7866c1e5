import IAMPolicy

// The grammar: who, what action, on what resource, and the context that names the policy.
extension MessageReader {
    /// Reads the sentence of the authorization layer, wherever it stands; gives false where there is none.
    func readGrammar(into message: inout DenialMessage) -> Bool {
        var from = 0
        var isBare = false
        while let at = text.first(MessageWords.notAuthorizedTo, in: from..<end) {
            let verb = at + MessageWords.notAuthorizedTo.count
            from = verb
            if text.has(MessageWords.perform, at: verb) {
                let phrase = verb + MessageWords.perform.count
                if MessageWords.bareOperations.contains(where: { text.has($0, at: phrase) }) {
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
            if text.has(MessageWords.access, at: verb) {
                message.principal = principal(before: at)
                message.showsRefusal = true
                // A service's own sentence about a role or a destination, which names nobody who called.
                if message.principal == nil, let sentence = FixedSentence.read(text, end: end),
                    sentence.reason != .unstated
                {
                    message.reason = sentence.reason
                    return true
                }
                var word = verb + MessageWords.access.count
                if text.has(MessageWords.thisResource, at: word) || text.has(MessageWords.theResource, at: word) {
                    return true
                }
                if text.has(MessageWords.resource, at: word) { word += MessageWords.resource.count }
                readResource(from: word, into: &message)
                return true
            }
        }
        if isBare {
            // "You are not authorized to perform this operation", of EC2.
            message.showsRefusal = true
            // What it says beside may tell more.
            if let sentence = FixedSentence.read(text, end: end), sentence.reason != .unstated {
                message.reason = sentence.reason
            }
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
            text.bytes[trimmed.lowerBound..<colon].allSatisfy(MessageByte.isName),
            text.bytes[name].allSatisfy(MessageByte.isName)
        else { return nil }
        return String(decoding: text.folded[trimmed.lowerBound..<colon], as: UTF8.self) + ":" + text.string(name)
    }

    /// The principal in "User: PRINCIPAL is " before `offset`.
    private func principal(before offset: Int) -> String? {
        guard text.has(MessageWords.is, at: offset - MessageWords.is.count) else { return nil }
        let wordEnd = offset - MessageWords.is.count
        var word = wordEnd
        while word > 0, text.bytes[word - 1] != 0x20 { word -= 1 }
        let range = trimming(word..<wordEnd)
        guard !range.isEmpty else { return nil }
        let isNamed =
            text.has(MessageWords.arn, at: range.lowerBound)
            || text.has(MessageWords.user, at: word - MessageWords.user.count)
            || text.has(MessageWords.userQuoted, at: word - MessageWords.userQuoted.count)
        guard isNamed, range.upperBound <= wordEnd else { return nil }
        return text.string(range)
    }

    /// `range` without quotes, brackets and punctuation at its ends.
    private func trimming(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, MessageByte.isQuote(text.bytes[lower]) { lower += 1 }
        while lower < upper, MessageByte.isQuote(text.bytes[upper - 1]) || MessageByte.isStop(text.bytes[upper - 1]) {
            upper -= 1
        }
        return lower..<upper
    }

    /// Reads what follows the action.
    private func readRest(from offset: Int, into message: inout DenialMessage) {
        for phrase in MessageWords.namelessResources where text.has(phrase, at: offset) {
            let next = offset + phrase.count
            if next >= end || text.bytes[next] == 0x20 || text.bytes[next] == 0x2E {
                readContext(in: next..<end, into: &message)
                return
            }
        }
        for phrase in MessageWords.namedResources where text.has(phrase, at: offset) {
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
        let closers = MessageWords.closers(of: text.bytes[offset])
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
        return text.has(MessageWords.because, at: offset) || text.has(MessageWords.explicitDeny, at: offset)
            || (text.isTruncated
                && (text.stops(in: MessageWords.because, at: offset, end: end)
                    || text.stops(in: MessageWords.explicitDeny, at: offset, end: end)))
    }

    /// Where the last context in `range` begins, at its blank: the last that is known, else the last "because" that
    /// follows a resource without blanks.
    private func lastContext(in range: Range<Int>) -> Int? {
        var unknown: Int?
        let setting = text.last(MessageWords.blockPublicAccess, in: range)
        var offset = end - 1
        while offset >= range.lowerBound {
            if text.bytes[offset] == 0x20 {
                if text.has(MessageWords.explicitDeny, at: offset) {
                    let next = offset + MessageWords.explicitDeny.count
                    if next >= end || MessageByte.isContextStop(text.bytes[next]) { return offset }
                } else if text.has(MessageWords.because, at: offset) {
                    if isKnownCause(offset + MessageWords.because.count, setting: setting) { return offset }
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
        text.has(MessageWords.no, at: offset) || text.has(MessageWords.roleTrustTypo, at: offset)
            || text.has(MessageWords.noSuchResource, at: offset)
            || text.has(MessageWords.blockedUploads, at: offset)
            || (text.has(MessageWords.public, at: offset) && setting.map { $0 > offset } ?? false)
            || (text.isTruncated
                && (offset >= end || text.stops(in: MessageWords.no, at: offset, end: end)
                    || text.stops(in: MessageWords.noSuchResource, at: offset, end: end)
                    || text.stops(in: MessageWords.roleTrustTypo, at: offset, end: end)))
    }

    // MARK: The context

    private func readContext(in range: Range<Int>, into message: inout DenialMessage) {
        guard let start = lastContext(in: range) else {
            if text.isTruncated, end == text.count { message.reason = .named("message-cut") }
            return
        }
        if text.has(MessageWords.explicitDeny, at: start) {
            readExplicitDeny(from: start + MessageWords.explicitDeny.count, into: &message)
            return
        }
        let cause = start + MessageWords.because.count
        if text.has(MessageWords.no, at: cause) {
            let typeAt = cause + MessageWords.no.count
            let type = policyType(at: typeAt)
            if let type {
                message.reason = .missingAllow(type.type)
            } else if text.isTruncated || text.first(MessageWords.allowsThe, in: typeAt..<end) != nil {
                message.reason = .missingAllow(nil)
            } else {
                message.reason = .unrecognised
            }
        } else if text.has(MessageWords.roleTrustTypo, at: cause) {
            message.reason = .missingAllow(.roleTrust)
        } else if text.has(MessageWords.noSuchResource, at: cause) {
            message.reason = .named("key-policy-or-region")
        } else if text.has(MessageWords.blockedUploads, at: cause) {
            message.reason = .named("blocked-encryption-type")
        } else if text.first(MessageWords.blockPublicAccess, in: cause..<end) != nil {
            message.reason =
                MessageWords.publicAccessSettings.first { text.first($0.setting, in: cause..<end) != nil }
                .map { .named($0.slug) } ?? .named("block-public-access")
        } else {
            message.reason = text.isTruncated ? .named("message-cut") : .unrecognised
        }
    }

    private func readExplicitDeny(from offset: Int, into message: inout DenialMessage) {
        message.reason = .explicitDeny(nil)
        var at = offset
        if let typeAt = afterArticle(MessageWords.in, at: at), let type = policyType(at: typeAt) {
            var deciding = type.type
            at = type.end
            if let throughAt = afterArticle(MessageWords.transitively, at: at), let through = policyType(at: throughAt)
            {
                message.passedThrough = deciding
                deciding = through.type
                at = through.end
            }
            message.reason = .explicitDeny(deciding)
        }
        for separator in MessageWords.policySeparators where text.has(separator, at: at) {
            let arnAt = text.skippingBlanks(at: at + separator.count, end: end)
            guard text.has(MessageWords.arn, at: arnAt) else { continue }
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
        for article in MessageWords.articles where text.has(article, at: at) { return at + article.count }
        return at
    }

    /// The kind of policy whose name stands at `offset`, and where the name ends. A name that the cut ends is none, since
    /// it may go on.
    private func policyType(at offset: Int) -> (type: PolicyType, end: Int)? {
        for (name, type) in MessageWords.policyTypes where text.has(name, at: offset) {
            let nameEnd = offset + name.count
            if nameEnd > end { continue }
            if nameEnd < end, MessageByte.isName(text.bytes[nameEnd]) { continue }
            return (type, nameEnd)
        }
        return nil
    }
}
