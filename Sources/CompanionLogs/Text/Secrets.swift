/// Takes secrets out of texts that are kept or shown.
///
/// AWS quotes what a caller sent: a bearer token in an `IncompleteSignatureException`, a session token in the canonical request of a
/// signature that does not match. Nothing of them is kept.
public enum Secrets {
    /// What stands where a secret stood.
    static let mark = Array("[removed]".utf8)

    /// The text without secrets: authorization headers, tokens, signatures, passwords, API keys, cookies, and access key ids but for
    /// their last four characters.
    public static func removed(from text: String) -> String {
        String(decoding: removed(from: Array(text.utf8)), as: UTF8.self)
    }

    static func removed(from bytes: [UInt8]) -> [UInt8] {
        let text = SearchText(bytes)
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if let (kept, end) = secret(text, at: index) {
                result += kept
                result += mark
                index = end
            } else {
                result.append(text.bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Labels whose value is a secret, whatever stands between the two.
    private static let labels: [StaticString] = [
        "x-amz-security-token", "x-amz-signature", "x-amz-credential", "x-api-key", "authorization",
        "proxy-authorization", "set-cookie",
        "cookie", "aws_secret_access_key", "secretaccesskey", "secret_access_key", "secretkey", "sessiontoken",
        "session_token",
        "aws_session_token", "securitytoken", "refreshtoken", "refresh_token", "accesstoken", "access_token", "idtoken",
        "id_token", "password",
        "passwd", "client_secret", "clientsecret", "apikey", "api_key", "signature=",
    ]

    /// What is kept of a secret that begins at `offset`, and where it ends; `nil` where none begins.
    private static func secret(_ text: SearchText, at offset: Int) -> (kept: ArraySlice<UInt8>, end: Int)? {
        let isStart = offset == 0 || !Byte.isWord(text.bytes[offset - 1])
        guard isStart else { return nil }
        switch text.bytes[offset] | 0x20 {
        case UInt8(ascii: "b") where text.has("bearer ", at: offset):
            return (text.bytes[offset..<offset + 7], value(text, at: offset + 7).upperBound)
        case UInt8(ascii: "b") where text.has("basic ", at: offset):
            let value = text.run(at: offset + 6, limit: .max, isToken)
            return value.count >= 12 ? (text.bytes[offset..<offset + 6], value.upperBound) : nil
        case UInt8(ascii: "e") where text.has("eyj", at: offset):
            let value = text.run(at: offset, limit: .max, isToken)
            return value.count >= 24 ? ([], value.upperBound) : nil
        case UInt8(ascii: "a") where text.has("akia", at: offset) || text.has("asia", at: offset):
            let value = text.run(at: offset, limit: 129) { Byte.isUpper($0) || Byte.isDigit($0) }
            return (16...128).contains(value.count) ? ([], value.upperBound - 4) : nil
        case UInt8(ascii: "t") where text.has("the canonical string for this request should", at: offset):
            return ([], text.count)
        default: break
        }
        for label in labels where text.has(label, at: offset) {
            var at = offset + label.utf8CodeUnitCount
            if !text.bytes[offset..<at].contains(UInt8(ascii: "=")) {
                let gap = text.run(at: at, limit: 8) {
                    Byte.isQuote($0) || Byte.isSpace($0) || $0 == 0x3A || $0 == 0x3D || $0 == 0x3E
                }
                // "Authorization header requires …" names no value.
                guard text.bytes[gap].contains(where: { $0 == 0x3A || $0 == 0x3D || $0 == 0x3E }) else { continue }
                at = gap.upperBound
            }
            let kept = text.bytes[offset..<at]
            let isHeader =
                text.has("authorization", at: offset) || text.has("cookie", at: offset)
                || text.has("set-cookie", at: offset)
                || text.has("proxy-authorization", at: offset)
            let end = isHeader ? endOfHeader(text, at: at) : value(text, at: at).upperBound
            return end > at ? (kept, end) : nil
        }
        return nil
    }

    private static func value(_ text: SearchText, at offset: Int) -> Range<Int> {
        text.run(at: offset, limit: .max) { !Byte.isSpace($0) && !Byte.isQuote($0) && !",;&)}]<>".utf8.contains($0) }
    }

    /// A header's value holds blanks and commas: it goes to its quote or the end of the line.
    private static func endOfHeader(_ text: SearchText, at offset: Int) -> Int {
        text.run(at: offset, limit: .max) { !Byte.isQuote($0) && $0 != 0x0A && $0 != 0x0D && $0 != 0x3C && $0 != 0x7D }
            .upperBound
    }

    private static func isToken(_ byte: UInt8) -> Bool { Byte.isWord(byte) || "-.+/=~".utf8.contains(byte) }
}
