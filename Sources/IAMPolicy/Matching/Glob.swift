/// Matching of `*` (any text, also none) and `?` (any one character), as IAM policies use them.
package enum Glob {
    /// Whether the whole text matches the pattern. Works on UTF-8: `?` takes one scalar.
    ///
    /// Time is bounded by the product of the lengths: only the last `*` is ever revisited.
    package static func matches(_ pattern: Substring, _ text: Substring, ignoringCase: Bool = false) -> Bool {
        var pattern = pattern
        var text = text
        return pattern.withUTF8 { pattern in
            text.withUTF8 { text in unsafe matches(pattern, text, ignoringCase) }
        }
    }

    private static func matches(
        _ wanted: UnsafeBufferPointer<UInt8>, _ given: UnsafeBufferPointer<UInt8>, _ ignoringCase: Bool
    ) -> Bool {
        var p = 0
        var t = 0
        var star: Int?
        var restart = 0
        while t < given.count {
            // SAFETY: every index was compared with the count of its buffer just before.
            let pattern: UInt8? = unsafe p < wanted.count ? wanted[p] : nil
            if pattern == UInt8(ascii: "*") {
                star = p
                restart = t
                p += 1
            } else if pattern == UInt8(ascii: "?") {
                p += 1
                t = unsafe nextScalar(after: t, given)
            } else if let pattern, unsafe isSame(pattern, given[t], ignoringCase) {
                p += 1
                t += 1
            } else if let star {
                p = star + 1
                restart = unsafe nextScalar(after: restart, given)
                t = restart
            } else {
                return false
            }
        }
        while p < wanted.count, unsafe wanted[p] == UInt8(ascii: "*") { p += 1 }
        return p == wanted.count
    }

    private static func nextScalar(after index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = index + 1
        // SAFETY: the index was compared with the count.
        while index < text.count, unsafe text[index] & 0xC0 == 0x80 { index += 1 }
        return index
    }

    /// Action names are ASCII; folding no more than that keeps two different names different.
    private static func isSame(_ left: UInt8, _ right: UInt8, _ ignoringCase: Bool) -> Bool {
        if left == right { return true }
        guard ignoringCase, left ^ right == 0x20 else { return false }
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(left | 0x20)
    }
}
