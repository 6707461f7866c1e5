/// Why API Gateway answered itself: its 21 gateway responses.
///
/// Source: "Gateway response types for API Gateway" in the Amazon API Gateway developer guide.
public enum GatewayResponse: String, Sendable, CaseIterable {
    case accessDenied = "ACCESS_DENIED"
    case expiredToken = "EXPIRED_TOKEN"
    case invalidAPIKey = "INVALID_API_KEY"
    case invalidSignature = "INVALID_SIGNATURE"
    case missingAuthenticationToken = "MISSING_AUTHENTICATION_TOKEN"
    case wafFiltered = "WAF_FILTERED"
    case unauthorized = "UNAUTHORIZED"
    case authorizerFailure = "AUTHORIZER_FAILURE"
    case authorizerConfigurationError = "AUTHORIZER_CONFIGURATION_ERROR"
    case apiConfigurationError = "API_CONFIGURATION_ERROR"
    case integrationFailure = "INTEGRATION_FAILURE"
    case integrationTimeout = "INTEGRATION_TIMEOUT"
    case badRequestParameters = "BAD_REQUEST_PARAMETERS"
    case badRequestBody = "BAD_REQUEST_BODY"
    case quotaExceeded = "QUOTA_EXCEEDED"
    case throttled = "THROTTLED"
    case resourceNotFound = "RESOURCE_NOT_FOUND"
    case requestTooLarge = "REQUEST_TOO_LARGE"
    case unsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE"
    case default4XX = "DEFAULT_4XX"
    case default5XX = "DEFAULT_5XX"

    /// The status that it has unless the API says otherwise; `nil` for the two defaults.
    public var status: Int? {
        switch self {
        case .accessDenied, .expiredToken, .invalidAPIKey, .invalidSignature, .missingAuthenticationToken, .wafFiltered:
            403
        case .unauthorized: 401
        case .authorizerFailure, .authorizerConfigurationError, .apiConfigurationError: 500
        case .integrationFailure, .integrationTimeout: 504
        case .badRequestParameters, .badRequestBody: 400
        case .quotaExceeded, .throttled: 429
        case .resourceNotFound: 404
        case .requestTooLarge: 413
        case .unsupportedMediaType: 415
        case .default4XX, .default5XX: nil
        }
    }

    /// Whether it refuses the caller, whatever status the API gives it.
    public var isRefusal: Bool { status == 403 || status == 401 }
}
