import OrderedJSON
import PolicyTimeline
import TestSupport

/// An account as IAM keeps it, written the plain way: the oracle of the timeline.
struct PlainAccount {
    struct Principal: Equatable {
        var id: String
        var inline: [String: String] = [:]
        var attached: Set<String> = []
        var boundary: String?
        var trust: String?
        var groups: Set<String> = []
        var tags: [String: String] = [:]
    }

    struct Policy: Equatable {
        var versions: [String: String]
        var current: String
        var next: Int
    }

    var principals: [Holder: Principal] = [:]
    var policies: [String: Policy] = [:]

    /// Texts by name, of inline, attached and the groups' policies.
    func identity(_ holder: Holder) -> [String: String]? {
        guard let principal = principals[holder] else { return nil }
        var texts = own(principal, prefix: "")
        for name in principal.groups {
            guard let group = principals[.group(name, account: Records.account)] else { continue }
            texts.merge(own(group, prefix: "\(name)/")) { first, _ in first }
        }
        return texts
    }

    private func own(_ principal: Principal, prefix: String) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, text) in principal.inline { texts[prefix + name] = text }
        for arn in principal.attached { texts[prefix + arn] = policies[arn].flatMap { $0.versions[$0.current] } ?? "?" }
        return texts
    }

    /// What get-account-authorization-details prints of it.
    var export: JSONValue {
        func list(_ kind: String, _ wanted: Holder.Kind) -> JSONValue {
            let some = principals.filter { $0.key.kind == wanted }.sorted { $0.key < $1.key }
            return .array(some.map { Self.item(kind, $0.key, $0.value) })
        }
        let texts = policies.sorted { $0.key < $1.key }.map { arn, policy -> JSONValue in
            let versions = policy.versions.sorted { $0.key < $1.key }.map { id, text -> JSONValue in
                .members(
                    ("VersionId", .string(id)), ("Document", .string(text)),
                    ("IsDefaultVersion", .bool(id == policy.current)))
            }
            return .members(
                ("Arn", .string(arn)), ("DefaultVersionId", .string(policy.current)),
                ("PolicyVersionList", .array(versions)))
        }
        return .members(
            ("UserDetailList", list("User", .user)), ("GroupDetailList", list("Group", .group)),
            ("RoleDetailList", list("Role", .role)), ("Policies", .array(texts)), ("IsTruncated", .bool(false)))
    }

    private static func item(_ kind: String, _ holder: Holder, _ principal: Principal) -> JSONValue {
        let inline = principal.inline.sorted { $0.key < $1.key }.map { name, text -> JSONValue in
            .members(("PolicyName", .string(name)), ("PolicyDocument", .string(text)))
        }
        let attached = principal.attached.sorted().map { JSONValue.members(("PolicyArn", .string($0))) }
        let tags = principal.tags.sorted { $0.key < $1.key }.map {
            JSONValue.members(("Key", .string($0.key)), ("Value", .string($0.value)))
        }
        var parts: [JSONValue.Member] = [
            .init("\(kind)Name", .string(holder.name)),
            .init("Arn", .string("arn:aws:iam::\(Records.account):\(kind.lowercased())/\(holder.name)")),
            .init("\(kind)Id", .string(principal.id)), .init("\(kind)PolicyList", .array(inline)),
            .init("AttachedManagedPolicies", .array(attached)), .init("Tags", .array(tags)),
        ]
        if let boundary = principal.boundary {
            parts.append(.init("PermissionsBoundary", .members(("PermissionsBoundaryArn", .string(boundary)))))
        }
        if let trust = principal.trust { parts.append(.init("AssumeRolePolicyDocument", .string(trust))) }
        if kind == "User" {
            parts.append(.init("GroupList", .array(principal.groups.sorted().map(JSONValue.string))))
        }
        return .object(parts)
    }
}

/// Writes the history of an account at random: what IAM would have let happen, with the records that CloudTrail would have written.
struct AccountWriter {
    var account = PlainAccount()
    var records: [ChangeRecord] = []
    var states: [PlainAccount] = []
    var generator: SeededGenerator
    private var made = 0

    init(seed: UInt64) { generator = SeededGenerator(state: seed) }

    mutating func write(_ count: Int) {
        while records.count < count {
            let before = records.count
            step()
            if records.count > before { states.append(account) }
        }
    }

    private mutating func record(_ name: String, _ request: String, response: String? = nil) {
        records.append(
            Records.record(name, request, response: response, at: records.count, id: "e\(records.count)"))
    }

    private mutating func text() -> String {
        made += 1
        return Records.document("s3:Action\(made)", effect: made % 3 == 0 ? "Deny" : "Allow")
    }

    private mutating func pick<Element>(_ list: [Element]) -> Element? { list.randomElement(using: &generator) }

