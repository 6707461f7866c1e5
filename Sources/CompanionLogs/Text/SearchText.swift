/// A message to be searched: its bytes, with a copy in lower case.
///
/// Offsets mean the same byte in both. Only ASCII letters change case. What stands beyond ``lengthLimit`` is not read: no error text
/// is longer, but a line of a log can be anything.
struct SearchText {
    /// The message.
    let bytes: [UInt8]
    /// ``bytes`` in lower case.
    private let folded: [UInt8]

    /// How many bytes of a message are read.
    static let lengthLimit = 64 << 10

    init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes.prefix(Self.lengthLimit))
        folded = self.bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    var count: Int { bytes.count }

    /// The text of a range.
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The byte at an offset; `nil` behind the end and before the start.
    func byte(_ offset: Int) -> UInt8? { bytes.indices.contains(offset) ? bytes[offset] : nil }

    /// Whether `words` (in lower case) stand at `offset`.
    func has(_ words: StaticString, at offset: Int) -> Bool {
        let length = words.utf8CodeUnitCount
        guard offset >= 0, offset + length <= folded.count else { return false }
        return words.withUTF8Buffer { buffer in
            var index = 0
            while index < length {
                // SAFETY: the buffer has `length` bytes.
                if unsafe folded[offset + index] != buffer[index] { return false }
                index += 1
            }
            return true
        }
    }

    /// Where `words` (in lower case) first stand in `range`, all of them inside.
    func first(_ words: StaticString, in range: Range<Int>) -> Range<Int>? {
        let length = words.utf8CodeUnitCount
        let last = min(range.upperBound, folded.count) - length
        guard length > 0, range.lowerBound <= last else { return nil }
        return words.withUTF8Buffer { buffer in
            let head = unsafe buffer[0]
            var offset = range.lowerBound
            search: while offset <= last {
                if folded[offset] == head {
                    var index = 1
                    while index < length {
                        // SAFETY: the buffer has `length` bytes.
                        if unsafe folded[offset + index] != buffer[index] {
                            offset += 1
                            continue search
                        }
                        index += 1
                    }
                    return offset..<offset + length
                }
                offset += 1
            }
            return nil
        }
    }

    /// Where `words` first stand from `offset` on.
    func first(_ words: StaticString, from offset: Int = 0) -> Range<Int>? {
        offset < count ? first(words, in: offset..<count) : nil
    }

    /// Whether `words` stand anywhere.
    func contains(_ words: StaticString) -> Bool { first(words) != nil }

    /// The run of bytes from `offset` on that `isPart` accepts, at most `limit` of them.
    func run(at offset: Int, limit: Int = 256, _ isPart: (UInt8) -> Bool) -> Range<Int> {
        var end = offset
        while end < count, end - offset < limit, isPart(bytes[end]) { end += 1 }
        return offset..<end
    }

    /// The run of bytes that ends before `offset`.
    func run(before offset: Int, limit: Int = 256, _ isPart: (UInt8) -> Bool) -> Range<Int> {
        var start = offset
        while start > 0, offset - start < limit, isPart(bytes[start - 1]) { start -= 1 }
        return start..<offset
    }

    /// The end of the line that `offset` is in.
    func endOfLine(_ offset: Int) -> Int {
        var end = offset
        while end < count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        return end
    }
}

/// Kinds of bytes.
enum Byte {
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 <= 25 }
    static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 <= 25 }
    static func isLetter(_ byte: UInt8) -> Bool { isUpper(byte) || isLower(byte) }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
    /// A letter, a digit or `_`.
    static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5F }
    static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 <= 5 }
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    static func isQuote(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
}
