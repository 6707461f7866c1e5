import AccessDenial
import IAMPolicy
import OrderedJSON
import RecordedCalls
import TestSupport
import Testing
import TrailStore
import Wording
@testable import Causes
@testable import Diagnosis
@testable import Findings
@testable import Remedies

/// What is offered heals: the refused request, under the policies as the archive ends and with the offer, is refused no longer for
/// the reason that AWS stated, as far as anything is known.
@Suite struct OfferTests {
    private static func facts(_ row: Scenario) -> GroupFacts {
        Diagnoser(
            usage: row.usage, changes: row.changes, coverage: row.coverage, reportTime: row.reportTime,
            projects: row.projects
        ).facts(of: row.group)
    }

    @Test(arguments: ScenarioFile.everyRow) func everyEditedStatementHeals(_ row: Scenario) throws {
        guard let edit = row.diagnosis.remedy.edit else { return }
        let facts = Self.facts(row)
        let standing = Standing(facts)
        // Whom a role trusts is asked for by itself.
        let failing =
            standing.failing(row.diagnosis.rootCause.statement ?? facts.failing?.statement)
            ?? standing.failing(Refusal.nearest(as: .roleTrust, facts)?.statement)
        // Or of a policy that does not speak of the action.
        let silent = row.group.reason.policyType.map(standing.allows) ?? []
        let place = try #require(failing?.place ?? silent.first { $0.statement == edit.before })
        #expect(place.statement == edit.before)
        #expect(standing.proof(replacing: place, by: edit.after).heals)
        #expect(edit.before != edit.after)
    }

    @Test(arguments: ScenarioFile.everyRow) func everyAllowHeals(_ row: Scenario) throws {
        guard let policy = row.diagnosis.remedy.policy, row.group.reason.effect == .implicit,
            row.group.reason.policyType == .identityBased
        else { return }
        let proof = Standing(Self.facts(row)).proof(adding: policy, as: .identityBased)
        #expect(proof.heals, "\(proof)")
    }

    // MARK: - Statements

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// The statement that refuses, JSON text.
        var statement: String
        var action: String
        var resource: String
        var reason: Reason
        /// The record of the refused call, beside the caller.
        var record: String
        var identity = RecordText.user
        var event = "PutUserPolicy"
        /// What the remedy says, and what it does not.
        var says: [String]
        var saysNot: [String] = []
        /// The edited statement; `nil` where none is offered.
        var after: String?

        var testDescription: String { name }