    private mutating func step() {
        let kind = pick(["User", "Role", "Group"]) ?? "Role"
        let name = pick(["ann", "ben", "cat"]) ?? "ann"
        let key = kind.lowercased()
        let holder: Holder =
            switch kind {
            case "User": .user(name, account: Records.account)
            case "Group": .group(name, account: Records.account)
            default: .role(name, account: Records.account)
            }
        let field = #""\#(key)Name":"\#(name)""#
        guard var principal = account.principals[holder] else { return create(kind, holder, field) }
        let inline = pick(["one", "two", "three"]) ?? "one"
        let arn = "arn:aws:iam::\(Records.account):policy/\(pick(["x", "y"]) ?? "x")"
        switch Int.random(in: 0..<15, using: &generator) {
        case 0...2:
            let text = text()
            principal.inline[inline] = text
            record(
                "Put\(kind)Policy", #"{\#(field),"policyName":"\#(inline)","policyDocument":\#(Records.quoted(text))}"#)
        case 3 where principal.inline[inline] != nil:
            principal.inline[inline] = nil
            record("Delete\(kind)Policy", #"{\#(field),"policyName":"\#(inline)"}"#)
        case 4...5 where account.policies[arn] != nil:
            principal.attached.insert(arn)
            record("Attach\(kind)Policy", #"{\#(field),"policyArn":"\#(arn)"}"#)
        case 6 where principal.attached.contains(arn):
            principal.attached.remove(arn)
            record("Detach\(kind)Policy", #"{\#(field),"policyArn":"\#(arn)"}"#)
        case 7 where kind != "Group" && account.policies[arn] != nil:
            principal.boundary = arn
            record("Put\(kind)PermissionsBoundary", #"{\#(field),"permissionsBoundary":"\#(arn)"}"#)
        case 8 where kind != "Group" && principal.boundary != nil:
            principal.boundary = nil
            record("Delete\(kind)PermissionsBoundary", "{\(field)}")
        case 9 where kind == "Role":
            let trust = Records.document("sts:AssumeRole")
            principal.trust = trust
            record("UpdateAssumeRolePolicy", #"{\#(field),"policyDocument":\#(Records.quoted(trust))}"#)
        case 10 where kind == "User":
            let group = pick(["ann", "ben", "cat"]) ?? "ann"
            guard account.principals[.group(group, account: Records.account)] != nil else { return }
            if principal.groups.contains(group) {
                principal.groups.remove(group)
                record("RemoveUserFromGroup", #"{\#(field),"groupName":"\#(group)"}"#)
            } else {
                principal.groups.insert(group)
                record("AddUserToGroup", #"{\#(field),"groupName":"\#(group)"}"#)
            }
        case 11 where kind != "Group":
            principal.tags["team"] = "t\(records.count)"
            record("Tag\(kind)", #"{\#(field),"tags":[{"key":"Team","value":"t\#(records.count)"}]}"#)
        case 12: return policy(arn)
        case 13 where canDelete(holder, principal):
            account.principals[holder] = nil
            return record("Delete\(kind)", "{\(field)}")
        default: return
        }
        account.principals[holder] = principal
    }

    private mutating func create(_ kind: String, _ holder: Holder, _ field: String) {
        made += 1
        var principal = PlainAccount.Principal(id: "ID\(made)")
        var request = field
        if kind == "Role" {
            let trust = text()
            principal.trust = trust
            request += #","assumeRolePolicyDocument":\#(Records.quoted(trust))"#
        }
        account.principals[holder] = principal
        record(
            "Create\(kind)", "{\(request)}",
            response: #"{"\#(kind.lowercased())":{"\#(kind.lowercased())Id":"\#(principal.id)"}}"#)
    }

    private mutating func policy(_ arn: String) {
        guard var policy = account.policies[arn] else {
            let text = text()
            account.policies[arn] = PlainAccount.Policy(versions: ["v1": text], current: "v1", next: 2)
            return record(
                "CreatePolicy", #"{"policyName":"x","policyDocument":\#(Records.quoted(text))}"#,
                response: #"{"policy":{"arn":"\#(arn)","defaultVersionId":"v1"}}"#)
        }
        let version = "v\(policy.next)"
        let old = policy.versions.keys.sorted().first { $0 != policy.current }
        switch Int.random(in: 0..<3, using: &generator) {
        case 0:
            guard let old else { return }
            policy.current = old
            record("SetDefaultPolicyVersion", #"{"policyArn":"\#(arn)","versionId":"\#(old)"}"#)
        case 1:
            guard let old, policy.versions.count > 3 else { return }
            policy.versions[old] = nil
            record("DeletePolicyVersion", #"{"policyArn":"\#(arn)","versionId":"\#(old)"}"#)
        default:
            let text = text()
            let isDefault = Bool.random(using: &generator)
            policy.versions[version] = text
            policy.next += 1
            if isDefault { policy.current = version }
            record(
                "CreatePolicyVersion",
                #"{"policyArn":"\#(arn)","policyDocument":\#(Records.quoted(text)),"setAsDefault":\#(isDefault)}"#,
                response: #"{"policyVersion":{"versionId":"\#(version)","isDefaultVersion":\#(isDefault)}}"#)
        }
        account.policies[arn] = policy
    }

    /// AWS deletes nothing that something is attached to, or that holds members.
    private func canDelete(_ holder: Holder, _ principal: PlainAccount.Principal) -> Bool {
        guard principal.inline.isEmpty, principal.attached.isEmpty, principal.groups.isEmpty else { return false }
        return holder.kind != .group || !account.principals.values.contains { $0.groups.contains(holder.name) }
    }
}
