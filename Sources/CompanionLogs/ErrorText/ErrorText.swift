public import AccessDenial

/// One error message in hand, as an SDK, a log or a browser shows it: what a service answered to which call.
///
/// ``message`` is AWS's own sentence, read by the same grammar as CloudTrail's `errorMessage`. What the text does not tell is `nil`.
public struct ErrorText: Sendable, Hashable {
    /// Whose wording it is.
    public var sdk: SDK?
    /// The service as the text names it: `Pinpoint`, `AmazonPinpoint`, the first label of a host.
    public var service: String?
    /// The operation: `SendMessages`.
    public var operation: String?
    /// The error code: `AccessDeniedException`.
    public var code: String?
    /// The HTTP status.
    public var status: Int?
    /// The request id; a Lambda invocation's id is none.
    public var requestID: String?
    /// S3's and API Gateway's second id.
    public var extendedRequestID: String?
    /// AWS's own sentence, without secrets; `nil` where the text holds none.
    public var sentence: String?
    /// The Region that a host, a signature or an ARN names.
    public var region: String?
    /// The host that was called.
    public var host: String?
    /// When it happened, in seconds since 1970.
    public var time: Int64?
    /// What the text is, beside an SDK's error.
    public var page: ErrorPage?

    /// A text of which nothing is known.
    public init() {}

    /// What the sentence says.
    public var message: DenialMessage { DenialMessage(sentence) }

    /// The IAM action: as the sentence has it, else made of service and operation; `nil` where neither tells.
    public var action: String? {
        if let action = message.action { return action }
        guard let operation, let service, let source = ServiceName.eventSource(of: service) else { return nil }
        return IAMAction.name(eventSource: source, eventName: operation)
    }

    /// The principal in the sentence, with its session folded into the role.
    public var principal: String? { message.principal.map { $0.hasPrefix("arn:") ? RoleARN.folding($0) : $0 } }

    /// Whether the text tells anything of an answer.
    public var isEmpty: Bool { code == nil && status == nil && sentence == nil && page == nil && requestID == nil }

    /// Whether it tells of a refusal: by its code or sentence, or by status 403 where there is neither.
    public var isRefusal: Bool {
        switch category {
        case .authorization, .authentication, .account: true
        case .throttling, .validation: false
        case nil: status == 403 || status == 401 || (page.map { $0 != .network && $0 != .timeout } ?? false)
        }
    }

    /// What kind of refusal it is; `nil` where neither code nor sentence tells.
    public var category: Category? {
        let message = message
        let reads = message.reason != .unstated && message.reason != .unrecognised
        if let code {
            switch ErrorCode(code) {
            case .denial(let category, let fallback):
                return reads ? message.reason.category : fallback?.category ?? category
            case .ambiguous: return reads ? message.reason.category : .authorization
            case .noDenial(let category): return message.showsRefusal ? message.reason.category : category
            case .unknown: break
            }
        }
        return message.showsRefusal || reads ? message.reason.category : nil
    }

    /// Why, as far as the text says.
    public var reason: Reason {
        let message = message
        guard message.reason == .unstated || message.reason == .unrecognised, let code,
            case .denial(_, let fallback?) = ErrorCode(code)
        else { return message.reason }
        return fallback
    }
}

/// What a text is that no AWS service wrote as an API's answer.
public enum ErrorPage: String, Sendable, CaseIterable {
    /// CloudFront's page.
    case cloudFront = "cloudfront"
    /// CloudFront's page where AWS WAF or a geographic restriction blocked the request.
    case cloudFrontBlocked = "cloudfront-blocked"
    /// The page of a load balancer.
    case loadBalancer = "load-balancer"
    /// A page of a web server or proxy.
    case proxy
    /// No connection, or no address.
    case network
    /// An answer that did not come in time.
    case timeout
}
