import AccessDenial
package import Causes
package import IAMPolicy
import RecordedChanges
import TrailStore
package import Wording

/// A service-linked role that does not exist yet: a service creates it with the permissions of whoever uses the feature first.
///
/// Source: "Create a service-linked role" in the IAM user guide.
package struct ServiceLinkedRole {
    /// The host of the service, as `iam:AWSServiceName` has it.
    package let service: String
    /// The role's name.
    package let name: String

    /// The role that the caller may not have created; `nil` for any other refusal.
    package init?(_ facts: GroupFacts) {
        guard facts.group.action.lowercased() == "iam:createservicelinkedrole", facts.group.reason.effect == .implicit
        else { return nil }
        let roles = facts.refusedResources.compactMap { ARN($0) }.map { $0.resource.split(separator: "/") }
        guard let role = roles.first, roles.allSatisfy({ $0 == role }), role.count == 4, role[1] == "aws-service-role"
        else { return nil }
        (service, name) = (String(role[2]), String(role[3]))
    }

    /// What the role is.
    package var story: Prose {
        "\(name) is the service-linked role of \(service). It is created once in an account, with the permissions of whoever uses the feature first there; where it exists already, nobody needs this permission."
    }

    /// What an Allow for its creation asks for.
    package var condition: Statement.Condition { .init("StringEquals", "iam:AWSServiceName", [service]) }
}
