import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Policies of resources that AWS names as the reason: taken, written without the caller, or gone with their resource.
extension ScenarioTests {
    private static let partner = "arn:aws:iam::444455556666:role/partner"
    private static let table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
    private static let bus = "arn:aws:events:us-east-1:111122223333:event-bus/central"
    private static let repository = "arn:aws:ecr:us-east-1:111122223333:repository/team/web"
    private static let queue = "arn:aws:sqs:us-east-1:111122223333:jobs"
    private static let object = "arn:aws:s3:::reports/a.csv"

    private static func refused(_ action: String, _ resource: String) -> DenialGroup {
        Facts.group(
            .missingAllow(.resourceBased), principal: partner, action: action, resource: resource,
            source: "\(action.prefix { $0 != ":" }).amazonaws.com")
    }

    private static func used(_ action: String) -> [Usage] {
        [Facts.usage(partner, action, source: "\(action.prefix { $0 != ":" }).amazonaws.com")]
    }

    private static func on(
        _ service: String, _ name: String, _ target: String, at time: String = "2026-11-10T11:55:00Z",
        id: String = "change", account: String = Facts.account, _ parameters: String = "{}"
    ) -> PermissionChange {
        Facts.change(
            name, at: time, id: id, target: target, type: "resource", source: "\(service).amazonaws.com",
            account: account,
            parameters: parameters)
    }

    private static func allowing(_ account: String, _ action: String) -> String {
        #"{"Statement":[{"Sid":"s","Effect":"Allow","Principal":{"AWS":"\#(account)"},"Action":"\#(action)","Resource":"*"}]}"#
    }

    private static func guilty(
        _ name: String, _ action: String, _ resource: String, _ changes: PermissionChange...,
        blames: [String] = ["change"],
        says: [String] = [], explains: [String] = []
    ) -> Scenario {
        Scenario(
            name: name, group: refused(action, resource), usage: used(action), changes: changes,
            rootCause: .permissionsChanged, finds: [.missingAllow], blames: blames, confidence: .inferred,
            offersPolicy: false, says: says, explains: explains)
    }

    private static func innocent(_ name: String, _ action: String, _ resource: String, _ changes: PermissionChange...)
        -> Scenario
    {
        Scenario(
            name: name, group: refused(action, resource), usage: used(action), changes: changes,
            rootCause: .missingAllow, spares: [.permissionsChanged], saysNot: ["list-attached-role-policies"])
    }

