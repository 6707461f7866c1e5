import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// What was taken away while another policy still allows the call.
extension ScenarioTests {
    private static let before = "2026-11-01T00:00:00Z"

    private static func managed(_ name: String) -> String { "arn:aws:iam::aws:policy/\(name)" }

    private static func detached(_ arn: String = Facts.policy) -> PermissionChange {
        Facts.change("DetachRolePolicy", policy: arn)
    }

    private static func attached(_ arn: String, at time: String = before) -> PermissionChange {
        Facts.change("AttachRolePolicy", at: time, id: "other", policy: arn)
    }

    private static let object = Facts.group(
        .unstated, action: "s3:GetObject", resource: "arn:aws:s3:::reports/a.csv", source: "s3.amazonaws.com")
    private static let objectUsage = [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")]

    private static func doubted(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup = Facts.group(identity)
    ) -> Scenario {
        Scenario(
            name: "possible at most: \(name)", group: group, usage: [Facts.usage()], changes: changes,
            rootCause: .missingAllow, finds: [.permissionsChanged])
    }

    private static func blamed(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup = Facts.group(identity),
        usage: [Usage] = [Facts.usage()], status: DiagnosedGroup.Status = .ongoing
    ) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group, usage: usage, changes: changes, rootCause: .permissionsChanged,
            blames: ["change"], confidence: .inferred, status: status)
    }

    static let stillAllowed: [Scenario] = [
        doubted(
            "detached, and an inline policy in the trail still allows it",
            Facts.put(Facts.allowSend, at: before, id: "i"),
            detached()),
        doubted("detached, and AdministratorAccess is attached", attached(managed("AdministratorAccess")), detached()),
        doubted(
            "swapped for AdministratorAccess before the calls were refused for a day",
            attached(managed("AdministratorAccess"), at: "2026-11-10T11:52:00Z"), detached()),
        blamed(
            "swapped for AdministratorAccess a moment ago: a gap",
            attached(managed("AdministratorAccess"), at: "2026-11-10T11:57:00Z"), detached(),
            group: Facts.group(identity) { $0.lastSeen = "2026-11-10T12:00:30Z" }, status: .quiet),
        blamed(
            "detached, and the policy that stays is of another service", attached(managed("AmazonSQSFullAccess")),
            detached()),
        blamed(
            "detached, and the inline policy that stays covers another project",
            Facts.put(
                Facts.statement("Allow", "mobiletargeting:*", Facts.app + "-other/*"), at: before, id: "inline"),
            detached()),
        blamed(
            "detached, and PowerUserAccess stays, which allows no IAM", attached(managed("PowerUserAccess")),
            detached(),
            group: Facts.group(identity, action: "iam:CreateRole", resource: nil, source: "iam.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "iam:CreateRole", source: "iam.amazonaws.com")]),
        Scenario(
            name: "spared: a bare refusal, and AdministratorAccess is attached", group: object, usage: objectUsage,
            changes: [attached(managed("AdministratorAccess")), detached(managed("AmazonS3FullAccess"))],
            rootCause: .reasonUnstated, spares: [.permissionsChanged]),
        blamed(
            "a bare refusal, and nothing else is known", detached(managed("AmazonS3FullAccess")), group: object,
            usage: objectUsage),
        Scenario(
            name: "spared: AWS's own policy of another service went", group: Facts.group(identity),
            usage: [Facts.usage()], changes: [detached(managed("AmazonSQSFullAccess"))], rootCause: .missingAllow,
            spares: [.permissionsChanged]),
    ]

    // MARK: - Statements of queues and topics

    private static let queue = "arn:aws:sqs:us-east-1:111122223333:orders"
    private static let caller = "arn:aws:iam::444455556666:role/partner"
    private static let queueURL = #""queueUrl":"https://sqs.us-east-1.amazonaws.com/111122223333/orders""#
    private static let sending = Facts.group(
        .missingAllow(.resourceBased), principal: caller, action: "sqs:SendMessage", resource: queue,
        source: "sqs.amazonaws.com")

    private static func added(_ account: String, action: String = "SendMessage", label: String = "partner")
        -> PermissionChange
    {
        Facts.change(
            "AddPermission", at: before, id: "added", target: nil, type: "queue", source: "sqs.amazonaws.com",
            parameters: #"{\#(queueURL),"label":"\#(label)","aWSAccountIds":["\#(account)"],"actions":["\#(action)"]}"#)
    }

    private static func written(_ account: String) -> PermissionChange {
        let document =
            #"{"Version":"2012-10-17","Statement":[{"Sid":"partner","Effect":"Allow","Principal":{"AWS":"\#(account)"},"Action":"sqs:SendMessage","Resource":"*"}]}"#
        return Facts.change(
            "SetQueueAttributes", at: before, id: "written", target: nil, type: "queue", source: "sqs.amazonaws.com",
            parameters: #"{\#(queueURL),"attributes":{"Policy":\#(Facts.quoted(document))}}"#)
    }

    private static let removed = Facts.change(
        "RemovePermission", target: nil, type: "queue", source: "sqs.amazonaws.com",
        parameters: #"{\#(queueURL),"label":"partner"}"#)

    private static func withdrawn(_ name: String, isGuilty: Bool, _ changes: PermissionChange...) -> Scenario {
        Scenario(
            name: "\(isGuilty ? "blamed" : "spared"): \(name)", group: sending,
            usage: [Facts.usage(caller, "sqs:SendMessage", source: "sqs.amazonaws.com")], changes: changes,
            rootCause: isGuilty ? .permissionsChanged : .missingAllow, spares: isGuilty ? [] : [.permissionsChanged],
            blames: isGuilty ? ["change"] : nil, confidence: isGuilty ? .inferred : nil)
    }

    static let removedStatements: [Scenario] = [
        withdrawn("the statement of the caller's account was removed", isGuilty: true, added(Facts.other), removed),
        withdrawn("the statement of another account was removed", isGuilty: false, added("210987654321"), removed),
        withdrawn(
            "the statement of another action was removed", isGuilty: false,
            added(Facts.other, action: "ReceiveMessage"),
            removed),
        withdrawn("a statement of which nothing is known was removed", isGuilty: true, removed),
        withdrawn(
            "a statement was removed that the trail does not show, and another account's was added", isGuilty: true,
            added("210987654321", label: "else"), removed),
        withdrawn(
            "the caller's statement in the policy's text was removed", isGuilty: true, written(Facts.other), removed),
        withdrawn(
            "another account's statement in the text was removed", isGuilty: false, written("210987654321"), removed),
    ]
}
