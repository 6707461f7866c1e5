import IAMPolicy
package import Wording

/// AWS CLI commands that show policies, for remedies and checklist alike. Those of resources are ``ResourcePolicyCommands``'.
package enum PolicyCommands {
    /// Where commands of AWS Organizations work.
    package static let inManagementAccount: Prose =
        "AWS Organizations commands work only in the management account (or a delegated administrator)."

    /// Who the credentials at hand belong to.
    package static let callerIdentity = ShellCommand(.stsGetCallerIdentity)

    /// The managed policies of a role or a user.
    package static func attachedPolicies(of principal: PrincipalName) -> [ShellCommand] {
        switch principal.kind {
        case .role: [ShellCommand(.iamListAttachedRolePolicies, ["--role-name", .role(principal.name)])]
        case .user: [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", .user(principal.name)])]
        case .root, .federatedUser, .service, .other: []
        }
    }

    /// All policies of a role or a user, and a user's groups.
    package static func policies(of principal: PrincipalName) -> [ShellCommand] {
        let name = principal.name
        return switch principal.kind {
        case .role:
            attachedPolicies(of: principal) + [ShellCommand(.iamListRolePolicies, ["--role-name", .role(name)])]
        case .user:
            attachedPolicies(of: principal) + [
                ShellCommand(.iamListUserPolicies, ["--user-name", .user(name)]),
                ShellCommand(.iamListGroupsForUser, ["--user-name", .user(name)]),
            ]
        case .root, .federatedUser, .service, .other: []
        }
    }

    /// The boundary of a role or a user.
    package static func boundary(of principal: PrincipalName) -> [ShellCommand] {
        switch principal.kind {
        case .role:
            [ShellCommand(.iamGetRole, ["--role-name", .role(principal.name), "--query", "Role.PermissionsBoundary"])]
        case .user:
            [ShellCommand(.iamGetUser, ["--user-name", .user(principal.name), "--query", "User.PermissionsBoundary"])]
        case .root, .federatedUser, .service, .other: []
        }
    }

    /// The trust policy of a role.
    package static func trust(ofRole name: String) -> ShellCommand {
        ShellCommand(.iamGetRole, ["--role-name", .role(name), "--query", "Role.AssumeRolePolicyDocument"])
    }

    /// A managed policy, or one of the organization.
    package static func policy(_ arn: String) -> ShellCommand? {
        guard let parsed = ARN(arn) else { return nil }
        return parsed.service == "organizations"
            ? organizationPolicy(parsed.name) : ShellCommand(.iamGetPolicy, ["--policy-arn", .policyARN(arn)])
    }

    /// The version of a managed policy that is in force, or a policy of the organization.
    package static func managedPolicy(_ arn: String) -> [ShellCommand] {
        if let parsed = ARN(arn), parsed.service == "organizations" { return [organizationPolicy(parsed.name)] }
        return [
            ShellCommand(
                .iamListPolicyVersions, ["--policy-arn", .policyARN(arn), "--query", "Versions[?IsDefaultVersion]"])
        ]
    }

    /// Who has a managed policy.
    package static func holders(ofPolicy arn: String) -> [ShellCommand] {
        [ShellCommand(.iamListEntitiesForPolicy, ["--policy-arn", .policyARN(arn)])]
    }

    /// A policy of the organization by its id.
    package static func organizationPolicy(_ id: String) -> ShellCommand {
        ShellCommand(.organizationsDescribePolicy, ["--policy-id", .organizationPolicy(id)])
    }

    /// The service control policies that are attached to an account itself.
    package static func serviceControlPolicies(ofAccount account: String) -> [ShellCommand] {
        guard ValueForm.isAccount(account) else { return [] }
        return [
            ShellCommand(
                .organizationsListPoliciesForTarget,
                ["--target-id", .value(account, .account), "--filter", "SERVICE_CONTROL_POLICY"])
        ]
    }

    /// The policy of a VPC endpoint.
    package static func endpoint(_ id: String, region name: String?) -> ShellCommand {
        ShellCommand(
            .ec2DescribeVpcEndpoints,
            [
                "--vpc-endpoint-ids", .value(id, .id("the VPC endpoint's id", prefix: "vpce-")), "--query",
                "VpcEndpoints[].PolicyDocument", "--output", "text",
            ] + ShellWord.region(name))
    }

    /// What the principal's policies say of a call today.
    package static func simulation(of principal: PrincipalName, action: String, on resource: String?) -> [ShellCommand]
    {
        guard principal.kind == .role || principal.kind == .user, action.contains(":") else { return [] }
        var words: [ShellWord] = [
            "--policy-source-arn", .value(principal.arn, .arn(service: "iam")), "--action-names",
            .value(action, .action),
        ]
        if let resource { words += ["--resource-arns", .value(resource, .arn(service: nil))] }
        return [ShellCommand(.iamSimulatePrincipalPolicy, words)]
    }
}
