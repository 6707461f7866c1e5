import IAMPolicy
import OrderedJSON

/// Users, groups and roles of IAM: how they come and go, what is attached to them and written into them.
///
/// Source: the IAM API reference; "Logging IAM and AWS STS API calls with AWS CloudTrail" in the IAM user guide.
enum IAMPrincipals: ChangeReader {
    static let services = ["iam"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateUser": create, "CreateRole": create, "CreateGroup": create, "CreateServiceLinkedRole": create,
        "DeleteUser": delete, "DeleteRole": delete, "DeleteGroup": delete, "DeleteServiceLinkedRole": delete,
        "UpdateUser": rename, "UpdateGroup": rename,
        "UpdateRole": updateRole,
        "UpdateAssumeRolePolicy": { reading in
            guard let role = reading.principal else { return }
            reading.write(role, .trust, reading.asked("policyDocument"))
        },
        "PutUserPolicy": putInline, "PutRolePolicy": putInline, "PutGroupPolicy": putInline,
        "DeleteUserPolicy": deleteInline, "DeleteRolePolicy": deleteInline, "DeleteGroupPolicy": deleteInline,
        "AttachUserPolicy": attach, "AttachRolePolicy": attach, "AttachGroupPolicy": attach,
        "DetachUserPolicy": detach, "DetachRolePolicy": detach, "DetachGroupPolicy": detach,
        "PutUserPermissionsBoundary": putBoundary, "PutRolePermissionsBoundary": putBoundary,
        "DeleteUserPermissionsBoundary": deleteBoundary, "DeleteRolePermissionsBoundary": deleteBoundary,
        "AddUserToGroup": join, "RemoveUserFromGroup": leave,
        "TagUser": tag, "TagRole": tag, "UntagUser": tag, "UntagRole": tag,
        "EnableMFADevice": device, "DeactivateMFADevice": device, "ResyncMFADevice": device,
        "CreateAccessKey": key, "UpdateAccessKey": key, "DeleteAccessKey": key,
        "CreateLoginProfile": password, "UpdateLoginProfile": password, "DeleteLoginProfile": password,
    ]

    private static func lanes(of holder: Holder) -> [LaneName.Kind] {
        switch holder.kind {
        case .user: [.inline, .attached, .boundary, .groups, .tags]
        case .role: [.inline, .attached, .boundary, .trust, .settings, .tags]
        case .group: [.inline, .attached, .members]
        case .managedPolicy, .identityProvider, .instanceProfile, .permissionSet, .organizationPolicy,
            .organizationTarget, .account, .vpcEndpoint, .session, .workload, .resourceShare, .rolesAnywhereProfile,
            .resource:
            []
        }
    }

    private static func create(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        let answer = reading.answered("user") ?? reading.answered("role") ?? reading.answered("group")
        let id = ["userId", "roleId", "groupId"].lazy.compactMap {
            ChangeReading.text(answer?.member(ignoringCase: $0))
        }.first
        var existence: [String: Value] = ["": .present]
        existence["id"] = id.map(Value.text)
        existence["name"] = reading.principalName.map(Value.text)
        existence["arn"] = ChangeReading.text(answer?.member(ignoringCase: "arn")).map(Value.text)
        reading.add(holder, .existence, .replaceAll(existence))
        // What a service-linked role may do is AWS's to say, and no event says it.
        let isServiceLinked = reading.name == "CreateServiceLinkedRole"
        for kind in lanes(of: holder) {
            switch kind {
            case .boundary:
                let boundary = reading.text(
                    "permissionsBoundary", "permissionsBoundary.permissionsBoundaryArn",
                    "<role.permissionsBoundary.permissionsBoundaryArn",
                    "<user.permissionsBoundary.permissionsBoundaryArn")
                reading.add(holder, .boundary, boundary.map { .replaceAll(["": .text($0)]) } ?? reading.nothingAsked)
            case .trust:
                let text =
                    reading.asked("assumeRolePolicyDocument")
                    ?? answer?.member(ignoringCase: "assumeRolePolicyDocument")
                reading.add(holder, .trust, .replaceAll(["": .document(DocumentText(text))]))
            case .settings:
                let duration = reading.text("maxSessionDuration", "<role.maxSessionDuration")
                reading.add(
                    holder, .settings,
                    duration.map { .replaceAll(["maxSessionDuration": .text($0)]) } ?? reading.nothingAsked)
            case .tags:
                reading.add(holder, .tags, reading.tags("tags").map { .replaceAll($0) } ?? reading.nothingAsked)
            case .attached where isServiceLinked, .inline where isServiceLinked: reading.add(holder, kind, .blurAll)
            default: reading.add(holder, kind, .replaceAll([:]))
            }
        }
    }

