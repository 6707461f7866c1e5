import AccessDenial
import IAMPolicy
import TrailStore

/// What an event that changes permissions touches, and which way.
///
/// Whether a change can be the cause of a denial follows from two things alone, the policy type that it touches and its
/// direction: taking statements away can end an Allow but never makes an explicit Deny, and giving statements can bring a Deny
/// but never ends an Allow. Source: AWS-FACTS section 6; "Actions, resources, and condition keys" of each service.
struct ChangeRule: Sendable, Hashable {
    /// Who or what is affected.
    enum Target: Sendable {
        case user, role, group
        /// A user joins or leaves a group.
        case membership
        /// A managed policy, in whatever role it is attached.
        case managedPolicy
        /// A policy of AWS Organizations at a target.
        case organizationPolicyTarget
        /// The content of a policy of AWS Organizations.
        case organizationPolicy
        case account
        case trust
        /// An identity provider of IAM, whose tokens or assertions open roles.
        case identityProvider
        case endpoint
        case resource
        case accessKey
        /// Which role a function, a task or an instance runs under.
        case workload
        /// A permission set of IAM Identity Center, which Identity Center then writes into roles.
        case permissionSet
        /// Block Public Access of a bucket or of all buckets of an account.
        case publicAccess
        /// What a service grants by itself, outside of IAM's policies: Lake Formation, shared images, delegated administrators.
        case serviceGrant
    }

    /// Which way the change goes.
    enum Direction: Sendable {
        /// Statements come: may bring a Deny, may heal a missing Allow.
        case gives
        /// Statements go: may end an Allow, may heal a Deny.
        case takes
        /// Statements are exchanged: either.
        case replaces
        /// A limit goes: heals both, causes nothing.
        case lifts
        /// Something that conditions look at: either, and never more than possible.
        case touchesConditions
        /// A key was switched off or deleted: an authentication failure, no policy matter.
        case disables
        /// Something new that nothing uses yet: tells a policy's content or a principal's age.
        case creates
        /// Something goes that nobody used any more, or whose users lose no permission by it: what an undo can no longer use.
        case clears
    }

    var source: String
    var names: [String]
    var target: Target
    var direction: Direction
    /// The policy type; `nil` where the change's target decides (a managed policy) or none is concerned.
    var policyType: PolicyType?

    /// Whether the change can cause a refusal of this effect, whatever the policy type.
    func canCause(_ effect: AccessDenial.Effect) -> Bool {
        switch (direction, effect) {
        case (.gives, .explicit), (.takes, .implicit), (.replaces, _), (.touchesConditions, _): true
        case (.gives, .unstated), (.takes, .unstated): true
        case (.gives, .implicit), (.takes, .explicit), (.lifts, _), (.disables, _), (.creates, _), (.clears, _): false
        }
    }

    /// Whether the change can heal a refusal of this effect.
    func canHeal(_ effect: AccessDenial.Effect) -> Bool {
        switch (direction, effect) {
        case (.gives, .implicit), (.takes, .explicit), (.replaces, _), (.lifts, _), (.touchesConditions, _): true
        case (.gives, .unstated), (.takes, .unstated): true
        case (.gives, .explicit), (.takes, .implicit), (.disables, _), (.creates, _), (.clears, _): false
        }
    }
}

/// The events that change permissions, one table.
enum ChangeCatalogue {
    private static let iam = "iam.amazonaws.com"
    private static let organizations = "organizations.amazonaws.com"
    private static let ec2 = "ec2.amazonaws.com"
    private static let s3 = "s3.amazonaws.com"
    private static let sso = "sso.amazonaws.com"

