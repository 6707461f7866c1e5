/// What refused a call at API Gateway itself, told from its response type and its sentence.
///
/// Source: "How do I troubleshoot HTTP 403 errors from API Gateway?" in the AWS Knowledge Center and "Gateway response types" in the
/// Amazon API Gateway developer guide.
public enum GatewayRefusal: String, Sendable, CaseIterable {
    /// There is no such path, method or stage, or the call is not signed where it has to be.
    case missingToken = "missing-token"
    /// The API key is missing, unknown, disabled or in no usage plan of the stage.
    case apiKey = "api-key"
    /// The policy that a Lambda authorizer returned does not allow the path.
    case authorizer
    /// The API's resource policy refuses a caller whom it does not know.
    case resourcePolicy = "resource-policy"
    /// IAM: no policy allows `execute-api:Invoke`, or one denies it.
    case iam
    /// AWS WAF blocked it.
    case firewall = "waf"
    /// The signature does not match, or is for another service, Region or time.
    case signature
    /// The credentials of the signature have expired or are unknown.
    case credentials
    /// An authorizer does not know the caller: 401.
    case unauthenticated
    /// API Gateway may not assume the role of the integration.
    case integrationRole = "integration-role"
    /// The service behind it refused.
    case integration
    /// `Forbidden`, which several causes share.
    case unstated

    /// What the response type and the sentence say; `nil` where they tell of no refusal by the gateway.
    public init?(response: GatewayResponse?, message: String?) {
        let text = SearchText((message ?? "").utf8)
        // `Forbidden` tells less than any response type.
        if let told = Self.told(by: text), told != .unstated || response == nil {
            self = told
            return
        }
        switch response {
        case .wafFiltered: self = .firewall
        case .missingAuthenticationToken: self = .missingToken
        case .invalidAPIKey: self = .apiKey
        case .invalidSignature: self = .signature
        case .expiredToken: self = .credentials
        case .unauthorized: self = .unauthenticated
        case .accessDenied: self = .unstated
        case .authorizerFailure, .authorizerConfigurationError, .apiConfigurationError, .integrationFailure,
            .integrationTimeout,
            .badRequestParameters, .badRequestBody, .quotaExceeded, .throttled, .resourceNotFound, .requestTooLarge,
            .unsupportedMediaType,
            .default4XX, .default5XX, nil:
            return nil
        }
    }

    private static func told(by text: SearchText) -> GatewayRefusal? {
        if text.contains("execute-api:invoke") { return text.contains("user: anonymous") ? .resourcePolicy : .iam }
        for (words, refusal) in sentences where text.contains(words) { return refusal }
        return text.string(0..<text.count).trimmedASCII == "Forbidden" ? .unstated : nil
    }

    /// Sentences of API Gateway, in lower case.
    private static let sentences: [(StaticString, GatewayRefusal)] = [
        ("missing authentication token", .missingToken),
        ("not a valid key=value pair", .missingToken),
        ("authorization header requires", .missingToken),
        ("user is not authorized to access this resource", .authorizer),
        ("the client is not authorized to perform this operation", .authorizer),
        ("requires api key and", .apiKey), ("invalid api key identifier", .apiKey),
        ("does not have permission to assume the provided role", .integrationRole),
        ("signature we calculated does not match", .signature), ("signature expired", .signature),
        ("signature not yet current", .signature),
        ("credential should be scoped to", .signature),
        ("security token included in the request", .credentials),
    ]
}

extension String {
    /// The text without white space at its ends.
    var trimmedASCII: String {
        let bytes = utf8.drop(while: Byte.isSpace)
        guard let last = bytes.lastIndex(where: { !Byte.isSpace($0) }) else { return "" }
        return String(decoding: bytes[...last], as: UTF8.self)
    }
}
