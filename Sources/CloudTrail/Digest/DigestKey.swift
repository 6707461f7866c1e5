internal import Crypto
internal import CryptoExtras

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A public key that digests are signed with.
package struct DigestKey: Sendable {
    /// MD5 of the key's DER form as AWS gives it, in hexadecimal: AWS's name for the key. It proves nothing.
    package let fingerprint: String
    /// From when to when CloudTrail signs with it, where that is told; in the words of its source.
    package var validity: (from: String, to: String)?
    /// The same key's name in the other of its two DER forms, PKCS #1 and SPKI.
    let otherFingerprint: String

    private let key: _RSA.Signing.PublicKey

    /// Reads a DER form, PKCS #1 or SPKI; `nil` where it is no RSA key of 2,048 bits or more.
    package init?(der: [UInt8]) {
        guard der.count <= 1 << 14 else { return nil }
        do {
            key = try _RSA.Signing.PublicKey(derRepresentation: Data(der))
        } catch {
            return nil
        }
        fingerprint = hexText(Insecure.MD5.hash(data: Data(der)))
        let other = key.derRepresentation == Data(der) ? key.pkcs1DERRepresentation : key.derRepresentation
        otherFingerprint = hexText(Insecure.MD5.hash(data: other))
    }

    /// Whether a signature in hexadecimal is this key's over a text (RSASSA-PKCS1-v1_5 with SHA-256).
    func signed(_ text: String, _ signature: String) -> Bool {
        guard signature.utf8.count <= 4096, let bytes = hexBytes(signature) else { return false }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: Data(bytes)), for: SHA256.hash(data: Data(text.utf8)),
            padding: .insecurePKCS1v1_5)
    }
}

/// The keys that were given, by AWS's name for them.
package struct DigestKeys: Sendable {
    /// A key and the file that it came from.
    package struct Source: Sendable {
        package var key: DigestKey
        package var file: String
    }

    /// All keys, in the order they were read; each once.
    package private(set) var all: [Source] = []
    private var places: [String: Int] = [:]

    /// No keys.
    package init() {}

    /// What a digest's fingerprint names.
    func find(_ fingerprint: String) -> Source? { places[fingerprint].map { all[$0] } }

    /// Reads a file of keys: the output of `aws cloudtrail list-public-keys`, one or several joined, or PEM or DER.
    ///
    /// - Returns: what is wrong with it, in words.
    package mutating func add(_ bytes: [UInt8], file: String) -> [String] {
        if let key = DigestKey(der: bytes) {
            add(key, file)
            return []
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("-----BEGIN") { return addPEM(text, file) }
        var faults: [String] = []
        var found = 0
        for value in JSONSequence.values(bytes) {
            for list in value.members() where list.key.lowercased() == "publickeylist" {
                for entry in list.value.elements() {
                    found += 1
                    guard let coded = entry.string(at: "Value"), let der = Base64.bytes(coded),
                        var key = DigestKey(der: der)
                    else {
                        faults.append("entry \(found) is no RSA key of 2,048 bits or more")
                        continue
                    }
                    if let told = entry.string(at: "Fingerprint")?.lowercased(), told != key.fingerprint {
                        faults.append(
                            "entry \(found) calls itself \(displayName(told)), but is \(key.fingerprint): the file was changed"
                        )
                    }
                    if let from = entry.string(at: "ValidityStartTime"), let to = entry.string(at: "ValidityEndTime") {
                        key.validity = (from, to)
                    }
                    add(key, file)
                }
            }
        }
        if found == 0 { faults.append("it holds no public keys") }
        return faults
    }

    private mutating func addPEM(_ text: String, _ file: String) -> [String] {
        var faults: [String] = []
        var coded: String?
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN") {
                coded = ""
            } else if line.hasPrefix("-----END") {
                if let der = Base64.bytes(coded ?? ""), let key = DigestKey(der: der) {
                    add(key, file)
                } else {
                    faults.append("a PEM block is no RSA public key of 2,048 bits or more")
                }
                coded = nil
            } else {
                coded?.append(contentsOf: line)
            }
        }
        return faults
    }

    private mutating func add(_ key: DigestKey, _ file: String) {
        guard places[key.fingerprint] == nil else { return }
        places[key.fingerprint] = all.count
        if places[key.otherFingerprint] == nil { places[key.otherFingerprint] = all.count }
        all.append(Source(key: key, file: file))
    }
}

/// Base64 as JSON and PEM hold it.
enum Base64 {
    /// The bytes; `nil` where the text is none.
    static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
