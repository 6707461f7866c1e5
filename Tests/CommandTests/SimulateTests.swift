import Foundation
import TestSupport
import Testing

/// `trail403 simulate`, as a user runs it.
@Suite struct SimulateTests {
    static let allow = """
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Sid": "Send",
              "Effect": "Allow",
              "Action": "mobiletargeting:SendMessages",
              "Resource": "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a/*",
              "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}
            }
          ]
        }
        """

    static let request = """
        {"principal": "arn:aws:iam::111122223333:user/ann",
         "action": "mobiletargeting:SendMessages",
         "resource": {"resource": "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a/messages"},
         "context": {"aws:SourceVpce": "vpce-1"},
         "identityPolicies": [{"name": "Sender", "document": \(allow)}]}
        """

    private static let named = [
        "--principal", "arn:aws:iam::111122223333:user/ann", "--action", "mobiletargeting:SendMessages", "--resource",
        "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a/messages",
    ]

    private func run(_ arguments: [String], _ files: [String: String] = [:], input: String = "") throws
        -> Program.Result
    {
        let folder = try ScratchFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try Program.run(["simulate"] + arguments, in: folder.path, input: Data(input.utf8))
    }

    @Test func `A request file is decided, from a file and from standard input`() throws {
        let fromFile = try run(["--request", "r.json", "--format", "json"], ["r.json": Self.request])
        let fromInput = try run(["--request", "-", "--format", "json"], input: "\u{FEFF}" + Self.request)
        #expect(fromFile.status == 0 && fromFile.errors.isEmpty, "\(fromFile.errors)")
        #expect(fromFile.output == fromInput.output)
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(fromFile.output.utf8)) as? [String: Any])
        #expect(
            Set(json.keys) == [
                "schemaVersion", "decision", "decidedBy", "refusedBy", "explanations", "missingKeys", "missingPolicies",
                "notes",
            ])
        #expect(json["decision"] as? String == "allowed")
        let decided = try #require(json["decidedBy"] as? [String: Any])
        #expect(decided["policy"] as? String == "Sender")
        #expect((decided["statement"] as? [String: Any])?["sid"] as? String == "Send")
    }

    @Test func `The text quotes the statement and compares each condition`() throws {
        let run = try run(["--request", "r.json"], ["r.json": Self.request])
        #expect(run.output.contains("Decision    allowed"))
        #expect(run.output.contains("identity-based policy Sender, statement 0 (Send), line 8"))
        #expect(run.output.contains("\"Action\": \"mobiletargeting:SendMessages\""))
        #expect(run.output.contains("StringEquals aws:SourceVpce vpce-1 - the request has vpce-1: met"))
    }

    @Test func `Policies may be files, and a near miss is told`() throws {
        let files = ["p.json": Self.allow]
        let allowed = try run(
            Self.named + ["--identity-policy", "p.json", "--context", "aws:SourceVpce=vpce-1", "--expect", "allowed"],
            files)
        #expect(allowed.status == 0, "\(allowed.errors)")
        let refused = try run(
            Self.named + ["--identity-policy", "p.json", "--context", "aws:SourceVpce=vpce-2", "--expect", "allowed"],
            files)
        #expect(refused.status == 3)
        #expect(refused.errors.contains("expected allowed, got implicitlyDenied"))
        #expect(refused.output.contains("Near miss   identity-based policy p.json, statement 0 (Send)"))
        let unknown = try run(Self.named + ["--identity-policy", "p.json", "--unknown", "aws:SourceVpce"], files)
        #expect(unknown.output.contains("Not known   aws:SourceVpce"))
    }

    @Test func `Control policies stand in levels`() throws {
        let deny = #"{"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}"#
        let files = ["p.json": Self.allow, "deny.json": deny]
        let common = Self.named + ["--identity-policy", "p.json", "--context", "aws:SourceVpce=vpce-1"]
        let together = try run(
            common + ["--scp", "r-1=FullAWSAccess", "--scp", "r-1=deny.json", "--expect", "allowed"], files)
        #expect(together.status == 0, "\(together.output)")
        let apart = try run(
            common + ["--scp", "FullAWSAccess", "--scp", "deny.json", "--expect", "implicitlyDenied"], files)
        #expect(apart.status == 0, "\(apart.output)")
        #expect(apart.output.contains("at level level 2") || apart.output.contains("level 2"))
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var text = ""
        var status: Int32
        var message: String

        var testDescription: String { message }
    }

    static let bad = [
        Bad(arguments: ["--request", "absent.json"], status: 1, message: "cannot read `absent.json`"),
        Bad(
            arguments: ["--request", "r.json"], text: "{", status: 1,
            message: "`r.json` is not a request: the text is not JSON"),
        Bad(arguments: ["--request", "r.json"], text: "[]", status: 1, message: "a request is a JSON object"),
        Bad(
            arguments: ["--request", "r.json"], text: "{}", status: 1, message: "`principal`: a request has a principal"
        ),
        Bad(
            arguments: ["--request", "r.json"],
            text: request.replacingOccurrences(of: #""Effect": "Allow","#, with: #""Effect": "Allow", "Condition": 5,"#)
                .replacingOccurrences(of: #""Statement": ["#, with: #""Statements": ["#),
            status: 1, message: "`identityPolicies[0].document`: the policy has no `Statement`"),
        Bad(arguments: [], status: 64, message: "give --request FILE"),
        Bad(
            arguments: ["--request", "r.json", "--action", "s3:GetObject"], text: request, status: 64,
            message: "--request is the whole request"),
        Bad(arguments: ["--request", "r.json", "--expect", "yes"], text: request, status: 64, message: "--expect"),
        Bad(arguments: named + ["--context", "x"], status: 64, message: "--context takes KEY=VALUE"),
        Bad(arguments: named + ["--scp", "absent.json"], status: 1, message: "cannot read `absent.json`"),
        Bad(
            arguments: named + ["--identity-policy", "r.json"], text: "{}", status: 1,
            message: "`r.json` is not a policy: the policy has no `Statement`"),
        Bad(
            arguments: named + ["--boundary", "arn:aws:iam::aws:policy/NoSuch"], status: 1,
            message: "`permissionBoundaries[0]`: `arn:aws:iam::aws:policy/NoSuch` is not an AWS managed policy"),
        Bad(
            arguments: ["--request", "r.json"],
            text: request.replacingOccurrences(of: allow, with: #""arn:aws:iam::111122223333:policy/mine""#), status: 1,
            message:
                "`identityPolicies[0].document`: `arn:aws:iam::111122223333:policy/mine` is not an AWS managed policy"),
        Bad(
            arguments: ["--principal", "me", "--action", "s3:GetObject", "--unknown-policies", "session"], status: 1,
            message: "`principal`: neither the ARN"),
        Bad(
            arguments: ["--principal", "me", "--action", "s3:GetObject"], status: 64,
            message: "`me` is no principal"),
    ]

    @Test(arguments: bad) func `What is no request is refused with its place`(row: Bad) throws {
        let run = try run(row.arguments, ["r.json": row.text])
        #expect(run.status == row.status, "\(run.errors)")
        #expect(run.errors.contains(row.message), "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func `What AWS would refuse is told on standard error, and matches nothing`() throws {
        let text = Self.request.replacingOccurrences(
            of: #""Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}"#, with: #""Condition": "always""#)
        let run = try run(
            ["--request", "r.json", "--format", "json", "--expect", "implicitlyDenied"], ["r.json": text])
        #expect(run.status == 0)
        #expect(run.errors.contains("`identityPolicies[0].document.Statement[0].Condition`: `Condition` is no object"))
    }

    /// The text in one line.
    private static func unwrapped(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static let readOnly = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    static let read = [
        "--principal", "arn:aws:iam::111122223333:user/ann", "--action", "s3:GetObject", "--resource",
        "arn:aws:s3:::b/k",
        "--resource-account", "111122223333",
    ]

    @Test func `A policy that AWS manages is named by its ARN`() throws {
        let newest = try run(Self.read + ["--identity-policy", Self.readOnly, "--expect", "allowed"])
        #expect(newest.status == 0, "\(newest.errors)")
        #expect(newest.output.contains("identity-based policy AmazonS3ReadOnlyAccess, statement 0"))
        #expect(newest.output.contains("\"s3:Get*\""))
        #expect(Self.unwrapped(newest.output).contains("the newest that trail403 knows"))
        let nearest = try run(
            Self.read + ["--boundary", Self.readOnly, "--context", "aws:CurrentTime=2016-01-01T00:00:00Z"])
        #expect(Self.unwrapped(nearest.output).contains("not certain"), "\(nearest.output)\(nearest.errors)")
        let early = try run(
            Self.read + ["--boundary", Self.readOnly, "--context", "aws:CurrentTime=2001-01-01T00:00:00Z"])
        #expect(early.status == 1 && early.errors.contains("at 2001-01-01T00:00:00Z"), "\(early.errors)")
    }

    @Test func `A request names policies of AWS wherever a document may stand`() throws {
        let text = """
            {"principal": "arn:aws:iam::111122223333:user/ann", "action": "s3:PutObject",
             "resource": {"resource": "arn:aws:s3:::b/k", "accountId": "111122223333"},
             "context": {"aws:currenttime": "2024-06-01T00:00:00Z"},
             "identityPolicies": [{"name": "All", "document": "arn:aws:iam::aws:policy/AdministratorAccess"}],
             "serviceControlPolicies": [{"orgIdentifier": "r-1", "policies": ["\(Self.readOnly)"]}]}
            """
        let run = try run(["--request", "-", "--expect", "implicitlyDenied"], input: text)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("at level r-1"))
        #expect(
            run.output.contains("AdministratorAccess")
                && Self.unwrapped(run.output).contains("in force at 2024-06-01T00:00:00Z"))
    }

    @Test func `Hostile names reach the terminal escaped`() throws {
        let text = Self.request.replacingOccurrences(of: #""name": "Sender""#, with: #""name": "a\u001b[2Jb\u202e""#)
        let run = try run(["--request", "r.json"], ["r.json": text])
        #expect(!run.output.contains("\u{1B}") && !run.output.contains("\u{202E}"))
        #expect(run.output.contains("a\\u{1B}[2Jb\\u{202E}"))
    }
}
