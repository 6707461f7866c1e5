import Testing

/// What the records of refused calls say of TLS, of the session's begin and of the function that called decides over a change.
@Suite struct RecordedContextTests {
    typealias Call = HonestReportTests.Call

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// The condition of a Deny that was written before the first denial; `nil` where a function got the role instead.
        var condition: (String, String, String)?
        var tlsVersion: String?
        var began: String?
        var function: String?
        /// Whether the change is blamed.
        var isBlamed: Bool
        var testDescription: String { name }
    }

    static let rows: [Case] = [
        Case(
            name: "calls by TLS, and a Deny of others", condition: ("Bool", "aws:SecureTransport", "false"),
            tlsVersion: "TLSv1.3", isBlamed: false),
        Case(
            name: "calls of which nothing tells whether they came by TLS",
            condition: ("Bool", "aws:SecureTransport", "false"), isBlamed: true),
        Case(
            name: "a younger session than the Deny asks for",
            condition: ("DateLessThan", "aws:TokenIssueTime", "2026-11-18T09:00:00Z"), began: "2026-11-18T09:30:00Z",
            isBlamed: false),
        Case(
            name: "an older session than the Deny asks for",
            condition: ("DateLessThan", "aws:TokenIssueTime", "2026-11-18T09:00:00Z"), began: "2026-11-18T08:00:00Z",
            isBlamed: true),
        Case(name: "the function that got the role", function: "notify", isBlamed: true),
        Case(name: "another function", function: "report", isBlamed: false),
    ]

    private static func identity(_ role: String, began: String?, function: String?) -> [String: any Sendable] {
        var context: [String: any Sendable] = [
            "sessionIssuer": [
                "type": "Role", "arn": "arn:aws:iam::111122223333:role/\(role)", "accountId": "111122223333",
                "principalId": "AROA\(role)", "userName": role,
            ]
        ]
        if let began { context["attributes"] = ["creationDate": began, "mfaAuthenticated": "false"] }
        var identity: [String: any Sendable] = [
            "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/\(role)/s1",
            "accountId": "111122223333", "principalId": "AROA\(role):s1", "sessionContext": context,
        ]
        if let function {
            identity["inScopeOf"] = [
                "issuerType": "AWS::Lambda::Function",
                "credentialsIssuedTo": "arn:aws:lambda:us-east-1:111122223333:function:\(function)",
            ]
        }
        return identity
    }

    private static func change(_ row: Case) -> Call {
        guard let (test, key, value) = row.condition else {
            return Call(
                time: "2026-11-18T09:00:00Z", source: "lambda", name: "UpdateFunctionConfiguration20150331v2",
                isRefused: false,
                parameters: ["functionName": "notify", "role": "arn:aws:iam::111122223333:role/notifier"])
        }
        return Call(
            time: "2026-11-18T09:00:00Z", source: "iam", name: "PutRolePolicy", isRefused: false,
            parameters: [
                "roleName": "notifier", "policyName": "guard",
                "policyDocument":
                    #"{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"\#(test)":{"\#(key)":"\#(value)"}}}]}"#,
            ])
    }

    @Test(arguments: rows) func `What the records say decides over a change`(_ row: Case) throws {
        let former = row.condition == nil ? "former" : "notifier"
        let because =
            row.condition == nil
            ? "because no identity-based policy allows the mobiletargeting:SendMessages action"
            : "with an explicit deny in an identity-based policy"
        var calls = [Self.change(row)]
        for hour in 10...12 {
            var call = Call.send("2026-11-18T\(hour):00:00Z")
            call.identity = Self.identity("notifier", began: row.began, function: row.function)
            call.message =
                "User: arn:aws:sts::111122223333:assumed-role/notifier/s1 is not authorized to perform: mobiletargeting:SendMessages on resource: \(call.resource ?? "") \(because)"
            if let version = row.tlsVersion { call.extra["tlsDetails"] = ["tlsVersion": version] }
            calls.append(call)
            var success = Call.send("2026-11-18T0\(hour - 4):00:00Z", isRefused: false)
            success.identity = Self.identity(
                former, began: "2026-11-18T00:00:00Z", function: row.function.map { _ in "notify" })
            calls.append(success)
        }
        let group = try #require(HonestReportTests.groups(calls).first)
        let cause = (group["rootCause"] as? [String: Any])?["code"] as? String
        #expect((cause == "permissions-changed") == row.isBlamed, "\(cause ?? "none")")
    }
}
