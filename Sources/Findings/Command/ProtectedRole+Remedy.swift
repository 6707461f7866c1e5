import AccessDenial
package import Causes
import IAMPolicy
import RecordedChanges
import TrailStore
package import Wording

extension ProtectedRole {
    /// What can be done about a service-linked role: nothing by whoever reads this.
    package static func serviceOwned(_ facts: GroupFacts) -> Remedy {
        if facts.servicePrefix == "kms", let key = facts.refusedResources.first.flatMap({ ARN($0) }) {
            if key.account != facts.principal.account {
                return Remedy(
                    .policy,
                    "Make a grant on \(key.description) for \(facts.principal.arn), in account \(facts.principal.account) (\(code: "aws kms create-grant"), with the role as grantee): a key of another account needs an Allow on both sides, and nobody can edit the policies of a service-linked role. Whoever makes it needs kms:CreateGrant on the key without kms:GrantIsForAWSResource."
                )
            }
            // Source: "Required AWS KMS key policy for use with encrypted volumes" in the Amazon EC2 Auto Scaling user guide.
            return Remedy(
                .policy,
                "Let the policy of \(key.description) name \(facts.principal.arn): for kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey, and for kms:CreateGrant where kms:GrantIsForAWSResource is true. \(facts.principal.shown.capitalised) is linked to an AWS service, which alone writes its policies.",
                commands: ResourcePolicyCommands.show(key).map { [$0] } ?? [])
        }
        return Remedy(
            .setting,
            "\(facts.principal.shown.capitalised) is linked to an AWS service, which alone writes its policies: nobody can attach or edit one. Let the call be made with a role of your own; if the service itself made it, look up in its documentation what it needs, or ask AWS Support."
        )
    }

    /// Whose policies the reader is to edit.
    package static func holder(_ facts: GroupFacts) -> Prose {
        if case .permissionSet(let set)? = owner(of: facts.principal) { return "permission set \(set)" }
        return facts.principal.shown
    }

    /// The call that changes a permission set such that AWS refuses no longer for the reason that it gave.
    package static func operation(against facts: GroupFacts) -> AWSOperation {
        if facts.group.reason.policyType == .permissionsBoundary {
            return .ssoAdminPutPermissionsBoundaryToPermissionSet
        }
        let named = facts.group.policyARNs.first.flatMap { ARN($0.value) }
        if facts.group.reason.effect == .explicit, let named {
            return named.account == "aws"
                ? .ssoAdminDetachManagedPolicyFromPermissionSet
                : .ssoAdminDetachCustomerManagedPolicyReferenceFromPermissionSet
        }
        return .ssoAdminPutInlinePolicyToPermissionSet
    }
}
