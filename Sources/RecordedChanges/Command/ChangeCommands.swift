import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
package import Wording

/// AWS CLI commands that show what a change left behind, and that undo it where one command can.
package enum ChangeCommands {
    package static func commands(for change: TrailChange) -> [ShellCommand] {
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
        switch change.changeName {
        case .attachRolePolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role])] }
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamDetachRolePolicy, ["--role-name", role, "--policy-arn", policy]),
            ]
        case .detachRolePolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role])] }
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamAttachRolePolicy, ["--role-name", role, "--policy-arn", policy]),
            ]
        case .putRolePolicy:
            guard let inline else { return [ShellCommand(.iamListRolePolicies, ["--role-name", role])] }
            return [ShellCommand(.iamGetRolePolicy, ["--role-name", role, "--policy-name", inline])]
        case .deleteRolePolicy: return [ShellCommand(.iamListRolePolicies, ["--role-name", role])]
        case .attachUserPolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])] }
            return [
                ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user]),
                ShellCommand(.iamDetachUserPolicy, ["--user-name", user, "--policy-arn", policy]),
            ]
        case .detachUserPolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])] }
            return [
                ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user]),
                ShellCommand(.iamAttachUserPolicy, ["--user-name", user, "--policy-arn", policy]),
            ]
        case .putUserPolicy:
            guard let inline else { return [ShellCommand(.iamListUserPolicies, ["--user-name", user])] }
            return [ShellCommand(.iamGetUserPolicy, ["--user-name", user, "--policy-name", inline])]
        case .deleteUserPolicy: return [ShellCommand(.iamListUserPolicies, ["--user-name", user])]
        case .attachGroupPolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamDetachGroupPolicy, ["--group-name", group, "--policy-arn", policy])]
        case .detachGroupPolicy:
            guard let policy else { return [ShellCommand(.iamListAttachedGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamAttachGroupPolicy, ["--group-name", group, "--policy-arn", policy])]
        case .putGroupPolicy:
            guard let inline else { return [ShellCommand(.iamListGroupPolicies, ["--group-name", group])] }
            return [ShellCommand(.iamGetGroupPolicy, ["--group-name", group, "--policy-name", inline])]
        case .deleteGroupPolicy: return [ShellCommand(.iamListGroupPolicies, ["--group-name", group])]
        case .addUserToGroup:
            return [
                ShellCommand(.iamListGroupsForUser, ["--user-name", user]),
                ShellCommand(.iamRemoveUserFromGroup, ["--user-name", user, "--group-name", group]),
            ]
        case .removeUserFromGroup:
            return [
                ShellCommand(.iamListGroupsForUser, ["--user-name", user]),
                ShellCommand(.iamAddUserToGroup, ["--user-name", user, "--group-name", group]),
            ]
        case .putRolePermissionsBoundary:
            return [ShellCommand(.iamGetRole, ["--role-name", role, "--query", "Role.PermissionsBoundary"])]
        case .putUserPermissionsBoundary:
            return [ShellCommand(.iamGetUser, ["--user-name", user, "--query", "User.PermissionsBoundary"])]
        case .createPolicyVersion, .setDefaultPolicyVersion:
            guard let policy else { return [] }
            return [ShellCommand(.iamListPolicyVersions, ["--policy-arn", policy])]
        case .updateAssumeRolePolicy:
            return [ShellCommand(.iamGetRole, ["--role-name", role, "--query", "Role.AssumeRolePolicyDocument"])]
        case .deleteOpenIDConnectProvider: return [ShellCommand(.iamListOpenIdConnectProviders)]
        case .deleteSAMLProvider: return [ShellCommand(.iamListSamlProviders)]
        case .removeClientIDFromOpenIDConnectProvider, .updateOpenIDConnectProviderThumbprint:
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
        case .updateSAMLProvider:
            return change.providerARN.map {
                [ShellCommand(.iamGetSamlProvider, ["--saml-provider-arn", .value($0, .arn(service: "iam"))])]
            } ?? []
        case .createRole:
            return [
                ShellCommand(.iamListAttachedRolePolicies, ["--role-name", role]),
                ShellCommand(.iamListRolePolicies, ["--role-name", role]),
            ]
        case .deleteRole, .deleteServiceLinkedRole: return [ShellCommand(.iamGetRole, ["--role-name", role])]
        case .deleteUser: return [ShellCommand(.iamGetUser, ["--user-name", user])]
        case .createUser: return [ShellCommand(.iamListAttachedUserPolicies, ["--user-name", user])]
        case .tagRole, .untagRole: return [ShellCommand(.iamListRoleTags, ["--role-name", role])]
        case .tagUser, .untagUser: return [ShellCommand(.iamListUserTags, ["--user-name", user])]
        case .attachPolicy, .detachPolicy:
            guard let id = change.organizationPolicyID.map(ShellWord.organizationPolicy),
                let target = change.organizationTarget.map({ ShellWord.value($0, .organizationTarget) })
            else { return [] }
            let undo: AWSOperation =
                change.changeName == .attachPolicy ? .organizationsDetachPolicy : .organizationsAttachPolicy
            return [
                ShellCommand(.organizationsDescribePolicy, ["--policy-id", id]),
                ShellCommand(undo, ["--policy-id", id, "--target-id", target]),
            ]
        case .updatePolicy:
            return change.organizationPolicyID.map {
                [PolicyCommands.organizationPolicy($0)]
            } ?? []
        case .moveAccount:
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
        case .addRoleToInstanceProfile:
            guard let name = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .iamGetInstanceProfile,
                    [
                        "--instance-profile-name",
                        .value(name, .name("the instance profile's name")),
                    ])
            ]
        case .setIdentityPoolRoles:
            guard let pool = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .cognitoIdentityGetIdentityPoolRoles,
                    [
                        "--identity-pool-id",
                        .value(pool, .name("the identity pool's id")),
                    ] + region)
            ]
        case .updateStateMachine:
            guard let arn = change.parameter("stateMachineArn") else { return [] }
            return [
                ShellCommand(
                    .stepfunctionsDescribeStateMachine,
                    [
                        "--state-machine-arn",
                        .value(arn, .arn(service: "states")), "--query", "roleArn",
                    ] + region)
            ]
        case .createPodIdentityAssociation, .updatePodIdentityAssociation:
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
            return [publicAccess(change)]
        case _ where change.rule?.target == .serviceGrant: return grantCommands(for: change)
        case .modifyVpcEndpoint, .createVpcEndpoint:
            return change.endpointID.map {
                [PolicyCommands.endpoint($0, region: change.change.awsRegion)]
            } ?? []
        case .putBucketPolicy, .deleteBucketPolicy:
            return change.resource.map { [ShellCommand(.s3apiGetBucketPolicy, ["--bucket", .bucket($0)] + region)] }
                ?? []
        case .putKeyPolicy:
            return change.resource.map {
                [ShellCommand(.kmsGetKeyPolicy, ["--key-id", .key($0), "--output", "text"] + region)]
            } ?? []
        case .revokeGrant, .retireGrant, .createGrant:
            return change.resource.map { [ShellCommand(.kmsListGrants, ["--key-id", .key($0)] + region)] } ?? []
        case .setTopicAttributes where change.rule?.target == .resource:
            return change.resource.map {
                [ShellCommand(.snsGetTopicAttributes, ["--topic-arn", .value($0, .arn(service: "sns"))] + region)]
            } ?? []
        case .setQueueAttributes where change.rule?.target == .resource:
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
        case .putResourcePolicy where change.change.eventSource == "secretsmanager.amazonaws.com",
            .deleteResourcePolicy where change.change.eventSource == "secretsmanager.amazonaws.com":
            return change.resource.map {
                [ShellCommand(.secretsmanagerGetResourcePolicy, ["--secret-id", .secret($0)] + region)]
            } ?? []
        case _ where change.functionResource != nil && change.rule?.target == .resource:
            return change.parameter("functionName").map {
                [ShellCommand(.lambdaGetPolicy, ["--function-name", .function($0)] + region)]
            } ?? []
        case .updateFunctionConfiguration:
            guard let name = change.workloadName else { return [] }
            return [
                ShellCommand(
                    .lambdaGetFunctionConfiguration, ["--function-name", .function(name), "--query", "Role"] + region)
            ]
        case .registerTaskDefinition:
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
        case .updateService:
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
        case .replaceIamInstanceProfileAssociation, .associateIamInstanceProfile:
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
}
