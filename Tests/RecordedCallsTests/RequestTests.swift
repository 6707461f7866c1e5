import IAMPolicy
import RecordedCalls
import TestSupport
import Testing

/// What a record tells of the request that IAM decided on: values, what was missing for certain, and what it leaves open.
@Suite struct RequestTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var action: String
        /// The record's members beside those of every record.
        var record: String
        var identity = RecordText.instance
        var isWhole = true
        /// The resource that AWS named.
        var named: String?
        var resource: String?
        var principal: String?
        var has: [String: [String]] = [:]
        var absent: [String] = []
        var unknown: [String] = []
        /// Further requests of the same call: action, and resource where it is told.
        var others: [String] = []

        var testDescription: String { name }

        var call: RecordedCall {
            RecordedCall(
                record:
                    #"{"eventVersion":"1.11","userIdentity":\#(identity),"eventTime":"2026-06-16T07:00:30Z","recipientAccountId":"111122223333",\#(record)}"#,
                isWhole: isWhole)
        }

        var observed: ObservedRequest? {
            ObservedRequest(
                call, eventID: "e1", eventTime: "2026-06-16T07:00:30Z", calls: 1, action: action, resource: named)
        }
    }

    private static func run(_ parameters: String) -> String {
        #""eventSource":"ec2.amazonaws.com","eventName":"RunInstances","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.62","requestParameters":{"instanceType":"t3.large",\#(parameters)}"#
    }

    private static func signed(_ time: String) -> String {
        RecordText.put.replacing("PutObject", with: "GetObject").replacing("AuthHeader", with: "QueryString")
            + #"{"bucketName":"acme-assets","key":"foo/bar","X-Amz-Date":"\#(time)","X-Amz-Expires":"43200"}"#
    }

    static let rows: [Case] = [
        Case(
            name: "an upload with an ACL", action: "s3:PutObject",
            record: RecordText.put
                + #"{"bucketName":"acme-assets","Host":"acme-assets.s3.eu-west-1.amazonaws.com","key":"foo/bar","x-amz-acl":"public-read"}"#,
            resource: "arn:aws:s3:::acme-assets/foo/bar",
            principal: "arn:aws:sts::111122223333:assumed-role/web-instance/i-0abc",
            has: [
                "s3:x-amz-acl": ["public-read"],
                "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/app/web-instance"],
                "aws:SourceIp": ["203.0.113.31"], "aws:SecureTransport": ["true"], "s3:TlsVersion": ["1.3"],
                "s3:authType": ["REST-HEADER"], "s3:signatureversion": ["AWS4-HMAC-SHA256"],
                "aws:RequestedRegion": ["eu-west-1"], "aws:TokenIssueTime": ["2026-06-16T06:00:00Z"],
                "aws:userid": ["AROAB2QJQIX2UAD52XTB6:i-0abc"], "aws:ViaAWSService": ["false"],
                "aws:UserAgent": ["aws-cli/2.31.0"], "ec2:RoleDelivery": ["2.0"],
                "aws:ResourceAccount": ["111122223333"], "aws:CurrentTime": ["2026-06-16T07:00:30Z"],
            ],
            absent: [
                "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id", "s3:prefix",
                "aws:username", "aws:SourceVpce", "aws:SourceVpc", "aws:CalledVia", "aws:MultiFactorAuthAge",
                "kms:ViaService", "aws:RequestTag/team", "sts:ExternalId", "aws:FederatedProvider",
            ],
            unknown: [
                "aws:MultiFactorAuthPresent", "aws:ResourceTag/team", "aws:PrincipalTag/team", "aws:PrincipalOrgID",
                "s3:ExistingObjectTag/a", "aws:Referer", "ec2:SourceInstanceARN",
            ], others: ["s3:PutObjectAcl arn:aws:s3:::acme-assets/foo/bar"]),
        Case(
            name: "an upload with tags and a key", action: "s3:PutObject",
            record: RecordText.put
                + #"{"bucketName":"acme-assets","key":"foo/bar","x-amz-tagging":"team=web&stage=","x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"99999999-1111"}"#,
            has: [
                "s3:x-amz-server-side-encryption": ["aws:kms"], "s3:RequestObjectTag/team": ["web"],
                "s3:RequestObjectTag/stage": [""],
            ], absent: ["s3:x-amz-acl", "s3:RequestObjectTag/other"],
            others: [
                "s3:PutObjectTagging arn:aws:s3:::acme-assets/foo/bar",
                "kms:GenerateDataKey arn:aws:kms:eu-west-1:111122223333:key/99999999-1111",
            ]),
        Case(
            name: "a copy", action: "s3:PutObject",
            record: RecordText.put.replacing("PutObject", with: "CopyObject")
                + #"{"bucketName":"acme-assets","key":"foo/bar","x-amz-copy-source":"/other/in/a.csv?versionId=3"}"#,
            has: ["s3:x-amz-copy-source": ["/other/in/a.csv?versionId=3"]],
            others: ["s3:GetObject arn:aws:s3:::other/in/a.csv"]),
        Case(
            name: "parameters that the record leaves out", action: "s3:PutObject", record: RecordText.put + "null",
            resource: "arn:aws:s3:::acme-assets/foo/bar",
            unknown: ["s3:x-amz-acl", "s3:x-amz-server-side-encryption", "aws:RequestTag/team", "aws:TagKeys"]),
        Case(
            name: "parameters that are masked", action: "s3:PutObject",
            record: RecordText.put + #""HIDDEN_DUE_TO_SECURITY_REASONS""#, unknown: ["s3:x-amz-acl"]),
        Case(
            name: "a form of the event that does not tell everything", action: "s3:PutObject",
            record: RecordText.put + #"{"bucketName":"acme-assets","key":"foo/bar"}"#, isWhole: false,
            has: ["aws:SourceIp": ["203.0.113.31"]], unknown: ["s3:x-amz-acl", "aws:SourceVpce", "aws:CalledVia"]),
        Case(
            name: "a list of a bucket through an endpoint", action: "s3:ListBucket",
            record:
                #""eventSource":"s3.amazonaws.com","eventName":"ListObjects","awsRegion":"eu-west-1","sourceIPAddress":"10.0.3.7","vpcEndpointId":"vpce-0a1b2c","vpcEndpointAccountId":"111122223333","requestParameters":{"bucketName":"acme-assets","prefix":"in/","max-keys":"2"}"#,
            resource: "arn:aws:s3:::acme-assets",
            has: [
                "s3:prefix": ["in/"], "s3:max-keys": ["2"], "aws:SourceVpce": ["vpce-0a1b2c"],
                "aws:VpcSourceIp": ["10.0.3.7"],
            ], absent: ["aws:SourceIp", "s3:delimiter", "s3:x-amz-acl"],
            unknown: ["aws:SourceVpc", "aws:VpceAccount", "aws:SecureTransport"]),
        Case(
            name: "a grant of a key that EC2 asks for on a user's behalf", action: "kms:CreateGrant",
            record:
                #""eventSource":"kms.amazonaws.com","eventName":"CreateGrant","awsRegion":"eu-west-1","sourceIPAddress":"ec2.amazonaws.com","userAgent":"ec2.amazonaws.com","requestParameters":{"keyId":"arn:aws:kms:eu-west-1:111122223333:key/9","granteePrincipal":"arn:aws:sts::111122223333:assumed-role/aws:ec2-infrastructure/i-0aa","operations":["Decrypt"],"constraints":{"encryptionContextSubset":{"aws:ebs:id":"vol-1"}}}"#,
            identity: RecordText.user.replacing(#""userName""#, with: #""invokedBy":"ec2.amazonaws.com","userName""#),
            resource: "arn:aws:kms:eu-west-1:111122223333:key/9", principal: "arn:aws:iam::111122223333:user/team/ops",
            has: [
                "aws:ViaAWSService": ["true"], "kms:ViaService": ["ec2.eu-west-1.amazonaws.com"],
                "kms:GrantOperations": ["Decrypt"], "kms:GrantIsForAWSResource": ["true"], "aws:username": ["ops"],
                "aws:SecureTransport": ["true"], "kms:CallerAccount": ["111122223333"],
            ], absent: ["aws:SourceVpce", "aws:VpcSourceIp", "aws:TokenIssueTime", "aws:MultiFactorAuthPresent"],
            unknown: ["aws:SourceIp", "aws:CalledVia", "aws:UserAgent"]),
        Case(
            name: "a call through CloudFormation", action: "iam:CreateRole",
            record:
                #""eventSource":"iam.amazonaws.com","eventName":"CreateRole","awsRegion":"us-east-1","sourceIPAddress":"cloudformation.amazonaws.com","userAgent":"cloudformation.amazonaws.com","requestParameters":{"roleName":"made","assumeRolePolicyDocument":"{}","tags":[{"key":"dataall","value":"true"}]}"#,
            identity: RecordText.instance.replacing(
                #""sessionContext""#, with: #""invokedBy":"cloudformation.amazonaws.com","sessionContext""#),
            resource: "arn:aws:iam::111122223333:role/made",
            has: [
                "aws:CalledVia": ["cloudformation.amazonaws.com"], "aws:ViaAWSService": ["true"],
                "aws:RequestTag/dataall": ["true"], "aws:TagKeys": ["dataall"],
            ], absent: ["iam:PermissionsBoundary", "aws:RequestTag/other", "iam:PolicyARN"],
            others: ["iam:TagRole arn:aws:iam::111122223333:role/made"]),
        Case(
            name: "a volume without tags", action: "ec2:CreateVolume",
            record:
                #""eventSource":"ec2.amazonaws.com","eventName":"CreateVolume","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.62","userAgent":"APN/1.0 Terraform/0.11.8","requestParameters":{"size":"80","zone":"us-east-1a","volumeType":"gp2"}"#,
            identity: RecordText.user,
            has: ["ec2:VolumeType": ["gp2"], "ec2:VolumeSize": ["80"], "aws:username": ["ops"]],
            absent: ["aws:RequestTag/Name", "aws:TagKeys", "ec2:CreateAction", "aws:TokenIssueTime"],
            unknown: ["ec2:Encrypted"]),
        Case(
            name: "a volume with tags", action: "ec2:CreateVolume",
            record:
                #""eventSource":"ec2.amazonaws.com","eventName":"CreateVolume","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.62","requestParameters":{"CreateVolumeRequest":{"size":"80","tagSpecificationSet":{"items":[{"resourceType":"volume","tags":[{"key":"Name","value":"data"},{"key":"team","value":"a=b"}]}]}}}"#,
            identity: RecordText.user,
            has: ["aws:RequestTag/Name": ["data"], "aws:RequestTag/team": ["a=b"], "aws:TagKeys": ["Name", "team"]],
            absent: ["aws:RequestTag/Owner"], others: ["ec2:CreateTags arn:aws:ec2:us-east-1:111122223333:volume/*"]),
        Case(
            name: "an instance whose network interface gets no tag", action: "ec2:RunInstances",
            record: run(
                #""tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"team","value":"web"}]}]}"#),
            identity: RecordText.user, named: "arn:aws:ec2:us-east-1:111122223333:network-interface/*",
            absent: ["aws:RequestTag/team", "aws:TagKeys"]),
        Case(
            name: "the instance itself", action: "ec2:RunInstances",
            record: run(
                #""tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"team","value":"web"}]}]}"#),
            identity: RecordText.user, named: "arn:aws:ec2:us-east-1:111122223333:instance/*",
            has: ["aws:RequestTag/team": ["web"], "aws:TagKeys": ["team"]]),
        Case(
            name: "a network interface that a launch template may tag", action: "ec2:RunInstances",
            record: run(
                #""launchTemplate":{"launchTemplateId":"lt-1"},"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"team","value":"web"}]}]}"#
            ), identity: RecordText.user, named: "arn:aws:ec2:us-east-1:111122223333:network-interface/*",
            unknown: ["aws:RequestTag/team", "aws:TagKeys"]),
        Case(
            name: "a presigned URL", action: "s3:GetObject",
            record: signed("20260616T060000Z"),
            has: ["s3:signatureAge": ["3630000"], "s3:authType": ["REST-QUERY-STRING"]]),
        Case(
            name: "a presigned URL whose time cannot be read", action: "s3:GetObject",
            record: signed("yesterday"), unknown: ["s3:signatureAge"]),
        Case(
            name: "an address with a name before it", action: "ses:SendEmail",
            record:
                #""eventSource":"ses.amazonaws.com","eventName":"SendEmail","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.99","userAgent":"x","requestParameters":{"source":"Acme, the shop <hello@mail.acme.example>"}"#,
            has: ["ses:FromAddress": ["hello@mail.acme.example"], "ses:FromDisplayName": ["Acme, the shop"]]),
        Case(
            name: "an address alone", action: "ses:SendEmail",
            record:
                #""eventSource":"ses.amazonaws.com","eventName":"SendEmail","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.99","userAgent":"x","requestParameters":{"source":"hello@acme.example"}"#,
            has: ["ses:FromAddress": ["hello@acme.example"]], absent: ["ses:FromDisplayName"]),
        Case(
            name: "an address that is masked", action: "ses:SendEmail",
            record:
                #""eventSource":"ses.amazonaws.com","eventName":"SendEmail","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.99","userAgent":"x","requestParameters":{"source":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
            unknown: ["ses:FromAddress", "ses:FromDisplayName"]),
        Case(
            name: "brackets without a name", action: "ses:SendEmail",
            record:
                #""eventSource":"ses.amazonaws.com","eventName":"SendEmail","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.99","userAgent":"x","requestParameters":{"source":"<hello@acme.example>"}"#,
            has: ["ses:FromAddress": ["hello@acme.example"]], absent: ["ses:FromDisplayName"]),
        Case(
            name: "a token of a job", action: "sts:AssumeRoleWithWebIdentity",
            record:
                #""eventSource":"sts.amazonaws.com","eventName":"AssumeRoleWithWebIdentity","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.200","requestParameters":{"roleArn":"arn:aws:iam::111122223333:role/gha-deploy","roleSessionName":"GitHubActions","durationSeconds":3600}"#,
            identity: RecordText.token, resource: "arn:aws:iam::111122223333:role/gha-deploy",
            principal: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
            has: [
                "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com"],
                "token.actions.githubusercontent.com:sub": ["repo:JarvisShop/web-app:ref:refs/heads/main"],
                "sts:RoleSessionName": ["GitHubActions"],
            ], absent: ["aws:username", "sts:ExternalId"], unknown: ["token.actions.githubusercontent.com:actor"]),
        Case(
            name: "an assumption with tags and a source identity", action: "sts:AssumeRole",
            record:
                #""eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.200","requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/target","roleSessionName":"s","externalId":"abc","sourceIdentity":"maria","tags":[{"key":"team","value":"web"}],"transitiveTagKeys":["team"]}"#,
            identity: RecordText.console, resource: "arn:aws:iam::444455556666:role/target",
            has: [
                "sts:ExternalId": ["abc"], "sts:SourceIdentity": ["maria"], "sts:TransitiveTagKeys": ["team"],
                "aws:RequestTag/team": ["web"], "aws:MultiFactorAuthPresent": ["true"],
                "aws:MultiFactorAuthAge": ["3630"], "aws:ResourceAccount": ["444455556666"],
            ],
            others: [
                "sts:TagSession arn:aws:iam::444455556666:role/target",
                "sts:SetSourceIdentity arn:aws:iam::444455556666:role/target",
            ]),
        Case(
            name: "an assumption that was refused", action: "sts:AssumeRole",
            record:
                #""eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.200","requestParameters":null"#,
            identity: RecordText.user, named: "arn:aws:iam::444455556666:role/target",
            resource: "arn:aws:iam::444455556666:role/target", unknown: ["sts:ExternalId", "aws:RequestTag/team"]),
        Case(
            name: "an inference profile that leads to another Region", action: "bedrock:InvokeModelWithResponseStream",
            record:
                #""eventSource":"bedrock.amazonaws.com","eventName":"ConverseStream","awsRegion":"us-west-2","sourceIPAddress":"198.51.100.99","userAgent":"Boto3/1.35 exec-env/AWS_Lambda_python3.12","requestParameters":{"modelId":"us.anthropic.claude-3-5-haiku-20241022-v1:0"}"#,
            named: "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0",
            resource: "arn:aws:bedrock:us-east-2::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0",
            has: ["aws:RequestedRegion": ["us-east-2"]], unknown: ["lambda:SourceFunctionArn"]),
        Case(
            name: "a user that AWS names in words", action: "iam:ListAccessKeys",
            record:
                #""eventSource":"iam.amazonaws.com","eventName":"ListAccessKeys","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"userName":"bob"}"#,
            named: "user bob", resource: "arn:aws:iam::111122223333:user/bob", absent: ["aws:SourceVpce"]),
        Case(
            name: "a phone number", action: "sns:Publish",
            record:
                #""eventSource":"sns.amazonaws.com","eventName":"Publish","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"phoneNumber":"+15555550100"}"#,
            named: "+15555550100", resource: "+15555550100"),
        Case(
            name: "a refused service", action: "kms:GenerateDataKey",
            record:
                #""eventSource":"kms.amazonaws.com","eventName":"GenerateDataKey","awsRegion":"us-east-1","sourceIPAddress":"events.amazonaws.com","requestParameters":{"keyId":"key-1","encryptionContext":{"aws:sns:topicArn":"arn:aws:sns:us-east-1:111122223333:t"}}"#,
            identity: #"{"type":"AWSService","invokedBy":"events.amazonaws.com"}"#,
            resource: "arn:aws:kms:us-east-1:111122223333:key/key-1", principal: "events.amazonaws.com",
            has: [
                "aws:PrincipalIsAWSService": ["true"], "aws:PrincipalServiceName": ["events.amazonaws.com"],
                "kms:EncryptionContext:aws:sns:topicArn": ["arn:aws:sns:us-east-1:111122223333:t"],
                "kms:EncryptionContextKeys": ["aws:sns:topicArn"],
            ], absent: ["kms:EncryptionContext:other", "aws:username"], unknown: ["aws:SourceArn", "aws:SourceAccount"]),
        Case(
            name: "an unsigned call", action: "s3:GetObject",
            record:
                #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.9","requestParameters":{"bucketName":"acme-assets","key":"a"}"#,
            identity: #"{"type":"AWSAccount","principalId":"","accountId":"ANONYMOUS_PRINCIPAL"}"#, named: nil,
            resource: "arn:aws:s3:::acme-assets/a", principal: "",
            others: ["s3:ListBucket arn:aws:s3:::acme-assets", "kms:Decrypt"]),
        Case(
            name: "a role of tasks", action: "iam:PassRole",
            record:
                #""eventSource":"ecs.amazonaws.com","eventName":"RegisterTaskDefinition","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"taskRoleArn":"arn:aws:iam::111122223333:role/task"}"#,
            named: "arn:aws:iam::111122223333:role/task", resource: "arn:aws:iam::111122223333:role/task",
            has: ["iam:PassedToService": ["ecs-tasks.amazonaws.com"]]),
        Case(
            name: "a role for the load balancers of a service", action: "iam:PassRole",
            record:
                #""eventSource":"ecs.amazonaws.com","eventName":"CreateService","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"role":"ecs"}"#,
            named: "arn:aws:iam::111122223333:role/ecs", resource: "arn:aws:iam::111122223333:role/ecs",
            has: ["iam:PassedToService": ["ecs.amazonaws.com"]]),
        Case(
            name: "a role passed to a service that passes to several", action: "iam:PassRole",
            record:
                #""eventSource":"batch.amazonaws.com","eventName":"CreateComputeEnvironment","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"serviceRole":"batch"}"#,
            named: "arn:aws:iam::111122223333:role/batch", resource: "arn:aws:iam::111122223333:role/batch",
            unknown: ["iam:PassedToService"]),
        Case(
            name: "a launch template", action: "autoscaling:UpdateAutoScalingGroup",
            record:
                #""eventSource":"autoscaling.amazonaws.com","eventName":"UpdateAutoScalingGroup","awsRegion":"us-east-1","sourceIPAddress":"203.0.113.5","requestParameters":{"autoScalingGroupName":"asg","launchTemplate":{"version":"2","launchTemplateId":"lt-1"}}"#,
            others: ["ec2:RunInstances", "iam:PassRole"]),
    ]

    @Test(arguments: rows) func aRecordTellsTheRequest(_ row: Case) throws {
        let observed = try #require(row.observed)
        if let resource = row.resource {
            #expect(observed.isResourceTold)
            #expect(observed.request.resource == resource)
        }
        if let principal = row.principal { #expect(observed.request.principal.arn == principal) }
        let context = observed.request.context
        for (key, values) in row.has { #expect(context.knowledge(of: key) == .values(values), "\(key)") }
        for key in row.absent { #expect(context.knowledge(of: key) == .absent, "\(key)") }
        for key in row.unknown { #expect(context.knowledge(of: key) == .unknown, "\(key)") }
        let others = observed.further().map { other in
            other.observed.isResourceTold
                ? "\(other.row.action) \(other.observed.request.resource)" : other.row.action
        }
        #expect(Set(others).isSuperset(of: row.others), "\(others)")
    }

    @Test(arguments: [
        "", "[]", "null", "{", #"{"userIdentity":[],"requestParameters":[[]]}"#,
        #"{"userIdentity":{"arn":"arn:aws:iam::1:"}}"#,
        #"{"userIdentity":{"type":"AssumedRole","arn":"x"},"requestParameters":{"tags":{"a":{"b":[1]}}}}"#,
        #"{"userIdentity":"x","resources":{"ARN":"arn:aws:s3:::b"},"requestParameters":"x"}"#,
    ])
    func aDamagedRecordIsNoTrap(_ record: String) throws {
        let request = ObservedRequest(
            RecordedCall(record: record, isWhole: true), eventID: "e", eventTime: "", calls: 1, action: "s3:PutObject",
            resource: nil, principal: "arn:aws:iam::111122223333:role/web-instance")
        let observed = try #require(request)
        _ = (observed.request, observed.further())
        _ = RequestComparison(refused: [observed], areAll: true, allowed: [observed])
    }

    // MARK: - Comparison

    private static func comparison(_ refused: [Case], _ allowed: [Case]) -> RequestComparison? {
        RequestComparison(
            refused: refused.compactMap(\.observed), areAll: true, allowed: allowed.compactMap(\.observed))
    }

    private static let plain = Case(
        name: "an upload", action: "s3:PutObject",
        record: RecordText.put + #"{"bucketName":"acme-assets","key":"foo/bar"}"#)

    @Test func theHeaderThatTellsRefusedFromAllowedIsNamed() throws {
        let comparison = try #require(Self.comparison([Self.rows[0]], [Self.plain]))
        #expect(
            comparison.differences == [
                RequestDifference(
                    field: "requestParameters.x-amz-acl", contextKey: "s3:x-amz-acl", denied: ["public-read"],
                    succeeded: [])
            ])
        #expect(comparison.isWhole && !comparison.tellsNothingApart)
    }

    @Test func nothingTellsApartWhatIsTheSame() throws {
        #expect(try #require(Self.comparison([Self.plain], [Self.plain])).tellsNothingApart)
        var cut = Self.plain
        cut.record = RecordText.put + "null"
        let comparison = try #require(Self.comparison([Self.rows[0]], [cut]))
        #expect(comparison.differences.isEmpty)
    }

    @Test func aValueOnBothSidesTellsNothing() throws {
        let comparison = try #require(Self.comparison([Self.rows[0], Self.plain], [Self.plain]))
        #expect(comparison.differences.isEmpty)
    }

    /// Swift takes two spellings of a letter for one: what is equal must hash alike then, or not be equal.
    @Test func contentsThatAreEqualHashAlike() {
        let spellings = ["caf\u{E9}", "cafe\u{301}", "cafe"]
        let contents = spellings.flatMap { name in
            spellings.map { resource in
                CallContent(
                    RecordedCall(record: #"{"key":"\#(name)","eventID":"e"}"#, isWhole: true),
                    resource: resource)
            }
        }
        for left in contents {
            for right in contents where left == right { #expect(left.hashValue == right.hashValue) }
        }
        #expect(Set(contents).count == contents.count)
    }
}
