import Foundation
import TestSupport
import Testing

/// What a report may not claim: archives in which the easy answer is wrong.
@Suite struct HonestReportTests {
    /// One call of `arn:aws:iam::111122223333:role/notifier`, or of the identity given.
    struct Call: Sendable {
        var time: String
        var source = "pinpoint"
        var name = "SendMessages"
        var isRefused = true
        /// The resource that the message names.
        var resource: String?
        var parameters: [String: any Sendable] = [:]
        var region = "us-east-1"
        var account: String? = "111122223333"
        var identity: [String: any Sendable]?
        var message: String?
        var extra: [String: any Sendable] = [:]

        static let role = "arn:aws:iam::111122223333:role/notifier"

        static func send(_ time: String, app: String = "a1", isRefused: Bool = true, region: String = "us-east-1")
            -> Call
        {
            Call(
                time: time, isRefused: isRefused,
                resource: "arn:aws:mobiletargeting:\(region):111122223333:apps/\(app)/messages",
                parameters: ["application-id": app], region: region)
        }

        static func assume(_ time: String, role: String, isRefused: Bool, isNamed: Bool = true) -> Call {
            let arn = "arn:aws:iam::111122223333:role/\(role)"
            return Call(
                time: time, source: "sts", name: "AssumeRole", isRefused: isRefused, resource: arn,
                parameters: isNamed ? ["roleArn": arn, "roleSessionName": "x"] : [:])
        }

        func object(id: Int) -> [String: Any] {
            let session = "arn:aws:sts::111122223333:assumed-role/notifier/s1"
            let identity: [String: any Sendable] =
                identity ?? [
                    "type": "AssumedRole", "arn": session, "accountId": "111122223333", "principalId": "AROAEXAMPLE:s1",
                    "sessionContext": [
                        "sessionIssuer": [
                            "type": "Role", "arn": Self.role, "accountId": "111122223333", "principalId": "AROAEXAMPLE",
                            "userName": "notifier",
                        ]
                    ],
                ]
            var object: [String: Any] = [
                "eventVersion": "1.11", "eventID": "d0000000-0000-4000-8000-\(String(100_000_000_000 + id))",
                "eventTime": time, "eventSource": "\(source).amazonaws.com", "eventName": name, "awsRegion": region,
                "sourceIPAddress": "203.0.113.7", "userAgent": "aws-sdk", "eventType": "AwsApiCall",
                "eventCategory": "Management", "managementEvent": true, "readOnly": false, "requestID": "r\(id)",
                "userIdentity": identity, "requestParameters": NSNull(), "responseElements": NSNull(),
            ]
            if let account { object["recipientAccountId"] = account }
            if !parameters.isEmpty { object["requestParameters"] = parameters }
            if isRefused {
                let prefix = source == "pinpoint" ? "mobiletargeting" : source
                object["errorCode"] = "AccessDenied"
                object["errorMessage"] =
                    message
                    ?? "User: \(session) is not authorized to perform: \(prefix):\(name)"
                    + (resource.map { " on resource: \($0)" } ?? "")
                    + " because no identity-based policy allows the \(prefix):\(name) action"
            }
            for (key, value) in extra { object[key] = value }
            return object
        }
    }

    static func write(_ calls: [Call], _ name: String = "logs/a.json", in folder: ScratchFolder) throws {
        let records = calls.enumerated().map { $1.object(id: $0) }
        let data = try JSONSerialization.data(withJSONObject: ["Records": records], options: [.sortedKeys])
        try folder.write(name, String(decoding: data, as: UTF8.self))
    }

    static func report(_ calls: [Call], _ options: [String] = [], format: String = "json") throws -> String {
        let folder = try ScratchFolder()
        try write(calls, in: folder)
        let result = try Program.run(
            ["analyze", "logs", "--format", format, "--quiet"] + options, in: folder.path)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return result.output
    }

