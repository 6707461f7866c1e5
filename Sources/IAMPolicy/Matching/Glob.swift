/// Matching of `*` (any text, also none) and `?` (any one character), as IAM policies use them.
package enum Glob {
    /// Whether the whole text matches the pattern. Works on UTF-8: `?` takes one scalar.
    ///
    /// Time is bounded by the product of the lengths: only the last `*` is ever revisited.
    package static func matches(_ pattern: Substring, _ text: Substring, ignoringCase: Bool = false) -> Bool {
        let wanted = scalars(pattern, ignoringCase)
        let given = scalars(text, ignoringCase)
        var p = 0
        var t = 0
        var star: Int?
        var restart = 0
        while t < given.count {
            if p < wanted.count, wanted[p] == "*" {
                star = p
                restart = t
                p += 1
            } else if p < wanted.count, wanted[p] == "?" || wanted[p] == given[t] {
                p += 1
                t += 1
            } else if let star {
                p = star + 1
                restart += 1
                t = restart
            } else {
                return false
            }
        }
        while p < wanted.count, wanted[p] == "*" { p += 1 }
        return p == wanted.count
    }

    private static func scalars(_ text: Substring, _ ignoringCase: Bool) -> [Unicode.Scalar] {
        // Action names are ASCII; folding no more than that keeps two different names different.
        text.unicodeScalars.map { scalar in
            ignoringCase && ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
        }
    }
}
