import Foundation
import TestSupport
import Testing

/// A folder that mixes every kind of log with CloudTrail's: what is a refusal in each, and what looks like one and is none.
@Suite struct MixedLogsTests {
    private static func id(_ number: Int) -> String { "10000000-381a-11e8-8192-\(String(format: "%012d", number))" }
    private static let session = "arn:aws:sts::111122223333:assumed-role/gateway/call"
    private static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages"
    /// 2026-11-09T10:12:00Z.
    private static let start = 1_794_219_120

    private static func access(
        _ number: Int, _ members: String, path: String = "/send", from address: String = "192.0.2.7", after: Int = 0
    ) -> String {
        #"{"requestId":"\#(id(number))","requestTimeEpoch":"\#(start + after)000","apiId":"a1b2c3d4e5","stage":"prod","httpMethod":"POST","resourcePath":"\#(path)","sourceIp":"\#(address)",\#(members)}"#
            + "\n"
    }

    private static func denial(_ number: Int, agent: String, from address: String) -> String {
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"b0000000-0000-4000-8000-00000000000\#(number)","eventTime":"2026-11-09T10:12:0\#(number)Z","eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestID":"\#(id(100 + number))","sourceIPAddress":"\#(address)","userAgent":"\#(agent)","errorCode":"AccessDenied","errorMessage":"User: \#(session) is not authorized to perform: mobiletargeting:SendMessages on resource: \#(app) because no identity-based policy allows the mobiletargeting:SendMessages action","userIdentity":{"type":"AssumedRole","arn":"\#(session)","accountId":"111122223333","principalId":"AROAEXAMPLE:call","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/gateway","accountId":"111122223333","principalId":"AROAEXAMPLE","userName":"gateway"}}}}"#
    }

    private static func waf(_ action: String, _ rule: String, _ more: String = "") -> String {
        #"{"timestamp":\#(start)123,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/edge/1","terminatingRuleId":"\#(rule)","terminatingRuleType":"REGULAR","action":"\#(action)","httpSourceName":"ALB","httpSourceId":"111122223333-app/web/1",\#(more)"ruleGroupList":[],"httpRequest":{"clientIp":"192.0.2.1","country":"DE","headers":[],"uri":"/x","args":"","httpMethod":"POST","requestId":"\#(rule)"}}"#
            + "\n"
    }

    private static func balancer(_ status: String, target: String, actions: String) -> String {
        "https 2026-11-09T10:12:00.186641Z app/web/50dc6c495c0c9188 192.0.2.9:2817 10.0.0.1:80 0.086 0.048 0.037 \(status) \(target) 0 57 \"POST https://www.example.com:443/send?token=x HTTP/1.1\" \"curl/8\" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:111122223333:targetgroup/t/7 \"Root=1-58337281-1d84f3d73c47ec4e58577259\" \"www.example.com\" \"arn:aws:acm:us-east-2:111122223333:certificate/1\" 1 2026-11-09T10:12:00.000000Z \"\(actions)\" \"-\" \"-\" \"-\" \"-\" \"-\" \"-\"\n"
    }

    private static func edge(_ status: String, _ result: String) -> String {
        "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id\n2026-11-09\t10:12:00\tFRA50\t500\t192.0.2.9\tGET\td111.cloudfront.net\t/x\t\(status)\t-\tcurl\t-\t-\t\(result)\tabcdefghij==\n"
    }

    private static func bucket(_ status: String, _ code: String, _ id: String) -> String {
        "\(String(repeating: "a", count: 64)) bucket [09/Nov/2026:10:12:00 +0000] 192.0.2.1 arn:aws:iam::111122223333:user/ann \(id) REST.GET.OBJECT k \"GET /k HTTP/1.1\" \(status) \(code) 297 - 7 - \"-\" \"curl\" - host= SigV4 ECDHE AuthHeader bucket.s3.amazonaws.com TLSv1.2 - -\n"
    }

    private static func flow(_ from: String, _ to: String, _ port: Int, _ action: String, sourcePort: Int = 43416)
        -> String
    {
        "2 111122223333 eni-1235b8ca123456789 \(from) \(to) \(sourcePort) \(port) 6 20 4249 \(start - 20) \(start + 40) \(action) OK\n"
    }

    private static func query(_ name: String, _ rcode: String, _ address: String, vpc: String, firewall: String = "")
        -> String
    {
        #"{"version":"1.100000","account_id":"111122223333","region":"us-east-1","vpc_id":"\#(vpc)","query_timestamp":"2026-11-09T10:12:00Z","query_name":"\#(name)","query_type":"A","query_class":"IN","rcode":"\#(rcode)","answers":[{"Rdata":"\#(address)","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.9","srcport":"1","transport":"UDP"\#(firewall)}"#
            + "\n"
    }

    private static let flowHeader =
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n"

    /// One refusal for each finding.
    static let guilty: [String: String] = [
        "trail.json":
            #"{"Records":[\#(denial(1, agent: "AmazonAPIGateway_a1b2c3d4e5", from: "10.0.0.20")),\#(denial(2, agent: "Boto3/1.40", from: "10.0.0.20"))]}"#,
        "access.log": [
            access(1, #""status":"403","error.responseType":"MISSING_AUTHENTICATION_TOKEN""#, path: "-"),
            access(2, #""status":"403","error.responseType":"MISSING_AUTHENTICATION_TOKEN""#),
            access(3, #""status":"404","error.responseType":"INVALID_API_KEY""#),
            access(
                4,
                #""status":"403","error.responseType":"ACCESS_DENIED","authorizer.status":"200","authorize.status":"403""#
            ),
            access(
                5,
                #""status":"403","error.message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: x""#
            ),
            access(
                6,
                #""status":"403","error.message":"User: arn:aws:iam::111122223333:user/ann is not authorized to perform: execute-api:Invoke on resource: x""#
            ),
            access(7, #""status":"401","error.responseType":"UNAUTHORIZED""#),
            access(
                8,
                #""status":"500","integration.error":"API Gateway does not have permission to assume the provided role arn:aws:iam::111122223333:role/x""#
            ),
            access(9, #""status":"403","error.message":"Forbidden""#),
            access(10, #""status":"403","error.responseType":"WAF_FILTERED""#),
            access(11, #""status":"500","integration.status":"403","integration.requestId":"\#(id(101))""#),
            access(
                12, #""status":"403","integration.status":"403","integration.requestId":"\#(id(199))""#, path: "/lost"),
        ].joined(),
        "waf.jsonl": waf("BLOCK", "bad-bots"),
        "app.log": """
        2026-11-09T10:12:03.000Z ERROR An error occurred (InvalidSignatureException) when calling the SendMessages operation: Signature expired: 20261109T100000Z is now earlier than 20261109T100700Z
        2026-11-09T10:12:04.000Z ERROR 403 Forbidden <html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center><hr><center>squid</center></body></html>
        2026-11-09T10:12:05.000Z ERROR An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied
        2026-11-09T10:12:06.000Z ERROR botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sms-voice.us-east-1.amazonaws.com/"

        """,
        "s3.log": bucket("403", "AccessDenied", "3E57427F3EXAMPL1"),
        "flow.log": flowHeader + flow("10.0.0.9", "10.0.1.5", 443, "REJECT")
            + flow("10.0.0.20", "10.0.1.6", 443, "ACCEPT")
            + flow("10.0.1.6", "10.0.0.20", 50123, "ACCEPT", sourcePort: 443),
        "resolver.jsonl": query("pinpoint.us-east-1.amazonaws.com.", "NOERROR", "10.0.1.6", vpc: "vpc-1")
            + query("pinpoint.us-east-1.amazonaws.com.", "NOERROR", "203.0.113.9", vpc: "vpc-2")
            + query("pinpoint.us-east-9.amazonaws.com.", "NXDOMAIN", "-", vpc: "vpc-1")
            + query(
                "sqs.us-east-1.amazonaws.com.", "NOERROR", "-", vpc: "vpc-1",
                firewall: #","firewall_rule_action":"BLOCK""#),
        "alb.log": balancer("403", target: "-", actions: "waf"),
        "cloudfront.log": edge("403", "Error"),
    ]

    /// What looks like a refusal in each kind, and is none.
    static let innocent: [String: String] = [
        "trail.json":
            #"{"Records":[{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"b0000000-0000-4000-8000-000000000009","eventTime":"2026-11-09T10:12:00Z","eventSource":"pinpoint.amazonaws.com","eventName":"GetApp","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestID":"\#(id(500))","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ann","accountId":"111122223333"}}]}"#,
        "access.log": [
            access(1, #""status":"200","integration.status":"200""#),
            access(2, #""status":"404","error.responseType":"RESOURCE_NOT_FOUND""#),
            access(3, #""status":"429","error.responseType":"THROTTLED""#),
            access(4, #""status":"429","error.responseType":"QUOTA_EXCEEDED""#),
            access(5, #""status":"504","error.responseType":"INTEGRATION_TIMEOUT""#),
            access(6, #""status":"400","error.responseType":"BAD_REQUEST_BODY""#),
        ].joined(),
        "waf.jsonl": waf("ALLOW", "Default_Action")
            + waf("ALLOW", "counted", #""nonTerminatingMatchingRules":[{"ruleId":"bad-bots","action":"COUNT"}],"#)
            + waf("CAPTCHA", "solved", #""captchaResponse":{"responseCode":200},"#),
        "nginx.log": #"192.0.2.1 - - [09/Nov/2026:10:12:00 +0000] "POST /send HTTP/1.1" 403 42 "-" "curl""# + "\n",
        "app.log": """
        2026-11-09T10:12:03.000Z ERROR An error occurred (ThrottlingException) when calling the SendMessages operation: Rate exceeded
        2026-11-09T10:12:04.000Z ERROR An error occurred (NotFoundException) when calling the GetApp operation: Resource not found
        2026-11-09T10:12:05.000Z INFO if AccessDenied comes up again, look into the runbook
        2026-11-09T10:12:06.000Z WARN user 17 is not authorized to see this page

        """,
        "s3.log": bucket("200", "-", "3E57427F3EXAMPL2") + bucket("404", "NoSuchKey", "3E57427F3EXAMPL3"),
        // The internet knocks, a host within asks for another port, and calls get through.
        "flow.log": flowHeader + flow("203.0.113.9", "10.0.1.5", 443, "REJECT")
            + flow("10.0.0.9", "10.0.1.5", 22, "REJECT")
            + flow("10.0.0.9", "10.0.1.5", 443, "ACCEPT"),
        "resolver.jsonl": query("pinpoint.us-east-1.amazonaws.com.", "NOERROR", "10.0.1.6", vpc: "vpc-1")
            + query("no.such.host.example.", "NXDOMAIN", "-", vpc: "vpc-1"),
        "alb.log": balancer("403", target: "403", actions: "forward")
            + balancer("200", target: "200", actions: "forward"),
        "cloudfront.log": edge("403", "Miss"),
    ]

    private static let secret = "TOPSECRETVALUE"

    /// The guilty folder with a secret wherever a log of each kind may hold one.
    static let planted: [String: String] = {
        var files = guilty.mapValues { $0 }
        let token = "eyJhbGciOiJIUzI1NiJ9.\(secret).\(secret)"
        files["access.log"] = (guilty["access.log"] ?? "").replacing(
            #""stage":"prod""#,
            with:
                #""stage":"prod","apiKey":"\#(secret)","authorization":"Bearer \#(token)","path":"/send?token=\#(secret)","authorizer.claims.email":"\#(secret)","requestBody":"\#(secret)""#
        )
        files["bearer.log"] = access(
            20,
            #""status":"403","error.message":"'\#(token)' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer \#(token)'.""#
        )
        files["waf.jsonl"] = (guilty["waf.jsonl"] ?? "").replacing(
            #""headers":[]"#,
            with: #""headers":[{"name":"Cookie","value":"\#(secret)"},{"name":"Authorization","value":"\#(secret)"}]"#
        ).replacing(#""args":"""#, with: #""args":"token=\#(secret)""#)
        files["app.log"]? += """
            2026-11-09T10:12:07.000Z ERROR Authorization: Bearer \(token) An error occurred (AccessDenied) when calling the GetObject operation: Access Denied
            2026-11-09T10:12:08.000Z ERROR SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been 'POST /?X-Amz-Security-Token=\(secret)&X-Amz-Signature=\(secret) x-amz-security-token:\(secret)'
                status code: 403, request id: \(id(30))

            """
        files["lambda.json"] =
            #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/aws/lambda/f","logStream":"s","subscriptionFilters":[],"logEvents":[{"id":"1","timestamp":\#(start)200,"message":"{\"timestamp\":\"2026-11-09T10:12:00Z\",\"level\":\"ERROR\",\"requestId\":\"\#(id(31))\",\"errorType\":\"AccessDenied\",\"errorMessage\":\"Access Denied, X-Amz-Security-Token=\#(secret)\",\"body\":\"\#(secret)\"}"}]}"#
        files["execution.json"] =
            #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"API-Gateway-Execution-Logs_a1b2c3d4e5/prod","logStream":"s","subscriptionFilters":[],"logEvents":[{"id":"1","timestamp":\#(start)200,"message":"(\#(id(32))) Method request headers: {Authorization=\#(secret), Cookie=\#(secret)}"},{"id":"2","timestamp":\#(start)201,"message":"(\#(id(32))) Method request body before transformations: \#(secret)"},{"id":"3","timestamp":\#(start)202,"message":"(\#(id(32))) Endpoint request URI: https://pinpoint.us-east-1.amazonaws.com/v1/apps?token=\#(secret)"},{"id":"4","timestamp":\#(start)203,"message":"(\#(id(32))) The client is not authorized to perform this operation."},{"id":"5","timestamp":\#(start)204,"message":"(\#(id(32))) Method completed with status: 403"}]}"#
        files["s3.log"] = (guilty["s3.log"] ?? "").replacing(
            "\"GET /k HTTP/1.1\"", with: "\"GET /k?X-Amz-Signature=\(secret)&X-Amz-Security-Token=\(secret) HTTP/1.1\""
        ).replacing("7 - \"-\"", with: "7 - \"https://x.example/?token=\(secret)\"")
        files["alb.log"] = (guilty["alb.log"] ?? "").replacing("token=x", with: "token=\(secret)")
        files["cloudfront.log"] = (guilty["cloudfront.log"] ?? "").replacing(
            "\tcurl\t-\t-", with: "\tcurl\ttoken=\(secret)\tsession=\(secret)")
        return files
    }()

    @Test func `No secret of any kind of log is stored, shown or told`() throws {
        let folder = try ScratchFolder()
        for (name, text) in Self.planted { try folder.write("logs/\(name)", text) }
        #expect(Self.planted.values.count { $0.contains(Self.secret) } == 9)
        var told = ""
        for arguments in [
            ["analyze", "logs", "--service", "all", "--groups", "all"],
            ["report", "--service", "all", "--format", "json"],
            ["report", "--service", "all", "--format", "html"], ["status", "--files"], ["explain", Self.id(20)],
            ["explain", Self.id(30)], ["why", Self.planted["bearer.log"] ?? ""],
        ] {
            let run = try Program.run(arguments, in: folder.path)
            told += run.output + run.errors
        }
        #expect(!told.contains(Self.secret), "\(told.split(separator: "\n").filter { $0.contains(Self.secret) })")
        #expect(told.contains("execute-api:Invoke"))
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix("trail403.sqlite") {
            let bytes = try Data(contentsOf: URL(filePath: folder.path(name)))
            #expect(bytes.firstRange(of: Data(Self.secret.utf8)) == nil, "\(name)")
        }
    }

    private struct Report: Decodable {
        struct Finding: Decodable { var code: String }
        struct Group: Decodable {
            var findings: [Finding]?
            var code: String?
        }
        struct Besides: Decodable {
            var groups: [Group]
            var logs: [Log]
        }
        struct Log: Decodable {
            var kind: String
            var entries: Int
        }
        var denials: Int
        var refusals: Int
        var groups: [Group]
        var besides: Besides
    }

    private static func report(_ files: [String: String]) throws -> Report {
        let folder = try ScratchFolder()
        for (name, text) in files { try folder.write("logs/\(name)", text) }
        let run = try Program.run(["analyze", "-q", "logs", "--service", "all", "--format", "json"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
    }

    @Test func `Every finding is made of its log, in one folder with CloudTrail`() throws {
        let report = try Self.report(Self.guilty)
        let codes = Set(report.groups.flatMap { $0.findings ?? [] }.map(\.code))
            .union(report.besides.groups.compactMap(\.code))
        #expect(
            codes.isSuperset(of: [
                "cloudfront-refused", "dns-failed", "dns-firewall", "endpoint-dns-public", "gateway-api-key",
                "gateway-authorizer-denied", "gateway-iam-denied", "gateway-integration-denied",
                "gateway-integration-role", "gateway-no-such-route", "gateway-passed", "gateway-refused",
                "gateway-resource-policy", "gateway-status-masked", "gateway-unauthenticated", "gateway-unsigned",
                "load-balancer-refused", "missing-allow", "network-cleared", "network-rejected", "proxy-answered",
                "s3-refused-unseen", "seen-by-application-only", "signature-refused", "waf-blocked",
            ]), "\(codes.sorted())")
        #expect(report.denials == 2 && report.refusals == 19, "\(report.refusals)")
        #expect(
            report.besides.logs.map(\.kind) == [
                "api-gateway-access", "application", "cloudfront", "load-balancer", "route53-resolver", "s3-access",
                "vpc-flow", "waf",
            ])
    }

    @Test func `What looks like a refusal and is none is not told`() throws {
        let report = try Self.report(Self.innocent)
        #expect(report.denials == 0 && report.refusals == 0 && report.groups.isEmpty)
        #expect(report.besides.groups.isEmpty, "\(report.besides.groups.compactMap(\.code))")
        // All of it was read all the same, apart from a web server's log, which is nobody's here.
        let entries = Dictionary(uniqueKeysWithValues: report.besides.logs.map { ($0.kind, $0.entries) })
        #expect(
            entries == [
                "api-gateway-access": 6, "cloudfront": 1, "load-balancer": 2, "route53-resolver": 2, "s3-access": 2,
                "vpc-flow": 3, "waf": 3,
            ], "\(entries)")
    }
}
