import Foundation
import TestSupport
import Testing

/// `trail403 simulate` with the policies of an archive, on records that were written for it.
@Suite struct ArchiveSimulationTests {
    private static let role = "arn:aws:iam::111122223333:role/app/sender"
    private static let allow =
        #"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Send\",\"Effect\":\"Allow\",\"Action\":\"mobiletargeting:SendMessages\",\"Resource\":\"*\"}]}"#
    private static let ofTeam =
        #"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"mobiletargeting:Get*\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"a\",\"aws:SourceVpce\":\"vpce-1\"}}}]}"#
    private static let ofPlace =
        #"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"mobiletargeting:ListTemplates\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/place\":\"mail room=1\"}}}]}"#

    /// A session that the session before it opened.
    private static let chained =
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"a0000000-0000-4000-8000-0000000000aa","eventTime":"2026-11-01T11:03:00Z","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE9:a","arn":"arn:aws:sts::111122223333:assumed-role/first/a","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE000000002","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE9","arn":"arn:aws:iam::111122223333:role/first","accountId":"111122223333","userName":"first"}}},"requestParameters":{"roleArn":"\#(role)","roleSessionName":"b"},"responseElements":{"credentials":{"accessKeyId":"ASIAEXAMPLE000000003"}}}"#

    private static let send = [
        "--action", "mobiletargeting:SendMessages", "--resource",
        "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a/messages",
    ]
    private static let get = [
        "--action", "mobiletargeting:GetApp", "--resource", "arn:aws:mobiletargeting:us-east-1:111122223333:apps/a",
    ]

    private static func record(
        _ number: Int, _ source: String, _ name: String, _ request: String, at time: String, response: String = "null"
    ) -> String {
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"a0000000-0000-4000-8000-00000000000\#(number)","eventTime":"\#(time)","eventSource":"\#(source).amazonaws.com","eventName":"\#(name)","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/bob","accountId":"111122223333","userName":"bob"},"requestParameters":\#(request),"responseElements":\#(response)}"#
    }

    /// A role of an account in no organization, which lost a policy on the second day.
    private static let records = [
        record(
            1, "iam", "CreateRole",
            #"{"roleName":"sender","path":"/app/","assumeRolePolicyDocument":"{\"Statement\":[]}","tags":[{"key":"team","value":"a"}]}"#,
            at: "2026-11-01T10:00:00Z", response: #"{"role":{"roleId":"AROAEXAMPLE1","arn":"\#(role)"}}"#),
        record(
            2, "iam", "PutRolePolicy",
            #"{"roleName":"sender","policyName":"send","policyDocument":"\#(allow)"}"#, at: "2026-11-01T10:05:00Z"),
        record(
            3, "iam", "PutRolePolicy", #"{"roleName":"sender","policyName":"get","policyDocument":"\#(ofTeam)"}"#,
            at: "2026-11-01T10:06:00Z"),
        record(4, "organizations", "LeaveOrganization", "null", at: "2026-11-01T10:07:00Z"),
        record(
            5, "iam", "DeleteRolePolicy", #"{"roleName":"sender","policyName":"send"}"#, at: "2026-11-02T10:00:00Z"),
        record(
            9, "iam", "PutRolePolicy", #"{"roleName":"sender","policyName":"list","policyDocument":"\#(ofPlace)"}"#,
            at: "2026-11-01T10:08:00Z"),
        record(
            0, "sts", "AssumeRole",
            #"{"roleArn":"arn:aws:iam::111122223333:role/first","roleSessionName":"a","tags":[{"key":"Place","value":"mail room=1"},{"key":"cost","value":"2"}],"transitiveTagKeys":["Place"]}"#,
            at: "2026-11-01T11:02:00Z", response: #"{"credentials":{"accessKeyId":"ASIAEXAMPLE000000002"}}"#),
        chained,
        record(
            6, "sts", "AssumeRole",
            #"{"roleArn":"\#(role)","roleSessionName":"s","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}","sourceIdentity":"ann"}"#,
            at: "2026-11-01T11:00:00Z",
            response:
                #"{"credentials":{"accessKeyId":"ASIAEXAMPLE000000001","expiration":"Nov 1, 2026, 12:00:00 PM"},"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/sender/s"}}"#
        ),
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"a0000000-0000-4000-8000-000000000008","eventTime":"2026-11-01T11:01:00Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE1:s","arn":"arn:aws:sts::111122223333:assumed-role/sender/s","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE000000001","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE1","arn":"\#(role)","accountId":"111122223333","userName":"sender"},"attributes":{"creationDate":"2026-11-01T11:00:00Z","mfaAuthenticated":"false"}}},"requestParameters":null,"responseElements":null}"#,
        record(7, "iam", "DeleteRole", #"{"roleName":"sender"}"#, at: "2026-11-04T10:00:00Z"),
    ]

    private static func archive() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("trail.json", #"{"Records":[\#(records.joined(separator: ","))]}"#)
        let run = try Program.run(["ingest", "trail.json", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return folder
    }

    private static let shared = Result { try archive() }

    private func run(_ arguments: [String], as principal: String = role) throws -> Program.Result {
        try Program.run(["simulate", "--principal", principal] + arguments, in: Self.shared.get().path)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var arguments: [String]
        var decision: String
        /// What the text says.
        var says: [String] = []
        var principal = role
    }

    static let rows = [
        Row(
            testDescription: "a policy allows it on the first day", arguments: send + ["--at", "2026-11-01T12:00:00Z"],
            decision: "allowed",
            says: [
                "identity-based policy send, statement 0 (Send)", "Policies as of 2026-11-01 12:00:00 UTC:",
                "PutRolePolicy at 2026-11-01 10:05:00 UTC by", "no others, since CreateRole",
            ]),
        Row(
            testDescription: "a session of the role has the session policy that it was asked for",
            arguments: send + ["--at", "2026-11-01T12:00:00Z"], decision: "implicitlyDenied",
            says: ["Session policies: no others, since AssumeRole"],
            principal: "arn:aws:sts::111122223333:assumed-role/sender/s"),
        Row(
            testDescription: "it is gone on the second day", arguments: send + ["--at", "2026-11-03"],
            decision: "implicitlyDenied"),
        Row(
            testDescription: "before anything is told", arguments: send + ["--at", "2026-10-01"],
            decision: "undetermined", says: ["is before the archive begins (2026-11-01T10:00:00Z)"]),
        Row(
            testDescription: "after the role was deleted", arguments: send + ["--at", "2026-12-01"],
            decision: "implicitlyDenied",
            says: ["is after the archive ends (2026-11-04T10:00:00Z)", "does not exist since DeleteRole"]),
        Row(
            testDescription: "the tag is known, the endpoint is not", arguments: get + ["--at", "2026-11-02"],
            decision: "undetermined", says: ["Not known   aws:SourceVpce"]),
        Row(
            testDescription: "the request comes through no endpoint",
            arguments: get + ["--at", "2026-11-02", "--absent", "aws:SourceVpce"], decision: "implicitlyDenied"),
        Row(
            testDescription: "the tag was another one",
            arguments: get + [
                "--at", "2026-11-02", "--context", "aws:SourceVpce=vpce-1", "--context", "aws:PrincipalTag/team=b",
            ], decision: "implicitlyDenied"),
        Row(
            testDescription: "the tag is said not to be known",
            arguments: get + [
                "--at", "2026-11-02", "--absent", "aws:SourceVpce", "--unknown", "aws:PrincipalTag/team",
            ], decision: "implicitlyDenied"),
        Row(
            testDescription: "a role that nothing tells of", arguments: send, decision: "undetermined",
            says: ["nothing in the archive tells of arn:aws:iam::111122223333:role/other"],
            principal: "arn:aws:iam::111122223333:role/other"),
    ]

    @Test(arguments: rows) func `A request is decided as of a moment`(_ row: Row) throws {
        let text = try run(row.arguments, as: row.principal)
        #expect(text.status == 0 && text.errors.isEmpty, "\(text.errors)")
        #expect(text.output.contains("Decision    \(row.decision)"), "\(text.output)")
        let words = text.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        for part in row.says {
            #expect(words.contains(part.split { $0 == " " }.joined(separator: " ")), "\(part) in \(text.output)")
        }
        let json = try run(row.arguments + ["--format", "json", "--expect", row.decision], as: row.principal)
        #expect(json.status == 0, "\(json.errors)")
        let value = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(value["decision"] as? String == row.decision)
        #expect((value["policyTypes"] as? [[String: Any]])?.first?["policyType"] as? String == "identity-based")
    }

    /// What it was opened with has blanks and an equals sign, and its successor was opened without tags.
    @Test(arguments: [
        ("ASIAEXAMPLE000000002", "allowed"), ("ASIAEXAMPLE000000003", "allowed"), ("", "implicitlyDenied"),
    ])
    func `A session passes its transitive tags on`(session: String, decision: String) throws {
        let arguments = [
            "--action", "mobiletargeting:ListTemplates", "--resource",
            "arn:aws:mobiletargeting:us-east-1:111122223333:templates",
            "--at", "2026-11-01T12:00:00Z",
        ]
        let run = try run(arguments + (session.isEmpty ? [] : ["--session", session]))
        #expect(run.output.contains("Decision    \(decision)"), "\(run.output)\(run.errors)")
        let query = "SELECT tags, issuedWith FROM session ORDER BY accessKeyId DESC LIMIT 2"
        let rows = try Program.run(["sql", "--format", "json", query], in: Self.shared.get().path).output
        #expect(rows.contains("ASIAEXAMPLE000000002") && rows.contains("mail room=1"), "\(rows)")
    }

    @Test func `A session policy limits its session`() throws {
        let arguments = Self.send + ["--at", "2026-11-01T12:00:00Z", "--session", "ASIAEXAMPLE000000001"]
        let run = try run(arguments)
        #expect(run.output.contains("Decision    implicitlyDenied"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("Session policies: no others, since AssumeRole"), "\(run.output)")
    }

    @Test(arguments: ["ASIAEXAMPLE000000001", "arn:aws:sts::111122223333:assumed-role/sender/s"])
    func `The policies of a session are its own and its role's`(_ session: String) throws {
        let run = try Program.run(["policies", session, "--at", "2026-11-01T12:00:00Z"], in: Self.shared.get().path)
        #expect(run.status == 0, "\(run.errors)")
        for text in ["Session policies: no others, since AssumeRole", "s3:*", "mobiletargeting:SendMessages"] {
            #expect(run.output.contains(text), "\(text) in \(run.output)")
        }
    }

    @Test func `A session that the archive does not show to begin is judged as its role`() throws {
        let run = try run(
            Self.send + ["--at", "2026-11-01T12:00:00Z"], as: "arn:aws:sts::111122223333:assumed-role/sender/other")
        #expect(run.output.contains("Decision    allowed"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("how the session began is not in the archive"), "\(run.output)")
    }

    /// What stood there before the archive is known from an export.
    @Test func `An export tells what no event does`() throws {
        let folder = try Self.shared.get()
        let details = """
            {"UserDetailList":[{"UserName":"ann","UserId":"AIDAEXAMPLE1","Arn":"arn:aws:iam::111122223333:user/ann",
              "UserPolicyList":[{"PolicyName":"own","PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"mobiletargeting:*","Resource":"*"}]}}],
              "GroupList":[],"AttachedManagedPolicies":[],"Tags":[]}],"RoleDetailList":[],"GroupDetailList":[],"Policies":[]}
            """
        try folder.write("details.json", details)
        let ann = "arn:aws:iam::111122223333:user/ann"
        let without = try run(Self.send, as: ann)
        #expect(without.output.contains("Decision    undetermined"), "\(without.output)")
        let with = try run(Self.send + ["--snapshot", "details.json@2026-11-03"], as: ann)
        #expect(with.output.contains("Decision    allowed"), "\(with.output)\(with.errors)")
        #expect(with.output.contains("the export details.json of 2026-11-03 23:59:59 UTC"), "\(with.output)")
        let policies = try Program.run(["policies", ann, "--snapshot", "details.json"], in: folder.path)
        #expect(policies.output.contains("a time that is assumed"), "\(policies.output)\(policies.errors)")
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var arguments: [String]
        var status: Int32
        var says: String
        var principal = role
    }

    static let faults = [
        Fault(
            testDescription: "no principal", arguments: send, status: 64, says: "is no principal", principal: "sender"),
        Fault(
            testDescription: "no action", arguments: ["--action", "send"], status: 64, says: "is no request"),
        Fault(
            testDescription: "files and the archive", arguments: send + ["--at", "1d", "--identity-policy", "p.json"],
            status: 64, says: "leave out the files"),
        Fault(
            testDescription: "no such export", arguments: send + ["--snapshot", "nothing.json"], status: 1,
            says: "`nothing.json` cannot be read"),
        Fault(
            testDescription: "no export", arguments: send + ["--snapshot", "trail.json"], status: 1,
            says: "`trail.json` is no export that is known"),
        Fault(
            testDescription: "no database", arguments: send + ["--database", "none.sqlite"], status: 1,
            says: "none.sqlite"),
        Fault(testDescription: "no time", arguments: send + ["--at", "whenever"], status: 64, says: "is not a time"),
    ]

    @Test(arguments: faults) func `What cannot be asked is said`(_ row: Fault) throws {
        let run = try run(row.arguments, as: row.principal)
        #expect(run.status == row.status, "\(run.errors)")
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(row.says), "\(run.errors)")
    }
}
