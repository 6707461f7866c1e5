import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore
package import Wording

extension ProtectedRole {
    /// Where Identity Center is administered.
    package static let place: Prose = "in the account that administers IAM Identity Center"

    /// How a permission set is changed, where no call on it is known.
    package static func edit(_ set: String, _ operation: AWSOperation) -> Prose {
        "IAM refuses to change the role itself, because IAM Identity Center writes it: edit permission set \(set) \(place) (\(code: operation.command)), then write it into the accounts with \(code: "aws sso-admin provision-permission-set"). \(code: "aws sso-admin list-instances") and \(code: "aws sso-admin list-permission-sets") tell the ARNs that these need."
    }

    /// The call that undoes a change which Identity Center made to a role.
    package static func undoing(_ change: TrailChange) -> AWSOperation {
        let isAWSManaged = change.policyARN.flatMap { ARN($0) }?.account == "aws"
        switch change.changeName {
        case .detachRolePolicy:
            return isAWSManaged
                ? .ssoAdminAttachManagedPolicyToPermissionSet
                : .ssoAdminAttachCustomerManagedPolicyReferenceToPermissionSet
        case .attachRolePolicy:
            return isAWSManaged
                ? .ssoAdminDetachManagedPolicyFromPermissionSet
                : .ssoAdminDetachCustomerManagedPolicyReferenceFromPermissionSet
        case .detachManagedPolicyFromPermissionSet: return .ssoAdminAttachManagedPolicyToPermissionSet
        case .attachManagedPolicyToPermissionSet: return .ssoAdminDetachManagedPolicyFromPermissionSet
        case .detachCustomerManagedPolicyReferenceFromPermissionSet:
            return .ssoAdminAttachCustomerManagedPolicyReferenceToPermissionSet
        case .attachCustomerManagedPolicyReferenceToPermissionSet:
            return .ssoAdminDetachCustomerManagedPolicyReferenceFromPermissionSet
        case .deleteAccountAssignment: return .ssoAdminCreateAccountAssignment
        case .putRolePermissionsBoundary, .deleteRolePermissionsBoundary, .putPermissionsBoundaryToPermissionSet:
            return .ssoAdminPutPermissionsBoundaryToPermissionSet
        default: return .ssoAdminPutInlinePolicyToPermissionSet
        }
    }

    /// The commands that undo a change, where the call on the permission set behind it names the same managed policy.
    package static func commands(undoing change: TrailChange, call: TrailChange?) -> [ShellCommand] {
        guard let call, let policy = change.policyARN, call.parameter("managedPolicyArn") == policy,
            let instance = call.parameter("instanceArn"), let set = call.parameter("permissionSetArn")
        else { return [] }
        let target: [ShellWord] = [
            "--instance-arn", .value(instance, .arn(service: "sso")), "--permission-set-arn",
            .value(set, .arn(service: "sso")),
        ]
        let region = ShellWord.region(call.change.awsRegion)
        let change = ShellCommand(
            undoing(change),
            target + ["--managed-policy-arn", .policyARN(policy)]
                + region)
        let provision = ShellCommand(
            .ssoAdminProvisionPermissionSet,
            target
                + ["--target-type", "ALL_PROVISIONED_ACCOUNTS"] + region)
        // The first without the second changes nothing in any account.
        return [
            ShellCommand(.ssoAdminDescribePermissionSet, target + region),
            ShellCommand.both(change, provision),
        ]
    }
}
