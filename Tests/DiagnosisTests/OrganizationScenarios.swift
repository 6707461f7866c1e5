import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Policies of AWS Organizations that a message does not name: what the trail tells of their text and of where they are attached.
extension ScenarioTests {
    private static let organizations = "organizations.amazonaws.com"
    private static let denied = Facts.group(.explicitDeny(.serviceControl))
    private static let used = [Facts.usage()]
    private static let unit = "ou-abcd-22222222"

    private static func organization(
        _ name: String, at time: String, id: String, target: String? = nil, type: String = "organization",
        account: String = Facts.other, _ parameters: String, response: String? = nil
    ) -> PermissionChange {
        var change = Facts.change(
            name, at: time, id: id, target: target, type: type, source: organizations, account: account,
            parameters: parameters, response: response)
        change.policyName = name.hasSuffix("Policy") ? "p-example2" : nil
        return change
    }

    private static func creation(_ document: String) -> PermissionChange {
        organization(
            "CreatePolicy", at: "2026-11-01T00:00:00Z", id: "creation",
            #"{"name":"Guard","type":"SERVICE_CONTROL_POLICY","content":\#(Facts.quoted(document))}"#,
            response:
                #"{"policy":{"policySummary":{"id":"p-example2","arn":"\#(guardARN)","type":"SERVICE_CONTROL_POLICY"}}}"#,
            target: guardARN)
    }

    private static let guardARN =
        "arn:aws:organizations::444455556666:policy/o-exampleorg/service_control_policy/p-example2"

    private static func organization(
        _ name: String, at time: String, id: String, _ parameters: String, response: String?, target: String
    ) -> PermissionChange {
        var change = organization(
            name, at: time, id: id, target: target, type: "policy", parameters, response: response)
        change.policyARN = target
        return change
    }

    private static func update(_ document: String) -> PermissionChange {
        organization(
            "UpdatePolicy", at: "2026-11-10T11:55:00Z", id: "update",
            #"{"policyId":"p-example2","content":\#(Facts.quoted(document))}"#,
            response: #"{"policy":{"policySummary":{"arn":"\#(guardARN)","type":"SERVICE_CONTROL_POLICY"}}}"#,
            target: guardARN)
    }

