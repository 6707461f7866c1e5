import Foundation
import TestSupport
import Testing

/// Small files that inflate to millions of values: what is told and kept of them stays small, and so does the memory.
@Suite struct HostileSizeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var head = ""
        /// What is repeated.
        var pattern: String
        var tail = ""
        /// How much of it, in bytes.
        var bytes = 1 << 20

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "numbers", pattern: "1,"), Case(name: "an array of numbers", head: "[", pattern: "1,"),
        Case(name: "records that are numbers", head: #"{"Records":["#, pattern: "1,"),
        Case(name: "records that are empty", head: #"{"Records":["#, pattern: "{}"),
        Case(name: "records that are empty, with commas", head: #"{"Records":["#, pattern: "{},"),
        Case(name: "records that are strings", head: #"{"Records":["#, pattern: #""a","#),
        Case(name: "brackets", pattern: "["), Case(name: "braces", pattern: "{"), Case(name: "quotes", pattern: "\""),
        Case(name: "line breaks", pattern: "\n"), Case(name: "closing brackets", pattern: "}]"),
        Case(name: "containers", pattern: #"{"Records":["#),
        Case(name: "empty containers", pattern: #"{"Records":[]}"#),
        Case(name: "results", pattern: #"{"results":[[{"field":"a","value":"b"}],"#),
        Case(name: "result sets", pattern: #"{"ResultSet":{"#), Case(name: "hits", pattern: #"{"hits":{"hits":["#),
        Case(name: "keys", head: "{", pattern: #""a":1,"#), Case(name: "prose", pattern: "eventName eventTime\n"),
        Case(name: "prefixes", pattern: "host: {\"eventName\":\n"),
        Case(name: "broken records", pattern: #"{"eventName":"a","eventVersion":"1",]}"# + "\n"),
        Case(name: "records without a time", pattern: #"{"eventName":"a","eventSource":"s","eventID":"1"}"# + "\n"),
        Case(name: "names without more", pattern: #"{"eventName":"a","eventSource":"s"}"# + "\n"),
        Case(name: "rows that do not fit", head: "eventname,eventsource,eventtime\n", pattern: "1,\n"),
        Case(name: "columns", head: "eventname,eventsource,eventtime", pattern: ",a"),
        Case(name: "cells", head: "eventname,eventsource,eventtime\n", pattern: ",a"),
        Case(name: "a cell", head: "eventname,eventsource,eventtime\n\"", pattern: "a"),
        Case(
            name: "a record as large as may be",
            head:
                #"{"Records":[{"eventVersion":"1","eventTime":"2026-11-01T00:00:00Z","eventSource":"s","eventName":"n","#
                + #""errorCode":"AccessDenied","userAgent":""#, pattern: "a", tail: #""}]}"#, bytes: 7 << 20),
        Case(name: "a string", head: #"{"Records":[{"eventName":""#, pattern: "a", tail: #""}]}"#),
        Case(name: "a string in a string", head: #"{"message":"{\"message\":\""#, pattern: #"\\\""#, tail: #"\"}"}"#),
        Case(
            name: "a string in a string in a string", head: #"{"Message":"["#, pattern: #"\"{\\\"a\\\":1}\","#,
            tail: #"1]"}"#),
    ]

    /// Bytes of memory that any input may take.
    private static let maximumMemory = 160 << 20

    @Test(arguments: cases) func `a small file takes little memory and leaves a small database`(_ test: Case) throws {
        let folder = try ScratchFolder()
        let pattern = Array(test.pattern.utf8)
        let block = Array(repeatElement(pattern, count: max(1, (64 << 10) / pattern.count)).joined())
        var text = Array(test.head.utf8)
        while text.count < test.bytes { text += block }
        text += Array(test.tail.utf8)
        try folder.write("a.json", text)
        let status = folder.path("status")
        // The shell's child tells of itself what it took at most.
        let run = try Program.run(
            "/bin/sh",
            [
                "-c",
                "\"$0\" ingest --database t.sqlite a.json & pid=$!; while kill -0 $pid 2>/dev/null; do "
                    + "grep VmHWM /proc/$pid/status >> \"$1\" 2>/dev/null; sleep 0.05; done; wait $pid",
                Program.binary.path, status,
            ], in: folder.path)
        #expect([0, 1, 2].contains(run.status), "\(run.errors)")
        #expect(run.errors.utf8.count < 16 << 10)
        let peaks = try (folder.text("status") ?? "").split(separator: "\n").compactMap { line in
            line.split(separator: " ").compactMap { Int($0) }.first
        }
        if let peak = peaks.max(), !isSanitized { #expect(peak << 10 < Self.maximumMemory, "\(peak) KB") }
        guard FileManager.default.fileExists(atPath: folder.path("t.sqlite")) else { return }
        let size = try FileManager.default.attributesOfItem(atPath: folder.path("t.sqlite"))[.size] as? Int ?? 0
        #expect(size < (test.bytes > 1 << 20 ? 6 * test.bytes : 4 << 20), "\(size) bytes")
    }

    @Test(arguments: ["arn", "userAgent", "errorCode", "errorMessage", "eventName", "eventID"])
    func `a text that is too long is cut, or costs its record, and is told`(_ field: String) throws {
        let folder = try ScratchFolder()
        let records = (1...6).map { number in
            let text = "\(number)" + String(repeating: "A", count: 300_000) + "\(number % 2)"
            func value(_ name: String, _ usual: String) -> String { name == field ? text : usual }
            return """
                {"eventVersion":"1.09","userIdentity":{"type":"IAMUser","arn":"\(value("arn", "arn:aws:iam::111122223333:user/a"))",\
                "accountId":"111122223333"},"eventTime":"2026-11-01T00:00:0\(number)Z","eventSource":"s3.amazonaws.com",\
                "eventName":"\(value("eventName", "GetObject"))","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1",\
                "userAgent":"\(value("userAgent", "cli"))","errorCode":"\(value("errorCode", "AccessDenied"))",\
                "errorMessage":"\(value("errorMessage", "Access Denied"))","requestParameters":{"bucketName":"b"},\
                "responseElements":null,"requestID":"r\(number)","eventID":"\(value("eventID", "id\(number)"))",\
                "eventType":"AwsApiCall","recipientAccountId":"111122223333"}
                """
        }
        try folder.write("a.json", "{\"Records\":[" + records.joined(separator: ",") + "]}")
        let run = try folder.run("ingest", "a.json")
        #expect(run.status == 2, "\(run.errors)")
        #expect(try folder.rows("SELECT code, count(*) FROM ingestIssue GROUP BY code") == [["value-cut", "6"]])
        let isSkipped = field == "eventName" || field == "eventID"
        #expect(try folder.rows("SELECT count(*) FROM event") == [[isSkipped ? "0" : "6"]])
        #expect(try folder.rows("SELECT count(*) FROM text WHERE length(CAST(value AS BLOB)) > 16384") == [["0"]])
        if field == "arn" { #expect(try folder.rows("SELECT count(DISTINCT userIdentityArn) FROM event") == [["6"]]) }
        if field == "errorMessage" {
            #expect(try folder.rows("SELECT max(length(CAST(errorMessage AS BLOB))) <= 65536 FROM event") == [["1"]])
        }
        let size = try FileManager.default.attributesOfItem(atPath: folder.path("trail403.sqlite"))[.size] as? Int ?? 0
        #expect(size < 2 << 20, "\(size) bytes")
    }

    @Test func `what is not told one by one is counted`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", "{\"Records\":[" + String(repeating: "1,", count: 5000) + "2]}")
        _ = try Program.run(["ingest", "a.json"], in: folder.path)
        let rows = try Program.run(
            ["sql", "--format", "csv", "SELECT count(*), max(message) FILTER (WHERE record IS NULL) FROM ingestIssue"],
            in: folder.path)
        #expect(rows.output.contains("1001,4001 more of this kind"), "\(rows.output)")
    }
}
