import Testing

@testable import AccessDenial

struct IAMActionTests {
    static let cases: [(source: String, name: String, action: String)] = [
        ("pinpoint.amazonaws.com", "SendMessages", "mobiletargeting:SendMessages"),
        ("mobiletargeting.amazonaws.com", "GetApp", "mobiletargeting:GetApp"),
        ("sms-voice.amazonaws.com", "SendTextMessage", "sms-voice:SendTextMessage"),
        ("social-messaging.amazonaws.com", "SendWhatsAppMessage", "social-messaging:SendWhatsAppMessage"),
        ("mobileanalytics.amazonaws.com", "PutEvents", "mobileanalytics:PutEvents"),
        ("ses.amazonaws.com", "SendEmail", "ses:SendEmail"),
        ("email.amazonaws.com", "SendEmail", "ses:SendEmail"),
        ("lambda.amazonaws.com", "ListFunctions20150331", "lambda:ListFunctions"),
        ("lambda.amazonaws.com", "AddPermission20150331v2", "lambda:AddPermission"),
        ("lambda.amazonaws.com", "Invoke", "lambda:InvokeFunction"),
        ("lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
        ("cloudfront.amazonaws.com", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"),
        ("s3.amazonaws.com", "ListBuckets", "s3:ListAllMyBuckets"),
        ("s3.amazonaws.com", "HeadObject", "s3:GetObject"),
        ("s3.amazonaws.com", "HeadBucket", "s3:ListBucket"),
        ("s3.amazonaws.com", "ListObjects", "s3:ListBucket"),
        ("s3.amazonaws.com", "ListObjectsV2", "s3:ListBucket"),
        ("s3.amazonaws.com", "ListObjectVersions", "s3:ListBucketVersions"),
        ("s3.amazonaws.com", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("s3.amazonaws.com", "GetBucketCors", "s3:GetBucketCORS"),
        ("s3.amazonaws.com", "GetBucketReplication", "s3:GetReplicationConfiguration"),
        ("s3.amazonaws.com", "DeleteBucketInventoryConfiguration", "s3:PutInventoryConfiguration"),
        ("s3.amazonaws.com", "CreateMultipartUpload", "s3:PutObject"),
        ("s3.amazonaws.com", "GetObject", "s3:GetObject"),
        ("monitoring.amazonaws.com", "PutMetricData", "cloudwatch:PutMetricData"),
        ("elasticmapreduce.amazonaws.com", "RunJobFlow", "elasticmapreduce:RunJobFlow"),
        ("states.amazonaws.com", "StartExecution", "states:StartExecution"),
        ("execute-api.amazonaws.com", "PostToConnection", "execute-api:ManageConnections"),
        ("apigateway.amazonaws.com", "CreateRestApi", "apigateway:POST"),
        ("apigateway.amazonaws.com", "GetRestApis", "apigateway:GET"),
        ("apigateway.amazonaws.com", "UpdateStage", "apigateway:PATCH"),
        ("tagging.amazonaws.com", "GetResources", "tag:GetResources"),
        ("kms.amazonaws.com", "ReEncrypt", "kms:ReEncryptFrom"),
        ("sqs.amazonaws.com", "SendMessageBatch", "sqs:SendMessage"),
        ("sns.amazonaws.com", "PublishBatch", "sns:Publish"),
        ("bedrock.amazonaws.com", "Converse", "bedrock:InvokeModel"),
        ("budgets.amazonaws.com", "DescribeBudgets", "budgets:ViewBudget"),
        ("runtime.sagemaker.amazonaws.com", "InvokeEndpoint", "sagemaker:InvokeEndpoint"),
        ("sms-voice.pinpoint.amazonaws.com", "SendVoiceMessage", "sms-voice:SendVoiceMessage"),
        ("metering.marketplace.amazonaws.com", "MeterUsage", "aws-marketplace:MeterUsage"),
        ("amazonmq.amazonaws.com", "ListBrokers", "mq:ListBrokers"),
        ("sts.amazonaws.com", "AssumeRole", "sts:AssumeRole"),
        ("signin.amazonaws.com", "ConsoleLogin", "signin:ConsoleLogin"),
        ("S3.AMAZONAWS.COM.CN", "ListBuckets", "s3:ListAllMyBuckets"),
        ("brand-new.amazonaws.com", "DoIt", "brand-new:DoIt"),
        ("", "", ":"),
        ("ec2.amazonaws.com", "RunInstances", "ec2:RunInstances"),
        ("iam.amazonaws.com", "V2", "iam:V2"),
    ]

    @Test(arguments: cases) func namesTheAction(_ row: (source: String, name: String, action: String)) {
        #expect(IAMAction.name(eventSource: row.source, eventName: row.name) == row.action)
    }

    @Test(arguments: [
        ("GetPolicy20150331v2", "GetPolicy"), ("ListDistributions2020_05_31", "ListDistributions"),
        ("20150331", "20150331"),
        ("GetItem", "GetItem"), ("ListObjectsV2", "ListObjectsV2"), ("Route53", "Route53"),
        ("A123456789", "A123456789"),
        ("v", "v"), ("", ""), ("X20150331v", "X20150331v"),
    ]) func stripsOnlyVersions(name: String, stripped: String) {
        #expect(IAMAction.withoutVersion(name) == stripped)
    }
}

struct ServiceFamilyTests {
    @Test func pinpointIsItsSourcesAndItsActions() {
        let family = ServiceFamily.pinpoint
        #expect(family.contains(eventSource: "pinpoint.amazonaws.com", action: "mobiletargeting:SendMessages"))
        #expect(family.contains(eventSource: "pinpoint.amazonaws.com", action: "iam:PassRole"))
        #expect(family.contains(eventSource: "mobiletargeting.amazonaws.com", action: "mobiletargeting:GetApp"))
        #expect(family.contains(eventSource: "sms-voice.amazonaws.com", action: "sms-voice:SendTextMessage"))
        #expect(family.contains(eventSource: "social-messaging.amazonaws.com", action: "x:Y"))
        #expect(family.contains(eventSource: "mobileanalytics.amazonaws.com", action: "mobileanalytics:PutEvents"))
        #expect(family.contains(eventSource: "lambda.amazonaws.com", action: "mobiletargeting:SendMessages"))
        #expect(!family.contains(eventSource: "iam.amazonaws.com", action: "iam:PassRole"))
        #expect(!family.contains(eventSource: "ses.amazonaws.com", action: "ses:SendEmail"))
    }

    @Test(arguments: [
        ("pinpoint", "pinpoint", "pinpoint.amazonaws.com"), ("PinPoint", "pinpoint", "sms-voice.amazonaws.com"),
        ("mobiletargeting", "mobiletargeting", "pinpoint.amazonaws.com"), ("s3", "s3", "s3.amazonaws.com"),
        ("s3.amazonaws.com", "s3", "s3.amazonaws.com"), ("monitoring", "cloudwatch", "monitoring.amazonaws.com"),
        ("cloudwatch", "cloudwatch", "monitoring.amazonaws.com"), ("sms-voice", "sms-voice", "sms-voice.amazonaws.com"),
        ("brand-new.amazonaws.com", "brand-new", "brand-new.amazonaws.com"),
    ]) func resolvesNames(given: String, name: String, source: String) throws {
        let family = try #require(ServiceFamily(named: given))
        #expect(family.name == name)
        #expect(family.eventSources.contains(source))
    }

    @Test(arguments: [
        ("pinpont", "pinpoint"), ("mobiletargetting", "mobiletargeting"), ("smsvoice", "sms-voice"), ("al", "all"),
        ("lamda", "lambda"), ("messaging", "social-messaging"),
    ]) func suggestsWhatWasMeant(given: String, meant: String) {
        #expect(ServiceFamily(named: given) == nil)
        #expect(ServiceFamily.suggestions(for: given).contains(meant))
    }

    @Test func suggestsNothingForNonsense() {
        #expect(ServiceFamily.suggestions(for: "qqqqqqqqqq").isEmpty)
        #expect(ServiceFamily(named: "all") == nil)
        #expect(ServiceFamily(named: "") == nil)
    }
}
