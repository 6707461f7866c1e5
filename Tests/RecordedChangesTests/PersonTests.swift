import RecordedChanges
import Testing
import TrailStore
import Wording

/// Who made a change, and with what.
@Suite struct PersonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var actor: String
        var caller: ChangeCaller
        var name: String
        var via: Client.Kind?
        var client: String?
        var ask: String
        var testDescription: String { "\(name) \(client ?? "-")" }
    }

    private static let admin =
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
    private static let deploy = "arn:aws:iam::111122223333:role/deploy"

    private static func caller(
        _ arn: String, agent: String? = nil, address: String? = "192.0.2.7",
        with change: (inout ChangeCaller) -> Void = { _ in }
    ) -> ChangeCaller {
        var caller = ChangeCaller()
        caller.arn = arn.hasPrefix("arn:") ? arn : "arn:aws:sts::111122223333:assumed-role/\(arn)"
        caller.userAgent = agent
        caller.sourceIPAddress = address
        change(&caller)
        return caller
    }

    static let cases = [
        Case(
            actor: admin,
            caller: caller(
                "AWSReservedSSO_Admin_0123456789abcdef/alice@example.com", agent: "Mozilla/5.0 (X11) Firefox/130.0"
            ) {
                $0.isFromConsole = true
            }, name: "alice@example.com", via: .console, client: "the AWS console", ask: "Ask alice@example.com"),
        Case(
            actor: admin,
            caller: caller("AWSReservedSSO_Admin_0123456789abcdef/alice", agent: "aws-cli/2.15.0 md/Botocore#2"),
            name: "alice", via: .cli, client: "the AWS CLI", ask: "Ask alice"),
        Case(
            actor: deploy,
            caller: caller(
                "deploy/terraform-apply",
                agent:
                    "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io) terraform-provider-aws/5.1 aws-sdk-go-v2/1"
            ),
            name: "terraform-apply", via: .iac, client: "Terraform", ask: "Ask the owner of role deploy"),
        Case(
            actor: deploy, caller: caller("deploy/GitHubActions", agent: "aws-cli/2.15.0"), name: "GitHubActions",
            via: .iac, client: "GitHub Actions", ask: "Ask the owner of role deploy"),
        Case(
            actor: deploy,
            caller: caller("deploy/run-7", agent: "aws-sdk-go-v2/1.32.0") {
                $0.federatedProvider =
                    "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
            }, name: "run-7", via: .iac, client: "GitHub Actions", ask: "Ask the owner of role deploy"),
        Case(
            actor: deploy, caller: caller("deploy/i-0123456789abcdef0", agent: "Boto3/1.34.0"),
            name: "i-0123456789abcdef0", via: .sdk, client: "the AWS SDK for Python",
            ask: "Ask the owner of role deploy"),
        Case(
            actor: deploy, caller: caller("deploy/i-0123456789abcdef0") { $0.sourceIdentity = "carol" }, name: "carol",
            ask: "Ask carol"),
        Case(
            actor: deploy,
            caller: caller(
                "deploy/AWSCloudFormation", agent: "cloudformation.amazonaws.com",
                address: "cloudformation.amazonaws.com"
            ) {
                $0.invokedBy = "cloudformation.amazonaws.com"
            }, name: "AWSCloudFormation", via: .iac, client: "CloudFormation", ask: "Ask the owner of role deploy"),
        Case(
            actor: "arn:aws:iam::111122223333:user/ops/bob", caller: caller("arn:aws:iam::111122223333:user/ops/bob"),
            name: "bob", ask: "Ask user bob"),
        Case(
            actor: "arn:aws:iam::111122223333:root",
            caller: caller("arn:aws:iam::111122223333:root", agent: "console.amazonaws.com"),
            name: "root", via: .console, client: "the AWS console", ask: "Ask the root user of 111122223333"),
        Case(
            actor: "controltower.amazonaws.com", caller: caller("arn:none", address: "controltower.amazonaws.com"),
            name: "controltower.amazonaws.com", via: .service, client: "Control Tower",
            ask: "Ask who runs AWS service controltower.amazonaws.com here"),
    ]

    private static let detachment = PermissionChange(
        eventID: "c1", eventTime: "2026-11-09T10:12:00Z", eventSource: "iam.amazonaws.com",
        eventName: "DetachRolePolicy", actor: "arn:aws:iam::111122223333:user/bob", targetType: "role",
        target: "order-notifier", policyARN: nil, accountId: "111122223333", awsRegion: "us-east-1", record: nil)

    @Test(arguments: cases) func `A change names the person`(_ row: Case) {
        var change = Self.detachment
        change.actor = row.actor
        change.caller = row.caller
        let person = Person(change)
        #expect(person.name == row.name)
        #expect(
            person.client?.kind == row.via && person.client?.name == row.client, "\(String(describing: person.client))")
        #expect(person.ask.plain == row.ask)
        #expect(person.arn == row.actor && person.sourceIPAddress == row.caller.sourceIPAddress)
    }

    @Test func `A change of which no record tells more is its principal's`() {
        let person = Person(Self.detachment)
        #expect(person.name == "bob" && person.client == nil && person.shown.plain == "user bob")
    }
}
