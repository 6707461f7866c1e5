import AccessDenial
package import IAMPolicy
import PolicyTimeline
import TrailStore
package import Wording

/// AWS CLI commands that show the policy of a resource.
package enum ResourcePolicyCommands {
    /// The command for the resource whose policy a change took or wrote.
    package static func show(_ change: TrailChange) -> [ShellCommand] {
        guard let resource = change.resource else { return [] }
        let service = String(change.change.eventSource.prefix { $0 != "." })
        let arn =
            ARN(resource)
            ?? ARN(
                partition: "aws", service: service, region: service == "s3" ? "" : change.change.awsRegion ?? "",
                account: change.account,
                resource: (types[service] ?? "") + resource)
        return show(arn).map { [$0] } ?? []
    }

    /// What stands before a resource's name in its ARN.
    private static let types = [
        "dynamodb": "table/", "ecr": "repository/", "events": "event-bus/", "kinesis": "stream/",
        "elasticfilesystem": "file-system/", "lambda": "function:",
    ]

    /// The command for one resource; `nil` for services that are not known here.
    package static func show(_ arn: ARN) -> ShellCommand? {
        let resource = arn.resource
        let behindType = resource.split(separator: "/", maxSplits: 1).last.map(String.init) ?? resource
        let text = arn.description
        let whole = ShellWord.value(text, .arn(service: arn.service))
        let (operation, words): (AWSOperation, [ShellWord])
        switch arn.service {
        case "s3":
            guard arn.region.isEmpty else { return nil }
            (operation, words) = (.s3apiGetBucketPolicy, ["--bucket", .bucket(String(resource.prefix { $0 != "/" }))])
        case "kms" where resource.hasPrefix("key/"):
            (operation, words) = (.kmsGetKeyPolicy, ["--key-id", whole, "--output", "text"])
        case "sns": (operation, words) = (.snsGetTopicAttributes, ["--topic-arn", whole])
        case "sqs":
            let domain = arn.partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"
            (operation, words) = (
                .sqsGetQueueAttributes,
                [
                    "--queue-url",
                    .value("https://sqs.\(arn.region).\(domain)/\(arn.account)/\(resource)", .queueURL),
                    "--attribute-names", "Policy",
                ]
            )
        case "secretsmanager": (operation, words) = (.secretsmanagerGetResourcePolicy, ["--secret-id", whole])
        case "lambda":
            if let layer = arn.layer {
                (operation, words) = (
                    .lambdaGetLayerVersionPolicy,
                    [
                        "--layer-name", .value(layer.arn, .arn(service: "lambda")),
                        "--version-number", .value(layer.version, .name("the layer's version")),
                    ]
                )
            } else {
                (operation, words) = (.lambdaGetPolicy, ["--function-name", whole])
            }
        case "dynamodb":
            let table = resource.split(separator: "/").prefix(2).joined(separator: "/")
            (operation, words) = (
                .dynamodbGetResourcePolicy,
                [
                    "--resource-arn",
                    .value(
                        ARN(
                            partition: arn.partition, service: arn.service, region: arn.region, account: arn.account,
                            resource: table
                        ).description, .arn(service: arn.service)),
                ]
            )
        case "ecr":
            (operation, words) = (
                .ecrGetRepositoryPolicy,
                [
                    "--registry-id", .value(arn.account, .account), "--repository-name",
                    .value(behindType, .name("the repository's name")),
                ]
            )
        case "events":
            (operation, words) = (
                .eventsDescribeEventBus,
                [
                    "--name", .value(behindType, .name("the event bus's name")), "--query",
                    "Policy",
                ]
            )
        case "kinesis": (operation, words) = (.kinesisGetResourcePolicy, ["--resource-arn", whole])
        case "sms-voice": (operation, words) = (.pinpointSmsVoiceV2GetResourcePolicy, ["--resource-arn", whole])
        case "elasticfilesystem":
            (operation, words) = (
                .efsDescribeFileSystemPolicy,
                [
                    "--file-system-id",
                    .value(behindType, .id("the file system's id", prefix: "fs-")),
                ]
            )
        default: return nil
        }
        return ShellCommand(operation, words + ShellWord.region(arn.region))
    }
}

extension TrailChange {
    /// Whether a resource was deleted, or its policy changed, in a service whose commands need no more than the resource's name.
    package var isShownByName: Bool {
        guard rule?.target == .resource else { return false }
        return deletesResource
            || ["dynamodb", "ecr", "events", "kinesis", "elasticfilesystem"].contains {
                change.eventSource == "\($0).amazonaws.com"
            }
    }
}

extension ARN {
    /// The name, the ARN and the version of a layer of AWS Lambda; `nil` for anything else.
    package var layer: (name: String, arn: String, version: String)? {
        let parts = resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard service == "lambda", parts.count == 3, parts[0] == "layer" else { return nil }
        return (
            parts[1],
            ARN(
                partition: partition, service: service, region: region, account: account,
                resource: "layer:\(parts[1])"
            ).description, parts[2]
        )
    }
}
