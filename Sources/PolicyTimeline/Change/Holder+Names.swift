import IAMPolicy

extension Holder {
    /// The names by which changes of the holder are found: as records give them, of an ARN or a path also the last part.
    public var lookUpNames: Set<String> {
        var names: Set<String> = [name]
        switch kind {
        // What is done at the root binds everybody below it.
        case .organizationTarget: names.insert(PermissionChangeTarget.organizationRootName)
        case .group: names.insert(name.lowercased())
        case .user, .role, .instanceProfile, .managedPolicy, .identityProvider, .organizationPolicy,
            .account, .vpcEndpoint, .session, .workload, .resourceShare, .rolesAnywhereProfile:
            break
        case .permissionSet: names.insert("permission set")
        case .resource where service == "lakeformation": names.insert("IAM_ALLOWED_PRINCIPALS")
        case .resource:
            for separator in ["/", ":"] as [Character] {
                if let last = name.split(separator: separator).last { names.insert(String(last)) }
                names.insert(String(name.drop { $0 != separator }.dropFirst()))
            }
            names.insert("arn:aws:\(service):\(region):\(account):\(name)")
        }
        names.remove("")
        return names
    }

    /// Whom an ARN or an id names: a user, a role or a session of it, a group, a managed policy, a VPC endpoint, a session by its access
    /// key (`ASIA…`), or a resource with a policy of its own; `nil` for any other text.
    public init?(naming text: String) {
        if text.hasPrefix("vpce-") {
            self = .vpcEndpoint(text)
            return
        }
        if text.hasPrefix("ASIA"), (16...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) })
        {
            self = .session(text)
            return
        }
        guard text.utf8.count <= ChangeReading.nameLimit, let arn = ARN(text) else { return nil }
        guard arn.service == "iam" || arn.service == "sts" else {
            self = .resource(arn)
            return
        }
        let parts = PathParts(arn.resource)
        guard parts.count > 1, let kind = parts.first, let second = parts.second, let last = parts.last else {
            return nil
        }
        switch (arn.service, kind) {
        case ("iam", "user"): self = .user(last, account: arn.account)
        case ("iam", "role"): self = .role(last, account: arn.account)
        case ("iam", "group"): self = .group(last, account: arn.account)
        case ("iam", "policy"): self = .managedPolicy(text)
        case ("sts", "assumed-role"): self = .role(second, account: arn.account)
        default: return nil
        }
    }
}
