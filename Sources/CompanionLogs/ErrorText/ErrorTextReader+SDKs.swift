import AccessDenial

// How each SDK words a service's answer.
extension ErrorTextReader {
    /// `An error occurred (CODE) when calling the OPERATION operation (reached max retries: 4): MESSAGE`
    mutating func readBotocore(_ error: inout ErrorText) -> Bool {
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
    mutating func readGoV2(_ error: inout ErrorText) -> Bool {
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
    mutating func readJava(_ error: inout ErrorText) -> Bool {
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
    func isClientClass(_ name: String) -> Bool {
        guard name.hasSuffix("Exception") else { return false }
        return name.hasPrefix("Amazon")
            || ErrorCode(name) == .unknown && ServiceName.eventSource(of: String(name.dropLast(9))) != nil
    }

    /// `Amazon.Pinpoint.Model.ForbiddenException: MESSAGE`, `Amazon.S3.AmazonS3Exception: MESSAGE`
    mutating func readDotNet(_ error: inout ErrorText) -> Bool {
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
    mutating func readRuby(_ error: inout ErrorText) -> Bool {
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
    mutating func readPHP(_ error: inout ErrorText) -> Bool {
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
    mutating func readCPP(_ error: inout ErrorText) -> Bool {
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
    mutating func readSwift(_ error: inout ErrorText) -> Bool {
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
    mutating func readRust(_ error: inout ErrorText) -> Bool {
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
    mutating func readJavaScript(_ error: inout ErrorText) -> Bool {
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
    mutating func readGoV1(_ error: inout ErrorText) -> Bool {
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

    func readCode(at offset: Int, _ error: inout ErrorText) {
        let code = text.run(at: offset, limit: 128) { Byte.isWord($0) || ".-".utf8.contains($0) }
        guard !code.isEmpty, text.has(": ", at: code.upperBound) else { return }
        error.code = text.string(code)
        error.sentence = sentence(from: code.upperBound + 2)
    }
}
