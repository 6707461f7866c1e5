import IAMPolicy
import OrderedJSON

/// Keys of AWS KMS: their policies, grants, tags, and whether they are on.
///
/// Source: the AWS KMS API reference; "Logging AWS KMS API calls with AWS CloudTrail" in its developer guide.
enum KMSKeys: ChangeReader {
    static let services = ["kms"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateKey": { reading in
            guard let key = reading.key else { return }
            reading.add(key, .existence, .replaceAll(["": .present]))
            reading.add(key, .policy, .replaceAll(["": .document(policy(of: key, reading))]))
            reading.clear(key, [.grants])
            reading.add(key, .tags, reading.tags("tags").map { .replaceAll($0) } ?? .blurAll)
            reading.add(key, .settings, .replaceAll(["state": .text("Enabled")]))
        },
        "ReplicateKey": { reading in
            guard let arn = reading.text("<replicaKeyMetadata.arn"), let key = reading.resource(arn) else { return }
            let text = reading.answered("replicaPolicy") ?? reading.asked("policy")
            reading.add(key, .existence, .replaceAll(["": .present]))
            reading.add(
                key, .policy,
                .replaceAll(["": .document(text.map { DocumentText($0) } ?? defaultPolicy(of: key, reading))]))
            reading.clear(key, [.grants])
        },
        "PutKeyPolicy": { reading in
            guard let key = reading.key else { return }
            reading.add(key, .policy, .replaceAll(["": .document(DocumentText(reading.asked("policy")))]))
        },
        "CreateGrant": { reading in
            guard let key = reading.key else { return }
            guard let id = reading.text("<grantId") else { return reading.add(key, .grants, .blurAll) }
            reading.add(key, .grants, .set(id, .document(grant(on: key, reading))))
        },
        "RevokeGrant": endGrant, "RetireGrant": endGrant,
        "DisableKey": state, "EnableKey": state, "ScheduleKeyDeletion": state, "CancelKeyDeletion": state,
        "TagResource": tag, "UntagResource": tag,
        "CreateAlias": alias, "UpdateAlias": alias, "DeleteAlias": alias,
    ]

    /// The policy that a key gets without one of its own. Source: "Default key policy" in the AWS KMS developer guide.
    private static func defaultPolicy(of key: Holder, _ reading: ChangeReading) -> DocumentText {
        let account = key.account.isEmpty ? reading.account : key.account
        guard !account.isEmpty else { return .unknown }
        return .json(
            .members(
                ("Version", .string("2012-10-17")), ("Id", .string("key-default-1")),
                (
                    "Statement",
                    .array([
                        .members(
                            ("Sid", .string("Enable IAM User Permissions")), ("Effect", .string("Allow")),
                            ("Principal", .members(("AWS", .string("arn:\(reading.partition):iam::\(account):root")))),
                            ("Action", .string("kms:*")), ("Resource", .string("*")))
                    ])
                )))
    }

    private static func policy(of key: Holder, _ reading: ChangeReading) -> DocumentText {
        if let text = reading.asked("policy") { return DocumentText(text) }
        return reading.isCut ? .unknown : defaultPolicy(of: key, reading)
    }

    /// A grant as the statement that it amounts to. Source: "Grants in AWS KMS" in its developer guide.
    private static func grant(on key: Holder, _ reading: ChangeReading) -> DocumentText {
        let operations = reading.texts("operations")
        guard let grantee = reading.text("granteePrincipal"), !operations.isEmpty else { return .unknown }
        let kind = grantee.hasSuffix(".amazonaws.com") ? "Service" : "AWS"
        var statement: [JSONValue.Member] = [
            .init("Effect", .string("Allow")), .init("Principal", .members((kind, .string(grantee)))),
            .init("Action", .array(operations.map { .string("kms:\($0)") })), .init("Resource", .string("*")),
        ]
        var conditions: [JSONValue.Member] = []
        var keys: [JSONValue.Member] = []
        for (constraint, isWhole) in [("encryptionContextSubset", false), ("encryptionContextEquals", true)] {
            guard case .object(let pairs)? = reading.asked("constraints.\(constraint)") else { continue }
            conditions += pairs.prefix(ChangeReading.listLimit).map {
                .init("kms:EncryptionContext:\($0.key)", .string($0.value.stringValue ?? ""))
            }
            // No other pair than these: the key has a value for each pair.
            if isWhole { keys = [.init("kms:EncryptionContextKeys", .array(pairs.map { .string($0.key) }))] }
        }
        let operators = [("StringEquals", conditions), ("ForAllValues:StringEquals", keys)].filter { !$0.1.isEmpty }
        if !operators.isEmpty {
            statement.append(.init("Condition", .object(operators.map { .init($0.0, .object($0.1)) })))
        }
        return DocumentText(statement: .object(statement))
    }

    private static func endGrant(_ reading: inout ChangeReading) {
        guard let key = reading.key else { return }
        let id = reading.text("grantId", "<grantId")
        reading.add(key, .grants, id.map { .remove($0) } ?? .blurAll)
    }

    private static func state(_ reading: inout ChangeReading) {
        guard let key = reading.key else { return }
        let state =
            switch reading.name {
            case "EnableKey": "Enabled"
            case "ScheduleKeyDeletion": "PendingDeletion"
            default: "Disabled"
            }
        reading.add(key, .settings, .set("state", .text(state)))
    }

    private static func tag(_ reading: inout ChangeReading) {
        guard let key = reading.key else { return }
        reading.changeTags(of: key, set: "tags", remove: "tagKeys")
    }

    private static func alias(_ reading: inout ChangeReading) {
        guard let name = reading.text("aliasName"), let alias = reading.resource(name) else { return }
        let target = reading.text("targetKeyId")
        reading.add(
            alias, .settings,
            reading.name == "DeleteAlias" ? .remove("key") : .set("key", target.map(Value.text) ?? .present))
    }
}

extension Holder {
    /// The key that an alias of it stands for, by the id or ARN that the alias was given.
    func key(ofAlias target: String) -> Holder {
        if let arn = ARN(target) { return .resource(arn) }
        return Holder(.resource, service: "kms", account: account, region: region, "key/\(target)")
    }
}
