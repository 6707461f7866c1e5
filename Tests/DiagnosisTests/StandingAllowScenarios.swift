import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// An Allow that the trail shows to stand already is not offered again.
extension ScenarioTests {
    private static let before = "2026-11-02T00:00:00Z"
    private static let after = "2026-11-11T14:00:00Z"

    private static func stands(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup? = nil, usage: [Usage] = [],
        rootCause: Finding.Code = .missingAllow, confidence: Confidence? = nil, says: [String],
        saysNot: [String] = []
    ) -> Scenario {
        Scenario(
            name: "not offered again: \(name)", group: group ?? Facts.group(identity), usage: usage, changes: changes,
            rootCause: rootCause, confidence: confidence, offersPolicy: false, says: says,
            saysNot: saysNot + ["The least that must be allowed"])
    }

    private static func offered(
        _ name: String, _ changes: PermissionChange..., group: DenialGroup? = nil
    ) -> Scenario {
        Scenario(
            name: "offered all the same: \(name)", group: group ?? Facts.group(identity), changes: changes,
            rootCause: .missingAllow, offersPolicy: true)
    }

    private static func attached(at time: String = before, id: String = "attach") -> PermissionChange {
        Facts.change("AttachRolePolicy", at: time, id: id, policy: Facts.policy)
    }

    private static let target = "arn:aws:iam::111122223333:role/target"

    private static func trust(_ principal: String) -> PermissionChange {
        let document =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"sts:AssumeRole"}]}"#
        return Facts.change(
            "UpdateAssumeRolePolicy", at: after, id: "trust", target: "target",
            parameters: #"{"roleName":"target","policyDocument":\#(Facts.quoted(document))}"#)
    }

    private static let assumption = Facts.group(
        .missingAllow(.roleTrust), action: "sts:AssumeRole", resource: target, source: "sts.amazonaws.com")

    private static let key = "arn:aws:kms:us-east-1:111122223333:key/k-1"

    private static func keyPolicy(_ principal: String) -> PermissionChange {
        let document =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"kms:*","Resource":"*"}]}"#
        return Facts.change(
            "PutKeyPolicy", at: before, target: "k-1", type: "key", source: "kms.amazonaws.com",
            parameters: #"{"keyId":"k-1","policyName":"default","policy":\#(Facts.quoted(document))}"#)
    }

    private static let decryption = Facts.group(
        identity, action: "kms:Decrypt", resource: key, source: "kms.amazonaws.com")

    private static let standing: [Scenario] = [
        stands(
            "an inline policy that was written before the denials", Facts.put(Facts.allowSend, at: before),
            says: [
                "Another Allow won't help", "policy inline",
                "later, so propagation delay is not the cause. Check whether the policy still says this, whether its resources match the refused one as AWS names it, and whether the calls run as",
                "User bob wrote it",
                "aws iam get-role-policy --role-name order-notifier --policy-name inline",
                "aws iam simulate-principal-policy",
            ], saysNot: ["make the call again first"]),
        stands(
            "an inline policy that was written after the last denial", Facts.put(Facts.allowSend, at: after),
            says: ["Retry the call before changing anything", "after the last denial"]),
        stands(
            "an inline policy that was written a moment before the last denial",
            Facts.put(Facts.allowSend, at: "2026-11-11T11:59:00Z"),
            says: ["and IAM changes take seconds, sometimes minutes, to take effect everywhere: retry the call first"]),
        stands(
            "a managed policy that was attached after the last denial",
            Facts.version(Facts.allowSend, at: before), attached(at: after),
            says: ["2026-11-11 14:00:00 UTC, after the last denial", "aws iam list-policy-versions"]),
        stands(
            "a narrow policy that was widened since",
            Facts.put(
                Facts.statement("Allow", Facts.send, "arn:aws:mobiletargeting:us-east-1:111122223333:apps/other/*"),
                at: before, id: "old"), Facts.put(Facts.allowSend, at: after), rootCause: .resourceTooNarrow,
            says: ["Retry the call"]),
        stands(
            "what was taken away was written anew since", Facts.put(Facts.allowSend, at: before, id: "old"),
            Facts.put(Facts.allowReads), Facts.put(Facts.allowSend, at: after, id: "new"), usage: [Facts.usage()],
            rootCause: .permissionsChanged, says: ["Retry the call"]),
        stands(
            "what was detached was attached again since", Facts.change("DetachRolePolicy", policy: Facts.policy),
            attached(at: after), usage: [Facts.usage()], rootCause: .permissionsChanged,
            says: ["which undid the change", "Retry the call"], saysNot: ["Restore what"]),
        stands(
            "what was detached was attached again between the denials",
            Facts.change("DetachRolePolicy", policy: Facts.policy), attached(at: "2026-11-10T20:00:00Z"),
            usage: [Facts.usage()], rootCause: .permissionsChanged, says: ["something else refuses them now"],
            saysNot: ["Restore what"]),
        stands(
            "a trust policy that names the caller since", trust(Facts.role), group: assumption,
            says: ["the trust policy of role target", "Retry the call"]),
        stands(
            "a key whose policy shuts the caller out: no Allow of its own helps", keyPolicy(Facts.user),
            group: decryption,
            says: ["Let the key's own policy allow", "no Allow in the policies of role order-notifier helps"]),
        Scenario(
            name: "detached, and another policy still allows it by its text: no more than possible",
            group: Facts.group(identity), usage: [Facts.usage()],
            changes: [
                Facts.put(Facts.allowSend, at: before, id: "other"),
                Facts.change("DetachRolePolicy", policy: Facts.policy),
            ], rootCause: .missingAllow, finds: [.permissionsChanged], offersPolicy: false,
            says: ["Another Allow won't help"]),
    ]

    private static let missing: [Scenario] = [
        offered("a policy about something else", Facts.put(Facts.allowS3, at: before)),
        offered(
            "a policy that was deleted again", Facts.put(Facts.allowSend, at: before, id: "put"),
            Facts.change(
                "DeleteRolePolicy", at: after, id: "gone",
                parameters: #"{"roleName":"order-notifier","policyName":"inline"}"#)),
        offered(
            "a policy of another role", Facts.put(Facts.allowSend, at: before, owner: "order-archiver")),
        offered(
            "a version that did not become the default", attached(),
            Facts.version(Facts.allowSend, at: after, isDefault: false)),
        offered("a policy that is not attached", Facts.version(Facts.allowSend, at: after)),
        offered(
            "a policy for one of two resources",
            Facts.put(Facts.statement("Allow", Facts.send, Facts.messages), at: before),
            group: Facts.group(identity) {
                $0.resources.append(
                    Counted("arn:aws:mobiletargeting:us-east-1:111122223333:apps/ffff/messages", denials: 3))
            }),
        offered(
            "an unknown resource, and a policy for one",
            Facts.put(Facts.statement("Allow", Facts.send, Facts.messages), at: before),
            group: Facts.group(identity, resource: nil)),
        offered("a trust policy that names the account", trust("arn:aws:iam::111122223333:root"), group: assumption),
        offered("a trust policy that names another", trust(Facts.user), group: assumption),
        offered(
            "a key whose policy leaves it to the account", keyPolicy("arn:aws:iam::111122223333:root"),
            group: decryption),
        offered("a key of which nothing is known", group: decryption),
    ]

    static let standingAllows: [Scenario] = standing + missing
}
