import OrderedJSON

/// Configuration items of AWS Config, as its snapshot and history files hold them: each tells its own time.
///
/// Source: "Components of a configuration item" and "Example configuration items" in the AWS Config developer guide.
enum ConfigItems {
    /// The items of a file; `nil` where it is none of AWS Config's.
    static func items(_ value: JSONValue) -> [JSONValue]? {
        if case .array(let items)? = value["configurationItems"] { return items }
        return value["configurationItem"].map { [$0] }
    }

    /// The exports that the items amount to, by their times.
    static func snapshots(_ items: [JSONValue], named name: String) -> [Snapshot] {
        items.compactMap { item in
            guard let time = ChangeReading.text(item["configurationItemCaptureTime"]),
                let type = ChangeReading.text(item["resourceType"]),
                let holder = holder(item, type)
            else { return nil }
            var snapshot = Snapshot(SnapshotReference(name: name, time: time.secondsOnly))
            let status = ChangeReading.text(item["configurationItemStatus"]) ?? "OK"
            if status.hasPrefix("ResourceDeleted") {
                for lane in lanes(type) { snapshot.observe(holder, lane, [:], complete: true) }
                return snapshot
            }
            guard let configuration = object(item["configuration"]) else { return nil }
            observe(configuration, item, type, holder, in: &snapshot)
            return snapshot
        }
    }

    private static func lanes(_ type: String) -> [LaneName.Kind] {
        switch type {
        case "AWS::IAM::Role": [.existence, .inline, .attached, .boundary, .trust, .tags]
        case "AWS::IAM::User": [.existence, .inline, .attached, .boundary, .groups, .tags]
        case "AWS::IAM::Group": [.existence, .inline, .attached]
        case "AWS::IAM::Policy": [.existence, .versions, .defaultVersion]
        default: [.existence, .policy]
        }
    }

    private static func holder(_ item: JSONValue, _ type: String) -> Holder? {
        let account = ChangeReading.text(item["awsAccountId"] ?? item["accountId"]) ?? ""
        let name = ChangeReading.text(item["resourceName"])
        let arn = ChangeReading.text(item["ARN"] ?? item["arn"])
        switch type {
        case "AWS::IAM::Role": return name.map { .role($0, account: account) }
        case "AWS::IAM::User": return name.map { .user($0, account: account) }
        case "AWS::IAM::Group": return name.map { .group($0, account: account) }
        case "AWS::IAM::Policy": return arn.map(Holder.managedPolicy)
        case "AWS::EC2::VPCEndpoint": return ChangeReading.text(item["resourceId"]).map(Holder.vpcEndpoint)
        case "AWS::S3::Bucket", "AWS::Lambda::Function", "AWS::KMS::Key", "AWS::SQS::Queue", "AWS::SNS::Topic",
            "AWS::SecretsManager::Secret", "AWS::ECR::Repository":
            return arn.flatMap(Holder.resource(arn:))
        default: return nil
        }
    }

    private static func observe(
        _ configuration: JSONValue, _ item: JSONValue, _ type: String, _ holder: Holder, in snapshot: inout Snapshot
    ) {
        switch type {
        case "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group":
            let kind = String(type.split(separator: ":").last ?? "").lowercased()
            principal(configuration, kind, holder, in: &snapshot)
        case "AWS::IAM::Policy":
            var versions: [String: Value] = [:]
            for version in configuration["policyVersionList"]?.elements ?? [] {
                guard let id = ChangeReading.text(version["versionId"]) else { continue }
                versions[id] = .document(DocumentText(version["document"]))
            }
            snapshot.observe(holder, .existence, ["": .present], complete: true)
            snapshot.observe(holder, .versions, versions, complete: true)
            if let current = ChangeReading.text(configuration["defaultVersionId"]) {
                snapshot.observe(holder, .defaultVersion, ["": .text(current)], complete: true)
            }
        case "AWS::EC2::VPCEndpoint":
            if let text = configuration["policyDocument"] {
                snapshot.observe(holder, .policy, ["": .document(DocumentText(text))], complete: true)
            }
        case "AWS::S3::Bucket":
            guard let policy = object(item["supplementaryConfiguration"]?["BucketPolicy"]) else { return }
            resource(policy["policyText"], holder, in: &snapshot)
        default:
            let further = item["supplementaryConfiguration"]
            let text =
                further?["Policy"] ?? further?["policy"] ?? configuration["Policy"] ?? configuration["policy"]
                ?? configuration["ResourcePolicy"] ?? configuration["RepositoryPolicyText"]
            // What is not there may not be recorded, rather than not exist.
            if let text { resource(text, holder, in: &snapshot) }
        }
    }

    /// `null` where there is none.
    private static func resource(_ text: JSONValue?, _ holder: Holder, in snapshot: inout Snapshot) {
        let isNone = text == nil || text == .null || text == .string("")
        snapshot.observe(holder, .policy, isNone ? [:] : ["": .document(DocumentText(text))], complete: true)
    }

    private static func principal(_ value: JSONValue, _ kind: String, _ holder: Holder, in snapshot: inout Snapshot) {
        var existence: [String: Value] = ["": .present]
        existence["id"] = ChangeReading.text(value["\(kind)Id"]).map(Value.text)
        existence["arn"] = ChangeReading.text(value["arn"]).map(Value.text)
        snapshot.observe(holder, .existence, existence, complete: true)
        var inline: [String: Value] = [:]
        for policy in value["\(kind)PolicyList"]?.elements ?? [] {
            guard let name = ChangeReading.text(policy["policyName"]) else { continue }
            inline[name] = .document(DocumentText(policy["policyDocument"]))
        }
        snapshot.observe(holder, .inline, inline, complete: value["\(kind)PolicyList"] != nil)
        let attached = (value["attachedManagedPolicies"]?.elements ?? []).compactMap {
            ChangeReading.text($0["policyArn"])
        }
        snapshot.observe(
            holder, .attached, Dictionary(attached.map { ($0, Value.present) }) { first, _ in first },
            complete: value["attachedManagedPolicies"] != nil)
        guard kind != "group" else { return }
        let boundary = ChangeReading.text(value["permissionsBoundary"]?["permissionsBoundaryArn"])
        snapshot.observe(holder, .boundary, boundary.map { ["": .text($0)] } ?? [:], complete: true)
        if kind == "role", let trust = value["assumeRolePolicyDocument"] {
            snapshot.observe(holder, .trust, ["": .document(DocumentText(trust))], complete: true)
        }
        if kind == "user", let groups = value["groupList"] {
            let names = groups.elements.compactMap(\.stringValue)
            snapshot.observe(
                holder, .groups, Dictionary(names.map { ($0.lowercased(), Value.text($0)) }) { first, _ in first },
                complete: true)
        }
    }

    /// An object, or the text of one: files hold the one, the API gives the other.
    private static func object(_ value: JSONValue?) -> JSONValue? {
        guard case .string(let text)? = value else { return value }
        return switch Result(catching: { () throws(JSONError) in try JSONValue(parsing: text) }) {
        case .success(let value): value
        case .failure: nil
        }
    }
}

extension String {
    /// A time of ISO 8601 without fractions of a second, as CloudTrail writes it.
    var secondsOnly: String {
        guard utf8.count > 20, hasSuffix("Z"), let point = firstIndex(of: ".") else { return self }
        return self[..<point] + "Z"
    }
}
