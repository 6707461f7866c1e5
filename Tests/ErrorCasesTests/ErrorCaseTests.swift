import AccessDenial
import CompanionLogs
import Diagnosis
import ErrorCases
import Findings
import IAMPolicy
import Testing
import Wording

/// What is said of one error message.
@Suite struct ErrorCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var refuser: Refuser
        var says: String
        var logs: [LogSource.Kind]
        var testDescription: String { text }
    }

    static let user = "User: arn:aws:sts::111122223333:assumed-role/app/send is not authorized to perform:"
    static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages"
    static let trail: [LogSource.Kind] = [.cloudTrail, .application]
    static let gateway: [LogSource.Kind] = [.gatewayAccess, .gatewayExecution]

    static func policy(_ action: String, on resource: String = app, _ rest: String = "") -> String {
        "\(user) \(action) on resource: \(resource)\(rest)"
    }

    static let cases: [Case] = [
        Case(
            text: policy(
                "mobiletargeting:SendMessages",
                " because no identity-based policy allows the mobiletargeting:SendMessages action"),
            refuser: .policy(.identityBased), says: "in a policy of role app", logs: trail),
        Case(
            text: policy(
                "mobiletargeting:SendMessages",
                " with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/deny"),
            refuser: .policy(.identityBased), says: "remove the Deny that matches", logs: trail),
        Case(
            text: policy(
                "sqs:SendMessage", on: "arn:aws:sqs:us-east-1:444455556666:q",
                " because no resource-based policy allows the sqs:SendMessage action"),
            refuser: .policy(.resourceBased), says: "Let the policy of arn:aws:sqs", logs: trail),
        Case(
            text: policy("mobiletargeting:SendMessages", " with an explicit deny in a service control policy"),
            refuser: .policy(.serviceControl),
            says: "Whoever manages the organization", logs: trail),
        Case(
            text: policy(
                "mobiletargeting:SendMessages",
                " because no permissions boundary allows the mobiletargeting:SendMessages action"),
            refuser: .policy(.permissionsBoundary), says: "as well as its policies", logs: trail),
        Case(
            text: policy(
                "mobiletargeting:SendMessages",
                " because no session policy allows the mobiletargeting:SendMessages action"),
            refuser: .policy(.session), says: "whoever opens the session", logs: trail),
        Case(
            text: policy(
                "mobiletargeting:SendMessages",
                " because no VPC endpoint policy allows the mobiletargeting:SendMessages action"),
            refuser: .policy(.vpcEndpoint), says: "the VPC endpoint's policy", logs: trail),
        Case(
            text: policy(
                "sts:AssumeRole", on: "arn:aws:iam::111122223333:role/target",
                " because no role trust policy allows the sts:AssumeRole action"),
            refuser: .policy(.roleTrust), says: "trust policy", logs: trail),
        Case(
            text: policy("mobiletargeting:SendMessages"), refuser: .policy(nil), says: "does not say which policy",
            logs: trail),
        Case(
            text: "AccessDenied: Access Denied", refuser: .policy(nil), says: "Every type of policy is possible",
            logs: trail),
        Case(
            text:
                "An error occurred (ExpiredTokenException) when calling the SendMessages operation: The security token included in the request is expired",
            refuser: .credentials, says: "Fetch new credentials", logs: [.application]),
        Case(
            text:
                "An error occurred (UnrecognizedClientException) when calling the GetApps operation: The security token included in the request is invalid.",
            refuser: .credentials, says: "deleted or inactive key", logs: [.application]),
        Case(
            text:
                "InvalidSignatureException: Signature expired: 20261109T101200Z is now earlier than 20261109T102000Z (20261109T102500Z - 5 min.)",
            refuser: .signature, says: "clock", logs: [.application]),
        Case(
            text:
                "S3Exception: The request signature we calculated does not match the signature you provided. (Service: S3, Status Code: 403, Request ID: G7WJJ5HW0BBZB1WR)",
            refuser: .signature, says: "secret key", logs: [.s3Access, .application]),
        Case(
            text:
                "An error occurred (OptInRequired) when calling the X operation: You are not subscribed to this service",
            refuser: .account,
            says: "No policy is at fault", logs: trail),
        Case(
            text: "ThrottlingException: Rate exceeded", refuser: .nobody(.throttling), says: "Retry",
            logs: [.cloudTrail]),
        Case(
            text: #"{"message":"Missing Authentication Token"}"#, refuser: .gateway(.missingToken), says: "deploy it",
            logs: gateway),
        Case(
            text:
                "operation error Pinpoint: GetApps, https response error StatusCode: 403, RequestID: 3df82d79-381a-11e8-8192-df58266db5b7, api error MissingAuthenticationTokenException: Missing Authentication Token",
            refuser: .credentials, says: "Sign the request", logs: [.application]),
        Case(
            text: #"{"message":"Forbidden"}"#, refuser: .gateway(.unstated), says: "usage plan",
            logs: gateway + [.firewall]),
        Case(
            text: #"{"Message":"User is not authorized to access this resource with an explicit deny"}"#,
            refuser: .gateway(.authorizer), says: "cache",
            logs: gateway),
        Case(
            text:
                #"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:abc123/prod/GET/x"}"#,
            refuser: .gateway(.resourcePolicy), says: "deploy the API", logs: gateway),
        Case(
            text: policy("execute-api:Invoke", on: "arn:aws:execute-api:us-east-1:111122223333:abc123/prod/POST/x"),
            refuser: .gateway(.iam),
            says: "execute-api:Invoke", logs: gateway),
        Case(
            text:
                "(x) API Key ***abc not authorized because method 'GET /' requires API Key and API Key is not associated with a Usage Plan",
            refuser: .gateway(.apiKey), says: "usage plan", logs: gateway),
        Case(
            text:
                "<HTML><TITLE>ERROR: The request could not be satisfied</TITLE>Request blocked.<BR>Generated by cloudfront",
            refuser: .firewall,
            says: "web ACL", logs: [.firewall]),
        Case(
            text: "<html><h1>403 Forbidden</h1>nginx</html>", refuser: .proxy, says: "did not reach AWS",
            logs: [.application, .flow]),
        Case(
            text: "Could not connect to the endpoint URL: \"https://pinpoint.us-east-1.amazonaws.com/v1/apps\"",
            refuser: .network,
            says: "pinpoint.us-east-1.amazonaws.com", logs: [.flow, .resolver]),
        Case(
            text: "2026-11-09T10:12:03.000Z 8f5e2b5c-1c1f-4ac9-9e53-0b6a2d2f7a11 Task timed out after 3.00 seconds",
            refuser: .network, says: "no 403", logs: [.flow, .resolver]),
        Case(text: "it works", refuser: .unknown, says: "no error of AWS", logs: []),
    ]

    @Test(arguments: cases) func `A message is explained`(_ row: Case) {
        let study = ErrorCase(ErrorText(reading: row.text))
        #expect(study.refuser == row.refuser)
        #expect(study.logs.map(\.kind) == row.logs)
        let text = [study.title, study.explanation, study.remedy.text].map(\.plain).joined(separator: " ")
        #expect(text.contains(row.says), "\(text)")
        // Every command can be pasted.
        for command in study.remedy.commands + study.logs.flatMap(\.commands) { #expect(command.line != nil) }
    }

    @Test func `The least Allow is for what the message names, and only where an Allow is missing`() {
        let missing = ErrorCase(
            ErrorText(
                reading: Self.policy(
                    "mobiletargeting:SendMessages",
                    " because no identity-based policy allows the mobiletargeting:SendMessages action")))
        #expect(missing.remedy.policy?.text.contains(Self.app) == true)
        let denied = ErrorCase(
            ErrorText(
                reading: Self.policy(
                    "mobiletargeting:SendMessages", " with an explicit deny in an identity-based policy")))
        #expect(denied.remedy.policy == nil)
    }

    @Test func `The files of the hour and the next are fetched, of IAM's calls from its one Region`() throws {
        let text = Self.policy(
            "iam:CreateUser", on: "arn:aws:iam::111122223333:user/x",
            " because no identity-based policy allows the iam:CreateUser action")
        let study = ErrorCase(ErrorText(reading: text), time: 1_794_219_120)
        let sync = try #require(study.logs.first?.commands.compactMap(\.line).first { $0.contains("s3 sync") })
        #expect(sync.contains("AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/09/"))
        #expect(sync.contains("'*_20261109T10*'") && sync.contains("'*_20261109T11*'"))
    }
}
