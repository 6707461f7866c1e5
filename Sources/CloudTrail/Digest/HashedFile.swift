/// A file of the archive that is to be verified, as it was read and hashed.
package struct HashedFile: Sendable {
    /// What a file holds.
    package enum Content: Sendable {
        /// A log file, by its name or its first bytes, or another file that may be one under another name.
        case other(ContentDigest, isLogFile: Bool)
        /// A digest, and what is wrong with its file where the digest can be read all the same.
        indirect case digest(Digest, fault: String? = nil)
        /// What bears a digest's name or its first bytes and is none, with the reason, and the signature of the digest before where
        /// that can be read.
        indirect case brokenDigest(String, carried: Digest.Carried? = nil)
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
        String(decoding: canonicalName(Array(name.utf8)[...]), as: UTF8.self)
    }

    /// The same of a name's bytes.
    static func canonicalName(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for suffix in compressions where name.count >= suffix.count && name.suffix(suffix.count) == suffix[...] {
            return name.dropLast(suffix.count - ".json".utf8.count)
        }
        return name
    }

    /// What may stand at the end of a name; the most frequent first.
    private static let compressions = [".gz", "", ".zst", ".bz2", ".xz"].map { Array(".json\($0)".utf8) }
}
