import CloudTrail
import CompanionLogs
import Foundation
import TestSupport
import Testing

/// Logs beside CloudTrail, as files.
@Suite struct CompanionReaderTests {
    struct Reading {
        var rows: [CompanionRow] = []
        var summary = CompanionReader.Summary()
    }

    static func read(_ bytes: [UInt8], chunk: Int = .max, format: String? = nil) throws -> Reading {
        var reading = Reading()
        var reader = CompanionReader(gatewayFormat: format.flatMap { GatewayFormat($0) })
        reading.summary = try reader.read(MemoryByteSource(bytes, chunkSize: chunk)) { reading.rows.append($0) }
        return reading
    }

    static func read(_ text: String, format: String? = nil) throws -> Reading {
        try read(Array(text.utf8), format: format)
    }

    // MARK: Samples

    struct Sample: Sendable, CustomTestStringConvertible {
        var file: String
        var kind: CompanionKind
        var entries: Int
        var rows: Int
        var testDescription: String { file }
    }

    static let samples: [Sample] = [
        Sample(
            file: "apigateway-execution/subscription-lambda-timeout-502.json", kind: .gatewayExecution, entries: 1,
            rows: 0),
        Sample(
            file: "apigateway-execution/subscription-key-throttle-429.json", kind: .gatewayExecution, entries: 1,
            rows: 0),
        Sample(
            file: "apigateway-execution/subscription-lambda-proxy-200.json", kind: .gatewayExecution, entries: 1,
            rows: 0),
        Sample(
            file: "apigateway-execution/subscription-several-requests-one-stream.json", kind: .gatewayExecution,
            entries: 4, rows: 0),
        Sample(
            file: "apigateway-execution/subscription-info-level-200-jazz.json", kind: .gatewayExecution, entries: 2,
            rows: 0),
        Sample(
            file: "apigateway-execution/export-2016-without-request-id-prefix.txt", kind: .gatewayExecution, entries: 2,
            rows: 0),
        Sample(file: "waf/awsdocs-examples.jsonl", kind: .firewall, entries: 6, rows: 4),
        Sample(file: "waf/otel-cloudfront-allow.json", kind: .firewall, entries: 1, rows: 0),
        Sample(file: "waf/panther-reduced.jsonl", kind: .firewall, entries: 44, rows: 28),
        Sample(file: "vpcflow/awsdocs-default-v2.log", kind: .flow, entries: 7, rows: 2),
        Sample(file: "vpcflow/otel-default-v2-reject.log", kind: .flow, entries: 2, rows: 1),
        Sample(file: "vpcflow/otel-default-v2-nodata.log", kind: .flow, entries: 1, rows: 0),
        Sample(file: "vpcflow/awsdocs-custom-v3-tcp-flags.log", kind: .flow, entries: 8, rows: 0),
        Sample(file: "vpcflow/awsdocs-custom-v5-s3.log", kind: .flow, entries: 2, rows: 0),
        Sample(file: "vpcflow/otel-custom-ecs.log", kind: .flow, entries: 1, rows: 0),
        Sample(file: "vpcflow/otel-subscription-default.json", kind: .flow, entries: 2, rows: 1),
        // Formats that do not tell when, or whether: counted, and no more.
        Sample(file: "vpcflow/awsdocs-custom-nat-6-fields.log", kind: .flow, entries: 6, rows: 0),
        Sample(file: "vpcflow/awsdocs-custom-v3-tgw.log", kind: .flow, entries: 4, rows: 0),
        Sample(file: "route53resolver/queries.jsonl", kind: .resolver, entries: 4, rows: 2),
        Sample(file: "s3access/awsdocs-5-records.log", kind: .s3Access, entries: 5, rows: 0),
        Sample(file: "s3access/otel-26-fields.log", kind: .s3Access, entries: 1, rows: 0),
        Sample(file: "s3access/logstash-spec.log", kind: .s3Access, entries: 2, rows: 0),
        Sample(file: "s3access/panther-403-parsed.jsonl", kind: .s3Access, entries: 4, rows: 3),
        Sample(file: "lambda/subscription-text-datadog-timeout.json", kind: .lambda, entries: 4, rows: 1),
        Sample(file: "lambda/subscription-text-datadog-coldstart.json", kind: .lambda, entries: 3, rows: 0),
        Sample(file: "lambda/subscription-text-jazz-2018.json", kind: .lambda, entries: 2, rows: 0),
        Sample(file: "lambda/subscription-text-datadog-lambda_invocation.json", kind: .lambda, entries: 2, rows: 0),
        Sample(file: "lambda/export-2016-multiline-node-error.txt", kind: .lambda, entries: 6, rows: 0),
        Sample(file: "lambda/json-platform-events-awsdocs.jsonl", kind: .lambda, entries: 9, rows: 0),
        Sample(file: "elb/otel-alb.log", kind: .loadBalancer, entries: 2, rows: 0),
        Sample(file: "elb/logstash-classic-elb.log", kind: .loadBalancer, entries: 4, rows: 0),
        Sample(file: "cloudfront/logstash-spec.log", kind: .cloudFront, entries: 1, rows: 0),
    ]

