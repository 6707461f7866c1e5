internal import Crypto

/// A SHA-256.
package struct ContentDigest: Sendable, Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// The hash of bytes.
    package init(hashing bytes: [UInt8]) { self.init(bytes: Array(SHA256.hash(data: bytes))) }

    /// Reads 64 hexadecimal digits; `nil` for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 64 else { return nil }
        var (index, word) = (0, UInt64(0))
        words = (0, 0, 0, 0)
        for digit in hex.utf8 {
            guard let value = hexValue(digit) else { return nil }
            word = word << 4 | UInt64(value)
            index += 1
            switch index {
            case 16: words.0 = word
            case 32: words.1 = word
            case 48: words.2 = word
            case 64: words.3 = word
            default: continue
            }
        }
    }

    init(bytes: [UInt8]) {
        func word(_ index: Int) -> UInt64 { bytes[(index * 8)..<(index * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) } }
        words = (word(0), word(1), word(2), word(3))
    }

    /// The hash as 64 lower-case hexadecimal digits.
    package var hex: String {
        hexText(
            [words.0, words.1, words.2, words.3].flatMap { word in (0..<8).map { UInt8(word >> (56 - 8 * $0) & 255) } })
    }

    /// Whether both are the same.
    package static func == (left: ContentDigest, right: ContentDigest) -> Bool { left.words == right.words }

    /// Hashes by the first of its words: it is a hash itself.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

/// The bytes that pairs of hexadecimal digits stand for; `nil` where the text is none.
func hexBytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for byte in text.utf8 {
        guard let value = hexValue(byte) else { return nil }
        if let first = high {
            bytes.append(first << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return high == nil ? bytes : nil
}

/// What a hexadecimal digit stands for.
private func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