    static func json(_ calls: [Call], _ options: [String] = []) throws -> [String: Any] {
        let text = try report(calls, options)
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    static func groups(_ calls: [Call], _ options: [String] = ["--service", "all"]) throws -> [[String: Any]] {
        try #require(json(calls, options)["groups"] as? [[String: Any]])
    }

    static let detach = Call(
        time: "2026-11-18T09:00:00Z", source: "iam", name: "DetachRolePolicy", isRefused: false,
        parameters: ["roleName": "notifier", "policyArn": "arn:aws:iam::111122223333:policy/send"])

    @Test func `A window does not make an old refusal a new one`() throws {
        let calls: [Call] = [
            .send("2026-11-01T10:00:00Z"), .send("2026-11-10T10:00:00Z"), Self.detach, .send("2026-11-18T10:00:00Z"),
            .send("2026-11-20T10:00:00Z"),
        ]
        let whole = try #require(Self.groups(calls).first)
        let part = try #require(Self.groups(calls, ["--service", "all", "--from", "2026-11-15"]).first)
        let cause = { (group: [String: Any]) in (group["rootCause"] as? [String: Any])?["code"] as? String }
        #expect(cause(whole) == cause(part) && cause(part) != "permissions-changed")
        #expect(part["denials"] as? Int == 2 && part["firstSeen"] as? String == "2026-11-18T10:00:00Z")
        #expect(part["firstDenial"] as? String == "2026-11-01T10:00:00Z")
        #expect(part["lastDenial"] as? String == "2026-11-20T10:00:00Z")
        let text = try Self.report(calls, ["--from", "2026-11-15"], format: "text")
        #expect(
            text.replacing(/\s+/, with: " ").contains("since 2026-11-01 10:00:00 UTC; 2 times in the window"), "\(text)"
        )
    }

    @Test(arguments: [[], ["--from", "2026-11-15"]])
    func `Of two outages the latest is explained, whatever the window`(window: [String]) throws {
        func policy(_ event: String, _ time: String, _ parameters: [String: any Sendable]) -> Call {
            Call(
                time: time, source: "iam", name: event, isRefused: false,
                parameters: parameters.merging(["roleName": "notifier"]) { $1 })
        }
        let send = "arn:aws:iam::111122223333:policy/send"
        var calls: [Call] = [
            .send("2026-11-10T09:00:00Z", isRefused: false),
            policy("DetachRolePolicy", "2026-11-10T09:50:00Z", ["policyArn": send]), .send("2026-11-10T10:00:00Z"),
            .send("2026-11-10T10:30:00Z"), policy("AttachRolePolicy", "2026-11-10T11:00:00Z", ["policyArn": send]),
        ]
        for day in 11...15 { calls.append(.send("2026-11-\(day)T09:00:00Z", isRefused: false)) }
        calls += [
            policy("DeleteRolePolicy", "2026-11-15T10:00:00Z", ["policyName": "x"]), .send("2026-11-15T11:00:00Z"),
            .send("2026-11-16T11:00:00Z"),
        ]
        let group = try #require(Self.groups(calls, ["--service", "all"] + window).first)
        let cause = try #require(group["rootCause"] as? [String: Any])
        let evidence = try #require(cause["evidence"] as? [[String: Any]])
        #expect(cause["code"] as? String == "permissions-changed" && cause["confidence"] as? String == "inferred")
        #expect(evidence.first?["eventName"] as? String == "DeleteRolePolicy")
        #expect(group["status"] as? String == "ongoing")
    }

    @Test func `A window does not make of one address the only one`() throws {
        var calls: [Call] = []
        for day in 10...19 {
            var call = Call.send("2026-11-\(day)T09:00:00Z")
            if day < 15 { call.extra = ["sourceIPAddress": "198.51.100.9"] }
            calls.append(call)
            calls.append(.send("2026-11-0\(day - 10)T08:00:00Z", isRefused: false))
            calls[calls.count - 1].extra = ["sourceIPAddress": "198.51.100.9"]
        }
        calls.removeAll { $0.time.hasPrefix("2026-11-00") }
        for window in [[], ["--from", "2026-11-16"]] {
            let group = try #require(Self.groups(calls, ["--service", "all"] + window).first)
            let findings = try #require(group["findings"] as? [[String: Any]])
            #expect(!findings.contains { $0["code"] as? String == "network-path-changed" }, "\(window)")
        }
    }

    @Test func `A success that does not tell its target does not heal a certain one`() throws {
        func text(_ time: String, isRefused: Bool) -> Call {
            Call(
                time: time, source: "sms-voice", name: "SendTextMessage", isRefused: isRefused,
                resource: "arn:aws:sms-voice:us-east-1:111122223333:phone-number/phone-1")
        }
        let calls = [text("2026-11-10T09:00:00Z", isRefused: true), text("2026-11-11T09:00:00Z", isRefused: false)]
        let group = try #require(Self.groups(calls).first)
        #expect(group["status"] as? String == "ongoing")
    }

