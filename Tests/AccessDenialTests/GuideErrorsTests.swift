import CloudTrail
import IAMPolicy
import Testing

@testable import AccessDenial

/// What the common advice on Pinpoint's 403 gets wrong, with what is right.
struct GuideErrorsTests {
    private func denial(_ code: String, _ message: String?, _ name: String = "SendMessages") -> Denial? {
        Denial(reading: DenialTests.event(code, message, name: name))
    }

    @Test func prefixIsMobiletargetingNotPinpoint() {
        #expect(
            IAMAction.name(eventSource: "pinpoint.amazonaws.com", eventName: "SendMessages")
                == "mobiletargeting:SendMessages")
        #expect(PinpointCatalogue.actions.allSatisfy { !$0.name.hasPrefix("pinpoint:") })
    }

    @Test(arguments: [
        ("SendMessages", "apps/{application-id}/messages"), ("PutEvents", "apps/{application-id}/events"),
        ("UpdateEndpoint", "apps/{application-id}/endpoints/{endpoint-id}"),
        ("UpdateSegment", "apps/{application-id}/segments/{segment-id}"),
        ("SendOTPMessage", "apps/{application-id}/otp"),
    ]) func resourceIsASubresourceOfTheProject(name: String, shape: String) throws {
        let operation = try #require(PinpointCatalogue.operation(named: name))
        #expect(PinpointCatalogue.arnShape(ofResourceType: operation.resourceTypes[0]) == shape)
    }

    @Test func updateEndpointAndUpdateSegmentArePut() {
        #expect(PinpointCatalogue.operation(named: "UpdateEndpoint")?.method == .put)
        #expect(PinpointCatalogue.operation(named: "UpdateSegment")?.method == .put)
    }

    @Test func cloudTrailDoesNotRecordEverySendMessages() {
        let operation = PinpointCatalogue.operation(named: "SendMessages")
        #expect(operation?.recording(on: "2025-03-02") == .notRecorded)
        #expect(operation?.recording(on: "2025-03-03") == .dataEventProbable)
    }

    @Test(arguments: ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "ForbiddenException"])
    func accessDeniedIsNotTheOnlyCode(_ code: String) {
        #expect(denial(code, nil)?.category == .authorization)
    }

    @Test func noResourcePolicyOrResourceControlPolicyCanDenyPinpoint() {
        #expect(!PinpointCatalogue.canDeny(.resourceBased, action: "mobiletargeting:SendMessages"))
        #expect(!PinpointCatalogue.canDeny(.resourceControl, action: "mobiletargeting:SendMessages"))
        #expect(PinpointCatalogue.canDeny(.resourceBased, action: "sms-voice:SendTextMessage"))
        #expect(PinpointCatalogue.canDeny(.serviceControl, action: "mobiletargeting:SendMessages"))
        // The impossible message is still read as it stands.
        let stated = denial(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/MyUser is not authorized to perform: pinpoint:SendMessages on resource: "
                + "arn:aws:pinpoint:us-east-1:123456789012:apps/0123abcd with an explicit deny in a resource-based policy"
        )
        #expect(stated?.reason == .explicitDeny(.resourceBased))
        #expect(stated?.action == "pinpoint:SendMessages")
    }

    @Test func forbiddenExceptionIsTheServicesOwnRefusal() {
        let ended = denial(
            "ForbiddenException",
            "Forbidden: On October 30, 2026, AWS will end support for the Amazon Pinpoint engagement features (e.g., "
                + "segments, message templates, campaigns, journeys, analytics).", "CreateSegment")
        #expect(ended?.category == .account)
        #expect(ended?.reason.slug == "service-ended")
        #expect(ended?.policyType == nil)
        #expect(PinpointCatalogue.operation(named: "CreateSegment")?.afterSupport == .stops)
    }

    @Test func throttlingIsNoDenial() {
        #expect(denial("TooManyRequestsException", "Too Many Requests") == nil)
        #expect(denial("ThrottlingException", "Rate exceeded") == nil)
    }

    @Test func resourceControlAndSessionPoliciesAreNamed() {
        let user = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: sms-voice:SendTextMessage"
        #expect(
            denial("AccessDenied", "\(user) because no session policy allows the sms-voice:SendTextMessage action")?
                .policyType == .session)
        #expect(
            denial("AccessDenied", "\(user) with an explicit deny in a resource control policy")?.policyType
                == .resourceControl)
    }
}
