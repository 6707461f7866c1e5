/// Which key encrypts what is stored: no policy is edited, but who uses what is stored needs the key from then on.
///
/// Source: the API references of the services.
enum EncryptionKeys: ChangeReader {
    private static let byService: [String: Set<String>] = [
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
