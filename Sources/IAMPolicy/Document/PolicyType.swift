/// The kinds of policy that AWS evaluates, as a denial names them.
public enum PolicyType: String, Sendable, CaseIterable, Codable {
    case identityBased = "identity-based"
    case resourceBased = "resource-based"
    case serviceControl = "service-control"
    case resourceControl = "resource-control"
    case permissionsBoundary = "permissions-boundary"
    case session
    case vpcEndpoint = "vpc-endpoint"
    case roleTrust = "role-trust"
}
