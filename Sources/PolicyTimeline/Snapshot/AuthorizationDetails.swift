import OrderedJSON

/// What `aws iam get-account-authorization-details` prints: users, groups, roles and managed policies of one account.
///
/// Source: GetAccountAuthorizationDetails in the IAM API reference.
struct AuthorizationDetails {
    private let value: JSONValue

    /// The export in a value; `nil` where it is none.
    init?(_ value: JSONValue) {
        let lists = ["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"].map { value[$0] }
        guard lists.contains(where: { $0 != nil }), value["RoleDetailList"] != nil || value["UserDetailList"] != nil
        else { return nil }
        self.value = value
    }

    func observe(in snapshot: inout Snapshot) {
        for user in value["UserDetailList"]?.elements ?? [] {
            principal(user, "User", make: Holder.user, in: &snapshot) { holder, snapshot in
                let groups = (user["GroupList"]?.elements ?? []).compactMap(\.stringValue)
                snapshot.observe(
                    holder, .groups,
                    Dictionary(groups.map { ($0.lowercased(), Value.text($0)) }) { first, _ in first },
                    complete: true)
            }
        }
        for group in value["GroupDetailList"]?.elements ?? [] {
            principal(group, "Group", make: Holder.group, in: &snapshot) { _, _ in }
        }
        for role in value["RoleDetailList"]?.elements ?? [] {
            principal(role, "Role", make: Holder.role, in: &snapshot) { holder, snapshot in
                guard let trust = role["AssumeRolePolicyDocument"] else { return }
                snapshot.observe(holder, .trust, ["": .document(DocumentText(trust))], complete: true)
            }
        }
        for policy in value["Policies"]?.elements ?? [] { managed(policy, in: &snapshot) }
    }

    private func principal(
        _ item: JSONValue, _ kind: String, make: (String, String) -> Holder, in snapshot: inout Snapshot,
        _ further: (Holder, inout Snapshot) -> Void
    ) {
        guard let name = ChangeReading.text(item["\(kind)Name"]), let arn = ChangeReading.text(item["Arn"]),
            let account = arn.arnAccount
        else { return }
        let holder = make(name, account)
        var existence: [String: Value] = ["": .present, "name": .text(name), "arn": .text(arn)]
        existence["id"] = ChangeReading.text(item["\(kind)Id"]).map(Value.text)
        snapshot.observe(holder, .existence, existence, complete: true)
        var inline: [String: Value] = [:]
        for policy in item["\(kind)PolicyList"]?.elements ?? [] {
            guard let name = ChangeReading.text(policy["PolicyName"]) else { continue }
            inline[name] = .document(DocumentText(policy["PolicyDocument"]))
        }
        // The raw API leaves a list out where it is empty; the AWS CLI never does.
        snapshot.observe(holder, .inline, inline, complete: true)
        let attached = (item["AttachedManagedPolicies"]?.elements ?? []).compactMap {
            ChangeReading.text($0["PolicyArn"])
        }
        snapshot.observe(
            holder, .attached, Dictionary(attached.map { ($0, Value.present) }) { first, _ in first }, complete: true)
        if kind != "Group" {
            let boundary = ChangeReading.text(item["PermissionsBoundary"]?["PermissionsBoundaryArn"])
            snapshot.observe(holder, .boundary, boundary.map { ["": .text($0)] } ?? [:], complete: true)
            var tags: [String: Value] = [:]
            for tag in item["Tags"]?.elements ?? [] {
                guard let key = ChangeReading.text(tag["Key"]) else { continue }
                tags[key.lowercased()] = .text(tag["Value"]?.stringValue ?? "")
            }
            snapshot.observe(holder, .tags, tags, complete: true)
        }
        further(holder, &snapshot)
    }

    private func managed(_ item: JSONValue, in snapshot: inout Snapshot) {
        guard let arn = ChangeReading.text(item["Arn"]) else { return }
        var versions: [String: Value] = [:]
        var current = ChangeReading.text(item["DefaultVersionId"])
        for version in item["PolicyVersionList"]?.elements ?? [] {
            guard let id = ChangeReading.text(version["VersionId"]) else { continue }
            versions[id] = .document(DocumentText(version["Document"]))
            if version["IsDefaultVersion"] == .bool(true) { current = current ?? id }
        }
        snapshot.observe(.managedPolicy(arn), .existence, ["": .present], complete: true)
        snapshot.observe(.managedPolicy(arn), .versions, versions, complete: true)
        if let current {
            snapshot.observe(.managedPolicy(arn), .defaultVersion, ["": .text(current)], complete: true)
        }
    }
}

extension String {
    /// The account in an ARN; `nil` where this is none, or names no account.
    var arnAccount: String? {
        let parts = split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[4].isEmpty else { return nil }
        return String(parts[4])
    }
}
