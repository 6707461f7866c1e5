/// An error message prepared for reading: white space normalised, with a copy in lower case to search in.
///
/// Offsets mean the same byte in both. Text is UTF-8; only ASCII letters change case and only ASCII white space is
/// folded, so that no other character is touched.
struct MessageText {
    /// The message with every run of white space as one blank, none at either end.
    let bytes: [UInt8]
    /// ``bytes`` in lower case.
    let folded: [UInt8]
    /// Whether CloudTrail cut the message; the three dots that it then puts at the end are not part of ``bytes``.
    let isTruncated: Bool
    /// Whether normalising changed anything, so that offsets differ from those of the original.
    private let isNormalised: Bool
    private let original: String

    /// CloudTrail cuts `errorMessage` at 1 KB ("CloudTrail record contents" in the AWS CloudTrail user guide); real cut
    /// messages have 1,024 and 1,026 characters and end in three dots.
    static let cutLength = 1_024
    /// From this length on three dots at the end are CloudTrail's.
    static let dottedCutLength = 1_000
    /// What stands beyond is not read: no AWS message is longer, but a hostile record can hold anything.
    static let longestRead = 16_384

    /// Prepares `text`. `isTruncated` overrides what the length says.
    init(_ text: String, isTruncated override: Bool? = nil) {
        var bytes: [UInt8] = []
        var read = 0
        var changed = false
        var pendingBlank = false
        // Nearly every message is as it should be.
        let isNormal = MessageText.isNormal(text)
        if isNormal {
            bytes = Array(text.utf8)
            read = bytes.count
        } else {
            bytes.reserveCapacity(min(text.utf8.count, MessageText.longestRead))
        }
        for byte in isNormal ? "".utf8 : text.utf8 {
            read += 1
            if read > MessageText.longestRead { break }
            if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
                if pendingBlank || bytes.isEmpty || byte != 0x20 { changed = true }
                pendingBlank = !bytes.isEmpty
            } else {
                if pendingBlank { bytes.append(0x20) }
                pendingBlank = false
                bytes.append(byte)
            }
        }
        let endsInDots = bytes.count >= 3 && bytes.suffix(3).elementsEqual([0x2E, 0x2E, 0x2E])
        let truncated =
            override ?? (read >= MessageText.cutLength || (read >= MessageText.dottedCutLength && endsInDots))
        if truncated, endsInDots {
            bytes.removeLast(3)
            if bytes.last == 0x20 { bytes.removeLast() }
        }
        var folded = bytes
        for index in folded.indices where folded[index] >= 0x41 && folded[index] <= 0x5A { folded[index] |= 0x20 }
        self.bytes = bytes
        self.folded = folded
        self.isTruncated = truncated
        isNormalised = changed
        original = text
    }

    /// Whether a text is short enough, and has no white space but single blanks between words.
    private static func isNormal(_ text: String) -> Bool {
        let bytes = text.utf8Span.span
        guard bytes.count <= longestRead else { return false }
        var wasBlank = true
        for place in bytes.indices {
            let byte = bytes[place]
            let isBlank = byte == 0x20
            if byte >= 0x09 && byte <= 0x0D || isBlank && wasBlank { return false }
            wasBlank = isBlank
        }
        return !wasBlank || bytes.isEmpty
    }

    /// The number of bytes.
    var count: Int { bytes.count }

    /// The text of a range of ``bytes``.
    func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The text of a range of ``bytes`` as it stood in the original, with its own white space.
    func originalString(_ range: Range<Int>) -> String {
        guard isNormalised, !range.isEmpty else { return string(range) }
        var result: [UInt8] = []
        var position = -1
        var pending: [UInt8] = []
        for byte in original.utf8.prefix(MessageText.longestRead) {
            if byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) {
                if position >= 0 { pending.append(byte) }
                continue
            }
            if !pending.isEmpty {
                position += 1
                if range.contains(position) { result += pending }
                pending.removeAll(keepingCapacity: true)
            }
            position += 1
            if position >= range.upperBound { break }
            if range.contains(position) { result.append(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Whether `needle` (in lower case) stands at `offset`.
    func has(_ needle: Needle, at offset: Int) -> Bool {
        let end = offset + needle.bytes.count
        guard offset >= 0, end <= folded.count else { return false }
        var at = offset
        for byte in needle.bytes {
            if folded[at] != byte { return false }
            at += 1
        }
        return true
    }

    /// Whether the text up to `end` stops in the middle of `needle`, of which a part, or nothing, stands at `offset`.
    func stops(in needle: Needle, at offset: Int, end: Int) -> Bool {
        let length = end - offset
        guard length >= 0, length < needle.bytes.count else { return false }
        for index in 0..<length where folded[offset + index] != needle.bytes[index] { return false }
        return true
    }

    /// Where `needle` first begins in `range`, all of it inside.
    func first(_ needle: Needle, in range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        let last = range.upperBound - needle.bytes.count
        let (text, rare) = (folded.span, needle.rarest)
        while offset <= last {
            if text[offset + rare.place] == rare.byte, has(needle, at: offset) { return offset }
            offset += 1
        }
        return nil
    }

    /// Where `needle` last begins in `range`, all of it inside.
    func last(_ needle: Needle, in range: Range<Int>) -> Int? {
        var offset = range.upperBound - needle.bytes.count
        let (text, rare) = (folded.span, needle.rarest)
        while offset >= range.lowerBound {
            if text[offset + rare.place] == rare.byte, has(needle, at: offset) { return offset }
            offset -= 1
        }
        return nil
    }

    /// Where the word that begins at `offset` ends: at the next blank, or at `end`.
    func endOfWord(at offset: Int, end: Int) -> Int {
        var index = offset
        while index < end, bytes[index] != 0x20 { index += 1 }
        return index
    }

    /// `offset`, or the place of the next byte that is no blank.
    func skippingBlanks(at offset: Int, end: Int) -> Int {
        var index = offset
        while index < end, bytes[index] == 0x20 { index += 1 }
        return index
    }
}

/// A text to look for, in lower case.
struct Needle: ExpressibleByStringLiteral, Sendable {
    let bytes: [UInt8]
    /// The byte of it that is the rarest in messages, with its place: what a search looks for first.
    let rarest: (place: Int, byte: UInt8)

    init(stringLiteral text: StaticString) {
        let bytes = Array(text.description.utf8)
        self.bytes = bytes
        // Most messages hold ARNs and sentences: blanks and vowels stand everywhere, letters of few words hardly.
        let byFrequency = Array(" eiaosrntlcdupm:h/-gbyfv0123456789wkxzqj.,();`'\"".utf8)
        func rank(_ byte: UInt8) -> Int { byFrequency.firstIndex(of: byte) ?? byFrequency.count }
        let place = bytes.indices.max { rank(bytes[$0]) < rank(bytes[$1]) } ?? 0
        rarest = (place, bytes.isEmpty ? 0 : bytes[place])
    }

    var count: Int { bytes.count }
}
