import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore

extension TrailChange {
    /// Whether the change is made on this very role or user.
    package func concerns(_ principal: PrincipalName) -> Bool {
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
    package var emptiesPolicy: Bool { edits.contains { $0.lane.kind == .policy && $0.operation == .replaceAll([:]) } }

    /// The ARN of the identity provider of IAM that the change is made on.
    package var providerARN: String? { holder(.identityProvider)?.name }

    /// Whether a resource was deleted, and its policy with it.
    package var deletesResource: Bool {
        rule?.target == .resource
            && edits.contains { $0.lane.kind == .existence && $0.operation == .replaceAll([:]) }
    }

    /// The name of the one statement that the change adds to the policy of a resource.
    package var addedStatement: String? {
        edits.lazy.compactMap { edit in
            if case .set(let name, _) = edit.operation, edit.lane.kind == .policy { name.statementName } else { nil }
        }.first
    }

    /// The name of the one statement that the change takes out of the policy of a resource.
    package var removedStatement: String? {
        edits.lazy.compactMap { if case .removeStatement(let sid) = $0.operation { sid } else { nil } }.first
    }

    /// `function:NAME`, or `function:NAME:QUALIFIER`, of a change of a function's policy: each alias has its own.
    package var functionResource: String? {
        guard change.eventSource == "lambda.amazonaws.com", let name = parameter("functionName") ?? change.target
        else { return nil }
        if let arn = ARN(name), arn.resource.split(separator: ":").count > 2 { return arn.resource }
        let function = "function:\(CallTarget.name(in: name))"
        return parameter("qualifier").map { "\(function):\($0)" } ?? function
    }

    /// Whether IAM Identity Center itself made the change.
    package var isOfIdentityCenter: Bool { PrincipalName(change.actor).name == "AWSServiceRoleForSSO" }

    /// Whether the change is made on what an ARN names, or on what that lies in.
    package func isMade(on arn: String) -> Bool {
        Holder.resource(arn: arn).map { holder in edits.contains { $0.lane.holder == holder } } ?? false
    }

    /// Whether the change wrote, or took away, the trust policy of the role with this ARN.
    package func isTrust(ofRole arn: String) -> Bool { isMade(on: arn) && edits.contains { $0.lane.kind == .trust } }
}

extension String {
    /// What stands behind `sid:` in the name of a statement.
    fileprivate var statementName: String? { hasPrefix("sid:") ? String(dropFirst(4)) : nil }
}
