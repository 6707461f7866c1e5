import Testing

@testable import AccessDenial

struct PinpointCatalogueTests {
    @Test func hasAllOperations() {
        #expect(PinpointCatalogue.operations.count == 122)
        let counts = Dictionary(grouping: PinpointCatalogue.operations, by: \.method).mapValues(\.count)
        #expect(counts == [.get: 53, .put: 25, .delete: 24, .post: 20])
        #expect(Set(PinpointCatalogue.operations.map(\.name)).count == 122)
        let extra = PinpointCatalogue.operations.map(\.extraActions)
        #expect(extra.count { $0.contains("iam:PassRole") } == 8)
        #expect(extra.count { $0.contains("mobiletargeting:TagResource") } == 9)
    }

    @Test func hasEveryActionOfTheFamily() {
        #expect(PinpointCatalogue.smsVoiceActions.count == 115)
        let policyActions = PinpointCatalogue.smsVoiceActions.filter { $0.accessLevel == .permissionsManagement }
        #expect(policyActions.map(\.name) == ["sms-voice:DeleteResourcePolicy", "sms-voice:PutResourcePolicy"])
        #expect(PinpointCatalogue.socialMessagingActions.count == 38)
        #expect(PinpointCatalogue.mobileAnalyticsActions.count == 3)
        #expect(Set(PinpointCatalogue.actions.map(\.name)).count == 279)
    }

    @Test(arguments: PinpointCatalogue.operations) func everyResourceTypeHasAShape(_ operation: PinpointOperation) {
        #expect(!operation.resourceTypes.isEmpty)
        for type in operation.resourceTypes { #expect(PinpointCatalogue.arnShape(ofResourceType: type) != nil) }
        // With every parameter there, every operation on one resource has its ARN.
        if operation.resourceTypes.count == 1 { #expect(operation.resourcePath { _ in "x" } != nil) }
    }

    @Test(arguments: PinpointCatalogue.smsVoiceActions) func everySMSResourceTypeHasAShape(_ action: ServiceAction) {
        for type in action.resourceTypes { #expect(PinpointCatalogue.smsVoiceShapes[type] != nil, "\(type)") }
    }

    @Test func methodsAreTheModels() throws {
        #expect(PinpointCatalogue.operation(named: "UpdateEndpoint")?.method == .put)
        #expect(PinpointCatalogue.operation(named: "UpdateSegment")?.method == .put)
        #expect(PinpointCatalogue.operation(named: "SendMessages")?.method == .post)
        #expect(PinpointCatalogue.operation(named: "PhoneNumberValidate")?.accessLevel == .read)
        #expect(PinpointCatalogue.operation(named: "sendmessages") == nil)
    }

    @Test func recordingDependsOnTheTime() throws {
        let send = try #require(PinpointCatalogue.operation(named: "SendMessages"))
        #expect(send.recording(on: "2019-01-01") == .notRecorded)
        #expect(send.recording(on: "2024-01-01T00:00:00Z") == .notRecorded)
        #expect(send.recording(on: "2026-11-01") == .dataEventProbable)
        let get = try #require(PinpointCatalogue.operation(named: "GetEndpoint"))
        #expect(get.recording(on: "2019-01-01") == .notRecorded)
        #expect(get.recording(on: "2024-01-01") == .recorded)
        let put = try #require(PinpointCatalogue.operation(named: "PutEvents"))
        #expect(put.recording(on: "2019-01-01") == .recorded)
        #expect(put.recording(on: "2024-01-01") == .notRecorded)
        #expect(PinpointCatalogue.operation(named: "VerifyOTPMessage")?.recording(on: "2026-01-01") == .notListed)
        #expect(PinpointCatalogue.operation(named: "CreateApp")?.recording(on: "2026-01-01") == .recorded)
    }

    @Test(arguments: [
        ("CreateSegment", PinpointOperation.AfterSupport.stops), ("UpdateEndpoint", .stops), ("PutEvents", .stops),
        ("GetApplicationSettings", .stops), ("GetEmailChannel", .stops), ("CreateSmsTemplate", .stops),
        ("GetInAppMessages", .stops), ("CreateImportJob", .stops), ("SendMessages", .stays), ("SendOTPMessage", .stays),
        ("UpdateSmsChannel", .stays), ("GetApp", .stays), ("PhoneNumberValidate", .stays), ("TagResource", .stays),
        ("SendUsersMessages", .unknown),
    ]) func knowsWhatTheEndOfSupportTook(name: String, expected: PinpointOperation.AfterSupport) {
        #expect(PinpointCatalogue.operation(named: name)?.afterSupport == expected)
    }
}
