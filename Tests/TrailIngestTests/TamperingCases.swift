import CloudTrail
import Foundation
import TestSupport
import Testing
import TrailIngest

/// Archives that were tampered with, and what is to be said of each.
extension TamperingTests {
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

    static func edit(_ made: inout Made, _ path: String, _ change: (inout [UInt8]) -> Void) {
        var content = inflated(made.files[path] ?? [])
        change(&content)
        made.files[path] = gzipMember(content)
    }

    static func replace(_ made: inout Made, _ path: String, _ old: String, _ new: String) {
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
    static func stopped(_ hours: [Int]) -> DigestFixture {
        var fixture = DigestFixture(hours: hours, restarts: [4])
        fixture.records = { hour, number in [hour == 1 ? stop : Record.success(hour * 10 + number)] }
        return fixture
    }

    /// Calls that might explain the hole from 02:00 to 04:00; only one that stops this very trail, shortly before, does.
    static let holes: [Case] = [
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

    static let stop = """
        {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/mallory",\
        "accountId":"111122223333","userName":"mallory"},"eventTime":"2026-11-19T01:50:00Z","eventSource":"cloudtrail.amazonaws.com",\
        "eventName":"StopLogging","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.9","userAgent":"aws-cli","requestParameters":\
        {"name":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/my_trail.of-mine"},"responseElements":null,"requestID":"r",\
        "eventID":"00000000-0000-4000-8000-00000000aaaa","eventType":"AwsApiCall","recipientAccountId":"111122223333"}
        """
}
