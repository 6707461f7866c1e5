import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// AWS CLI commands that show what a change left behind, and that undo it where one command can.
enum ChangeCommands {
    static func commands(for change: TrailChange) -> [ShellCommand] {
        let commands = allCommands(for: change)
        // The roles of IAM Identity Center and of services can be looked at with IAM, and not be changed.
        guard let role = change.roleName, ProtectedRole.owner(ofRole: role) != nil else { return commands }
        return commands.filter { ![.iamAttachRolePolicy, .iamDetachRolePolicy].contains($0.operation) }
    }

    private static func allCommands(for change: TrailChange) -> [ShellCommand] {
        let role = ShellWord.role(change.roleName ?? "")
        let user = ShellWord.user(change.userName ?? "")
        let group = ShellWord.group(change.groupName ?? "")
        let policy = change.policyARN.map(ShellWord.policyARN)
        let inline = change.inlinePolicyName.map(ShellWord.inlinePolicy)
        let region = ShellWord.region(change.change.awsRegion)
        switch change.change.eventName {
        case "AttachRolePolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role])] }
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamDetachRolePolicy, ["--role-name", role, "--policy-arn", policy]),
            ]
        case "DetachRolePolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role])] }
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamAttachRolePolicy, ["--role-name", role, "--policy-arn", policy]),
            ]
        case "PutRolePolicy":
            guard let inline else { return [ShellCommand(.iamListRolePolicies, ["--role-name", role])] }
            return [ShellCommand(.iamGetRolePolicy, ["--role-name", role, "--policy-name", inline])]
        case "DeleteRolePolicy": return [ShellCommand(.iamListRolePolicies, ["--role-name", role])]
        case "AttachUserPolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])] }
            return [
                ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user]),
                ShellCommand(.iamDetachUserPolicy, ["--user-name", user, "--policy-arn", policy]),
            ]
        case "DetachUserPolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])] }
            return [
                ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user]),
                ShellCommand(.iamAttachUserPolicy, ["--user-name", user, "--policy-arn", policy]),
            ]
        case "PutUserPolicy":
            guard let inline else { return [ShellCommand(.iamListUserPolicies, ["--user-name", user])] }
            return [ShellCommand(.iamGetUserPolicy, ["--user-name", user, "--policy-name", inline])]
        case "DeleteUserPolicy": return [ShellCommand(.iamListUserPolicies, ["--user-name", user])]
        case "AttachGroupPolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamDetachGroupPolicy, ["--group-name", group, "--policy-arn", policy])]
        case "DetachGroupPolicy":
            guard let policy else { return [ShellCommand(.iamListAttachedGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamAttachGroupPolicy, ["--group-name", group, "--policy-arn", policy])]
        case "PutGroupPolicy":
            guard let inline else { return [ShellCommand(.iamListGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamGetGroupPolicy, ["--group-name", group, "--policy-name", inline])]
        case "DeleteGroupPolicy": return [ShellCommand(.iamListGroupPolicies, ["--group-name", group])]
        case "AddUserToGroup":
            return [
                ShellCommand(.iamListGroupsForUser, ["--user-name", user]),
                ShellCommand(.iamRemoveUserFromGroup, ["--user-name", user, "--group-name", group]),
            ]
        case "RemoveUserFromGroup":
            return [
                ShellCommand(.iamListGroupsForUser, ["--user-name", user]),
                ShellCommand(.iamAddUserToGroup, ["--user-name", user, "--group-name", group]),
            ]
        case "PutRolePermissionsBoundary":
            return [ShellCommand(.iamGetRole, ["--role-name", role, "--query", "Role.PermissionsBoundary"])]
        case "PutUserPermissionsBoundary":
            return [ShellCommand(.iamGetUser, ["--user-name", user, "--query", "User.PermissionsBoundary"])]
        case "CreatePolicyVersion", "SetDefaultPolicyVersion":
            guard let policy else { return [] }
            return [ShellCommand(.iamListPolicyVersions, ["--policy-arn", policy])]
        case "UpdateAssumeRolePolicy":
            return [ShellCommand(.iamGetRole, ["--role-name", role, "--query", "Role.AssumeRolePolicyDocument"])]
        case "DeleteOpenIDConnectProvider": return [ShellCommand(.iamListOpenIdConnectProviders)]
        case "DeleteSAMLProvider": return [ShellCommand(.iamListSamlProviders)]
        case "RemoveClientIDFromOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint":
            guard let arn = change.providerARN else { return [] }
            let provider: [ShellWord] = ["--open-id-connect-provider-arn", .value(arn, .arn(service: "iam"))]
            let add = change.parameter("clientID").map {
                [
                    ShellCommand(
                        .iamAddClientIdToOpenIdConnectProvider,
                        provider + [
                            "--client-id", .value($0, .name("the client id")),
                        ])
                ]
            }
            return [ShellCommand(.iamGetOpenIdConnectProvider, provider)] + (add ?? [])
        case "UpdateSAMLProvider":
            return change.providerARN.map {
                [ShellCommand(.iamGetSamlProvider, ["--saml-provider-arn", .value($0, .arn(service: "iam"))])]
            } ?? []
        case "CreateRole":
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamListRolePolicies, ["--role-name", role]),
            ]
        case "DeleteRole", "DeleteServiceLinkedRole": return [ShellCommand(.iamGetRole, ["--role-name", role])]
        case "DeleteUser": return [ShellCommand(.iamGetUser, ["--user-name", user])]
        case "CreateUser": return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])]
        case "TagRole", "UntagRole": return [ShellCommand(.iamListRoleTags, ["--role-name", role])]
        case "TagUser", "UntagUser": return [ShellCommand(.iamListUserTags, ["--user-name", user])]
        case "AttachPolicy", "DetachPolicy":
            guard let id = change.organizationPolicyID.map(ShellWord.organizationPolicy),
                let target = change.organizationTarget.map({ ShellWord.value($0, .organizationTarget) })
            else { return [] }
            let undo: AWSOperation =
                change.change.eventName == "AttachPolicy" ? .organizationsDetachPolicy : .organizationsAttachPolicy
            return [
                ShellCommand(.organizationsDescribePolicy, ["--policy-id", id]),
                ShellCommand(undo, ["--policy-id", id, "--target-id", target]),
            ]
        case "UpdatePolicy":
            return change.organizationPolicyID.map {
                [PolicyCommands.organizationPolicy($0)]
            } ?? []
        case "MoveAccount":
            guard let account = change.organizationTarget.map({ ShellWord.value($0, .account) }) else { return [] }
            return [
                ShellCommand(.organizationsListParents, ["--child-id", account]),
                ShellCommand(
                    .organizationsListPoliciesForTarget,
                    [
                        "--target-id", account, "--filter",
                        "SERVICE_CONTROL_POLICY",
                    ]),
            ]
        case "AddRoleToInstanceProfile":
            guard let name = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .iamGetInstanceProfile,
                    [
                        "--instance-profile-name",
                        .value(name, .name("the instance profile's name")),
                    ])
            ]
        case "SetIdentityPoolRoles":
            guard let pool = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .cognitoIdentityGetIdentityPoolRoles,
                    [
                        "--identity-pool-id",
                        .value(pool, .name("the identity pool's id")),
                    ] + region)
            ]
        case "UpdateStateMachine":
            guard let arn = change.parameter("stateMachineArn") else { return [] }
            return [
                ShellCommand(
                    .stepfunctionsDescribeStateMachine,
                    [
                        "--state-machine-arn",
                        .value(arn, .arn(service: "states")), "--query", "roleArn",
                    ] + region)
            ]
        case "CreatePodIdentityAssociation", "UpdatePodIdentityAssociation":
            guard let cluster = change.parameter("clusterName"), let id = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .eksDescribePodIdentityAssociation,
                    [
                        "--cluster-name",
                        .value(cluster, .name("the cluster's name")), "--association-id",
                        .value(id, .id("the association's id", prefix: "a-")),
                        "--query", "association.roleArn",
                    ] + region)
            ]
        case _ where change.isShownByName: return ResourcePolicyCommands.show(change)
        case _ where change.rule?.target == .publicAccess:
            return [PublicAccess.command(showing: change)]
        case _ where change.rule?.target == .serviceGrant: return ServiceGrants.commands(for: change)
        case "ModifyVpcEndpoint", "CreateVpcEndpoint":
            return change.endpointID.map {
                [PolicyCommands.endpoint($0, region: change.change.awsRegion)]
            } ?? []
        case "PutBucketPolicy", "DeleteBucketPolicy":
            return change.resource.map { [ShellCommand(.s3apiGetBucketPolicy, ["--bucket", .bucket($0)] + region)] }
                ?? []
        case "PutKeyPolicy":
            return change.resource.map {
                [ShellCommand(.kmsGetKeyPolicy, ["--key-id", .key($0), "--output", "text"] + region)]
            } ?? []
        case "RevokeGrant", "RetireGrant", "CreateGrant":
            return change.resource.map { [ShellCommand(.kmsListGrants, ["--key-id", .key($0)] + region)] } ?? []
        case "SetTopicAttributes" where change.rule?.target == .resource:
            return change.resource.map {
                [ShellCommand(.snsGetTopicAttributes, ["--topic-arn", .value($0, .arn(service: "sns"))] + region)]
            } ?? []
        case "SetQueueAttributes" where change.rule?.target == .resource:
            return change.parameter("queueUrl").map {
                [
                    ShellCommand(
                        .sqsGetQueueAttributes,
                        [
                            "--queue-url", .value($0, .queueURL), "--attribute-names",
                            "Policy",
                        ]
                            + region)
                ]
            } ?? []
        case "PutResourcePolicy" where change.change.eventSource == "secretsmanager.amazonaws.com",
            "DeleteResourcePolicy" where change.change.eventSource == "secretsmanager.amazonaws.com":
            return change.resource.map {
                [ShellCommand(.secretsmanagerGetResourcePolicy, ["--secret-id", .secret($0)] + region)]
            } ?? []
        case _ where change.functionResource != nil && change.rule?.target == .resource:
            return change.parameter("functionName").map {
                [ShellCommand(.lambdaGetPolicy, ["--function-name", .function($0)] + region)]
            } ?? []
        case "UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2":
            guard let name = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .lambdaGetFunctionConfiguration, ["--function-name", .function(name), "--query", "Role"] + region)
            ]
        case "RegisterTaskDefinition":
            guard let name = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .ecsDescribeTaskDefinition,
                    [
                        "--task-definition",
                        .value(name, .nameOrARN("the task definition's name", service: "ecs")), "--query",
                        "taskDefinition.taskRoleArn",
                    ] + region)
            ]
        case "UpdateService":
            guard let service = change.parameter("service") else { return [] }
            let cluster: [ShellWord] =
                change.parameter("cluster").map {
                    ["--cluster", .value($0, .nameOrARN("the cluster's name", service: "ecs"))]
                } ?? []
            return [
                ShellCommand(
                    .ecsDescribeServices,
                    [
                        "--services",
                        .value(service, .nameOrARN("the service's name", service: "ecs")),
                    ]
                        + cluster + ["--query", "services[].[taskDefinition,deployments[].taskDefinition]"] + region)
            ]
        case "ReplaceIamInstanceProfileAssociation", "AssociateIamInstanceProfile":
            guard let name = change.workloadName, name.hasPrefix("i-") else { return [] }
            return [
                ShellCommand(
                    .ec2DescribeIamInstanceProfileAssociations,
                    [
                        "--filters",
                        ShellWord([
                            .ours("Name=instance-id,Values="), .value(name, .id("the instance's id", prefix: "i-")),
                        ]),
                    ] + region)
            ]
        default: return []
        }
    }

    /// What lets a workload run under its former role again, where one command does that.
    static func commands(undoing swap: RoleSwap, formerRole: PrincipalName) -> [ShellCommand] {
        guard swap.change.change.eventSource == "lambda.amazonaws.com", let name = swap.change.workloadName else {
            return []
        }
        return [
            ShellCommand(
                .lambdaUpdateFunctionConfiguration,
                [
                    "--function-name", .function(name), "--role",
                    .value(formerRole.arn, .arn(service: "iam")),
                ] + ShellWord.region(swap.change.change.awsRegion))
        ]
    }
}
