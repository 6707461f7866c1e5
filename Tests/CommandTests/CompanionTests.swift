import Foundation
import TestSupport
import Testing

/// Logs beside CloudTrail in the same folders, as a user ingests and reads them.
@Suite struct CompanionTests {
    static let secret = "TOPSECRETVALUE"
    static let ids = (1...9).map { "0000000\($0)-381a-11e8-8192-df58266db5b7" }
    static let app = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages"
    static let session = "arn:aws:sts::111122223333:assumed-role/app/send"

    static func sentence(_ action: String = "mobiletargeting:SendMessages") -> String {
        "User: \(session) is not authorized to perform: \(action) on resource: \(app) because no identity-based policy allows the \(action) action"
    }

    /// A denial of CloudTrail's.
    static func record(_ number: Int, at time: String, requestID: String, action: String = "SendMessages") -> String {
        #"{"eventVersion":"1.11","eventType":"AwsApiCall","eventID":"b0000000-0000-4000-8000-00000000000\#(number)","eventTime":"\#(time)","eventSource":"pinpoint.amazonaws.com","eventName":"\#(action)","awsRegion":"us-east-1","recipientAccountId":"111122223333","requestID":"\#(requestID)","errorCode":"AccessDenied","errorMessage":"\#(sentence("mobiletargeting:\(action)"))","userIdentity":{"type":"AssumedRole","arn":"\#(session)","accountId":"111122223333","principalId":"AROAEXAMPLE:send","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/app","accountId":"111122223333","principalId":"AROAEXAMPLE","userName":"app"}}}}"#
    }

    static func gateway(_ members: String, id: String, at epoch: Int = 1_794_219_120_123) -> String {
        #"{"requestId":"\#(id)","extendedRequestId":"Vt4csHibrPEFV3Q=","requestTimeEpoch":"\#(epoch)","apiId":"abc123","stage":"prod","httpMethod":"POST","resourcePath":"/send","apiKey":"\#(secret)","authorization":"Bearer \#(secret)",\#(members)}"#
    }

