extension StringProtocol {
    /// Whether a text stands anywhere in this one, byte by byte, as AWS compares names.
    ///
    /// Reports ask this of every name many times, and the standard library's search, made for any collection of characters, takes a
    /// hundred times as long.
    @inlinable package func contains(_ part: String) -> Bool {
        let (bytes, wanted) = (utf8, part.utf8)
        guard let first = wanted.first else { return true }
        var rest = bytes[...]
        while let place = rest.firstIndex(of: first) {
            if bytes[place...].starts(with: wanted) { return true }
            rest = bytes[bytes.index(after: place)...]
        }
        return false
    }

    /// The parts between separators, which are told by their bytes where they are ASCII: a combining mark behind a slash makes no
    /// other name of it.
    @inlinable package func split(
        separator: Character, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
    ) -> [SubSequence] {
        // A line break may be two characters in one.
        guard let byte = separator.asciiValue, byte >= 0x20 else {
            return split(maxSplits: maxSplits, omittingEmptySubsequences: omittingEmptySubsequences) {
                $0 == separator
            }
        }
        var parts: [SubSequence] = []
        var start = startIndex
        func add(upTo end: Index) {
            if start < end || !omittingEmptySubsequences { parts.append(self[start..<end]) }
        }
        for place in utf8.indices where utf8[place] == byte && parts.count < maxSplits {
            // What is left out for being empty counts as no split.
            add(upTo: place)
            start = utf8.index(after: place)
        }
        add(upTo: endIndex)
        return parts
    }
}

extension String {
    /// The same of a whole text, whose bytes lie in one place.
    package func contains(_ part: String) -> Bool {
        let (bytes, wanted) = (utf8Span.span, part.utf8Span.span)
        guard wanted.count > 0 else { return true }
        guard bytes.count >= wanted.count else { return false }
        for start in 0...bytes.count - wanted.count where bytes[start] == wanted[0] {
            var length = 1
            while length < wanted.count, bytes[start + length] == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }
}
