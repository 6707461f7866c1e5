extension StringProtocol where SubSequence == Substring {
    /// What stands between certain characters of ASCII, empty parts as well.
    ///
    /// - Parameters:
    ///   - maxSplits: how often the text is parted at most.
    ///   - isPlain: whether all of it is ASCII: characters are many times as slow as bytes, and nearly every text is.
    func parts(partedBy separator: Character, maxSplits: Int = .max, isPlain: Bool) -> [Substring] {
        guard isPlain, let separator = separator.asciiValue else {
            return split(separator: separator, maxSplits: maxSplits, omittingEmptySubsequences: false)
        }
        var parts: [Substring] = []
        var start = startIndex
        while parts.count < maxSplits, let end = utf8[start...].firstIndex(of: separator) {
            parts.append(self[start..<end])
            start = utf8.index(after: end)
        }
        parts.append(self[start...])
        return parts
    }
}