    /// One call after the other that is refused in another layer, with a secret in each log.
    static let files: [String: String] = [
        "trail.json":
            #"{"Records":[\#([record(1, at: "2026-11-09T10:12:00Z", requestID: ids[0]), record(2, at: "2026-11-09T10:13:00Z", requestID: ids[1]), record(3, at: "2026-11-09T10:14:00Z", requestID: ids[2])].joined(separator: ","))]}"#,
        // Seen by both, by id; seen by both, by principal, action and seconds; seen by the application alone; a wrong signature.
        "app.log": """
        2026-11-09T10:12:00.500Z INFO starting, token=\(secret)
        2026-11-09T10:12:01.000Z ERROR operation error Pinpoint: SendMessages, https response error StatusCode: 403, RequestID: \(ids[0]), ForbiddenException: \(sentence())
        2026-11-09T10:13:02.000Z ERROR An error occurred (ForbiddenException) when calling the SendMessages operation: \(sentence())
        2026-11-09T11:00:00.000Z ERROR operation error Pinpoint: SendMessages, https response error StatusCode: 403, RequestID: \(ids[3]), ForbiddenException: \(sentence())
        2026-11-09T11:01:00.000Z ERROR SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. The Canonical String for this request should have been 'x-amz-security-token:\(secret)'
            status code: 403, request id: \(ids[4])
        2026-11-09T11:02:00.000Z ERROR Authorization: Bearer \(secret) AccessDenied: Access Denied
        2026-11-09T11:03:00.000Z INFO done
        half a li
        """,
        "access.log": [
            gateway(#""status":"403","error.responseType":"INVALID_API_KEY""#, id: ids[5]),
            gateway(
                #""status":"403","integration.status":"403","integration.requestId":"\#(ids[2])""#, id: ids[6],
                at: 1_794_219_240_000),
            gateway(#""status":"200","integration.status":"200""#, id: ids[7]),
        ].joined(separator: "\n") + "\n",
        "waf.jsonl":
            #"{"timestamp":1794219120123,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/edge/1","terminatingRuleId":"Common","terminatingRuleType":"MANAGED_RULE_GROUP","action":"BLOCK","httpSourceName":"APIGW","httpSourceId":"111122223333:abc123:prod","ruleGroupList":[{"ruleGroupId":"AWS#AWSManagedRulesCommonRuleSet","terminatingRule":{"ruleId":"SizeRestrictions_BODY","action":"BLOCK"}}],"httpRequest":{"clientIp":"192.0.2.1","country":"DE","headers":[{"name":"Cookie","value":"\#(secret)"}],"uri":"/send","args":"token=\#(secret)","httpMethod":"POST","requestId":"Xt4csHibrPEFV3Q="}}"#
            + "\n",
        "s3-2026-11-09-10-12-00-ABCDEF0123456789":
            "\(String(repeating: "a", count: 64)) bucket [09/Nov/2026:10:12:00 +0000] 192.0.2.1 - 3E57427F3EXAMPLE REST.GET.OBJECT k \"GET /bucket/k?X-Amz-Signature=\(secret) HTTP/1.1\" 403 SignatureDoesNotMatch 297 - 7 - \"-\" \"curl\" - hostid= SigV4 ECDHE QueryString bucket.s3.amazonaws.com TLSv1.2 - -\n",
        "flow.log":
            "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n2 111122223333 eni-1235b8ca123456789 10.0.0.9 10.0.1.5 43416 443 6 20 4249 1794219000 1794219060 REJECT OK\n",
        "execution.json":
            #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"API-Gateway-Execution-Logs_abc123/prod","logStream":"s","subscriptionFilters":[],"logEvents":[{"id":"1","timestamp":1794219120200,"message":"(\#(ids[5])) API Key  not authorized because method 'POST /send' requires API Key and API Key is not associated with a Usage Plan for API Stage abc123/prod: No Usage Plan found"},{"id":"2","timestamp":1794219120201,"message":"(\#(ids[5])) Method request headers: {Authorization=\#(secret)}"},{"id":"3","timestamp":1794219120202,"message":"(\#(ids[5])) Method completed with status: 403"}]}"#,
        "notes.txt": "nothing of interest, \(secret)\n",
    ]

    @Test func `A refusal whose log tells no time has none, and a request id that is none is not shown`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            "logs/app.log",
            "botocore.exceptions.ClientError: An error occurred (SignatureDoesNotMatch) when calling the SendMessages operation: wrong\n"
        )
        try folder.write(
            "logs/waf.jsonl", (Self.files["waf.jsonl"] ?? "").replacing("Xt4csHibrPEFV3Q=", with: "null"))
        let text = try Program.run(["analyze", "logs", "--service", "all"], in: folder.path).output
        #expect(text.contains("AWS refused the signature") && text.contains("AWS WAF blocked the request"), "\(text)")
        #expect(!text.contains("1970") && !text.contains("request null"), "\(text)")
        let json = try Program.run(["report", "--json", "--service", "all"], in: folder.path).output
        #expect(json.contains("\"firstSeen\": null") && !json.contains("1970"), "\(json)")
    }

