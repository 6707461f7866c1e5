import IAMPolicy
import Testing

@Suite struct MatchingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var text: String
        var isMatch: Bool

        init(_ pattern: String, _ text: String, _ isMatch: Bool) {
            self.pattern = pattern
            self.text = text
            self.isMatch = isMatch
        }

        var testDescription: String { "\(pattern) \(isMatch ? "covers" : "does not cover") \(text)" }
    }

    static let actions: [Case] = [
        Case("mobiletargeting:SendMessages", "mobiletargeting:SendMessages", true),
        Case("MobileTargeting:sendmessages", "mobiletargeting:SendMessages", true),
        Case("mobiletargeting:Send*", "mobiletargeting:SendMessages", true),
        Case("mobiletargeting:*Messages", "mobiletargeting:SendUsersMessages", true),
        Case("mobiletargeting:S?ndMessages", "mobiletargeting:SendMessages", true),
        Case("mobiletargeting:S?Messages", "mobiletargeting:SendMessages", false),
        Case("mobiletargeting:Get*", "mobiletargeting:SendMessages", false),
        Case("mobiletargeting:*", "sms-voice:SendTextMessage", false),
        Case("pinpoint:SendMessages", "mobiletargeting:SendMessages", false),
        Case("*", "mobiletargeting:SendMessages", true),
        Case("*:SendMessages", "mobiletargeting:SendMessages", true),
        Case("mobile*", "mobiletargeting:SendMessages", false),
        Case("mobile*:Send*", "mobiletargeting:SendMessages", true),
        Case("mobiletargeting:Send Messages", "mobiletargeting:Send Messages", false),
        Case("mobiletargeting:", "mobiletargeting:", false),
        Case("mobiletargeting:SendMessages", "mobiletargeting:SendMessagesNow", false),
        Case("", "mobiletargeting:SendMessages", false),
        Case("s3:*Object*", "s3:GetObjectAcl", true),
        Case("s3:***", "s3:Get", true),
    ]

    @Test(arguments: actions) func anActionPatternCoversAnAction(_ row: Case) {
        #expect(ActionPattern(row.pattern).matches(row.text) == row.isMatch)
        let listed = Statement(.allow, actions: .matching([ActionPattern(row.pattern)]))
        #expect(listed.matchesAction(row.text) == row.isMatch)
        let excepted = Statement(.allow, actions: .exceptMatching([ActionPattern(row.pattern)]))
        #expect(excepted.matchesAction(row.text) != row.isMatch)
    }

    static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b"

    static let resources: [Case] = [
        Case("*", app, true),
        Case("*", "anything", true),
        Case(app, app, true),
        Case(app, "\(app)/messages", false),
        Case("\(app)/*", "\(app)/messages", true),
        Case("\(app)/*", app, false),
        Case("\(app)*", "\(app)/messages", true),
        Case("\(app)*", "\(app)9/messages", true),
        Case("arn:aws:mobiletargeting:*:111122223333:apps/*", "\(app)/endpoints/7/x", true),
        Case("arn:aws:mobiletargeting:us-east-1:*:apps/0a1b", app, true),
        Case("arn:aws:mobiletargeting:eu-west-1:*:apps/0a1b", app, false),
        Case("arn:*:mobiletargeting:us-east-?:111122223333:*", app, true),
        Case("arn:aws:*:us-east-1:111122223333:apps/0a1b", app, true),
        Case("arn:aws:pinpoint:us-east-1:111122223333:apps/0a1b", app, false),
        Case("arn:aws:mobiletargeting:us-east-1:111122223333:APPS/0a1b", app, false),
        Case("arn:aws:mobiletargeting:*", app, true),
        Case("arn:aws:mobiletargeting", app, true),
        Case("arn:aws:mobiletargeting:us-*:111122223333:apps/0a1b", app, true),
        Case("arn:aws:mobiletargeting:us-*1:111122223333:apps/0a1b", app, true),
        Case("arn:aws:mobiletargeting:us-*3:apps/0a1b", app, false),
        Case("arn:aws:mobiletargeting:*-1:*:apps/0a1b", app, true),
        Case("arn:aws:mobiletargeting:*3:*:apps/0a1b", app, false),
        Case("arn:aws:mobiletargeting:us-east-?:111122223333:apps/0a1b", app, true),
        Case("arn:aws:mobiletargeting:us-east-1?111122223333:apps/0a1b", app, false),
        Case("**", app, true),
        Case("*", "*", true),
        Case("arn:*", "*", false),
        Case("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b:c", true),
        Case("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/a", false),
        Case("user alice", "user alice", true),
        Case("user *", "user alice", false),
        Case(
            "arn:aws:logs:us-east-1:111122223333:log-group:*", "arn:aws:logs:us-east-1:111122223333:log-group:a:b", true
        ),
    ]

    @Test(arguments: resources) func aResourcePatternCoversAResource(_ row: Case) {
        #expect(ResourcePattern(row.pattern).matches(row.text) == row.isMatch)
    }

    @Test func aHostileResourcePatternTakesNoExponentialTime() {
        let parts = "arn:aws:x*1:" + String(repeating: "*a", count: 200) + "b:*"
        #expect(!ResourcePattern(parts).matches("arn:aws:x1:" + String(repeating: "a", count: 2_000)))
    }

    @Test func aHostilePatternTakesNoExponentialTime() {
        let pattern = String(repeating: "*a", count: 200) + "b"
        #expect(!ActionPattern(pattern).matches(String(repeating: "a", count: 2_000)))
    }

    @Test func principalsAreNamedByARNAccountOrEveryone() {
        let role = "arn:aws:iam::111122223333:role/app/sender"
        for text in ["*", role, "111122223333", "arn:aws:iam::111122223333:root"] {
            #expect(PrincipalPattern(kind: "AWS", text).names(role), "\(text)")
        }
        for text in ["444455556666", "arn:aws:iam::111122223333:role/sender", "AROAEXAMPLEID", ""] {
            #expect(!PrincipalPattern(kind: "AWS", text).names(role), "\(text)")
        }
        #expect(!PrincipalPattern(kind: "Service", "pinpoint.amazonaws.com").names(role))
    }

    @Test func anARNComesApartAndTogether() throws {
        let text = "arn:aws:organizations::444455556666:policy/o-abc/service_control_policy/p-1234"
        let arn = try #require(ARN(text))
        #expect(arn.account == "444455556666")
        #expect(arn.name == "p-1234")
        #expect(arn.description == text)
        #expect(ARN("arn:aws:s3") == nil)
        #expect(ARN("user alice") == nil)
        #expect(ARN("arn::s3:::x") == nil)
    }
    /// Texts that are taken apart, and such as look like them.
    private static let texts = [
        "", "/", "//", "a", "/a", "a/", "a//b", "role/app/sender", "/role/", "ä/ö/ü", "a/\u{301}b/c", "arn:", "arn:aws",
        "arn:aws:s3:::",
        "arn:aws:s3:::bucket/key:with:colons", "arn::s3:::x", "arn:aws::::x", "ARN:aws:s3:::x",
        "arn:aws:iam::111122223333:user/ä",
        "arn:aws:sts::111122223333:assumed-role/one/i-0abc", "arn:aws:\u{301}s3:::x", "xarn:aws:s3:::x",
        String(repeating: ":", count: 9),
    ]

    /// The slow way is to split.
    @Test(arguments: texts) func textIsTakenApartByItsBytes(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        let path = PathParts(text)
        #expect(path.count == parts.count)
        #expect([path.first, path.second, path.last] == [parts.first, parts.dropFirst().first, parts.last])
        let fields = text.utf8.split(
            separator: UInt8(ascii: ":"), maxSplits: 5, omittingEmptySubsequences: false
        ).map { String(Substring($0)) }
        let isARN = fields.count == 6 && fields[0] == "arn" && !fields[1].isEmpty && !fields[2].isEmpty
        let arn = ARN(text)
        #expect(
            (arn.map { [$0.partition, $0.service, $0.region, $0.account, $0.resource] } ?? [])
                == (isARN ? Array(fields[1...]) : []))
    }

    @Test func aServiceIsNamedByThePrefixAsItStands() {
        #expect(ActionPattern("Mobiletargeting:Send*").names(service: "mobiletargeting"))
        for text in ["mobiletargeting", "mobile*:Send", "mobiletargetings:x", "*", "", "sms-voice:x"] {
            #expect(!ActionPattern(text).names(service: "mobiletargeting"), "\(text)")
        }
    }
}
