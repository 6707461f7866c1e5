import OrderedJSON

/// Permission sets of IAM Identity Center. What is written into one reaches the roles of an account when the set is provisioned to it.
///
/// Source: the IAM Identity Center API reference; "Permission sets" in its user guide.
enum IdentityCenter: ChangeReader {
    static let services = ["sso"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreatePermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            var existence: [String: Value] = ["": .present]
            existence["name"] = reading.text("name", "<permissionSet.name").map(Value.text)
            reading.add(set, .existence, .replaceAll(existence))
            let duration = reading.text("sessionDuration", "<permissionSet.sessionDuration")
            reading.add(
                set, .settings, duration.map { .replaceAll(["sessionDuration": .text($0)]) } ?? reading.nothingAsked)
            for lane in [LaneName.Kind.inline, .attached, .boundary, .provisioned] {
                reading.add(set, lane, .replaceAll([:]))
            }
        },
        "DeletePermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            reading.clear(set, [.existence, .inline, .attached, .boundary, .provisioned, .settings])
        },
        "UpdatePermissionSet": { reading in
            guard let set = reading.permissionSet, let duration = reading.text("sessionDuration") else { return }
            reading.add(set, .settings, .set("sessionDuration", .text(duration)))
        },
        "AttachManagedPolicyToPermissionSet": { reading in
            guard let set = reading.permissionSet, let arn = reading.text("managedPolicyArn") else { return }
            reading.add(set, .attached, .set(arn, .present))
        },
        "DetachManagedPolicyFromPermissionSet": { reading in
            guard let set = reading.permissionSet, let arn = reading.text("managedPolicyArn") else { return }
            reading.add(set, .attached, .remove(arn))
        },
        "AttachCustomerManagedPolicyReferenceToPermissionSet": { reading in
            guard let set = reading.permissionSet, let name = reading.customerPolicy("customerManagedPolicyReference")
            else { return }
            reading.add(set, .attached, .set(name, .present))
        },
        "DetachCustomerManagedPolicyReferenceFromPermissionSet": { reading in
            guard let set = reading.permissionSet, let name = reading.customerPolicy("customerManagedPolicyReference")
            else { return }
            reading.add(set, .attached, .remove(name))
        },
        "PutInlinePolicyToPermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            reading.write(set, .inline, reading.asked("inlinePolicy"))
        },
        "PutPermissionsPolicy": { reading in
            guard let set = reading.permissionSet else { return }
            reading.write(set, .inline, reading.asked("permissionsPolicy") ?? reading.asked("inlinePolicy"))
        },
        "DeleteInlinePolicyFromPermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            reading.add(set, .inline, .replaceAll([:]))
        },
        "PutPermissionsBoundaryToPermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            let arn =
                reading.text("permissionsBoundary.managedPolicyArn")
                ?? reading.customerPolicy("permissionsBoundary.customerManagedPolicyReference")
            reading.add(set, .boundary, arn.map { .replaceAll(["": .text($0)]) } ?? .blurAll)
        },
        "DeletePermissionsBoundaryFromPermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            reading.add(set, .boundary, .replaceAll([:]))
        },
        "ProvisionPermissionSet": { reading in
            guard let set = reading.permissionSet else { return }
            let isEverywhere = reading.text("targetType") == "ALL_PROVISIONED_ACCOUNTS"
            let target = isEverywhere ? "*" : reading.text("targetId") ?? "*"
            reading.add(set, .provisioned, .set(target, .present))
        },
        "CreateAccountAssignment": { reading in
            guard let set = reading.permissionSet, let target = reading.text("targetId") else { return }
            let who = [reading.text("principalType"), reading.text("principalId")].compactMap(\.self)
            reading.add(set, .grants, .set(([target] + who).joined(separator: " "), .present))
            // The first assignment writes the set into the account.
            reading.add(set, .provisioned, .set(target, .present))
        },
        "DeleteAccountAssignment": { reading in
            guard let set = reading.permissionSet, let target = reading.text("targetId") else { return }
            let who = [reading.text("principalType"), reading.text("principalId")].compactMap(\.self)
            reading.add(set, .grants, .remove(([target] + who).joined(separator: " ")))
        },
    ]
}

extension ChangeReading {
    fileprivate var permissionSet: Holder? {
        text("permissionSetArn", "<permissionSet.permissionSetArn").map { Holder(.permissionSet, $0) }
    }

    /// A customer managed policy, which each account has one of its own of under this name.
    fileprivate func customerPolicy(_ path: String) -> String? {
        guard let name = text("\(path).name") else { return nil }
        return "customer:\(text("\(path).path") ?? "/")\(name)"
    }
}
