import Foundation
import OrderedJSON
import TestSupport
import Testing

/// `trail403 whatif`, as a user runs it, on records that were written for it.
@Suite struct WhatIfTests {
    private static let account = "111122223333"
    private static let sender = "arn:aws:iam::111122223333:role/sender"
    private static let bucket = "arn:aws:s3:::amzn-s3-demo-bucket"

    /// A call of role sender, or of the user whose name is given; `error` with AWS's message where it was refused.
    private static func call(
        _ number: Int, _ source: String, _ name: String, request: String = "null", resources: String = "[]",
        region: String = "us-east-1", user: String? = nil, account: String = account, error: String? = nil
    ) -> String {
        let identity =
            user.map {
                #"{"type":"IAMUser","arn":"arn:aws:iam::\#(account):user/\#($0)","accountId":"\#(account)","userName":"\#($0)"}"#
            }
            ?? #"{"type":"AssumedRole","principalId":"AROAEXAMPLE1:s","arn":"arn:aws:sts::\#(account):assumed-role/sender/s","accountId":"\#(account)","accessKeyId":"ASIAEXAMPLE000000001","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE1","arn":"arn:aws:iam::\#(account):role/sender","accountId":"\#(account)","userName":"sender"},"attributes":{"mfaAuthenticated":"false"}}}"#
        let refusal = error.map { #""errorCode":"AccessDenied","errorMessage":"\#($0)","# } ?? ""
        let day = String(format: "2026-11-%02d", number % 28 + 1)
        return
            #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventCategory":"Management","managementEvent":true,"eventID":"b0000000-0000-4000-8000-\#(String(format: "%012d", number))","eventTime":"\#(day)T10:00:00Z","eventSource":"\#(source).amazonaws.com","eventName":"\#(name)","awsRegion":"\#(region)","sourceIPAddress":"203.0.113.9","recipientAccountId":"\#(account)",\#(refusal)"userIdentity":\#(identity),"requestParameters":\#(request),"resources":\#(resources),"responseElements":null}"#
    }

    private static let ofBucket =
        #"[{"type":"AWS::S3::Bucket","ARN":"\#(bucket)","accountId":"\#(account)"},{"type":"AWS::S3::Object","ARN":"\#(bucket)/a.txt"}]"#

    private static let records = [
        call(1, "ec2", "DescribeInstances", region: "eu-west-1"),
        call(2, "ec2", "DescribeInstances", region: "eu-west-1"),
        call(3, "ec2", "DescribeInstances"),
        call(4, "iam", "ListRoles"),
        call(
            5, "s3", "GetObject", request: #"{"bucketName":"amzn-s3-demo-bucket","key":"a.txt"}"#, resources: ofBucket),
        call(6, "ec2", "DescribeVpcs", region: "eu-west-1", user: "ann", account: "444455556666"),
        call(
            7, "sqs", "ListQueues",
            error:
                "User: arn:aws:sts::111122223333:assumed-role/sender/s is not authorized to perform: sqs:ListQueues because no identity-based policy allows the sqs:ListQueues action"
        ),
        call(
            8, "kms", "ListKeys",
            error:
                "User: arn:aws:sts::111122223333:assumed-role/sender/s is not authorized to perform: kms:ListKeys with an explicit deny in a service control policy"
        ),
    ]

    private static let archive = Result {
        let folder = try ScratchFolder()
        try folder.write("trail.json", #"{"Records":[\#(records.joined(separator: ","))]}"#)
        let run = try Program.run(["ingest", "trail.json", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return folder
    }

    private func run(_ policy: String, _ arguments: [String]) throws -> Program.Result {
        try Program.run(
            ["whatif", "--policy", "-"] + arguments, in: Self.archive.get().path, input: Data(policy.utf8))
    }

    private static func statement(_ effect: String, _ actions: String, _ further: String = "") -> String {
        #"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"\#(effect)","Action":\#(actions),"Resource":"*"\#(further)}]}"#
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var policy: String
        var role: String
        var target: String
        var options: [String] = []
        /// Actions by the key of the outcome.
        var expected: [String: [String]]
    }

    private static let abroad = #","Condition":{"StringNotEquals":{"aws:RequestedRegion":"us-east-1"}}"#

    static let cases = [
        Case(
            testDescription: "a Deny by Region refuses what was called elsewhere, in this account alone",
            policy: statement("Deny", #""*""#, abroad), role: "scp", target: account,
            expected: ["wouldBeRefused": ["ec2:DescribeInstances"]]),
        Case(
            testDescription: "a unit that nothing is known of may hold every account",
            policy: statement("Deny", #""*""#, abroad), role: "scp", target: "ou-abcd-11111111",
            expected: ["wouldBeRefused": ["ec2:DescribeInstances", "ec2:DescribeVpcs"]]),
        Case(
            testDescription: "beside FullAWSAccess a control policy's Allow limits nobody",
            policy: statement("Allow", #""ec2:*""#), role: "scp", target: account, expected: [:]),
        Case(
            testDescription: "alone it limits to what it allows, and lifts what another one denied",
            policy: statement("Allow", #"["ec2:*","kms:*"]"#), role: "scp", target: account, options: ["--alone"],
            expected: ["wouldBeRefused": ["iam:ListRoles", "s3:GetObject"], "mayWork": ["kms:ListKeys"]]),
        Case(
            testDescription: "a boundary refuses what it does not allow",
            policy: statement("Allow", #"["ec2:*","s3:*"]"#),
            role: "boundary", target: sender, expected: ["wouldBeRefused": ["iam:ListRoles"]]),
        Case(
            testDescription: "an Allow heals what lacked one, and not what a control policy denies",
            policy: statement("Allow", #"["sqs:*","kms:*"]"#), role: "identity", target: sender,
            expected: ["wouldWork": ["sqs:ListQueues"]]),
        Case(
            testDescription: "a Deny of a key that no record tells may refuse",
            policy: statement("Deny", #""iam:*""#, #","Condition":{"StringEquals":{"aws:PrincipalTag/team":"a"}}"#),
            role: "identity", target: sender, expected: ["mayBeRefused": ["iam:ListRoles"]]),
        Case(
            testDescription: "a bucket's policy that denies refuses the calls on the bucket",
            policy:
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"\#(bucket)/*"}]}"#,
            role: "resource", target: bucket, expected: ["wouldBeRefused": ["s3:GetObject"]]),
        Case(
            testDescription: "a policy of another bucket has nothing to do with them",
            policy:
                #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#,
            role: "resource", target: "arn:aws:s3:::another-bucket", expected: [:]),
        Case(
            testDescription: "nobody else's role is bound", policy: statement("Deny", #""*""#), role: "identity",
            target: "arn:aws:iam::444455556666:role/sender", expected: [:]),
        Case(
            testDescription: "only the calls of a time", policy: statement("Deny", #""*""#), role: "identity",
            target: sender, options: ["--from", "2026-11-05", "--to", "2026-11-05"],
            expected: ["wouldBeRefused": ["iam:ListRoles"]]),
    ]

    @Test(arguments: cases) func callsThatWouldChangeAreTold(_ row: Case) throws {
        let result = try run(
            row.policy, ["--as", row.role, "--on", row.target, "--format", "json"] + row.options)
        #expect(result.status == 0, "\(result.errors)")
        let json = try JSONValue(parsing: result.output, sizeLimit: 1 << 20)
        for key in ["wouldBeRefused", "mayBeRefused", "wouldWork", "mayWork"] {
            let actions = (json[key]?.elements ?? []).compactMap { $0["action"]?.stringValue }.sorted()
            #expect(actions == row.expected[key] ?? [], "\(key): \(result.output)")
        }
    }

    @Test func theFirstLinesAreTheAnswer() throws {
        let result = try run(Self.statement("Deny", #""*""#, Self.abroad), ["--as", "scp", "--on", Self.account])
        #expect(
            result.output == """
                What if   - as a service control policy of 111122223333, beside what is attached there.
                Outcome   2 calls in 1 kind worked and would be refused.
                Looked at 7 calls in 6 kinds that the policy can tell apart, 2026-11-02 10:00:00 UTC to
                          2026-11-09 10:00:00 UTC.

                Would be refused
                1.  role sender, ec2:DescribeInstances: 2 calls, last at 2026-11-03 10:00:00 UTC, in eu-west-1;
                    statement 1 (One) decides.

                """)
    }

    @Test func nothingToChangeIsSaid() throws {
        let result = try run(Self.statement("Deny", #""glue:*""#), ["--as", "scp", "--on", Self.account])
        #expect(result.output.contains("Nothing would change for the calls of this archive."))
    }

    @Test(arguments: [
        (["--as", "scp", "--on", "arn:aws:iam::111122223333:role/sender"], "goes on an account", 64),
        (["--as", "boundary", "--on", "111122223333"], "goes on the ARN of a user or role", 64),
        (
            ["--as", "identity", "--on", "arn:aws:iam::111122223333:role/sender", "--alone"], "--alone is for control",
            64
        ),
        (["--as", "scp", "--on", "111122223333", "--from", "2026-11-05", "--to", "2026-11-01"], "later than --to", 64),
    ]) func whatCannotBeMeantIsRefused(_ arguments: [String], _ words: String, _ status: Int32) throws {
        let result = try run(Self.statement("Deny", #""*""#), arguments)
        #expect(result.status == status)
        #expect(result.errors.contains(words), "\(result.errors)")
    }

    @Test(arguments: ["", "no JSON", #"{"Version":"2012-10-17"}"#]) func whatIsNoPolicyIsSaid(_ text: String) throws {
        let result = try run(text, ["--as", "scp", "--on", Self.account])
        #expect(result.status == 1)
        #expect(result.errors.contains("`-` is"), "\(result.errors)")
    }
}