    private static func repositoryPolicy(_ account: String, name: String = "team/web") -> PermissionChange {
        on(
            "ecr", "SetRepositoryPolicy", name,
            #"{"repositoryName":"\#(name)","policyText":\#(Facts.quoted(allowing(account, "ecr:*")))}"#)
    }

    private static func permission(_ account: String, at time: String = "2026-11-01T00:00:00Z") -> PermissionChange {
        on(
            "events", "PutPermission", "central", at: time, id: "given",
            #"{"eventBusName":"central","statementId":"s","principal":"\#(account)","action":"events:PutEvents"}"#)
    }

    private static func removal(bus: String = "central", _ extra: String = "") -> PermissionChange {
        on("events", "RemovePermission", bus, #"{"eventBusName":"\#(bus)","statementId":"s"\#(extra)}"#)
    }

    private static func bucketPolicy(
        _ account: String, at time: String = "2026-11-01T00:00:00Z", id: String = "policy"
    ) -> PermissionChange {
        on(
            "s3", "PutBucketPolicy", "reports", at: time, id: id,
            #"{"bucketName":"reports","bucketPolicy":\#(allowing(account, "s3:*"))}"#)
    }

    private static func bucket(_ name: String, at time: String, id: String, _ bucket: String = "reports")
        -> PermissionChange
    {
        on("s3", name, bucket, at: time, id: id, #"{"bucketName":"\#(bucket)"}"#)
    }

    private static let away = "2026-11-10T11:53:00Z"
    private static let anew = "2026-11-10T11:54:00Z"

    static let resourceEnds: [Scenario] = [
        guilty(
            "a table's policy was deleted", "dynamodb:PutItem", table,
            on("dynamodb", "DeleteResourcePolicy", table, #"{"resourceArn":"\#(table)"}"#),
            says: ["aws dynamodb get-resource-policy --resource-arn \(table) --region us-east-1"]),
        innocent(
            "another table's policy was deleted", "dynamodb:PutItem", table,
            on("dynamodb", "DeleteResourcePolicy", table + "-old", #"{"resourceArn":"\#(table)-old"}"#)),
        innocent(
            "a table of this name in another account was deleted", "dynamodb:PutItem", table,
            on("dynamodb", "DeleteTable", "orders", account: "999999999999", #"{"tableName":"orders"}"#)),
        innocent(
            "a table was deleted, and its policy is back", "dynamodb:PutItem", table,
            on("dynamodb", "DeleteTable", "orders", at: away, id: "deleted", #"{"tableName":"orders"}"#),
            on(
                "dynamodb", "PutResourcePolicy", table, at: anew, id: "again",
                #"{"resourceArn":"\#(table)","policy":\#(Facts.quoted(allowing(Facts.other, "dynamodb:*")))}"#)),
        guilty(
            "a repository's policy lacks the caller now", "ecr:BatchGetImage", repository,
            repositoryPolicy(Facts.account),
            says: ["aws ecr get-repository-policy", "--repository-name team/web"]),
        innocent(
            "a repository's policy still names the caller", "ecr:BatchGetImage", repository,
            repositoryPolicy(Facts.other)),
        innocent(
            "the policy of a repository with the same last name", "ecr:BatchGetImage", repository,
            repositoryPolicy(Facts.account, name: "web")),
        guilty(
            "the caller's statement went out of an event bus", "events:PutEvents", bus, permission(Facts.other),
            removal(),
            says: ["aws events describe-event-bus --name central"], explains: ["what it took away allowed the call"]),
        guilty("a statement of unknown content went out of an event bus", "events:PutEvents", bus, removal()),
        innocent(
            "another account's statement went out of an event bus", "events:PutEvents", bus, permission("999999999999"),
            removal()),
        innocent(
            "a statement went out of another event bus", "events:PutEvents", bus, permission(Facts.other),
            removal(bus: "other")),
        innocent(
            "a statement was added to an event bus", "events:PutEvents", bus,
            permission("999999999999", at: "2026-11-10T11:55:00Z")),
        guilty(
            "a bucket was deleted and created anew", "s3:GetObject", object, bucketPolicy(Facts.other),
            bucket("DeleteBucket", at: away, id: "deleted"), bucket("CreateBucket", at: anew, id: "created"),
            blames: ["deleted", "created"],
            says: ["Write the policy again", "event policy (PutBucketPolicy", "get-bucket-policy --bucket reports"],
            explains: ["Its policy went with it", "has none until one is written"]),
        innocent(
            "a bucket was created anew with its policy", "s3:GetObject", object, bucketPolicy(Facts.other),
            bucket("DeleteBucket", at: away, id: "deleted"), bucket("CreateBucket", at: anew, id: "created"),
            bucketPolicy(Facts.other, at: "2026-11-10T11:55:00Z", id: "again")),
        innocent(
            "a bucket whose policy never named the caller was deleted", "s3:GetObject", object,
            bucketPolicy("999999999999"), bucket("DeleteBucket", at: away, id: "deleted")),
        innocent(
            "a bucket whose name is the object's was deleted", "s3:GetObject", object,
            bucket("DeleteBucket", at: away, id: "deleted", "a.csv")),
        guilty(
            "a queue was deleted and created anew", "sqs:SendMessage", queue,
            on(
                "sqs", "DeleteQueue", "https://sqs.us-east-1.amazonaws.com/111122223333/jobs",
                #"{"queueUrl":"https://sqs.us-east-1.amazonaws.com/111122223333/jobs"}"#),
            says: ["--queue-url https://sqs.us-east-1.amazonaws.com/111122223333/jobs"],
            explains: ["The trail does not show that it was recreated"]),
        innocent(
            "another queue was deleted", "sqs:SendMessage", queue,
            on(
                "sqs", "DeleteQueue", "https://sqs.us-east-1.amazonaws.com/111122223333/other",
                #"{"queueUrl":"https://sqs.us-east-1.amazonaws.com/111122223333/other"}"#)),
        Scenario(
            name: "a bucket was deleted, and AWS names an SCP",
            group: Facts.group(
                .missingAllow(.serviceControl), action: "s3:GetObject", resource: object, source: "s3.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [bucketPolicy(Facts.other), bucket("DeleteBucket", at: away, id: "deleted")],
            rootCause: .missingAllow, spares: [.permissionsChanged]),
    ]
}
