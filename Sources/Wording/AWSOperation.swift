/// The calls of the AWS CLI that commands are made of, each once. Source: the AWS CLI command reference.
package enum AWSOperation: String, CaseIterable {
    case apigatewayGetAuthorizers = "apigateway get-authorizers"
    case apigatewayGetResources = "apigateway get-resources"
    case apigatewayGetRestApi = "apigateway get-rest-api"
    case apigatewayGetStage = "apigateway get-stage"
    case apigatewayGetUsagePlans = "apigateway get-usage-plans"
    case cloudtrailDescribeTrails = "cloudtrail describe-trails"
    case cognitoIdentityGetIdentityPoolRoles = "cognito-identity get-identity-pool-roles"
    case dynamodbGetResourcePolicy = "dynamodb get-resource-policy"
    case ec2DescribeFlowLogs = "ec2 describe-flow-logs"
    case ec2DescribeIamInstanceProfileAssociations = "ec2 describe-iam-instance-profile-associations"
    case ec2DescribeImageAttribute = "ec2 describe-image-attribute"
    case ec2DescribeNetworkInterfaces = "ec2 describe-network-interfaces"
    case ec2DescribeVpcEndpoints = "ec2 describe-vpc-endpoints"
    case ec2ModifyImageAttribute = "ec2 modify-image-attribute"
    case ecrGetRepositoryPolicy = "ecr get-repository-policy"
    case ecsDescribeServices = "ecs describe-services"
    case ecsDescribeTaskDefinition = "ecs describe-task-definition"
    case efsDescribeFileSystemPolicy = "efs describe-file-system-policy"
    case eksDescribePodIdentityAssociation = "eks describe-pod-identity-association"
    case eventsDescribeEventBus = "events describe-event-bus"
    case iamAddClientIdToOpenIdConnectProvider = "iam add-client-id-to-open-id-connect-provider"
    case iamAddUserToGroup = "iam add-user-to-group"
    case iamAttachGroupPolicy = "iam attach-group-policy"
    case iamAttachRolePolicy = "iam attach-role-policy"
    case iamAttachUserPolicy = "iam attach-user-policy"
    case iamCreateServiceLinkedRole = "iam create-service-linked-role"
    case iamDetachGroupPolicy = "iam detach-group-policy"
    case iamDetachRolePolicy = "iam detach-role-policy"
    case iamDetachUserPolicy = "iam detach-user-policy"
    case iamGenerateServiceLastAccessedDetails = "iam generate-service-last-accessed-details"
    case iamGetGroupPolicy = "iam get-group-policy"
    case iamGetInstanceProfile = "iam get-instance-profile"
    case iamGetOpenIdConnectProvider = "iam get-open-id-connect-provider"
    case iamGetPolicy = "iam get-policy"
    case iamGetRole = "iam get-role"
    case iamGetRolePolicy = "iam get-role-policy"
    case iamGetSamlProvider = "iam get-saml-provider"
    case iamGetUser = "iam get-user"
    case iamGetUserPolicy = "iam get-user-policy"
    case iamListAccessKeys = "iam list-access-keys"
    case iamListAttachedGroupPolicies = "iam list-attached-group-policies"
    case iamListAttachedRolePolicies = "iam list-attached-role-policies"
    case iamListAttachedUserPolicies = "iam list-attached-user-policies"
    case iamListEntitiesForPolicy = "iam list-entities-for-policy"
    case iamListGroupPolicies = "iam list-group-policies"
    case iamListGroupsForUser = "iam list-groups-for-user"
    case iamListOpenIdConnectProviders = "iam list-open-id-connect-providers"
    case iamListPolicyVersions = "iam list-policy-versions"
    case iamListRolePolicies = "iam list-role-policies"
    case iamListRoleTags = "iam list-role-tags"
    case iamListSamlProviders = "iam list-saml-providers"
    case iamListUserPolicies = "iam list-user-policies"
    case iamListUserTags = "iam list-user-tags"
    case iamPutRolePermissionsBoundary = "iam put-role-permissions-boundary"
    case iamPutUserPermissionsBoundary = "iam put-user-permissions-boundary"
    case iamRemoveUserFromGroup = "iam remove-user-from-group"
    case iamSetDefaultPolicyVersion = "iam set-default-policy-version"
    case iamSimulatePrincipalPolicy = "iam simulate-principal-policy"
    case iamTagRole = "iam tag-role"
    case iamTagUser = "iam tag-user"
    case kinesisGetResourcePolicy = "kinesis get-resource-policy"
    case kmsCreateGrant = "kms create-grant"
    case kmsDescribeKey = "kms describe-key"
    case kmsGetKeyPolicy = "kms get-key-policy"
    case kmsListGrants = "kms list-grants"
    case lakeformationListPermissions = "lakeformation list-permissions"
    case lambdaAddLayerVersionPermission = "lambda add-layer-version-permission"
    case lambdaAddPermission = "lambda add-permission"
    case lambdaGetFunctionConfiguration = "lambda get-function-configuration"
    case lambdaGetLayerVersionPolicy = "lambda get-layer-version-policy"
    case lambdaGetPolicy = "lambda get-policy"
    case lambdaUpdateFunctionConfiguration = "lambda update-function-configuration"
    case logsFilterLogEvents = "logs filter-log-events"
    case logsTail = "logs tail"
    case organizationsAttachPolicy = "organizations attach-policy"
    case organizationsDescribePolicy = "organizations describe-policy"
    case organizationsDetachPolicy = "organizations detach-policy"
    case organizationsListDelegatedAdministrators = "organizations list-delegated-administrators"
    case organizationsListParents = "organizations list-parents"
    case organizationsListPoliciesForTarget = "organizations list-policies-for-target"
    case organizationsRegisterDelegatedAdministrator = "organizations register-delegated-administrator"
    case pinpointGetApps = "pinpoint get-apps"
    case pinpointSmsVoiceV2GetResourcePolicy = "pinpoint-sms-voice-v2 get-resource-policy"
    case route53resolverListResolverQueryLogConfigs = "route53resolver list-resolver-query-log-configs"
    case s3Sync = "s3 sync"
    case s3apiGetBucketLogging = "s3api get-bucket-logging"
    case s3apiGetBucketPolicy = "s3api get-bucket-policy"
    case s3apiGetPublicAccessBlock = "s3api get-public-access-block"
    case s3controlGetPublicAccessBlock = "s3control get-public-access-block"
    case secretsmanagerDescribeSecret = "secretsmanager describe-secret"
    case secretsmanagerGetResourcePolicy = "secretsmanager get-resource-policy"
    case secretsmanagerTagResource = "secretsmanager tag-resource"
    case snsGetTopicAttributes = "sns get-topic-attributes"
    case sqsGetQueueAttributes = "sqs get-queue-attributes"
    case ssoAdminAttachCustomerManagedPolicyReferenceToPermissionSet =
        "sso-admin attach-customer-managed-policy-reference-to-permission-set"
    case ssoAdminAttachManagedPolicyToPermissionSet = "sso-admin attach-managed-policy-to-permission-set"
    case ssoAdminCreateAccountAssignment = "sso-admin create-account-assignment"
    case ssoAdminDescribePermissionSet = "sso-admin describe-permission-set"
    case ssoAdminDetachCustomerManagedPolicyReferenceFromPermissionSet =
        "sso-admin detach-customer-managed-policy-reference-from-permission-set"
    case ssoAdminDetachManagedPolicyFromPermissionSet = "sso-admin detach-managed-policy-from-permission-set"
    case ssoAdminProvisionPermissionSet = "sso-admin provision-permission-set"
    case ssoAdminPutInlinePolicyToPermissionSet = "sso-admin put-inline-policy-to-permission-set"
    case ssoAdminPutPermissionsBoundaryToPermissionSet = "sso-admin put-permissions-boundary-to-permission-set"
    case stepfunctionsDescribeStateMachine = "stepfunctions describe-state-machine"
    case stsDecodeAuthorizationMessage = "sts decode-authorization-message"
    case stsGetCallerIdentity = "sts get-caller-identity"

    /// `iam` of `iam get-role`.
    package var service: String { String(rawValue.prefix { $0 != " " }) }

    /// The words behind `aws`.
    package var words: [ShellWord] { rawValue.split(separator: " ").map { .ours(String($0)) } }

    /// The call as it is typed.
    package var command: String { "aws \(rawValue)" }

    /// Whether it takes no Region.
    package var isGlobal: Bool { ["iam", "organizations", "sts"].contains(service) }

    /// What has to be there for a call to succeed, beside what it is made on.
    package enum Need {
        case policy, policyVersion, group
    }

    /// What may be gone by the time that a change is to be undone; `nil` where nothing may.
    package var need: Need? {
        switch self {
        case .iamAttachRolePolicy, .iamAttachUserPolicy, .iamAttachGroupPolicy, .iamListPolicyVersions: .policy
        case .iamSetDefaultPolicyVersion: .policyVersion
        case .iamAddUserToGroup: .group
        default: nil
        }
    }
}
