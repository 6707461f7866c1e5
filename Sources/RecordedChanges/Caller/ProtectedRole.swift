import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// Roles that IAM's own calls cannot change: what to edit in their place.
///
/// Sources: "Referencing permission sets in resource policies" in the IAM Identity Center user guide; "Create a service-linked
/// role" in the IAM user guide.
package enum ProtectedRole {
    /// Who writes the policies of such a role.
    package enum Owner: Hashable {
        /// IAM Identity Center, from the permission set of this name.
        case permissionSet(String)
        /// The AWS service to which the role is linked.
        case service
    }

    /// Who owns a role of this name; `nil` where IAM can change it.
    package static func owner(ofRole name: String) -> Owner? {
        if name.hasPrefix("AWSServiceRoleFor") { return .service }
        guard name.hasPrefix("AWSReservedSSO_") else { return nil }
        let parts = name.dropFirst("AWSReservedSSO_".count).split(separator: "_", omittingEmptySubsequences: false)
        // Identity Center puts a random end behind the name of the set.
        return .permissionSet(parts.count > 1 ? parts.dropLast().joined(separator: "_") : parts.joined())
    }

    /// Who owns the principal's policies; `nil` where IAM can change them.
    package static func owner(of principal: PrincipalName) -> Owner? {
        guard principal.kind == .role else { return nil }
        if principal.arn.contains(":role/aws-service-role/") { return .service }
        return owner(ofRole: principal.name)
    }
}
