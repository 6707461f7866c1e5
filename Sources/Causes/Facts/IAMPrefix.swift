/// The prefixes of services in policies.
///
/// Source: the service authorization reference for IAM's; the names of clients in the AWS CLI and in botocore 1.44, and of endpoints,
/// for the others.
package enum IAMPrefix {
    /// Prefixes that people write, after the service's client, endpoint or product, and IAM's own. No service has one of them.
    package static let miswritten: [String: Set<String>] = [
        "pinpoint": ["mobiletargeting", "sms-voice", "social-messaging"],
        "pinpoint-email": ["ses"],
        "pinpoint-sms-voice": ["sms-voice"],
        "pinpoint-sms-voice-v2": ["sms-voice"],
        "sms-voice-v2": ["sms-voice"],
        "smsvoice": ["sms-voice"],
        "sms": ["sms-voice"],
        "end-user-messaging": ["sms-voice", "social-messaging"],
        "end-user-messaging-social": ["social-messaging"],
        "whatsapp": ["social-messaging"],
        "sesv2": ["ses"],
        "eventbridge": ["events"],
        "cloudwatch-events": ["events"],
        "cloudwatchevents": ["events"],
        "cloudwatch-logs": ["logs"],
        "cloudwatchlogs": ["logs"],
        "monitoring": ["cloudwatch"],
        "bedrock-runtime": ["bedrock"],
        "bedrock-agent": ["bedrock"],
        "bedrock-agent-runtime": ["bedrock"],
        "sagemaker-runtime": ["sagemaker"],
        "stepfunction": ["states"],
        "stepfunctions": ["states"],
        "sfn": ["states"],
        "s3api": ["s3"],
        "s3control": ["s3"],
        "dynamo": ["dynamodb"],
        "dynamodbstreams": ["dynamodb"],
        "secrets-manager": ["secretsmanager"],
        "systems-manager": ["ssm"],
        "systemsmanager": ["ssm"],
        "parameterstore": ["ssm"],
        "elb": ["elasticloadbalancing"],
        "elbv2": ["elasticloadbalancing"],
        "efs": ["elasticfilesystem"],
        "emr": ["elasticmapreduce"],
        "msk": ["kafka"],
        "opensearch": ["es", "aoss"],
        "elasticsearch": ["es"],
        "apigatewayv2": ["apigateway"],
        "cognito": ["cognito-idp", "cognito-identity"],
        "iotdata": ["iot"],
        "iot-data": ["iot"],
        "location": ["geo"],
        "kinesis-firehose": ["firehose"],
    ]

    /// What people write where they mean a service that IAM calls so; empty for most.
    package static func miswritten(of service: String) -> Set<String> { byService[service] ?? [] }

    private static let byService = miswritten.reduce(into: [String: Set<String>]()) { found, row in
        for service in row.value { found[service, default: []].insert(row.key) }
    }

    /// Whether somebody who writes a prefix most likely means a service that IAM calls otherwise.
    package static func isMiswritten(_ prefix: String, of service: String) -> Bool {
        miswritten[prefix]?.contains(service) ?? false
    }
}