    static let rules: [ChangeRule] = [
        // IAM users, roles and groups.
        row(iam, ["AttachUserPolicy"], .user, .gives, .identityBased),
        row(iam, ["DetachUserPolicy", "DeleteUserPolicy"], .user, .takes, .identityBased),
        row(iam, ["PutUserPolicy"], .user, .replaces, .identityBased),
        row(iam, ["AttachRolePolicy"], .role, .gives, .identityBased),
        row(iam, ["DetachRolePolicy", "DeleteRolePolicy"], .role, .takes, .identityBased),
        row(iam, ["PutRolePolicy"], .role, .replaces, .identityBased),
        row(iam, ["AttachGroupPolicy"], .group, .gives, .identityBased),
        row(iam, ["DetachGroupPolicy", "DeleteGroupPolicy"], .group, .takes, .identityBased),
        row(iam, ["PutGroupPolicy"], .group, .replaces, .identityBased),
        row(iam, ["AddUserToGroup"], .membership, .gives, .identityBased),
        row(iam, ["RemoveUserFromGroup"], .membership, .takes, .identityBased),
        // A boundary only limits: setting one can end an Allow or bring a Deny, deleting it does neither.
        row(iam, ["PutUserPermissionsBoundary"], .user, .replaces, .permissionsBoundary),
        row(iam, ["DeleteUserPermissionsBoundary"], .user, .lifts, .permissionsBoundary),
        row(iam, ["PutRolePermissionsBoundary"], .role, .replaces, .permissionsBoundary),
        row(iam, ["DeleteRolePermissionsBoundary"], .role, .lifts, .permissionsBoundary),
        // What is deleted takes its policies with it.
        row(iam, ["DeleteRole", "DeleteServiceLinkedRole"], .role, .takes, .identityBased),
        row(iam, ["DeleteUser"], .user, .takes, .identityBased),
        row(iam, ["CreateRole"], .role, .creates, nil),
        row(iam, ["CreateUser"], .user, .creates, nil),
        row(iam, ["CreateGroup"], .group, .creates, nil),
        row(iam, ["CreatePolicy"], .managedPolicy, .creates, nil),
        // A default version, an attached policy and a group with members cannot be deleted.
        row(iam, ["DeletePolicy", "DeletePolicyVersion"], .managedPolicy, .clears, nil),
        row(iam, ["DeleteGroup"], .group, .clears, nil),
        // A new default version of a managed policy.
        row(iam, ["CreatePolicyVersion", "SetDefaultPolicyVersion"], .managedPolicy, .replaces, nil),
        row(iam, ["UpdateAssumeRolePolicy"], .trust, .replaces, .roleTrust),
        row(
            iam,
            ["CreateOpenIDConnectProvider", "CreateSAMLProvider", "AddClientIDToOpenIDConnectProvider"],
            .identityProvider, .gives, .roleTrust),
        row(
            iam,
            ["DeleteOpenIDConnectProvider", "DeleteSAMLProvider", "RemoveClientIDFromOpenIDConnectProvider"],
            .identityProvider, .takes, .roleTrust),
        row(
            iam, ["UpdateOpenIDConnectProviderThumbprint", "UpdateSAMLProvider"], .identityProvider, .replaces,
            .roleTrust),
        row(iam, ["TagRole", "UntagRole"], .role, .touchesConditions, .identityBased),
        row(iam, ["TagUser", "UntagUser"], .user, .touchesConditions, .identityBased),
        row("secretsmanager.amazonaws.com", ["TagResource", "UntagResource"], .resource, .touchesConditions, nil),
        row("dynamodb.amazonaws.com", ["TagResource", "UntagResource"], .resource, .touchesConditions, nil),
        row("kms.amazonaws.com", ["TagResource", "UntagResource"], .resource, .touchesConditions, nil),
        row("sns.amazonaws.com", ["TagResource", "UntagResource"], .resource, .touchesConditions, nil),
        row("sqs.amazonaws.com", ["TagQueue", "UntagQueue"], .resource, .touchesConditions, nil),
        row(iam, ["DeactivateMFADevice"], .user, .touchesConditions, .identityBased),
        row(iam, ["UpdateAccessKey", "DeleteAccessKey"], .accessKey, .disables, nil),
        // Which role a workload runs under: another role is another principal.
        row(
            "lambda.amazonaws.com", ["UpdateFunctionConfiguration", "UpdateFunctionConfiguration20150331v2"], .workload,
            .replaces, .identityBased),
        row("ecs.amazonaws.com", ["RegisterTaskDefinition", "UpdateService"], .workload, .replaces, .identityBased),
        row(
            ec2, ["ReplaceIamInstanceProfileAssociation", "AssociateIamInstanceProfile"], .workload, .replaces,
            .identityBased),
        row(
            iam, ["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"], .workload, .replaces, .identityBased),
        row(
            "states.amazonaws.com", ["CreateStateMachine", "UpdateStateMachine"], .workload, .replaces, .identityBased),
        row(
            "eks.amazonaws.com", ["CreatePodIdentityAssociation", "UpdatePodIdentityAssociation"], .workload, .replaces,
            .identityBased),
        row("cognito-identity.amazonaws.com", ["SetIdentityPoolRoles"], .workload, .replaces, .identityBased),
        // Permission sets: what happens to them reaches the roles when they are provisioned.
        row(
            sso, ["AttachManagedPolicyToPermissionSet", "AttachCustomerManagedPolicyReferenceToPermissionSet"],
            .permissionSet, .gives, .identityBased),
        row(
            sso,
            [
                "DetachManagedPolicyFromPermissionSet", "DetachCustomerManagedPolicyReferenceFromPermissionSet",
                "DeleteInlinePolicyFromPermissionSet", "DeleteAccountAssignment",
            ], .permissionSet, .takes, .identityBased),
        row(sso, ["PutInlinePolicyToPermissionSet"], .permissionSet, .replaces, .identityBased),
        row(sso, ["PutPermissionsBoundaryToPermissionSet"], .permissionSet, .replaces, .permissionsBoundary),
        row(sso, ["DeletePermissionsBoundaryFromPermissionSet"], .permissionSet, .lifts, .permissionsBoundary),
        row(
            sso, ["CreatePermissionSet", "UpdatePermissionSet", "ProvisionPermissionSet"], .permissionSet, .creates, nil
        ),
        // AWS Organizations: `nil` because the same events serve service and resource control policies.
        row(organizations, ["AttachPolicy"], .organizationPolicyTarget, .gives, nil),
        row(organizations, ["DetachPolicy"], .organizationPolicyTarget, .takes, nil),
        row(organizations, ["UpdatePolicy"], .organizationPolicy, .replaces, nil),
        row(organizations, ["CreatePolicy"], .organizationPolicy, .creates, nil),
        row(organizations, ["MoveAccount", "AcceptHandshake"], .account, .replaces, nil),
        row(organizations, ["LeaveOrganization", "RemoveAccountFromOrganization"], .account, .lifts, nil),
        // What services grant by themselves.
        row(organizations, ["RegisterDelegatedAdministrator"], .serviceGrant, .gives, .resourceBased),
        row(organizations, ["DeregisterDelegatedAdministrator"], .serviceGrant, .takes, .resourceBased),
        row("lakeformation.amazonaws.com", ["GrantPermissions"], .serviceGrant, .gives, nil),
        row("lakeformation.amazonaws.com", ["RevokePermissions"], .serviceGrant, .takes, nil),
        row(ec2, ["ModifyImageAttribute"], .serviceGrant, .replaces, nil),
        // VPC endpoints: creating one moves the VPC's traffic behind its policy.
        row(ec2, ["ModifyVpcEndpoint", "CreateVpcEndpoint"], .endpoint, .replaces, .vpcEndpoint),
        // Calls that came through a deleted endpoint take another way: conditions on the way see that.
        row(ec2, ["DeleteVpcEndpoints"], .endpoint, .clears, .vpcEndpoint),
        // Block Public Access.
        row(s3, ["PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"], .publicAccess, .replaces, nil),
        row(s3, ["DeleteBucketPublicAccessBlock", "DeleteAccountPublicAccessBlock"], .publicAccess, .lifts, nil),
        // Resource-based policies.
        row(s3, ["PutBucketPolicy"], .resource, .replaces, .resourceBased),
        row(s3, ["DeleteBucketPolicy"], .resource, .takes, .resourceBased),
        row("kms.amazonaws.com", ["CreateKey"], .resource, .creates, .resourceBased),
        row("kms.amazonaws.com", ["PutKeyPolicy"], .resource, .replaces, .resourceBased),
        row("kms.amazonaws.com", ["CreateGrant"], .resource, .gives, .resourceBased),
        row("kms.amazonaws.com", ["RevokeGrant", "RetireGrant"], .resource, .takes, .resourceBased),
        row("sns.amazonaws.com", ["SetTopicAttributes"], .resource, .replaces, .resourceBased),
        row("sns.amazonaws.com", ["AddPermission"], .resource, .gives, .resourceBased),
        row("sns.amazonaws.com", ["RemovePermission"], .resource, .takes, .resourceBased),
        row("sqs.amazonaws.com", ["SetQueueAttributes"], .resource, .replaces, .resourceBased),
        row("sqs.amazonaws.com", ["AddPermission"], .resource, .gives, .resourceBased),
        row("sqs.amazonaws.com", ["RemovePermission"], .resource, .takes, .resourceBased),
        row(
            "lambda.amazonaws.com", ["AddPermission", "AddPermission20150331v2"], .resource, .gives, .resourceBased),
        row(
            "lambda.amazonaws.com", ["RemovePermission", "RemovePermission20150331v2"], .resource, .takes,
            .resourceBased),
        row("secretsmanager.amazonaws.com", ["PutResourcePolicy"], .resource, .replaces, .resourceBased),
        row("secretsmanager.amazonaws.com", ["DeleteResourcePolicy"], .resource, .takes, .resourceBased),
        row("sms-voice.amazonaws.com", ["PutResourcePolicy"], .resource, .replaces, .resourceBased),
        row("sms-voice.amazonaws.com", ["DeleteResourcePolicy"], .resource, .takes, .resourceBased),
        row(
            "ses.amazonaws.com", ["PutIdentityPolicy", "CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy"],
            .resource, .replaces, .resourceBased),
        row(
            "ses.amazonaws.com", ["DeleteIdentityPolicy", "DeleteEmailIdentityPolicy"], .resource, .takes,
            .resourceBased),
        row("dynamodb.amazonaws.com", ["PutResourcePolicy"], .resource, .replaces, .resourceBased),
        row("dynamodb.amazonaws.com", ["DeleteResourcePolicy"], .resource, .takes, .resourceBased),
        row("kinesis.amazonaws.com", ["PutResourcePolicy"], .resource, .replaces, .resourceBased),
        row("kinesis.amazonaws.com", ["DeleteResourcePolicy"], .resource, .takes, .resourceBased),
        row("ecr.amazonaws.com", ["SetRepositoryPolicy"], .resource, .replaces, .resourceBased),
        row("ecr.amazonaws.com", ["DeleteRepositoryPolicy"], .resource, .takes, .resourceBased),
        row("events.amazonaws.com", ["PutPermission"], .resource, .replaces, .resourceBased),
        row("events.amazonaws.com", ["RemovePermission"], .resource, .takes, .resourceBased),
        row("elasticfilesystem.amazonaws.com", ["PutFileSystemPolicy"], .resource, .replaces, .resourceBased),
        row("elasticfilesystem.amazonaws.com", ["DeleteFileSystemPolicy"], .resource, .takes, .resourceBased),
        // What is deleted takes its policy with it, and what is created under its name has none.
        row(s3, ["DeleteBucket"], .resource, .takes, .resourceBased),
        row(s3, ["CreateBucket"], .resource, .creates, .resourceBased),
        row("sqs.amazonaws.com", ["DeleteQueue"], .resource, .takes, .resourceBased),
        row("sqs.amazonaws.com", ["CreateQueue"], .resource, .creates, .resourceBased),
        row("sns.amazonaws.com", ["DeleteTopic"], .resource, .takes, .resourceBased),
        row("sns.amazonaws.com", ["CreateTopic"], .resource, .creates, .resourceBased),
        row("dynamodb.amazonaws.com", ["DeleteTable"], .resource, .takes, .resourceBased),
        row("dynamodb.amazonaws.com", ["CreateTable"], .resource, .creates, .resourceBased),
        row("ecr.amazonaws.com", ["DeleteRepository"], .resource, .takes, .resourceBased),
        row("ecr.amazonaws.com", ["CreateRepository"], .resource, .creates, .resourceBased),
        row("events.amazonaws.com", ["DeleteEventBus"], .resource, .takes, .resourceBased),
        row("events.amazonaws.com", ["CreateEventBus"], .resource, .creates, .resourceBased),
    ]

    private static let byEvent: [String: ChangeRule] = {
        var table: [String: ChangeRule] = [:]
        for rule in rules {
            for name in rule.names { table["\(rule.source) \(name)"] = rule }
        }
        return table
    }()

    /// The rule of an event; `nil` for one that cannot change what the program explains.
    static func rule(source: String, name: String) -> ChangeRule? { byEvent["\(source) \(name)"] }

    /// Whether changes of resource-based policies come from a source.
    static func hasResourcePolicies(_ source: String) -> Bool {
        rules.contains { $0.target == .resource && $0.source == source && $0.policyType == .resourceBased }
    }

    private static func row(
        _ source: String, _ names: [String], _ target: ChangeRule.Target, _ direction: ChangeRule.Direction,
        _ type: PolicyType?
    ) -> ChangeRule {
        ChangeRule(source: source, names: names, target: target, direction: direction, policyType: type)
    }
}
