/// Refusals that hide behind a code for invalid input: a service tried what the request names as its destination, a bucket, a topic,
/// a queue, a function or a key, and that resource's own policy does not let the service in.
///
/// This is the one table of them, for codes and for sentences.
package enum DestinationRefusal {
    /// The reason.
    package static let slug = "destination-permissions"

    /// Codes that mean no more than this. Source: the API models of CloudTrail, AWS Config, AWS WAF,
    /// Network Firewall, Route 53, RDS, Redshift, Amazon SES, Amazon Cognito and Import/Export (botocore 1.44).
    static let codes = """
        InsufficientS3BucketPolicyException InsufficientSnsTopicPolicyException InsufficientEncryptionPolicyException
        InsufficientDeliveryPolicyException WAFLogDestinationPermissionIssueException LogDestinationPermissionException
        InsufficientCloudWatchLogsResourcePolicy SNSNoAuthorization BucketPermissionException InvalidSnsTopic
        InvalidSNSDestinationException InvalidS3Configuration InvalidLambdaFunction
        InvalidEmailRoleAccessPolicyException
        """

    /// Sentences that mean it under codes such as `InvalidArgument`, `InvalidParameterValue` and `InvalidS3ConfigurationException`.
    /// Sources: the services' user guides, "Troubleshooting".
    static let sentences: [Needle] = [
        // S3: "Unable to validate the following destination configurations".
        "unable to validate the following destination configurations",
        // CloudTrail: "Incorrect S3 bucket policy is detected for bucket: …".
        "incorrect s3 bucket policy is detected for bucket",
        // CloudTrail: "SNS Topic does not exist or the topic policy is incorrect!"
        "topic does not exist or the topic policy is incorrect",
        // AWS Config: "Insufficient delivery policy to s3 bucket: …".
        "insufficient delivery policy to s3 bucket",
        // Elastic Load Balancing: "Access Denied for bucket: …. Please check S3bucket permission".
        "access denied for bucket: ",
        // EC2, flow logs: "Access Denied for LogDestination: …".
        "access denied for logdestination: ",
        // SES: "Could not write to bucket: …", "Could not publish to SNS topic: …", "Could not invoke Lambda function: …".
        "could not write to bucket", "could not publish to sns topic", "could not invoke lambda function",
        // RDS: "The specified Amazon S3 bucket name can't be found or Amazon RDS isn't authorized to access it".
        "isn't authorized to access the specified amazon s3 bucket",
        // Secrets Manager: "Secrets Manager cannot invoke the specified Lambda function. Ensure that …".
        "cannot invoke the specified lambda function",
        // CloudWatch Logs: "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission …".
        "could not execute the lambda function",
        // Amazon Cognito: "PreSignUp invocation failed due to error AccessDeniedException."
        "invocation failed due to error accessdenied",
        // CloudWatch Logs: "The specified KMS key does not exist or is not allowed to be used with Arn '…'".
        "is not allowed to be used with arn",
        // AWS WAF: "Unable to deliver logs to the configured destination. You might need to grant log delivery permissions …".
        "unable to deliver logs to the configured destination",
    ]
}
