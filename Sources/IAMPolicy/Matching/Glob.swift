/// Matching of `*` (any text, also none) and `?` (any one character), as IAM policies use them.
///
/// A pattern is a list of tokens: a byte of UTF-8 stands for itself, numbers above it are wildcards. So a `*` that came out of
/// a policy variable stays an ordinary character.
package enum Glob {
    /// Any text.
    static let star: UInt16 = 256
    /// Any one character.
    static let one: UInt16 = 257
    /// Any text without a colon.
    static let innerStar: UInt16 = 258
    /// Any one character but a colon.
    static let innerOne: UInt16 = 259

    /// The longest pattern that is matched with both kinds of `*`, which costs the product of the lengths.
    static let mixedLimit = 2048

    private static let colon = UInt8(ascii: ":")

    static func token(_ byte: UInt8) -> UInt16 {
        switch byte {
        case UInt8(ascii: "*"): star
        case UInt8(ascii: "?"): one
        default: UInt16(byte)
        }
    }

    /// Whether the pattern holds a `*` of either kind: then matching it is not a matter of going back to the last one.
    static func isMixed(_ tokens: some Sequence<UInt16>) -> Bool {
        var hasStar = false
        var hasInnerStar = false
        for token in tokens {
            if token == star { hasStar = true }
            if token == innerStar { hasInnerStar = true }
        }
        return hasStar && hasInnerStar
    }

    /// Whether the whole text matches the pattern. Works on UTF-8: `?` takes one scalar.
    package static func matches(_ pattern: Substring, _ text: Substring, ignoringCase: Bool = false) -> Bool {
        // Only ASCII is folded, so that two different names stay different.
        let wanted = pattern.utf8.map { token(ignoringCase ? $0.lowercasedASCII : $0) }
        let given = text.utf8.map { ignoringCase ? $0.lowercasedASCII : $0 }
        return matches(wanted.span, given.span)
    }

    /// Whether the whole text matches a pattern that is not mixed.
    ///
    /// Time is bounded by the product of the lengths: only the last `*` is ever revisited.
    static func matches(_ tokens: Span<UInt16>, _ text: Span<UInt8>) -> Bool {
        var p = 0
        var t = 0
        var lastStar: Int?
        var restart = 0
        while t < text.count {
            let token: UInt16? = p < tokens.count ? tokens[p] : nil
            if let token, token == UInt16(text[t]) {
                p += 1
                t += 1
            } else if token == star || token == innerStar {
                lastStar = p
                restart = t
                p += 1
            } else if token == one || (token == innerOne && text[t] != colon) {
                p += 1
                t = nextScalar(after: t, text)
            } else if let lastStar, tokens[lastStar] == star || text[restart] != colon {
                restart = nextScalar(after: restart, text)
                t = restart
                p = lastStar + 1
            } else {
                return false
            }
        }
        while p < tokens.count, tokens[p] == star || tokens[p] == innerStar { p += 1 }
        return p == tokens.count
    }

    /// Whether the whole text matches a mixed pattern: every position that the tokens so far can reach is kept.
    static func matchesMixed(_ tokens: Span<UInt16>, _ text: Span<UInt8>) -> Bool {
        var reached = [Bool](repeating: false, count: text.count + 1)
        reached[0] = true
        for index in tokens.indices {
            let token = tokens[index]
            var next = [Bool](repeating: false, count: text.count + 1)
            var isOpen = false
            var isAlive = false
            for t in 0...text.count {
                if token == star || token == innerStar {
                    isOpen = isOpen || reached[t]
                    next[t] = isOpen
                    isAlive = isAlive || isOpen
                    if token == innerStar, t < text.count, text[t] == colon { isOpen = false }
                } else if reached[t], t < text.count {
                    let isWildcard = token == one || (token == innerOne && text[t] != colon)
                    guard isWildcard || token == UInt16(text[t]) else { continue }
                    next[isWildcard ? nextScalar(after: t, text) : t + 1] = true
                    isAlive = true
                }
            }
            guard isAlive else { return false }
            reached = next
        }
        return reached[text.count]
    }

    private static func nextScalar(after index: Int, _ text: Span<UInt8>) -> Int {
        var index = index + 1
        while index < text.count, text[index] & 0xC0 == 0x80 { index += 1 }
        return index
    }
}

extension UInt8 {
    /// The byte with `A` to `Z` in lower case.
    var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// Whether the byte is `0` to `9`.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
}
