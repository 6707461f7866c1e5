/// Settings of services that edit no policy: which key encrypts what is stored, which who uses that needs from then on; what a user pool
/// lets people do.
///
/// Source: the API references of the services.
enum ServiceSettings: ChangeReader {
    private static let byService: [String: Set<String>] = [
        "cognito-idp": ["CreateUserPool", "UpdateUserPool", "CreateUserPoolClient", "UpdateUserPoolClient"],
        "dynamodb": ["UpdateTable"], "ec2": ["EnableEbsEncryptionByDefault", "ModifyEbsDefaultKmsKeyId"],
        "firehose": ["StartDeliveryStreamEncryption"], "kinesis": ["StartStreamEncryption"],
        "logs": ["AssociateKmsKey"], "s3": ["PutBucketEncryption"], "secretsmanager": ["UpdateSecret"],
        "ssm": ["PutParameter"],
    ]

    static let services = byService.keys.sorted()
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = byService.values.joined()
        .reduce(into: [:]) { events, name in
            events[name] = { @Sendable (_: inout ChangeReading) in }
        }

    static func isEvent(_ name: String, of service: String) -> Bool { byService[service]?.contains(name) ?? false }
}