    @Test(arguments: samples) func `A sample is read, whatever pieces it comes in`(_ sample: Sample) throws {
        guard let file = sharedData("companion/\(sample.file)") else { return }
        let bytes = Array(try Data(contentsOf: file))
        let reading = try Self.read(bytes)
        #expect(reading.summary.kind == sample.kind)
        #expect(reading.summary.entries == sample.entries)
        #expect(reading.rows.count == sample.rows)
        let again = try Self.read(bytes, chunk: 7)
        #expect(again.rows == reading.rows && again.summary == reading.summary)
        guard case .companion = CompanionReader.likeness(of: Array(bytes.prefix(64 << 10))) else {
            Issue.record("not recognised by its beginning")
            return
        }
    }

    @Test(arguments: [
        "cloudwatch-transport/otel-control-message.json", "vpcflow/otel-subscription-custom-4-fields.json",
    ])
    func `A sample that tells nothing is nobody's entry`(_ file: String) throws {
        guard let url = sharedData("companion/\(file)") else { return }
        let reading = try Self.read(Array(try Data(contentsOf: url)))
        #expect(reading.summary.entries == 0 && reading.rows.isEmpty && reading.summary.messages > 0)
    }

    /// Values of the variables that formats name.
    private static let values = [
        "requestId": GatewayLogTests.id, "extendedRequestId": "Vt4csHibrPEFV3Q=", "identity.sourceIp": "192.0.2.1",
        "status": "403",
        "requestTime": "09/Nov/2026:10:12:00 +0000", "requestTimeEpoch": "1794219120123", "httpMethod": "POST",
        "resourcePath": "/send", "routeKey": "POST /send", "path": "/send", "protocol": "HTTP/1.1",
        "responseLength": "42",
    ]

    @Test func `A line of each format that is known is read, with the format at hand and without`() throws {
        guard let url = sharedData("companion/apigateway-access/formats.jsonl") else { return }
        var count = 0
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            let format = try #require(object?["format"])
            let text = format.replacing(#/\$context\.([A-Za-z0-9_.]+)/#) { Self.values[String($0.1)] ?? "-" }
            let isWhole = format.contains("$context.status")
            let given = try Self.read(text + "\n", format: format)
            #expect(given.rows.first?.text("status") == (isWhole ? "403" : nil), "\(format)")
            let guessed = try Self.read(text + "\n")
            #expect(guessed.rows.isEmpty || guessed.rows.first?.text("status") == "403", "\(format)")
            if guessed.rows.first?.text("requestId") ?? guessed.rows.first?.text("extendedRequestId") != nil {
                count += 1
            }
        }
        #expect(count >= 8, "\(count)")
    }