    @Test func `A window that ends before the last denial does not heal it`() throws {
        let calls: [Call] = [
            .send("2026-11-01T10:00:00Z"), .send("2026-11-03T10:00:00Z", isRefused: false),
            .send("2026-11-10T10:00:00Z"),
        ]
        #expect(try Self.groups(calls, ["--to", "2026-11-02"]).first?["status"] as? String == "ongoing")
    }

    @Test func `Nothing found says what was looked for, and what there is besides`() throws {
        let calls: [Call] = [.send("2026-11-01T10:00:00Z"), .send("2026-11-02T10:00:00Z")]
        func text(_ options: [String]) throws -> String {
            try Self.report(calls, options, format: "text").replacing(/\s+/, with: " ")
        }
        let filtered = try text(["--region", "eu-west-1", "--reason", "unstated"])
        #expect(filtered.contains("matches --region eu-west-1 --reason unstated between"), "\(filtered)")
        #expect(
            filtered.contains("2 denials of Amazon Pinpoint and AWS End User Messaging do not match"), "\(filtered)")
        let late = try text(["--from", "2026-11-20"])
        #expect(late.contains("was found from 2026-11-20 00:00:00 UTC on."), "\(late)")
        #expect(late.contains("2 denials are outside the window."), "\(late)")
        #expect(late.contains("The window starts after the archive's last event"), "\(late)")
        #expect(try text(["--to", "2026-10-01"]).contains("was found up to 2026-10-01 23:59:59 UTC."))
        let object = try Self.json(calls, ["--region", "eu-west-1"])
        #expect(object["filters"] as? [String: [String]] == ["region": ["eu-west-1"]])
        #expect((object["omitted"] as? [String: Any])?["unmatchedDenials"] as? Int == 2)
    }

    @Test func `A caller of another account is one principal, refused or not`() throws {
        let alice: [String: any Sendable] = [
            "type": "AWSAccount", "principalId": "AIDAALICE", "accountId": "444455556666",
        ]
        var refused = Call.assume("2026-11-01T10:00:00Z", role: "shared", isRefused: true)
        refused.identity = alice
        refused.message =
            "User: arn:aws:iam::444455556666:user/alice is not authorized to perform: sts:AssumeRole on resource: \(refused.resource ?? "")"
        var granted = Call.assume("2026-11-02T10:00:00Z", role: "shared", isRefused: false)
        granted.identity = alice
        let group = try #require(Self.groups([refused, granted]).first)
        #expect(group["status"] as? String == "resolved")
        #expect(group["principal"] as? String == "AWSAccount:444455556666:AIDAALICE")
    }

    @Test func `A failed sign-in is the user's, and no success`() throws {
        func signIn(_ time: String, _ result: String, message: String?) -> Call {
            var call = Call(time: time, source: "signin", name: "ConsoleLogin", isRefused: false)
            call.identity = [
                "type": "IAMUser", "accountId": "111122223333", "userName": "alice", "principalId": "AIDAALICE",
            ]
            call.extra = ["responseElements": ["ConsoleLogin": result], "eventType": "AwsConsoleSignIn"]
            if let message { call.extra["errorMessage"] = message }
            return call
        }
        let group = try #require(
            Self.groups([
                signIn("2026-11-01T10:00:00Z", "Failure", message: nil),
                signIn("2026-11-02T10:00:00Z", "Failure", message: nil),
            ]).first)
        #expect(group["principal"] as? String == "arn:aws:iam::111122223333:user/alice")
        #expect(group["status"] as? String == "ongoing" && group["denials"] as? Int == 2)
    }

    @Test func `A record without recipientAccountId is its caller's account's`() throws {
        var call = Call.send("2026-11-01T10:00:00Z")
        call.account = nil
        #expect(try Self.groups([call]).first?["accounts"] as? [String] == ["111122223333"])
        #expect(try Self.groups([call], ["--account", "111122223333"]).count == 1)
    }

    @Test func `One call that two accounts recorded is one denial`() throws {
        var own = Call.assume("2026-11-01T10:00:00Z", role: "shared", isRefused: true)
        own.extra["sharedEventID"] = "shared-1"
        var copy = own
        copy.account = "444455556666"
        copy.identity = ["type": "AWSAccount", "principalId": "AROAEXAMPLE:s1", "accountId": "111122223333"]
        for calls in [[own, copy], [copy, own]] {
            let groups = try Self.groups(calls)
            #expect(groups.count == 1 && groups.first?["denials"] as? Int == 1)
            #expect(groups.first?["principal"] as? String == Call.role)
            let theirs = try Self.groups(calls, ["--service", "all", "--account", "444455556666"])
            #expect(theirs.count == 1 && theirs.first?["denials"] as? Int == 1)
        }
    }

    @Test func `A refusal inside of an answer is a refusal`() throws {
        var call = Call(time: "2026-11-01T10:00:00Z", source: "events", name: "PutTargets", isRefused: false)
        let role = "arn:aws:iam::111122223333:role/target"
        call.extra["responseElements"] = [
            "errorCode": "AccessDenied",
            "errorMessage":
                "User: arn:aws:sts::111122223333:assumed-role/notifier/s1 is not authorized to perform: iam:PassRole on resource: \(role) because no identity-based policy allows the iam:PassRole action",
        ]
        let group = try #require(Self.groups([call]).first)
        #expect(group["action"] as? String == "iam:PassRole")
        #expect((group["resources"] as? [[String: Any]])?.first?["resource"] as? String == role)
        #expect(group["errorCodes"] as? [[String: Any]] != nil)
        call.extra["responseElements"] = ["errorCode": "ThrottlingException", "errorMessage": "Rate exceeded"]
        #expect(try Self.groups([call]).isEmpty)
    }

    struct StatusCase: Sendable, CustomTestStringConvertible {
        var name: String
        var calls: [Call]
        var status: String
        var testDescription: String { name }
    }

    static let statuses: [StatusCase] = [
        StatusCase(
            name: "the same project",
            calls: [.send("2026-11-01T10:00:00Z"), .send("2026-11-01T12:00:00Z", isRefused: false)], status: "resolved"),
        StatusCase(
            name: "another project",
            calls: [.send("2026-11-01T10:00:00Z"), .send("2026-11-01T12:00:00Z", app: "a2", isRefused: false)],
            status: "ongoing"),
        StatusCase(
            name: "one of two projects",
            calls: [
                .send("2026-11-01T10:00:00Z"), .send("2026-11-01T10:00:00Z", app: "a2"),
                .send("2026-11-01T12:00:00Z", app: "a2", isRefused: false),
            ], status: "ongoing"),
        StatusCase(
            name: "one of two Regions",
            calls: [
                .send("2026-11-01T10:00:00Z"), .send("2026-11-02T10:00:00Z", region: "eu-west-1"),
                .send("2026-11-03T10:00:00Z", isRefused: false, region: "eu-west-1"),
            ], status: "ongoing"),
        StatusCase(
            name: "both Regions",
            calls: [
                .send("2026-11-01T10:00:00Z"), .send("2026-11-02T10:00:00Z", region: "eu-west-1"),
                .send("2026-11-03T10:00:00Z", isRefused: false, region: "eu-west-1"),
                .send("2026-11-04T10:00:00Z", isRefused: false),
            ], status: "resolved"),
        StatusCase(
            name: "another role",
            calls: [
                .assume("2026-11-01T10:00:00Z", role: "admin", isRefused: true),
                .assume("2026-11-02T10:00:00Z", role: "reader", isRefused: false),
            ], status: "ongoing"),
        StatusCase(
            name: "the role that the message alone names",
            calls: [
                .assume("2026-11-01T10:00:00Z", role: "admin", isRefused: true, isNamed: false),
                .assume("2026-11-02T10:00:00Z", role: "admin", isRefused: false),
            ], status: "resolved"),
        StatusCase(
            name: "a role that no record names",
            calls: [
                .assume("2026-11-01T10:00:00Z", role: "admin", isRefused: true),
                .assume("2026-11-02T10:00:00Z", role: "admin", isRefused: false, isNamed: false),
            ], status: "ongoing"),
        StatusCase(
            name: "another role between two denials",
            calls: [
                .assume("2026-11-01T10:00:00Z", role: "admin", isRefused: true),
                .assume("2026-11-01T11:00:00Z", role: "reader", isRefused: false),
                .assume("2026-11-02T10:00:00Z", role: "admin", isRefused: true),
            ], status: "ongoing"),
    ]

    @Test(arguments: statuses) func `Only a comparable success heals`(_ row: StatusCase) throws {
        let group = try #require(Self.groups(row.calls).first)
        #expect(group["status"] as? String == row.status, "\(group["statusText"] ?? "")")
        if row.status != "resolved" {
            let cause = group["rootCause"] as? [String: Any]
            let remedy = (cause?["remedy"] as? [String: Any])?["text"] as? String
            #expect(remedy?.contains("Nothing to do") == false)
        }
    }
}
