import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// What a request names for a service to deliver to, where that resource's own policy must let the service in, whatever the caller may do.
///
/// Sources: "Granting permissions to publish event notification messages to a destination" in the S3 user guide; "Amazon S3 bucket
/// policy for CloudTrail"; "Publish flow logs to Amazon S3"; "Giving permissions to Amazon SES for email receiving"; "Email settings for
/// Amazon Cognito user pools".
struct Destination {
    package let arn: ARN
    /// When the call that names it was refused.
    private let asked: String

    /// The destination of the refused calls; `nil` where they name none, and for any other refusal.
    init?(_ group: DenialGroup) {
        guard group.reason.slug == DestinationRefusal.slug else { return nil }
        let partition = PrincipalName(group.principal).partition
        let found = group.requests.lazy.compactMap { record -> (arn: ARN, asked: String)? in
            let call = RecordedCall(record)
            return (Self.named(by: call) ?? Self.bucket(of: call, partition)).map { ($0, record.eventTime) }
        }.first
        guard let found = found ?? Self.bucketTold(group, partition).map({ ($0, group.firstSeen) }) else { return nil }
        (arn, asked) = found
    }

    /// A resource that the call names by its ARN, of a service that others deliver to.
    private static func named(by call: RecordedCall) -> ARN? {
        var found: ARN?
        call.parameters?.forEachText { text in
            guard found == nil, let arn = ARN(text), actions[arn.service] != nil else { return }
            found = arn
        }
        return found
    }

    /// A bucket that another service than S3 is to write to.
    private static func bucket(of call: RecordedCall, _ partition: String) -> ARN? {
        guard call.text("eventSource") != "s3.amazonaws.com" else { return nil }
        let name =
            call.parameterText("s3BucketName") ?? call.parameterText("bucketName")
            ?? call.parameterText("deliveryChannel", "s3BucketName")
        return name.map { ARN(partition: partition, service: "s3", region: "", account: "", resource: $0) }
    }

    /// The bucket that AWS's words name: "Access Denied for bucket: NAME. …".
    private static func bucketTold(_ group: DenialGroup, _ partition: String) -> ARN? {
        for message in group.evidence.compactMap(\.errorMessage) {
            guard let words = message.lowercased().firstRange(of: "bucket: ") else { continue }
            let offset = message.lowercased().distance(from: message.lowercased().startIndex, to: words.upperBound)
            let word = message.dropFirst(offset).prefix { !$0.isWhitespace && $0 != "," }
            let name = String(word.hasSuffix(".") ? word.dropLast() : word)
            guard !name.isEmpty, name.utf8.count < 64 else { continue }
            return ARN(partition: partition, service: "s3", region: "", account: "", resource: name)
        }
        return nil
    }

    /// What a service does with a destination, by the service of the destination.
    private static let actions = [
        "sns": ["sns:Publish"], "sqs": ["sqs:SendMessage"], "lambda": ["lambda:InvokeFunction"],
        "s3": ["s3:PutObject"], "logs": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "kms": ["kms:GenerateDataKey*", "kms:Decrypt"], "ses": ["ses:SendEmail", "ses:SendRawEmail"],
    ]

    /// As whom services deliver that do not do so under their own name.
    private static let deliverers = [
        "ec2.amazonaws.com": "delivery.logs.amazonaws.com", "logs.amazonaws.com": "delivery.logs.amazonaws.com",
        "wafv2.amazonaws.com": "delivery.logs.amazonaws.com", "waf.amazonaws.com": "delivery.logs.amazonaws.com",
        "cognito-idp.amazonaws.com": "email.cognito-idp.amazonaws.com",
        "elasticloadbalancing.amazonaws.com": "logdelivery.elasticloadbalancing.amazonaws.com",
    ]

    private var name: String { CallTarget.name(ofResource: arn.description) ?? arn.name }
    private var bareName: String { CallTarget.name(in: arn.description) }

    /// Whom changes of its policy are made on.
    package var subjects: [TrailChange.Subject] {
        Set([arn.description, arn.name, name, bareName, String(arn.resource.prefix { $0 != "/" })]).sorted().map {
            .resource($0)
        }
    }

