import Foundation
import TestSupport
import Testing

/// Every container, through the real binary: as a file, gzipped, and on standard input.
@Suite struct ContainerProgramTests {
    static let records = [SampleRecord.success(1), SampleRecord.denied(2), SampleRecord.detach(3)]
    static let plain = SampleRecord.file(records)

    private static let columns = [
        "eventID", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode",
        "errorMessage",
        "requestID", "eventType", "eventCategory", "readOnly", "managementEvent", "recipientAccountId",
        "userIdentityType",
        "userIdentityArn", "accessKeyId", "sessionIssuerArn", "principal", "action",
    ]

    /// The database of the records as CloudTrail writes them.
    private static let reference = Result {
        let folder = try ScratchFolder()
        try folder.write("reference.json", plain)
        #expect(try folder.run("ingest", "reference.json", "--database", "reference.db").status == 0)
        return folder
    }

    private static func events(_ folder: ScratchFolder, _ database: String, lacking: Set<String> = []) throws
        -> [[String]]
    {
        let names = columns.filter { !lacking.contains($0) }.joined(separator: ", ")
        return try folder.rows("SELECT \(names) FROM event ORDER BY eventID", database: database)
    }

    @Test(arguments: try cases())
    func `Every container gives the same events, as a file, gzipped, and on standard input`(_ test: Case) throws {
        let reference = try Self.reference.get()
        let expected = try Self.events(reference, "reference.db", lacking: test.lacks)
        #expect(expected.count == 3)
        let folder = try ScratchFolder()
        // The name says the opposite of the content.
        let isGzip = test.bytes.starts(with: [0x1f, 0x8b])
        let file = "container.json" + (isGzip ? "" : ".gz")
        try folder.write(file, test.bytes)
        var runs = [(["ingest", file], [UInt8]()), (["ingest", "-"], test.bytes)]
        if !isGzip { runs.append((["ingest", "-"], gzipMember(test.bytes))) }
        for (way, run) in runs.enumerated() {
            let database = "\(way).db"
            let result = try Program.run(run.0 + ["--database", database], in: folder.path, input: Data(run.1))
            #expect(result.status == 0, "way \(way): \(result.errors)")
            guard result.status == 0 else { continue }
            #expect(try Self.events(folder, database, lacking: test.lacks) == expected, "way \(way)")
            #expect(
                try folder.rows("SELECT kind, records, stored, duplicates, skipped FROM logFile", database: database)
                    == [[test.kind, "3", "3", "0", "0"]], "way \(way)")
            #expect(try folder.rows("SELECT code FROM ingestIssue", database: database).isEmpty)
        }
        if test.kind != "event-history-csv" {
            let groups = "SELECT id, principal, action, reason, denials FROM denialGroup"
            #expect(
                try folder.rows(groups, database: "0.db") == reference.rows(groups, database: "reference.db"))
        }
    }

    /// Files as `cat` joins them: which of the three are gzip.
    @Test(arguments: [[true, false, true], [false, true, false], [true, true, false], [false, false, true]])
    func `Standard input may join text and gzip in any order`(isGzip: [Bool]) throws {
        let folder = try ScratchFolder()
        var input: [UInt8] = []
        for (record, isGzip) in zip(Self.records, isGzip) {
            let text = Array((SampleRecord.file([record]) + "\n").utf8)
            input += isGzip ? gzipMember(text) : text
        }
        let result = try folder.run("ingest", "-", input: input)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try folder.rows("SELECT records, stored, skipped FROM logFile") == [["3", "3", "0"]])
        #expect(try folder.rows("SELECT code FROM ingestIssue").isEmpty)
        // Of a file the same is a sign that somebody has changed it.
        try folder.write("joined.json.gz", gzipMember(Array(Self.plain.utf8)) + Array(Self.plain.utf8))
        let file = try folder.run("ingest", "joined.json.gz", "--database", "file.db")
        #expect(file.status == 2)
        #expect(try folder.rows("SELECT code FROM ingestIssue", database: "file.db") == [["trailing-bytes"]])
    }

    @Test func `A single record is a log file`() throws {
        let folder = try ScratchFolder()
        #expect(try folder.run("ingest", "-", input: Array(Self.records[1].utf8)).status == 0)
        #expect(try folder.rows("SELECT path, kind, records, stored FROM logFile") == [["-", "CloudTrail", "1", "1"]])
        #expect(try folder.rows("SELECT count(*) FROM denial") == [["1"]])
    }

    @Test func `Event history is imported and said to hold no reasons`() throws {
        let folder = try ScratchFolder()
        try folder.write("history.csv", try Self.eventHistory())
        let result = try folder.run("analyze", "history.csv", "--service", "all", "--format", "json")
        #expect(result.status == 0)
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        #expect(report.groups.map(\.reason) == ["unstated"])
        #expect(
            report.coverage.notes.contains { $0.code == "history-csv-no-reasons" },
            "\(report.coverage.notes.map(\.code))")
    }

    @Test(arguments: [
        "1.0", "1.01", "1.02", "1.03", "1.04", "1.05", "1.06", "1.07", "1.08", "1.09", "1.10", "1.11", "1.12", "2.0",
    ])
    func `Every event version is read`(version: String) throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file([SampleRecord.success(1, version: version)]))
        #expect(try folder.run("ingest", "a.json").status == 0)
        #expect(try folder.rows("SELECT eventID FROM event") == [[SampleRecord.id(1)]])
    }

    @Test func `A record of version 1 without an eventID is one event, however often it comes`() throws {
        let folder = try ScratchFolder()
        let record =
            #"{"eventVersion":"1.0","userIdentity":{"type":"Root","accountId":"111122223333"},"eventTime":"2013-11-01T00:00:00Z","eventSource":"iam.amazonaws.com","eventName":"GetUser","awsRegion":"us-east-1"}"#
        try folder.write("a.json", SampleRecord.file([record]))
        try folder.write("b.json", record + "\n")
        #expect(try folder.run("ingest", "a.json", "b.json").status == 0)
        #expect(try folder.rows("SELECT count(*) FROM event") == [["1"]])
    }

    @Test func `Organization trails and the other kinds are told apart by content`() throws {
        let folder = try ScratchFolder()
        let insight =
            #"{"eventVersion":"1.09","eventTime":"2026-11-01T00:00:00Z","awsRegion":"us-east-1","eventID":"i","eventType":"AwsCloudTrailInsight","recipientAccountId":"111122223333","insightDetails":{"state":"Start","eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","insightType":"ApiErrorRateInsight","errorCode":"AccessDenied"},"eventCategory":"Insight"}"#
        let aggregated =
            #"{"eventVersion":"1.0","eventId":"g","accountId":"111122223333","eventCategory":"Aggregated","eventType":"AwsAggregatedEvent","timeWindow":{},"summary":{}}"#
        let network = SampleRecord.success(5)
            .replacingOccurrences(of: "\"eventCategory\":\"Data\"", with: "\"eventCategory\":\"NetworkActivity\"")
            .replacingOccurrences(of: "AwsApiCall", with: "AwsVpceEvent")
            .replacingOccurrences(
                of: "\"eventID\"",
                with:
                    "\"errorCode\":\"VpceAccessDenied\",\"errorMessage\":\"The request was denied due to a VPC endpoint policy\",\"eventID\""
            )
        let digest =
            #"{"awsAccountId":"111122223333","digestStartTime":"2026-11-01T00:00:00Z","digestEndTime":"2026-11-01T01:00:00Z","digestS3Bucket":"b","digestS3Object":"o","logFiles":[{"s3Bucket":"b","s3Object":"x"}]}"#
        let root = "AWSLogs/o-exampleorgid/111122223333"
        func name(_ kind: String) -> String {
            "\(root)/\(kind)/us-east-1/2026/11/01/111122223333_\(kind)_us-east-1_20261101T0005Z_AbCdEfGhIjKlMnOp.json.gz"
        }
        try folder.write(name("CloudTrail"), gzipMember(Self.plain))
        try folder.write(name("CloudTrail-Insight"), gzipMember(SampleRecord.file([insight, insight])))
        try folder.write(name("CloudTrail-Aggregated"), gzipMember(SampleRecord.file([aggregated])))
        try folder.write(name("CloudTrail-NetworkActivity"), gzipMember(SampleRecord.file([network])))
        try folder.write(name("CloudTrail-Digest"), gzipMember(digest))
        #expect(try folder.run("ingest", "AWSLogs").status == 0)
        #expect(
            try folder.rows("SELECT kind, records, stored, skipped FROM logFile ORDER BY kind") == [
                ["CloudTrail", "3", "3", "0"], ["CloudTrail-Aggregated", "1", "0", "1"],
                ["CloudTrail-Digest", "0", "0", "0"],
                ["CloudTrail-Insight", "2", "0", "2"], ["CloudTrail-NetworkActivity", "1", "1", "0"],
            ])
        #expect(try folder.rows("SELECT count(*) FROM ingestIssue") == [["0"]])
        #expect(
            try folder.rows("SELECT policyType FROM denial WHERE errorCode = 'VpceAccessDenied'") == [["vpc-endpoint"]])
    }

    @Test func `The files of a tar archive, one after the other, come through a pipe`() throws {
        guard ["/usr/bin/tar", "/bin/tar"].contains(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            return print("skipped: there is no tar")
        }
        let folder = try ScratchFolder()
        for file in 0..<4 {
            let text = SampleRecord.file((0..<5).map { SampleRecord.mixed(file * 5 + $0) })
            if file % 2 == 0 {
                try folder.write("zipped/\(file).json.gz", gzipMember(text))
            } else {
                try folder.write("plain/\(file).json", text)
            }
        }
        for kind in ["zipped", "plain"] {
            let command =
                "tar czf \(kind).tgz \(kind) && tar xOzf \(kind).tgz | '\(Program.binary.path)' ingest --database \(kind).db -"
            let result = try Program.run("/bin/sh", ["-c", command], in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
            #expect(
                try folder.rows("SELECT kind, records, stored, skipped FROM logFile", database: "\(kind).db")
                    == [["CloudTrail", "10", "10", "0"]])
        }
        // Plain text behind gzip is read as well, as `cat` joins files.
        let mixed =
            "tar czf all.tgz zipped plain && tar xOzf all.tgz | '\(Program.binary.path)' ingest --database all.db -"
        let result = try Program.run("/bin/sh", ["-c", mixed], in: folder.path)
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try folder.rows("SELECT records, stored, skipped FROM logFile", database: "all.db") == [["20", "20", "0"]])
        #expect(try folder.rows("SELECT count(*) FROM ingestIssue", database: "all.db") == [["0"]])
    }

    struct Shared: Sendable, CustomTestStringConvertible {
        var path: String
        var records: Int
        var events: Int
        var denials: Int
        var kind: String
        var testDescription: String { path }
    }

    @Test(arguments: [
        Shared(path: "trails/invictus-ir-aws_dataset", records: 2900, events: 2900, denials: 65, kind: "CloudTrail"),
        Shared(
            path: "trails/boogy-CloudTrail-Log-Parser", records: 1685, events: 1685, denials: -1, kind: "CloudTrail"),
        Shared(path: "trails/log2timeline-plaso", records: 6, events: 6, denials: -1, kind: "lookup-events"),
        Shared(path: "trails/eventbridge", records: 24, events: 21, denials: -1, kind: "CloudTrail, event-bridge"),
        Shared(
            path: "trails/flosell-trailscraper/tests/cloudtrail/data", records: 4, events: 2, denials: -1,
            kind: "CloudTrail"),
    ])
    func `Real archives are stored whole`(shared: Shared) throws {
        guard let path = sharedData(shared.path)?.path else { return }
        let folder = try ScratchFolder()
        let result = try folder.run("ingest", path)
        // One sample of EventBridge bears no time at all.
        let skipped = shared.path == "trails/eventbridge" ? 1 : 0
        #expect(result.status == (skipped > 0 ? 2 : 0), "\(result.errors)")
        let counts = try folder.rows(
            "SELECT sum(records), sum(stored), sum(records - stored - duplicates - skipped), sum(skipped) FROM logFile")[
                0]
        let events = try folder.rows("SELECT count(*), count(DISTINCT eventID) FROM event")[0]
        #expect(counts[1] == events[0] && counts[2] == "0" && counts[3] == String(skipped))
        #expect(counts[0] == String(shared.records) && events[0] == String(shared.events))
        if shared.denials >= 0 { #expect(try folder.rows("SELECT count(*) FROM denial") == [[String(shared.denials)]]) }
        #expect(
            try folder.rows("SELECT DISTINCT kind FROM logFile ORDER BY 1").map { $0[0] }.joined(separator: ", ")
                == shared.kind)
    }
}
