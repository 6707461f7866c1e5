import IAMPolicy
import OrderedJSON

/// What `get-account-authorization-details` prints, as far as tests ask it.
struct AccountDetails {
    let details: JSONValue

    /// Every user and role.
    var principals: [JSONValue] {
        (details["UserDetailList"]?.elements ?? []) + (details["RoleDetailList"]?.elements ?? [])
    }

    /// Every managed policy with the document of its default version.
    var managed: [(arn: String, document: JSONValue)] {
        (details["Policies"]?.elements ?? []).compactMap { policy in
            let version = policy["PolicyVersionList"]?.elements.first { $0["IsDefaultVersion"] == .bool(true) }
            guard let arn = policy["Arn"]?.stringValue, let document = version?["Document"] else { return nil }
            return (arn, document)
        }
    }

    func principal(_ arn: String) -> JSONValue? { principals.first { $0["Arn"]?.stringValue == arn } }

    /// The identity-based policies of a user or role, those of its groups included, as `simulate` takes them.
    func identityPolicies(_ principal: JSONValue) -> [JSONValue] {
        let names = Set((principal["GroupList"]?.elements ?? []).compactMap(\.stringValue))
        let groups = (details["GroupDetailList"]?.elements ?? []).filter {
            names.contains($0["GroupName"]?.stringValue ?? "")
        }
        var policies: [JSONValue] = []
        for holder in [principal] + groups {
            for list in ["UserPolicyList", "RolePolicyList", "GroupPolicyList"] {
                for policy in holder[list]?.elements ?? [] {
                    policies.append(
                        .members(
                            ("name", policy["PolicyName"] ?? .null), ("document", policy["PolicyDocument"] ?? .null)))
                }
            }
            let attached = (holder["AttachedManagedPolicies"]?.elements ?? []).compactMap {
                $0["PolicyArn"]?.stringValue
            }
            for policy in managed where attached.contains(policy.arn) {
                policies.append(.members(("name", .string(policy.arn)), ("document", policy.document)))
            }
        }
        return policies
    }

    func boundaries(_ principal: JSONValue) -> [JSONValue] {
        let arn = principal["PermissionsBoundary"]?["PermissionsBoundaryArn"]?.stringValue
        return managed.filter { $0.arn == arn }.map(\.document)
    }
}
