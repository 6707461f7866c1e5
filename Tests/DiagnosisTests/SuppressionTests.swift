import AccessDenial
import Diagnosis
import IAMPolicy
import Testing
import TrailStore

@Suite struct SuppressionTests {
    private static let now = "2026-11-23T12:00:00Z"

    struct Accepted: Sendable, CustomTestStringConvertible {
        var line: String
        var hides: Bool
        var resources: [String?] = [Facts.messages]

        var testDescription: String { line }
    }

    private static func group(_ resources: [String?]) -> DenialGroup {
        Facts.group(.missingAllow(.identityBased)) {
            $0.denials = resources.count
            $0.resources = resources.compactMap(\.self).map { Counted($0, denials: 1) }
        }
    }

    @Test(arguments: [
        Accepted(line: "* * * * # all", hides: true),
        Accepted(line: "*/order-notifier mobiletargeting:Send* missing-allow:* * # known", hides: true),
        Accepted(line: "*/ORDER-notifier * * * # names are exact", hides: false),
        Accepted(line: "order-notifier * * * # the whole name is matched", hides: false),
        Accepted(line: "* MOBILETARGETING:sendmessages * * # actions are not", hides: true),
        Accepted(line: "* mobiletargeting:Get* * * # another action", hides: false),
        Accepted(line: "* * explicit-deny:* * # another reason", hides: false),
        Accepted(line: "* * * *:apps/0a1b2c/* # the project", hides: true),
        Accepted(
            line: "* * * *:apps/0a1b2c/* # one resource is another", hides: false, resources: [Facts.messages, "arn:x"]),
        Accepted(line: "* * * *:apps/* # one denial names none", hides: false, resources: [Facts.messages, nil]),
        Accepted(line: "* * * * # a denial that names none", hides: true, resources: [nil]),
        Accepted(line: #"* * * "role order*" # with blanks"#, hides: true, resources: ["role order-notifier"]),
        Accepted(line: "* * * * until=2026-11-23 # its last day", hides: true),
        Accepted(line: "* * * * until=2026-11-22 # over", hides: false),
        Accepted(
            line: "* * * *:apps/* # the one\n* * * role* # the other", hides: true,
            resources: [Facts.messages, "role r"]),
        Accepted(line: "\t# a comment\r\n\r\n  ", hides: false),
    ])
    func `A rule hides what it accepts in full`(row: Accepted) throws {
        let suppression = try Suppression(parsing: row.line)
        #expect(suppression.hides(Self.group(row.resources), at: Self.now) == row.hides)
    }

    @Test(arguments: [
        ("* * * *", "nothing says why"), ("* * * * #  ", "nothing says why"), ("* * * # why", "3 patterns"),
        ("* * * * * # why", "5 patterns"), ("* * * * until=tomorrow # why", "no date"),
        ("* * * * until=2026-02-30 # why", "no date"), ("* * * until=2026-12-31 * # why", "behind until"),
        ("* * * * until=2026-12-31 until=2027-01-01 # why", "twice"), ("\"* * * * # why", "not closed"),
        ("\"a\"b * * * # why", "blank must follow"), ("a\"b * * * # why", "inside a field"),
        ("* * nonsense * # why", "no reason is called"), ("* SendMessages * * # why", "no IAM action"),
        ("* * * \"\" # why", "empty"),
    ])
    func `A line that is not understood is an error with its number`(line: String, words: String) throws {
        let error = try #require(throws: SuppressionError.self) { try Suppression(parsing: "# first\n" + line) }
        #expect(error.line == 2)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func `Rules that ended are told by their lines`() throws {
        let suppression = try Suppression(parsing: "* * * * until=2026-01-31 # a\n\n* * * * until=2027-01-31 # b\n")
        #expect(suppression.expired(at: Self.now).map(\.line) == [1])
        #expect(suppression.rules.map(\.why) == ["a", "b"])
    }

    @Test func `No text makes the reader trap`() {
        var text = Array("*/role \"a b\" *:* explicit-deny* until=2027-01-01 # why\n".utf8)
        var seed: UInt64 = 403
        for _ in 0..<2_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text[Int(seed >> 33) % text.count] = UInt8(truncatingIfNeeded: seed >> 24)
            let line = String(decoding: text, as: UTF8.self)
            switch Result(catching: { () throws(SuppressionError) in try Suppression(parsing: line) }) {
            case .success(let suppression): _ = suppression.hides(Self.group([nil]), at: Self.now)
            case .failure(let error): #expect(error.line > 0)
            }
        }
    }
}
