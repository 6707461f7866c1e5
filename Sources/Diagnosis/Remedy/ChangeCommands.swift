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
        return commands.filter { !$0.isCall("iam", "attach-role-policy", "detach-role-policy") }
    }

    private static func allCommands(for change: TrailChange) -> [ShellCommand] {
        let role = ShellWord.role(change.roleName ?? "")
        let user = ShellWord.user(change.userName ?? "")
        let group = ShellWord.group(change.groupName ?? "")
        let policy = change.policyARN.map(ShellWord.policyARN)
        let inline = change.inlinePolicyName.map(ShellWord.inlinePolicy)
        let region = ShellWord.region(change.change.awsRegion)
        func lines(_ commands: [ShellWord]...) -> [ShellCommand] { commands.map { ShellCommand(["aws"] + $0) } }
        switch change.change.eventName {
        case "AttachRolePolicy":
            guard let policy else { return lines(["iam", "list-attached-role-policies", "--role-name", role]) }
            return lines(
                ["iam", "list-attached-role-policies", "--role-name", role],
                ["iam", "detach-role-policy", "--role-name", role, "--policy-arn", policy])
        case "DetachRolePolicy":
            guard let policy else { return lines(["iam", "list-attached-role-policies", "--role-name", role]) }
            return lines(
                ["iam", "list-attached-role-policies", "--role-name", role],
                ["iam", "attach-role-policy", "--role-name", role, "--policy-arn", policy])
        case "PutRolePolicy":
            guard let inline else { return lines(["iam", "list-role-policies", "--role-name", role]) }
            return lines(["iam", "get-role-policy", "--role-name", role, "--policy-name", inline])
        case "DeleteRolePolicy": return lines(["iam", "list-role-policies", "--role-name", role])
        case "AttachUserPolicy":
            guard let policy else { return lines(["iam", "list-attached-user-policies", "--user-name", user]) }
            return lines(
                ["iam", "list-attached-user-policies", "--user-name", user],
                ["iam", "detach-user-policy", "--user-name", user, "--policy-arn", policy])
        case "DetachUserPolicy":
            guard let policy else { return lines(["iam", "list-attached-user-policies", "--user-name", user]) }
            return lines(
                ["iam", "list-attached-user-policies", "--user-name", user],
                ["iam", "attach-user-policy", "--user-name", user, "--policy-arn", policy])
        case "PutUserPolicy":
            guard let inline else { return lines(["iam", "list-user-policies", "--user-name", user]) }
            return lines(["iam", "get-user-policy", "--user-name", user, "--policy-name", inline])
        case "DeleteUserPolicy": return lines(["iam", "list-user-policies", "--user-name", user])
        case "AttachGroupPolicy":
            guard let policy else { return lines(["iam", "list-attached-group-policies", "--group-name", group]) }
            return lines(["iam", "detach-group-policy", "--group-name", group, "--policy-arn", policy])
        case "DetachGroupPolicy":
            guard let policy else { return lines(["iam", "list-attached-group-policies", "--group-name", group]) }
            return lines(["iam", "attach-group-policy", "--group-name", group, "--policy-arn", policy])
        case "PutGroupPolicy":
            guard let inline else { return lines(["iam", "list-group-policies", "--group-name", group]) }
            return lines(["iam", "get-group-policy", "--group-name", group, "--policy-name", inline])
        case "DeleteGroupPolicy": return lines(["iam", "list-group-policies", "--group-name", group])
        case "AddUserToGroup":
            return lines(
                ["iam", "list-groups-for-user", "--user-name", user],
                ["iam", "remove-user-from-group", "--user-name", user, "--group-name", group])
        case "RemoveUserFromGroup":
            return lines(
                ["iam", "list-groups-for-user", "--user-name", user],
                ["iam", "add-user-to-group", "--user-name", user, "--group-name", group])
        case "PutRolePermissionsBoundary":
            return lines(["iam", "get-role", "--role-name", role, "--query", "Role.PermissionsBoundary"])
        case "PutUserPermissionsBoundary":
            return lines(["iam", "get-user", "--user-name", user, "--query", "User.PermissionsBoundary"])
        case "CreatePolicyVersion", "SetDefaultPolicyVersion":
            guard let policy else { return [] }
            return lines(["iam", "list-policy-versions", "--policy-arn", policy])
        case "UpdateAssumeRolePolicy":
            return lines(["iam", "get-role", "--role-name", role, "--query", "Role.AssumeRolePolicyDocument"])
        case "DeleteOpenIDConnectProvider": return lines(["iam", "list-open-id-connect-providers"])
        case "DeleteSAMLProvider": return lines(["iam", "list-saml-providers"])
        case "RemoveClientIDFromOpenIDConnectProvider", "UpdateOpenIDConnectProviderThumbprint":
            guard let arn = change.providerARN else { return [] }
            let provider: [ShellWord] = ["--open-id-connect-provider-arn", .value(arn, .arn(service: "iam"))]
            let add = change.parameter("clientID").map {
                lines(
                    ["iam", "add-client-id-to-open-id-connect-provider"] + provider + [
                        "--client-id", .value($0, .name("the client id")),
                    ])
            }
            return lines(["iam", "get-open-id-connect-provider"] + provider) + (add ?? [])
        case "UpdateSAMLProvider":
            return change.providerARN.map {
                lines(["iam", "get-saml-provider", "--saml-provider-arn", .value($0, .arn(service: "iam"))])
            } ?? []
        case "CreateRole":
            return lines(
                ["iam", "list-attached-role-policies", "--role-name", role],
                ["iam", "list-role-policies", "--role-name", role])
        case "DeleteRole", "DeleteServiceLinkedRole": return lines(["iam", "get-role", "--role-name", role])
        case "DeleteUser": return lines(["iam", "get-user", "--user-name", user])
        case "CreateUser": return lines(["iam", "list-attached-user-policies", "--user-name", user])
        case "TagRole", "UntagRole": return lines(["iam", "list-role-tags", "--role-name", role])
        case "TagUser", "UntagUser": return lines(["iam", "list-user-tags", "--user-name", user])
        case "AttachPolicy", "DetachPolicy":
            guard let id = change.organizationPolicyID.map(ShellWord.organizationPolicy),
                let target = change.organizationTarget.map({ ShellWord.value($0, .organizationTarget) })
            else { return [] }
            let undo: ShellWord = change.change.eventName == "AttachPolicy" ? "detach-policy" : "attach-policy"
            return lines(
                ["organizations", "describe-policy", "--policy-id", id],
                ["organizations", undo, "--policy-id", id, "--target-id", target])
        case "UpdatePolicy":
            return change.organizationPolicyID.map {
                lines(["organizations", "describe-policy", "--policy-id", .organizationPolicy($0)])
            } ?? []
        case "MoveAccount":
            guard let account = change.organizationTarget.map({ ShellWord.value($0, .account) }) else { return [] }
            return lines(
                ["organizations", "list-parents", "--child-id", account],
                [
                    "organizations", "list-policies-for-target", "--target-id", account, "--filter",
                    "SERVICE_CONTROL_POLICY",
                ])
        case "AddRoleToInstanceProfile":
            guard let name = change.workloadName else { return [] }
            return lines([
                "iam", "get-instance-profile", "--instance-profile-name",
                .value(name, .name("the instance profile's name")),
            ])
        case "SetIdentityPoolRoles":
            guard let pool = change.workloadName else { return [] }
            return lines(
                [
                    "cognito-identity", "get-identity-pool-roles", "--identity-pool-id",
                    .value(pool, .name("the identity pool's id")),
                ] + region)
        case "UpdateStateMachine":
            guard let arn = change.parameter("stateMachineArn") else { return [] }
            return lines(
                [
                    "stepfunctions", "describe-state-machine", "--state-machine-arn",
                    .value(arn, .arn(service: "states")), "--query", "roleArn",
                ] + region)
        case "CreatePodIdentityAssociation", "UpdatePodIdentityAssociation":
            guard let cluster = change.parameter("clusterName"), let id = change.workloadName else { return [] }
            return lines(
                [
                    "eks", "describe-pod-identity-association", "--cluster-name",
                    .value(cluster, .name("the cluster's name")), "--association-id",
                    .value(id, .id("the association's id", prefix: "a-")),
                    "--query", "association.roleArn",
                ] + region)
        case _ where change.isShownByName: return ResourcePolicyCommands.show(change)
        case _ where change.rule?.target == .publicAccess:
            return [PublicAccess.command(showing: change)]
        case _ where change.rule?.target == .serviceGrant: return ServiceGrants.commands(for: change)
        case "ModifyVpcEndpoint", "CreateVpcEndpoint":
            return change.endpointID.map {
                [ShellCommand.showEndpointPolicy($0, region: change.change.awsRegion)]
            } ?? []
        case "PutBucketPolicy", "DeleteBucketPolicy":
            return change.resource.map { lines(["s3api", "get-bucket-policy", "--bucket", .bucket($0)] + region) } ?? []
        case "PutKeyPolicy":
            return change.resource.map {
                lines(["kms", "get-key-policy", "--key-id", .key($0), "--output", "text"] + region)
            } ?? []
        case "RevokeGrant", "RetireGrant", "CreateGrant":
            return change.resource.map { lines(["kms", "list-grants", "--key-id", .key($0)] + region) } ?? []
        case "SetTopicAttributes" where change.rule?.target == .resource:
            return change.resource.map {
                lines(["sns", "get-topic-attributes", "--topic-arn", .value($0, .arn(service: "sns"))] + region)
            } ?? []
        case "SetQueueAttributes" where change.rule?.target == .resource:
            return change.parameter("queueUrl").map {
                lines(
                    [
                        "sqs", "get-queue-attributes", "--queue-url", .value($0, .queueURL), "--attribute-names",
                        "Policy",
                    ]
                        + region)
            } ?? []
        case "PutResourcePolicy" where change.change.eventSource == "secretsmanager.amazonaws.com",
            "DeleteResourcePolicy" where change.change.eventSource == "secretsmanager.amazonaws.com":
            return change.resource.map {
                lines(["secretsmanager", "get-resource-policy", "--secret-id", .secret($0)] + region)
            } ?? []
        case _ where change.functionResource != nil && change.rule?.target == .resource:
            return change.parameter("functionName").map {
                lines(["lambda", "get-policy", "--function-name", .function($0)] + region)
            } ?? []
        case "UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2":
            guard let name = change.workloadName else { return [] }
            return lines(
                ["lambda", "get-function-configuration", "--function-name", .function(name), "--query", "Role"] + region
            )
        case "RegisterTaskDefinition":
            guard let name = change.workloadName else { return [] }
            return lines(
                [
                    "ecs", "describe-task-definition", "--task-definition",
                    .value(name, .nameOrARN("the task definition's name", service: "ecs")), "--query",
                    "taskDefinition.taskRoleArn",
                ] + region)
        case "UpdateService":
            guard let service = change.parameter("service") else { return [] }
            let cluster: [ShellWord] =
                change.parameter("cluster").map {
                    ["--cluster", .value($0, .nameOrARN("the cluster's name", service: "ecs"))]
                } ?? []
            return lines(
                [
                    "ecs", "describe-services", "--services",
                    .value(service, .nameOrARN("the service's name", service: "ecs")),
                ]
                    + cluster + ["--query", "services[].[taskDefinition,deployments[].taskDefinition]"] + region)
        case "ReplaceIamInstanceProfileAssociation", "AssociateIamInstanceProfile":
            guard let name = change.workloadName, name.hasPrefix("i-") else { return [] }
            return lines(
                [
                    "ec2", "describe-iam-instance-profile-associations", "--filters",
                    ShellWord([
                        .ours("Name=instance-id,Values="), .value(name, .id("the instance's id", prefix: "i-")),
                    ]),
                ] + region)
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
                [
                    "aws", "lambda", "update-function-configuration", "--function-name", .function(name), "--role",
                    .value(formerRole.arn, .arn(service: "iam")),
                ] + ShellWord.region(swap.change.change.awsRegion))
        ]
    }
}

extension ShellCommand {
    /// The command that shows the policy of a VPC endpoint.
    static func showEndpointPolicy(_ id: String, region name: String?) -> ShellCommand {
        ShellCommand(
            [
                "aws", "ec2", "describe-vpc-endpoints", "--vpc-endpoint-ids",
                .value(id, .id("the VPC endpoint's id", prefix: "vpce-")), "--query", "VpcEndpoints[].PolicyDocument",
                "--output", "text",
            ] + ShellWord.region(name))
    }

    /// The commands that show the policies of a group's endpoints. They lie in the Region of the calls.
    static func showEndpointPolicies(_ facts: GroupFacts, limit: Int) -> [ShellCommand] {
        let regions = facts.group.regions
        return facts.group.vpcEndpointIds.prefix(limit).map {
            showEndpointPolicy($0.value, region: regions.count == 1 ? regions[0].value : nil)
        }
    }
}
