import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Policies that were written anew: what stood there before tells whether that made a difference.
extension ScenarioTests {
    private static let named = Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp])
    private static let lacking = Facts.group(identity)

    private static func organizationPolicy(
        _ event: String, _ content: String, at time: String = "2026-11-10T11:55:00Z", id: String = "change"
    ) -> PermissionChange {
        Facts.change(
            event, at: time, id: id, target: "p-example1", type: "policy", source: "organizations.amazonaws.com",
            account: Facts.other, parameters: #"{"policyId":"p-example1","content":\#(Facts.quoted(content))}"#,
            response:
                #"{"policy":{"policySummary":{"id":"p-example1","arn":"\#(Facts.scp)","type":"SERVICE_CONTROL_POLICY"}}}"#
        )
    }

    private static let created = "2026-11-01T00:00:00Z"

    private static func conditional(_ condition: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"mobiletargeting:*","Resource":"*","Condition":{\#(condition)}}]}"#
    }

    private static func denying(_ actions: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":[\#(actions)],"Resource":"*"}]}"#
    }

    // MARK: - Trust and key policies

    private static let target = "arn:aws:iam::111122223333:role/target"
    private static let assuming = Facts.group(
        .missingAllow(.roleTrust), action: "sts:AssumeRole", resource: target, source: "sts.amazonaws.com")
    private static let assumed = [Facts.usage(Facts.role, "sts:AssumeRole")]

    private static func trust(_ principal: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"sts:AssumeRole"}]}"#
    }

    private static func roleCreated(_ principal: String) -> PermissionChange {
        Facts.change(
            "CreateRole", at: created, id: "created", target: "target",
            parameters:
                #"{"roleName":"target","assumeRolePolicyDocument":\#(Facts.quoted(trust(principal)))}"#)
    }

    private static func trustWritten(_ principal: String) -> PermissionChange {
        Facts.change(
            "UpdateAssumeRolePolicy", target: "target",
            parameters: #"{"roleName":"target","policyDocument":\#(Facts.quoted(trust(principal)))}"#)
    }

    private static let key = "arn:aws:kms:us-east-1:111122223333:key/k-1"
    private static let decrypting = Facts.group(
        .missingAllow(.resourceBased), action: "kms:Decrypt", resource: key, source: "kms.amazonaws.com")
    private static let decrypted = [Facts.usage(Facts.role, "kms:Decrypt", source: "kms.amazonaws.com")]

    private static func keyPolicy(_ principal: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"\#(principal)"},"Action":"kms:*","Resource":"*"}]}"#
    }

    private static func keyCreated(_ principal: String) -> PermissionChange {
        Facts.change(
            "CreateKey", at: created, id: "created", target: "k-1", type: "key", source: "kms.amazonaws.com",
            parameters: #"{"policy":\#(Facts.quoted(keyPolicy(principal)))}"#,
            response: #"{"keyMetadata":{"keyId":"k-1","arn":"\#(key)"}}"#)
    }

    private static func keyWritten(_ principal: String) -> PermissionChange {
        Facts.change(
            "PutKeyPolicy", target: "k-1", type: "key", source: "kms.amazonaws.com",
            parameters: #"{"keyId":"k-1","policyName":"default","policy":\#(Facts.quoted(keyPolicy(principal)))}"#)
    }

    // MARK: - Rows

    private static func innocent(
        _ name: String, _ group: DenialGroup, usage: [Usage] = [Facts.usage()], _ changes: PermissionChange...,
        rootCause: Finding.Code? = nil
    ) -> Scenario {
        Scenario(
            name: "spared: \(name)", group: group, usage: usage, changes: changes,
            rootCause: rootCause ?? (group.reason.effect == .explicit ? .explicitDeny : .missingAllow),
            spares: [.permissionsChanged])
    }

    private static func guilty(
        _ name: String, _ group: DenialGroup, usage: [Usage] = [Facts.usage()], _ changes: PermissionChange...
    ) -> Scenario {
        Scenario(
            name: "blamed: \(name)", group: group, usage: usage, changes: changes, rootCause: .permissionsChanged,
            blames: ["change"], confidence: .inferred, explainsNot: ["not in the trail"])
    }

    private static let attached = Facts.change(
        "AttachRolePolicy", at: "2026-11-01T00:01:00Z", id: "attached", policy: Facts.policy)

    static let formerTexts: [Scenario] = [
        innocent(
            "an SCP whose Deny stood there before", named,
            organizationPolicy("CreatePolicy", denying(#""mobiletargeting:*""#), at: created, id: "created"),
            organizationPolicy("UpdatePolicy", denying(#""mobiletargeting:*","s3:*""#))),
        guilty(
            "an SCP whose Deny is new", named,
            organizationPolicy("CreatePolicy", denying(#""s3:*""#), at: created, id: "created"),
            organizationPolicy("UpdatePolicy", denying(#""mobiletargeting:*","s3:*""#))),
        guilty(
            "an SCP whose Deny had been another Region's", named,
            organizationPolicy(
                "CreatePolicy", conditional(#""StringEquals":{"aws:RequestedRegion":"eu-west-1"}"#), at: created,
                id: "created"),
            organizationPolicy("UpdatePolicy", denying(#""mobiletargeting:*""#))),
        innocent(
            "an SCP whose Deny stood there under the same condition", named,
            organizationPolicy(
                "CreatePolicy", conditional(#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#), at: created,
                id: "created"),
            organizationPolicy("UpdatePolicy", conditional(#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#))),
        guilty(
            "an SCP whose Deny had stood there under another condition", named,
            organizationPolicy(
                "CreatePolicy", conditional(#""StringNotEquals":{"aws:PrincipalOrgID":"o-1"}"#), at: created,
                id: "created"),
            organizationPolicy("UpdatePolicy", conditional(#""StringNotEquals":{"aws:PrincipalOrgID":"o-2"}"#))),
        innocent(
            "a managed policy that never covered the resource", lacking, attached,
            Facts.version(
                Facts.statement("Allow", "mobiletargeting:*", Facts.app), at: created, id: "was", version: "v2"),
            Facts.version(Facts.statement("Allow", "mobiletargeting:Send*", Facts.app), version: "v3"),
            rootCause: .resourceTooNarrow),
        guilty(
            "a managed policy that covered the resource before", lacking, attached,
            Facts.version(Facts.statement("Allow", "mobiletargeting:*", "*"), at: created, id: "was", version: "v2"),
            Facts.version(Facts.statement("Allow", "mobiletargeting:*", Facts.app), version: "v3")),
        guilty(
            "the edit that took the Allow, and not the one behind it that changed nothing more", lacking,
            Facts.put(Facts.allowSend, at: created, id: "was"), Facts.put(Facts.allowReads),
            Facts.put(Facts.allowS3, at: "2026-11-10T11:57:00Z", id: "again")),
        guilty(
            "one of two refused resources was covered before",
            Facts.group(identity) {
                $0.resources = [Counted(Facts.messages, denials: 8), Counted(Facts.app + "/journeys", denials: 4)]
            }, attached,
            Facts.version(
                Facts.statement("Allow", "mobiletargeting:*", Facts.messages), at: created, id: "was", version: "v2"),
            Facts.version(Facts.allowReads, version: "v3")),
        innocent(
            "a boundary that lacked it before", Facts.group(.missingAllow(.permissionsBoundary)),
            Facts.version(Facts.allowReads, at: created, id: "was"),
            Facts.change("PutRolePermissionsBoundary", at: created, id: "put", policy: Facts.policy),
            Facts.version(Facts.allowS3, version: "v3")),
        guilty(
            "a trust policy that named the caller when the role was created", assuming, usage: assumed,
            roleCreated(Facts.role), trustWritten(Facts.user)),
        innocent(
            "a trust policy that never named the caller", assuming, usage: assumed, roleCreated(Facts.user),
            trustWritten("arn:aws:iam::111122223333:user/bob")),
        guilty(
            "the policy of a key that was created with one that named the caller", decrypting, usage: decrypted,
            keyCreated(Facts.role), keyWritten(Facts.user)),
        innocent(
            "the policy of a key that was created with one that did not name the caller", decrypting,
            usage: decrypted, keyCreated(Facts.user), keyWritten("arn:aws:iam::111122223333:user/bob")),
        Scenario(
            name:
                "possible at most: an inline policy of which only the new text is known, and it speaks of another service",
            group: lacking, usage: [Facts.usage()], changes: [Facts.put(Facts.allowS3)], rootCause: .missingAllow,
            finds: [.permissionsChanged]),
        innocent(
            "the first inline policy of a role that was created in the trail", lacking,
            Facts.change("CreateRole", at: created, id: "created", parameters: #"{"roleName":"order-notifier"}"#),
            Facts.put(Facts.allowS3)),
        innocent(
            "an inline policy about another service, and AWS gives no reason",
            Facts.group(
                .unstated, action: "s3:GetObject", resource: "arn:aws:s3:::reports/a.csv", source: "s3.amazonaws.com"),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")], Facts.put(Facts.allowSend),
            rootCause: .reasonUnstated),
        innocent(
            "an inline policy of a principal that never succeeded", lacking, usage: [], Facts.put(Facts.allowS3),
            rootCause: .missingAllow),
    ]
}
