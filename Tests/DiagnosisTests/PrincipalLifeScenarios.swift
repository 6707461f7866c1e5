import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Roles and users that were deleted, or deleted and made anew under the same name.
extension ScenarioTests {
    private static let refused = Facts.group(.missingAllow(.identityBased))
    private static let target = "arn:aws:iam::111122223333:role/dispatch"
    private static let messagesOfApp = Facts.statement("Allow", "mobiletargeting:SendMessages", Facts.app)

    private static func deleted(at time: String = "2026-11-10T11:54:00Z", id: String = "change") -> PermissionChange {
        Facts.change("DeleteRole", at: time, id: id, parameters: #"{"roleName":"order-notifier"}"#)
    }

    private static func created(at time: String = "2026-11-10T11:55:00Z", id: String = "change") -> PermissionChange {
        Facts.change("CreateRole", at: time, id: id, parameters: #"{"roleName":"order-notifier"}"#)
    }

    private static let detached = Facts.change(
        "DetachRolePolicy", at: "2026-11-10T11:53:00Z", id: "detach", policy: Facts.policy)

    private static func assuming(_ changes: PermissionChange..., name: String, blames: [String]?) -> Scenario {
        Scenario(
            name: name,
            group: Facts.group(
                Facts.slug("unstated"), action: "sts:AssumeRole", resource: target, source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole", source: "sts.amazonaws.com")], changes: changes,
            rootCause: blames == nil ? .reasonUnstated : .permissionsChanged,
            spares: blames == nil ? [.permissionsChanged] : [], blames: blames)
    }

    private static func targetRole(_ event: String, at time: String, id: String = "change") -> PermissionChange {
        Facts.change(event, at: time, id: id, target: "dispatch", parameters: #"{"roleName":"dispatch"}"#)
    }

    static let principalLives: [Scenario] = [
        Scenario(
            name: "the role was deleted: no policy can be given to it", group: refused, usage: [Facts.usage()],
            changes: [detached, deleted()], rootCause: .permissionsChanged, blames: ["change"],
            confidence: .inferred, remedy: .command, offersPolicy: false,
            says: ["was deleted at", "aws iam get-role --role-name order-notifier"],
            saysNot: ["attach-role-policy", "put-role-policy"],
            explains: ["The trail does not show that it was recreated"]),
        Scenario(
            name: "the user was deleted", group: Facts.group(.missingAllow(.identityBased), principal: Facts.user),
            usage: [Facts.usage(Facts.user)],
            changes: [
                Facts.change(
                    "DetachUserPolicy", at: "2026-11-10T11:53:00Z", id: "detach", target: "alice", type: "user",
                    policy: Facts.policy),
                Facts.change("DeleteUser", target: "alice", type: "user"),
            ], rootCause: .permissionsChanged, blames: ["change"], offersPolicy: false,
            says: ["aws iam get-user --user-name alice"], saysNot: ["attach-user-policy"]),
        Scenario(
            name: "deleted, and created anew only after the first denial", group: refused, usage: [Facts.usage()],
            changes: [deleted(), created(at: "2026-11-10T15:00:00Z", id: "later")], rootCause: .permissionsChanged,
            blames: ["change"], explains: ["It was recreated at 2026-11-10 15:00:00 UTC"]),
        Scenario(
            name: "deleted some time after it had lost its policy", group: refused, usage: [Facts.usage()],
            changes: [
                Facts.change("DetachRolePolicy", id: "detach", policy: Facts.policy),
                deleted(at: "2026-11-11T17:00:00Z", id: "later"),
            ], rootCause: .permissionsChanged, blames: ["detach"], status: .gone, offersPolicy: false,
            says: ["was deleted at"], saysNot: ["attach-role-policy"]),
        Scenario(
            name: "another role was deleted", group: refused, usage: [Facts.usage()],
            changes: [
                Facts.change("DeleteRole", target: "order-archiver", parameters: #"{"roleName":"order-archiver"}"#)
            ],
            rootCause: .missingAllow, spares: [.permissionsChanged]),
        Scenario(
            name: "a user whose access key is unknown was deleted",
            group: Facts.group(Facts.slug("credentials-invalid"), principal: Facts.user),
            changes: [Facts.change("DeleteUser", target: "alice", type: "user")], rootCause: .credentialsInvalid,
            blames: ["change"], explains: ["deleted user alice"]),
        Scenario(
            name: "the role was made anew: what was taken from its predecessor does not matter", group: refused,
            usage: [Facts.usage()], changes: [detached, deleted(id: "gone"), created()],
            rootCause: .principalRecreated, spares: [.permissionsChanged], blames: ["gone", "change"],
            offersPolicy: true,
            explains: ["deleted with it"], explainsNot: ["dead id"]),
        Scenario(
            name: "made anew with a policy that is too narrow", group: refused, usage: [Facts.usage()],
            changes: [
                deleted(id: "gone"), created(id: "new"), Facts.put(messagesOfApp, at: "2026-11-10T11:56:00Z"),
            ], rootCause: .resourceTooNarrow, finds: [.principalRecreated], blames: ["change"]),
        Scenario(
            name: "made anew with a policy that allows the call", group: refused, usage: [Facts.usage()],
            changes: [created(), Facts.put(Facts.allowSend, at: "2026-11-10T11:56:00Z", id: "allow")],
            rootCause: .missingAllow, finds: [.principalRecreated]),
        Scenario(
            name: "made anew with a policy about something else", group: refused, usage: [Facts.usage()],
            changes: [created(), Facts.put(Facts.allowS3, at: "2026-11-10T11:56:00Z", id: "other")],
            rootCause: .principalRecreated, blames: ["change"]),
        Scenario(
            name: "made anew, and the trust policy that names it was written before",
            group: Facts.group(
                .missingAllow(.roleTrust), action: "sts:AssumeRole", resource: target, source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole", source: "sts.amazonaws.com")], changes: [created()],
            rootCause: .principalRecreated, blames: ["change"], says: ["Rewrite the resource's policy with the ARN of"],
            explains: ["dead id"], explainsNot: ["deleted with it"]),
        Scenario(
            name: "made anew, and the trust policy was written since",
            group: Facts.group(
                .missingAllow(.roleTrust), action: "sts:AssumeRole", resource: target, source: "sts.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "sts:AssumeRole", source: "sts.amazonaws.com")],
            changes: [
                created(),
                Facts.change(
                    "UpdateAssumeRolePolicy", at: "2026-11-10T11:57:00Z", id: "trust", target: "dispatch",
                    parameters:
                        #"{"roleName":"dispatch","policyDocument":\#(Facts.quoted(#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/app/order-notifier"},"Action":"sts:AssumeRole"}]}"#))}"#
                ),
            ], rootCause: .missingAllow, spares: [.principalRecreated]),
        Scenario(
            name: "a role made anew that a key's grant named",
            group: Facts.group(
                .unstated, action: "kms:Decrypt", resource: nil, source: "kms.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "kms:Decrypt", source: "kms.amazonaws.com")], changes: [created()],
            rootCause: .principalRecreated, blames: ["change"], says: ["update-function-configuration"]),
        assuming(
            targetRole("DeleteRole", at: "2026-11-10T11:55:00Z"), name: "the role that was to be assumed was deleted",
            blames: ["change"]),
        assuming(
            targetRole("DeleteRole", at: "2026-11-10T11:55:00Z"),
            targetRole("CreateRole", at: "2026-11-10T11:56:00Z", id: "new"),
            name: "the role that was to be assumed was deleted and made anew before the first denial", blames: nil),
    ]
}
