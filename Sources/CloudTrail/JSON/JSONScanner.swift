/// A strict RFC 8259 scanner over bytes in memory, eight bytes at a time.
///
/// It validates whatever it passes, skipped parts included, and never decodes. It keeps no recursion: nesting costs one bit
/// a level, up to `depthLimit`. Invalid UTF-8, unpaired surrogates and `\u0000` inside strings do not stop it; they set `isRepaired`.
///
/// Every read is checked against `end`, so a scanner is safe as long as the memory it was made over lives.
// SAFETY: `base` is read in `byte` and `word` alone, whose callers have compared the offset with `end` before.
@safe struct JSONScanner {
    /// How deep arrays and objects may nest. Real records stay below 20; `JSONDecoder` stops at 512 too.
    static let depthLimit = 512

    private let base: UnsafeRawPointer
    /// Offset of the next byte to read.
    var position: Int
    /// Offset after the last byte.
    let end: Int
    /// Whether no byte can follow, so that a number may end at `end`.
    let isFinal: Bool
    /// Whether a string passed so far cannot be decoded without U+FFFD.
    var isRepaired = false

    private var nesting: UInt64 = 0
    private var depth = 0
    private var spilledNesting: [UInt64] = []

    /// A scanner that starts at `position` of `bytes`, which must outlive it.
    @unsafe init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0, isFinal: Bool) {
        // SAFETY: an empty buffer may have no address; with `end` 0 the stand-in is never read.
        unsafe base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        self.position = position
        end = bytes.count
        self.isFinal = isFinal
    }

    @inline(__always) func byte(_ offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < end)
        // SAFETY: callers have checked `offset < end`.
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always) private func word(_ offset: Int) -> UInt64 {
        assert(offset >= 0 && offset &+ 8 <= end)
        // SAFETY: callers have checked `offset + 8 <= end`.
        return unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes from `start` to `end`, both of which must lie within the scanned bytes.
    @inline(__always) @unsafe func slice(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
        assert(start >= 0 && start <= end && end <= self.end)
        // SAFETY: callers pass offsets that the scanner has passed.
        return unsafe UnsafeRawBufferPointer(start: base + start, count: end &- start)
    }

    // MARK: Tokens

    /// Moves to the next byte that is no white space and returns it.
    @inline(__always) mutating func next() throws(JSONFault) -> UInt8 {
        if position < end {
            let value = byte(position)
            if value > 0x20 { return value }
        }
        return try nextAfterSpace()
    }

    @inline(never) private mutating func nextAfterSpace() throws(JSONFault) -> UInt8 {
        skipSpace()
        guard position < end else { throw .needsMore }
        return byte(position)
    }

    /// Moves over white space.
    mutating func skipSpace() {
        var offset = position
        while offset < end {
            while offset &+ 8 <= end, word(offset) == 0x2020_2020_2020_2020 { offset &+= 8 }
            guard offset < end else { break }
            let value = byte(offset)
            guard value == 0x20 || value == 0x0A || value == 0x0D || value == 0x09 else { break }
            offset &+= 1
        }
        position = offset
    }

    /// A string that was passed: its content between the quotes.
    struct StringToken {
        var start: Int
        var end: Int
        /// Whether the content is its own decoding: no escapes, valid UTF-8.
        var isPlain: Bool

        /// The decoded content; `bytes` must be those that were scanned.
        func text(in bytes: UnsafeRawBufferPointer) -> String {
            let kind = isPlain ? FieldReference.Kind.plainString : .escapedString
            let reference = FieldReference(
                offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end - start), kind: kind)
            return unsafe reference.string(in: bytes) ?? ""
        }
    }

    /// Passes the string whose opening quote is at `position`.
    @inline(__always) mutating func string() throws(JSONFault) -> StringToken {
        let start = position &+ 1
        var offset = start
        var high: UInt64 = 0
        while offset &+ 8 <= end {
            let bytes = word(offset)
            high |= bytes
            let stops = Self.stops(in: bytes)
            if stops == 0 {
                offset &+= 8
                continue
            }
            offset &+= stops.trailingZeroBitCount &>> 3
            if byte(offset) == UInt8(ascii: "\""), high & 0x8080_8080_8080_8080 == 0 {
                position = offset &+ 1
                return StringToken(start: start, end: offset, isPlain: true)
            }
            break
        }
        return try stringTail(start: start, from: offset, high: high)
    }

    /// Goes on with a string from its first byte that is special, or near the end of the bytes.
    @inline(never) private mutating func stringTail(
        start: Int, from first: Int, high initial: UInt64
    ) throws(JSONFault) -> StringToken {
        var offset = first
        var high = initial
        var isEscaped = false
        while true {
            while offset &+ 8 <= end {
                let bytes = word(offset)
                let stops = Self.stops(in: bytes)
                high |= bytes
                if stops != 0 {
                    offset &+= stops.trailingZeroBitCount &>> 3
                    break
                }
                offset &+= 8
            }
            guard offset < end else { throw .needsMore }
            let value = byte(offset)
            if value == UInt8(ascii: "\"") {
                break
            } else if value == UInt8(ascii: "\\") {
                isEscaped = true
                offset = try escape(at: offset)
            } else if value < 0x20 {
                throw .malformed(at: offset, .controlCharacter)
            } else {
                high |= UInt64(value)
                offset &+= 1
            }
        }
        var isPlain = !isEscaped
        // SAFETY: `start` and `offset` have been passed.
        if high & 0x8080_8080_8080_8080 != 0, unsafe !UTF8Text.isValid(slice(start, offset)) {
            isRepaired = true
            isPlain = false
        }
        position = offset &+ 1
        return StringToken(start: start, end: offset, isPlain: isPlain)
    }

    /// The high bit of each byte that is a quote, a backslash or a control character; right for the lowest of them.
    @inline(__always) private static func stops(in word: UInt64) -> UInt64 {
        // `^ 2` brings the quote (0x22) down to 0x20, next to the control characters: one subtraction finds both.
        let quoteOrControl = (word ^ 0x0202_0202_0202_0202) &- 0x2121_2121_2121_2121
        let backslash = (word ^ 0x5C5C_5C5C_5C5C_5C5C) &- 0x0101_0101_0101_0101
        return (quoteOrControl | backslash) & ~word & 0x8080_8080_8080_8080
    }

    /// Passes the escape whose backslash is at `offset` and returns the offset after it.
    @inline(__always) private mutating func escape(at offset: Int) throws(JSONFault) -> Int {
        guard offset &+ 1 < end else { throw .needsMore }
        switch byte(offset &+ 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            return offset &+ 2
        case UInt8(ascii: "u"):
            return try unicodeEscape(at: offset)
        default:
            throw .malformed(at: offset, .escape)
        }
    }

    @inline(never) private mutating func unicodeEscape(at offset: Int) throws(JSONFault) -> Int {
        let unit = try hexadecimal(at: offset &+ 2)
        let next = offset &+ 6
        switch unit {
        case 0xD800...0xDBFF:
            guard next &+ 1 < end else { throw .needsMore }
            guard byte(next) == UInt8(ascii: "\\"), byte(next &+ 1) == UInt8(ascii: "u") else { break }
            guard try 0xDC00...0xDFFF ~= hexadecimal(at: next &+ 2) else { break }
            return next &+ 6
        case 0, 0xDC00...0xDFFF:
            break
        default:
            return next
        }
        isRepaired = true
        return next
    }

    private func hexadecimal(at offset: Int) throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for index in offset..<offset &+ 4 {
            guard index < end else { throw .needsMore }
            guard let digit = HexDigit.value(of: byte(index)) else { throw .malformed(at: index, .escape) }
            unit = unit &<< 4 | digit
        }
        return unit
    }

    /// Passes the number, `true`, `false` or `null` at `position`, whose first byte is `first`.
    @inline(__always) mutating func scalar(_ first: UInt8) throws(JSONFault) -> FieldReference.Kind {
        switch first {
        case UInt8(ascii: "t"):
            try literal(0x65_7572, count: 3)
            return .trueLiteral
        case UInt8(ascii: "f"):
            try literal(0x6573_6C61, count: 4)
            return .falseLiteral
        case UInt8(ascii: "n"):
            try literal(0x6C_6C75, count: 3)
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number()
            return .number
        default:
            throw .malformed(at: position, .unexpectedByte)
        }
    }

    /// Passes a literal: `rest` holds its `count` bytes after the first, the lowest first.
    @inline(__always) private mutating func literal(_ rest: UInt32, count: Int) throws(JSONFault) {
        if position &+ 8 <= end {
            let bytes = UInt32(truncatingIfNeeded: word(position) &>> 8)
            let mask = UInt32.max &>> UInt32(32 &- 8 &* count)
            if bytes & mask == rest {
                position &+= count &+ 1
                return
            }
        }
        for index in 0..<count {
            let offset = position &+ 1 &+ index
            guard offset < end else { throw .needsMore }
            guard byte(offset) == UInt8(truncatingIfNeeded: rest &>> UInt32(8 &* index)) else {
                throw .malformed(at: offset, .literal)
            }
        }
        position &+= count &+ 1
    }

    @inline(never) private mutating func number() throws(JSONFault) {
        var offset = position
        if byte(offset) == UInt8(ascii: "-") { offset &+= 1 }
        let integer = offset
        offset = try digits(from: offset)
        if byte(integer) == UInt8(ascii: "0"), offset != integer &+ 1 { throw .malformed(at: integer &+ 1, .number) }
        if offset < end, byte(offset) == UInt8(ascii: ".") { offset = try digits(from: offset &+ 1) }
        if offset < end, byte(offset) | 0x20 == UInt8(ascii: "e") {
            offset &+= 1
            if offset < end, byte(offset) == UInt8(ascii: "+") || byte(offset) == UInt8(ascii: "-") { offset &+= 1 }
            offset = try digits(from: offset)
        }
        guard offset < end || isFinal else { throw .needsMore }
        position = offset
    }

    /// Passes at least one digit and returns the offset after the last.
    private func digits(from start: Int) throws(JSONFault) -> Int {
        var offset = start
        while offset < end, byte(offset) &- UInt8(ascii: "0") <= 9 { offset &+= 1 }
        guard offset > start else {
            if offset < end { throw .malformed(at: offset, .number) }
            throw .needsMore
        }
        return offset
    }

    // MARK: Values

    /// Passes a whole value and returns its kind and content; `position` must be at its first byte, `first`.
    ///
    /// `enclosing` levels of nesting around the value count towards the limit.
    @inline(__always) mutating func value(
        _ first: UInt8, enclosing: Int
    ) throws(JSONFault) -> (kind: FieldReference.Kind, start: Int, end: Int) {
        let start = position
        switch first {
        case UInt8(ascii: "\""):
            let token = try string()
            return (token.isPlain ? .plainString : .escapedString, token.start, token.end)
        case UInt8(ascii: "{"):
            try skipNested(enclosing: enclosing)
            return (.object, start, position)
        case UInt8(ascii: "["):
            try skipNested(enclosing: enclosing)
            return (.array, start, position)
        default:
            let kind = try scalar(first)
            return (kind, start, position)
        }
    }

    /// Passes the array or object that begins at `position`.
    @inline(never) mutating func skipNested(enclosing: Int) throws(JSONFault) {
        depth = 0
        nesting = 0
        spilledNesting.removeAll(keepingCapacity: true)
        var first = byte(position)
        value: while true {
            var isClosed = true
            switch first {
            case UInt8(ascii: "\""):
                _ = try string()
            case UInt8(ascii: "{"):
                try push(1, enclosing: enclosing)
                position &+= 1
                if try next() == UInt8(ascii: "}") {
                    position &+= 1
                    pop()
                } else {
                    try key()
                    isClosed = false
                }
            case UInt8(ascii: "["):
                try push(0, enclosing: enclosing)
                position &+= 1
                first = try next()
                if first == UInt8(ascii: "]") {
                    position &+= 1
                    pop()
                } else {
                    continue value
                }
            default:
                _ = try scalar(first)
            }
            while isClosed {
                if depth == 0 { return }
                let mark = try next()
                if mark == UInt8(ascii: ",") {
                    position &+= 1
                    if nesting & 1 != 0 {
                        _ = try next()
                        try key()
                    }
                    isClosed = false
                } else if mark == (nesting & 1 != 0 ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    position &+= 1
                    pop()
                } else {
                    throw .malformed(at: position, .unexpectedByte)
                }
            }
            first = try next()
        }
    }

    /// Passes a key and its colon.
    @inline(__always) private mutating func key() throws(JSONFault) {
        guard byte(position) == UInt8(ascii: "\"") else { throw .malformed(at: position, .unexpectedByte) }
        _ = try string()
        guard try next() == UInt8(ascii: ":") else { throw .malformed(at: position, .unexpectedByte) }
        position &+= 1
    }

    @inline(__always) private mutating func push(_ bit: UInt64, enclosing: Int) throws(JSONFault) {
        guard depth &+ enclosing < Self.depthLimit else { throw .malformed(at: position, .tooDeep) }
        if depth & 63 == 0, depth > 0 { spilledNesting.append(nesting) }
        nesting = nesting &<< 1 | bit
        depth &+= 1
    }

    @inline(__always) private mutating func pop() {
        depth &-= 1
        nesting &>>= 1
        if depth & 63 == 0, let spilled = spilledNesting.popLast() { nesting = spilled }
    }
}
