/// Undoes the escapes of texts that were put into JSON strings, once or several times over.
///
/// An error text reaches a log as a member of a JSON line, which another program may have wrapped again. Quotes that only separate
/// members and quotes of the text then look alike; the readers look at what follows a quote, as people do.
enum Escapes {
    /// How often a text may be wrapped.
    private static let wrappingLimit = 4

    /// The text without escapes, and with `&quot;` and its like as what they stand for.
    static func undone(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var text = Array(bytes.prefix(SearchText.lengthLimit))
        for _ in 0..<wrappingLimit {
            guard let plain = withoutEscapes(text) else { break }
            text = plain
        }
        return withoutEntities(text)
    }

    /// The text with its escapes undone once, as a JSON string has them.
    static func undoneOnce(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let text = Array(bytes)
        return withoutEscapes(text) ?? text
    }

    /// `nil` where there is nothing to undo.
    private static func withoutEscapes(_ text: [UInt8]) -> [UInt8]? {
        guard text.contains(0x5C) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var index = 0
        var isChanged = false
        while index < text.count {
            let byte = text[index]
            guard byte == 0x5C, index + 1 < text.count else {
                plain.append(byte)
                index += 1
                continue
            }
            if let (bytes, length) = escape(text, at: index) {
                plain += bytes
                index += length
                isChanged = true
            } else {
                plain.append(byte)
                index += 1
            }
        }
        return isChanged ? plain : nil
    }

    private static func escape(_ text: [UInt8], at index: Int) -> (bytes: [UInt8], length: Int)? {
        switch text[index + 1] {
        case UInt8(ascii: "n"): return ([0x0A], 2)
        case UInt8(ascii: "r"): return ([0x0D], 2)
        case UInt8(ascii: "t"): return ([0x09], 2)
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "`"):
            return ([text[index + 1]], 2)
        case UInt8(ascii: "u"):
            guard index + 6 <= text.count else { return nil }
            var unit: UInt32 = 0
            for byte in text[(index + 2)..<(index + 6)] {
                guard Byte.isHex(byte) else { return nil }
                unit = unit << 4 | UInt32(Byte.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57)
            }
            // Halves of pairs are of no use in an error text.
            guard unit != 0, let scalar = Unicode.Scalar(unit) else { return ([0xEF, 0xBF, 0xBD], 6) }
            return (Array(String(scalar).utf8), 6)
        default: return nil
        }
    }

    private static let entities: [(name: [UInt8], byte: UInt8)] = [
        ("&quot;", 0x22), ("&#34;", 0x22), ("&#39;", 0x27), ("&apos;", 0x27), ("&lt;", 0x3C), ("&gt;", 0x3E),
        ("&amp;", 0x26),
    ].map { (Array($0.0.utf8), $0.1) }

    private static func withoutEntities(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(0x26) else { return text }
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0x26, let known = entities.first(where: { text[index...].starts(with: $0.name) }) {
                plain.append(known.byte)
                index += known.name.count
            } else {
                plain.append(text[index])
                index += 1
            }
        }
        return plain
    }
}
