/// One request at API Gateway, as its access log or its execution log tells it.
struct GatewayRequest: Sendable, Equatable {
    var time: Int64 = 0
    var milliseconds = 0
    var requestId: String?
    var extendedRequestId: String?
    var apiId: String?
    var stage: String?
    var httpMethod: String?
    var resourcePath: String?
    var path: String?
    var domainName: String?
    var status: Int?
    var errorMessage: String?
    var responseType: String?
    var wafResponse: String?
    var authenticateStatus: Int?
    var authorizerStatus: Int?
    var authorizeStatus: Int?
    var integrationRequestId: String?
    var integrationStatus: Int?
    var integrationError: String?
    var endpointURI: String?
    var sourceIp: String?
    var vpceId: String?
    var userArn: String?
    var apiKeyId: String?
    var userAgent: String?
    var xrayTraceId: String?
    /// Whether the execution log told it.
    var isExecution = false

    /// Why it was refused; `nil` where it was not. A status may have been changed by the API, so that the response type goes first.
    var refusal: GatewayRefusal? {
        let response = responseType.flatMap(GatewayResponse.init(rawValue:))
        if wafResponse == "WAF_BLOCK" { return .firewall }
        if let refusal = GatewayRefusal(response: response, message: errorMessage), refusal != .unstated {
            // The service behind says the same in words of its own where it was asked.
            return integrationStatus == 403 && response == nil ? .integration : refusal
        }
        if let refusal = GatewayRefusal(response: nil, message: integrationError), refusal == .integrationRole {
            return refusal
        }
        if integrationStatus == 403 || integrationStatus == 401 { return .integration }
        if authenticateStatus == 403 || authenticateStatus == 401 { return .signature }
        if authorizerStatus == 401 { return .unauthenticated }
        if authorizeStatus == 403 || response == .accessDenied {
            return authorizerStatus == nil && response == .accessDenied && authorizeStatus == nil
                ? .unstated : .authorizer
        }
        guard status == 403 || status == 401 else { return nil }
        return status == 401 ? .unauthenticated : .unstated
    }

    /// The row for the database.
    func row(byteOffset: Int) -> CompanionRow {
        CompanionRow(
            .gatewayRequest, time: time, milliseconds: milliseconds, byteOffset: byteOffset,
            [
                .init(requestId), .init(extendedRequestId), .init(apiId), .init(stage), .init(httpMethod),
                .init(resourcePath),
                .init(path), .init(domainName), .init(status), .init(errorMessage.map(Secrets.removed)),
                .init(responseType),
                .init(refusal?.rawValue), .init(authorizerStatus), .init(authorizeStatus), .init(integrationRequestId),
                .init(integrationStatus), .init(integrationError.map(Secrets.removed)), .init(endpointURI),
                .init(sourceIp),
                .init(vpceId), .init(userArn), .init(apiKeyId), .init(userAgent), .init(xrayTraceId),
                .text(isExecution ? "execution" : "access"),
            ])
    }

    /// API and stage, for coverage.
    var scope: String { [apiId, stage].compactMap(\.self).joined(separator: "/") }
}
