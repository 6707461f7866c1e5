import CloudTrail
import Foundation
import Testing

@Suite struct ContainerShapeTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var text: String
        var kind: LogFileKind
        var records: [String]
        var codes: [IngestIssue.Code]
        var broken: Int
        var testDescription: String { name }

        init(
            _ name: String, _ text: String, _ kind: LogFileKind, _ records: [String] = [],
            _ codes: [IngestIssue.Code] = [],
            broken: Int? = nil
        ) {
            self.name = name
            self.text = text
            self.kind = kind
            self.records = records
            self.codes = codes
            self.broken = broken ?? codes.count
        }
    }

    static let a = record("A")
    static let b = record("B", #","note":"say \"hi\" {[\\""#)
    static let insight =
        #"{"eventVersion":"1.08","eventTime":"2026-11-02T10:15:00Z","eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start","eventSource":"s","eventName":"n"},"eventCategory":"Insight"}"#
    static let aggregated =
        #"{"eventVersion":"1.0","eventId":"x","accountId":"111122223333","eventType":"AwsAggregatedEvent","eventCategory":"Aggregated","timeWindow":{},"summary":{}}"#
    static let network = record("N", #","eventType":"AwsVpceEvent","eventCategory":"NetworkActivity""#)
    static let digest =
        #"{"awsAccountId":"111122223333","digestStartTime":"2026-11-02T10:00:00Z","digestEndTime":"2026-11-02T11:00:00Z","digestS3Bucket":"b","logFiles":[{"s3Bucket":"b","s3Object":"o"}]}"#

    static func lookup(_ record: String) -> String {
        #"{"EventId":"e","EventName":"n","ReadOnly":"true","EventTime":1.5,"Resources":[{"ResourceType":"t"}],"CloudTrailEvent":\#(literal(record))}"#
    }

    static func envelope(_ record: String) -> String {
        #"{"version":"0","id":"i","detail-type":"AWS API Call via CloudTrail","source":"aws.iam","resources":[],"detail":\#(record)}"#
    }

    static func logEvents(_ key: String, _ messages: String...) -> String {
        #"{"owner":"o","\#(key)":[\#(messages.map { #"{"id":"1","timestamp":1,"message":\#(literal($0))}"# }.joined(separator: ","))],"nextForwardToken":"f/1"}"#
    }

    static let plain = [
        Case("records", #"{"Records":[\#(a),\#(b)]}"#, .cloudTrail, ["A", "B"]),
        Case("records, pretty", "{\n  \"Records\" : [\n    \(a) ,\r\n\t\(b)\n  ]\n}\n", .cloudTrail, ["A", "B"]),
        Case(
            "records behind and before other keys",
            #"{"x":{"Records":[1]},"y":[{}],"Records":[\#(a)],"z":[1,{"q":"]"}],"w":null}"#, .cloudTrail, ["A"]),
        Case("records twice", #"{"Records":[\#(a)],"Records":[\#(b)]}"#, .cloudTrail, ["A", "B"]),
        Case("no records", #"{"Records":[]}"#, .cloudTrail),
        Case("escaped key", #"{"\u0052ecords":[\#(a)]}"#, .cloudTrail, ["A"]),
        Case("array", "[\(a),\(b)]", .cloudTrail, ["A", "B"]),
        Case("empty array", "[]", .cloudTrail),
        Case("single record", a, .cloudTrail, ["A"]),
        Case("lines", "\(a)\n\(b)\n", .cloudTrail, ["A", "B"]),
        Case("lines with CRLF", "\(a)\r\n\(b)\r\n", .cloudTrail, ["A", "B"]),
        Case("lines, last one open", "\(a)\n\(b)", .cloudTrail, ["A", "B"]),
        Case("lines of records", "{\"Records\":[\(a)]}\n{\"Records\":[\(b)]}\n", .cloudTrail, ["A", "B"]),
        Case("objects without separators", a + b + a, .cloudTrail, ["A", "B", "A"]),
        Case(
            "containers without separators", "{\"Records\":[\(a)]}{\"Records\":[]}{\"Records\":[\(b)]}", .cloudTrail,
            ["A", "B"]),
        Case("byte order marks", "\u{feff}{\"Records\":[\(a)]}\u{feff}{\"Records\":[\(b)]}", .cloudTrail, ["A", "B"]),
        Case("JSON text sequence", "\u{1e}\(a)\n\u{1e}\(b)\n", .cloudTrail, ["A", "B"]),
        Case("array of containers", "[{\"Records\":[\(a)]},{\"Records\":[\(b)]}]", .cloudTrail, ["A", "B"]),
        Case("nested arrays", "[[\(a)],[[\(b)]],[]]", .cloudTrail, ["A", "B"]),
        Case("digest", digest, .cloudTrailDigest),
        Case("insights", #"{"Records":[\#(insight),\#(insight)]}"#, .cloudTrailInsight, ["-", "-"]),
        Case("aggregated", #"{"Records":[\#(aggregated)]}"#, .cloudTrailAggregated, ["-"]),
        Case("network activity", #"{"Records":[\#(network)]}"#, .cloudTrailNetworkActivity, ["N"]),
        Case("mixed kinds", #"{"Records":[\#(network),\#(insight),\#(a)]}"#, .cloudTrail, ["N", "-", "A"]),
        Case("old record", #"{"eventName":"Old","eventSource":"s","awsRegion":"r"}"#, .cloudTrail, ["Old"]),
        Case("record without source", #"{"eventName":"Old","eventTime":"2013-11-06T00:00:00Z"}"#, .cloudTrail, ["Old"]),
    ]

    static let wrapped = [
        Case("lookup-events", #"{"Events":[\#(lookup(a)),\#(lookup(b))],"NextToken":"t"}"#, .lookupEvents, ["A", "B"]),
        Case(
            "lookup-events, pages", #"{"Events":[\#(lookup(a))]}{"Events":[\#(lookup(b))]}"#, .lookupEvents, ["A", "B"]),
        Case("lookup-events, no answer", #"{"Events":[]}"#, .lookupEvents),
        Case("lookup-events, lines", lookup(a) + "\n" + lookup(b), .lookupEvents, ["A", "B"]),
        Case("lookup-events, array", "[\(lookup(a))]", .lookupEvents, ["A"]),
        Case(
            "lookup-events, --query 'Events[].CloudTrailEvent'", "[\(literal(a)),\(literal(b))]", .lookupEvents,
            ["A", "B"]),
        Case("lookup-events, text output", "\(a)\t\(b)\n", .cloudTrail, ["A", "B"]),
        Case(
            "lookup-events, an object instead of text", #"{"Events":[{"CloudTrailEvent":\#(a)}]}"#, .lookupEvents, ["A"]
        ),
        Case(
            "lookup-events, broken text", #"{"Events":[{"CloudTrailEvent":"x"},\#(lookup(a))]}"#, .lookupEvents, ["A"],
            [.notARecord]),
        Case(
            "lookup-events, cut text", #"{"Events":[\#(lookup(String(a.dropLast(9)))),\#(lookup(b))]}"#, .lookupEvents,
            ["B"], [.jsonTruncated]),
        Case("EventBridge", envelope(a), .eventBridge, ["A"]),
        Case(
            "EventBridge, detail first", #"{"detail":\#(a),"detail-type":"AWS API Call via CloudTrail"}"#, .eventBridge,
            ["A"]),
        Case("EventBridge, lines", envelope(a) + "\n" + envelope(b), .eventBridge, ["A", "B"]),
        Case("EventBridge, array", "[\(envelope(a)),\(envelope(b))]", .eventBridge, ["A", "B"]),
        Case("EventBridge, another service's", envelope("{}") + envelope(b), .eventBridge, ["B"], [.notARecord]),
        Case("CloudWatch Logs, get-log-events", logEvents("events", a, b), .cloudWatchLogs, ["A", "B"]),
        Case("CloudWatch Logs, subscription", logEvents("logEvents", a, b), .cloudWatchLogs, ["A", "B"]),
        Case(
            "CloudWatch Logs, control message",
            #"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE: Checking health of destination"}]}"#,
            .cloudWatchLogs),
        Case(
            "CloudWatch Logs, batches", logEvents("logEvents", a) + logEvents("logEvents", b), .cloudWatchLogs,
            ["A", "B"]),
        Case(
            "CloudWatch Logs, other messages", logEvents("events", a, "START {", "[]"), .cloudWatchLogs, ["A"],
            [.notARecord]),
        Case(
            "CloudWatch Logs, export", "2026-11-02T10:15:00.000Z \(a)\n2026-11-02T10:15:01.000Z \(b)\n",
            .cloudWatchLogs, ["A", "B"]),
        Case(
            "SNS", #"{"Type":"Notification","MessageId":"m","Message":\#(literal(#"{"Records":[\#(a),\#(b)]}"#))}"#,
            .sns, ["A", "B"]),
        Case("SNS around EventBridge", #"{"Message":\#(literal(envelope(a)))}"#, .sns, ["A"]),
        Case(
            "SNS to Lambda", #"{"Records":[{"EventSource":"aws:sns","Sns":{"Message":\#(literal(a))}}]}"#, .sns, ["A"]),
        Case(
            "SQS messages", #"{"Messages":[{"MessageId":"m","Body":\#(literal(a))},{"Body":\#(literal(b))}]}"#, .sns,
            ["A", "B"]),
        Case(
            "SQS around SNS around EventBridge",
            #"{"Records":[{"body":\#(literal(#"{"Message":\#(literal(envelope(a)))}"#)),"eventSource":"aws:sqs"}]}"#,
            .sns, ["A"]),
    ]

    static let others = [
        Case("nothing", "", .unrecognised, [], [.emptyFile], broken: 0),
        Case("white space", " \r\n\t", .unrecognised, [], [.emptyFile], broken: 0),
        Case("byte order mark alone", "\u{feff}\n", .unrecognised, [], [.emptyFile], broken: 0),
        Case("prose", "Dear reader,\n{this} is \"no\" log.\n", .unrecognised, [], [.notALogFile], broken: 0),
        Case(
            "other JSON", #"{"name":"x","dependencies":{"a":[1,2,{}]}}"#, .unrecognised, [], [.notALogFile], broken: 0),
        Case("other JSON lines", "{\"a\":1}\n{\"b\":2}\n7\n", .unrecognised, [], [.notALogFile], broken: 0),
        Case(
            "other events", #"{"events":[{"id":1},{"message":"hello"}],"Events":[3]}"#, .unrecognised, [],
            [.notALogFile], broken: 0),
        Case(
            "a notification about a log file", #"{"Message":"{\"s3Bucket\":\"b\",\"s3ObjectKey\":[\"k\"]}"}"#,
            .unrecognised, [], [.notALogFile], broken: 0),
        Case(
            "what merely bears a name and a source", #"{"eventName":"A","eventSource":"s","payload":{"x":1}}"#,
            .unrecognised, [], [.notALogFile], broken: 0),
        Case("a scalar", "true", .unrecognised, [], [.notALogFile], broken: 0),
        Case("other JSON before a record", "{\"a\":1}\n\(a)\n{}\n", .cloudTrail, ["A"], [.notARecord, .notARecord]),
        Case(
            "no records among records", #"{"Records":[{},\#(a),5,null,"x",\#(b),[]]}"#, .cloudTrail, ["A", "B"],
            [.notARecord, .notARecord, .notARecord, .notARecord]),
        Case(
            "S3 event notification",
            #"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"t","eventName":"ObjectCreated:Put"}]}"#,
            .cloudTrail, [], [.notARecord]),
        Case("Records that is no array", #"{"Records":{"a":1}}"#, .unrecognised, [], [.notALogFile], broken: 0),
    ]

    @Test(arguments: plain + wrapped + others) func shape(_ test: Case) throws {
        let reading = try Reading(test.text)
        #expect(reading.summary.kind == test.kind)
        #expect(reading.names == test.records)
        #expect(reading.codes == test.codes)
        #expect(reading.summary.broken == test.broken)
        #expect(reading.summary.uncompressedBytes == test.text.utf8.count)
        #expect(reading.addsUp)
        #expect(reading.rows.allSatisfy { Event(json: $0.json) != nil })
    }

    @Test(arguments: plain + wrapped + others) func `chunks and windows change nothing`(_ test: Case) throws {
        let bytes = Array(test.text.utf8)
        let whole = try Reading(bytes)
        for chunkSize in [1, 2, 3, 7, 65536] {
            #expect(try Reading(bytes, chunkSize: chunkSize) == whole)
        }
        var limits = ReaderLimits()
        for windowBytes in [64, 100, 257, 1000] {
            limits.windowBytes = windowBytes
            #expect(try Reading(bytes, chunkSize: 7, limits: limits) == whole)
        }
    }

    @Test(arguments: plain + wrapped) func `a record's bytes stand at its position`(_ test: Case) throws {
        let bytes = Array(test.text.utf8)
        for (index, row) in try Reading(bytes).rows.enumerated() {
            let found = Array(bytes[row.byteOffset..<row.byteOffset + row.length])
            #expect(row.number == index + 1 || !test.codes.isEmpty)
            if row.isNested {
                let text = try #require(JSONFragment(bytes: found).stringValue)
                #expect(text.contains(row.eventName ?? ""))
            } else {
                #expect(found == row.json)
            }
        }
    }

    @Test(arguments: plain + wrapped) func `every cut gives the records before it and at most one issue more`(
        _ test: Case
    ) throws {
        let bytes = Array(test.text.utf8)
        let whole = try Reading(bytes)
        var reader = RecordReader()
        for count in 0..<bytes.count {
            let cut = try Reading(Array(bytes[..<count]), reader: &reader)
            #expect(cut.addsUp, "\(count)")
            #expect(
                cut.rows.count <= whole.rows.count
                    && cut.rows.map(\.json) == whole.rows.prefix(cut.rows.count).map(\.json), "\(count)")
            #expect(cut.issues.count <= test.codes.count + 1, "\(count): \(cut.issues)")
            if cut.rows.isEmpty { #expect(cut.issues.count >= 1 || cut.summary.kind != .unrecognised, "\(count)") }
        }
    }

    @Test(arguments: plain + wrapped) func `a fault of the source is the one issue of a cut file`(_ test: Case) throws {
        let bytes = Array(test.text.utf8)
        let fault = IngestIssue(.gzipTruncated, at: Location(byteOffset: 7), "the gzip stream ends early")
        for count in stride(from: 0, to: bytes.count, by: 13) {
            let cut = try Reading(Array(bytes[..<count]), fault: SourceFault(issue: fault))
            let told = cut.issues.filter { $0.code == .gzipTruncated }
            #expect(told.count == 1)
            #expect(told.first?.location.file == "test.json")
            #expect(!cut.codes.contains(.jsonTruncated) || test.codes.contains(.jsonTruncated))
            #expect(cut.addsUp)
        }
    }

    @Test func `records tell their own kind`() throws {
        let reading = try Reading(#"{"Records":[\#(Self.network),\#(Self.insight),\#(Self.aggregated)]}"#)
        #expect(reading.rows.map(\.kind) == [.event, .insight, .aggregated])
    }
}
