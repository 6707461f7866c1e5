import AccessDenial
import IAMPolicy
import OrderedJSON

/// What a call was on, by its record.
extension RecordedCall {
    /// What AWS named, as an ARN where it is one in other words: `user NAME`, `policy ARN version v2`. `nil` for words that no policy
    /// could hold.
    func arn(named text: String, partition: String) -> String? {
        if text == "*" || text.hasPrefix("arn:") { return text.split(separator: " ").first.map(String.init) }
        // A phone number is a resource as it stands.
        if text.hasPrefix("+"), text.dropFirst().allSatisfy(\.isNumber) { return text }
        let words = text.split(separator: " ").map(String.init)
        guard words.count > 1, let last = words.last else { return nil }
        if words[0] == "policy", words[1].hasPrefix("arn:") { return words[1] }
        let kinds = [
            "user": "user", "role": "role", "group": "group", "instance profile": "instance-profile",
            "policy": "policy",
        ]
        guard let kind = kinds[words.dropLast().joined(separator: " ")], let account = ownAccount else { return nil }
        return "arn:\(partition):iam::\(account):\(kind)/\(last)"
    }

    private var ownAccount: String? { text("recipientAccountId") ?? text("userIdentity", "accountId") }

    /// What the call was on: the record's resource of the action's service, else what its parameters name; `nil` where neither does.
    package func resource(of action: String, partition: String) -> String? {
        let service = String(action.prefix { $0 != ":" }).lowercased()
        if case .value(let list) = at(["resources"]) {
            let arns = list.elements.compactMap { $0.member(ignoringCase: "ARN")?.scalarText }.filter { ARN($0) != nil }
            let own = service == "sts" ? "iam" : service
            // Records of calls on objects name object and bucket.
            if let arn = arns.filter({ ARN($0)?.service == own }).max(by: { $0.utf8.count < $1.utf8.count }) {
                return arn
            }
        }
        return parameterResource(service, action, partition)
    }

    /// Whether the call is one of the service that an action is of: the record of a call to another that needs the action tells less.
    package func isOfService(_ action: String) -> Bool {
        text("eventSource")?.prefix { $0 != "." }.lowercased() == action.prefix { $0 != ":" }.lowercased()
    }

    /// What calls of EC2 create, of one kind each: IAM is asked for all of the kind, because there is no id yet.
    /// Source: Amazon EC2 in the service authorization reference.
    private static let createdByEC2 = [
        "ec2:CreateVolume": "volume", "ec2:CreateSecurityGroup": "security-group", "ec2:CreateVpc": "vpc",
        "ec2:CreateKeyPair": "key-pair", "ec2:CreateLaunchTemplate": "launch-template",
        "ec2:CreateInternetGateway": "internet-gateway", "ec2:AllocateAddress": "elastic-ip",
        "ec2:CreateTransitGateway": "transit-gateway", "ec2:CreateDhcpOptions": "dhcp-options",
    ]

    /// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`
    private func local(_ resource: String?, _ service: String, _ partition: String) -> String? {
        guard let resource else { return nil }
        if resource.hasPrefix("arn:") { return resource }
        guard let region = text("awsRegion"), let account = ownAccount else { return nil }
        return "arn:\(partition):\(service):\(region):\(account):\(resource)"
    }

    private func parameterResource(_ service: String, _ action: String, _ partition: String) -> String? {
        func parameter(_ name: String) -> String? { parameterText(name) }
        func named(_ prefix: String, _ name: String) -> String? {
            parameter(name).map { $0.hasPrefix("arn:") ? $0 : prefix + $0 }
        }
        switch service {
        case "s3":
            guard let bucket = parameter("bucketName"), !bucket.hasPrefix("arn:") else {
                return parameter("bucketName")
            }
            let isOfBucket =
                action == "s3:ListBucket" || action.hasPrefix("s3:GetBucket") || action.hasPrefix("s3:PutBucket")
            return "arn:\(partition):s3:::\(bucket)" + (isOfBucket ? "" : parameter("key").map { "/\($0)" } ?? "")
        case "sts": return parameter("roleArn")
        case "sqs":
            guard let url = parameter("queueUrl"), let region = text("awsRegion") else { return nil }
            let parts = url.split(separator: "/").suffix(2)
            guard parts.count == 2 else { return nil }
            return "arn:\(partition):sqs:\(region):\(parts[parts.startIndex]):\(parts[parts.startIndex + 1])"
        case "sns": return parameter("topicArn") ?? parameter("phoneNumber")
        case "dynamodb": return local(named("table/", "tableName"), service, partition)
        case "lambda":
            return local(parameter("functionName").map { "function:\(CallTarget.name(in: $0))" }, service, partition)
        case "kms":
            // An alias is no key, and policies name keys.
            return parameter("keyId").flatMap { id in
                id.contains("alias/") ? nil : local(id.hasPrefix("arn:") ? id : "key/\(id)", service, partition)
            }
        case "ec2":
            if let kind = Self.createdByEC2[action] { return local(kind + "/*", service, partition) }
            guard case .value(let set) = self.parameter(["instancesSet"]) else {
                return local(parameter("instanceId").map { "instance/\($0)" }, service, partition)
            }
            let id = set.listed.first?.member(ignoringCase: "instanceId")?.scalarText
            return local(id.map { "instance/\($0)" }, service, partition)
        case "ssm":
            guard let name = parameter("name"), !name.hasPrefix("arn:") else { return parameter("name") }
            return local("parameter/" + name.drop { $0 == "/" }, service, partition)
        case "logs": return local(parameter("logGroupName").map { "log-group:\($0)" }, service, partition)
        case "states": return parameter("stateMachineArn")
        case "kinesis": return local(named("stream/", "streamName"), service, partition)
        case "firehose": return local(named("deliverystream/", "deliveryStreamName"), service, partition)
        case "ecr": return local(named("repository/", "repositoryName"), service, partition)
        case "events": return local(named("event-bus/", "eventBusName"), service, partition)
        case "iam":
            guard let account = ownAccount else { return nil }
            if action == "iam:PassRole" { return parameter("roleArn") ?? parameter("role") }
            let names = [
                ("roleName", "role"), ("userName", "user"), ("groupName", "group"),
                ("instanceProfileName", "instance-profile"),
            ]
            for (name, kind) in names {
                if let value = parameter(name) { return "arn:\(partition):iam::\(account):\(kind)/\(value)" }
            }
            return parameter("policyArn")
        case "athena":
            // A query that names no workgroup runs in this one. Source: StartQueryExecution in the Amazon Athena API reference.
            guard parameters != nil, Self.inWorkgroups.contains(action) else { return nil }
            return local("workgroup/" + (parameter("workGroup") ?? "primary"), service, partition)
        case "cognito-idp": return local(named("userpool/", "userPoolId"), service, partition)
        case "codebuild": return local(named("project/", "projectName"), service, partition)
        case "sagemaker":
            return local(parameter("endpointName").map { "endpoint/\($0.lowercased())" }, service, partition)
        case "elasticfilesystem": return local(named("file-system/", "fileSystemId"), service, partition)
        case "backup": return local(parameter("backupVaultName").map { "backup-vault:\($0)" }, service, partition)
        default: return nil
        }
    }

    /// Calls of Athena that are on a workgroup which they may name. Source: Amazon Athena in the service authorization reference.
    private static let inWorkgroups: Set<String> = [
        "athena:StartQueryExecution", "athena:CreateNamedQuery", "athena:ListNamedQueries",
        "athena:ListQueryExecutions",
    ]
}
