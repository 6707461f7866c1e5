import Testing

/// What a success proves about a refusal depends on what it was on.
@Suite struct SuccessProofTests {
    typealias Call = HonestReportTests.Call

    /// Calls around `DetachRolePolicy` at 09:00 on the 18th, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var calls: [Call]
        /// How sure the blame of the change is; `nil` where it is not blamed.
        var confidence: String?
        var status = "ongoing"
        /// Parts of the finding's explanation.
        var explains: [String] = []
        /// Parts of the status in words.
        var tells: [String] = []
        var testDescription: String { name }
    }

    private static func assume(_ time: String, _ role: String?, isRefused: Bool = false) -> Call {
        .assume("2026-11-\(time):00Z", role: role ?? "admin", isRefused: isRefused, isNamed: role != nil)
    }

    /// Refused on `admin` after the change.
    private static let refusals = [
        assume("18T12:00", "admin", isRefused: true), assume("18T13:00", "admin", isRefused: true),
    ]

    static let roles: [Case] = [
        Case(
            name: "the same role before the change, none after it",
            calls: refusals + [assume("17T08:00", "admin")], confidence: "inferred", explains: ["last at 2026-11-17"]),
        Case(
            name: "the same role after the change",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", "admin")]),
        Case(
            name: "another role after the change",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", "reader")], confidence: "inferred",
            explains: ["last at 2026-11-17", "On something else", "last at 2026-11-18 11:00:00"]),
        Case(
            name: "another role alone, before and after the change",
            calls: refusals + [assume("17T08:00", "reader"), assume("18T11:00", "reader")], confidence: "possible",
            explains: ["no earlier success", "on the refused resource"]),
        Case(
            name: "the same role before the change, one that is not told after it",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T11:00", nil)], confidence: "possible",
            explains: ["last at 2026-11-17", "18 11:00:00 UTC followed even so", "not the cause"]),
        Case(
            name: "the same role before the change, one that is not told right after it",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T09:02", nil)], confidence: "inferred",
            explains: ["followed even so"]),
        Case(
            name: "one that is not told after the change, and the same role after that",
            calls: refusals + [
                assume("17T08:00", "admin"), assume("18T10:00", nil), assume("18T11:00", "admin"),
            ]),
        Case(
            name: "roles that are not told alone, before and after the change",
            calls: refusals + [assume("17T08:00", nil), assume("18T11:00", nil)]),
        Case(
            name: "roles that are not told alone, before the change",
            calls: refusals + [assume("17T08:00", nil)], confidence: "inferred"),
        Case(
            name: "not told after the change, and the same role only after the denials",
            calls: refusals + [assume("18T11:00", nil), assume("19T11:00", "admin")], status: "resolved"),
        Case(
            name: "between the denials one that is not told, and the same role earlier",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", nil)], confidence: "inferred",
            tells: ["No later success on the refused resource", "1 success", "not certainly on it"]),
        Case(
            name: "between the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "reader")], confidence: "inferred",
            tells: ["No later success on the refused resource", "1 success", "on something else"]),
        Case(
            name: "between the denials the same role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin")], confidence: "inferred",
            status: "intermittent", tells: ["alternate"]),
        Case(
            name: "between the denials the same role, and after them",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin"), assume("19T08:00", "admin")],
            confidence: "inferred", status: "intermittent",
            tells: ["alternate", "The last denial was at 2026-11-18 13:00:00", "followed at 2026-11-19 08:00:00"]),
        Case(
            name: "in the second of the first denial the same role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:00", "admin")]),
        Case(
            name: "in the second of the first denial another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("18T12:00", "reader")], confidence: "inferred"),
        Case(
            name: "between the denials one that is not told, and no other",
            calls: refusals + [assume("18T12:30", nil)], confidence: "possible", status: "intermittent",
            tells: ["None of them is known to be on the refused resource"]),
        Case(
            name: "after the denials one that is not told",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", nil)], confidence: "inferred",
            tells: ["may work again", "role/admin"]),
        Case(
            name: "after the denials another role",
            calls: refusals + [assume("17T08:00", "admin"), assume("19T08:00", "reader")], confidence: "inferred",
            tells: ["No later success on the refused resource", "on something else"]),
        Case(
            name: "days after a first denial one that is not told ends no outage",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", nil),
            ]),
        Case(
            name: "days after a first denial the same role ends an outage",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", "admin"),
            ], confidence: "inferred", tells: ["1 other since 2026-11-10"]),
        Case(
            name: "in the second outage too only the same role acquits",
            calls: [assume("10T08:00", "admin", isRefused: true)] + refusals + [
                assume("09T08:00", "admin"), assume("17T08:00", "admin"), assume("18T11:00", nil),
            ], confidence: "possible", explains: ["last at 2026-11-17", "followed even so"]),
    ]

    @Test(arguments: roles) func `Only a success on what was refused acquits and heals`(_ row: Case) throws {
        try Self.check(row)
    }

    /// Refused again and again, long before and after the change.
    private static let neverWorked = [
        assume("10T08:00", "auditor", isRefused: true), assume("16T08:00", "auditor", isRefused: true),
        assume("18T14:00", "auditor", isRefused: true),
    ]

    static let beside: [Case] = [
        Case(
            name: "what never worked does not hide an outage of what did",
            calls: neverWorked + refusals + [assume("17T08:00", "admin")], confidence: "inferred",
            explains: ["last at 2026-11-17"],
            tells: ["role/admin had worked before and is refused since 2026-11-18 12:00:00", "since 2026-11-10"]),
        Case(
            name: "worked between the change and its first denial",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("18T11:00", "admin")],
            tells: ["had worked before"]),
        Case(
            name: "works by turns since its first denial",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("18T12:30", "admin")],
            status: "intermittent"),
        Case(
            name: "works again",
            calls: neverWorked + refusals + [assume("17T08:00", "admin"), assume("19T08:00", "admin")]),
        Case(name: "had never been tried", calls: neverWorked + refusals + [assume("17T08:00", "reader")]),
        Case(
            name: "had worked only before the other was refused",
            calls: neverWorked + refusals + [assume("09T08:00", "admin")]),
        Case(
            name: "worked in the minutes in which the other began to be refused",
            calls: [assume("18T11:58", "auditor", isRefused: true)] + refusals + [assume("18T11:59", "admin")],
            confidence: "possible"),
    ]

    @Test(arguments: beside) func `What something that never worked tells is not taken for the rest`(_ row: Case) throws
    {
        try Self.check(row)
    }

    private static func check(_ row: Case) throws {
        for calls in [row.calls + [HonestReportTests.detach], [HonestReportTests.detach] + row.calls.reversed()] {
            let group = try #require(HonestReportTests.groups(calls).first)
            let findings = try #require(group["findings"] as? [[String: Any]])
            let finding = findings.first { $0["code"] as? String == "permissions-changed" }
            #expect(finding?["confidence"] as? String == row.confidence, "\(finding ?? [:])")
            for part in row.explains {
                #expect((finding?["explanation"] as? String)?.contains(part) == true, "\(part): \(finding ?? [:])")
            }
            let text = group["statusText"] as? String ?? ""
            #expect(group["status"] as? String == row.status, "\(text)")
            for part in row.tells { #expect(text.contains(part), "\(part): \(text)") }
        }
    }

    // MARK: - Spellings

    /// What a later success with other parameters says of a refusal.
    enum Proof: Sendable {
        /// It was on what was refused, or is told to be on nothing in particular.
        case same
        case untold
        case other
    }

    struct SpellingCase: Sendable, CustomTestStringConvertible {
        var source: String
        var name: String
        /// What AWS says was refused; `nil` where it names nothing.
        var refused: String?
        var asked: [String: any Sendable] = [:]
        var succeeded: [String: any Sendable] = [:]
        var answered: [String: any Sendable] = [:]
        var proof: Proof
        var testDescription: String { "\(source) \(name) \(refused ?? "") \(asked) \(succeeded) \(proof)" }
    }

    private static let key = "1234abcd-12ab-34cd-56ef-1234567890ab"

    private static func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):us-east-1:111122223333:\(resource)"
    }

    private static func object(
        _ asked: String?, _ refused: String?, _ succeeded: [String: any Sendable], _ proof: Proof,
        name: String = "GetObject"
    ) -> SpellingCase {
        var parameters: [String: any Sendable] = ["bucketName": "data"]
        if let asked { parameters["key"] = asked }
        return SpellingCase(
            source: "s3", name: name, refused: refused.map { "arn:aws:s3:::\($0)" }, asked: parameters,
            succeeded: succeeded, proof: proof)
    }

    private static func decrypt(
        _ succeeded: String?, _ proof: Proof, resources: [String] = [], asked: String? = nil
    ) -> SpellingCase {
        SpellingCase(
            source: "kms", name: "Decrypt", refused: arn("kms", "key/\(key)"),
            asked: asked.map { ["keyId": $0] } ?? ["encryptionAlgorithm": "SYMMETRIC_DEFAULT"],
            succeeded: succeeded.map { ["keyId": $0] } ?? ["encryptionAlgorithm": "SYMMETRIC_DEFAULT"],
            answered: [
                "resources": resources.map { ["accountId": "111122223333", "type": "AWS::KMS::Key", "ARN": $0] }
            ],
            proof: proof)
    }

    private static func secret(_ refused: String?, _ asked: String, _ succeeded: String, _ proof: Proof) -> SpellingCase
    {
        SpellingCase(
            source: "secretsmanager", name: "GetSecretValue", refused: refused, asked: ["secretId": asked],
            succeeded: ["secretId": succeeded], proof: proof)
    }

    private static func parameter(_ refused: String, _ succeeded: [String: any Sendable], _ proof: Proof)
        -> SpellingCase
    {
        SpellingCase(
            source: "ssm", name: "GetParameter", refused: arn("ssm", "parameter/\(refused)"),
            asked: ["name": "/\(refused)"], succeeded: succeeded, proof: proof)
    }

    private static func text(_ refused: String?, _ asked: String?, _ succeeded: String?, _ proof: Proof) -> SpellingCase
    {
        SpellingCase(
            source: "sms-voice", name: "SendTextMessage", refused: refused.map { arn("sms-voice", $0) },
            asked: asked.map { ["originationIdentity": $0] } ?? ["messageBody": "HIDDEN_DUE_TO_SECURITY_REASONS"],
            succeeded: succeeded.map { ["originationIdentity": $0] } ?? [:], proof: proof)
    }

    private static func call(
        _ source: String, _ name: String, _ refused: String, _ asked: [String: any Sendable],
        _ succeeded: [String: any Sendable], _ proof: Proof
    ) -> SpellingCase {
        SpellingCase(
            source: source, name: name, refused: arn(source, refused), asked: asked, succeeded: succeeded, proof: proof)
    }

    static let spellings: [SpellingCase] = [
        object("a.csv", "data/a.csv", ["bucketName": "data", "key": "a.csv"], .same),
        object("a.csv", "data/a.csv", ["bucketName": "data", "key": "b.csv"], .untold),
        object("a.csv", "data/a.csv", ["bucketName": "other", "key": "a.csv"], .other),
        object("a.csv", "data/a.csv", ["bucketName": "data"], .untold),
        object("ä \"b\".csv", "data/ä \"b\".csv", ["bucketName": "data", "key": "ä \"b\".csv"], .same),
        object(
            "a.csv", "data/a.csv", ["bucketName": "arn:aws:s3:us-east-1:111122223333:accesspoint/x", "key": "a.csv"],
            .untold),
        object("a.csv", "data/a.csv", ["bucketName": "x-1a2b-s3alias", "key": "a.csv"], .untold),
        // So are rows of databases that know the bucket alone.
        object(nil, "data/a.csv", ["bucketName": "data"], .untold),
        object(nil, "data/a.csv", ["bucketName": "data", "key": "a.csv"], .untold),
        object(nil, "data", ["bucketName": "data"], .same, name: "GetBucketPolicy"),
        object(nil, "data", ["bucketName": "other"], .other, name: "GetBucketPolicy"),
        decrypt(arn("kms", "key/\(key)"), .same),
        decrypt(key, .same),
        decrypt(nil, .same, resources: [arn("kms", "key/\(key)")]),
        decrypt("alias/app", .same, resources: [arn("kms", "key/\(key)")]),
        decrypt(arn("kms", "alias/app"), .untold),
        decrypt(nil, .untold),
        decrypt(nil, .untold, resources: [arn("kms", "key/\(key)"), arn("kms", "key/9999")]),
        decrypt("9999abcd-12ab-34cd-56ef-1234567890ab", .other),
        decrypt(nil, .other, resources: [arn("kms", "key/9999")]),
        decrypt(key, .same, asked: "alias/app"),
        secret(arn("secretsmanager", "secret:db-AbCd3f"), "db", "db", .same),
        secret(arn("secretsmanager", "secret:db-AbCd3f"), "db", arn("secretsmanager", "secret:db-AbCd3f"), .same),
        secret(arn("secretsmanager", "secret:db-AbCd3f"), "db", arn("secretsmanager", "secret:db"), .same),
        secret("db", "db", arn("secretsmanager", "secret:db-AbCd3f"), .same),
        secret(arn("secretsmanager", "secret:db-AbCd3f"), "db", "other", .other),
        // A name may end as the ARN of a secret does.
        secret(
            arn("secretsmanager", "secret:db-backup-AbCd3f"), "db-backup", arn("secretsmanager", "secret:db-backup"),
            .untold),
        secret(arn("secretsmanager", "secret:db-backup"), "db", "db", .untold),
        parameter("app/password", ["name": "/app/password"], .same),
        parameter("app/password", ["name": arn("ssm", "parameter/app/password")], .same),
        parameter("app/password", ["name": "/app/password:3"], .same),
        parameter("app/password", ["names": ["/app/password"]], .untold),
        parameter("app/password", ["name": "/app/user"], .other),
        text("phone-number/phone-1", nil, "phone-1", .same),
        text("phone-number/phone-1", nil, arn("sms-voice", "phone-number/phone-1"), .same),
        text("phone-number/phone-1", "+12065550100", "+12065550100", .untold),
        text("phone-number/phone-1", nil, "phone-2", .other),
        text("pool/pool-1", "pool-1", "pool-1", .same),
        text("pool/pool-1", "pool-1", "pool-2", .other),
        text("sender-id/Shop/US", nil, "Shop", .same),
        text("configuration-set/news", "phone-1", "phone-1", .untold),
        text("configuration-set/news", nil, "phone-1", .untold),
        call(
            "sms-voice", "DeletePool", "pool/pool-1", ["poolId": "pool-1"], ["poolId": arn("sms-voice", "pool/pool-1")],
            .same),
        call("sms-voice", "DeletePool", "pool/pool-1", ["poolId": "pool-1"], ["poolId": "pool-2"], .other),
        call(
            "social-messaging", "SendWhatsAppMessage", "phone-number-id/0a1b",
            ["originationPhoneNumberId": "phone-number-id-0a1b"],
            ["originationPhoneNumberId": arn("social-messaging", "phone-number-id/0a1b")], .same),
        call(
            "social-messaging", "SendWhatsAppMessage", "phone-number-id/0a1b",
            ["originationPhoneNumberId": "phone-number-id-0a1b"],
            ["originationPhoneNumberId": "phone-number-id-0c1d"], .other),
        call(
            "kinesis", "PutRecord", "stream/clicks", ["streamName": "clicks"],
            ["streamARN": arn("kinesis", "stream/clicks")],
            .same),
        call("kinesis", "PutRecord", "stream/clicks", ["streamName": "clicks"], ["streamName": "views"], .other),
        call(
            "firehose", "PutRecord", "deliverystream/clicks", ["deliveryStreamName": "clicks"],
            ["deliveryStreamName": "clicks"], .same),
        call(
            "firehose", "PutRecord", "deliverystream/clicks", ["deliveryStreamName": "clicks"],
            ["deliveryStreamName": "views"], .other),
        call(
            "ecr", "BatchGetImage", "repository/team/app", ["repositoryName": "team/app"],
            ["repositoryName": "team/app"], .same),
        call(
            "ecr", "BatchGetImage", "repository/team/app", ["repositoryName": "team/app"], ["repositoryName": "team"],
            .other),
        call(
            "states", "StartExecution", "stateMachine:order", ["stateMachineArn": arn("states", "stateMachine:order")],
            ["stateMachineArn": arn("states", "stateMachine:order")], .same),
        call(
            "states", "StartExecution", "stateMachine:order", ["stateMachineArn": arn("states", "stateMachine:order")],
            ["stateMachineArn": arn("states", "stateMachine:refund")], .other),
        // A service without a rule.
        call("glue", "StartJobRun", "job/load", ["jobName": "load"], ["jobName": "load"], .untold),
    ]

    @Test(arguments: spellings) func `One resource has several spellings`(_ row: SpellingCase) throws {
        let refused = Call(
            time: "2026-11-18T12:00:00Z", source: row.source, name: row.name, resource: row.refused,
            parameters: row.asked)
        let succeeded = Call(
            time: "2026-11-18T13:00:00Z", source: row.source, name: row.name, isRefused: false,
            parameters: row.succeeded, extra: row.answered)
        let group = try #require(HonestReportTests.groups([refused, succeeded]).first)
        let text = group["statusText"] as? String ?? ""
        let proof: Proof? =
            text.contains("It works again")
            ? .same
            : text.contains("may work again")
                ? .untold
                : text.contains("No later success on the refused resource is known") ? .other : nil
        #expect(proof == row.proof, "\(text)")
        #expect((group["status"] as? String == "resolved") == (row.proof == .same))
    }

    // MARK: - Objects

    private static func get(_ time: String, _ key: String, isRefused: Bool = false) -> Call {
        Call(
            time: "2026-11-\(time):00Z", source: "s3", name: "GetObject", isRefused: isRefused,
            resource: "arn:aws:s3:::data/\(key)", parameters: ["bucketName": "data", "key": key])
    }

    private static let readRefusals = [
        get("18T12:00", "private/y", isRefused: true), get("18T13:00", "private/y", isRefused: true),
    ]

    static let objects: [Case] = [
        Case(
            name: "the same object before the change, another one after it",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T11:00", "public/x")], confidence: "possible",
            explains: ["last at 2026-11-17", "followed even so"]),
        Case(
            name: "the same object after the change",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T11:00", "private/y")]),
        Case(
            name: "objects that are read once, before and after the change",
            calls: readRefusals + [get("17T08:00", "private/w"), get("18T11:00", "private/x")]),
        Case(
            name: "objects that are read once, before the change",
            calls: readRefusals + [get("16T08:00", "private/v"), get("17T08:00", "private/w")], confidence: "inferred"),
        Case(
            name: "between the denials another object, where the same one was read before",
            calls: readRefusals + [get("17T08:00", "private/y"), get("18T12:30", "public/x")], confidence: "inferred",
            tells: ["No later success on the refused resource"]),
        Case(
            name: "between the denials another object, where each is read once",
            calls: readRefusals + [get("18T12:30", "private/z")], confidence: "possible", status: "intermittent",
            tells: ["None of them is known to be on the refused resource"]),
        Case(
            name: "after the denials another object",
            calls: readRefusals + [get("17T08:00", "private/y"), get("19T08:00", "public/x")], confidence: "inferred",
            tells: ["may work again", "data/private/y"]),
        Case(
            name: "after the denials the same object",
            calls: readRefusals + [get("17T08:00", "private/y"), get("19T08:00", "private/y")], confidence: "inferred",
            status: "resolved"),
        Case(
            name: "of very many objects one works again",
            calls: (0..<300).map { get("18T1\($0 / 60):\(10 + $0 % 60 * 49 / 59)", "k\($0)", isRefused: true) } + [
                get("17T08:00", "k1"), get("19T08:00", "k1"),
            ], confidence: "inferred", tells: ["in part"]),
    ]

    @Test(arguments: objects) func `An object's neighbour proves little`(_ row: Case) throws {
        try Self.check(row)
    }
}
