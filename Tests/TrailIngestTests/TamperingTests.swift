import CloudTrail
import Foundation
import TestSupport
import Testing
import TrailIngest

/// What `verify` says of archives that were tampered with, each row by way of files on a disk.
@Suite struct TamperingTests {
    typealias Made = DigestFixture.Made

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var fixture: @Sendable () -> DigestFixture = { DigestFixture() }
        var change: @Sendable (inout Made) -> Void = { _ in }
        /// Keys that are given.
        var keys: [SigningKey] = [.first]
        /// Digests whose signature is given.
        var signed: [Int] = []
        /// valid, invalid, missing, consistent, unlisted.
        var files: [Int]
        /// proven, pinned, consistent, unproven, invalid, missing.
        var digests: [Int]
        var verdict: Verification.Verdict
        /// Starts and ends of holes, in hours.
        var holes: [[Int]] = []
        var reason = ""
        /// The hours that are asked for, both inclusive to the second.
        var window: [Int] = []
        var testDescription: String { name }
    }

    private static func edit(_ made: inout Made, _ path: String, _ change: (inout [UInt8]) -> Void) {
        var content = inflated(made.files[path] ?? [])
        change(&content)
        made.files[path] = gzipMember(content)
    }

    private static func replace(_ made: inout Made, _ path: String, _ old: String, _ new: String) {
        edit(&made, path) {
            $0 = Array(String(decoding: $0, as: UTF8.self).replacingOccurrences(of: old, with: new).utf8)
        }
    }

    static let rows: [Case] =
        [
            Case(name: "untouched", files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 1, 0, 0], verdict: .unproven),
            Case(
                name: "with the newest signature", signed: [5], files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0],
                verdict: .proven),
            Case(
                name: "empty digests", fixture: { DigestFixture(logFiles: 0) }, files: [0, 0, 0, 0, 0],
                digests: [5, 0, 0, 1, 0, 0], verdict: .proven),
            Case(
                name: "edited log", change: { replace(&$0, $0.logs[2], "aws-sdk", "aws-SDK") }, signed: [5],
                files: [11, 1, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .invalid,
                reason: "its content was changed"),
            Case(
                name: "recompressed log",
                change: { $0.files[$0.logs[2]] = gzipMember(inflated($0.files[$0.logs[2]]!), blockSize: 100) },
                signed: [5],
                files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "gunzipped log",
                change: {
                    let path = $0.logs[2]
                    $0.files[String(path.dropLast(3))] = inflated($0.files.removeValue(forKey: path)!)
                }, signed: [5], files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "appended bytes", change: { $0.files[$0.logs[2]]! += [1, 2, 3] }, signed: [5],
                files: [11, 1, 0, 0, 0],
                digests: [6, 0, 0, 0, 0, 0], verdict: .invalid, reason: "3 bytes follow"),
            Case(
                name: "appended padding", change: { $0.files[$0.logs[2]]! += [0, 0] }, signed: [5],
                files: [11, 1, 0, 0, 0],
                digests: [6, 0, 0, 0, 0, 0], verdict: .invalid, reason: "2 bytes follow"),
            Case(
                name: "appended member", change: { $0.files[$0.logs[2]]! += gzipMember(Array("{}".utf8)) }, signed: [5],
                files: [11, 1, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .invalid, reason: "bytes follow"),
            Case(
                name: "swapped logs",
                change: { ($0.files[$0.logs[2]], $0.files[$0.logs[3]]) = ($0.files[$0.logs[3]], $0.files[$0.logs[2]]) },
                signed: [5], files: [10, 2, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .invalid),
            Case(
                name: "truncated log", change: { $0.files[$0.logs[2]]!.removeLast(30) }, signed: [5],
                files: [11, 1, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .invalid, reason: "ends early"),
            Case(
                name: "deleted log", change: { $0.files[$0.logs[2]] = nil }, signed: [5], files: [11, 0, 1, 0, 0],
                digests: [6, 0, 0, 0, 0, 0], verdict: .invalid),
            Case(
                name: "renamed log",
                change: { $0.files["elsewhere/a.json.gz"] = $0.files.removeValue(forKey: $0.logs[2])! }, signed: [5],
                files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven, reason: "renamed"),
            Case(
                name: "renamed and edited log",
                change: {
                    replace(&$0, $0.logs[2], "aws-sdk", "aws-SDK")
                    $0.files["elsewhere/a.json.gz"] = $0.files.removeValue(forKey: $0.logs[2])!
                }, signed: [5], files: [11, 0, 1, 0, 1], digests: [6, 0, 0, 0, 0, 0], verdict: .invalid),
            Case(
                name: "inserted log",
                change: { made in
                    made.files[made.logs[2].replacingOccurrences(of: "AAAAAAAAAAAAAA", with: "CCCCCCCCCCCCCC")] =
                        gzipMember(Array("{\"Records\":[]}".utf8))
                },
                signed: [5], files: [12, 0, 0, 0, 1], digests: [6, 0, 0, 0, 0, 0], verdict: .unproven,
                reason: "though digests cover its time"),
            Case(
                name: "edited digest", change: { replace(&$0, $0.digests[2], "SHA256withRSA", "SHA256withRSa") },
                signed: [5],
                files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 0, 1, 0], verdict: .invalid,
                reason: "its content was changed"),
            Case(
                name: "bytes behind a digest", change: { $0.files[$0.digests[2]]! += [0] }, signed: [5],
                files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 0, 1, 0], verdict: .invalid, reason: "1 byte follows"),
            Case(
                name: "a member behind a digest", change: { $0.files[$0.digests[2]]! += gzipMember(Array("{}".utf8)) },
                signed: [5], files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 0, 1, 0], verdict: .invalid,
                reason: "named only by a digest that is not valid"),
            Case(
                name: "a digest whose trailer is cut", change: { $0.files[$0.digests[2]]!.removeLast(4) },
                signed: [5], files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 0, 1, 0], verdict: .invalid),
            Case(
                name: "one digest deleted", change: { $0.files[$0.digests[2]] = nil }, signed: [5],
                files: [8, 0, 0, 2, 2], digests: [4, 0, 0, 1, 0, 1], verdict: .invalid, holes: [[2, 3]]),
            Case(
                name: "two in a row deleted",
                change: {
                    $0.files[$0.digests[2]] = nil
                    $0.files[$0.digests[3]] = nil
                }, signed: [5], files: [6, 0, 0, 2, 4], digests: [3, 0, 0, 1, 0, 1], verdict: .invalid, holes: [[2, 4]]),
            Case(
                name: "newest deleted", change: { $0.files[$0.digests[5]] = nil }, files: [8, 0, 0, 2, 2],
                digests: [4, 0, 0, 1, 0, 0], verdict: .unproven, reason: "delivered after the last digest"),
            Case(
                name: "oldest deleted", change: { $0.files[$0.digests[0]] = nil }, signed: [5],
                files: [10, 0, 0, 0, 2],
                digests: [5, 0, 0, 0, 0, 0], verdict: .unproven, reason: "delivered before the first digest"),
            Case(
                name: "moved digest",
                change: {
                    $0.files["elsewhere/" + $0.digests[2].split(separator: "/").last!] = $0.files.removeValue(
                        forKey: $0.digests[2])!
                },
                signed: [5], files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "a digest under another's name", change: { $0.files[$0.digests[2]] = $0.files[$0.digests[1]] },
                signed: [5], files: [8, 0, 0, 2, 2], digests: [4, 0, 0, 1, 1, 1], verdict: .invalid, holes: [[2, 3]],
                reason: "it bears another digest's name"),
            Case(
                name: "a digest twice", change: { $0.files["copy/" + $0.digests[2]] = $0.files[$0.digests[2]] },
                signed: [5],
                files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "a forged digest beside the good one",
                change: {
                    let good = $0.files[$0.digests[2]]
                    replace(&$0, $0.digests[2], "AAAAAAAAAAAAAA", "DDDDDDDDDDDDDD")
                    $0.files["copy/" + $0.digests[2]] = $0.files[$0.digests[2]]
                    $0.files[$0.digests[2]] = good
                }, signed: [5], files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 1, 0], verdict: .invalid),
            Case(
                name: "a forged newest digest cannot condemn the one before",
                change: { made in
                    edit(&made, made.digests[5]) {
                        let text = String(decoding: $0, as: UTF8.self)
                        let mark = text.range(of: "previousDigestSignature\":\"")!.upperBound
                        $0 = Array((text[..<mark] + "00" + text[text.index(mark, offsetBy: 2)...]).utf8)
                    }
                }, files: [8, 0, 0, 4, 0], digests: [4, 0, 1, 1, 0, 0], verdict: .unproven),
            Case(name: "no keys", keys: [], files: [0, 0, 0, 12, 0], digests: [0, 0, 5, 1, 0, 0], verdict: .unproven),
            Case(
                name: "no keys, edited log", change: { replace(&$0, $0.logs[2], "aws-sdk", "aws-SDK") }, keys: [],
                files: [0, 1, 0, 11, 0], digests: [0, 0, 5, 1, 0, 0], verdict: .invalid),
            Case(
                name: "the key of somebody else", keys: [.second], files: [0, 0, 0, 12, 0],
                digests: [0, 0, 5, 1, 0, 0],
                verdict: .unproven),
            Case(
                name: "a key that rotates", fixture: { DigestFixture(key: { $0 < 3 ? .first : .second }) },
                keys: [.first, .second], signed: [5], files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0],
                verdict: .proven),
            Case(
                name: "a key is missing: the proven digest behind pins the one before",
                fixture: { DigestFixture(key: { $0 < 3 ? .first : .second }) }, keys: [.second], signed: [5],
                files: [12, 0, 0, 0, 0], digests: [3, 3, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "a signature of the newest that does not fit",
                change: { $0.signatures[$0.digests[5]] = $0.signatures[$0.digests[4]] }, signed: [5],
                files: [10, 0, 0, 2, 0], digests: [5, 0, 0, 0, 1, 0], verdict: .invalid,
                reason: "signature verification failed"),
            Case(
                name: "an organization's trail", fixture: { DigestFixture(organization: "o-exampleorgid/") },
                signed: [5],
                files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "a backfill chain", fixture: { DigestFixture(suffix: "_backfill") }, signed: [5],
                files: [12, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "stopped and started, and the trail tells of it",
                fixture: { stopped([0, 1, 4, 5]) }, signed: [1, 3], files: [8, 0, 0, 0, 0],
                digests: [4, 0, 0, 0, 0, 0], verdict: .proven, holes: [[2, 4]]),
            Case(
                name: "a chain that begins anew, and nothing tells why",
                fixture: { DigestFixture(hours: [0, 1, 4, 5], restarts: [4]) }, signed: [1, 3], files: [8, 0, 0, 0, 0],
                digests: [4, 0, 0, 0, 0, 0], verdict: .unproven, holes: [[2, 4]]),
            Case(
                name: "a deleted digest, its log files too, in a window within its hour",
                change: { made in for path in [made.digests[2]] + made.logs[4..<6] { made.files[path] = nil } },
                signed: [5], files: [0, 0, 0, 0, 0], digests: [0, 0, 0, 0, 0, 1], verdict: .invalid, holes: [[2, 3]],
                window: [130, 140]),
            Case(
                name: "a hole that nothing explains, in a window within it",
                fixture: { DigestFixture(hours: [0, 1, 4, 5], restarts: [4]) }, signed: [1, 3], files: [0, 0, 0, 0, 0],
                digests: [0, 0, 0, 0, 0, 0], verdict: .unproven, holes: [[2, 4]], window: [150, 200]),
            Case(
                name: "a hole that the trail explains, in a window behind what tells it",
                fixture: { stopped([0, 1, 4, 5]) }, signed: [1, 3], files: [2, 0, 0, 0, 0],
                digests: [1, 0, 0, 0, 0, 0], verdict: .proven, holes: [[2, 4]], window: [150, 270]),
            Case(
                name: "a window within one hour", signed: [5], files: [0, 0, 0, 0, 0], digests: [1, 0, 0, 0, 0, 0],
                verdict: .proven, window: [140, 150]),
            Case(
                name: "a window behind the last digest", signed: [5], files: [0, 0, 0, 0, 0],
                digests: [0, 0, 0, 0, 0, 0],
                verdict: .unproven, holes: [[7, 8]], window: [420, 480]),
            Case(
                name: "a window before a chain whose oldest digest was deleted",
                change: { made in for path in [made.digests[0]] + made.logs[0..<2] { made.files[path] = nil } },
                signed: [5], files: [2, 0, 0, 0, 0], digests: [1, 0, 0, 0, 0, 0], verdict: .unproven, holes: [[0, 1]],
                window: [0, 119]),
            Case(
                name: "oldest deleted, its log files too",
                change: { made in for path in [made.digests[0]] + made.logs[0..<2] { made.files[path] = nil } },
                signed: [5], files: [10, 0, 0, 0, 0], digests: [5, 0, 0, 0, 0, 0], verdict: .proven),
            Case(
                name: "a renamed log belongs where it was delivered",
                change: { $0.files["elsewhere/a.json.gz"] = $0.files.removeValue(forKey: $0.logs[4])! }, signed: [5],
                files: [2, 0, 0, 0, 0], digests: [1, 0, 0, 0, 0, 0], verdict: .proven, reason: "renamed",
                window: [121, 179]),
            Case(
                name: "a copy of a proven log", change: { $0.files["elsewhere/a.json.gz"] = $0.files[$0.logs[2]] },
                signed: [5], files: [13, 0, 0, 0, 0], digests: [6, 0, 0, 0, 0, 0], verdict: .proven, reason: "a copy of"
            ),
            Case(
                name: "what only an unproven digest names is not missing", change: { $0.files[$0.logs[11]] = nil },
                files: [10, 0, 0, 1, 0], digests: [5, 0, 0, 1, 0, 0], verdict: .unproven,
                reason: "named only by a digest that is not proven"),
            Case(
                name: "a digest that is no JSON carries the signature of the one before",
                change: { edit(&$0, $0.digests[3]) { $0.removeLast() } }, signed: [5], files: [10, 0, 0, 0, 2],
                digests: [5, 0, 0, 0, 1, 0], verdict: .invalid, reason: "invalid format"),
            Case(
                name: "a digest that is no JSON proves with what it carries, and condemns nothing",
                change: { made in
                    let (right, wrong) = (made.signatures[made.digests[4]]!, made.signatures[made.digests[1]]!)
                    replace(&made, made.digests[5], right, wrong)
                    edit(&made, made.digests[5]) { $0.removeLast() }
                }, files: [8, 0, 0, 2, 2], digests: [4, 0, 0, 1, 1, 0], verdict: .invalid),
            Case(
                name: "a window behind the end that StopLogging gave the chain",
                fixture: { stopped([0, 1]) }, signed: [1], files: [0, 0, 0, 0, 0], digests: [0, 0, 0, 0, 0, 0],
                verdict: .proven, holes: [[2, 4]], window: [130, 240]),
            Case(
                name: "a window within the pause that StopLogging made",
                fixture: { stopped([0, 1, 4, 5]) }, signed: [1, 3], files: [0, 0, 0, 0, 0],
                digests: [0, 0, 0, 0, 0, 0], verdict: .proven, holes: [[2, 4]], window: [150, 200]),
            Case(
                name: "a window behind an end that is told by a log file which was changed",
                fixture: { stopped([0, 1]) },
                change: { made in for log in made.logs[2...] { replace(&made, log, "aws-cli", "aws-CLI") } },
                signed: [1],
                files: [0, 0, 0, 0, 0], digests: [0, 0, 0, 0, 0, 0], verdict: .unproven, holes: [[2, 4]],
                window: [130, 240]),
        ] + holes

    /// A chain whose trail was stopped in the second hour.
    private static func stopped(_ hours: [Int]) -> DigestFixture {
        var fixture = DigestFixture(hours: hours, restarts: [4])
        fixture.records = { hour, number in [hour == 1 ? stop : Record.success(hour * 10 + number)] }
        return fixture
    }

    /// Calls that might explain the hole from 02:00 to 04:00; only one that stops this very trail, shortly before, does.
    private static let holes: [Case] = [
        ("StopLogging of a trail of another home Region", stop.replacing("eu-west-1", with: "us-west-2"), false),
        (
            "StopLogging of another account's trail",
            stop.replacing(":111122223333:trail", with: ":222222222222:trail"), false
        ),
        (
            "StopLogging long before",
            stop.replacing("T01:50", with: "T00:10").replacing("2026-11-19", with: "2026-11-18"), false
        ),
        ("StopLogging behind the hole's start", stop.replacing("T01:50", with: "T02:30"), false),
        ("PutEventSelectors", stop.replacing("StopLogging", with: "PutEventSelectors"), false),
        (
            "StopLogging by the trail's name",
            stop.replacing("arn:aws:cloudtrail:eu-west-1:111122223333:trail/", with: ""), true
        ),
        ("DeleteTrail", stop.replacing("StopLogging", with: "DeleteTrail"), true),
    ].map { name, record, explains in
        Case(
            name: name,
            fixture: {
                var fixture = DigestFixture(hours: [0, 1, 4, 5], restarts: [4])
                fixture.records = { hour, number in [hour == 1 ? record : Record.success(hour * 10 + number)] }
                return fixture
            }, signed: [1, 3], files: [8, 0, 0, 0, 0], digests: [4, 0, 0, 0, 0, 0],
            verdict: explains ? .proven : .unproven, holes: [[2, 4]])
    }

    private static let stop = """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mallory",\
        "accountId":"111122223333","userName":"mallory"},"eventTime":"2026-11-19T01:50:00Z","eventSource":"cloudtrail.amazonaws.com",\
        "eventName":"StopLogging","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.9","userAgent":"aws-cli","requestParameters":\
        {"name":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/my_trail.of-mine"},"responseElements":null,"requestID":"r",\
        "eventID":"00000000-0000-4000-8000-00000000aaaa","eventType":"AwsApiCall","recipientAccountId":"111122223333"}
        """

    static func verify(
        _ made: Made, keys: [SigningKey], signed: [Int], in folder: ScratchFolder, as archive: Bool = false,
        window: [Int] = []
    ) throws -> Verification {
        if archive {
            try folder.write(
                "logs/e.zip", ZipFixture(made.files.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }).bytes)
        } else {
            for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        }
        var options = ArchiveVerification.Options()
        options.readers = 2
        if let from = window.first, let to = window.last {
            // 2026-11-19T00:00:00Z
            options.from = 1_795_046_400 + Int64(from) * 60
            options.to = 1_795_046_400 + Int64(to) * 60
        }
        if !keys.isEmpty { options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list(keys))] }
        if !signed.isEmpty {
            let lines = signed.map {
                "{\"Key\":\"\(made.digests[$0])\",\"Metadata\":{\"signature\":\"\(made.signatures[made.digests[$0]]!)\"}}"
            }
            options.signatureFiles = [try folder.write("trusted/signatures.json", lines.joined(separator: "\n"))]
        }
        return try ArchiveVerification(options: options).run([folder.path("logs")]).verification
    }

    @Test(arguments: rows) func `tampering is told, and nothing else is`(_ row: Case) throws {
        var made = row.fixture().make()
        row.change(&made)
        for archive in [false, true] {
            let found = try Self.verify(
                made, keys: row.keys, signed: row.signed, in: ScratchFolder(), as: archive, window: row.window)
            #expect(Verification.FileState.allCases.map { found.count($0) } == row.files)
            #expect(Verification.DigestState.allCases.map { found.count($0) } == row.digests)
            #expect(found.verdict == row.verdict)
            #expect(
                found.chains.flatMap(\.holes).map { [Int($0.from / 3600 % 24), Int($0.to / 3600 % 24)] } == row.holes)
            let reasons =
                (found.files + found.onlyNamed).compactMap(\.reason)
                + (found.chains.flatMap(\.digests) + found.looseDigests).compactMap(\.reason)
            #expect(row.reason.isEmpty || reasons.contains { $0.contains(row.reason) })
        }
    }

    @Test func `any single changed byte is found`() throws {
        let made = DigestFixture(hours: [0, 1, 2]).make()
        var generator = SeededGenerator(state: 20)
        for _ in 0..<60 {
            var changed = made
            let path = made.files.keys.sorted().randomElement(using: &generator)!
            let place = Int.random(in: 0..<made.files[path]!.count, using: &generator)
            changed.files[path]![place] ^= UInt8.random(in: 1...255, using: &generator)
            let before = inflated(made.files[path]!)
            let found = try Self.verify(changed, keys: [.first], signed: [2], in: ScratchFolder())
            // A byte of the gzip header, such as its time, changes nothing that AWS delivered.
            let isHeader = (4..<10).contains(place) || place == 3
            #expect(found.verdict == .invalid || found.verdict == .unproven || isHeader, "\(path) byte \(place)")
            #expect(!before.isEmpty)
        }
    }

    @Test func `a second Region that ends early, and one without digests, are told`() throws {
        var made = DigestFixture().make()
        let west = DigestFixture(region: "us-west-2", hours: [0, 1, 2]).make()
        let south = DigestFixture(region: "sa-east-1", hours: [0]).make()
        made.files.merge(west.files) { first, _ in first }
        for log in south.logs { made.files[log] = south.files[log] }
        let found = try Self.verify(made, keys: [.first], signed: [5], in: ScratchFolder())
        #expect(found.chains.map(\.endsEarlyBy) == [nil, 3 * 3600])
        #expect(found.uncovered == [.init(account: "111122223333", region: "sa-east-1", logFiles: 2)])
        #expect(found.verdict == .unproven)
    }

    struct Part: Sendable, CustomTestStringConvertible {
        var accounts: Set<String> = []
        var regions: Set<String> = []
        /// Minutes since midnight, both inclusive.
        var from: Int64?
        var to: Int64?
        var files: Int
        var chains: Int
        var testDescription: String { "\(accounts.sorted()) \(regions.sorted()) \(from ?? -1) to \(to ?? -1)" }
    }

    /// Of two accounts with two Regions each, two log files an hour from 00:00 to 06:00.
    @Test(arguments: [
        Part(files: 48, chains: 4),
        Part(accounts: ["111122223333"], files: 24, chains: 2),
        Part(regions: ["us-west-2"], files: 24, chains: 2),
        Part(accounts: ["444455556666"], regions: ["us-west-2"], files: 12, chains: 1),
        Part(accounts: ["444455556666"], regions: ["us-west-2"], from: 121, to: 179, files: 2, chains: 1),
        Part(accounts: ["999999999999"], files: 0, chains: 0),
        Part(regions: ["eu-west-1"], files: 0, chains: 0),
        Part(from: 121, to: 239, files: 16, chains: 4),
        Part(from: 181, files: 24, chains: 4),
        Part(to: 119, files: 16, chains: 4),
    ])
    func `a part of an archive is verified by time, account and Region`(_ part: Part) throws {
        let folder = try ScratchFolder()
        for account in ["111122223333", "444455556666"] {
            for region in ["us-east-1", "us-west-2"] {
                let made = DigestFixture(account: account, region: region).make()
                for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
            }
        }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first], number: true))]
        // 2026-11-19T00:00:00Z
        options.from = part.from.map { 1_795_046_400 + $0 * 60 }
        options.to = part.to.map { 1_795_046_400 + $0 * 60 }
        options.accounts = part.accounts
        options.regions = part.regions
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.files.count == part.files && found.chains.count == part.chains)
        #expect(found.count(Verification.FileState.invalid) + found.count(Verification.FileState.missing) == 0)
    }

    @Test func `keys at the root of an archive lie beside the log files`() throws {
        var made = DigestFixture().make()
        made.files["public-keys.json"] = Array(SigningKey.list([.first]).utf8)
        let found = try Self.verify(made, keys: [], signed: [], in: ScratchFolder(), as: true)
        #expect(found.count(Verification.DigestState.proven) == 5 && found.count(.valid) == 10)
        #expect(found.keys.map(\.isBeside) == [true] && found.keys.map(\.isUsed) == [true])
    }

    /// More than is let through whatever its ratio. Nobody gets as far as its sum.
    @Test func `a log file in an archive that inflates beyond all measure is stopped`() throws {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 65 << 20)
        let deflated = CompressedBlock(compressing: spaces).bytes.dropFirst(2).dropLast(4)
        let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
        var made = DigestFixture(hours: [0]).make()
        made.files[made.logs[1]] = header + deflated + [UInt8](repeating: 0, count: 8)
        let folder = try ScratchFolder()
        try folder.write("e.zip", ZipFixture(made.files.map { .init($0.key, $0.value) }).bytes)
        var options = ArchiveVerification.Options()
        options.maximumRatio = 100
        let found = try ArchiveVerification(options: options).run([folder.path("e.zip")]).verification
        #expect(found.count(Verification.FileState.invalid) == 1 && found.count(Verification.FileState.consistent) == 1)
        #expect(found.files.contains { $0.reason?.contains("--max-ratio") == true })
    }

    @Test func `the signature in an extended attribute proves the newest digest`() throws {
        let made = DigestFixture().make()
        let folder = try ScratchFolder()
        for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        let newest = made.digests[5]
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = [
            "python3", "-c", "import os, sys; os.setxattr(sys.argv[1], 'user.signature', sys.argv[2].encode())",
            folder.path("logs/" + newest), try #require(made.signatures[newest]),
        ]
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else {
            return print("skipped: this file system keeps no extended attributes, or Python is not installed")
        }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first]))]
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.count(Verification.DigestState.proven) == 6 && found.verdict == .proven)
    }

    @Test(arguments: [("zstd", "zst"), ("xz", "xz"), ("bzip2", "bz2"), ("7z", "7z")])
    func `a log file that was compressed anew is as it was delivered`(_ program: String, _ suffix: String) throws {
        let made = DigestFixture().make()
        let folder = try ScratchFolder()
        for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        let log = folder.path("logs/" + made.logs[2])
        let plain = String(log.dropLast(3))
        try Data(inflated(try #require(made.files[made.logs[2]]))).write(to: URL(filePath: plain))
        try FileManager.default.removeItem(atPath: log)
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = program == "7z" ? [program, "a", "-bd", plain + ".7z", plain] : [program, "-q", plain]
        tool.standardError = FileHandle.nullDevice
        tool.standardOutput = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else { return print("skipped: `\(program)` is not installed") }
        if FileManager.default.fileExists(atPath: plain) { try FileManager.default.removeItem(atPath: plain) }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first]))]
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.files.first { $0.path.displayName.hasSuffix("json." + suffix) }?.state == .valid)
    }
}
