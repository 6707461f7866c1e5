import AccessDenial

/// One pass over one text: the wording of an SDK first, then whatever labels tell.
struct ErrorTextReader {
    let text: SearchText
    /// Where the error begins; labels before it belong to something else.
    var start = 0

    init(_ text: SearchText) { self.text = text }

    mutating func read(into error: inout ErrorText) {
        _ =
            readBotocore(&error) || readGoV2(&error) || readJava(&error) || readDotNet(&error) || readRuby(&error)
            || readPHP(&error)
            || readCPP(&error) || readSwift(&error) || readRust(&error) || readJavaScript(&error) || readGoV1(&error)
        if error.sentence == nil { error.sentence = anchoredSentence() ?? labelledSentence() }
        if error.sentence == nil, let (code, rest) = codeBeforeColon(), ErrorCode(code) != .unknown {
            error.code = error.code ?? code
            error.sentence = sentence(from: rest)
        }
        if error.sentence == nil { error.sentence = gatewaySentence() }
        if error.code == nil {
            error.code = ErrorText.labelledCode(text, from: start) ?? codeBeforeColon()?.code ?? lonelyCode()
        }
        if error.status == nil { error.status = ErrorText.status(text, from: start) }
        if error.requestID == nil {
            error.requestID = ErrorText.requestID(
                text, from: start, isNeverOwn: error.sdk.map { !$0.tellsRequestID } ?? false)
        }
        if error.sdk == nil, error.code != nil || error.sentence != nil, isAnswer { error.sdk = .answer }
    }

