import AccessDenial
import IAMPolicy

extension PolicyType {
    /// The name in a sentence, as AWS writes it.
    package var words: String {
        switch self {
        case .identityBased: "identity-based policy"
        case .resourceBased: "resource-based policy"
        case .serviceControl: "service control policy"
        case .resourceControl: "resource control policy"
        case .permissionsBoundary: "permissions boundary"
        case .session: "session policy"
        case .vpcEndpoint: "VPC endpoint policy"
        case .roleTrust: "role trust policy"
        }
    }

    package var article: String { self == .identityBased ? "an" : "a" }

    /// Whether the type only limits: an Allow in it grants nothing, and nothing outweighs its refusal.
    package var isLimit: Bool {
        switch self {
        case .serviceControl, .resourceControl, .permissionsBoundary, .session, .vpcEndpoint: true
        case .identityBased, .resourceBased, .roleTrust: false
        }
    }
}
