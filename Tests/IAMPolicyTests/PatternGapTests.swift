import IAMPolicy
import Testing

@Suite struct PatternGapTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var pattern: String
        var text: String
        var kind: PatternGap.Kind?
        var corrected: String?

        init(_ pattern: String, _ text: String, _ kind: PatternGap.Kind? = nil, _ corrected: String? = nil) {
            (self.pattern, self.text, self.kind, self.corrected) = (pattern, text, kind, corrected)
        }

        var testDescription: String { "\(pattern) against \(text)" }
    }

    private static let role = "arn:aws:iam::111122223333:role/"
    private static let parameter = "arn:aws:ssm:us-east-1:111122223333:parameter"
    private static let sso = role + "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Net_0a"

    @Test(arguments: [
        Case("arn:aws:s3:::acme/*", "arn:aws:s3:::acme/a"),
        Case("arn:aws:s3:::acme/* ", "arn:aws:s3:::acme/a", .blanks, "arn:aws:s3:::acme/*"),
        Case("arn:aws:s3:::Acme/*", "arn:aws:s3:::acme/a", .letterCase, "arn:aws:s3:::acme/*"),
        Case("arn:aws:s3:::acme/In/a", "arn:aws:s3:::acme/in/a", .letterCase, "arn:aws:s3:::acme/in/a"),
        Case("arn:aws-cn:s3:::acme/*", "arn:aws:s3:::acme/a", .partition, "arn:aws:s3:::acme/*"),
        Case("arn:aws:s3:us-east-1:111122223333:acme/*", "arn:aws:s3:::acme/a", .emptyPart, "arn:aws:s3:::acme/*"),
        Case(
            "arn:aws:sqs:::jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", .emptyPart,
            "arn:aws:sqs:us-east-1:111122223333:jobs"),
        Case(
            "arn:aws:sqs:us-east-1:ACCOUNT_ID:jobs", "arn:aws:sqs:us-east-1:111122223333:jobs",
            .placeholder("ACCOUNT_ID"), "arn:aws:sqs:us-east-1:111122223333:jobs"),
        Case(
            "arn:aws:sqs:<region>:<account>:jobs", "arn:aws:sqs:us-east-1:111122223333:jobs", .placeholder("<account>"),
            "arn:aws:sqs:us-east-1:111122223333:jobs"),
        Case(
            role + "AWSReservedSSO_Net_*", sso, .path("aws-reserved/sso.amazonaws.com/eu-west-1/"),
            role + "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Net_*"),
        Case("arn:aws:s3:::acme/*", "arn:aws:s3:::acme", .itself, "arn:aws:s3:::acme"),
        Case(parameter + "/prod/api/*", parameter + "/prod/api", .itself, parameter + "/prod/api"),
        Case("arn:aws:s3:::acme", "arn:aws:s3:::acme/a", .beneath, "arn:aws:s3:::acme/*"),
        Case("arn:aws:s3:::acme-*/in", "arn:aws:s3:::acme-1/in/a", .beneath, "arn:aws:s3:::acme-*/in/*"),
        Case(
            "arn:aws:logs:us-east-1:111122223333:log-group:/app",
            "arn:aws:logs:us-east-1:111122223333:log-group:/app:log-stream:x", .beneath,
            "arn:aws:logs:us-east-1:111122223333:log-group:/app:*"),
        Case(parameter + "//prod/api/*", parameter + "/prod/api/url", .slashes, parameter + "/prod/api/*"),
        Case("arn:aws:s3:::acme/in/", "arn:aws:s3:::acme/in", .slashes, "arn:aws:s3:::acme/in"),
        Case("arn:aws:s3:::acme/in/a", "arn:aws:s3:::acme//in/a", .slashes, "arn:aws:s3:::acme//in/a"),
        Case(
            "arn:aws:lambda:us-east-1:111122223333:function/f", "arn:aws:lambda:us-east-1:111122223333:function:f",
            .separator, "arn:aws:lambda:us-east-1:111122223333:function:f"),
        Case(
            "arn:aws:states:us-east-1:111122223333:execution:arn:aws:states:us-east-1:111122223333:stateMachine:jobs:*",
            "arn:aws:states:us-east-1:111122223333:execution:jobs:1", .nested,
            "arn:aws:states:us-east-1:111122223333:execution:jobs:*"),
        Case(
            "arn:aws:s3:::arn:aws:s3:::acme/*", "arn:aws:s3:::acme/a", .nested, "arn:aws:s3:::acme/*"),
        Case(role + "ReadBillings", role + "ReadBilling", .spelling, role + "ReadBilling"),
        Case(
            "arn:aws:s3:::acme-reciepts/*", "arn:aws:s3:::acme-receipts/2026/a", .spelling,
            "arn:aws:s3:::acme-receipts/*"),
        Case("arn:aws:s3:::acme_data/*", "arn:aws:s3:::acme-data/a", .spelling, "arn:aws:s3:::acme-data/*"),
        // Names of other things.
        Case(role + "worker-1", role + "worker-2"), Case(role + "worker-1", role + "worker"),
        Case(role + "worker-a", role + "worker-b"), Case(role + "orders-dev", role + "orders-prod"),
        Case("arn:aws:sqs:us-east-1:111122223333:jobs", "arn:aws:sqs:us-east-1:444455556666:jobs"),
        Case("arn:aws:sqs:us-east-1:111122223333:jobs", "arn:aws:sqs:eu-west-1:111122223333:jobs"),
        Case("arn:aws:s3:::acme/a", "arn:aws:sqs:us-east-1:111122223333:acme"), Case("", ""), Case("*", "x"),
        Case("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::acme/a"), Case("arn:", "arn:aws:s3:::acme"),
        Case(role, role + "x/y"), Case("arn:aws:iam::111122223333:role", role + "a/b"),
    ])
    func oneDifferenceIsTold(_ row: Case) {
        let gap = PatternGap(row.pattern, row.text)
        #expect(gap?.kind == row.kind)
        #expect(gap?.corrected == row.corrected)
        if let gap { #expect(ResourcePattern(gap.corrected).matches(row.text)) }
    }

    @Test func longTextsAreNotCompared() {
        let long = String(repeating: "a/", count: 5000)
        #expect(PatternGap("arn:aws:s3:::acme/" + long, "arn:aws:s3:::acme/" + long + "b") == nil)
    }
}