    private static func attachment(
        to target: String, at time: String = "2026-11-10T11:55:00Z", account: String = Facts.other
    ) -> PermissionChange {
        organization(
            "AttachPolicy", at: time, id: "attach", target: target, account: account,
            #"{"policyId":"p-example2","targetId":"\#(target)"}"#)
    }

    private static func move(to unit: String) -> PermissionChange {
        organization(
            "MoveAccount", at: "2026-11-01T00:00:00Z", id: "move", target: Facts.account, type: "account",
            #"{"accountId":"\#(Facts.account)","sourceParentId":"r-abcd","destinationParentId":"\#(unit)"}"#)
    }

    private static func joining(_ action: String, account: String = Facts.account) -> PermissionChange {
        organization(
            "AcceptHandshake", at: "2026-11-10T11:55:00Z", id: "join", target: account, type: "account",
            account: account, #"{"handshakeId":"h-1"}"#, response: #"{"handshake":{"action":"\#(action)"}}"#)
    }

    private static func bucket(of account: String) -> DenialGroup {
        Facts.group(
            .explicitDeny(.resourceControl), action: "s3:GetObject", resource: "arn:aws:s3:::reports/a.csv",
            policies: ["arn:aws:organizations::444455556666:policy/o-exampleorg/resource_control_policy/p-example2"],
            source: "s3.amazonaws.com"
        ) { $0.resourceAccounts = [account] }
    }

    static let organizationPolicies: [Scenario] = [
        Scenario(
            name: "an attached SCP got a Deny, and AWS does not name it", group: denied, usage: used,
            changes: [
                creation(Facts.statement("Deny", "ec2:*", "*")),
                attachment(to: Facts.account, at: "2026-11-01T01:00:00Z"),
                update(Facts.denySend),
            ], rootCause: .permissionsChanged, blames: ["update"], confidence: .inferred),
        Scenario(
            name: "an SCP got a Deny that is attached to another account", group: denied, usage: used,
            changes: [
                creation(Facts.statement("Deny", "ec2:*", "*")),
                attachment(to: "999999999999", at: "2026-11-01T01:00:00Z"),
                update(Facts.denySend),
            ], rootCause: .explicitDeny, spares: [.permissionsChanged]),
        Scenario(
            name: "an attached SCP got a Deny of something else", group: denied, usage: used,
            changes: [
                creation(Facts.statement("Deny", "ec2:*", "*")),
                attachment(to: Facts.account, at: "2026-11-01T01:00:00Z"),
                update(Facts.statement("Deny", "s3:*", "*")),
            ], rootCause: .explicitDeny, spares: [.permissionsChanged]),
        Scenario(
            name: "an SCP that denies it was attached to the account's unit", group: denied, usage: used,
            changes: [move(to: unit), creation(Facts.denySend), attachment(to: unit)], rootCause: .permissionsChanged,
            blames: ["attach"], confidence: .inferred),
        Scenario(
            name: "an SCP that denies something else was attached to the account's unit", group: denied, usage: used,
            changes: [move(to: unit), creation(Facts.statement("Deny", "s3:*", "*")), attachment(to: unit)],
            rootCause: .explicitDeny, spares: [.permissionsChanged]),
        Scenario(
            name: "an SCP that denies it was attached to the root", group: denied, usage: used,
            changes: [creation(Facts.denySend), attachment(to: "r-abcd")], rootCause: .permissionsChanged,
            blames: ["attach"], confidence: .inferred),
        Scenario(
            name: "an SCP of unknown text was attached to the root", group: denied, usage: used,
            changes: [attachment(to: "r-abcd")], rootCause: .explicitDeny, finds: [.permissionsChanged]),
        Scenario(
            name: "an SCP that denies it was attached to the root, and there are two organizations", group: denied,
            usage: used,
            changes: [
                creation(Facts.denySend), attachment(to: "r-abcd"),
                organization(
                    "DetachPolicy", at: "2026-11-01T00:00:00Z", id: "elsewhere", target: "r-wxyz",
                    account: "999999999999",
                    #"{"policyId":"p-other","targetId":"r-wxyz"}"#),
            ], rootCause: .explicitDeny, finds: [.permissionsChanged]),
        Scenario(
            name: "no SCP binds the management account", group: denied, usage: used,
            changes: [attachment(to: "r-abcd", account: Facts.account)], rootCause: .explicitDeny,
            spares: [.permissionsChanged]),
        Scenario(
            name: "an RCP was attached to the account of the bucket", group: bucket(of: "999999999999"),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [attachment(to: "999999999999")], rootCause: .permissionsChanged, blames: ["attach"],
            confidence: .inferred),
        Scenario(
            name: "an RCP was attached to another account than the bucket's", group: bucket(of: "999999999999"),
            usage: [Facts.usage(Facts.role, "s3:GetObject", source: "s3.amazonaws.com")],
            changes: [attachment(to: Facts.account)], rootCause: .explicitDeny, spares: [.permissionsChanged]),
        Scenario(
            name: "the account joined an organization",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]), usage: used,
            changes: [joining("INVITE")], rootCause: .permissionsChanged, blames: ["join"], offersPolicy: false,
            says: ["Since it joined", "--policy-id p-example1"]),
        Scenario(
            name: "the account agreed to all features",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]), usage: used,
            changes: [joining("APPROVE_ALL_FEATURES")], rootCause: .explicitDeny, spares: [.permissionsChanged]),
        Scenario(
            name: "another account joined an organization",
            group: Facts.group(.explicitDeny(.serviceControl), policies: [Facts.scp]), usage: used,
            changes: [joining("INVITE", account: "999999999999")], rootCause: .explicitDeny,
            spares: [.permissionsChanged]),
        Scenario(
            name: "the account joined an organization, and no policy of it refuses",
            group: Facts.group(.missingAllow(.identityBased)), usage: used, changes: [joining("INVITE")],
            rootCause: .missingAllow, spares: [.permissionsChanged]),
    ]
}
