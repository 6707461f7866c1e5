/// Values that stand behind a label, whatever the notation: `Request ID: x`, `"RequestId":"x"`, `requestID: Optional("x")`,
/// `<RequestId>x</RequestId>`, `x-amzn-requestid=x`.
extension SearchText {
    /// How often a label is looked for.
    private static var occurrenceLimit: Int { 64 }

    /// The first value behind one of the labels, from `offset` on, that `accept` takes.
    func value(
        behind labels: [StaticString], from offset: Int = 0, limit: Int = 256, _ isPart: (UInt8) -> Bool,
        accept: (Range<Int>) -> Bool = { !$0.isEmpty }
    ) -> Range<Int>? {
        var found: Range<Int>?
        for label in labels {
            var from = offset
            for _ in 0..<Self.occurrenceLimit {
                guard let at = first(label, from: from) else { break }
                from = at.upperBound
                if let earlier = found, at.lowerBound >= earlier.lowerBound { break }
                guard let start = startOfValue(behind: at.upperBound) else { continue }
                let value = run(at: start, limit: limit, isPart)
                if accept(value) {
                    found = value
                    break
                }
            }
        }
        return found
    }

    /// Where the value behind a label begins; `nil` where no `:`, `=` or `>` follows.
    func startOfValue(behind offset: Int) -> Int? {
        var at = run(at: offset, limit: 4) { Byte.isQuote($0) || Byte.isBlank($0) || $0 == 0x5D }.upperBound
        guard let mark = byte(at), mark == 0x3A || mark == 0x3D || mark == 0x3E else { return nil }
        at = run(at: at + 1, limit: 4) { Byte.isBlank($0) || $0 == 0x3E }.upperBound
        for word: StaticString in ["optional(", "some("] where has(word, at: at) { at += word.utf8CodeUnitCount }
        return run(at: at, limit: 2) { Byte.isQuote($0) || $0 == 0x5B }.upperBound
    }
}

extension ErrorText {
    private static let requestIDLabels: [StaticString] = [
        "request id", "requestid", "request-id", "request_id", "x-amzn-remapped-x-amzn-requestid",
    ]
    private static let extendedLabels: [StaticString] = [
        "extended request id", "extendedrequestid", "extended_request_id", "host id", "hostid", "x-amz-id-2",
        "x-amz-apigw-id",
    ]
    private static let statusLabels: [StaticString] = [
        "status code", "statuscode", "status_code", "response code", "http status", "\"status\"", "code: ",
    ]
    private static let codeLabels: [StaticString] = [
        "error code", "errorcode", "errortype", "exception name", "typename", "__type", "<code", "\"code\"", "code",
    ]

    static func isID(_ byte: UInt8) -> Bool { Byte.isAlphanumeric(byte) || byte == 0x2D }

    /// The service's request id behind a label, from `offset` on; the second id of S3 and a Lambda invocation's are none.
    static func requestID(_ text: SearchText, from offset: Int, isNeverOwn: Bool) -> String? {
        let value = text.value(
            behind: isNeverOwn ? ["x-amzn-requestid", "x-amz-request-id", "'requestid"] : requestIDLabels, from: offset,
            limit: 65, isID
        ) { value in
            guard (16...64).contains(value.count), text.bytes[value].contains(where: Byte.isDigit) else { return false }
            let label = text.run(before: value.lowerBound, limit: 48) {
                $0 != 0x2C && $0 != 0x3B && $0 != 0x0A && $0 != 0x7B
            }
            return text.first("extended", in: label) == nil && text.first("lambda", in: label) == nil
                && text.first("awsrequestid", in: label) == nil
        }
        return value.map(text.string)
    }

    static func extendedRequestID(_ text: SearchText) -> String? {
        text.value(behind: extendedLabels, limit: 129, { Byte.isAlphanumeric($0) || "-_+/=".utf8.contains($0) }) {
            (12...128).contains($0.count)
        }
        .map(text.string)
    }

    static func status(_ text: SearchText, from offset: Int) -> Int? {
        func number(_ range: Range<Int>) -> Int? {
            guard range.count == 3 else { return nil }
            let value = text.bytes[range].reduce(0) { $0 * 10 + Int($1 & 0x0F) }
            return (100...599).contains(value) ? value : nil
        }
        if let found = text.value(
            behind: statusLabels, from: offset, limit: 4, Byte.isDigit, accept: { number($0) != nil })
        {
            return number(found)
        }
        for words: StaticString in ["http/1.1 ", "http/1.0 ", "http/2 ", "http/2.0 ", "http "] {
            if let at = text.first(words), let value = number(text.run(at: at.upperBound, limit: 4, Byte.isDigit)) {
                return value
            }
        }
        for (words, value): (StaticString, Int) in [
            ("403 forbidden", 403), ("401 unauthorized", 401), ("response 403", 403), ("error 403", 403),
        ]
        where text.contains(words) {
            return value
        }
        return nil
    }

    /// The error code behind a label; a namespace before it (`com.amazon.coral.service#`) and what a header adds behind are left out.
    static func labelledCode(_ text: SearchText, from offset: Int) -> String? {
        func name(_ range: Range<Int>) -> Range<Int> {
            let start =
                text.bytes[range].lastIndex(where: { $0 == 0x23 || $0 == 0x2E || $0 == 0x24 }).map { $0 + 1 }
                ?? range.lowerBound
            return start..<range.upperBound
        }
        return text.value(behind: codeLabels, from: offset, limit: 128, { Byte.isWord($0) || ".#$".utf8.contains($0) })
        { value in
            let word = name(value)
            return (6...80).contains(word.count) && Byte.isUpper(text.bytes[word.lowerBound])
                && text.bytes[word].contains(where: Byte.isLower)
        }.map { text.string(name($0)) }
    }
}
