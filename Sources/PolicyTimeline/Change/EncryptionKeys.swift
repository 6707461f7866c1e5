/// Settings that edit no policy: which key encrypts what is stored, which who uses that needs from then on; whether mail is sent.
///
/// Source: the API references of the services.
enum EncryptionKeys: ChangeReader {
    private static let byService: [String: Set<String>] = [
        "dynamodb": ["UpdateTable"], "ec2": ["EnableEbsEncryptionByDefault", "ModifyEbsDefaultKmsKeyId"],
        "firehose": ["StartDeliveryStreamEncryption"], "kinesis": ["StartStreamEncryption"],
        "logs": ["AssociateKmsKey"], "s3": ["PutBucketEncryption"], "secretsmanager": ["UpdateSecret"],
        "ses": [
            "UpdateAccountSendingEnabled", "PutAccountSendingAttributes", "UpdateConfigurationSetSendingEnabled",
            "PutConfigurationSetSendingOptions",
        ],
        "ssm": ["PutParameter"],
    ]

    static let services = byService.keys.sorted()
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = byService.values.joined()
        .reduce(into: [:]) { events, name in
            events[name] = { @Sendable (_: inout ChangeReading) in }
        }

    static func isEvent(_ name: String, of service: String) -> Bool { byService[service]?.contains(name) ?? false }
}
