import Testing

/// Whether a success was on what was refused, where requests, records and messages spell one resource differently.
@Suite struct ResourceSpellingTests {
    typealias Call = HonestReportTests.Call

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
        // Of a service without a rule the records tell, where they name what was refused.
        call("glue", "StartJobRun", "job/load", ["jobName": "load"], ["jobName": "load"], .same),
        call("glue", "StartJobRun", "job/load", ["jobName": "load"], ["jobName": "sweep"], .other),
        call("glue", "StartJobRun", "job/load", ["name": "LOAD"], ["name": "sweep"], .untold),
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
}
