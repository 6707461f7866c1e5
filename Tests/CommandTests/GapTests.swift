import Foundation
import TestSupport
import Testing

/// When the archive cannot answer, that is the answer, with what closes the gap.
@Suite struct GapTests {
    @Test func `Where sends are not recorded, the first line says so and the command records them`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1, isRefused: false)])
        let run = try Program.run(["analyze", "logs"], in: folder.path)
        let lines = run.output.split(separator: "\n")
        #expect(
            lines.first == "The archive cannot show whether sends were refused: it has none of their events.",
            "\(run.output)")
        let command = try #require(lines.first { $0.contains("$ aws cloudtrail put-event-selectors") })
        // What a shell makes of it is the JSON that the CLI takes.
        let json = try #require(command.split(separator: "'", maxSplits: 2).dropFirst().first)
        let selectors = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(
            selectors.compactMap { $0["Name"] as? String }
                == ["management", "AWS::Pinpoint::App", "AWS::SMSVoice::OriginationIdentity"])
        #expect(run.output.contains("one event per call"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var code: String
        var records: [TestRecord]
        var says: [String]
        var testDescription: String { code }
    }

    static let cases = [
        Case(
            code: "iam-events-missing",
            records: [TestRecord(id: 1, region: "eu-west-1")],
            says: [
                "no events from us-east-1",
                "$ aws s3 sync s3://BUCKET/AWSLogs/111122223333/CloudTrail/us-east-1/ ./AWSLogs/111122223333/CloudTrail/us-east-1/ && trail403 ingest ./AWSLogs/111122223333/CloudTrail/us-east-1/",
            ]),
        Case(
            code: "organizations-events-missing", records: [TestRecord(id: 1)],
            says: [
                "only the management account records them",
                "$ aws s3 sync s3://BUCKET/AWSLogs/MANAGEMENT-ACCOUNT/CloudTrail/us-east-1/",
            ]),
        Case(
            code: "delivery-gap",
            records: (0..<20).map {
                TestRecord(id: $0, time: "2026-11-0\($0 < 10 ? 1 : 9)T0\($0 % 10):00:00Z", region: "eu-west-1")
            },
            says: [
                "gap in delivery", "$ aws s3 sync s3://BUCKET/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/",
            ]),
        Case(
            code: "data-events-not-recorded", records: [TestRecord(id: 1)],
            says: ["$ aws cloudtrail put-event-selectors --trail-name TRAIL"]),
    ]

    @Test(arguments: cases) func `status ends with the gaps and the command for each`(_ row: Case) throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", row.records)
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let status = try Program.run(["status"], in: folder.path).output
        let gaps = try #require(
            status.components(separatedBy: "\nWhat the archive lacks, and the command for each").last)
        let words = gaps.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for text in row.says { #expect(words.contains(text), "\(gaps)") }
        let json = try Program.run(["status", "--format", "json"], in: folder.path).output
        let report = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let notes = try #require(report["notes"] as? [[String: Any]])
        #expect(notes.contains { $0["code"] as? String == row.code && $0["command"] is String }, "\(notes)")
    }

    @Test func `Denials that are as old as the archive ask for an older one`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            "logs/a.json",
            [TestRecord(id: 1, time: "2026-11-01T00:10:00Z"), TestRecord(id: 2, time: "2026-11-09T00:10:00Z")])
        let run = try Program.run(["analyze", "logs", "--format", "json"], in: folder.path)
        #expect(run.output.contains("denials-older-than-archive"))
        let later = try ScratchFolder()
        try later.write(
            "logs/a.json",
            [
                TestRecord(id: 1, time: "2026-11-01T00:10:00Z", isRefused: false),
                TestRecord(id: 2, time: "2026-11-09T00:10:00Z"),
            ])
        let told = try Program.run(["analyze", "logs", "--format", "json"], in: later.path)
        #expect(!told.output.contains("denials-older-than-archive"))
    }
}
