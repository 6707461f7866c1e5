import AccessDenial

extension ErrorText {
    /// The longest sentence that is kept: AWS's are below 1 KB, but for encoded messages.
    static let sentenceLimit = 4_096

    /// Reads an error message in any SDK's wording, a service's answer, or a page; escapes of JSON and HTML are undone first.
    ///
    /// Never fails: what is not understood is `nil`. Only the first 64 KB are read.
    public init(reading text: String) { self.init(reading: Array(text.utf8)) }

    /// The same over bytes.
    package init(reading bytes: some Sequence<UInt8>) {
        self.init()
        let text = SearchText(Escapes.undone(bytes))
        var reader = ErrorTextReader(text)
        reader.read(into: &self)
        readContext(text)
        if sentence == nil, code == nil || requestID == nil {
            page = ErrorPage(text, status: status, requestID: requestID)
        }
        if requestID == nil, extendedRequestID == nil { extendedRequestID = Self.extendedRequestID(text) }
    }
}

/// One pass over one text: the wording of an SDK first, then whatever labels tell.
private struct ErrorTextReader {
    private let text: SearchText
    /// Where the error begins; labels before it belong to something else.
    private var start = 0

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
    private var isAnswer: Bool {
        let first = text.bytes.first { !Byte.isSpace($0) }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "<")
    }

    // MARK: SDKs

    /// `An error occurred (CODE) when calling the OPERATION operation (reached max retries: 4): MESSAGE`
    private mutating func readBotocore(_ error: inout ErrorText) -> Bool {
        guard let head = text.first("an error occurred (") else { return false }
        let code = text.run(at: head.upperBound, limit: 128) { Byte.isWord($0) || ".-".utf8.contains($0) }
        guard !code.isEmpty, text.has(") when calling the ", at: code.upperBound) else { return false }
        error.sdk = .botocore
        error.code = text.string(code)
        let operation = text.run(at: code.upperBound + 19, Byte.isWord)
        error.operation = text.string(operation)
        start = head.lowerBound
        guard text.has(" operation", at: operation.upperBound) else { return true }
        var at = operation.upperBound + 10
        if text.has(" (reached max retries: ", at: at) {
            at = text.run(at: at) { $0 != 0x29 && $0 != 0x0A }.upperBound + 1
        }
        if text.has(":", at: at) { error.sentence = sentence(from: at + 1) }
        return true
    }

    /// `operation error SERVICE: OPERATION, https response error StatusCode: 403, RequestID: ID, [HostID: ID, ][api error ]CODE: MESSAGE`
    private mutating func readGoV2(_ error: inout ErrorText) -> Bool {
        guard let head = text.first("operation error ") else { return false }
        let service = text.run(at: head.upperBound, limit: 64) { Byte.isAlphanumeric($0) || $0 == 0x20 }
        guard !service.isEmpty, text.has(": ", at: service.upperBound) else { return false }
        let operation = text.run(at: service.upperBound + 2, Byte.isWord)
        guard !operation.isEmpty else { return false }
        error.sdk = .goV2
        error.service = text.string(service)
        error.operation = text.string(operation)
        start = head.lowerBound
        let end = text.endOfLine(operation.upperBound)
        guard let id = text.first("requestid: ", in: operation.upperBound..<end) else { return true }
        var at = text.run(at: id.upperBound, ErrorText.isID).upperBound
        if text.has(", hostid: ", at: at) {
            let host = text.run(at: at + 10) { $0 != 0x2C && !Byte.isSpace($0) }
            if !host.isEmpty { error.extendedRequestID = text.string(host) }
            at = host.upperBound
        }
        if text.has(", ", at: at) { at += 2 }
        if text.has("api error ", at: at) { at += 10 }
        readCode(at: at, &error)
        return true
    }

    /// `MESSAGE (Service: NAME, Status Code: 403, Request ID: ID)` of version 2, with semicolons and an error code of version 1.
    private mutating func readJava(_ error: inout ErrorText) -> Bool {
        guard let head = text.first("(service: ") else { return false }
        let service = text.run(at: head.upperBound, limit: 64) { Byte.isAlphanumeric($0) || Byte.isBlank($0) }
        let isFirst = text.byte(service.upperBound) == UInt8(ascii: ";")
        guard !service.isEmpty, isFirst || text.byte(service.upperBound) == UInt8(ascii: ",") else { return false }
        error.sdk = isFirst ? .javaV1 : .javaV2
        error.service = text.string(service)
        start = head.lowerBound
        let end = head.lowerBound
        var from = text.run(before: end, limit: .max) { $0 != 0x0A && $0 != 0x0D }.lowerBound
        // What stands before it: a logger's own words, and the exception's class.
        if let user = text.first("user: ", in: from..<end) {
            if let (code, _) = codeBeforeColon(in: from..<user.lowerBound) { error.code = code }
            from = user.lowerBound
        } else {
            while let (code, rest) = codeBeforeColon(in: from..<end) {
                error.code = code
                from = rest
            }
        }
        if let code = error.code,
            ["S3Exception", "AmazonServiceException", "AwsServiceException", "SdkServiceException"].contains(code)
                || isClientClass(code)
        {
            error.code = nil
        }
        if let label = text.first("error code: ", in: head.upperBound..<text.endOfLine(head.upperBound)) {
            error.code = text.string(
                text.run(at: label.upperBound, limit: 128) { Byte.isWord($0) || ".-".utf8.contains($0) })
        }
        error.sentence = cleaned(from..<end)
        if let label = text.first("extended request id: ", in: head.upperBound..<text.endOfLine(head.upperBound)) {
            error.extendedRequestID = text.string(
                text.run(at: label.upperBound) { !Byte.isSpace($0) && !",;)".utf8.contains($0) })
        }
        if error.code == nil, error.sentence == "Access Denied" { error.code = "AccessDenied" }
        return true
    }

    /// The class of a whole service's exceptions, which is no code: `PinpointException`, `AmazonPinpointException`.
    private func isClientClass(_ name: String) -> Bool {
        guard name.hasSuffix("Exception") else { return false }
        return name.hasPrefix("Amazon")
            || ErrorCode(name) == .unknown && ServiceName.eventSource(of: String(name.dropLast(9))) != nil
    }

    /// `Amazon.Pinpoint.Model.ForbiddenException: MESSAGE`, `Amazon.S3.AmazonS3Exception: MESSAGE`
    private mutating func readDotNet(_ error: inout ErrorText) -> Bool {
        var from = 0
        for _ in 0..<64 {
            guard let head = text.first("amazon.", from: from) else { return false }
            from = head.upperBound
            let service = text.run(at: head.upperBound, limit: 64, Byte.isWord)
            guard let first = text.byte(service.lowerBound), Byte.isUpper(first), text.byte(service.upperBound) == 0x2E
            else { continue }
            var at = service.upperBound + 1
            if text.has("model.", at: at) { at += 6 }
            let code = text.run(at: at, limit: 128, Byte.isWord)
            guard code.count > 9, text.has("exception", at: code.upperBound - 9), text.has(": ", at: code.upperBound),
                text.string(service) != "Runtime"
            else { continue }
            error.sdk = .dotNet
            error.service = text.string(service)
            let name = text.string(code)
            if !isClientClass(name) { error.code = name }
            start = head.lowerBound
            error.sentence = sentence(from: code.upperBound + 2)
            return true
        }
        return false
    }

    /// `Aws::Pinpoint::Errors::AccessDeniedException (MESSAGE)`, and the client's own log line.
    private mutating func readRuby(_ error: inout ErrorText) -> Bool {
        guard let mark = text.first("::errors::") else { return false }
        let service = text.run(before: mark.lowerBound, limit: 64, Byte.isWord)
        guard text.has("aws::", at: service.lowerBound - 5) else { return false }
        error.sdk = .ruby
        error.service = text.string(service)
        let code = text.run(at: mark.upperBound, limit: 128, Byte.isWord)
        error.code = text.string(code)
        start = service.lowerBound - 5
        var at = code.upperBound
        while let byte = text.byte(at), byte == 0x3A || Byte.isBlank(byte) || byte == 0x3E { at += 1 }
        if text.byte(at) == UInt8(ascii: "(") {
            let end = text.endOfLine(at)
            let close = text.bytes[at..<end].lastIndex(of: UInt8(ascii: ")")) ?? end
            error.sentence = cleaned(at + 1..<max(close, at + 1))
        } else {
            error.sentence = sentence(from: at)
        }
        // [Aws::Pinpoint::Client 403 0.12 0 retries] send_messages(…) Aws::…
        if let client = text.first("::client ", in: 0..<start),
            let close = text.first("] ", in: client.upperBound..<start)
        {
            error.status =
                text.run(at: client.upperBound, limit: 4, Byte.isDigit).count == 3
                ? Int(text.string(client.upperBound..<client.upperBound + 3)) : nil
            let name = text.string(text.run(at: close.upperBound, limit: 80, Byte.isWord))
            error.operation = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }
        return true
    }

    /// `Error executing "SendMessages" on "https://…"; AWS HTTP error: … CODE (client): MESSAGE - {body}`
    private mutating func readPHP(_ error: inout ErrorText) -> Bool {
        guard let head = text.first("error executing \"") else { return false }
        let operation = text.run(at: head.upperBound, Byte.isWord)
        guard text.has("\" on \"", at: operation.upperBound) else { return false }
        error.sdk = .php
        error.operation = text.string(operation)
        start = head.lowerBound
        for words: StaticString in [" (client): ", " (server): "] {
            guard let mark = text.first(words, from: operation.upperBound) else { continue }
            let code = text.run(before: mark.lowerBound, limit: 128, Byte.isWord)
            if !code.isEmpty { error.code = text.string(code) }
            let end =
                text.first(" - {", from: mark.upperBound)?.lowerBound ?? text.first(" - <", from: mark.upperBound)?
                .lowerBound
                ?? text.endOfLine(mark.upperBound)
            if text.string(code) != "Unable" {
                error.sentence = cleaned(mark.upperBound..<min(end, text.endOfLine(mark.upperBound)))
            }
            break
        }
        return true
    }

    /// `HTTP response code: 403 … Exception name: CODE Error message: MESSAGE … x-amzn-requestid : ID`
    private mutating func readCPP(_ error: inout ErrorText) -> Bool {
        guard let name = text.first("exception name: "), let head = text.first("error message: ", from: name.upperBound)
        else { return false }
        error.sdk = .cpp
        let code = text.run(at: name.upperBound, limit: 128, Byte.isWord)
        if !code.isEmpty { error.code = text.string(code) }
        let line = text.endOfLine(head.upperBound)
        let end = text.first(" with address", in: head.upperBound..<line)?.lowerBound ?? line
        error.sentence = cleaned(head.upperBound..<end)
        return true
    }

    /// `UnknownAWSHTTPServiceError(typeName: Optional("CODE"), message: Optional("MESSAGE"), requestID: Optional("ID"), …)`
    private mutating func readSwift(_ error: inout ErrorText) -> Bool {
        guard text.contains("optional(\""),
            let type = text.first("typename: optional(\"") ?? text.first("requestid: optional(\"")
        else { return false }
        error.sdk = .swift
        if text.has("typename", at: type.lowerBound) {
            error.code = text.string(text.run(at: type.upperBound, limit: 128, Byte.isWord))
        }
        if let head = text.first("message: optional(\"") {
            error.sentence = sentence(from: head.upperBound, quote: UInt8(ascii: "\""))
        }
        return true
    }

    /// `Error { code: "CODE", message: "MESSAGE", aws_request_id: "ID" }`, `ErrorMetadata { code: Some("CODE"), message: Some("MESSAGE"), … }`
    private mutating func readRust(_ error: inout ErrorText) -> Bool {
        guard text.contains("aws_request_id") || text.contains("unhandled error (") || text.contains("errormetadata {")
        else { return false }
        error.sdk = .rust
        if let unhandled = text.first("unhandled error (") {
            error.code = text.string(text.run(at: unhandled.upperBound, limit: 128, Byte.isWord))
        }
        for words: StaticString in ["message: some(\"", "message: \""] {
            guard let head = text.first(words) else { continue }
            error.sentence = sentence(from: head.upperBound, quote: UInt8(ascii: "\""))
            break
        }
        return true
    }

    /// `CODE: MESSAGE` with `$metadata` of version 3, or with `requestId`, `statusCode` and `retryable` of version 2.
    private mutating func readJavaScript(_ error: inout ErrorText) -> Bool {
        let isThird = text.contains("$metadata") || text.contains("$fault")
        guard isThird || text.contains("retryable") && text.contains("statuscode") else { return false }
        error.sdk = isThird ? .javaScriptV3 : .javaScriptV2
        if let (code, rest) = codeBeforeColon() {
            error.code = code
            error.sentence = sentence(from: rest)
        }
        if isThird, let metadata = text.first("$metadata") { start = metadata.lowerBound }
        return true
    }

    /// `CODE: MESSAGE`, then on a line of its own `status code: 403, request id: ID`, or `RespMetadata: {…}`.
    private mutating func readGoV1(_ error: inout ErrorText) -> Bool {
        guard let mark = text.first("status code: ") ?? text.first("respmetadata: {") else { return false }
        let isModelled = text.has("respmetadata", at: mark.lowerBound)
        guard isModelled || text.first(", request id: ", in: mark.upperBound..<text.endOfLine(mark.upperBound)) != nil,
            let (code, rest) = codeBeforeColon(in: 0..<mark.lowerBound)
        else { return false }
        error.sdk = .goV1
        error.code = code
        let end = text.endOfLine(rest) < mark.lowerBound ? text.endOfLine(rest) : mark.lowerBound
        error.sentence = cleaned(rest..<end)
        return true
    }

    private func readCode(at offset: Int, _ error: inout ErrorText) {
        let code = text.run(at: offset, limit: 128) { Byte.isWord($0) || ".-".utf8.contains($0) }
        guard !code.isEmpty, text.has(": ", at: code.upperBound) else { return }
        error.code = text.string(code)
        error.sentence = sentence(from: code.upperBound + 2)
    }

    // MARK: Codes

    /// The first error code or exception's class that a colon follows, and where the rest begins.
    private func codeBeforeColon(in range: Range<Int>? = nil) -> (code: String, rest: Int)? {
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
    private func lonelyCode() -> String? {
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
    private func isCode(_ word: Range<Int>) -> Bool {
        guard (8...100).contains(word.count), let first = text.byte(word.lowerBound), Byte.isUpper(first),
            text.bytes[(word.lowerBound + 1)..<word.upperBound].contains(where: Byte.isUpper),
            text.bytes[word].contains(where: Byte.isLower)
        else { return false }
        if text.has("exception", at: word.upperBound - 9) || text.has("fault", at: word.upperBound - 5) { return true }
        return ErrorCode(text.string(word)) != .unknown
    }

    // MARK: Sentences

    /// AWS's sentence about a user, wherever it stands.
    private func anchoredSentence() -> String? {
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
    private func gatewaySentence() -> String? {
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
    private func labelledSentence() -> String? {
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
    private func sentence(from offset: Int, quote: UInt8? = nil) -> String? {
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
    private func isClosing(_ offset: Int) -> Bool {
        let at = text.run(at: offset, limit: 8, Byte.isBlank).upperBound
        guard let next = text.byte(at) else { return true }
        return ",}])\r\n;".utf8.contains(next) || text.has("</", at: at)
    }

    /// Whether a line ends within the grammar's sentence, or the next line goes on with it.
    private func isBroken(_ range: Range<Int>) -> Bool {
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

    private func cleaned(_ range: Range<Int>) -> String? {
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

extension ErrorPage {
    /// What a text is that holds no error of an API; `nil` where it does not tell.
    fileprivate init?(_ text: SearchText, status: Int?, requestID: String?) {
        func holds(_ words: StaticString...) -> Bool { words.contains { text.contains($0) } }
        if holds("generated by cloudfront", "the request could not be satisfied") {
            self =
                holds("request blocked", "configured to block access from your country")
                ? .cloudFrontBlocked : .cloudFront
        } else if holds("awselb/") {
            self = .loadBalancer
        } else if holds(
            "task timed out after", "read timeout on endpoint", "sockettimeoutexception", "operation timed out",
            "timeout awaiting response")
        {
            self = .timeout
        } else if holds(
            "could not connect to the endpoint", "connect timeout on endpoint", "connecttimeout",
            "connection timed out", "connection refused",
            "unknownhostexception", "enotfound", "eai_again", "econnrefused", "etimedout", "no such host",
            "i/o timeout",
            "name or service not known", "temporary failure in name resolution", "could not resolve host",
            "unable to connect")
        {
            self = .network
        } else if holds(
            "proxy error", "tunnel connection failed", "connect tunnel failed", "proxy authentication", "squid",
            "zscaler", "<html", "<!doctype")
            && requestID == nil
        {
            self = .proxy
        } else {
            return nil
        }
    }
}
