import AccessDenial

/// From the names that SDKs have for services to CloudTrail's event sources.
enum ServiceName {
    /// Names of SDKs, without blanks and in lower case, whose service is called otherwise in its host and event source.
    /// Source: `serviceId` in the API models of botocore 1.44.
    private static let others: [String: String] = [
        "pinpoint": "pinpoint", "pinpointsmsvoicev2": "sms-voice", "pinpointsmsvoice": "sms-voice",
        "pinpointanalytics": "mobileanalytics", "mobileanalytics": "mobileanalytics", "pinpointtargeting": "pinpoint",
        "mobiletargeting": "pinpoint", "socialmessaging": "social-messaging", "cloudwatchlogs": "logs",
        "cloudwatch": "monitoring",
        "eventbridge": "events", "cloudwatchevents": "events", "sfn": "states", "stepfunctions": "states",
        "sesv2": "ses", "email": "ses",
        "simpleemailservice": "ses", "simpleemail": "ses", "dynamodbv2": "dynamodb", "securitytoken": "sts",
        "securitytokenservice": "sts",
        "identitymanagement": "iam", "identityandaccessmanagement": "iam", "simplenotificationservice": "sns",
        "simplequeueservice": "sqs",
        "cognitoidentityprovider": "cognito-idp", "cognitoidentity": "cognito-identity", "cognitoidp": "cognito-idp",
        "secretsmanager": "secretsmanager",
        "simplesystemsmanagement": "ssm", "systemsmanagement": "ssm", "elasticloadbalancingv2": "elasticloadbalancing",
        "keymanagementservice": "kms", "keymanagement": "kms", "apigatewayv2": "apigateway",
        "elasticcontainerregistry": "ecr",
        "bedrockruntime": "bedrock", "bedrockagentruntime": "bedrock", "awslambda": "lambda", "lambda": "lambda",
        "opensearch": "es",
    ]

    /// The event source of a service: `pinpoint.amazonaws.com`; `nil` where the name is not known.
    static func eventSource(of name: String) -> String? {
        let folded = String(
            decoding: name.utf8.lazy.map { Byte.isUpper($0) ? $0 | 0x20 : $0 }.filter {
                Byte.isAlphanumeric($0) || $0 == 0x2D
            }, as: UTF8.self)
        let joined = folded.filter { $0 != "-" }
        for candidate in [folded, joined]
            + ["amazon", "aws"].filter({ joined.hasPrefix($0) }).map({ String(joined.dropFirst($0.count)) })
        {
            if let label = others[candidate] { return label + ".amazonaws.com" }
            if let family = ServiceFamily(named: candidate), let source = family.eventSources.first { return source }
        }
        return nil
    }
}