        var scenario: Scenario {
            let document = #"{"Version":"2012-10-17","Statement":[\#(statement)]}"#
            let isUser = event == "PutUserPolicy"
            let principal =
                isUser ? "arn:aws:iam::111122223333:user/team/ops" : "arn:aws:iam::111122223333:role/app/web-instance"
            let group = Facts.group(
                reason, principal: principal, action: action, resource: resource,
                source: action.prefix { $0 != ":" } + ".amazonaws.com"
            ) {
                $0.principalType = isUser ? "IAMUser" : "AssumedRole"
                $0.requests = [
                    RecordedRequest(
                        eventID: "denial", eventTime: Facts.firstSeen,
                        record: #"{"userIdentity":\#(identity),"eventTime":"\#(Facts.firstSeen)",\#(record)}"#,
                        resource: resource)
                ]
            }
            return Scenario(
                name: name, group: group,
                changes: [
                    Facts.put(
                        document, event: event, owner: isUser ? "ops" : "web-instance")
                ], rootCause: .permissionsChanged)
        }
    }

    static let volume = "arn:aws:ec2:us-east-1:111122223333:volume/*"
    static let key = "arn:aws:kms:eu-west-1:111122223333:key/9"

    static let rows: [Case] = [
        Case(
            name: "a tag that is to be sent",
            statement:
                #"{"Sid":"TagOrNothing","Effect":"Deny","Action":"ec2:CreateVolume","Resource":"*","Condition":{"Null":{"aws:RequestTag/Name":"true"}}}"#,
            action: "ec2:CreateVolume", resource: volume, reason: .explicitDeny(.identityBased),
            record:
                #""eventSource":"ec2.amazonaws.com","eventName":"CreateVolume","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.62","requestParameters":{"size":"80"}"#,
            says: [
                "TagOrNothing", "aws:RequestTag/Name Null true, and the request had none", "Send tag Name",
                "--tag-specifications",
            ],
            saysNot: ["Put back", "etach"],
            after:
                #"{"Sid":"TagOrNothing","Effect":"Deny","Action":"ec2:CreateVolume","Resource":"*","Condition":{"Null":{"aws:RequestTag/Name":"true"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/team/ops"}}}"#
        ),
        Case(
            name: "a service that calls from an address of its own",
            statement:
                #"{"Sid":"OfficeOnly","Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"198.51.100.0/24"}}}"#,
            action: "kms:CreateGrant", resource: key, reason: .explicitDeny(.identityBased),
            record:
                #""eventSource":"kms.amazonaws.com","eventName":"CreateGrant","awsRegion":"eu-west-1","sourceIPAddress":"ec2.amazonaws.com","requestParameters":{"keyId":"\#(key)"}"#,
            identity: RecordText.user.replacing(#""userName""#, with: #""invokedBy":"ec2.amazonaws.com","userName""#),
            says: [
                "OfficeOnly", "aws:SourceIp", "ec2.amazonaws.com made it on the caller's behalf", "aws:ViaAWSService",
            ],
            saysNot: ["Call from an address", "Put back"],
            after:
                #"{"Sid":"OfficeOnly","Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"198.51.100.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}"#
        ),
        Case(
            name: "an exception that is there is widened",
            statement:
                #"{"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci"}}}"#,
            action: "s3:PutObject", resource: "arn:aws:s3:::acme-assets/foo/bar", reason: .explicitDeny(.identityBased),
            record: RecordText.put + #"{"bucketName":"acme-assets","key":"foo/bar"}"#,
            identity: RecordText.instance,
            event: "PutRolePolicy", says: ["Statement 1", "x-amz-server-side-encryption", "aws:kms"],
            after:
                #"{"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"},"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::111122223333:role/ci","arn:aws:iam::111122223333:role/app/web-instance"]}}}"#
        ),
        Case(
            name: "a tag of something else that EC2 makes",
            statement:
                #"{"Sid":"Owner","Effect":"Deny","Action":"ec2:Create*","Resource":"arn:aws:ec2:*:*:security-group/*","Condition":{"Null":{"aws:RequestTag/owner":"true"}}}"#,
            action: "ec2:CreateSecurityGroup", resource: "arn:aws:ec2:us-east-1:111122223333:security-group/*",
            reason: .explicitDeny(.identityBased),
            record:
                #""eventSource":"ec2.amazonaws.com","eventName":"CreateSecurityGroup","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.62","requestParameters":{"groupName":"web"}"#,
            says: ["Owner", "Send tag owner with the call itself"],
            after:
                #"{"Sid":"Owner","Effect":"Deny","Action":"ec2:Create*","Resource":"arn:aws:ec2:*:*:security-group/*","Condition":{"Null":{"aws:RequestTag/owner":"true"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:user/team/ops"}}}"#
        ),
        Case(
            name: "actions that a Deny of Regions spares",
            statement:
                #"{"Sid":"Regions","Effect":"Deny","NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}}}"#,
            action: "bedrock:InvokeModelWithResponseStream",
            resource: "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude",
            reason: .explicitDeny(.identityBased),
            record:
                #""eventSource":"bedrock.amazonaws.com","eventName":"ConverseStream","awsRegion":"us-west-2","sourceIPAddress":"198.51.100.99","requestParameters":{"modelId":"us.anthropic.claude"}"#,
            says: ["Regions", "aws:RequestedRegion", "us-east-2", "bedrock:InvokeModel*"],
            saysNot: ["Call in a Region"],
            after:
                #"{"Sid":"Regions","Effect":"Deny","NotAction":["iam:*","bedrock:InvokeModel*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["us-east-1","us-west-2"]}}}"#
        ),
    ]

    @Test(arguments: rows) func theRequestChangesFirstThenTheStatement(_ row: Case) throws {
        var scenario = row.scenario
        if row.name == "actions that a Deny of Regions spares" {
            scenario.group.regions = [Counted("us-west-2", denials: 12)]
        }
        let remedy = scenario.diagnosis.remedy
        for text in row.says { #expect(remedy.text.plain.contains(text), "\(text): \(remedy.text.plain)") }
        for text in row.saysNot { #expect(!remedy.text.plain.contains(text), "\(text): \(remedy.text.plain)") }
        let after = try row.after.map { try JSONValue(parsing: $0) }
        #expect(remedy.edit?.after == after)
        #expect(remedy.policy == nil)
    }

    // MARK: - Calls that ask for more

    private static func put(_ parameters: String) -> RecordedRequest {
        RecordedRequest(
            eventID: "e1", eventTime: "2026-06-16T07:00:30Z",
            record:
                #"{"userIdentity":\#(RecordText.instance),"eventTime":"2026-06-16T07:00:30Z","recipientAccountId":"111122223333",\#(RecordText.put)\#(parameters)}"#
        )
    }

    @Test func anUploadWithAnACLNeedsMore() {
        let group = Facts.group(
            .unstated, principal: "arn:aws:iam::111122223333:role/app/web-instance", action: "s3:PutObject",
            resource: nil, source: "s3.amazonaws.com"
        ) {
            $0.requests = [Self.put(#"{"bucketName":"acme-assets","key":"foo/bar","x-amz-acl":"public-read"}"#)]
            $0.successes = [Self.put(#"{"bucketName":"acme-assets","key":"foo/bar"}"#)]
        }
        let diagnosis = Scenario(name: "", group: group, rootCause: .missingAllow).diagnosis
        #expect(diagnosis.rootCause.code == .missingAllow && diagnosis.rootCause.confidence == .inferred)
        #expect(diagnosis.rootCause.explanation.plain.contains("x-amz-acl (public-read)"))
        #expect(diagnosis.remedy.text.plain.hasPrefix("Upload without an ACL"))
        #expect(diagnosis.remedy.policy?.text.contains("s3:PutObjectAcl") ?? false)
        #expect(diagnosis.comparison?.differences.map(\.field) == ["requestParameters.x-amz-acl"])
    }

    @Test func aKeyThatIsMissingIsNotGranted() {
        let group = Facts.group(
            .missingAllow(.identityBased), principal: "arn:aws:iam::111122223333:role/app/web-instance",
            action: "s3:ListBucket", resource: "arn:aws:s3:::acme-assets", source: "s3.amazonaws.com"
        ) {
            $0.calledAction = "s3:GetObject"
            $0.requests = [Self.put(#"{"bucketName":"acme-assets","key":"prod/flags.yaml"}"#)]
        }
        let diagnosis = Scenario(name: "", group: group, rootCause: .refusedByService).diagnosis
        #expect(diagnosis.rootCause.code == .refusedByService)
        #expect(diagnosis.remedy.policy == nil)
        #expect(diagnosis.remedy.text.plain.contains("prod/flags.yaml"))
        #expect(diagnosis.remedy.text.plain.contains("404"))
    }

    // MARK: - Callers that no condition can name

    @Test(
        arguments: [
            (
                #"["sqs:SendMessage","sns:Publish"]"#, true,
                #"{"Effect":"Deny","Action":["sqs:SendMessage"],"Resource":"*"}"#
            ),
            (
                #"["sqs:*","sns:*"]"#, true,
                #"[{"Effect":"Deny","Action":["sqs:*"],"Resource":"*"},{"Effect":"Deny","Action":["sns:*"],"Resource":"*","Condition":{"Null":{"aws:PrincipalArn":"false"}}}]"#
            ),
            (
                #""*""#, true,
                #"{"Effect":"Deny","Action":["*"],"Resource":"*","Condition":{"Null":{"aws:PrincipalArn":"false"}}}"#
            ),
            (#""sns:Publish""#, true, nil), (#"["sqs:*","sns:*"]"#, false, nil),
            (#"["sqs:*","sns:publish"]"#, false, #"{"Effect":"Deny","Action":["sqs:*"],"Resource":"*"}"#),
        ] as [(String, Bool, String?)])
    func theirActionIsLeftOut(_ actions: String, _ isAnonymous: Bool, _ after: String?) throws {
        let statement = try JSONValue(parsing: #"{"Effect":"Deny","Action":\#(actions),"Resource":"*"}"#)
        let made = GuardrailException.leavingOut("sns:Publish", of: statement, isAnonymous: isAnonymous)
        #expect(try made?.1 == after.map { try JSONValue(parsing: $0) })
    }

    // MARK: - Allows

    @Test func anAllowThatADenyOutweighsIsNotOffered() {
        var row = Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)),
            changes: [
                Facts.put(
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"mobiletargeting:*","Resource":"*"}]}"#
                )
            ], rootCause: .missingAllow)
        row.coverage.from = "2026-01-01T00:00:00Z"
        let remedy = row.diagnosis.remedy
        #expect(remedy.policy == nil && remedy.workable == nil)
        #expect(remedy.text.plain.contains("No Allow is offered"), "\(remedy.text.plain)")
    }

    @Test func besideTheLeastAllowStandsTheLeastThatKeepsWorking() {
        let remedy = Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)), rootCause: .missingAllow
        ).diagnosis.remedy
        #expect(remedy.policy?.text.contains("/messages") ?? false, "\(remedy.policy?.text ?? "")")
        #expect(remedy.workable?.text.contains("/*") ?? false)
        #expect(remedy.text.plain.contains("unless a policy that this archive does not show denies"))
    }

    // MARK: - Short archives

    @Test func withoutEventsOfIAMTheyAreFetchedFirst() {
        var row = Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)), usage: [Facts.usage()],
            rootCause: .missingAllow)
        row.coverage.from = "2026-01-01T00:00:00Z"
        row.coverage.services = [
            ServiceCoverage(eventSource: "pinpoint.amazonaws.com", eventCategory: "Management", events: 9, denials: 1)
        ]
        let remedy = row.diagnosis.remedy
        #expect(remedy.text.plain.hasPrefix("The archive has no events of IAM"), "\(remedy.text.plain)")
        #expect(remedy.commands.lines.first?.hasPrefix("aws s3 sync s3://TRAIL-BUCKET/AWSLogs/") ?? false)
    }

    @Test func whatBeganWithTheArchiveBeganBefore() {
        var row = Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)), rootCause: .missingAllow)
        row.coverage.from = "2026-11-10T11:30:00Z"
        let remedy = row.diagnosis.remedy
        #expect(remedy.text.plain.hasPrefix("The calls were refused from the archive's beginning on"))
        #expect(
            remedy.commands.lines.first
                == "aws s3 sync s3://TRAIL-BUCKET/AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/ AWSLogs/111122223333/CloudTrail/us-east-1/2026/10/"
        )
        row.coverage.from = "2026-11-01T00:00:00Z"
        #expect(!row.diagnosis.remedy.text.plain.contains("archive's beginning"))
    }

    @Test(arguments: ["", "never", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z"])
    func aTimeThatCannotBeReadIsNoTrap(_ time: String) {
        var row = Scenario(
            name: "", group: Facts.group(.missingAllow(.identityBased)) { $0.lastSeen = time }, rootCause: .missingAllow
        )
        row.coverage.from = "2026-11-10T11:30:00Z"
        _ = row.diagnosis
        row.coverage.from = time
        _ = row.diagnosis
    }
}