    private static func delete(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        reading.clear(holder, [.existence] + lanes(of: holder))
    }

    /// A principal under another name: see `Renames`.
    private static func rename(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        if let name = reading.text("newUserName", "newGroupName") {
            reading.add(holder, .existence, .set("name", .text(name)))
        }
        if reading.text("newPath") != nil { reading.add(holder, .existence, .blur("arn")) }
    }

    private static func updateRole(_ reading: inout ChangeReading) {
        guard let holder = reading.principal, let duration = reading.text("maxSessionDuration") else { return }
        reading.add(holder, .settings, .set("maxSessionDuration", .text(duration)))
    }

    private static func putInline(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        guard let name = reading.text("policyName") else { return reading.add(holder, .inline, .blurAll) }
        reading.put(holder, .inline, named: name, reading.asked("policyDocument"))
    }

    private static func deleteInline(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        guard let name = reading.text("policyName") else { return reading.add(holder, .inline, .blurAll) }
        reading.add(holder, .inline, .remove(name))
    }

    private static func attach(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        guard let arn = reading.text("policyArn") else { return reading.add(holder, .attached, .blurAll) }
        reading.add(holder, .attached, .set(arn, .present))
    }

    private static func detach(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        guard let arn = reading.text("policyArn") else { return reading.add(holder, .attached, .blurAll) }
        reading.add(holder, .attached, .remove(arn))
    }

    private static func putBoundary(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        let arn = reading.text("permissionsBoundary", "permissionsBoundary.permissionsBoundaryArn")
        reading.add(holder, .boundary, arn.map { .replaceAll(["": .text($0)]) } ?? .blurAll)
    }

    private static func deleteBoundary(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        // AWS refuses to delete what is not there, so there was one.
        reading.add(holder, .boundary, .remove(""))
    }

    private static func join(_ reading: inout ChangeReading) {
        guard let user = reading.text("userName"), let group = reading.text("groupName") else { return }
        reading.add(.user(user, account: reading.account), .groups, .set(group.lowercased(), .text(group)))
        reading.add(.group(group, account: reading.account), .members, .set(user.lowercased(), .text(user)))
    }

    private static func leave(_ reading: inout ChangeReading) {
        guard let user = reading.text("userName"), let group = reading.text("groupName") else { return }
        reading.add(.user(user, account: reading.account), .groups, .remove(group.lowercased()))
        reading.add(.group(group, account: reading.account), .members, .remove(user.lowercased()))
    }

    private static func tag(_ reading: inout ChangeReading) {
        guard let holder = reading.principal else { return }
        reading.changeTags(of: holder, set: "tags", remove: "tagKeys")
    }

    private static func device(_ reading: inout ChangeReading) {
        guard let user = reading.caller, let serial = reading.text("serialNumber") else { return }
        let isGone = reading.name == "DeactivateMFADevice"
        reading.add(user, .settings, isGone ? .remove("mfa \(serial)") : .set("mfa \(serial)", .present))
    }

    private static func key(_ reading: inout ChangeReading) {
        guard let user = reading.caller, let key = reading.text("accessKeyId", "<accessKey.accessKeyId") else { return }
        let status = reading.text("status", "<accessKey.status") ?? "Active"
        reading.add(
            user, .settings,
            reading.name == "DeleteAccessKey" ? .remove("key \(key)") : .set("key \(key)", .text(status)))
    }

    private static func password(_ reading: inout ChangeReading) {
        guard let user = reading.caller else { return }
        let isGone = reading.name == "DeleteLoginProfile"
        reading.add(user, .settings, isGone ? .remove("password") : .set("password", .present))
    }
}

extension ChangeReading {
    /// The name of the user, group or role that an event of IAM is about, as the record spells it.
    var principalName: String? {
        let kinds =
            name.contains("User")
            ? ["userName", "<user.userName"]
            : name.contains("Group") ? ["groupName", "<group.groupName"] : ["roleName", "<role.roleName"]
        return text(kinds)
    }

    /// The user, group or role that an event of IAM is about.
    var principal: Holder? {
        guard let principalName else { return nil }
        return if name.contains("User") {
            .user(principalName, account: account)
        } else if name.contains("Group") {
            .group(principalName, account: account)
        } else {
            .role(principalName, account: account)
        }
    }

    /// The user that is named, else the one who called.
    var caller: Holder? {
        if let name = text("userName", "<accessKey.userName", "<loginProfile.userName") {
            return .user(name, account: account)
        }
        guard let marker = record.actor.firstRange(of: ":user/") else { return nil }
        let name = record.actor[marker.upperBound...].split(separator: "/").last
        return name.map { .user(String($0), account: account) }
    }
}
