/// Signatures of digests that came from elsewhere than the next digest, by the digest's file name.
///
/// Where a signature comes from does not matter: one that verifies under AWS's key is AWS's. So every form is searched for names of
/// digests and hexadecimal texts of a signature's length, and nothing else of it is believed.
package struct DigestSignatures: Sendable {
    private var byName: [String: [String]] = [:]
    private static let maximumDepth = 8
    /// Signatures that are tried for one digest; more are nobody's honest mistake.
    private static let maximumPerDigest = 16

    /// No signatures.
    package init() {}

    /// Whether there are none.
    package var isEmpty: Bool { byName.isEmpty }

    /// The signatures for a digest's file name.
    package func of(_ name: String) -> [String] { byName[name] ?? [] }

    /// Adds a signature of the digest with this file name.
    package mutating func add(_ signature: String, of name: String) {
        guard Self.isSignature(signature), byName[name, default: []].count < Self.maximumPerDigest else { return }
        byName[name, default: []].append(signature.lowercased())
    }

    /// Reads a file: output of `aws s3api head-object` or `rclone lsjson --metadata`, rows of an S3 Metadata table as JSON or CSV, or
    /// HTTP headers.
    ///
    /// - Parameter file: the file's name; where what it holds names no digest, `DIGESTNAME.json` does.
    /// - Returns: how many signatures it holds.
    @discardableResult
    package mutating func add(_ bytes: [UInt8], file: String) -> Int {
        let named = Self.digestName(inFileName: file)
        var count = 0
        let values = JSONSequence.values(bytes)
        if !values.isEmpty {
            for value in values { count += add(value, name: named, depth: 0) }
            if count > 0 { return count }
        }
        return addText(String(decoding: bytes, as: UTF8.self), name: named)
    }

    private mutating func add(_ value: JSONFragment, name: String?, depth: Int) -> Int {
        guard depth < Self.maximumDepth else { return 0 }
        if value.isArray { return value.elements().reduce(0) { $0 + add($1, name: name, depth: depth + 1) } }
        guard value.isObject else { return 0 }
        let members = value.members()
        var own = name
        for member in members {
            guard let text = member.value.stringValue, let found = Self.digestName(in: text) else { continue }
            own = found
            break
        }
        var count = 0
        for member in members {
            if let text = member.value.stringValue {
                if let own, Self.isSignature(text) {
                    add(text, of: own)
                    count += 1
                } else if text.count > 256, let own {
                    // A map in one text, as query results spell it: `{signature=…, signature-algorithm=…}`.
                    count += addText(text, name: own)
                }
            } else {
                count += add(member.value, name: own, depth: depth + 1)
            }
        }
        return count
    }

    /// Lines of text: a signature belongs to the name on its own line, else to the last name before.
    private mutating func addText(_ text: String, name: String?) -> Int {
        var last = name
        var count = 0
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_-./+=@".contains($0))) }
            if let found = words.lazy.compactMap({ Self.digestName(in: String($0)) }).first { last = found }
            for word in words {
                for part in word.split(separator: "=") where Self.isSignature(String(part)) {
                    guard let last else { continue }
                    add(String(part), of: last)
                    count += 1
                }
            }
        }
        return count
    }

    private static func isSignature(_ text: String) -> Bool {
        // RSA keys of 2,048 to 8,192 bits.
        (512...2048).contains(text.utf8.count) && text.utf8.count.isMultiple(of: 2)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20)
            }
    }

    /// The digest's file name at the end of a key, path or address; `nil` where there is none.
    private static func digestName(in text: String) -> String? {
        guard text.utf8.count <= 4096 else { return nil }
        let last = text.split(separator: "/").last.map(String.init) ?? ""
        return last.hasSuffix(".json.gz") && DigestName(last) != nil ? last : nil
    }

    /// The digest that a file beside it is named after: `DIGESTNAME.json`.
    private static func digestName(inFileName file: String) -> String? {
        let last = file.split(separator: "/").last.map(String.init) ?? ""
        guard let end = last.range(ofSuffixAfter: ".json.gz"), end < last.endIndex else { return nil }
        return digestName(in: String(last[..<end]))
    }
}

extension String {
    /// Where the first occurrence of `text` ends.
    fileprivate func range(ofSuffixAfter text: String) -> Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
