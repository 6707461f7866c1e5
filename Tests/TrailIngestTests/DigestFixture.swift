import Crypto
import CryptoExtras
import Foundation
import TestSupport

/// A key pair made for the test run.
struct SigningKey: Sendable {
    static let first = SigningKey()
    static let second = SigningKey()

    private let key: _RSA.Signing.PrivateKey

    private init() {
        do { key = try _RSA.Signing.PrivateKey(keySize: .bits2048) } catch { fatalError("no key: \(error)") }
    }

    var der: Data { key.publicKey.pkcs1DERRepresentation }
    var spki: Data { key.publicKey.derRepresentation }
    var fingerprint: String { Insecure.MD5.hash(data: der).map { String(format: "%02x", $0) }.joined() }

    func sign(_ text: String) -> String {
        do {
            let signature = try key.signature(
                for: SHA256.hash(data: Data(text.utf8)), padding: .insecurePKCS1v1_5)
            return signature.rawRepresentation.map { String(format: "%02x", $0) }.joined()
        } catch {
            fatalError("cannot sign: \(error)")
        }
    }

    /// The output of `aws cloudtrail list-public-keys`.
    static func list(_ keys: [SigningKey], number: Bool = false) -> String {
        let entries = keys.map {
            """
            {"Value": "\($0.der.base64EncodedString())", "ValidityStartTime": \(number ? "1453076702.0" : "\"2026-10-01T00:00:00+00:00\""),
             "ValidityEndTime": \(number ? "1993076702.0" : "\"2027-10-01T00:00:00+00:00\""), "Fingerprint": "\($0.fingerprint)"}
            """
        }
        return "{\"PublicKeyList\": [\(entries.joined(separator: ","))]}"
    }
}

/// An archive with a chain of digests, one an hour, as CloudTrail delivers it on 2026-11-19.
struct DigestFixture {
    var account = "111122223333"
    var region = "us-east-1"
    var trail = "my_trail.of-mine"
    var home = "eu-west-1"
    var organization = ""
    var suffix = ""
    var hours: [Int] = Array(0..<6)
    /// Log files of each hour.
    var logFiles = 2
    /// The key by hour.
    var key: (Int) -> SigningKey = { _ in .first }
    /// Hours whose digest begins a chain anew.
    var restarts: Set<Int> = []
    /// Records of the log file with a number, other than the common ones.
    var records: (Int, Int) -> [String] = { hour, number in [Record.success(hour * 10 + number)] }

    /// Files by path, and signatures by the digest's path.
    struct Made {
        var files: [String: [UInt8]] = [:]
        var signatures: [String: String] = [:]
        var digests: [String] = []
        var logs: [String] = []
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    func path(_ kind: String, _ name: String) -> String {
        "AWSLogs/\(organization)\(account)/\(kind)/\(region)/2026/11/19/\(name)"
    }

    func digestPath(_ hour: Int) -> String {
        path(
            "CloudTrail-Digest",
            "\(account)_CloudTrail-Digest_\(region)_\(trail)_\(home)_20261119T\(two(hour + 1))0000Z\(suffix).json.gz")
    }

    func logPath(_ hour: Int, _ number: Int) -> String {
        path(
            "CloudTrail",
            "\(account)_CloudTrail_\(region)_20261119T\(two(hour))\(two(number * 5 + 5))Z_\(suffix.isEmpty ? "AAAAAAAAAAAAAA" : "BBBBBBBBBBBBBB")\(two(number)).json.gz"
        )
    }

    func make() -> Made {
        var made = Made()
        var previous: (path: String, hash: String, signature: String)?
        for hour in hours {
            var entries: [String] = []
            for number in 0..<logFiles {
                let content = Array(Record.file(records(hour, number)).utf8)
                let path = logPath(hour, number)
                made.files[path] = gzipMember(content)
                made.logs.append(path)
                entries.append(
                    """
                    {"s3Bucket":"trails","s3Object":"\(path)","hashValue":"\(hash(content))","hashAlgorithm":"SHA-256",\
                    "newestEventTime":"2026-11-19T00:00:00Z","oldestEventTime":"2026-11-19T00:00:00Z"}
                    """)
            }
            if restarts.contains(hour) { previous = nil }
            let signer = key(hour)
            let own = digestPath(hour)
            let end = "2026-11-19T\(two(hour + 1)):00:00Z"
            func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
            let digest = """
                {"awsAccountId":"\(account)","digestStartTime":"2026-11-19T\(two(hour)):00:00Z","digestEndTime":"\(end)",\
                "digestS3Bucket":"trails","digestS3Object":"\(own)","digestPublicKeyFingerprint":"\(signer.fingerprint)",\
                "digestSignatureAlgorithm":"SHA256withRSA","newestEventTime":null,"oldestEventTime":null,\
                "previousDigestS3Bucket":\(text(previous.map { _ in "trails" })),"previousDigestS3Object":\(text(previous?.path)),\
                "previousDigestHashValue":\(text(previous?.hash)),"previousDigestHashAlgorithm":\(text(previous.map { _ in "SHA-256" })),\
                "previousDigestSignature":\(text(previous?.signature)),"logFiles":[\(entries.joined(separator: ","))]}
                """
            let content = Array(digest.utf8)
            let signature = signer.sign("\(end)\ntrails/\(own)\n\(hash(content))\n\(previous?.signature ?? "null")")
            made.files[own] = gzipMember(content)
            made.signatures[own] = signature
            made.digests.append(own)
            previous = (own, hash(content), signature)
        }
        return made
    }

    private func hash(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }
}

/// What a gzip member that `gzipMember` made holds.
func inflated(_ member: [UInt8]) -> [UInt8] {
    var content: [UInt8] = []
    var rest = member.dropFirst(10).dropLast(8)
    while rest.count >= 5 {
        let start = rest.startIndex
        let length = Int(rest[start + 1]) | Int(rest[start + 2]) << 8
        content += rest.dropFirst(5).prefix(length)
        rest = rest.dropFirst(5 + length)
    }
    return content
}
