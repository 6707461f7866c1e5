import PolicyTimeline
import Testing
@testable import Causes
@testable import Diagnosis
@testable import Remedies

@Suite struct ChangingNameTests {
    @Test(arguments: [
        (
            "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages",
            ["arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/*"]
        ),
        (
            "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc",
            [
                "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc",
                "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/*",
            ]
        ),
        (
            "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:log-stream:web/1",
            ["arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:*"]
        ),
        ("arn:aws:identitystore:::membership/a1b2", ["arn:aws:identitystore:::membership/*"]),
        ("arn:aws:ec2:us-east-1:111122223333:volume/vol-1", ["arn:aws:ec2:us-east-1:111122223333:volume/*"]),
        ("arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1", ["arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1"]),
        ("arn:aws:s3:::acme/in/2026/11/a.csv", ["arn:aws:s3:::acme/in/*"]),
        ("arn:aws:s3:::acme", ["arn:aws:s3:::acme"]),
        ("arn:aws:s3:::acme/a.csv", ["arn:aws:s3:::acme/*"]),
        (
            "arn:aws:ses:us-east-1:111122223333:identity/a@example.com",
            ["arn:aws:ses:us-east-1:111122223333:identity/*"]
        ),
        (
            "arn:aws:ses:us-east-1:111122223333:configuration-set/prod",
            ["arn:aws:ses:us-east-1:111122223333:configuration-set/prod"]
        ),
        (
            "arn:aws:lambda:us-east-1:111122223333:function:f:7",
            ["arn:aws:lambda:us-east-1:111122223333:function:f", "arn:aws:lambda:us-east-1:111122223333:function:f:*"]
        ),
        (
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/main-AbCdEf",
            ["arn:aws:secretsmanager:us-east-1:111122223333:secret:db/main-??????"]
        ),
        (
            "arn:aws:states:us-east-1:111122223333:execution:m:1-2",
            ["arn:aws:states:us-east-1:111122223333:execution:m:*"]
        ),
        (
            "arn:aws:sns:us-east-1:111122223333:endpoint/GCM/shop/2d711642",
            ["arn:aws:sns:us-east-1:111122223333:endpoint/GCM/shop/*"]
        ),
        ("arn:aws:sns:us-east-1:111122223333:orders", ["arn:aws:sns:us-east-1:111122223333:orders"]),
        ("arn:aws:kms:us-east-1:111122223333:key/1", ["arn:aws:kms:us-east-1:111122223333:key/1"]),
        ("arn:aws:iam::111122223333:role/app/x", ["arn:aws:iam::111122223333:role/app/x"]), ("*", ["*"]), ("", [""]),
        ("+15551234567", ["+15551234567"]),
    ])
    func whatChangesIsAWildcard(_ resource: String, _ scopes: [String]) {
        #expect(ChangingName.scopes(resource) == scopes)
    }

    @Test func `Every policy of a service is one that AWS manages`() {
        for (service, names) in ServicePolicies.names {
            for name in names { #expect(AWSManagedPolicies.bundled.policy(named: name) != nil, "\(service): \(name)") }
        }
        #expect(
            ServicePolicies.policy(
                for: "lambda.amazonaws.com", allowing: "ec2:CreateNetworkInterface", partition: "aws-cn")
                == "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole")
        #expect(
            ServicePolicies.policy(for: "backup.amazonaws.com", allowing: "s3:GetBucketTagging", partition: "aws")?
                .hasSuffix("AWSBackupServiceRolePolicyForS3Backup") == true)
        #expect(ServicePolicies.policy(for: "glue.amazonaws.com", allowing: "sqs:SendMessage", partition: "aws") == nil)
    }
}