    /// Whether the text is JSON or XML from its first byte on.
    var isAnswer: Bool {
        let first = text.bytes.first { !Byte.isSpace($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "<")
    }

    // MARK: Codes

    /// The first error code or exception's class that a colon follows, and where the rest begins.
    func codeBeforeColon(in range: Range<Int>? = nil) -> (code: String, rest: Int)? {
        let range = range ?? start..<text.count
        var from = range.lowerBound
        for _ in 0..<256 {
            guard let colon = text.first(": ", in: from..<max(from, range.upperBound)) else { return nil }
            from = colon.upperBound
            let word = text.run(before: colon.lowerBound, limit: 200, Byte.isWord)
            if isCode(word) { return (text.string(word), colon.upperBound) }
        }
        return nil
    }

    /// A code that stands alone, as in `unauthorized (UnrecognizedClientException)`.
    func lonelyCode() -> String? {
        var index = start
        while index < text.count {
            guard Byte.isUpper(text.bytes[index]), index == 0 || !Byte.isWord(text.bytes[index - 1]) else {
                index += 1
                continue
            }
            let word = text.run(at: index, limit: 100, Byte.isWord)
            if isCode(word) { return text.string(word) }
            index = word.upperBound
        }
        return nil
    }

    /// Whether a word is an error code: one that is known, or one that is written like one. A word of prose is none.
    func isCode(_ word: Range<Int>) -> Bool {
        guard (8...100).contains(word.count), let first = text.byte(word.lowerBound), Byte.isUpper(first),
            text.bytes[(word.lowerBound + 1)..<word.upperBound].contains(where: Byte.isUpper),
            text.bytes[word].contains(where: Byte.isLower)
        else { return false }
        if text.has("exception", at: word.upperBound - 9) || text.has("fault", at: word.upperBound - 5) { return true }
        return ErrorCode(text.string(word)) != .unknown
    }

    // MARK: Sentences

    /// AWS's sentence about a user, wherever it stands.
    func anchoredSentence() -> String? {
        for words: StaticString in [
            "is not authorized to perform", "is not authorized to access this resource",
            "not authorized to perform this operation",
        ] {
            guard let anchor = text.first(words) else { continue }
            let line = text.run(before: anchor.lowerBound, limit: 2_048) { $0 != 0x0A && $0 != 0x0D }
            var from = line.lowerBound
            var at = line.lowerBound
            // The last "User: " before it opens the sentence.
            while let user = text.first("user", in: at..<anchor.lowerBound) {
                if let next = text.byte(user.upperBound), next == 0x3A || next == 0x20 { from = user.lowerBound }
                at = user.upperBound
            }
            if from == line.lowerBound, text.has("not", at: anchor.lowerBound) {
                from = text.first("you are ", in: line.lowerBound..<anchor.lowerBound)?.lowerBound ?? anchor.lowerBound
            }
            let quote = text.byte(from - 1).flatMap { Byte.isQuote($0) ? $0 : nil }
            return sentence(from: from, quote: quote)
        }
        return nil
    }

    /// A line of API Gateway's execution log that tells of a refusal.
    func gatewaySentence() -> String? {
        var start = self.start
        for _ in 0..<32 where start < text.count {
            let end = text.endOfLine(start)
            let line = text.string(start..<min(end, start + ErrorText.sentenceLimit))
            switch GatewayRefusal(response: nil, message: line) {
            case .apiKey, .authorizer, .integrationRole: return cleaned(start..<end)
            case .missingToken, .resourcePolicy, .iam, .firewall, .signature, .credentials, .unauthenticated,
                .integration, .unstated, nil:
                start = end + 1
            }
        }
        return nil
    }

    /// What stands behind a label such as `"Message"`, `message:` or `<Message>`.
    func labelledSentence() -> String? {
        for words: StaticString in ["<message>", "errormessage", "message_", "\"message\"", "message", "\"error\""] {
            var from = start
            for _ in 0..<32 {
                guard let label = text.first(words, from: from) else { break }
                from = label.upperBound
                if text.has("<message>", at: label.lowerBound) {
                    let end = text.first("</", from: label.upperBound)?.lowerBound ?? text.endOfLine(label.upperBound)
                    return cleaned(label.upperBound..<end)
                }
                var at = label.upperBound
                while let byte = text.byte(at), Byte.isQuote(byte) || Byte.isBlank(byte) { at += 1 }
                guard let mark = text.byte(at), mark == 0x3A || mark == 0x3D else { continue }
                at = text.run(at: at + 1, limit: 4, Byte.isBlank).upperBound
                guard let quote = text.byte(at), Byte.isQuote(quote), let found = sentence(from: at + 1, quote: quote)
                else { continue }
                return found
            }
        }
        return nil
    }

    /// The sentence that begins at `offset`: to its quote, or to the end of the line and to what an SDK puts behind. A sentence
    /// that a terminal has broken over lines is joined.
    func sentence(from offset: Int, quote: UInt8? = nil) -> String? {
        let offset = text.run(at: offset, limit: 16, Byte.isSpace).upperBound
        guard offset < text.count else { return nil }
        if let quote {
            var end = offset
            let last = min(text.count, offset + ErrorText.sentenceLimit)
            while end < last, !(text.bytes[end] == quote && isClosing(end + 1)) { end += 1 }
            return cleaned(offset..<end)
        }
        var line = text.endOfLine(offset)
        for _ in 0..<4 {
            guard line + 1 < text.count, isBroken(offset..<line) else { break }
            line = text.endOfLine(line + 1)
        }
        var end = line
        for words: StaticString in [
            " (service: ", "</", "<br", " - {", " with address", ", \"", "\",", "\"}", "\"]", "', ",
        ] {
            if let at = text.first(words, in: offset..<end) { end = at.lowerBound }
        }
        return cleaned(offset..<end)
    }

    /// Whether what follows a quote shows that it closes something.
    func isClosing(_ offset: Int) -> Bool {
        let at = text.run(at: offset, limit: 8, Byte.isBlank).upperBound
        guard let next = text.byte(at) else { return true }
        return ",}])\r\n;".utf8.contains(next) || text.has("</", at: at)
    }

    /// Whether a line ends within the grammar's sentence, or the next line goes on with it.
    func isBroken(_ range: Range<Int>) -> Bool {
        guard let verb = text.first("not authorized to perform", in: range) else {
            return text.first("user: ", in: range) != nil
                && text.first("is not", from: range.upperBound).map { $0.lowerBound - range.upperBound < 4 } ?? false
        }
        let next = text.run(at: range.upperBound, limit: 16, Byte.isSpace).upperBound
        if text.run(at: verb.upperBound, limit: 200, { $0 != 0x0A }).count < 5 { return next < text.count }
        for words: StaticString in [
            "on resource", "because no", "with an explicit deny", "resource:", "arn:", "allows the", "action",
        ] where text.has(words, at: next) {
            return true
        }
        return text.has("resource:", at: range.upperBound - 9) || text.has("because", at: range.upperBound - 7)
    }

    func cleaned(_ range: Range<Int>) -> String? {
        var bytes = text.bytes[range.lowerBound..<min(range.upperBound, range.lowerBound + ErrorText.sentenceLimit)]
        while let first = bytes.first, Byte.isSpace(first) || Byte.isQuote(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last,
            Byte.isSpace(last) || last == 0x2C || (Byte.isQuote(last) && bytes.count(where: { $0 == last }) % 2 == 1)
        {
            bytes = bytes.dropLast()
        }
        guard !bytes.isEmpty else { return nil }
        // A line break of a terminal is a blank.
        let folded = bytes.map { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 ? 0x20 : $0 }
        return String(decoding: Secrets.removed(from: folded), as: UTF8.self)
    }
}
