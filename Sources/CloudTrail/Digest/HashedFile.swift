/// A file of the archive that is to be verified, as it was read and hashed.
package struct HashedFile: Sendable {
    /// What a file holds.
    package enum Content: Sendable {
        /// A log file, by its name or its first bytes, or another file that may be one under another name.
        case other(ContentDigest, isLogFile: Bool)
        /// A digest, and what is wrong with its file where the digest can be read all the same.
        case digest(Digest, fault: String? = nil)
        /// What bears a digest's name or its first bytes and is none, with the reason.
        case brokenDigest(String)
        /// What could not be read to its end, or has bytes behind its end.
        case broken(String, isLogFile: Bool)
    }

    package var file: FoundFile
    package var content: Content
    /// Signatures that lie beside the file: in its extended attributes.
    package var signatures: [String]

    /// A file that was read.
    package init(_ file: FoundFile, content: Content, signatures: [String] = []) {
        self.file = file
        self.content = content
        self.signatures = signatures
    }

    /// The file's name without its folders.
    var name: String { String(decoding: file.name, as: UTF8.self) }

    /// The name that AWS gave the file, whatever it is compressed with now.
    package static func canonicalName(_ name: some StringProtocol) -> String {
        guard let end = name.utf8ViewEnd(ofJSON: ".json") else { return String(name) }
        return String(name[..<end])
    }
}

extension StringProtocol {
    /// The end of the last `.json` behind which stand only suffixes of compression.
    fileprivate func utf8ViewEnd(ofJSON mark: String) -> Index? {
        for suffix in [".gz", "", ".zst", ".bz2", ".xz"] where hasSuffix(mark + suffix) {
            return index(endIndex, offsetBy: -suffix.count)
        }
        return nil
    }
}
