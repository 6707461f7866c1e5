import AccessDenial
import IAMPolicy
import TestSupport
import Testing
import TrailStore

@testable import Suppressions

@Suite struct SuppressionTests {
    private static let now = "2026-11-23T12:00:00Z"

    struct Accepted: Sendable, CustomTestStringConvertible {
        var line: String
        var hides: Bool
        var resources: [String?] = [SuppressionTests.messages]

        var testDescription: String { line }
    }

    fileprivate static let messages = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c/messages"

    private static func group(
        _ resources: [String?], principal: String = "arn:aws:iam::111122223333:role/app/order-notifier",
        action: String = "mobiletargeting:SendMessages"
    ) -> DenialGroup {
        var group = DenialGroup(
            id: "7c1f09ab0001", principal: principal, principalType: "AssumedRole", action: action,
            eventSource: "pinpoint.amazonaws.com", reason: .missingAllow(.identityBased), category: .authorization,
            denials: resources.count, firstSeen: "2026-11-10T12:00:00Z", lastSeen: "2026-11-11T12:00:00Z")
        group.resources = resources.compactMap(\.self).map { Counted($0, denials: 1) }
        return group
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
            line: "* * * *:apps/0a1b2c/* # one resource is another", hides: false, resources: [messages, "arn:x"]),
        Accepted(line: "* * * *:apps/* # one denial names none", hides: false, resources: [messages, nil]),
        Accepted(line: "* * * * # a denial that names none", hides: true, resources: [nil]),
        Accepted(line: #"* * * "role order*" # with blanks"#, hides: true, resources: ["role order-notifier"]),
        Accepted(line: "* * * * until=2026-11-23 # its last day", hides: true),
        Accepted(line: "* * * * until=2026-11-22 # over", hides: false),
        Accepted(
            line: "* * * *:apps/* # the one\n* * * role* # the other", hides: true,
            resources: [messages, "role r"]),
        Accepted(line: "\t# a comment\r\n\r\n  ", hides: false),
    ])
    func `A rule hides what it accepts in full`(row: Accepted) throws {
        let suppression = try Suppression(parsing: row.line)
        #expect(suppression.hides(Self.group(row.resources), at: Self.now) == row.hides)
    }

    @Test(arguments: [
        ("* * * *", "nothing says why"), ("* * * * #  ", "nothing says why"), ("* * * # why", "3 patterns"),
        ("* * * * * # why", "5 patterns"), ("* * * * until=tomorrow # why", "not a date"),
        ("* * * * until=2026-02-30 # why", "not a date"), ("* * * until=2026-12-31 * # why", "follows until"),
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

    /// Rules and groups as an organization of this many roles has them: half of the roles are accepted, by rules of several shapes.
    private static func organization(_ count: Int) throws -> (rules: Suppression, groups: [DenialGroup]) {
        let shapes: [(Int) -> String] = [
            { "arn:aws:iam::111122223333:role/app-\($0)x s3:GetObject * *" }, { "*:role/app-\($0)x * * *" },
            { "arn:aws:iam::111122223333:role/app-\($0)x* * * *" }, { "*/app-\($0)x s3:* * *" },
            { "* * * arn:aws:s3:::bucket-\($0)/*" }, { "* service\($0):Get* * *" },
        ]
        let lines = (0..<count).map { shapes[$0 % shapes.count]($0) + " # accepted" }
        let groups = (0..<(2 * count)).map { number in
            group(
                ["arn:aws:s3:::bucket-\(number)/key"], principal: "arn:aws:iam::111122223333:role/app-\(number)x",
                action: number % 6 == 5 ? "service\(number):GetThing" : "s3:GetObject")
        }
        return (try Suppression(parsing: lines.joined(separator: "\n")), groups)
    }

    @Test func `A group meets only the rules that can match it, however many there are`() throws {
        for count in [200, 400, 800] {
            let (suppression, groups) = try Self.organization(count)
            let index = SuppressionIndex(suppression, at: Self.now)
            #expect(groups.reduce(0) { $0 + index.candidates(for: $1).count } <= 2 * count)
            #expect(groups.count(where: index.hides) == count)
        }
    }

    @Test func `The index hides what the rules hide one by one`() throws {
        var random = SeededGenerator(state: 403)
        let parts = ["*", "?", "a", "b", "role/", "arn:", "x", "é", "*a", "b*"]
        func text() -> String {
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                parts[Int.random(in: 0..<parts.count, using: &random)]
            }.joined()
        }
        for _ in 0..<300 {
            let rules = (0..<6).map { line in
                Suppression.Rule(
                    line: line, principal: text(), action: text() + "*", reason: "*", resource: text(), until: nil,
                    why: "why")
            }
            let suppression = Suppression(rules: rules)
            let index = SuppressionIndex(suppression, at: Self.now)
            for _ in 0..<6 {
                var group = Self.group([text(), text()])
                group.principal = text()
                group.action = text().uppercased()
                #expect(index.hides(group) == suppression.hides(group, at: Self.now))
            }
        }
    }
}
