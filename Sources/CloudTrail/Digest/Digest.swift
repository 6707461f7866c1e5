/// A digest file: what CloudTrail says of the log files that it delivered within an hour, and of the digest before.
///
/// Source: "CloudTrail digest file structure" in the AWS CloudTrail user guide.
package struct Digest: Sendable {
    /// Bytes that a digest may have: some half a million log files within one hour.
    package static let maximumSize = 256 << 20

    /// What makes a text no digest, in words.
    package struct Fault: Error, Sendable, Equatable {
        package var reason: String

        /// A fault with its reason.
        package init(reason: String) { self.reason = reason }
    }

    /// A log file as a digest names it.
    package struct Entry: Sendable, Hashable {
        /// What of the key stands before the name: a digest's log files share it, and its memory.
        var folder: String
        /// The name without its folders.
        var name: [UInt8]
        package var hash: ContentDigest
        /// The key in its bucket.
        package var object: String { folder + nameText }
        /// The name as text.
        var nameText: String { String(decoding: name, as: UTF8.self) }
    }

    /// What a digest says of the one before, read from one that cannot be read itself: the signature vouches for itself.
    package struct Carried: Sendable, Equatable {
        package var object: String
        package var signature: String

        /// A signature and the key of its digest.
        package init(object: String, signature: String) {
            self.object = object
            self.signature = signature
        }
    }

    /// The digest before, as this one names it.
    package struct Previous: Sendable, Equatable {
        package var object: String
        package var hash: ContentDigest?
        package var signature: String?
        var name: Substring {
            object[(object.lastIndex(of: "/").map { object.index(after: $0) } ?? object.startIndex)...]
        }
    }

    package var bucket: String
    /// The digest's own key.
    package var object: String
    package var start: Int64
    package var end: Int64
    package var fingerprint: String
    package var previous: Previous?
    package var logFiles: [Entry]
    /// Entries that lack a key or hash.
    package var brokenEntries: Int
    /// SHA-256 of the digest's bytes.
    package var hash: ContentDigest
    package var name: DigestName
    /// Prefix and organization of its place in the bucket.
    var place: S3Key

    /// Time, place and predecessor exactly as the digest spells them: its signature is over these texts.
    private var endText: String
    private var previousSignatureText: String

    /// The text that is signed.
    var signedText: String { "\(endText)\n\(bucket)/\(object)\n\(hash.hex)\n\(previousSignatureText)" }

    /// Reads a digest from its uncompressed bytes.
    package init(_ bytes: [UInt8]) throws(Fault) {
        hash = ContentDigest(hashing: bytes)
        // SAFETY: everything below copies what it needs out of the buffer.
        let parsed = unsafe bytes.withUnsafeBytes { unsafe Self.parse($0) }
        switch parsed {
        case .failure(let fault): throw fault
        case .success(let fields):
            func text(_ key: String) throws(Fault) -> String {
                guard let value = fields.texts[key] else { throw Fault(reason: "invalid format: `\(key)` is missing") }
                return value
            }
            endText = try text("digestEndTime")
            let startText = try text("digestStartTime")
            guard let start = CompactTime.isoSeconds(startText), let end = CompactTime.isoSeconds(endText) else {
                throw Fault(reason: "invalid format: its time is none")
            }
            (self.start, self.end) = (start, end)
            bucket = try text("digestS3Bucket")
            object = try text("digestS3Object")
            fingerprint = try text("digestPublicKeyFingerprint").lowercased()
            guard fields.hasPreviousSignature else {
                throw Fault(reason: "invalid format: `previousDigestSignature` is missing")
            }
            let signature = fields.texts["previousDigestSignature"]
            previousSignatureText = signature ?? "null"
            previous = fields.texts["previousDigestS3Object"].map {
                Previous(
                    object: $0, hash: fields.texts["previousDigestHashValue"].flatMap { ContentDigest(hex: $0) },
                    signature: signature)
            }
            guard fields.hasLogFiles else { throw Fault(reason: "invalid format: `logFiles` is no list") }
            logFiles = fields.logFiles
            brokenEntries = fields.brokenEntries
            let last = object.split(separator: "/").last ?? ""
            guard let name = DigestName(last) else {
                throw Fault(reason: "invalid format: its own name is no digest's")
            }
            self.name = name
            guard name.end == end, start <= end else {
                throw Fault(reason: "invalid format: its time is not its name's")
            }
            if let account = fields.texts["awsAccountId"], account != name.account {
                throw Fault(reason: "invalid format: its account is not its name's")
            }
            place = S3Key(Array(object.utf8))
        }
    }

    private struct Fields {
        var texts: [String: String] = [:]
        var hasPreviousSignature = false
        var hasLogFiles = false
        var logFiles: [Entry] = []
        var brokenEntries = 0
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) -> Result<Fields, Fault> {
        guard bytes.count <= maximumSize else { return .failure(Fault(reason: "larger than any digest")) }
        // SAFETY: the scanners do not outlive this call.
        var scanner = unsafe JSONScanner(bytes, isFinal: true)
        do throws(JSONFault) {
            guard try scanner.next() == UInt8(ascii: "{") else {
                return .failure(Fault(reason: "invalid format: it is no JSON object"))
            }
            _ = try scanner.value(UInt8(ascii: "{"), enclosing: 0)
        } catch {
            return .failure(Fault(reason: "invalid format: it is no JSON object"))
        }
        scanner.skipSpace()
        guard scanner.position == bytes.count else {
            return .failure(Fault(reason: "invalid format: bytes follow the JSON object"))
        }
        var fields = Fields()
        var members = JSONMembers()
        var object = unsafe JSONScanner(bytes, isFinal: true)
        while let member = members.next(&object) {
            let key = unsafe member.key.text(in: bytes)
            switch key {
            case "logFiles":
                fields.hasLogFiles = member.value.kind == .array
                (fields.logFiles, fields.brokenEntries) = unsafe entries(member.value, bytes)
            default:
                if key == "previousDigestSignature" { fields.hasPreviousSignature = true }
                // The last one counts, as for every reader of JSON.
                fields.texts[key] = unsafe member.value.isString ? member.value.string(in: bytes) : nil
            }
        }
        return .success(fields)
    }

    private static func entries(_ list: FieldReference, _ bytes: UnsafeRawBufferPointer) -> ([Entry], Int) {
        guard list.kind == .array else { return ([], 0) }
        // SAFETY: the scanner does not outlive this call, and starts within the bytes.
        var scanner = unsafe JSONScanner(bytes, from: Int(list.offset), isFinal: true)
        var members = JSONMembers()
        var entries: [Entry] = []
        var folder = ""
        var broken = 0
        while let element = members.nextElement(&scanner) {
            let parts = unsafe element.members(["s3Object", "hashValue", "hashAlgorithm"], in: bytes)
            guard let object = unsafe parts[0].string(in: bytes), !object.isEmpty,
                let hash = unsafe parts[1].string(in: bytes).flatMap({ ContentDigest(hex: $0) })
            else {
                broken += 1
                continue
            }
            let name =
                object.utf8.lastIndex(of: UInt8(ascii: "/")).map { object.utf8.index(after: $0) } ?? object.startIndex
            if object[..<name] != folder { folder = String(object[..<name]) }
            entries.append(Entry(folder: folder, name: Array(object.utf8[name...]), hash: hash))
        }
        return (entries, broken)
    }
}

extension Digest.Carried {
    /// Finds both texts in the bytes of a digest that is broken off or is no JSON; `nil` where one of them is not there.
    package init?(in bytes: [UInt8]) {
        guard let object = Self.text(of: "previousDigestS3Object", in: bytes),
            let signature = Self.text(of: "previousDigestSignature", in: bytes)
        else { return nil }
        (self.object, self.signature) = (object, signature)
    }

    /// The text behind the last such key. Neither a signature nor CloudTrail's own part of a key needs an escape.
    private static func text(of key: String, in bytes: [UInt8]) -> String? {
        let mark = Array("\"\(key)\"".utf8)
        var text: String?
        var start = 0
        while let place = bytes[start...].firstIndex(of: mark[0]), place + mark.count <= bytes.count {
            start = place + 1
            guard bytes[place..<(place + mark.count)] == mark[...] else { continue }
            var rest = bytes[(place + mark.count)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
            guard rest.popFirst() == UInt8(ascii: "\""), let end = rest.firstIndex(of: UInt8(ascii: "\"")),
                end - rest.startIndex <= 4096
            else { continue }
            text = String(decoding: rest[..<end], as: UTF8.self)
        }
        return text
    }
}
