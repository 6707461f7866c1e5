import Foundation
import TestSupport
import Testing

/// `trail403 policies`, on records that were written for it and on the sample.
@Suite struct PoliciesTests {
    private static let role = "arn:aws:iam::111122223333:role/app/sender"

    private static func change(
        _ name: String, _ request: String, at time: String, id: String, response: String = "null"
    )
        -> String
    {
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"\#(id)","eventTime":"\#(time)","eventSource":"iam.amazonaws.com","eventName":"\#(name)","awsRegion":"us-east-1","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/bob","accountId":"111122223333","userName":"bob"},"requestParameters":\#(request),"responseElements":\#(response)}"#
    }

    private func database() throws -> ScratchFolder {
        let records = [
            Self.change(
                "CreateRole", #"{"roleName":"sender","path":"/app/","assumeRolePolicyDocument":"{\"Statement\":[]}"}"#,
                at: "2026-11-01T10:00:00Z", id: "a0000000-0000-4000-8000-000000000001",
                response: #"{"role":{"roleId":"AROAEXAMPLE1"}}"#),
            Self.change(
                "PutRolePolicy",
                #"{"roleName":"sender","policyName":"send","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"mobiletargeting:SendMessages\",\"Resource\":\"*\"}]}"}"#,
                at: "2026-11-01T10:05:00Z", id: "a0000000-0000-4000-8000-000000000002"),
            Self.change(
                "CreatePolicyVersion",
                #"{"policyArn":"arn:aws:iam::111122223333:policy/read","policyDocument":"{\"Statement\":[]}","setAsDefault":true}"#,
                at: "2026-11-01T10:06:00Z", id: "a0000000-0000-4000-8000-000000000003",
                response: #"{"policyVersion":{"versionId":"v4","isDefaultVersion":true}}"#),
            Self.change(
                "AttachRolePolicy", #"{"roleName":"sender","policyArn":"arn:aws:iam::111122223333:policy/read"}"#,
                at: "2026-11-01T10:07:00Z", id: "a0000000-0000-4000-8000-000000000004"),
            Self.change(
                "DeleteRolePolicy", #"{"roleName":"sender","policyName":"send"}"#, at: "2026-11-02T10:00:00Z",
                id: "a0000000-0000-4000-8000-000000000005"),
        ]
        let folder = try ScratchFolder()
        try #"{"Records":[\#(records.joined(separator: ","))]}"#.write(
            toFile: folder.path + "/trail.json", atomically: true, encoding: .utf8)
        let run = try Program.run(["ingest", "trail.json", "--quiet"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return folder
    }

    @Test func `The policies of a role are shown as of a moment`() throws {
        let folder = try database()
        let early = try Program.run(["policies", Self.role, "--at", "2026-11-01T12:00:00Z"], in: folder.path)
        #expect(early.status == 0, "\(early.errors)")
        for text in [
            "It exists (AROAEXAMPLE1).", "no others, since CreateRole",
            "  send\n    PutRolePolicy at 2026-11-01 10:05:00 UTC by",
            "\"mobiletargeting:SendMessages\"", "arn:aws:iam::111122223333:policy/read, version v4",
            "Permissions boundary: none",
            "Last change: AttachRolePolicy",
        ] {
            #expect(early.output.contains(text), "\(text) in \(early.output)")
        }
        let late = try Program.run(["policies", Self.role], in: folder.path)
        #expect(!late.output.contains("SendMessages"))
        #expect(late.output.contains("Last change: DeleteRolePolicy"))
    }

    @Test func `What the archive does not tell is said`() throws {
        let folder = try database()
        let run = try Program.run(
            ["policies", "arn:aws:s3:::amzn-s3-demo-bucket", "--format", "json"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        let types = value?["policyTypes"] as? [[String: Any]]
        #expect(types?.first?["policyType"] as? String == "resource-based")
        #expect(types?.first?["isComplete"] as? Bool == false)
        #expect(value?["lastChange"] is NSNull)
    }

    @Test func `Who names nobody is told what to name`() throws {
        let folder = try database()
        for name in ["sender", "", "arn:aws:iam::111122223333:root", "a\u{1B}[31m"] {
            let run = try Program.run(["policies", name], in: folder.path)
            #expect(run.status == 64, "\(name)")
            #expect(run.output.isEmpty)
            #expect(!run.errors.contains("\u{1B}"))
        }
    }
}
