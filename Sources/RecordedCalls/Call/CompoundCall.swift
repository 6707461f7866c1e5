import IAMPolicy
import OrderedJSON

/// A further request that one call makes: IAM decides on each, and all must be allowed.
package struct CompoundCall: Sendable {
    /// Where the record tells that the call makes it.
    package enum Condition: Sendable {
        case always
        /// The call passes one of these.
        case passes([[String]])
    }

    /// What the further request is on.
    enum Target: Sendable {
        /// What the call is on.
        case same
        /// The bucket that the call's object lies in.
        case bucket
        /// The ARN, or what a prefix makes one of, under a path.
        case parameter([String], prefix: String)
        /// Nothing in the record tells it.
        case untold
    }

    /// CloudTrail's `eventSource`, without `.amazonaws.com`.
    let service: String
    /// CloudTrail's `eventName`s.
    let events: Set<String>
    /// IAM's action of the further request.
    package let action: String
    let target: Target
    package let condition: Condition
    let source: String

    /// What the call passes that makes it ask for this.
    package func passed(by call: RecordedCall) -> [String] {
        guard case .passes(let paths) = condition else { return [] }
        return paths.filter { path in
            if case .value = call.parameter(path) { true } else { false }
        }.map { $0.joined(separator: ".") }
    }

    private init(
        _ service: String, _ events: Set<String>, asks action: String, on target: Target = .same,
        where condition: Condition = .always, _ source: String
    ) {
        self.service = service
        self.events = events
        self.action = action
        self.target = target
        self.condition = condition
        self.source = source
    }

    private static let puts: Set<String> = ["PutObject", "CopyObject", "CreateMultipartUpload"]

    /// Every row. Sources: "S" the service authorization reference, dependent actions and the notes of the service's page; "G" the
    /// service's guide.
    static let rows: [CompoundCall] = [
        CompoundCall(
            "s3", puts, asks: "s3:PutObjectAcl",
            where: .passes([
                ["x-amz-acl"], ["x-amz-grant-read"], ["x-amz-grant-write"], ["x-amz-grant-full-control"],
                ["x-amz-grant-read-acp"], ["x-amz-grant-write-acp"],
            ]), "G: s3, required permissions of PutObject"),
        CompoundCall(
            "s3", puts, asks: "s3:PutObjectTagging", where: .passes([["x-amz-tagging"]]), "G: s3, PutObject"),
        CompoundCall(
            "s3", puts, asks: "s3:PutObjectRetention", where: .passes([["x-amz-object-lock-mode"]]), "G: s3"),
        CompoundCall(
            "s3", puts, asks: "s3:PutObjectLegalHold", where: .passes([["x-amz-object-lock-legal-hold"]]), "G: s3"),
        CompoundCall(
            "s3", puts, asks: "kms:GenerateDataKey",
            on: .parameter(["x-amz-server-side-encryption-aws-kms-key-id"], prefix: "key/"),
            where: .passes([["x-amz-server-side-encryption-aws-kms-key-id"]]), "G: s3, SSE-KMS"),
        CompoundCall(
            "s3", ["CopyObject", "UploadPartCopy"], asks: "s3:GetObject",
            on: .parameter(["x-amz-copy-source"], prefix: ""), "G: s3, CopyObject"),
        CompoundCall(
            "s3", ["GetObject", "HeadObject"], asks: "s3:GetObjectVersion", where: .passes([["versionId"]]),
            "G: s3, GetObject"),
        CompoundCall(
            "s3", ["DeleteObject"], asks: "s3:DeleteObjectVersion", where: .passes([["versionId"]]),
            "G: s3, DeleteObject"),
        CompoundCall(
            "s3", ["DeleteObject", "DeleteObjects", "PutObjectRetention"], asks: "s3:BypassGovernanceRetention",
            where: .passes([["x-amz-bypass-governance-retention"]]), "G: s3, DeleteObject, Object Lock"),
        CompoundCall(
            "s3", ["GetObject", "HeadObject"], asks: "s3:ListBucket", on: .bucket,
            "G: s3: without s3:ListBucket a missing key answers 403"),
        CompoundCall("s3", ["GetObject"], asks: "kms:Decrypt", on: .untold, "G: s3, SSE-KMS"),
        CompoundCall(
            "sts", ["AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"], asks: "sts:TagSession",
            where: .passes([["tags"], ["principalTags"], ["incomingTransitiveTags"]]), "G: session tags"),
        CompoundCall(
            "sts", ["AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"], asks: "sts:SetSourceIdentity",
            where: .passes([["sourceIdentity"]]), "G: source identity"),
        CompoundCall("iam", ["CreateRole"], asks: "iam:TagRole", where: .passes([["tags"]]), "S: iam"),
        CompoundCall("iam", ["CreateUser"], asks: "iam:TagUser", where: .passes([["tags"]]), "S: iam"),
        CompoundCall("iam", ["CreatePolicy"], asks: "iam:TagPolicy", where: .passes([["tags"]]), "S: iam"),
        CompoundCall(
            "ec2",
            ["RunInstances", "CreateVolume", "CreateSnapshot", "CreateSecurityGroup", "CreateVpc", "CreateSubnet"],
            asks: "ec2:CreateTags", where: .passes([["tagSpecificationSet"]]), "S: ec2"),
        CompoundCall(
            "ec2", ["RunInstances"], asks: "iam:PassRole", on: .untold, where: .passes([["iamInstanceProfile"]]),
            "S: ec2"),
        CompoundCall(
            "autoscaling", ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"], asks: "ec2:RunInstances", on: .untold,
            where: .passes([["launchTemplate"], ["mixedInstancesPolicy"]]), "G: autoscaling, launch templates"),
        CompoundCall(
            "autoscaling", ["CreateAutoScalingGroup", "UpdateAutoScalingGroup"], asks: "iam:PassRole", on: .untold,
            where: .passes([["launchTemplate"], ["mixedInstancesPolicy"]]), "G: autoscaling, launch templates"),
        passingRole(
            "lambda", ["CreateFunction20150331", "CreateFunction", "UpdateFunctionConfiguration20150331v2"], "role"),
        passingRole("ecs", ["RunTask", "RegisterTaskDefinition", "CreateService"], "taskRoleArn"),
        passingRole("ecs", ["RegisterTaskDefinition"], "executionRoleArn"),
        passingRole("states", ["CreateStateMachine", "UpdateStateMachine"], "roleArn"),
        passingRole("codebuild", ["CreateProject", "UpdateProject"], "serviceRole"),
        passingRole("cloudformation", ["CreateStack", "UpdateStack", "CreateChangeSet"], "roleARN"),
        passingRole("glue", ["CreateJob", "CreateCrawler", "UpdateJob"], "role"),
        passingRole("sagemaker", ["CreateTrainingJob", "CreateModel", "CreateNotebookInstance"], "roleArn"),
        passingRole("pinpoint", ["CreateImportJob", "CreateExportJob", "UpdateEmailChannel"], "roleArn"),
        passingRole("firehose", ["CreateDeliveryStream"], "roleARN"),
        passingRole("events", ["PutTargets", "PutRule"], "roleArn"),
        passingRole("scheduler", ["CreateSchedule", "UpdateSchedule"], "roleArn"),
        CompoundCall("secretsmanager", ["GetSecretValue"], asks: "kms:Decrypt", on: .untold, "G: secretsmanager"),
        CompoundCall(
            "secretsmanager", ["PutSecretValue", "CreateSecret", "UpdateSecret"], asks: "kms:GenerateDataKey",
            on: .untold,
            "G: secretsmanager"),
        CompoundCall(
            "ssm", ["GetParameter", "GetParameters", "GetParametersByPath"], asks: "kms:Decrypt", on: .untold,
            where: .passes([["withDecryption"]]), "G: ssm, SecureString"),
        CompoundCall("sqs", ["SendMessage"], asks: "kms:GenerateDataKey", on: .untold, "G: sqs, SSE-KMS"),
        CompoundCall("sns", ["Publish"], asks: "kms:GenerateDataKey", on: .untold, "G: sns, SSE-KMS"),
        CompoundCall(
            "ses", ["SendEmail", "SendRawEmail"], asks: "ses:SendEmail",
            on: .parameter(["configurationSetName"], prefix: "configuration-set/"),
            where: .passes([["configurationSetName"]]), "S: ses: a configuration set is a resource of its own"),
        CompoundCall(
            "kms", ["ReEncrypt"], asks: "kms:ReEncryptTo", on: .parameter(["destinationKeyId"], prefix: "key/"),
            "S: kms"),
    ]

    private static func passingRole(_ service: String, _ events: Set<String>, _ parameter: String) -> CompoundCall {
        CompoundCall(
            service, events, asks: "iam:PassRole", on: .parameter([parameter], prefix: "role/"),
            where: .passes([[parameter]]), "S: \(service), dependent actions")
    }

    /// The rows by service and event.
    private static let byCall = Dictionary(
        grouping: rows.flatMap { row in row.events.map { (key: "\(row.service) \($0)", row: row) } }, by: \.key
    ).mapValues { $0.map(\.row) }

    /// The services of the rows, as `eventSource` names them.
    package static let services = Set(rows.map { $0.service + ".amazonaws.com" })

    /// The further requests of a call, each as far as the record tells that it makes it.
    package static func rows(of call: RecordedCall) -> [CompoundCall] {
        guard let source = call.text("eventSource"), source.hasSuffix(".amazonaws.com"),
            let name = call.text("eventName")
        else { return [] }
        return (byCall["\(source.dropLast(".amazonaws.com".utf8.count)) \(name)"] ?? []).filter { $0.isMade(by: call) }
    }

    private func isMade(by call: RecordedCall) -> Bool {
        switch condition {
        case .always: true
        case .passes(let paths):
            paths.contains {
                if case .value(let value) = call.parameter($0) {
                    value != .array([]) && value != .object([])
                } else {
                    false
                }
            }
        }
    }

    /// What the further request is on; `nil` where that is not told.
    func resource(_ call: RecordedCall, same: String?, partition: String) -> String? {
        switch target {
        case .same: return same
        case .bucket: return call.parameterText("bucketName").map { "arn:\(partition):s3:::\($0)" }
        case .untold: return nil
        case .parameter(let path, let prefix):
            guard case .value(let value) = call.parameter(path), let text = value.scalarText else { return nil }
            if text.hasPrefix("arn:") { return text }
            let account = call.text("userIdentity", "accountId") ?? ""
            let region = call.text("awsRegion") ?? ""
            switch action {
            // `/BUCKET/KEY` or `BUCKET/KEY`, with a version behind `?`.
            case "s3:GetObject":
                let source = text.prefix { $0 != "?" }.drop { $0 == "/" }
                return "arn:\(partition):s3:::\(source)"
            case "iam:PassRole": return "arn:\(partition):iam::\(account):role/\(text)"
            default:
                let service = action.prefix { $0 != ":" }
                guard !text.hasPrefix("alias/") else { return nil }
                return "arn:\(partition):\(service):\(region):\(account):\(prefix)\(text)"
            }
        }
    }
}

extension RecordedCall {
    /// Whether something that the call carries makes it ask for an action beside its own.
    package func asks(for action: String) -> Bool {
        CompoundCall.rows(of: self).contains {
            guard case .passes = $0.condition else { return false }
            return $0.action.lowercased() == action.lowercased()
        }
    }
}
