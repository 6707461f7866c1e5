import IAMPolicy
import OrderedJSON
import PolicyTimeline
import Testing

/// Requests that are judged with the policies of a moment.
@Suite struct TimelineRequestTests {
    private static let role = "arn:aws:iam::111122223333:role/app/Sender"
    private static let allow = Records.document("s3:GetObject")

    private static let trail = [
        Records.record(
            "CreateRole", #"{"roleName":"Sender","assumeRolePolicyDocument":\#(Records.quoted(trust))}"#,
            response: #"{"role":{"roleId":"AROA1","arn":"\#(role)"}}"#, at: 0),
        Records.put("Sender", "read", allow, at: 1),
        Records.record("CreateBucket", #"{"bucketName":"b"}"#, at: 2, source: "s3.amazonaws.com"),
        Records.record("LeaveOrganization", nil, at: 3, source: "organizations.amazonaws.com"),
        Records.record(
            "PutBucketPolicy",
            #"{"bucketName":"b","bucketPolicy":{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:ResourceTag/kind":"private"}}}]}}"#,
            at: 4, source: "s3.amazonaws.com"),
        Records.record(
            "PutBucketTagging", #"{"bucketName":"b","tagging":{"tagSet":{"tag":{"key":"kind","value":"private"}}}}"#,
            at: 5, source: "s3.amazonaws.com"),
        Records.record(
            "CreateKey", #"{"description":""}"#,
            response: #"{"keyMetadata":{"arn":"arn:aws:kms:us-east-1:111122223333:key/k1"}}"#, at: 6,
            source: "kms.amazonaws.com"),
        Records.record(
            "CreateAlias", #"{"aliasName":"alias/a","targetKeyId":"k1"}"#, at: 7, source: "kms.amazonaws.com"),
        Records.put("Sender", "decrypt", Records.document("kms:Decrypt"), at: 8),
    ]
    private static let trust =
        #"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"sts:AssumeRole"}]}"#

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var action: String
        var resource: String
        var second: Int
        var decision: Decision
        var principal = role
        var context: [String: String] = [:]
        var note: String?
    }

    static let rows = [
        Row(
            testDescription: "the bucket's owner is who recorded its changes", action: "s3:GetObject",
            resource: "arn:aws:s3:::b/k", second: 3, decision: .allowed,
            note: "account 111122223333 recorded the changes of b, so that it is taken for the owner"),
        Row(
            testDescription: "before the bucket is tagged", action: "s3:GetObject", resource: "arn:aws:s3:::b/k",
            second: 4, decision: .allowed),
        Row(
            testDescription: "another action", action: "s3:PutObject", resource: "arn:aws:s3:::b/k", second: 4,
            decision: .implicitlyDenied),
        Row(
            testDescription: "a key by its alias: its policy lets the account decide", action: "kms:Decrypt",
            resource: "arn:aws:kms:us-east-1:111122223333:alias/a", second: 9, decision: .allowed),
        Row(
            testDescription: "a trust policy names the caller, whose own policies are not known and may refuse",
            action: "sts:AssumeRole",
            resource: role, second: 9, decision: .undetermined, principal: "arn:aws:iam::111122223333:user/ann"),
        Row(
            testDescription: "a service is no user", action: "sts:AssumeRole", resource: role, second: 9,
            decision: .implicitlyDenied, principal: "pinpoint.amazonaws.com"),
        Row(
            testDescription: "to pass a role is no matter of its trust", action: "iam:PassRole", resource: role,
            second: 9, decision: .implicitlyDenied),
    ]

    @Test(arguments: rows) func aRequestIsDecidedWithWhatStoodThen(_ row: Row) throws {
        var request = TimelineRequest(principal: row.principal, action: row.action, resource: row.resource)
        request.context = row.context.map { ($0.key, [$0.value]) }
        let timeline = PolicyTimeline(Self.trail)
        let answer = try timeline.simulation(of: request, at: .at(Records.time(row.second)))
        let evaluation = answer.simulation.evaluation()
        #expect(evaluation.decision == row.decision, "\(evaluation.json.prettyText())")
        if let note = row.note { #expect(answer.simulation.notes.contains(note), "\(answer.simulation.notes)") }
    }

    @Test(arguments: [
        ("ann", "s3:GetObject", "*"), (role, "GetObject", "*"), (role, "s3:Get", ""),
    ])
    func whatIsNoRequestIsRefused(_ principal: String, _ action: String, _ resource: String) {
        let request = TimelineRequest(principal: principal, action: action, resource: resource)
        #expect(throws: PolicyTimelineError.self) { try request.check() }
    }

    // MARK: - Beside IAM's policies

    private static let identity = "arn:aws:ses:us-east-1:111122223333:identity/example.org"
    private static let table = "arn:aws:glue:us-east-1:111122223333:table/sales/orders"
    private static let share = "arn:aws:ram:us-east-1:444455556666:resource-share/s-1"
    private static let remote = "arn:aws:sms-voice:us-east-1:444455556666:pool/p-1"

    private static func grant(_ name: String, _ permission: String, to who: String, at second: Int) -> ChangeRecord {
        Records.record(
            name,
            #"{"principal":{"dataLakePrincipalIdentifier":"\#(who)"},"resource":{"table":{"databaseName":"sales","name":"orders"}},"permissions":["\#(permission)"]}"#,
            at: second, source: "lakeformation.amazonaws.com")
    }

    private static func ram(_ name: String, _ rest: String, at second: Int) -> ChangeRecord {
        Records.record(
            name, #"{"resourceShareArn":"\#(share)",\#(rest)}"#, at: second, source: "ram.amazonaws.com",
            account: "444455556666")
    }

    private static let others =
        trail + [
            Records.put("Sender", "send", Records.document("ses:SendEmail"), at: 10),
            Records.put("Sender", "tables", Records.document("glue:*"), at: 10),
            Records.put("Sender", "messages", Records.document("sms-voice:*"), at: 10),
            Records.record(
                "CreateEmailIdentity", #"{"emailIdentity":"example.org"}"#, at: 10, source: "ses.amazonaws.com"),
            Records.record(
                "PutEmailIdentityConfigurationSetAttributes",
                #"{"emailIdentity":"example.org","configurationSetName":"main"}"#, at: 20, source: "ses.amazonaws.com"),
            Records.put(
                "Sender", "send",
                Records.document("ses:SendEmail").replacing(#""Resource":"*""#, with: #""Resource":"\#(identity)""#),
                at: 25),
            grant("GrantPermissions", "SELECT", to: "arn:aws:iam::111122223333:role/other", at: 20),
            grant("GrantPermissions", "SELECT", to: role, at: 30),
            grant("RevokePermissions", "SELECT", to: role, at: 40),
            ram("AssociateResourceShare", #""resourceArns":["\#(remote)"]"#, at: 20),
            ram("AssociateResourceShare", #""principals":["111122223333"]"#, at: 30),
            ram("DisassociateResourceShare", #""principals":["111122223333"]"#, at: 40),
        ]

    static let besides = [
        Row(
            testDescription: "an identity without a configuration set", action: "ses:SendEmail", resource: identity,
            second: 15,
            decision: .allowed),
        Row(
            testDescription: "with one, and the policy covers both", action: "ses:SendEmail", resource: identity,
            second: 22,
            decision: .allowed,
            note:
                "where the call names no configuration set, it sends with that of the identity and must be allowed on arn:aws:ses:us-east-1:111122223333:configuration-set/main, too"
        ),
        Row(
            testDescription: "with one, and the policy covers the identity alone", action: "ses:SendEmail",
            resource: identity,
            second: 26, decision: .implicitlyDenied),
        Row(
            testDescription: "nothing tells of Lake Formation", action: "glue:GetTable", resource: table, second: 15,
            decision: .allowed),
        Row(
            testDescription: "Lake Formation is used, and grants others", action: "glue:GetTable", resource: table,
            second: 25,
            decision: .undetermined),
        Row(
            testDescription: "Lake Formation grants it", action: "glue:GetTable", resource: table, second: 35,
            decision: .allowed),
        Row(
            testDescription: "Lake Formation grants something else", action: "glue:DeleteTable", resource: table,
            second: 35,
            decision: .undetermined),
        Row(
            testDescription: "Lake Formation took it back", action: "glue:GetTable", resource: table, second: 45,
            decision: .undetermined),
        Row(
            testDescription: "Lake Formation has no say over the database of the table",
            action: "glue:GetTable", resource: "arn:aws:glue:us-east-1:111122223333:database/sales", second: 45,
            decision: .allowed),
        Row(
            testDescription: "a resource of another account is shared with nobody", action: "sms-voice:SendTextMessage",
            resource: remote, second: 25, decision: .implicitlyDenied),
        Row(
            testDescription: "it is shared with the account", action: "sms-voice:SendTextMessage", resource: remote,
            second: 35, decision: .undetermined),
        Row(
            testDescription: "it is not any more", action: "sms-voice:SendTextMessage", resource: remote, second: 45,
            decision: .implicitlyDenied),
    ]

    @Test(arguments: besides) func whatDecidesBesideIAMCounts(_ row: Row) throws {
        let request = TimelineRequest(principal: row.principal, action: row.action, resource: row.resource)
        // What a resource is created with, and who is in which organization, is known here: only the one thing is not.
        let known = [
            Records.record(
                "PutResourcePolicy", #"{"resourceArn":"\#(Self.remote)","policy":"{\"Statement\":[]}"}"#, at: 1,
                source: "sms-voice.amazonaws.com", account: "444455556666"),
            Records.record("DeleteResourcePolicy", "{}", at: 1, source: "glue.amazonaws.com"),
            Records.record(
                "LeaveOrganization", nil, at: 1, source: "organizations.amazonaws.com", account: "444455556666"),
        ]
        let timeline = PolicyTimeline(Self.others + known)
        let answer = try timeline.simulation(of: request, at: .at(Records.time(row.second)))
        let evaluation = answer.simulation.evaluation()
        #expect(evaluation.decision == row.decision, "\(evaluation.json.prettyText())")
        if let note = row.note { #expect(answer.simulation.notes.contains(note), "\(answer.simulation.notes)") }
    }

    @Test func tagsThatMayBeOthersAreNotKnown() throws {
        let tagged = Self.trail + [Records.record("TagRole", #"{"roleName":"Sender"}"#, at: 20)]
        let policy = Records.document("s3:List*").replacing(
            #""Resource":"*""#, with: #""Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"1"}}"#)
        let timeline = PolicyTimeline(tagged + [Records.put("Sender", "list", policy, at: 10)])
        let request = TimelineRequest(principal: Self.role, action: "s3:ListAllMyBuckets", resource: "*")
        func decision(_ second: Int) throws -> Decision {
            try timeline.simulation(of: request, at: .at(Records.time(second))).simulation.evaluation().decision
        }
        #expect(try decision(11) == .implicitlyDenied)
        #expect(try decision(21) == .undetermined)
    }
}