    /// What is known of the refusal.
    package func known(_ facts: GroupFacts) -> KnownRefusal.Known {
        // Functions are called by the service itself.
        let own = facts.group.eventSource
        let service =
            switch arn.service {
            case "lambda": own
            // A log group is encrypted in the name of its Region.
            case "kms" where own == "logs.amazonaws.com": "logs.\(arn.region).amazonaws.com"
            default: Self.deliverers[own] ?? own
            }
        let all = facts.changes.filter { $0.isMade(on: arn.description) && $0.time <= facts.group.lastSeen }
        if let late = late(all, service) { return late }
        let made = all.filter { $0.time <= asked }
        let written = made.last { $0.rule?.target == .resource && $0.rule?.policyType == .resourceBased }
        let end = made.last { $0.change.eventName.hasPrefix("Delete") && $0.time >= written?.time ?? "" }
        var story: Prose =
            "\(service) delivers on its own behalf, not with the caller's permissions: the policy of \(arn.description) must let it in."
        var point: Prose = ""
        if let end {
            story += "\(end.summary.capitalised) at \(time: end.time): what the policy said until then is gone."
        } else if let written, let document = written.document {
            point = verdict(document, written, service)
            story += point
        }
        return KnownRefusal.Known(
            title: "", story: story,
            remedy: Remedy(
                .policy,
                "Add the statement below to the policy of \(arn.description). No permission of the caller is at fault.",
                commands: ResourcePolicyCommands.show(arn).map { [$0] } ?? [], policy: statement(service, facts)),
            evidence: (end ?? written).map { [$0.evidence] } ?? [], point: point)
    }

    /// Seconds within which a policy that comes after the call belongs to the same deployment.
    private static let deployment = 600

    /// What is known where the policy came right after the call that needs it, and lets the service in: the order is the fault.
    private func late(_ changes: [TrailChange], _ service: String) -> KnownRefusal.Known? {
        let writes = changes.filter { $0.rule?.target == .resource && $0.document != nil }
        guard !writes.contains(where: { $0.time <= asked }), let first = writes.first, let document = first.document,
            case let after = TimeSpan.seconds(from: asked, to: first.time), after <= Self.deployment,
            names(service, document)
        else { return nil }
        let story: Prose =
            "\(first.summary.capitalised) at \(time: first.time), \(words: TimeSpan.words(after)) after the refused call, and it lets \(service) in: the call came before it."
        return KnownRefusal.Known(
            title: "", story: story,
            remedy: Remedy(
                .setting,
                "Make the call after the policy of \(arn.description) is there: in a template the one has to depend on the other (\("DependsOn"), \("depends_on")). The policy itself is as it should be, and no permission of the caller is at fault."
            ), evidence: [first.evidence], point: story)
    }

    private func names(_ service: String, _ document: PolicyDocument) -> Bool {
        document.statements.contains { statement in
            statement.effect == .allow
                && statement.principals?.patterns.contains { $0.text.lowercased() == service || $0.text == "*" }
                    ?? false
        }
    }

    /// What a policy says of the service.
    private func verdict(_ document: PolicyDocument, _ written: TrailChange, _ service: String) -> Prose {
        let allows = document.statements.filter { $0.effect == .allow }
        let naming = allows.filter { names(service, PolicyDocument([$0])) }
        guard let statement = naming.first else {
            let principals = Set(allows.flatMap { $0.principals?.patterns.map(\.text) ?? [] }).sorted()
            return principals.isEmpty
                ? "The policy that \(written.author) wrote at \(time: written.time) lets nobody in."
                : "The policy that \(written.author) wrote at \(time: written.time) lets in \(list: principals, limit: 3), and not \(service)."
        }
        guard let condition = statement.conditions.first else { return "" }
        return
            "The policy that \(written.author) wrote at \(time: written.time) names it under a condition (\(condition.key) \(condition.conditionOperator) \(list: condition.values, limit: 3)), which the delivery has to meet."
    }

    private func statement(_ service: String, _ facts: GroupFacts) -> PolicyDocument {
        let account = facts.group.accounts.first?.value ?? facts.principal.account
        let source = facts.group.eventSource == "s3.amazonaws.com" ? RequestedResource.arn(facts) : nil
        var conditions: [Statement.Condition] = []
        // Source: "Encrypt log data in CloudWatch Logs using AWS KMS" in the CloudWatch Logs user guide.
        if arn.service == "kms", service.hasPrefix("logs."), let group = RequestedResource.arn(facts) {
            let actions = ["Encrypt*", "Decrypt*", "ReEncrypt*", "GenerateDataKey*", "Describe*"]
            return PolicyDocument([
                Statement(
                    .allow, actions: .matching(actions.map { ActionPattern("kms:" + $0) }),
                    resources: .matching([ResourcePattern("*")]),
                    principals: .matching([PrincipalPattern(kind: "Service", service)]),
                    conditions: [.init("ArnLike", "kms:EncryptionContext:aws:logs:arn", [group])])
            ])
        }
        if let source { conditions.append(.init("ArnLike", "aws:SourceArn", [source])) }
        if !account.isEmpty { conditions.append(.init("StringEquals", "aws:SourceAccount", [account])) }
        let resource = arn.service == "kms" ? "*" : arn.service == "s3" ? "\(arn.description)/*" : arn.description
        return PolicyDocument([
            Statement(
                .allow, actions: .matching((Self.actions[arn.service] ?? []).map { ActionPattern($0) }),
                resources: .matching([ResourcePattern(resource)]),
                principals: .matching([PrincipalPattern(kind: "Service", service)]), conditions: conditions)
        ])
    }
}
