import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
package import TrailStore

/// What services grant by themselves, beside IAM's policies: Lake Formation's permissions, the accounts that an image is shared
/// with, the accounts that administer a service for their organization.
///
/// Source: "Lake Formation permissions reference", "Share an AMI with specific AWS accounts" in the EC2 user guide, "Delegated
/// administrator for AWS services that work with Organizations" in the Organizations user guide.
package enum ServiceGrants {
    /// Whether AWS gave a reason that such a grant alone decides, and no policy of IAM's.
    package static func isReason(_ facts: GroupFacts) -> Bool {
        [lakeFormation, notShared].contains(facts.group.reason.slug)
    }

    package static let lakeFormation = "lake-formation-permissions"
    package static let notShared = "resource-not-shared"

    /// Everybody whom IAM's policies allow it, to Lake Formation.
    private static let allPrincipals = "IAM_ALLOWED_PRINCIPALS"

    /// Whom changes of such grants are made on beside the group's own principal, account and resources.
    package static func subjects(_ group: DenialGroup) -> [TrailChange.Subject] {
        switch group.reason.slug {
        case lakeFormation: [.resource(allPrincipals)]
        case notShared: group.resources.flatMap { images(in: $0.value) }.map { .resource($0) }
        default: []
        }
    }

    /// The ids in `[ami-1, ami-2]`.
    private static func images(in text: String) -> [String] {
        text.split(whereSeparator: { "[], ".contains($0) }).map(String.init)
    }

    /// Whether any change of such a grant can reach the refused calls.
    static func mayReach(_ facts: GroupFacts) -> Bool { isReason(facts) || facts.servicePrefix == "organizations" }

    /// Whether a change of such a grant reaches the refused calls.
    package static func reaches(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            guard facts.group.reason.slug == lakeFormation, let grantee = change.grantee else { return false }
            return grantee == allPrincipals
                ? facts.principal.account == change.account : PrincipalName(grantee).isSame(as: facts.principal)
        case "ec2.amazonaws.com":
            guard facts.group.reason.slug == notShared, let image = change.change.target else { return false }
            return facts.group.resources.contains { images(in: $0.value).contains(image) }
        case "organizations.amazonaws.com":
            return facts.servicePrefix == "organizations" && change.organizationTarget == facts.principal.account
                && [nil, .resourceBased].contains(facts.group.reason.policyType)
        default: return false
        }
    }

    /// Whether a change took what the call needs, as far as its record tells.
    package static func verdict(_ change: TrailChange, _ facts: GroupFacts) -> Counterfactual.Verdict {
        let isTaken: Bool?
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            // A message ends in the table or database: `Insufficient Lake Formation permission(s) on orders`.
            let named = facts.group.evidence.compactMap(\.errorMessage).compactMap {
                $0.contains(" on ") ? $0.split(whereSeparator: { " .".contains($0) }).last.map(String.init) : nil
            }
            isTaken = named.isEmpty ? nil : change.grantedTable.map(named.contains)
        case "ec2.amazonaws.com":
            let lost = change.sharingEnded.contains { $0 == facts.principal.account || $0 == "all" }
            isTaken = change.parameters == nil ? nil : lost
        default: isTaken = nil
        }
        return isTaken.map { $0 ? .decisive(isExact: false) : .innocent } ?? .untold(policy: "")
    }
}
