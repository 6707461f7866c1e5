import CloudTrail
import Foundation
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("111122223333_CloudTrail-Digest_us-east-1_trail_eu-west-1_20261119T010000Z.json.gz", "trail", false),
        (
            "111122223333_CloudTrail-Digest_us-east-1_my_trail.of-mine_eu-west-1_20261119T010000Z.json.gz",
            "my_trail.of-mine", false
        ),
        ("111122223333_CloudTrail-Digest_us-east-1_a__b_eu-west-1_20261119T010000Z_backfill.json.gz", "a__b", true),
        ("111122223333_CloudTrail-Digest_us-east-1_us-west-2_eu-west-1_20261119T010000Z.json", "us-west-2", false),
    ]) func `a digest's name is read from both ends`(_ name: String, _ trail: String, _ isBackfill: Bool) throws {
        let read = try #require(DigestName(name))
        #expect(read.trail == trail && read.isBackfill == isBackfill)
        #expect(read.account == "111122223333" && read.region == "us-east-1" && read.homeRegion == "eu-west-1")
        #expect(Verification.time(read.end) == "2026-11-19T01:00:00Z")
    }

    @Test(arguments: [
        "", "111122223333_CloudTrail_us-east-1_20261119T0100Z_AAAAAAAAAAAAAAAA.json.gz",
        "111122223333_CloudTrail-Digest_us-east-1_20261119T010000Z.json.gz",
        "111122223333_CloudTrail-Digest_us-east-1_t_eu-west-1_20261319T010000Z.json.gz",
        "1111_CloudTrail-Digest_us-east-1_t_eu-west-1_20261119T010000Z.json.gz",
        ".json_CloudTrail-Digest_", "_CloudTrail-Digest_.json",
    ]) func `another name is none`(_ name: String) { #expect(DigestName(name) == nil) }

    private static let good: [(String, String)] = [
        ("awsAccountId", "\"111122223333\""), ("digestStartTime", "\"2026-11-19T00:00:00Z\""),
        ("digestEndTime", "\"2026-11-19T01:00:00Z\""), ("digestS3Bucket", "\"b\""),
        (
            "digestS3Object",
            "\"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/19/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20261119T010000Z.json.gz\""
        ),
        ("digestPublicKeyFingerprint", "\"8eba5db5bea9b640d1c96a77256fe7f2\""), ("previousDigestSignature", "null"),
        ("logFiles", "[]"),
    ]

    private static func text(_ changes: [String: String?] = [:]) -> [UInt8] {
        let members = good.compactMap { key, value -> String? in
            guard let change = changes[key] else { return "\"\(key)\":\(value)" }
            return change.map { "\"\(key)\":\($0)" }
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    @Test(arguments: [
        "digestStartTime", "digestEndTime", "digestS3Bucket", "digestS3Object", "digestPublicKeyFingerprint",
        "previousDigestSignature",
    ]) func `what a digest must have`(_ key: String) throws {
        _ = try Digest(Self.text())
        #expect(throws: Digest.Fault(reason: "invalid format: `\(key)` is missing")) {
            try Digest(Self.text([key: nil]))
        }
    }

    @Test func `a digest that is none is refused, whatever it is`() throws {
        let deep = String(repeating: "[", count: 100_000)
        for bytes in [
            [], Array("[]".utf8), Array("{".utf8), Self.text() + Array("{}".utf8), Array(deep.utf8),
            Self.text(["digestEndTime": "\"2026-13-19T01:00:00Z\""]), Self.text(["digestEndTime": "12"]),
            Self.text(["digestS3Object": "\"\""]), Self.text(["logFiles": deep]), Self.text(["logFiles": "null"]),
            Self.text(["logFiles": "1"]), Self.text(["logFiles": "{}"]), Self.text(["logFiles": nil]),
            Self.text(["awsAccountId": "\"222222222222\""]),
            Self.text(["digestEndTime": "\"2026-11-19T02:00:00Z\""]),
            Self.text(["digestStartTime": "\"2026-11-19T02:00:00Z\""]),
        ] { #expect(throws: Digest.Fault.self) { try Digest(bytes) } }
        for value in [
            "[]", "[1, null, \"a\", {}, {\"s3Object\": 1}, {\"s3Object\":\"a\",\"hashValue\":\"zz\"}]",
        ] {
            #expect(try Digest(Self.text(["logFiles": value])).logFiles.isEmpty)
        }
    }

    @Test func `no cut of a digest is taken for one, and no changed byte ends in a trap`() throws {
        let whole = Self.text()
        for end in 0..<whole.count { #expect(throws: Digest.Fault.self) { try Digest(Array(whole[..<end])) } }
        for place in whole.indices {
            var changed = whole
            changed[place] ^= 0x15
            do throws(Digest.Fault) { _ = try Digest(changed) } catch { #expect(!error.reason.isEmpty) }
        }
    }

    @Test func `a hundred thousand log files of one digest are read, and judged in one pass`() throws {
        let hash = String(repeating: "ab", count: 32)
        let entries = (0..<100_000).map { "{\"s3Object\":\"AWSLogs/x/\($0).json.gz\",\"hashValue\":\"\(hash)\"}" }
        let digest = try Digest(Self.text(["logFiles": "[\(entries.joined(separator: ","))]"]))
        #expect(digest.logFiles.count == 100_000)
        let name = digest.object.split(separator: "/").last.map(String.init) ?? ""
        let file = HashedFile(FoundFile(path: LogFilePath(name), isExplicit: false), content: .digest(digest))
        let found = ArchiveVerifier.verify([file], keys: DigestKeys())
        #expect(found.count(Verification.FileState.missing) == 100_000)
    }

    @Test func `thousands of digests of one chain are judged in one pass`() throws {
        let days = 1...250
        let files = try days.flatMap { day in
            try (0..<24).map { hour in
                func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
                let (month, day) = (1 + (day - 1) / 28, 1 + (day - 1) % 28)
                let name =
                    "111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_2026\(two(month))\(two(day))T\(two(hour))0000Z.json.gz"
                let end = "\"2026-\(two(month))-\(two(day))T\(two(hour)):00:00Z\""
                let digest = try Digest(
                    Self.text([
                        "digestS3Object": "\"AWSLogs/\(name)\"", "digestStartTime": end, "digestEndTime": end,
                        "previousDigestSignature": "null",
                    ]))
                return HashedFile(FoundFile(path: LogFilePath(name), isExplicit: false), content: .digest(digest))
            }
        }
        let found = ArchiveVerifier.verify(files, keys: DigestKeys())
        #expect(found.count(Verification.DigestState.unproven) == files.count && found.chains.count == 1)
    }

    @Test func `what a digest that cannot be read carries is read as far as it is there`() {
        let whole = """
            {"a":"previousDigestS3Object","previousDigestS3Object" : "p/x.json.gz","previousDigestSignature":"0a1b","b":[
            """
        #expect(Digest.Carried(in: Array(whole.utf8)) == Digest.Carried(object: "p/x.json.gz", signature: "0a1b"))
        for end in whole.utf8.indices {
            let carried = Digest.Carried(in: Array(whole.utf8[..<end]))
            #expect(carried == nil || carried?.signature == "0a1b")
        }
        for text in [
            "", "\"previousDigestS3Object\"", "\"previousDigestS3Object\":\"a\",\"previousDigestSignature\":null",
            "\"previousDigestS3Object\":\"a\",\"previousDigestSignature\":\"", "\"previousDigestSignature\":\"a\"",
        ] {
            #expect(Digest.Carried(in: Array(text.utf8)) == nil)
        }
    }

    @Test func `digests that name each other in a circle prove nothing`() throws {
        func digest(_ hour: Int, _ previous: Int) throws -> HashedFile {
            let object = { (hour: Int) in
                "\"AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/11/19/111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20261119T0\(hour)0000Z.json.gz\""
            }
            var members: [String: String?] = ["digestS3Object": object(hour), "previousDigestSignature": "\"00\""]
            members["digestEndTime"] = "\"2026-11-19T0\(hour):00:00Z\""
            members["logFiles"] = "[],\"previousDigestS3Object\":\(object(previous)),\"previousDigestHashValue\":\"00\""
            let digest = try Digest(Self.text(members))
            let name = digest.object.split(separator: "/").last.map(String.init) ?? ""
            return HashedFile(FoundFile(path: LogFilePath(name), isExplicit: false), content: .digest(digest))
        }
        let found = ArchiveVerifier.verify([try digest(1, 2), try digest(2, 3), try digest(3, 1)], keys: DigestKeys())
        #expect(found.count(Verification.DigestState.unproven) == 3 && found.verdict == .unproven)
    }

    private static let digestName = "111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20261119T010000Z.json.gz"
    private static let signature = String(repeating: "0a", count: 256)

    static let forms: [(name: String, file: String, text: String)] = [
        (
            "head-object", "s.json",
            "{\"Key\":\"p/\(digestName)\",\"Metadata\":{\"signature\":\"\(signature)\",\"signature-algorithm\":\"SHA256withRSA\"}}"
        ),
        (
            "metadata before the key", "s.json",
            "{\"Metadata\":{\"signature\":\"\(signature)\"},\"Key\":\"p/\(digestName)\"}"
        ),
        (
            "several, joined", "s.json",
            "{\"a\":1}\n{\"Key\":\"p/\(digestName)\",\"Metadata\":{\"signature\":\"\(signature)\"}}"
        ),
        ("beside the digest", "x/\(digestName).json", "{\"Metadata\":{\"signature\":\"\(signature)\"}}"),
        (
            "rclone lsjson", "s.json",
            "[{\"Path\":\"2026/\(digestName)\",\"Size\":3,\"Metadata\":{\"signature\":\"\(signature)\"}}]"
        ),
        (
            "S3 Metadata as JSON", "s.json",
            "[{\"key\":\"p/\(digestName)\",\"user_metadata\":{\"signature\":\"\(signature)\"}}]"
        ),
        ("S3 Metadata as CSV", "s.csv", "\"key\",\"signature\"\n\"p/\(digestName)\",\"\(signature)\"\n"),
        (
            "S3 Metadata with a map", "s.csv",
            "key,user_metadata\np/\(digestName),\"{signature=\(signature), signature-algorithm=SHA256withRSA}\"\n"
        ),
        (
            "HTTP headers", "s.txt",
            "https://b.s3.amazonaws.com/p/\(digestName)\nHTTP/1.1 200 OK\nx-amz-meta-signature: \(signature)\n"
        ),
        ("HTTP headers beside the digest", "x/\(digestName).txt", "x-amz-meta-signature: \(signature)\n"),
    ]

    @Test(arguments: forms.indices) func `signatures are read in every form`(_ index: Int) {
        let form = Self.forms[index]
        var signatures = DigestSignatures()
        #expect(signatures.add(Array(form.text.utf8), file: form.file) == 1, "\(form.name)")
        #expect(signatures.of(Self.digestName) == [Self.signature], "\(form.name)")
        var none = DigestSignatures()
        #expect(
            none.add(Array(form.text.replacingOccurrences(of: Self.signature, with: "0a").utf8), file: form.file) == 0)
    }

    /// The key of AWS's own documentation, in the forms of version 1 and 2 of its CLI and as PEM.
    @Test func `keys are read in every form, and one that lies about itself is told`() throws {
        let value = """
            MIIBCgKCAQEAn11L2YZ9h7onug2ILi1MWyHiMRsTQjfWE+pHVRLk1QjfWhirG+lpOa8NrwQ/r7Ah5bNL6HepznOU9XTDSfmmnP97mqyc7z/upfZdS/AHhYcGaz7n6Wc/\
            RRBU6VmiPCrAUojuSk6/GjvA8iOPFsYDuBtviXarvuLPlrT9kAd4Lb+rFfR5peEgBEkhlzc5HuWO7S0y+KunqxX6jQBnXGMtxmPBPP0FylgWGNdFtks/4YSKcgqwH0YDcawP9GGGDAeCIqPWIXDLG1jOjRRzWfCmD0iJUkz8vTsn4hq/5ZxRFE7UBAUiVcGbdnDdvVfhF9C3dQiDq3k7adQIziLT0cShgQIDAQAB
            """
        let fingerprint = "8eba5db5bea9b640d1c96a77256fe7f2"
        let version1 =
            "{\"PublicKeyList\":[{\"ValidityStartTime\":1453076702.0,\"ValidityEndTime\":1455668702.0,\"Value\":\"\(value)\",\"Fingerprint\":\"\(fingerprint)\"}]}"
        for text in [
            version1, version1.replacingOccurrences(of: "PublicKeyList", with: "publicKeyList"),
            "{\"PublicKeyList\":[]}\n" + version1,
            "-----BEGIN RSA PUBLIC KEY-----\n\(value)\n-----END RSA PUBLIC KEY-----\n",
        ] {
            var keys = DigestKeys()
            #expect(keys.add(Array(text.utf8), file: "keys").isEmpty)
            #expect(keys.all.map(\.key.fingerprint) == [fingerprint])
        }
        let der = Array(try #require(Data(base64Encoded: value)))
        var raw = DigestKeys()
        #expect(raw.add(der, file: "key.der").isEmpty && raw.all.map(\.key.fingerprint) == [fingerprint])
        var keys = DigestKeys()
        let lie = version1.replacingOccurrences(of: fingerprint, with: "00000000000000000000000000000000")
        #expect(keys.add(Array(lie.utf8), file: "keys").first?.contains("calls itself") == true)
        for text in [
            "", "{}", "{\"PublicKeyList\":[{}]}", "{\"PublicKeyList\":[{\"Value\":\"AAAA\"}]}",
            "-----BEGIN X-----\nAAAA\n-----END X-----",
        ] {
            var none = DigestKeys()
            #expect(!none.add(Array(text.utf8), file: "keys").isEmpty)
            #expect(none.all.isEmpty)
        }
    }
}
