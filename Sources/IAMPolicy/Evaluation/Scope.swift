/// Which layers bind a caller. Source: "Policy evaluation logic" in the IAM user guide; "SCP evaluation", "RCP evaluation" in the
/// Organizations user guide.
/// ```
///                      identity boundary session SCP  RCP  resource endpoint
///  user                   x        x        -     x    x      x        x
///  role session           x        x        x     x    x      x        x
///  federated user         x        x        x     x    x      x        x
///  root                   -        -        x     x    x      x        x
///  service-linked role    x        -        x     -    -      x        -
///  service                -        -        -     -    x      x        -
///  identity provider      -        -        -     -    x      x        x
///  anonymous              -        -        -     -    x      x        x
/// ```
/// The management account's principals are bound by no SCP, its resources by no RCP.
struct Scope: Sendable {
    let identity: Bool
    let boundary: Bool
    let session: Bool
    let serviceControl: Bool
    let resourceControl: Bool
    let resource: Bool
    let endpoint: Bool

    init(_ request: AuthorizationRequest, managementAccount: String?) {
        let kind = request.principal.kind
        identity = [.user, .role, .federatedUser, .serviceLinkedRole].contains(kind)
        boundary = [.user, .role, .federatedUser].contains(kind)
        session = [.role, .federatedUser, .serviceLinkedRole, .root].contains(kind)
        let isManager = managementAccount != nil && request.principal.account == managementAccount
        serviceControl = [.user, .role, .federatedUser, .root].contains(kind) && !isManager
        let isManagers = managementAccount != nil && request.resourceAccount == managementAccount
        resourceControl = kind != .serviceLinkedRole && !isManagers && request.takesResourceControl
        // A role's trust policy is asked when the role is assumed; no other action of IAM asks a policy of the resource.
        resource = request.service != "iam"
        endpoint = kind != .service && kind != .serviceLinkedRole
    }

    /// Whether a layer binds the caller.
    func binds(_ type: PolicyType) -> Bool {
        switch type {
        case .identityBased: identity
        case .permissionsBoundary: boundary
        case .session: session
        case .serviceControl: serviceControl
        case .resourceControl: resourceControl
        case .resourceBased, .roleTrust: resource
        case .vpcEndpoint: endpoint
        }
    }
}
