import CompanionLogs
import Testing

/// Access and execution logs of API Gateway.
@Suite struct GatewayLogTests {
    struct Access: Sendable, CustomTestStringConvertible {
        var name: String
        var line: String
        var cause: String?
        var status: String?
        var integration: String?
        var testDescription: String { name }

        init(_ name: String, _ line: String, cause: String?, status: String? = "403", integration: String? = nil) {
            self.name = name
            self.line = line
            self.cause = cause
            self.status = status
            self.integration = integration
        }
    }

    static let id = "3df82d79-381a-11e8-8192-df58266db5b7"
    static let other = "4b95afb3-25ab-48dc-a2ba-1a9e4c0ecbda"

    /// A line of the format that the facts recommend.
    static func json(_ members: String) -> String {
        #"{"requestId":"\#(id)","extendedRequestId":"Vt4csHibrPEFV3Q=","requestTimeEpoch":"1794219120123","apiId":"abc123","stage":"prod","httpMethod":"POST","resourcePath":"/send",\#(members)}"#
    }

    static let lines: [Access] = [
        Access(
            "WAF", json(#""status":"403","error.responseType":"WAF_FILTERED","error.message":"Forbidden""#),
            cause: "waf"),
        Access(
            "WAF's response code", json(#""status":"418","wafResponseCode":"WAF_BLOCK""#), cause: "waf", status: "418"),
        Access(
            "no route", json(#""status":"403","error.responseType":"MISSING_AUTHENTICATION_TOKEN""#),
            cause: "missing-token"),
        Access(
            "API key", json(#""status":"403","error.responseType":"INVALID_API_KEY","error.message":"Forbidden""#),
            cause: "api-key"),
        Access("signature", json(#""status":"403","error.responseType":"INVALID_SIGNATURE""#), cause: "signature"),
        Access("expired", json(#""status":"403","error.responseType":"EXPIRED_TOKEN""#), cause: "credentials"),
        Access(
            "authorizer",
            json(
                #""status":"403","error.responseType":"ACCESS_DENIED","authorizer.status":"200","authorize.status":"403""#
            ),
            cause: "authorizer"),
        Access(
            "resource policy",
            json(
                #""status":"403","error.responseType":"ACCESS_DENIED","error.message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:abc123/prod/POST/send""#
            ), cause: "resource-policy"),
        Access(
            "IAM",
            json(
                #""status":"403","error.responseType":"ACCESS_DENIED","error.message":"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: execute-api:Invoke on resource: x""#
            ), cause: "iam"),
        Access(
            "401", json(#""status":"401","error.responseType":"UNAUTHORIZED""#), cause: "unauthenticated", status: "401"
        ),
        Access(
            "the service behind",
            json(#""status":"403","integration.status":"403","integration.requestId":"\#(other)""#),
            cause: "integration",
            integration: other),
        Access(
            "masked by a mapping",
            json(#""status":"200","integration.status":"403","awsEndpointRequestId":"\#(other)""#),
            cause: "integration", status: "200", integration: other),
        Access(
            "masked by DEFAULT_4XX", json(#""status":"404","error.responseType":"INVALID_API_KEY""#), cause: "api-key",
            status: "404"),
        Access(
            "an unquoted status and a bare hyphen", json(#""status":403,"integration.status":-,"error.message":-"#),
            cause: "unstated"),
        Access(
            "nested",
            #"{"context":{"requestId":"\#(id)","status":"403","httpMethod":"GET","error":{"responseType":"ACCESS_DENIED"},"authorize":{"status":"403"}}}"#,
            cause: "authorizer"),
        Access("a success", json(#""status":"200","integration.status":"200""#), cause: nil),
        Access("not found", json(#""status":"404","error.responseType":"RESOURCE_NOT_FOUND""#), cause: nil),
        Access("throttled", json(#""status":"429","error.responseType":"THROTTLED""#), cause: nil),
        Access(
            "CLF", #"192.0.2.1 - - [09/Nov/2026:10:12:00 +0000] "POST /send HTTP/1.1" 403 42 \#(id) Vt4csHibrPEFV3Q="#,
            cause: "unstated"),
        Access(
            "CLF of an HTTP API",
            #"192.0.2.1 - - [09/Nov/2026:10:12:00 +0000] "POST POST /send HTTP/1.1" 403 42 Vt4csHibrPEFV3Q="#,
            cause: "unstated"),
        Access(
            "a web server's line",
            #"192.0.2.1 - - [09/Nov/2026:10:12:00 +0000] "POST /send HTTP/1.1" 403 42 "-" "curl""#, cause: nil,
            status: nil),
        Access(
            "XML",
            #"<request id="\#(id)"> <extendedRequestId>Vt4csHibrPEFV3Q=</extendedRequestId> <ip>192.0.2.1</ip> <requestTime>09/Nov/2026:10:12:00 +0000</requestTime> <httpMethod>POST</httpMethod> <resourcePath>/send</resourcePath> <status>403</status> </request>"#,
            cause: "unstated"),
        Access(
            "CSV", "192.0.2.1,-,-,09/Nov/2026:10:12:00 +0000,POST,/send,HTTP/1.1,403,42,\(id),Vt4csHibrPEFV3Q=",
            cause: "unstated"),
        Access(
            "the Serverless Framework's",
            "requestId: \(id), ip: 192.0.2.1, caller: -, user: -, requestTime: 09/Nov/2026:10:12:00 +0000, httpMethod: POST, resourcePath: /send, status: 403, protocol: HTTP/1.1, responseLength: 42",
            cause: "unstated"),
    ]

    @Test(arguments: lines) func `A request's refusal is told from an access log in any form`(_ row: Access) throws {
        let reading = try CompanionReaderTests.read(row.line + "\n")
        #expect(reading.summary.entries == (row.status == nil ? 0 : 1))
        #expect(reading.rows.count == (row.cause == nil ? 0 : 1))
        guard let refused = reading.rows.first else { return }
        #expect(refused.text("cause") == row.cause && refused.text("status") == row.status)
        #expect(refused.text("integrationRequestId") == row.integration)
        if row.name != "nested" { #expect(refused.time == 1_794_219_120) }
    }

    @Test(arguments: GatewayResponse.allCases)
    func `A response type alone tells whether the gateway refused`(_ type: GatewayResponse) throws {
        // The API may give it any status: what counts is the type.
        for status in [type.status ?? 400, 404] where status != 403 || type.isRefusal {
            let reading = try CompanionReaderTests.read(
                Self.json(#""status":"\#(status)","error.responseType":"\#(type.rawValue)""#) + "\n")
            #expect(reading.summary.entries == 1)
            #expect(reading.rows.count == (type.isRefusal ? 1 : 0), "\(status)")
        }
        #expect(GatewayResponse.allCases.count == 21)
    }

    @Test func `A format that is given is taken as it says`() throws {
        let format = "$context.status|$context.requestId|$context.error.responseType."
        let reading = try CompanionReaderTests.read(
            "403|\(Self.id)|INVALID_API_KEY.\n200|\(Self.other)|-.\nelse\n", format: format)
        #expect(reading.summary.entries == 2 && reading.rows.map { $0.text("cause") } == ["api-key"])
        #expect(try CompanionReaderTests.read("403|\(Self.id)|INVALID_API_KEY.\n").summary.entries == 0)
        for text in ["", "$context.status", "$context.requestId", "no variable"] { #expect(GatewayFormat(text) == nil) }
        let json = try CompanionReaderTests.read(
            #"{"a":"\#(Self.id)","b":"403"}"# + "\n", format: #"{"a":"$context.requestId","b":"$context.status"}"#)
        #expect(json.rows.first?.text("requestId") == Self.id)
    }

    @Test func `The lines of an execution log are one request, also between those of others`() throws {
        let lines = [
            "(\(Self.id)) Extended Request Id: Vt4csHibrPEFV3Q=",
            "(\(Self.other)) Extended Request Id: Vt2s2FFmArPEFh8=",
            "(\(Self.id)) Starting execution for request: \(Self.id)",
            "(\(Self.id)) HTTP Method: POST, Resource Path: /send",
            "(\(Self.other)) API Key  not authorized because method 'POST /send' requires API Key and API Key is not associated with a Usage Plan for API Stage abc123/prod: No Usage Plan found for key and API Stage",
            "(\(Self.id)) Endpoint request headers: {X-Amz-Security-Token=SECRET, Authorization=SECRET}",
            "(\(Self.id)) Sending request to https://pinpoint.us-east-1.amazonaws.com/v1/apps/abc/messages?token=SECRET",
            "(\(Self.id)) Received response. Status: 403, Integration latency: 11 ms",
            #"(\#(Self.id)) Endpoint response body before transformations: {"Message":"User: arn:aws:sts::111122223333:assumed-role/gw/x is not authorized to perform: mobiletargeting:SendMessages on resource: arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages","RequestID":"SECRET"}"#,
            "(\(Self.id)) Method completed with status: 500", "(\(Self.other)) Method completed with status: 403",
            "(\(Self.id)) AWS Integration Endpoint RequestId : \(Self.other)",
        ]
        let reading = try CompanionReaderTests.read(lines.map { "2026-11-09T10:12:00.123Z \($0)\n" }.joined())
        #expect(reading.rows.map { $0.text("cause") } == ["integration", "api-key"])
        let first = try #require(reading.rows.first)
        #expect(
            first.text("status") == "500" && first.text("integrationStatus") == "403"
                && first.text("integrationRequestId") == Self.other)
        #expect(first.text("endpointURI") == "https://pinpoint.us-east-1.amazonaws.com/v1/apps/abc/messages")
        #expect(first.text("integrationError")?.contains("mobiletargeting:SendMessages") == true)
        #expect(!"\(reading.rows)".contains("SECRET"))
    }
}
