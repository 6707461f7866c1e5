@testable import CloudTrail
import Foundation
import TestSupport
import Testing

@Suite struct CSVTests {
    static let eventHistoryHeader =
        "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,"
        + "Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category"

    /// A CSV and the JSON lines that it becomes.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var csv: String
        var lines: [String]
        var issues: [String] = []
        var kind = CSVKind.queryResult

        var testDescription: String { name }
    }

    static let short = "eventName,eventSource,eventTime,userAgent\n"
    static let identity = "eventname,eventsource,eventid,useridentity\n"

    static let cases: [Case] = [
        Case(
            name: "event history",
            csv: eventHistoryHeader
                + "\nalice,AKIAIOSFODNN7EXAMPLE,2024-04-16T22:18:03Z,mobiletargeting.amazonaws.com,SendMessages,us-east-1,"
                + "192.0.2.7,\"aws-cli/2.15, \"\"x\"\"\",AccessDenied,\"[{\"\"resourceType\"\":\"\"AWS::IAM::Role\"\",\n"
                + "\"\"resourceName\"\":\"\"r\"\"}]\",r-1,e-1,false,AwsApiCall,111122223333,Management\n",
            lines: [
                #"{"@timestamp":"2024-04-16T22:18:03Z","awsRegion":"us-east-1","errorCode":"AccessDenied","#
                    + #""eventCategory":"Management","eventID":"e-1","#
                    + #""eventName":"SendMessages","eventSource":"mobiletargeting.amazonaws.com","#
                    + #""eventType":"AwsApiCall","readOnly":false,"#
                    + #""recipientAccountId":"111122223333","requestID":"r-1","#
                    + #""resources":[{"resourceType":"AWS::IAM::Role", "resourceName":"r"}],"sourceIPAddress":"192.0.2.7","#
                    + #""userAgent":"aws-cli/2.15, \"x\"","#
                    + #""userIdentity":{"accessKeyId":"AKIAIOSFODNN7EXAMPLE","userName":"alice"}}"#
            ], kind: .eventHistory),
        Case(
            name: "byte order mark, CRLF, quoted header in another case, SQL time",
            csv:
                "\u{feff}\"EVENTNAME\",\"EventSource\", eventTime ,\"UserAgent\"\r\nA,b,2023-06-07 23:59:12.000,\"x\r\"\r\n"
                + "\r\n\r\nC,d,2023-06-07 23:59:12.000 UTC,\r\nE,f,June 7,null\r\n",
            lines: [
                #"{"eventName":"A","eventSource":"b","eventTime":"2023-06-07T23:59:12Z","userAgent":"x\u000d"}"#,
                #"{"eventName":"C","eventSource":"d","eventTime":"2023-06-07T23:59:12Z"}"#,
                #"{"eventName":"E","eventSource":"f","eventTime":"June 7"}"#,
            ]),
        Case(
            name: "rows that do not fit",
            csv: short + "A,b,c\nB,b,c,d\nC,b,c,d,e\nD,b,c,d\n",
            lines: [
                #"{"eventName":"B","eventSource":"b","eventTime":"c","userAgent":"d"}"#,
                #"{"eventName":"D","eventSource":"b","eventTime":"c","userAgent":"d"}"#,
            ],
            issues: [
                "csv-malformed 1 @42: the row has 3 fields and the header 4",
                "csv-malformed 3 @56: the row has 5 fields and the header 4",
            ]),
        Case(
            name: "quotes where none belong, no line break at the end", csv: short + "A\"b\"c,\"d\"e,\"f\",g\"",
            lines: [#"{"eventName":"A\"b\"c","eventSource":"de","eventTime":"f","userAgent":"g\""}"#]),
        Case(
            name: "a quote that never closes", csv: short + "A,b,c,d\nB,\"b,c\nC,b,c,d\n",
            lines: [#"{"eventName":"A","eventSource":"b","eventTime":"c","userAgent":"d"}"#],
            issues: ["csv-malformed 2 @50: the file ends within a quoted field: the closing quote is missing"]),
        Case(
            name: "a field that is too large",
            csv: short + "A,b,c,\"" + String(repeating: "x\n", count: 3000) + "\"\nB,b,c,d\n"
                + String(repeating: ",", count: 9000) + "\n",
            lines: [#"{"eventName":"B","eventSource":"b","eventTime":"c","userAgent":"d"}"#],
            issues: [
                "record-too-large 1 @42: the row is larger than the limit",
                "record-too-large 3 @6059: the row is larger than the limit",
            ]),
        Case(name: "a header alone", csv: "eventname,eventsource,eventid", lines: []),
        Case(
            name: "columns by path, a column twice, a column of somebody's own",
            csv:
                "eventname,eventsource,eventid,useridentity.arn,useridentity_sessioncontext_sessionissuer_arn,year,eventname\n"
                + "A,b,c,arn:1,arn:2,2024,B\n",
            lines: [
                #"{"eventID":"c","eventName":"A","eventSource":"b","#
                    + #""userIdentity":{"arn":"arn:1","sessionContext":{"sessionIssuer":{"arn":"arn:2"}}}}"#
            ]),
        Case(
            name: "Athena's struct",
            csv: identity
                + #"A,b,c,"{type=AssumedRole, principalid=AROAEXAMPLE:se,ss=ion, arn=arn:aws:sts::111122223333:assumed-role/R/s, "#
                + #"accountid=111122223333, invokedby=null, accesskeyid=ASIAEXAMPLE, username=null, sessioncontext={attributes="#
                + #"{mfaauthenticated=false, creationdate=2020-04-12T20:14:55Z}, sessionissuer={type=Role, principalid=AROAEXAMPLE, "#
                + #"arn=arn:aws:iam::111122223333:role/p/R, accountid=111122223333, username=R}}}"\#n"#,
            lines: [
                #"{"eventID":"c","eventName":"A","eventSource":"b","userIdentity":{"accessKeyId":"ASIAEXAMPLE","#
                    + #""accountId":"111122223333","arn":"arn:aws:sts::111122223333:assumed-role/R/s","#
                    + #""principalId":"AROAEXAMPLE:se,ss=ion","sessionContext":{"attributes":{"#
                    + #""creationDate":"2020-04-12T20:14:55Z","mfaAuthenticated":"false"},"sessionIssuer":{"#
                    + #""accountId":"111122223333","arn":"arn:aws:iam::111122223333:role/p/R","principalId":"AROAEXAMPLE","#
                    + #""type":"Role","userName":"R"}},"type":"AssumedRole"}}"#
            ]),
        Case(
            name: "a struct that says a member twice, has unknown members, or is none",
            csv: identity + #"A,b,c,"{type=SAMLUser, username=x, arn=arn:forged, arn=arn:true, new=1}"\#n"#
                + #"B,b,c,"{type=IAMUser, sessioncontext={attributes={mfaauthenticated=true}"\#n"#
                + "C,b,c,{}\nD,b,c,{=}\nE,b,c,{\nF,b,c,null\n"
                + #"G,b,c,"{""type"":""Root""}"\#n"#,
            lines: [
                #"{"eventID":"c","eventName":"A","eventSource":"b","userIdentity":{"type":"SAMLUser","userName":"x"}}"#,
                #"{"eventID":"c","eventName":"B","eventSource":"b","userIdentity":{"type":"IAMUser"}}"#,
                #"{"eventID":"c","eventName":"C","eventSource":"b","userIdentity":{}}"#,
                #"{"eventID":"c","eventName":"D","eventSource":"b"}"#,
                #"{"eventID":"c","eventName":"E","eventSource":"b"}"#,
                #"{"eventID":"c","eventName":"F","eventSource":"b"}"#,
                #"{"eventID":"c","eventName":"G","eventSource":"b","userIdentity":{"type":"Root"}}"#,
            ]),
        Case(
            name: "lists, JSON and what looks like it",
            csv: "eventname,eventsource,eventid,readonly,resources,requestparameters,responseelements\n"
                + #"A,b,c,true,"[{arn=arn:1, accountid=1, type=T}, {arn=arn:2, accountid=null, type=T}]","{""a"":[1,-2.5e3,""\u00e9""]}","{a=1}"\#n"#
                + #"B,b,c,maybe,"[{arn=arn:1}, x]","{""a"":1}}","[1,]"\#n"#,
            lines: [
                #"{"eventID":"c","eventName":"A","eventSource":"b","readOnly":true,"requestParameters":{"a":[1,-2.5e3,"\u00e9"]},"#
                    + #""resources":[{"ARN":"arn:1","accountId":"1","type":"T"},{"ARN":"arn:2","type":"T"}],"#
                    + #""responseElements":"{a=1}"}"#,
                #"{"eventID":"c","eventName":"B","eventSource":"b","requestParameters":"{\"a\":1}}","responseElements":"[1,]"}"#,
            ]),
    ]

    private func convert(
        _ bytes: [UInt8], chunk: Int = .max, step: Int = 64 << 10, fault: SourceFault? = nil
    ) throws -> (source: CSVRecordSource, reading: SourceReading)? {
        let source = MemoryByteSource(bytes, chunkSize: chunk, fault: fault)
        switch try CSVRecordSource.recognise(source, name: "a.csv", maximumRowSize: 4096) {
        case .other: return nil
        case .csv(var csv):
            let reading = try readAll(&csv, step: step)
            return (csv, reading)
        }
    }

    @Test(arguments: cases, [1, 7, 64 << 10]) func `a CSV becomes the JSON lines of its row`(row: Case, chunk: Int)
        throws
    {
        let (csv, reading) = try #require(try convert(Array(row.csv.utf8), chunk: chunk, step: chunk))
        #expect(reading.fault == nil)
        #expect(reading.text.split(separator: "\n").map(String.init) == row.lines)
        let issues = csv.takeIssues()
        #expect(
            issues.map {
                "\($0.code.rawValue) \($0.location.record ?? 0) @\($0.location.byteOffset ?? -1): \($0.message)"
            }
                == row.issues)
        #expect(csv.kind == row.kind)
        #expect(csv.rowsRead == row.lines.count + row.issues.count && csv.rowsSkipped == row.issues.count)
        #expect(csv.takeIssues().isEmpty)
        for line in reading.text.split(separator: "\n") {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        }
    }

    static let others = [
        "", "{\"Records\":[]}", "[1,\n2]", "User name,Event time\na,b\n", "eventName\n", "a,b,c\n",
        "\"eventName,eventSource,eventTime", "eventName,eventSource,eventTime,\"a\nb\"\nA,b,c,d\n",
        "\u{feff}", "\"\"", "\n\n", String(repeating: "eventname,eventsource,eventid,", count: 1000),
    ]

    @Test(arguments: others, [1, 64 << 10]) func `what is no CloudTrail CSV comes through as it was`(
        text: String, chunk: Int
    ) throws {
        let source = MemoryByteSource(Array(text.utf8), chunkSize: chunk)
        guard case .other(var whole) = try CSVRecordSource.recognise(source) else {
            Issue.record("taken for a CSV")
            return
        }
        #expect(try readAll(&whole, step: 7).text == text)
    }

    @Test func `a file of nothing but bad rows is told in bounded memory`() throws {
        let rows = String(repeating: "x\n", count: 5000)
        let (csv, reading) = try #require(try convert(Array((Self.short + rows).utf8)))
        #expect(reading == SourceReading())
        let issues = csv.takeIssues()
        #expect(csv.rowsSkipped == 5000 && issues.count == IssueLog.maximumTold + 1)
        #expect(issues.last?.message == "4000 more of this kind")
    }

    @Test func `brackets that never close are given up at once`() throws {
        let hostile = String(repeating: "sessioncontext={, ", count: 200_000)
        let text = Self.identity + "A,b,c,\"{type=X, \(hostile)}\"\n"
        guard case .csv(var csv) = try CSVRecordSource.recognise(MemoryByteSource(Array(text.utf8))) else {
            Issue.record("not taken for a CSV")
            return
        }
        let line = #"{"eventID":"c","eventName":"A","eventSource":"b","userIdentity":{"type":"X"}}"#
        #expect(try readAll(&csv).text == line + "\n")
    }

    @Test func `a fault of the source comes after the rows before it`() throws {
        let fault = SourceFault(issue: IngestIssue(.gzipTruncated, at: Location(), "cut"))
        let (_, reading) = try #require(try convert(Array((Self.short + "A,b,c,d\nB,b").utf8), chunk: 50, fault: fault))
        #expect(reading.text == "{\"eventName\":\"A\",\"eventSource\":\"b\",\"eventTime\":\"c\",\"userAgent\":\"d\"}\n")
        #expect(reading.fault == fault)
    }

    @Test func `a CSV cut at any byte or with flipped bits never traps and stays JSON`() throws {
        var random = SeededGenerator(state: 403)
        for row in Self.cases {
            let whole = Array(row.csv.utf8).prefix(3000)
            var inputs = whole.indices.map { Array(whole[..<$0]) }
            for _ in 0..<200 {
                var broken = Array(whole)
                for _ in 0..<3 {
                    broken[Int.random(in: broken.indices, using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                }
                inputs.append(broken)
            }
            for input in inputs {
                guard let (csv, reading) = try convert(input) else { continue }
                let lines = reading.bytes.split(separator: UInt8(ascii: "\n"))
                #expect(lines.count == csv.rowsRead - csv.rowsSkipped)
                for line in lines where String(validating: line, as: UTF8.self) != nil {
                    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line)) }
                }
            }
        }
    }
}

@Suite struct JSONCheckTests {
    @Test(arguments: [
        ("{}", true), ("[1,2]", true), (#"{"a":{"b":[null]}}"#, true), (" {}", false), ("{} ", true),
        ("[1],[2]", false),
        (#"{"a":1},"b":{"c":1}"#, false), ("{", false), ("[1]]", false), ("1", false), (#""text""#, false), ("", false),
        (String(repeating: "[", count: 508) + String(repeating: "]", count: 508), true),
        (String(repeating: "[", count: 511) + String(repeating: "]", count: 511), false),
    ])
    func `Only one whole object or array may be written into a record as it is`(text: String, isWhole: Bool) {
        #expect(JSONCheck.isObjectOrArray(Array(text.utf8)) == isWhole)
    }
}
