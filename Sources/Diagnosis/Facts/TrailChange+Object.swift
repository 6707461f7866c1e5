import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

extension TrailChange {
    /// What the change is made on, more narrowly than its subject: changes of the same object follow each other, and only the
    /// last one holds.
    var object: String {
        let place = "\(account) \(userName ?? "") \(roleName ?? "") "
        guard let rule else { return "unknown" }
        switch rule.target {
        case .user, .role, .group:
            let owner = place + (groupName ?? "")
            switch rule.policyType {
            case .permissionsBoundary?: return "boundary \(owner)"
            default:
                if rule.direction == .touchesConditions { return "conditions \(owner) \(change.eventID)" }
                if let name = inlinePolicyName { return "inline \(owner) \(name)" }
                return "managed \(owner) \(policyARN ?? change.eventID)"
            }
        case .membership: return "membership \(place) \(groupName ?? change.eventID)"
        case .managedPolicy: return "version \(policyARN ?? "")"
        case .organizationPolicyTarget: return "target \(organizationPolicyID ?? "") \(organizationTarget ?? "")"
        case .organizationPolicy: return "policy \(organizationPolicyID ?? "")"
        case .account: return "account \(organizationTarget ?? "") \(change.eventID)"
        case .trust: return "trust \(place)"
        case .identityProvider:
            // A provider has several client ids, one thumbprint list and one metadata document.
            let part = parameter("clientID") ?? (rule.direction == .replaces ? "key" : "")
            return "provider \(providerARN ?? "") \(part)"
        case .endpoint: return "endpoint \(endpointID ?? "")"
        case .resource where rule.direction == .touchesConditions: return "conditions \(change.eventID)"
        case .resource:
            if isGrant { return "grant \(grantID ?? change.eventID)" }
            // A bare name is one of its account and Region.
            return "resource \(change.eventSource) \(account) \(change.awsRegion ?? "") \(resourceKey)"
        case .workload: return "workload \(account) \(change.eventSource) \(workloadName ?? change.eventID)"
        case .permissionSet:
            let set = permissionSet?.name ?? ""
            if rule.policyType == .permissionsBoundary { return "permission set \(set) boundary" }
            if change.eventName.contains("InlinePolicy") { return "permission set \(set) inline" }
            return "permission set \(set) \(policyARN ?? change.eventID)"
        case .publicAccess:
            if case .resource(let bucket)? = publicAccessSubject { return "public access \(bucket)" }
            return "public access of account \(account)"
        case .serviceGrant: return "grant \(change.eventID)"
        case .accessKey: return "key \(parameter("accessKeyId") ?? change.eventID)"
        }
    }

    /// Whether the change is made on this very role or user.
    func concerns(_ principal: PrincipalName) -> Bool {
        guard account.isEmpty || account == principal.account else { return false }
        switch rule?.target {
        case .role, .trust: return principal.kind == .role && roleName == principal.name
        case .user, .membership, .accessKey: return principal.kind == .user && userName == principal.name
        case .group, .managedPolicy, .organizationPolicyTarget, .organizationPolicy, .account, .endpoint, .resource,
            .workload, .permissionSet, .identityProvider, .publicAccess, .serviceGrant, nil:
            return false
        }
    }

    /// Whether the change leaves a resource without a policy of its own.
    var emptiesPolicy: Bool { edits.contains { $0.lane.kind == .policy && $0.operation == .replaceAll([:]) } }

    /// Whether a resource was deleted, and its policy with it.
    var deletesResource: Bool {
        rule?.target == .resource
            && edits.contains { $0.lane.kind == .existence && $0.operation == .replaceAll([:]) }
    }

    /// The name of the one statement that the change adds to the policy of a resource.
    var addedStatement: String? {
        edits.lazy.compactMap { edit in
            if case .set(let name, _) = edit.operation, edit.lane.kind == .policy { name.statementName } else { nil }
        }.first
    }

    /// The name of the one statement that the change takes out of the policy of a resource.
    var removedStatement: String? {
        edits.lazy.compactMap { if case .removeStatement(let sid) = $0.operation { sid } else { nil } }.first
    }

    /// `function:NAME`, or `function:NAME:QUALIFIER`, of a change of a function's policy: each alias has its own.
    var functionResource: String? {
        guard change.eventSource == "lambda.amazonaws.com", let name = parameter("functionName") ?? change.target
        else { return nil }
        if let arn = ARN(name), arn.resource.split(separator: ":").count > 2 { return arn.resource }
        let function = "function:\(CallTarget.name(in: name))"
        return parameter("qualifier").map { "\(function):\($0)" } ?? function
    }

    /// One name of a resource that may be named by its ARN or without.
    private var resourceKey: String {
        guard let resource, let arn = ARN(resource) else { return resource ?? "" }
        return arn.service == "kms" ? arn.name : arn.secretName ?? resource
    }

    /// Whether IAM Identity Center itself made the change.
    var isOfIdentityCenter: Bool { PrincipalName(change.actor).name == "AWSServiceRoleForSSO" }

    /// Whether this is the trust policy of the role with this ARN.
    func isTrust(ofRole arn: String) -> Bool {
        guard let role = ARN(arn), role.service == "iam", role.resource.hasPrefix("role/") else { return false }
        return role.name == roleName && (account.isEmpty || account == role.account)
    }

    /// Whether a change of the policy of `name` decides over the refused resource: the same ARN or name, or the bucket of a key.
    func isPolicy(_ name: String, of refused: String) -> Bool {
        if name == refused { return true }
        guard let arn = ARN(refused), arn.service == change.eventSource.prefix(while: { $0 != "." }) else {
            return false
        }
        if let other = ARN(name) { return refused.hasPrefix(other.description + "/") }
        // A bare name is one of the Region in which the change was made; buckets' names are the world's.
        if arn.service != "s3", !arn.region.isEmpty, let region = change.awsRegion, region != arn.region {
            return false
        }
        // A bare name is one of the account in which the change was made. Buckets have no account in their ARN.
        guard arn.account.isEmpty || account.isEmpty || arn.account == account else { return false }
        if arn.resource == name || arn.resource.hasPrefix(name + "/") { return true }
        switch arn.service {
        // The key of an object may end in the name of another bucket.
        case "s3": return false
        // A secret's ARN ends in six characters that its name lacks.
        case "secretsmanager":
            return arn.resource.hasPrefix("secret:\(name)-") && arn.resource.utf8.count == name.utf8.count + 14
        case "dynamodb": return CallTarget.name(ofResource: refused) == name
        // The names of repositories may have parts.
        case "ecr": return arn.resource == "repository/\(name)"
        default: return arn.name == name
        }
    }
}

extension String {
    /// What stands behind `sid:` in the name of a statement.
    fileprivate var statementName: String? { hasPrefix("sid:") ? String(dropFirst(4)) : nil }
}
