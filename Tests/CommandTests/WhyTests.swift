import Foundation
import TestSupport
import Testing

/// `trail403 why`, as a user runs it.
@Suite struct WhyTests {
    private static let principal = "arn:aws:sts::111122223333:assumed-role/app/send"
    private static let sentence =
        "User: \(principal) is not authorized to perform: mobiletargeting:SendMessages on resource: arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages because no identity-based policy allows the mobiletargeting:SendMessages action"
    private static let requestID = "3df82d79-381a-11e8-8192-df58266db5b7"
    private static let eventID = "b0000000-0000-4000-8000-000000000001"

    private static let record =
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"\#(eventID)","eventTime":"2026-11-09T10:12:00Z","eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestID":"\#(requestID)","errorCode":"AccessDenied","errorMessage":"\#(sentence)","userIdentity":{"type":"AssumedRole","arn":"\#(principal)","accountId":"111122223333","principalId":"AROAEXAMPLE:send","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/messaging/app","accountId":"111122223333","principalId":"AROAEXAMPLE","userName":"app"}}}}"#

    private struct Answer: Decodable {
        struct Match: Decodable {
            var by: String
            var eventID: String
            var denialGroupID: String?
        }
        struct Log: Decodable {
            var kind: String
            var commands: [String]
        }
        var schemaVersion: Int
        var refusedBy: String
        var matches: [Match]
        var logs: [Log]
        var database: String?
    }

    private func answer(_ arguments: [String], in folder: ScratchFolder, input: String = "") throws -> Answer {
        let run = try Program.run(["why", "--format", "json"] + arguments, in: folder.path, input: Data(input.utf8))
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    @Test func `A message is explained without an archive, from the command line and from standard input`() throws {
        let folder = try ScratchFolder()
        for (arguments, input) in [([Self.sentence], ""), (["-"], "ForbiddenException: \(Self.sentence)\n")] {
            let answer = try answer(arguments, in: folder, input: input)
            #expect(answer.schemaVersion == 1 && answer.refusedBy == "policy" && answer.database == nil)
            #expect(answer.logs.first?.kind == "cloudtrail")
        }
        let text = try Program.run(["why", "--color", "never", Self.sentence], in: folder.path)
        #expect(text.output.contains("Refused by  IAM, by an identity-based policy"))
        #expect(
            text.output.contains(
                "$ aws s3 sync s3://TRAIL-BUCKET/AWSLogs/111122223333/CloudTrail/us-east-1/YYYY/MM/DD/"))
    }

    @Test func `With a database at hand the case itself is found`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", #"{"Records":[\#(Self.record)]}"#)
        #expect(try Program.run(["ingest", "-q", "a.json"], in: folder.path).status == 0)
        let byID = try answer(
            ["\(Self.sentence) (Service: Pinpoint, Status Code: 403, Request ID: \(Self.requestID))"], in: folder)
        let group = try #require(byID.matches.first?.denialGroupID)
        #expect(byID.matches.map(\.by) == ["request-id"] && byID.matches.first?.eventID == Self.eventID)
        let byTime = try answer([Self.sentence, "--at", "2026-11-09T10:13:00Z"], in: folder)
        #expect(byTime.matches.map(\.by) == ["principal-action-time"] && byTime.matches.first?.denialGroupID == group)
        #expect(try answer([Self.sentence, "--at", "2026-11-09T12:13:00Z"], in: folder).matches.isEmpty)
        #expect(try answer([Self.sentence], in: folder).matches.map(\.by) == ["principal-action"])
        #expect(try answer([#"{"message":"Forbidden"}"#], in: folder).matches.isEmpty)
        // `explain` takes the request id, too.
        let explained = try Program.run(["explain", Self.requestID, "--color", "never"], in: folder.path)
        #expect(explained.status == 0 && explained.output.contains("[\(group)]"))
    }

    @Test func `Hostile text reaches no terminal, and what is no error is said to be none`() throws {
        let folder = try ScratchFolder()
        let hostile = try Program.run(
            [
                "why",
                "AccessDenied: User: arn:aws:iam::111122223333:user/\u{1B}[31m is not authorized to perform: s3:GetObject",
            ], in: folder.path)
        #expect(hostile.status == 0 && !hostile.output.contains("\u{1B}"))
        let none = try answer(["it works"], in: folder)
        #expect(none.refusedBy == "unknown" && none.logs.isEmpty)
        let empty = try Program.run(["why", "-"], in: folder.path)
        #expect(empty.status == 1 && empty.errors.contains("is empty"))
        #expect(try Program.run(["why", "x", "--database", "none.sqlite"], in: folder.path).status == 1)
    }
}
