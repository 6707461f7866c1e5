extension DenialMessage {
    /// A message with what differs from event to event masked: ARNs, account ids, access keys, ids, numbers, addresses and
    /// what stands in quotes. Messages of one wording give one shape, so that unknown wordings can be counted, and sent in
    /// without telling anything about the account.
    public static func shape(of message: String) -> String {
        var words: [Substring] = []
        for word in MessageText(message, isTruncated: false).maskedQuotes().split(separator: " ") {
            words.append(masked(word))
        }
        return words.joined(separator: " ")
    }

    private static func masked(_ word: Substring) -> Substring {
        let trailing = word.reversed().prefix { stops.contains($0) }.count
        let core = word.dropLast(trailing)
        let end = word.suffix(trailing)
        let leading = core.prefix { $0 == "[" || $0 == "(" || $0 == "`" }
        let value = core.dropFirst(leading.count)
        guard let mask = mask(of: value) else { return word }
        return leading + mask + end
    }

    /// What stands for a word; `nil` for a word of the wording.
    private static func mask(of word: Substring) -> Substring? {
        if word.hasPrefix("arn:") { return "ARN" }
        if word.contains("://") { return "URL" }
        if word.contains("@") { return "ADDRESS" }
        let digits = word.utf8.count { $0 >= 0x30 && $0 <= 0x39 }
        guard digits > 0 else { return nil }
        if digits == word.utf8.count { return digits == 12 ? "ACCOUNT" : "NUMBER" }
        return "ID"
    }

    private static let stops: Set<Character> = [".", ",", ";", ":", ")", "]", "'", "!", "?"]
}

extension MessageText {
    /// The text with what stands in pairs of quotes replaced by three dots.
    func maskedQuotes() -> String {
        var result: [UInt8] = []
        var index = 0
        while index < count {
            let byte = bytes[index]
            // An apostrophe within a word opens nothing.
            let isOpening = byte == 0x22 || (byte == 0x27 && (index == 0 || bytes[index - 1] == 0x20))
            if isOpening, let close = bytes[(index + 1)...].firstIndex(of: byte) {
                result += [byte, 0x2E, 0x2E, 0x2E, byte]
                index = close + 1
            } else {
                result.append(byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
