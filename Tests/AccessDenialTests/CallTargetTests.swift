import AccessDenial
import Testing

/// What names the target of a call.
@Suite struct CallTargetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var value: String
        var form: CallTarget.Form
        var name: String?
        var testDescription: String { "\(form) \(value)" }
    }

    static let cases: [Case] = [
        Case(value: "https://sqs.us-east-1.amazonaws.com/111122223333/orders", form: .resource, name: "orders"),
        Case(value: "arn:aws:lambda:us-east-1:111122223333:function:send:7", form: .resource, name: "send"),
        Case(value: "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i", form: .resource, name: "t"),
        Case(value: "arn:aws:kinesis:us-east-1:111122223333:stream/s/consumer/c:1", form: .resource, name: "s"),
        Case(value: "arn:aws:states:us-east-1:111122223333:stateMachine:m:live", form: .resource, name: "m"),
        Case(value: "data", form: .bucket, name: "data"),
        Case(value: "arn:aws:s3:us-east-1:111122223333:accesspoint/x", form: .bucket, name: nil),
        Case(value: "mrk-12", form: .key, name: "mrk-12"),
        Case(value: "arn:aws-cn:kms:cn-north-1:111122223333:key/12", form: .key, name: "12"),
        Case(value: "alias/12", form: .key, name: nil),
        Case(value: "arn:aws:kms:us-east-1:111122223333:alias/12", form: .key, name: nil),
        Case(value: "a/b", form: .secret, name: "a/b"),
        Case(value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a/b-Xy12zA", form: .secret, name: "a/b"),
        Case(value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a/b", form: .secret, name: "a/b"),
        Case(value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-backup", form: .secret, name: nil),
        Case(value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-202611", form: .secret, name: nil),
        Case(value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:a-b_cd3f", form: .secret, name: "a-b_cd3f"),
        Case(value: "HIDDEN_DUE_TO_SECURITY_REASONS", form: .secret, name: nil),
        Case(value: "/a/b/", form: .systemsManager, name: "a/b"),
        Case(value: "a:2", form: .systemsManager, name: "a"),
        Case(value: "arn:aws:ssm:us-east-1::parameter/aws/x", form: .systemsManager, name: "aws/x"),
        Case(value: "arn:aws:ssm:us-east-1:111122223333:document/d", form: .systemsManager, name: "d"),
        Case(value: "arn:aws:ssm:us-east-1:111122223333:association/d", form: .systemsManager, name: nil),
        Case(value: "phone-1", form: .originationIdentity, name: "phone-number/phone-1"),
        Case(value: "pool-1", form: .originationIdentity, name: "pool/pool-1"),
        Case(value: "+12065550100", form: .originationIdentity, name: nil),
        Case(value: "12345", form: .originationIdentity, name: nil),
        Case(value: "Shop", form: .originationIdentity, name: "sender-id/Shop"),
        Case(
            value: "arn:aws:sms-voice:us-east-1:111122223333:sender-id/Shop/US", form: .originationIdentity,
            name: "sender-id/Shop"),
        Case(value: "phone-number-id-0a", form: .whatsAppNumber, name: "0a"),
        Case(
            value: "arn:aws:social-messaging:us-east-1:111122223333:phone-number-id/0a", form: .whatsAppNumber,
            name: "0a"),
        Case(value: "15550100", form: .whatsAppNumber, name: nil),
    ]

    @Test(arguments: cases) func `A parameter names its target`(_ row: Case) {
        #expect(CallTarget.name(in: row.value, row.form) == row.name)
    }

    @Test(arguments: [
        ("arn:aws:s3:::data/a/b", "a/b"), ("arn:aws-us-gov:s3:::data/a", "a"), ("arn:aws:s3:::data", nil),
        ("arn:aws:s3:::data/", nil), ("arn:aws:s3:::data/*", nil), ("arn:aws:iam::111122223333:role/a", nil),
    ]) func `A resource names its object`(_ resource: String, _ key: String?) {
        #expect(CallTarget.objectKey(ofResource: resource) == key)
    }

    @Test(arguments: [
        ("arn:aws:kms:us-east-1:111122223333:alias/a", "kms:CreateAlias", true),
        ("arn:aws:kms:us-east-1:111122223333:*", "kms:ListKeys", false), ("db", "secretsmanager:GetSecretValue", true),
        ("arn:aws:mobiletargeting:us-east-1:111122223333:*", "mobiletargeting:GetApps", false),
    ]) func `A refusal is about one resource, or about all`(_ resource: String, _ action: String, _ isCertain: Bool) {
        #expect(CallTarget.isCertain(resource, action: action) == isCertain)
    }
}
