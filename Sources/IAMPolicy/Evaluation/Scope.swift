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
        let isManager = managementAccount != nil && request.principal.account == managementAccount
        let isManagers = managementAccount != nil && request.resourceAccount == managementAccount
        switch kind {
        case .user: (identity, boundary, session, endpoint) = (true, true, false, true)
        case .role, .federatedUser: (identity, boundary, session, endpoint) = (true, true, true, true)
        case .serviceLinkedRole: (identity, boundary, session, endpoint) = (true, false, true, false)
        case .root: (identity, boundary, session, endpoint) = (false, false, true, true)
        case .service: (identity, boundary, session, endpoint) = (false, false, false, false)
        case .federated, .anonymous: (identity, boundary, session, endpoint) = (false, false, false, true)
        }
        serviceControl = (boundary || kind == .root) && !isManager
        resourceControl = kind != .serviceLinkedRole && !isManagers && request.takesResourceControl
        // A role's trust policy is asked when the role is assumed; no other action of IAM asks a policy of the resource.
        resource = request.service != "iam"
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
