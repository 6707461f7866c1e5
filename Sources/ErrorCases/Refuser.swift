public import AccessDenial
public import CompanionLogs
public import IAMPolicy

/// What, on its way, refused a call.
public enum Refuser: Sendable, Hashable {
    /// IAM's decision, by the policy type that AWS names; `nil` where it names none.
    case policy(PolicyType?)
    /// The service itself, in words of its own.
    case service
    /// The state of the account, or of the service in it.
    case account
    /// AWS does not take the caller for who it says it is.
    case credentials
    /// The signature or the clock behind it.
    case signature
    /// API Gateway.
    case gateway(GatewayRefusal)
    /// AWS WAF, in front of a distribution, an API or a load balancer.
    case firewall
    /// CloudFront.
    case distribution
    case loadBalancer
    /// A proxy or web server that is not AWS's.
    case proxy
    /// Nobody: there was no connection, or no answer in time.
    case network
    /// Nobody refused: the call was throttled or invalid.
    case nobody(Category)
    case unknown

    /// The stable name.
    public var slug: String {
        switch self {
        case .policy: "policy"
        case .service: "service"
        case .account: "account"
        case .credentials: "credentials"
        case .signature: "signature"
        case .gateway: "api-gateway"
        case .firewall: "waf"
        case .distribution: "cloudfront"
        case .loadBalancer: "load-balancer"
        case .proxy: "proxy"
        case .network: "network"
        case .nobody: "none"
        case .unknown: "unknown"
        }
    }

    /// What refused, as far as the text tells.
    init(_ error: ErrorText) {
        switch error.page {
        case .cloudFrontBlocked?: self = .firewall
        case .cloudFront?: self = .distribution
        case .loadBalancer?: self = .loadBalancer
        case .proxy?: self = .proxy
        case .network?, .timeout?: self = .network
        case nil: self = Self.answering(error)
        }
    }

    private static func answering(_ error: ErrorText) -> Refuser {
        if let gateway = gateway(error) { return .gateway(gateway) }
        let reason = error.reason
        switch error.category {
        case .authorization?:
            if reason.effect != .unstated || reason.policyType != nil { return .policy(reason.policyType) }
            // "User: … is not authorized to perform: …" and no more: IAM decided, or the service did.
            return reason == .unstated || reason == .unrecognised ? .policy(nil) : .service
        case .authentication?:
            return reason.slug == "signature-invalid" || reason.slug == "clock-skew" ? .signature : .credentials
        case .account?: return .account
        case .throttling?: return .nobody(.throttling)
        case .validation?: return .nobody(.validation)
        case nil: return .unknown
        }
    }

    /// Sentences that API Gateway alone writes count as its own wherever they stand; those that services write, too, where nothing tells
    /// of a service.
    private static func gateway(_ error: ErrorText) -> GatewayRefusal? {
        let isGateway =
            error.host?.contains(".execute-api.") ?? false || error.action?.hasPrefix("execute-api:") ?? false
        let isService = !isGateway && (error.service != nil || error.code != nil && error.sdk != .answer)
        guard let refusal = GatewayRefusal(response: nil, message: error.sentence) else { return nil }
        switch refusal {
        case .apiKey, .authorizer, .integrationRole, .iam, .resourcePolicy: return refusal
        case .missingToken, .unstated, .unauthenticated, .firewall, .integration: return isService ? nil : refusal
        case .signature, .credentials: return isGateway ? refusal : nil
        }
    }
}
