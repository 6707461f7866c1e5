import AccessDenial
import IAMPolicy
import RecordedCalls
import RecordedChanges
import Testing
import TrailStore
@testable import Causes
@testable import Diagnosis

/// The distinct requests that stand for the denials of a group.
@Suite struct DeniedRequestTests {
    private static func group(_ requests: [RecordedRequest]) -> DenialGroup {
        Facts.group(.missingAllow(.identityBased), action: "s3:PutObject", source: "s3.amazonaws.com") {
            $0.requests = requests
        }
    }

    private static func upload(_ id: String, calls: Int = 1, _ key: String) -> RecordedRequest {
        RecordedRequest(
            eventID: id, eventTime: "2026-11-10T12:00:00Z",
            record:
                #"{"userIdentity":{"type":"Role","arn":"\#(Facts.role)"},"eventTime":"2026-11-10T12:00:00Z","eventID":"\#(id)","eventSource":"s3.amazonaws.com","eventName":"PutObject","requestParameters":{"bucketName":"b","key":"\#(key)"}}"#,
            calls: calls)
    }

    private static func denied(_ group: DenialGroup) -> DeniedRequests {
        DeniedRequests(group, refused: PrincipalName(group.principal))
    }

    @Test func requestsThatDifferInTimeAloneAreOne() {
        var group = Self.group([Self.upload("e1", "a"), Self.upload("e2", "b"), Self.upload("e3", calls: 4, "a")])
        group.furtherRequests = 7
        let denied = Self.denied(group)
        #expect(denied.all.map(\.observed.eventID) == ["e1", "e2"])
        #expect(denied.all.map(\.denials) == [5, 1])
        #expect(denied.further == 7)
    }

    @Test func whatNoRecordTellsIsUnknown() throws {
        var group = Self.group([])
        group.sourceIPAddresses = [Counted("203.0.113.1", denials: 1), Counted("203.0.113.2", denials: 1)]
        let denied = Self.denied(group)
        let context = try #require(denied.all.first).observed.request.context
        #expect(context.knowledge(of: "aws:RequestedRegion") == .values(["us-east-1"]))
        // Every value that was seen is in one of them.
        let addresses = denied.all.map { $0.observed.request.context.knowledge(of: "aws:SourceIp") }
        #expect(addresses == [.values(["203.0.113.1"]), .values(["203.0.113.2"])])
        #expect(context.knowledge(of: "s3:x-amz-acl") == .unknown)
    }

    @Test(arguments: ["", "[]", "null", "{", #"{"userIdentity":[],"requestParameters":[[]]}"#])
    func aDamagedRecordIsNoTrap(_ record: String) {
        var group = Self.group([RecordedRequest(eventID: "e", record: record)])
        group.successes = group.requests
        let denied = Self.denied(group)
        _ = ObservedRequests.comparison(denied, SucceededRequest.all(of: group, denied))
    }
}
