import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// AWS names the identity-based policies, and it was the resource's own policy that had allowed the call.
extension ScenarioTests {
    private static let object = "arn:aws:s3:::imports/2026/a.csv"
    private static let key = "arn:aws:kms:us-east-1:111122223333:key/k-1"
    private static let topic = "arn:aws:sns:us-east-1:111122223333:orders"
    private static let queue = "arn:aws:sqs:us-east-1:111122223333:orders"
    private static let secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db/orders-AbCdEf"
    private static let function = "arn:aws:lambda:us-east-1:111122223333:function:notify"
    private static let accountRoot = "arn:aws:iam::111122223333:root"
    private static let before = "2026-11-02T00:00:00Z"

    /// A policy that allows a principal an action; `nil` gives it to everyone.
    private static func allowing(
        _ principal: String?, _ action: String, on resource: String = "*", condition: String? = nil,
        effect: String = "Allow"
    ) -> String {
        let named = principal.map { #"{"AWS":"\#($0)"}"# } ?? "\"*\""
        let condition = condition.map { #","Condition":\#($0)"# } ?? ""
        return
            #"{"Version":"2012-10-17","Statement":[{"Sid":"s1","Effect":"\#(effect)","Principal":\#(named),"Action":"\#(action)","Resource":"\#(resource)"\#(condition)}]}"#
    }

    private static func s3(
        _ event: String, _ document: String? = nil, bucket: String = "imports", account: String = Facts.account,
        at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        let policy = document.map { #","bucketPolicy":\#($0)"# } ?? ""
        return Facts.change(
            event, at: time, id: id, target: bucket, type: "bucket", source: "s3.amazonaws.com", account: account,
            parameters: #"{"bucketName":"\#(bucket)"\#(policy)}"#)
    }

    private static func kms(
        _ event: String, _ more: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change",
        response: String? = nil
    ) -> PermissionChange {
        Facts.change(
            event, at: time, id: id, target: "k-1", type: "key", source: "kms.amazonaws.com",
            parameters: #"{"keyId":"k-1"\#(more)}"#, response: response)
    }

    private static func keyPolicy(_ document: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change")
        -> PermissionChange
    {
        kms("PutKeyPolicy", #","policyName":"default","policy":\#(Facts.quoted(document))"#, at: time, id: id)
    }

    private static func grant(
        _ grantee: String, operations: String = "\"Decrypt\"", grantID: String = "g-1", at time: String = before,
        id: String = "made"
    ) -> PermissionChange {
        kms(
            "CreateGrant", #","granteePrincipal":"\#(grantee)","operations":[\#(operations)]"#, at: time, id: id,
            response: #"{"grantId":"\#(grantID)"}"#)
    }

    private static func ofService(_ change: PermissionChange) -> PermissionChange {
        var change = change
        change.actor = "ec2.amazonaws.com"
        return change
    }

    private static let revoked = kms("RevokeGrant", #","grantId":"g-1""#)

    private static func sns(_ document: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change")
        -> PermissionChange
    {
        Facts.change(
            "SetTopicAttributes", at: time, id: id, target: topic, type: "topic", source: "sns.amazonaws.com",
            parameters:
                #"{"topicArn":"\#(topic)","attributeName":"Policy","attributeValue":\#(Facts.quoted(document))}"#)
    }

    private static func sqs(
        _ event: String, _ more: String, region: String = "us-east-1", at time: String = "2026-11-10T11:55:00Z",
        id: String = "change"
    ) -> PermissionChange {
        var change = Facts.change(
            event, at: time, id: id, target: nil, type: "queue", source: "sqs.amazonaws.com",
            parameters: #"{"queueUrl":"https://sqs.\#(region).amazonaws.com/111122223333/orders"\#(more)}"#)
        change.awsRegion = region
        return change
    }

    private static func queuePolicy(_ document: String) -> String {
        #","attributes":{"Policy":\#(Facts.quoted(document))}"#
    }

    private static func secrets(
        _ event: String, _ document: String? = nil, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        let policy = document.map { #","resourcePolicy":\#(Facts.quoted($0))"# } ?? ""
        return Facts.change(
            event, at: time, id: id, target: "db/orders", type: "secret", source: "secretsmanager.amazonaws.com",
            parameters: #"{"secretId":"db/orders"\#(policy)}"#)
    }

    private static func lambda(
        _ event: String, _ more: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        Facts.change(
            event, at: time, id: id, target: "notify", type: "function", source: "lambda.amazonaws.com",
            parameters: #"{"functionName":"notify"\#(more)}"#)
    }

    private static let invoker = lambda(
        "AddPermission20150331v2",
        #","statementId":"orders","action":"lambda:InvokeFunction","principal":"\#(Facts.role)""#, at: before, id: "old"
    )

    private static func refused(
        _ action: String, _ resource: String, _ reason: Reason = identity, principal: String = Facts.role
    ) -> DenialGroup {
        Facts.group(
            reason, principal: principal, action: action, resource: resource,
            source: "\(action.prefix { $0 != ":" }).amazonaws.com")
    }

    private static func lost(
        _ name: String, _ action: String, _ resource: String, _ changes: PermissionChange...,
        explains: [String] = [], says: [String] = []
    ) -> Scenario {
        Scenario(
            name: "lost with the resource's policy: \(name)", group: refused(action, resource),
            usage: [Facts.usage(Facts.role, action)], changes: changes, rootCause: .permissionsChanged,
            finds: [.missingAllow], blames: ["change"], confidence: .inferred, offersPolicy: true, says: says,
            explains: ["AWS looks for an Allow among the policies of role order-notifier"] + explains)
    }

    private static func perhaps(
        _ name: String, _ action: String, _ resource: String, _ changes: PermissionChange...
    ) -> Scenario {
        Scenario(
            name: "perhaps lost with the resource's policy: \(name)", group: refused(action, resource),
            usage: [Facts.usage(Facts.role, action)], changes: changes, rootCause: .missingAllow,
            finds: [.permissionsChanged], offersPolicy: true)
    }

    private static func kept(
        _ name: String, _ action: String, _ resource: String, _ changes: PermissionChange...,
        hasSucceeded: Bool = true, reason: Reason = identity, principal: String = Facts.role
    ) -> Scenario {
        Scenario(
            name: "innocent policy of a resource: \(name)",
            group: refused(action, resource, reason, principal: principal),
            usage: hasSucceeded ? [Facts.usage(principal, action)] : [], changes: changes,
            rootCause: reason.effect == .explicit ? .explicitDeny : .missingAllow, spares: [.permissionsChanged])
    }

    private static func healed(_ name: String, _ principal: String, fixedBy: String?) -> Scenario {
        var group = refused("sns:Publish", topic)
        group.firstSuccessAfter = "2026-11-11T14:00:00Z"
        group.successesAreOnSameResource = true
        return Scenario(
            name: "healed, and written before it: \(name)", group: group,
            changes: [sns(allowing(principal, "sns:Publish"), at: "2026-11-11T13:00:00Z")], rootCause: .missingAllow,
            status: .resolved, fixedBy: fixedBy)
    }

    private static let repository = "arn:aws:ecr:us-east-1:111122223333:repository/web"

    private static func ecr(
        _ event: String, _ document: String? = nil, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        let policy = document.map { #","policyText":\#(Facts.quoted($0))"# } ?? ""
        return Facts.change(
            event, at: time, id: id, target: "web", type: "resource", source: "ecr.amazonaws.com",
            parameters: #"{"repositoryName":"web"\#(policy)}"#)
    }

    private static let read = "s3:GetObject"
    private static let decrypt = "kms:Decrypt"
    private static let bucketGrant = s3(
        "PutBucketPolicy", allowing(Facts.role, read, on: "arn:aws:s3:::imports/*"), at: before, id: "old")

    private static let losses: [Scenario] = [
        lost(
            "a bucket's policy names another now", read, object, bucketGrant,
            s3("PutBucketPolicy", allowing(Facts.user, read, on: "arn:aws:s3:::imports/*")),
            explains: ["allowed the call to role order-notifier until then"], says: ["aws s3api get-bucket-policy"]),
        lost("a bucket's policy was deleted", read, object, bucketGrant, s3("DeleteBucketPolicy")),
        lost("a bucket was deleted, and its policy with it", read, object, bucketGrant, s3("DeleteBucket")),
        lost(
            "a repository's policy was deleted", "ecr:BatchGetImage", repository,
            ecr("SetRepositoryPolicy", allowing(Facts.role, "ecr:BatchGetImage"), at: before, id: "old"),
            ecr("DeleteRepositoryPolicy")),
        lost(
            "a bucket was everyone's", read, object,
            s3("PutBucketPolicy", allowing(nil, "s3:Get*", on: "arn:aws:s3:::imports/*"), at: before, id: "old"),
            s3("DeleteBucketPolicy")),
        lost(
            "a bucket was the organization's", read, object,
            s3(
                "PutBucketPolicy",
                allowing(
                    nil, read, on: "arn:aws:s3:::imports/*",
                    condition: #"{"StringEquals":{"aws:PrincipalOrgID":"o-example"}}"#), at: before, id: "old"),
            s3("DeleteBucketPolicy"), explains: ["conditions that the records do not decide"]),
        lost(
            "the one that took it is blamed, and not the next one", read, object, bucketGrant,
            s3("DeleteBucketPolicy", at: "2026-11-10T11:52:00Z"),
            s3("PutBucketPolicy", allowing(Facts.user, read), at: "2026-11-10T11:56:00Z", id: "next")),
        lost(
            "a key's policy leaves it to the account now", decrypt, key,
            keyPolicy(allowing(Facts.role, decrypt), at: before, id: "old"),
            keyPolicy(allowing(accountRoot, "kms:*")), says: ["aws kms get-key-policy"]),
        lost("a grant of the caller's was revoked", decrypt, key, grant(Facts.role), revoked, says: ["list-grants"]),
        lost(
            "a topic's policy names another now", "sns:Publish", topic,
            sns(allowing(Facts.role, "sns:Publish"), at: before, id: "old"), sns(allowing(Facts.user, "sns:Publish")),
            says: ["aws sns get-topic-attributes"]),
        lost(
            "a queue's policy was emptied", "sqs:SendMessage", queue,
            sqs(
                "SetQueueAttributes", queuePolicy(allowing(Facts.role, "sqs:SendMessage")), at: before, id: "old"),
            sqs("SetQueueAttributes", queuePolicy("")), says: ["aws sqs get-queue-attributes"]),
        lost(
            "a statement was taken out of a queue's policy", "sqs:SendMessage", queue,
            sqs(
                "SetQueueAttributes", queuePolicy(allowing(Facts.role, "sqs:SendMessage")), at: before, id: "old"),
            sqs("RemovePermission", #","label":"s1""#)),
        lost(
            "a secret's policy was deleted", "secretsmanager:GetSecretValue", secret,
            secrets(
                "PutResourcePolicy", allowing(Facts.role, "secretsmanager:GetSecretValue"), at: before, id: "old"),
            secrets("DeleteResourcePolicy"), says: ["aws secretsmanager get-resource-policy"]),
        lost(
            "a statement was taken out of a function's policy", "lambda:InvokeFunction", function, invoker,
            lambda("RemovePermission20150331v2", #","statementId":"orders""#),
            says: ["aws lambda get-policy --function-name notify"]),
    ]

    private static let maybes: [Scenario] = [
        perhaps("a bucket's policy of which nothing is known was deleted", read, object, s3("DeleteBucketPolicy")),
        perhaps(
            "a bucket's policy of which nothing is known was overwritten", read, object,
            s3("PutBucketPolicy", allowing(Facts.user, read))),
        perhaps("a grant of somebody unknown was revoked", decrypt, key, revoked),
        perhaps(
            "a statement that is not known was taken out", "lambda:InvokeFunction", function,
            lambda("RemovePermission20150331v2", #","statementId":"orders""#)),
        perhaps(
            "a key's policy that leaves it to the account, and what it was before is not known", decrypt, key,
            keyPolicy(allowing(accountRoot, "kms:*"))),
    ]

    private static let kept: [Scenario] = [
        kept(
            "a bucket was deleted whose policy named another", read, object,
            s3("PutBucketPolicy", allowing(Facts.user, read, on: "arn:aws:s3:::imports/*"), at: before, id: "old"),
            s3("DeleteBucket")),
        kept(
            "it still names the caller", read, object, bucketGrant,
            s3("PutBucketPolicy", allowing(Facts.role, "s3:*", on: "arn:aws:s3:::imports/*"))),
        kept(
            "it named the account, which gives nobody anything", read, object,
            s3("PutBucketPolicy", allowing(accountRoot, "s3:*"), at: before, id: "old"), s3("DeleteBucketPolicy")),
        kept(
            "it named somebody else", read, object,
            s3("PutBucketPolicy", allowing(Facts.user, read), at: before, id: "old"), s3("DeleteBucketPolicy")),
        kept(
            "it allowed another action", read, object,
            s3("PutBucketPolicy", allowing(Facts.role, "s3:PutObject"), at: before, id: "old"),
            s3("DeleteBucketPolicy")),
        kept(
            "it covered another prefix", read, object,
            s3(
                "PutBucketPolicy", allowing(Facts.role, read, on: "arn:aws:s3:::imports/2025/*"), at: before, id: "old"),
            s3("DeleteBucketPolicy")),
        kept(
            "it only denied", read, object,
            s3("PutBucketPolicy", allowing(Facts.role, read, effect: "Deny"), at: before, id: "old"),
            s3("DeleteBucketPolicy")),
        kept("another bucket's", read, object, s3("DeleteBucketPolicy", bucket: "exports")),
        kept("a bucket of another account", read, object, s3("DeleteBucketPolicy", account: Facts.other)),
        kept("deleted long before the last success", read, object, s3("DeleteBucketPolicy", at: before)),
        kept("deleted after the first denial", read, object, s3("DeleteBucketPolicy", at: "2026-11-10T12:05:00Z")),
        kept("deleted, and the call never succeeded", read, object, s3("DeleteBucketPolicy"), hasSucceeded: false),
        kept(
            "deleted and put back before the first denial", read, object, bucketGrant,
            s3("DeleteBucketPolicy", at: "2026-11-10T11:52:00Z"),
            s3("PutBucketPolicy", allowing(Facts.role, read, on: "arn:aws:s3:::imports/*"), id: "back")),
        kept(
            "AWS names a Deny", read, object, bucketGrant, s3("DeleteBucketPolicy"),
            reason: .explicitDeny(.identityBased)),
        kept(
            "AWS names the boundary", read, object, bucketGrant, s3("DeleteBucketPolicy"),
            reason: .missingAllow(.permissionsBoundary)),
        kept(
            "a key of another account: both sides must allow", decrypt,
            "arn:aws:kms:us-east-1:444455556666:key/k-1", grant(Facts.role), revoked),
        kept("a grant of somebody else", decrypt, key, grant(Facts.user), revoked),
        kept("a grant that a service ended", decrypt, key, ofService(revoked)),
        kept("a grant for another operation", decrypt, key, grant(Facts.role, operations: "\"Encrypt\""), revoked),
        kept(
            "another grant still holds", decrypt, key, grant(Facts.role),
            grant(Facts.role, grantID: "g-2", id: "second"), revoked),
        kept(
            "the key's policy still names the caller", decrypt, key,
            keyPolicy(allowing(Facts.role, decrypt), at: before, id: "old"),
            keyPolicy(allowing(Facts.role, "kms:*"))),
        kept(
            "the like-named queue of another Region", "sqs:SendMessage", queue,
            sqs("SetQueueAttributes", queuePolicy(""), region: "eu-west-1")),
        kept(
            "another statement was taken out", "sqs:SendMessage", queue,
            sqs("SetQueueAttributes", queuePolicy(allowing(Facts.user, "sqs:SendMessage")), at: before, id: "old"),
            sqs("RemovePermission", #","label":"s1""#)),
        kept(
            "a queue's policy gave it to the account", "sqs:SendMessage", queue,
            sqs(
                "SetQueueAttributes", queuePolicy(allowing(Facts.account, "sqs:SendMessage")), at: before, id: "old"),
            sqs("SetQueueAttributes", queuePolicy(""))),
        kept(
            "another alias of the function", "lambda:InvokeFunction", function,
            lambda("RemovePermission20150331v2", #","statementId":"orders","qualifier":"beta""#)),
        kept(
            "a statement was added", "lambda:InvokeFunction", function,
            lambda(
                "AddPermission20150331v2",
                #","statementId":"s3","action":"lambda:InvokeFunction","principal":"s3.amazonaws.com""#)),
        Scenario(
            name: "the caller's own policy explains it better than the bucket's",
            group: refused(read, object), usage: [Facts.usage(Facts.role, read)],
            changes: [
                Facts.put(Facts.allowS3, at: before, id: "own"),
                Facts.put(Facts.allowReads, at: "2026-11-10T11:52:00Z", id: "taken"), s3("DeleteBucketPolicy"),
            ], rootCause: .permissionsChanged, blames: ["taken"], confidence: .inferred),
        Scenario(
            name: "the other bucket of two may have another reason",
            group: {
                var group = refused(read, object)
                group.resources.append(Counted("arn:aws:s3:::exports/b.csv", denials: 3))
                return group
            }(), usage: [Facts.usage(Facts.role, read)], changes: [bucketGrant, s3("DeleteBucketPolicy")],
            rootCause: .missingAllow, finds: [.permissionsChanged]),
        healed("a topic's policy that names the caller", Facts.role, fixedBy: "change"),
        healed("a topic's policy that names somebody else", Facts.user, fixedBy: nil),
    ]

    private static func unexplained(_ name: String, _ changes: PermissionChange..., blames: [String]?) -> Scenario {
        Scenario(
            name: "AWS gives no reason: \(name)", group: refused(read, object, .unstated),
            usage: [Facts.usage(Facts.role, read)], changes: changes,
            rootCause: blames == nil ? .reasonUnstated : .permissionsChanged,
            spares: blames == nil ? [.permissionsChanged] : [], blames: blames)
    }

    private static let withoutReason: [Scenario] = [
        unexplained(
            "a bucket's policy that named the caller was deleted", bucketGrant, s3("DeleteBucketPolicy"),
            blames: ["change"]),
        unexplained(
            "a bucket's policy that named the account was deleted",
            s3("PutBucketPolicy", allowing(accountRoot, "s3:*"), at: before, id: "old"), s3("DeleteBucketPolicy"),
            blames: nil),
        unexplained(
            "the policy of another account's bucket, that named the caller's account, was deleted",
            s3("PutBucketPolicy", allowing(accountRoot, "s3:*"), account: Facts.other, at: before, id: "old"),
            s3("DeleteBucketPolicy", account: Facts.other), blames: ["change"]),
        Scenario(
            name: "AWS names the function's policy: another statement was taken out",
            group: refused("lambda:InvokeFunction", function, .missingAllow(.resourceBased)),
            usage: [Facts.usage(Facts.role, "lambda:InvokeFunction")],
            changes: [
                lambda(
                    "AddPermission20150331v2",
                    #","statementId":"s3","action":"lambda:InvokeFunction","principal":"s3.amazonaws.com""#, at: before,
                    id: "old"), lambda("RemovePermission20150331v2", #","statementId":"s3""#),
            ], rootCause: .missingAllow, spares: [.permissionsChanged]),
        Scenario(
            name: "AWS names the function's policy: the caller's statement was taken out",
            group: refused("lambda:InvokeFunction", function, .missingAllow(.resourceBased)),
            usage: [Facts.usage(Facts.role, "lambda:InvokeFunction")],
            changes: [invoker, lambda("RemovePermission20150331v2", #","statementId":"orders""#)],
            rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred),
    ]

    static let resourcePolicies: [Scenario] = withoutReason + losses + maybes + kept
}