    @Test func `A table of messages is read, with quotes and line breaks in them`() throws {
        let error =
            "An error occurred (ForbiddenException) when calling the SendMessages operation: User: arn:aws:sts::111122223333:assumed-role/app/send is not authorized to perform: mobiletargeting:SendMessages"
        for text in [
            "@timestamp,@message,@logStream,@log\r\n2026-11-09 10:12:00.123,\"[ERROR] said \"\"no\"\", \(error)\nTraceback\",s,111122223333:/aws/lambda/send\r\n2026-11-09 10:12:01.000,INFO all is well,s,111122223333:/aws/lambda/send\r\n",
            "timestamp,message\n1794219120123,\"[ERROR] \(error)\"\n1794219121000,INFO\n",
        ] {
            let reading = try Self.read(text)
            let row = try #require(reading.rows.first)
            #expect(reading.rows.count == 1 && row.time == 1_794_219_120 && row.text("operation") == "SendMessages")
            #expect(
                text.hasPrefix("timestamp")
                    || row.text("logGroup") == "/aws/lambda/send" && row.text("logStream") == "s")
        }
        // One quote that is never closed takes no more than the rows behind it, and no memory without bound.
        #expect(try Self.read("timestamp,message\n1794219120123,\"\(error)\n2,x\n").rows.count == 1)
        let access = try Self.read(
            "timestamp,message\n1794219120123,\"\(GatewayLogTests.json(#""status":"403","error.responseType":"INVALID_API_KEY""#).replacing("\"", with: "\"\""))\"\n"
        )
        #expect(access.rows.first?.text("cause") == "api-key")
    }

    @Test func `A flow log that was read from Parquet, and one that Firehose wrapped, are flow logs`() throws {
        let parquet =
            #"{"version":2,"account_id":"111122223333","interface_id":"eni-1235b8ca123456789","srcaddr":"10.0.0.9","dstaddr":"10.0.1.5","srcport":43416,"dstport":443,"protocol":6,"packets":20,"bytes":4249,"start":1794219000,"end":1794219060,"action":"REJECT","log_status":"OK","reject_reason":"BPA"}"#
        let wrapped =
            #"{"message":"2 111122223333 eni-1235b8ca123456789 10.0.0.9 10.0.1.5 43416 443 6 20 4249 1794219000 1794219060 REJECT OK"}"#
        for text in [parquet, wrapped] {
            let reading = try Self.read(text + "\n")
            #expect(reading.summary.kind == .flow && reading.rows.first?.text("action") == "REJECT")
            #expect(reading.rows.first?.text("dstport") == "443")
        }
    }

    // MARK: Others

    @Test func `An application's errors are found with what belongs to them`() throws {
        let text = """
            START RequestId: \(GatewayLogTests.id) Version: $LATEST
            2026-11-09T10:12:00.123Z\t\(GatewayLogTests.id)\tINFO\tsending
            [ERROR] ClientError: An error occurred (ForbiddenException) when calling the SendMessages operation: User: arn:aws:sts::111122223333:assumed-role/app/send is not authorized to perform: mobiletargeting:SendMessages on resource: arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages
            Traceback (most recent call last):
              File "/var/task/app.py", line 7, in handler
            END RequestId: \(GatewayLogTests.id)
            2026-11-09T10:12:05.123Z\t\(GatewayLogTests.other)\tERROR\tForbiddenException: Forbidden
                at de_SendMessagesCommandError (/app/node_modules/@aws-sdk/client-pinpoint/dist-cjs/index.js:1:1) {
              '$fault': 'client',
              '$metadata': { httpStatusCode: 403, requestId: '\(GatewayLogTests.other)' }
            }
            2026-11-09T10:12:06.000Z\tx\tINFO\tthe door is Forbidden, they say
            half a li
            """
        let reading = try Self.read(text)
        #expect(reading.rows.map { $0.text("errorCode") } == ["ForbiddenException", "ForbiddenException"])
        #expect(
            reading.rows[0].text("lambdaRequestId") == GatewayLogTests.id && reading.rows[0].text("requestID") == nil)
        #expect(
            reading.rows[0].text("action") == "mobiletargeting:SendMessages"
                && reading.rows[0].text("principal") == "arn:aws:iam::111122223333:role/app")
        #expect(
            reading.rows[1].text("requestID") == GatewayLogTests.other && reading.rows[1].text("sdk") == "javascript-v3"
        )
        #expect(reading.rows[1].time == 1_794_219_125)
    }

    @Test func `S3's refusals are read, with quotes in the user agent`() throws {
        let owner = String(repeating: "a", count: 64)
        let line =
            "\(owner) bucket [09/Nov/2026:10:12:00 +0000] 192.0.2.1 - 3E57427F3EXAMPLE REST.GET.OBJECT a%2520b \"GET /bucket/a?X-Amz-Signature=SECRET HTTP/1.1\" 403 SignatureDoesNotMatch 297 - 7 - \"-\" \"agent \"quoted\" 1\" - hostid= SigV4 ECDHE QueryString bucket.s3.amazonaws.com TLSv1.2 - - extra"
        let reading = try Self.read(line + "\n" + line.replacing("403 SignatureDoesNotMatch", with: "200 -") + "\n")
        #expect(reading.summary.entries == 2 && reading.rows.count == 1)
        let row = try #require(reading.rows.first)
        #expect(
            row.text("errorCode") == "SignatureDoesNotMatch" && row.text("requestID") == "3E57427F3EXAMPLE"
                && row.text("hostId") == "hostid=")
        #expect(
            row.text("userAgent") == #"agent "quoted" 1"# && row.text("requester") == nil
                && row.text("authenticationType") == "QueryString")
        #expect(!"\(row)".contains("SECRET"))
    }

    @Test func `A blocked request tells the rule within its group, and no header`() throws {
        let record =
            #"{"timestamp":1794219120123,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/edge/1","terminatingRuleId":"Common","terminatingRuleType":"MANAGED_RULE_GROUP","action":"BLOCK","httpSourceName":"APIGW","httpSourceId":"111122223333:abc123:prod","ruleGroupList":[{"ruleGroupId":"AWS#AWSManagedRulesCommonRuleSet","terminatingRule":{"ruleId":"SizeRestrictions_BODY","action":"BLOCK"}}],"httpRequest":{"clientIp":"192.0.2.1","country":"DE","headers":[{"name":"Cookie","value":"SECRET"},{"name":"X-Amzn-Trace-Id","value":"Root=1-5f"}],"uri":"/send","args":"token=SECRET","httpMethod":"POST","requestId":"Vt4csHibrPEFV3Q="},"labels":[{"name":"awswaf:managed"}],"requestBodySize":9000}"#
        let reading = try Self.read(
            record + "\n"
                + record.replacing(
                    "\"action\":\"BLOCK\",\"httpSourceName\"", with: "\"action\":\"ALLOW\",\"httpSourceName\"") + "\n")
        #expect(reading.summary.entries == 2 && reading.rows.count == 1)
        let row = try #require(reading.rows.first)
        #expect(
            row.text("ruleId") == "SizeRestrictions_BODY" && row.text("httpSourceId") == "111122223333:abc123:prod"
                && row.text("traceId") == "Root=1-5f")
        #expect(row.text("requestBodySize") == "9000" && !"\(row)".contains("SECRET"))
    }

    @Test func `Flows to port 443 are rolled up, rejected ones apart`() throws {
        let flow = { (source: String, action: String, start: Int) in
            "2 111122223333 eni-1235b8ca123456789 \(source) 10.0.1.5 43416 443 6 20 4249 \(start) \(start + 60) \(action) OK\n"
        }
        let text =
            (0..<30).map { flow("10.0.0.9", "REJECT", 1_794_219_000 + $0) }.joined()
            + flow("10.0.0.9", "ACCEPT", 1_794_219_000)
            + "2 111122223333 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - SKIPDATA\n"
        let reading = try Self.read(text)
        #expect(reading.summary.entries == 32 && reading.rows.count == 2 && reading.summary.skippedIntervals == 1)
        let rejected = try #require(reading.rows.first { $0.text("action") == "REJECT" })
        #expect(
            rejected.text("flows") == "30" && rejected.text("packets") == "600" && rejected.text("dstport") == "443")
    }

    @Test func `A host that resolves to a public address is told`() throws {
        let query = { (name: String, address: String, rcode: String) in
            #"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"vpc-1","query_timestamp":"2026-11-09T10:12:00Z","query_name":"\#(name).","query_type":"A","query_class":"IN","rcode":"\#(rcode)","answers":[{"Rdata":"\#(address)","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.9","srcport":"1","transport":"UDP","srcids":{"instance":"i-1"}}"#
                + "\n"
        }
        let reading = try Self.read(
            query("pinpoint.us-east-1.amazonaws.com", "203.0.113.9", "NOERROR")
                + query("pinpoint.us-east-1.amazonaws.com", "10.0.0.4", "NOERROR")
                + query("sts.us-east-1.amazonaws.com", "10.0.0.4", "NXDOMAIN")
                + query("example.com", "203.0.113.9", "NOERROR"))
        #expect(reading.rows.map { $0.text("isPublic") } == ["1", "0", "0"])
        #expect(reading.rows.map { $0.text("rcode") } == ["NOERROR", "NOERROR", "NXDOMAIN"])
    }

    @Test func `Transports of CloudWatch Logs give the same rows`() throws {
        let message =
            "(\(GatewayLogTests.id)) Execution failed due to configuration error: API Gateway does not have permission to assume the provided role arn:aws:iam::111122223333:role/x"
        let texts = [
            #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"g","logStream":"s","subscriptionFilters":[],"logEvents":[{"id":"1","timestamp":1794219120123,"message":"\#(message)"}]}"#,
            #"{"events":[{"logStreamName":"s","timestamp":1794219120123,"message":"\#(message)","ingestionTime":1,"eventId":"1"}],"searchedLogStreams":[]}"#,
            "{\n  \"events\": [\n    {\n      \"timestamp\": 1794219120123,\n      \"message\": \"\(message)\",\n      \"ingestionTime\": 1\n    }\n  ],\n  \"nextForwardToken\": \"f\"\n}\n",
            #"{"results":[[{"field":"@timestamp","value":"2026-11-09 10:12:00.123"},{"field":"@message","value":"\#(message)"},{"field":"@ptr","value":"x"}]],"status":"Complete"}"#,
            "2026-11-09T10:12:00.123Z \(message)\n", "2026-11-09T10:12:00.123000+00:00 stream \(message)\n",
        ]
        for text in texts {
            let reading = try Self.read(text)
            #expect(reading.rows.map { $0.text("cause") } == ["integration-role"], "\(text)")
            #expect(reading.rows.first?.time == 1_794_219_120 && reading.rows.first?.milliseconds == 123, "\(text)")
        }
    }

    @Test func `Load balancers and CloudFront keep their own refusals`() throws {
        let alb =
            #"https 2026-11-09T10:12:00.186641Z app/my/50dc 192.0.2.1:2817 - -1 -1 -1 403 - 0 57 "POST https://www.example.com:443/send?token=SECRET HTTP/1.1" "curl/7" ECDHE TLSv1.2 - "Root=1-5f" "www.example.com" "arn" 0 2026-11-09T10:12:00.000000Z "waf" "-" "-" "-" "-" "-" "-""#
        let front =
            "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id\n2026-11-09\t10:12:00\tIAD\t1\t192.0.2.1\tPOST\td1.cloudfront.net\t/send\t403\t-\tcurl\tSECRET\tSECRET\tError\tabc==\n"
        for (text, kind) in [(alb + "\n", "load-balancer"), (front, "cloudfront")] {
            let reading = try Self.read(text)
            #expect(
                reading.rows.map { $0.text("kind") } == [kind]
                    && reading.rows.first?.text("uri")?.hasSuffix("/send") == true)
            #expect(!"\(reading.rows)".contains("SECRET"))
        }
    }

    @Test func `What is cut, mixed or foreign costs nothing else`() throws {
        let whole = GatewayLogTests.lines.map(\.line).joined(separator: "\n")
        let all = try Self.read(whole).rows.count
        let bytes = Array(whole.utf8)
        for length in stride(from: 1, to: bytes.count, by: 101) { _ = try Self.read(Array(bytes[..<length])) }
        // Half a line at the end, and lines of anything between.
        #expect(try Self.read(whole + "\n{\"requestId\":\"\(GatewayLogTests.id)\",\"sta").rows.count == all)
        #expect(try Self.read("\u{0}\u{1}\n{{{\n" + whole + "\n\"\n}}]]\n").rows.count == all)
        #expect(try Self.read("").summary.messages == 0)
        for text in [
            "", "plain text\nwithout anything\n", "{\"Records\":[{\"eventVersion\":\"1.11\",\"eventSource\":\"x\"}]}",
            "\u{0}\u{1}\u{2}",
        ] {
            if case .companion = CompanionReader.likeness(of: Array(text.utf8)) { Issue.record("\(text)") }
        }
    }

    @Test func `Random bytes and flipped ones are read without harm`() throws {
        var generator = SeededGenerator(state: 19)
        let seeds =
            GatewayLogTests.lines.map { Array($0.line.utf8) }
            + ["2 111122223333 eni-1 10.0.0.9 10.0.1.5 43416 443 6 20 4249 1794219000 1794219060 REJECT OK"].map {
                Array($0.utf8)
            }
        for _ in 0..<300 {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try Self.read(bytes)
            _ = CompanionReader.likeness(of: bytes)
        }
    }
}
