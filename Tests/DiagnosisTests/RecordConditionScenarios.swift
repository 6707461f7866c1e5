import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Denys that the records of the refused calls decide: by TLS, by the session's begin, by the resource's owner, by its name in
/// `NotPrincipal`.
extension ScenarioTests {
    private static let denied = Reason.explicitDeny(.identityBased)

    private static func refused(_ change: (inout DenialGroup) -> Void = { _ in }) -> DenialGroup {
        Facts.group(denied, with: change)
    }

    private static func deny(_ condition: String) -> PermissionChange {
        Facts.put(
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{\#(condition)}}]}"#
        )
    }

    private static func overTLS(_ group: inout DenialGroup) {
        for index in group.evidence.indices { group.evidence[index].tlsVersion = "TLSv1.3" }
    }

    private static func since(_ starts: String...) -> (inout DenialGroup) -> Void { { $0.sessionStarts = starts } }

    private static let insecure = #""Bool":{"aws:SecureTransport":"false"}"#
    private static let revoked = #""DateLessThan":{"aws:TokenIssueTime":"2026-11-10T11:55:00.000Z"}"#
    private static let elsewhere = #""StringNotEquals":{"aws:ResourceAccount":"111122223333"}"#

    // MARK: - NotPrincipal

    private static let queue = "arn:aws:sqs:us-east-1:111122223333:orders"
    private static let session = "arn:aws:sts::111122223333:assumed-role/order-notifier/app"
    private static let root = "arn:aws:iam::111122223333:root"

    private static func queueRefused(_ principal: String = Facts.role, caller: String = session) -> DenialGroup {
        Facts.group(
            .explicitDeny(.resourceBased), principal: principal, action: "sqs:SendMessage", resource: queue,
            source: "sqs.amazonaws.com"
        ) { $0.callers = [Counted(caller, denials: 12)] }
    }

    private static func denyAllBut(_ principals: String...) -> PermissionChange {
        let list = principals.map { "\"\($0)\"" }.joined(separator: ",")
        let document =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":[\#(list)]},"Action":"sqs:*","Resource":"*"}]}"#
        return Facts.change(
            "SetQueueAttributes", target: nil, type: "queue", source: "sqs.amazonaws.com",
            parameters:
                #"{"queueUrl":"https://sqs.us-east-1.amazonaws.com/111122223333/orders","attributes":{"Policy":\#(Facts.quoted(document))}}"#
        )
    }

    // MARK: - Rows

    private static func innocent(_ name: String, _ group: DenialGroup, _ change: PermissionChange) -> Scenario {
        Scenario(
            name: "spared: \(name)", group: group, usage: [Facts.usage(group.principal, group.action)],
            changes: [change], rootCause: .explicitDeny, spares: [.permissionsChanged])
    }

    private static func guilty(_ name: String, _ group: DenialGroup, _ change: PermissionChange) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group, usage: [Facts.usage(group.principal, group.action)],
            changes: [change], rootCause: .permissionsChanged, blames: ["change"], confidence: .inferred)
    }

    static let recordConditions: [Scenario] = [
        innocent("a Deny of calls without TLS, and all came by TLS", refused(overTLS), deny(insecure)),
        guilty("a Deny of calls without TLS, and the records do not tell", refused(), deny(insecure)),
        guilty("a Deny of calls by TLS", refused(overTLS), deny(#""Bool":{"aws:SecureTransport":"true"}"#)),
        innocent(
            "a Deny of older sessions, and this one is younger", refused(since("2026-11-10T11:58:00Z")), deny(revoked)),
        guilty("a Deny of older sessions", refused(since("2026-11-10T09:00:00Z")), deny(revoked)),
        guilty(
            "a Deny of older sessions, and some are older",
            refused(since("2026-11-10T09:00:00Z", "2026-11-11T09:00:00Z")), deny(revoked)),
        guilty("a Deny of older sessions, and the records do not tell", refused(), deny(revoked)),
        innocent("a Deny of other accounts' resources, and this one is ours", refused(), deny(elsewhere)),
        guilty(
            "a Deny of other accounts' resources",
            Facts.group(
                denied, resource: "arn:aws:mobiletargeting:us-east-1:444455556666:apps/0a1b2c/messages"),
            deny(elsewhere)),
        guilty(
            "a Deny of other accounts' resources, and an ARN without an account",
            Facts.group(denied, action: "s3:GetObject", resource: "arn:aws:s3:::reports/a", source: "s3.amazonaws.com"),
            deny(elsewhere)),
        guilty(
            "a Deny for all but the role, whose sessions are not listed", queueRefused(), denyAllBut(Facts.role, root)),
        guilty(
            "a Deny for all but the role, whose account is not listed", queueRefused(), denyAllBut(Facts.role, session)),
        guilty("a Deny for all but the account", queueRefused(), denyAllBut(root)),
        innocent(
            "a Deny for all but the account, the role and its session", queueRefused(),
            denyAllBut(Facts.role, root, session)),
        guilty(
            "a Deny for all but the account, the role and another session",
            queueRefused(caller: session + "-2"), denyAllBut(Facts.role, root, session)),
        innocent(
            "a Deny for all but the user and its account", queueRefused(Facts.user, caller: Facts.user),
            denyAllBut(Facts.user, Facts.account)),
        guilty(
            "a Deny for all but another user", queueRefused(Facts.user, caller: Facts.user),
            denyAllBut("arn:aws:iam::111122223333:user/bob", root)),
    ]
}