    /// A folder with all of it, ingested in one go or file by file in the order given.
    static func folder(_ order: [String]? = nil) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for (name, text) in files { try folder.write("logs/\(name)", text) }
        for path in order.map({ $0.map { "logs/\($0)" } }) ?? ["logs"] {
            let run = try Program.run(["ingest", "-q", path], in: folder.path)
            #expect(run.status == 0 || path.hasSuffix("notes.txt"), "\(path): \(run.errors)")
        }
        return folder
    }

    private static func query(_ sql: String, _ folder: ScratchFolder) throws -> String {
        let run = try Program.run(["sql", "--format", "csv", sql], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return run.output.replacing("\r\n", with: "\n")
    }

    static let refusals = """
        layer,reason,requestID
        api-gateway,api-key,\(ids[5])
        application,policy,
        application,policy,\(ids[3])
        application,signature,\(ids[4])
        cloudtrail,missing-allow:identity-based,\(ids[0])
        cloudtrail,missing-allow:identity-based,\(ids[1])
        cloudtrail,missing-allow:identity-based,\(ids[2])
        network,,
        s3-access,SignatureDoesNotMatch,3E57427F3EXAMPLE
        waf,SizeRestrictions_BODY,Xt4csHibrPEFV3Q=

        """

    @Test func `A refusal that two layers saw is one, whatever order the files come in`() throws {
        let names = Self.files.keys.sorted()
        for order in [nil, names, names.reversed()] {
            let folder = try Self.folder(order)
            let refusals = try Self.query("SELECT layer, reason, requestID FROM refusal ORDER BY 1, 2, 3", folder)
            #expect(refusals == Self.refusals)
            let links = try Self.query(
                "SELECT tableName, innerTable, linkedBy, certainty FROM companionLink ORDER BY 1, 2, 3", folder)
            #expect(
                links == """
                    tableName,innerTable,linkedBy,certainty
                    applicationError,event,principalActionTime,inferred
                    applicationError,event,requestID,stated
                    gatewayRequest,event,integrationRequestId,stated
                    gatewayRequest,gatewayRequest,requestId,stated

                    """)
            // A second reading of the same files adds nothing.
            #expect(try Program.run(["ingest", "-q", "logs"], in: folder.path).status == 0)
            #expect(try Self.query("SELECT layer, reason, requestID FROM refusal ORDER BY 1, 2, 3", folder) == refusals)
        }
    }

    @Test func `Every row is accounted for, and each kind tells how far it reaches`() throws {
        let folder = try Self.folder()
        #expect(
            try Self.query("SELECT count(*) FROM logFile WHERE records <> stored + duplicates + skipped", folder)
                == "count(*)\n0\n")
        let kinds = try Self.query(
            "SELECT kind, sum(entries), sum(refusals) FROM companionLog GROUP BY kind ORDER BY kind", folder)
        #expect(
            kinds == """
                kind,sum(entries),sum(refusals)
                api-gateway-access,3,2
                api-gateway-execution,1,1
                application,5,5
                s3-access,1,1
                vpc-flow,1,1
                waf,1,1

                """)
    }

    @Test func `No secret is stored or shown`() throws {
        let folder = try Self.folder()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix("trail403.sqlite") {
            let bytes = try Data(contentsOf: URL(filePath: folder.path(name)))
            #expect(bytes.firstRange(of: Data(Self.secret.utf8)) == nil, "\(name)")
        }
        for arguments in [
            ["report", "--service", "all"], ["report", "--service", "all", "--format", "json"], ["report", "--redact"],
            ["status"],
        ] {
            let run = try Program.run(arguments, in: folder.path)
            #expect(!run.output.contains(Self.secret) && !run.errors.contains(Self.secret))
        }
    }

    private struct Answer: Decodable {
        struct Group: Decodable {
            var id: String
            var code: String?
            var layer: String?
            var denials: Int?
            var rootCause: Cause?
        }
        struct Cause: Decodable { var code: String }
        struct Incident: Decodable {
            var id: String
            var title: String
            var state: String
            var denials: Int
            var groups: [String]
            var cause: Cause
        }
        struct Besides: Decodable {
            var refusals: Int
            var seenByBoth: Int
            var groups: [Group]
        }
        var denials: Int
        var newDenials: Int
        var refusals: Int?
        var newRefusals: Int?
        var groups: [Group]
        var incidents: [Incident]
        var besides: Besides?
    }

    private static func report(_ folder: ScratchFolder, _ options: String...) throws -> Answer {
        let run = try Program.run(["report", "--format", "json"] + options, in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
    }

    @Test func `Refusals that CloudTrail does not tell are groups and incidents like others`() throws {
        let folder = try Self.folder()
        let report = try Self.report(folder, "--service", "all")
        #expect(report.denials == 3 && report.refusals == 6 && report.newRefusals == 6)
        let besides = try #require(report.besides)
        #expect(besides.refusals == 6 && besides.seenByBoth == 3)
        let told = report.groups.filter { $0.layer != nil }.compactMap(\.rootCause?.code).sorted()
        #expect(
            told == [
                "gateway-api-key", "missing-allow", "seen-by-application-only", "signature-refused",
                "signature-refused",
                "waf-blocked",
            ])
        // Rejected packets that no call is known to miss are a lead, no incident.
        #expect(besides.groups.last?.code == "network-rejected")
        // The refusal that only the application logged is of the same cause as those that CloudTrail has.
        let allow = try #require(report.incidents.first { $0.cause.code == "missing-allow" })
        #expect(allow.groups.count == 2 && allow.denials == 4)
        #expect(report.incidents.allSatisfy { $0.state == "active" })
        // Views hold the same.
        #expect(
            try Self.query("SELECT id FROM incident ORDER BY place", folder)
                == "id\n" + report.incidents.map { $0.id + "\n" }.joined())
        #expect(
            try Self.query(
                "SELECT count(*) FROM diagnosis WHERE code IN ('gateway-api-key', 'waf-blocked', 'signature-refused')",
                folder) == "count(*)\n4\n")
        // Ids do not change from one database to the next.
        let again = try Self.report(Self.folder(Self.files.keys.sorted()), "--service", "all")
        #expect(again.groups.map(\.id) == report.groups.map(\.id))
        #expect(again.incidents.map(\.id) == report.incidents.map(\.id))
    }

    @Test func `Every format counts them, the first lines apart`() throws {
        let folder = try Self.folder()
        func output(_ options: String...) throws -> String {
            try Program.run(["report", "--service", "all", "--color", "never"] + options, in: folder.path).output
        }
        let text = try output()
        #expect(
            text.replacing("\n", with: " ").contains(
                "4 more never reached the service: 2 with a wrong signature or credentials, 1 at AWS WAF, 1 at API Gateway. 2 more are in an application's log alone."
            ), "\(text)")
        #expect(text.contains("SizeRestrictions_BODY") && text.contains("What else other logs tell"))
        for format in ["markdown", "html", "slack", "csv"] {
            let page = try output("--format", format)
            #expect(page.contains("SizeRestrictions_BODY"), "\(format)")
            #expect(!page.contains(Self.secret), "\(format)")
        }
        #expect(try output("--format", "csv").contains(",api-gateway\r\n"))
        let metrics = try output("--format", "openmetrics")
        #expect(metrics.contains("trail403_refusals{layer=\"waf\",reason=\"waf\"} 1"))
        #expect(!metrics.contains("trail403_denials{service=\"execute-api"))
        // Without such logs nothing is said of them.
        let plain = try ScratchFolder()
        try plain.write("a.json", Self.files["trail.json"] ?? "")
        let other = try Program.run(
            ["analyze", "-q", "a.json", "--service", "all", "--format", "json"], in: plain.path)
        #expect(other.status == 0 && !other.output.contains("\"besides\""))
    }

    @Test func `Filters, suppression and schedules hold for them`() throws {
        let folder = try Self.folder()
        #expect(try Self.report(folder, "--reason", "gateway:api-key").groups.map(\.layer) == ["api-gateway"])
        #expect(try Self.report(folder, "--action", "execute-api:Invoke").refusals == 2)
        #expect(try Self.report(folder, "--from", "2026-11-10").refusals == 0)
        try folder.write(
            "rules", "* execute-api:* gateway:api-key *  # the partner knows\n* * waf *  # agreed\n")
        let rest = try Self.report(folder, "--service", "all", "--suppress", "rules")
        #expect(rest.refusals == 4)
        // Only what came since is told: one more call with the same key, and a rule that had not blocked before.
        let schedule = [
            "report", "--service", "all", "--new-since-last", "ops", "--fail-on-denials", "--format", "json",
        ]
        #expect(try Program.run(schedule + ["--baseline"], in: folder.path).status == 0)
        #expect(try Program.run(schedule, in: folder.path).status == 0)
        try folder.write(
            "logs/access2.log",
            Self.gateway(
                #""status":"403","error.responseType":"INVALID_API_KEY""#, id: Self.ids[8], at: 1_794_222_720_000)
                + "\n")
        #expect(try Program.run(["ingest", "-q", "logs"], in: folder.path).status == 0)
        let open = try Program.run(schedule, in: folder.path)
        #expect(open.status == 0, "an incident that goes on is no alarm: \(open.output)")
        try folder.write(
            "logs/waf2.jsonl",
            (Self.files["waf.jsonl"] ?? "").replacing("SizeRestrictions_BODY", with: "NoUserAgent_HEADER"))
        #expect(try Program.run(["ingest", "-q", "logs"], in: folder.path).status == 0)
        let run = try Program.run(schedule, in: folder.path)
        #expect(run.status == 3, "\(run.errors)")
        let news = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
        #expect(news.incidents.first?.title.contains("NoUserAgent_HEADER") == true && news.newRefusals == 1)
    }

    struct Asked: Sendable, CustomTestStringConvertible {
        var id: String
        var tells: String
        var testDescription: String { id }
    }

    static let asked = [
        // The gateway's id and the application's lead to CloudTrail's event, the others to their groups.
        Asked(id: ids[6], tells: "b0000000-0000-4000-8000-000000000003"),
        Asked(id: ids[0], tells: "b0000000-0000-4000-8000-000000000001"),
        Asked(id: ids[5], tells: "API Gateway refused the API key, API abc123/prod"),
        Asked(id: ids[3], tells: "and only the application saw it"),
        Asked(id: "Xt4csHibrPEFV3Q=", tells: "SizeRestrictions_BODY"),
        Asked(id: "3E57427F3EXAMPLE", tells: "S3 refused the signature"),
    ]

    static let shared = Result { try folder() }

    @Test(arguments: asked) func `A case is explained by a request id of any layer`(_ asked: Asked) throws {
        let run = try Program.run(
            ["explain", asked.id, "--color", "never"], in: Self.shared.get().path, environment: ["COLUMNS": "200"])
        #expect(run.status == 0 && run.output.contains(asked.tells), "\(run.errors)\(run.output)")
    }

    @Test func `A group of another log is explained by its id and place, with a checklist of its own`() throws {
        let folder = try Self.shared.get()
        let report = try Self.report(folder, "--service", "all")
        let key = try #require(report.groups.first { $0.rootCause?.code == "gateway-api-key" })
        let run = try Program.run(
            ["explain", key.id, "--color", "never"], in: folder.path, environment: ["COLUMNS": "200"])
        #expect(run.status == 0, "\(run.errors)")
        for words in ["usage plan", "The calls never came so far", "something behind it refused them"] {
            #expect(run.output.contains(words), "\(words): \(run.output)")
        }
        let incident = try #require(report.incidents.first { $0.groups.contains(key.id) })
        #expect(try Program.run(["explain", incident.id], in: folder.path).output.contains(key.id))
        let unknown = try Program.run(["explain", "0000000a-381a-11e8-8192-df58266db5b7"], in: folder.path)
        #expect(unknown.status == 1 && unknown.errors.contains("no event or request"))
    }

    @Test func `A format of an access log may be given, and a wrong one is refused`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.log", "403|\(Self.ids[0])|INVALID_API_KEY\n")
        let refused = try Program.run(["ingest", "a.log", "--gateway-format", "no variable"], in: folder.path)
        #expect(refused.status == 64 && refused.errors.contains("$context.requestId"))
        let run = try Program.run(
            [
                "ingest", "-q", "a.log", "--gateway-format",
                "$context.status|$context.requestId|$context.error.responseType",
            ], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try Self.query("SELECT cause FROM gatewayRequest", folder) == "cause\napi-key\n")
    }
}
