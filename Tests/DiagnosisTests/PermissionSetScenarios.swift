import AccessDenial
import Diagnosis
import IAMPolicy
import TrailStore

/// Roles that IAM Identity Center makes of permission sets, and what was changed of those in the account that administers them.
extension ScenarioTests {
    private static let role =
        "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"
    private static let set = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    private static let administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
    private static let before = "2026-11-02T00:00:00Z"
    private static let provisionedAt = "2026-11-10T11:55:00Z"

    private static func sso(
        _ event: String, _ more: String = "", set: String = set, at time: String = "2026-11-10T11:53:00Z",
        id: String = "change", response: String? = nil
    ) -> PermissionChange {
        Facts.change(
            event, at: time, id: id, target: set, type: "permission-set", source: "sso.amazonaws.com",
            account: Facts.other,
            parameters:
                #"{"instanceArn":"arn:aws:sso:::instance/ssoins-1","permissionSetArn":"\#(set)"\#(more)}"#,
            response: response)
    }

    private static func named(_ name: String, set: String = set) -> PermissionChange {
        Facts.change(
            "CreatePermissionSet", at: "2026-11-01T00:00:00Z", id: "set \(name)", target: set, type: "permission-set",
            source: "sso.amazonaws.com", account: Facts.other,
            parameters: #"{"instanceArn":"arn:aws:sso:::instance/ssoins-1","name":"\#(name)"}"#,
            response: #"{"permissionSet":{"name":"\#(name)","permissionSetArn":"\#(set)"}}"#)
    }

    private static func inline(_ document: String, at time: String = "2026-11-10T11:53:00Z", id: String = "change")
        -> PermissionChange
    {
        sso("PutInlinePolicyToPermissionSet", #","inlinePolicy":\#(Facts.quoted(document))"#, at: time, id: id)
    }

    private static func provisioned(
        to account: String? = Facts.account, set: String = set, at time: String = provisionedAt,
        id: String = "provisioned"
    ) -> PermissionChange {
        let target =
            account.map { #","targetType":"AWS_ACCOUNT","targetId":"\#($0)""# }
            ?? #","targetType":"ALL_PROVISIONED_ACCOUNTS""#
        return sso("ProvisionPermissionSet", target, set: set, at: time, id: id)
    }

    private static func managed(_ event: String, _ policy: String, at time: String = "2026-11-10T11:53:00Z")
        -> PermissionChange
    {
        var change = sso(event, #","managedPolicyArn":"\#(policy)""#, at: time)
        change.policyARN = policy
        return change
    }

    private static func blamed(
        _ name: String, _ changes: PermissionChange..., reason: Reason = identity,
        blames: [String] = ["change", "provisioned"], says: [String] = []
    ) -> Scenario {
        Scenario(
            name: "a permission set broke it: \(name)", group: Facts.group(reason, principal: role),
            usage: [Facts.usage(role)], changes: changes, rootCause: .permissionsChanged, blames: blames,
            confidence: .inferred, says: ["edit permission set Dev", "aws sso-admin provision-permission-set"] + says,
            saysNot: ["aws iam attach-role-policy", "aws iam put-role-policy"])
    }

    private static func perhaps(_ name: String, _ changes: PermissionChange...) -> Scenario {
        Scenario(
            name: "a permission set may have broken it: \(name)", group: Facts.group(identity, principal: role),
            usage: [Facts.usage(role)], changes: changes, rootCause: .missingAllow, finds: [.permissionsChanged])
    }

    private static func innocent(
        _ name: String, _ changes: PermissionChange..., principal: String = role, last: String? = nil
    ) -> Scenario {
        Scenario(
            name: "innocent permission set: \(name)", group: Facts.group(identity, principal: principal),
            usage: [last.map { Facts.usage(principal, last: $0) } ?? Facts.usage(principal)], changes: changes,
            rootCause: .missingAllow, spares: [.permissionsChanged])
    }

    private static let detached = managed("DetachManagedPolicyFromPermissionSet", administrator)

    private static let broken: [Scenario] = [
        blamed(
            "a policy was detached", named("Dev"), detached, provisioned(),
            says: [
                "aws sso-admin attach-managed-policy-to-permission-set --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn \(set) --managed-policy-arn \(administrator)"
            ]),
        blamed("provisioned to all accounts", named("Dev"), detached, provisioned(to: nil)),
        blamed(
            "detached long before, and provisioned now", named("Dev"),
            managed("DetachManagedPolicyFromPermissionSet", administrator, at: before), provisioned()),
        blamed(
            "its inline policy lost the Allow", named("Dev"), inline(Facts.allowSend, at: before, id: "old"),
            inline(Facts.allowReads), provisioned(), says: ["aws sso-admin put-inline-policy-to-permission-set"]),
        blamed(
            "its inline policy was deleted", named("Dev"), inline(Facts.allowSend, at: before, id: "old"),
            sso("DeleteInlinePolicyFromPermissionSet"), provisioned()),
        blamed(
            "its inline policy got a Deny", named("Dev"), inline(Facts.denySend), provisioned(),
            reason: .explicitDeny(.identityBased)),
        blamed(
            "the Allow came back and was not provisioned", named("Dev"), inline(Facts.allowSend, at: before, id: "old"),
            inline(Facts.allowReads), provisioned(), inline(Facts.allowSend, at: "2026-11-10T11:57:00Z", id: "back")),
        perhaps("which set it is, is not known", detached, provisioned()),
        perhaps("its inline policy says nothing of the call", named("Dev"), inline(Facts.allowS3), provisioned()),
        perhaps(
            "somebody's assignment was deleted", named("Dev"),
            sso(
                "DeleteAccountAssignment",
                #","targetType":"AWS_ACCOUNT","targetId":"111122223333","principalType":"USER","principalId":"u-1""#)),
    ]

    private static let unbroken: [Scenario] = [
        innocent("another set", named("Ops"), detached, provisioned()),
        innocent(
            "another set, and the right one is known", named("Dev", set: set + "2"), detached, provisioned()),
        innocent("another account", named("Dev"), detached, provisioned(to: Facts.other)),
        innocent("not provisioned", named("Dev"), detached),
        innocent("provisioned before it was changed", named("Dev"), provisioned(at: before), detached),
        innocent(
            "provisioned after the first denial", named("Dev"), detached, provisioned(at: "2026-11-10T12:10:00Z")),
        innocent(
            "another set was provisioned", named("Dev"), detached, provisioned(set: set + "2")),
        innocent(
            "provisioned long before the last success", named("Dev"),
            managed("DetachManagedPolicyFromPermissionSet", administrator, at: before),
            provisioned(at: "2026-11-03T00:00:00Z")),
        innocent(
            "the last success is later", named("Dev"),
            managed("DetachManagedPolicyFromPermissionSet", administrator, at: "2026-11-10T11:30:00Z"),
            provisioned(at: "2026-11-10T11:40:00Z"), last: "2026-11-10T11:50:00Z"),
        innocent(
            "its inline policy still allows the call", named("Dev"), inline(Facts.allowSend), provisioned()),
        innocent(
            "a policy that never allowed the call was detached", named("Dev"),
            managed("DetachManagedPolicyFromPermissionSet", "arn:aws:iam::aws:policy/ReadOnlyAccess"), provisioned()),
        innocent(
            "a policy came", named("Dev"), managed("AttachManagedPolicyToPermissionSet", administrator), provisioned()),
        innocent(
            "the assignment of another account was deleted", named("Dev"),
            sso("DeleteAccountAssignment", #","targetType":"AWS_ACCOUNT","targetId":"444455556666""#)),
        innocent(
            "a role that Identity Center does not write", named("Dev"), detached, provisioned(), principal: Facts.role),
    ]

    static let permissionSets: [Scenario] = broken + unbroken
}
