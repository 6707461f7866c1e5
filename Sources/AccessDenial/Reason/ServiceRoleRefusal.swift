/// Refusals that hide behind a code for invalid input: a service may not assume the role that it was given, or the role lacks what
/// the service needs. Nothing is wrong with the call's form; a trust policy or a permissions policy refused.
///
/// This is the one table of them, for codes and for sentences.
package enum ServiceRoleRefusal {
    /// The role's trust policy does not let the service in.
    package static let notAssumable = "service-role:not-assumable"
    /// The role's policies do not allow what the service does with it.
    package static let lacksAccess = "service-role:lacks-access"
    /// Both.
    package static let slugs: Set<String> = [notAssumable, lacksAccess]

    /// Codes that mean no more than this. Source: the API models of Amazon Cognito, CodeDeploy, Inspector, RDS, SES
    /// and Application Auto Scaling (botocore 1.44).
    static let codes: [(slug: String, codes: String)] = [
        (
            notAssumable,
            """
            InvalidSmsRoleTrustRelationshipException InvalidIdentityPoolConfigurationException
            InvalidCrossAccountRoleException InvalidRoleException InvalidFirehoseDestinationException
            """
        ),
        (
            lacksAccess,
            "InvalidSmsRoleAccessPolicyException IamRoleMissingPermissions FailedResourceAccessException"
        ),
    ]

    /// Sentences that mean it under codes such as `InvalidParameterValueException`, `ValidationException` and
    /// `InvalidCloudWatchLogsRoleArnException`. Sources: public CloudTrail records for CloudTrail and Lambda; the services'
    /// user guides, "Troubleshooting", for the others.
    static let sentences: [(slug: String, words: Needle)] = [
        // Lambda: "The role defined for the function cannot be assumed by Lambda."
        (notAssumable, "cannot be assumed by "),
        // CloudFormation: "Role arn:… is invalid or cannot be assumed".
        (notAssumable, "is invalid or cannot be assumed"),
        // CloudTrail: "Access denied. Check the trust relationships for your role."
        (notAssumable, "check the trust relationships"),
        // Step Functions: "Neither the global service principal …, nor the regional one is authorized to assume the provided role."
        (notAssumable, "is authorized to assume the provided role"),
        // SageMaker: "Could not assume role arn:…. Please ensure that the role exists and allows principal … to assume the role."
        (notAssumable, "could not assume role "),
        // SES: "Could not assume IAM role arn:…."
        (notAssumable, "could not assume iam role "),
        // EKS: "Role with arn: …, could not be assumed because it does not exist or the trusted entity is not correct".
        (notAssumable, "could not be assumed because"),
        // Firehose, ECS: "Firehose is unable to assume role …"; Glue: "Service is unable to assume provided role."
        (notAssumable, "unable to assume role "),
        (notAssumable, "unable to assume the role "),
        (notAssumable, "unable to assume provided role"),
        // CodeDeploy: "AWS CodeDeploy does not have the permissions required to assume the role arn:…."
        (notAssumable, "does not have the permissions required to assume the role"),
        // CodeBuild: "CodeBuild is not authorized to perform: sts:AssumeRole on service role. …"
        (notAssumable, "sts:assumerole on service role"),
        // EventBridge Scheduler: "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
        (notAssumable, "scheduler to assume the role"),
        // Step Functions: "'arn:…' is not authorized to create managed-rule."
        (lacksAccess, "is not authorized to create managed-rule"),
        // CloudTrail: "Access denied. Check the permissions for your role."
        (lacksAccess, "check the permissions for your role"),
        // Lambda: "The provided execution role does not have permissions to call CreateNetworkInterface on EC2".
        (lacksAccess, "execution role does not have permissions to call "),
        // CloudWatch Logs: "Could not deliver test message to specified Kinesis stream."
        (lacksAccess, "could not deliver test message to specified "),
        // Pinpoint: the role of an event stream may not write to it, or Pinpoint may not assume it.
        (lacksAccess, "destination stream validation failed"),
        // Firehose: "Access was denied when calling Glue. Please ensure that the role specified … has the necessary permissions."
        (lacksAccess, "access was denied when calling "),
        // Lambda: "Please ensure the role can perform the GetRecords, … Actions on your stream in IAM."
        (lacksAccess, "please ensure the role can perform the "),
        // Step Functions: "The state machine IAM Role is not authorized to access the Log Destination".
        (lacksAccess, "is not authorized to access the log destination"),
        // Auto Scaling: "Unable to publish test message to notification target arn:… using IAM role arn:…."
        (lacksAccess, "unable to publish test message to notification target"),
        // Amazon EMR: "Service role arn:… has insufficient EC2 permissions".
        (lacksAccess, "has insufficient ec2 permissions"),
        // RDS: "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING".
        (lacksAccess, "does not include the required permissions for"),
        // DataSync: "DataSync location access test failed: …".
        (lacksAccess, "location access test failed"),
        // API Gateway: "The role ARN does not have required permissions configured."
        (lacksAccess, "role arn does not have required permissions"),
    ]
}
