/// A file's path as the bytes that the operating system knows it by; it need not be UTF-8.
package struct LogFilePath: Sendable, Hashable, Comparable {
    /// The path's bytes, without a closing NUL.
    package var bytes: [UInt8]

    /// A path of these bytes.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// A path given as text.
    package init(_ text: String) { bytes = Array(text.utf8) }

    /// The path as one harmless line of text.
    package var displayName: String { CloudTrail.displayName(bytes) }

    /// The bytes after the last slash.
    package var lastComponent: ArraySlice<UInt8> {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return bytes[...] }
        return bytes[(slash + 1)...]
    }

    /// Orders by bytes.
    package static func < (left: LogFilePath, right: LogFilePath) -> Bool {
        let (first, second) = (left.bytes.span, right.bytes.span)
        // Paths of an archive share most of their folders, so this loop is what sorting costs.
        for index in 0..<min(first.count, second.count) where first[index] != second[index] {
            return first[index] < second[index]
        }
        return first.count < second.count
    }

    /// The path of a member of this folder.
    func appending(_ name: some Collection<UInt8>) -> LogFilePath {
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count + 1 + name.count)
        joined += bytes
        if let last = joined.last, last != UInt8(ascii: "/") { joined.append(UInt8(ascii: "/")) }
        joined += name
        return LogFilePath(bytes: joined)
    }
}
