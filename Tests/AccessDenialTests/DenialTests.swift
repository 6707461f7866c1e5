import CloudTrail
import IAMPolicy
import Testing

@testable import AccessDenial

struct DenialTests {
    static func event(
        _ code: String?, _ message: String? = nil, source: String = "pinpoint.amazonaws.com",
        name: String = "SendMessages", identity: (inout UserIdentity) -> Void = { _ in }
    ) -> Event {
        var event = Event()
        event.errorCode = code
        event.errorMessage = message
        event.eventSource = source
        event.eventName = name
        event.awsRegion = "eu-central-1"
        event.recipientAccountId = "111122223333"
        event.eventTime = "2026-11-02T10:15:00Z"
        identity(&event.userIdentity)
        return event
    }

    @Test func readsAPinpointDenialWhole() throws {
        let denial = try #require(
            Denial(
                reading: Self.event(
                    "AccessDenied",
                    "User: arn:aws:sts::111122223333:assumed-role/mailer/i-0abc is not authorized to perform: "
                        + "mobiletargeting:SendMessages on resource: "
                        + "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/messages with an explicit deny in a "
                        + "service control policy: arn:aws:organizations::444455556666:policy/o-exampleorgid/"
                        + "service_control_policy/p-examplepolicyid"
                ) {
                    $0.type = "AssumedRole"
                    $0.arn = "arn:aws:sts::111122223333:assumed-role/mailer/i-0abc"
                    $0.sessionIssuerType = "Role"
                    $0.sessionIssuerArn = "arn:aws:iam::111122223333:role/teams/mail/mailer"
                }))
        #expect(
            denial
                == Denial(
                    principal: "arn:aws:iam::111122223333:role/teams/mail/mailer", principalType: "AssumedRole",
                    action: "mobiletargeting:SendMessages",
                    resource: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/messages",
                    category: .authorization, reason: .explicitDeny(.serviceControl),
                    policyARN:
                        "arn:aws:organizations::444455556666:policy/o-exampleorgid/service_control_policy/p-examplepolicyid"
                ))
        #expect(denial.effect == .explicit)
        #expect(denial.policyType == .serviceControl)
    }

    @Test func principalIsTheOneInTheMessageWhereTheIdentityHasNone() {
        let message =
            "User: arn:aws:sts::111122223333:assumed-role/mailer/i-0abc is not authorized to perform: "
            + "mobiletargeting:GetApp"
        #expect(
            Denial(reading: Self.event("AccessDenied", message))?.principal == "arn:aws:iam::111122223333:role/mailer")
        #expect(Denial(reading: Self.event("AccessDenied", message))?.principalType == "Unknown")
        #expect(Denial(reading: Self.event("AccessDenied"))?.principal == "unknown")
        #expect(
            Denial(reading: Self.event("AccessDenied") { $0.invokedBy = "pinpoint.amazonaws.com" })?.principal
                == "pinpoint.amazonaws.com")
    }

    @Test(arguments: [
        ("arn:aws:sts::111122223333:assumed-role/R/s", "arn:aws:iam::111122223333:role/R"),
        ("arn:aws-cn:sts::111122223333:assumed-role/R/s/t", "arn:aws-cn:iam::111122223333:role/R"),
        ("arn:aws:sts::111122223333:federated-user/x", "arn:aws:sts::111122223333:federated-user/x"),
        ("arn:aws:iam::111122223333:user/p/x", "arn:aws:iam::111122223333:user/p/x"),
        ("arn:aws:sts:111122223333:assumedRole/R/s", "arn:aws:sts:111122223333:assumedRole/R/s"),
        ("anonymous", "anonymous"), ("", ""),
    ]) func foldsSessionsIntoRoles(arn: String, folded: String) {
        #expect(RoleARN.folding(arn) == folded)
    }

    @Test func successIsNoDenial() {
        #expect(Denial(reading: Self.event(nil)) == nil)
        #expect(Denial(reading: Event()) == nil)
    }

    @Test func networkActivityOfAnEndpointIsADenial() throws {
        var event = Self.event(
            "VpceAccessDenied", "The request was denied due to a VPC endpoint policy", source: "ssm.amazonaws.com",
            name: "GetParameter")
        event.eventCategory = "NetworkActivity"
        let denial = try #require(Denial(reading: event))
        #expect(denial.reason.slug == "denied:vpc-endpoint")
        #expect(denial.policyType == .vpcEndpoint)
        #expect(denial.effect == .unstated)
    }

    struct SignIn: CustomTestStringConvertible, Sendable {
        var name: String
        var response: String?
        var message: String?
        var isDenial: Bool

        var testDescription: String { "\(name) \(response ?? "-") \(message ?? "-")" }
    }

    @Test(arguments: [
        SignIn(
            name: "ConsoleLogin", response: #"{"ConsoleLogin": "Failure"}"#, message: "Failed authentication",
            isDenial: true),
        SignIn(
            name: "ConsoleLogin", response: #"{"ConsoleLogin":"Failure"}"#,
            message: "No username found in supplied account", isDenial: true),
        SignIn(name: "ConsoleLogin", response: #"{"ConsoleLogin":"Failure"}"#, message: nil, isDenial: true),
        SignIn(name: "ConsoleLogin", response: nil, message: "Failed authentication", isDenial: true),
        SignIn(name: "ConsoleLogin", response: #"{"ConsoleLogin":"Success"}"#, message: nil, isDenial: false),
        SignIn(name: "ConsoleLogin", response: nil, message: nil, isDenial: false),
        SignIn(name: "SwitchRole", response: #"{"SwitchRole":"Failure"}"#, message: nil, isDenial: true),
        SignIn(name: "ExitRole", response: #"{"ExitRole":"Failure"}"#, message: nil, isDenial: false),
    ]) func failedSignInIsADenial(_ row: SignIn) {
        var event = Self.event(nil, row.message, source: "signin.amazonaws.com", name: row.name)
        event.responseElements = row.response.map { JSONFragment($0) }
        let denial = Denial(reading: event)
        #expect((denial != nil) == row.isDenial)
        if let denial {
            #expect(denial.category == .authentication)
            #expect(denial.reason.slug == "sign-in-failed")
            #expect(denial.action == "signin:\(row.name)")
        }
    }

    @Test func smsVoiceReasonIsTheAccountsState() {
        var event = Self.event("AccessDeniedException", nil, source: "sms-voice.amazonaws.com", name: "SendTextMessage")
        event.responseElements = JSONFragment(#"{"Reason":"INSUFFICIENT_ACCOUNT_REPUTATION"}"#)
        #expect(Denial(reading: event)?.reason.slug == "insufficient-reputation")
        #expect(Denial(reading: event)?.category == .account)
        event.responseElements = JSONFragment(#"{"reason":"ACCOUNT_DISABLED"}"#)
        #expect(Denial(reading: event)?.reason.slug == "account-disabled")
        event.responseElements = nil
        #expect(Denial(reading: event)?.reason == .unstated)
    }

    struct Inferred: CustomTestStringConvertible, Sendable {
        var source: String
        var name: String
        var parameters: String
        var region = "eu-central-1"
        var arn: String?

        var testDescription: String { "\(name) \(parameters)" }
    }

    @Test(arguments: [
        Inferred(
            source: "pinpoint", name: "SendMessages", parameters: #"{"application-id":"0123abcd","MessageRequest":{}}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/messages"),
        Inferred(
            source: "pinpoint", name: "GetApp", parameters: #"{"application-id":"0123abcd"}"#, region: "us-gov-west-1",
            arn: "arn:aws-us-gov:mobiletargeting:us-gov-west-1:111122223333:apps/0123abcd"),
        Inferred(
            source: "pinpoint", name: "UpdateEndpoint",
            parameters: #"{"endpoint-id":"e/1","application-id":"0123abcd"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/endpoints/e/1"),
        Inferred(
            source: "pinpoint", name: "GetCampaign", parameters: #"{"campaignId":"c1","applicationId":"0123abcd"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/campaigns/c1"),
        Inferred(
            source: "pinpoint", name: "UpdateApnsVoipSandboxChannel", parameters: #"{"application-id":"0123abcd"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd/channels/apns_voip_sandbox"),
        Inferred(
            source: "pinpoint", name: "CreateEmailTemplate", parameters: #"{"template-name":"welcome"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:templates/welcome/EMAIL"),
        Inferred(
            source: "pinpoint", name: "ListTemplateVersions",
            parameters: #"{"template-name":"welcome","template-type":"sms"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:templates/welcome/SMS"),
        Inferred(
            source: "pinpoint", name: "TagResource",
            parameters: #"{"resource-arn":"arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd"}"#,
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:apps/0123abcd"),
        Inferred(
            source: "pinpoint", name: "PhoneNumberValidate", parameters: "{}",
            arn: "arn:aws:mobiletargeting:eu-central-1:111122223333:phone/number/validate"),
        Inferred(source: "pinpoint", name: "SendMessages", parameters: #"{"application-id":"***"}"#, arn: nil),
        Inferred(source: "pinpoint", name: "UpdateEndpoint", parameters: #"{"application-id":"0123abcd"}"#, arn: nil),
        Inferred(source: "pinpoint", name: "Unheard", parameters: #"{"application-id":"0123abcd"}"#, arn: nil),
        Inferred(
            source: "sms-voice", name: "SendTextMessage", parameters: #"{"originationIdentity":"pool-b203"}"#,
            arn: "arn:aws:sms-voice:eu-central-1:111122223333:pool/pool-b203"),
        Inferred(
            source: "sms-voice", name: "SendTextMessage",
            parameters: #"{"originationIdentity":"arn:aws:sms-voice:eu-central-1:444455556666:phone-number/phone-1"}"#,
            arn: "arn:aws:sms-voice:eu-central-1:444455556666:phone-number/phone-1"),
        Inferred(
            source: "sms-voice", name: "SendTextMessage", parameters: #"{"originationIdentity":"+15555550100"}"#,
            arn: nil),
        Inferred(
            source: "sms-voice", name: "DeleteSenderId", parameters: "{}", arn: nil),
        Inferred(
            source: "sms-voice", name: "ReleaseSenderId", parameters: #"{"senderId":"ACME","isoCountryCode":"DE"}"#,
            arn: "arn:aws:sms-voice:eu-central-1:111122223333:sender-id/ACME/DE"),
        Inferred(
            source: "sms-voice", name: "DeletePool", parameters: #"{"poolId":"pool-1"}"#,
            arn: "arn:aws:sms-voice:eu-central-1:111122223333:pool/pool-1"),
        Inferred(
            source: "social-messaging", name: "SendWhatsAppMessage",
            parameters: #"{"originationPhoneNumberId":"phone-number-id-976c72a700aac43eaf573ae050example"}"#,
            arn: "arn:aws:social-messaging:eu-central-1:111122223333:phone-number-id/976c72a700aac43eaf573ae050example"),
        Inferred(
            source: "sts", name: "AssumeRoleWithWebIdentity",
            parameters: #"{"roleArn":"arn:aws:iam::111122223333:role/deployer","roleSessionName":"ci"}"#,
            arn: "arn:aws:iam::111122223333:role/deployer"),
        Inferred(source: "sts", name: "AssumeRoleWithSAML", parameters: "{}", arn: nil),
        Inferred(source: "s3", name: "GetObject", parameters: #"{"bucketName":"b"}"#, arn: nil),
    ]) func infersTheResourceFromParameters(_ row: Inferred) throws {
        var event = Self.event("AccessDenied", source: "\(row.source).amazonaws.com", name: row.name)
        event.requestParameters = JSONFragment(row.parameters)
        event.awsRegion = row.region
        let denial = try #require(Denial(reading: event))
        #expect(denial.inferredResource == row.arn)
        #expect(denial.resource == nil, "what is inferred is never what AWS stated")
        event.errorMessage = "User: anonymous is not authorized to perform: a:b on resource: stated"
        #expect(Denial(reading: event)?.inferredResource == nil)
        #expect(Denial(reading: event)?.resource == "stated")
    }
}
