/// A variable of an access log's format, by all names that people give it.
enum GatewayField: Sendable, Hashable {
    case requestId, extendedRequestId, apiId, stage, httpMethod, resourcePath, path, domainName, status, errorMessage,
        responseType, wafResponse
    case authenticateStatus, authorizerStatus, authorizeStatus, integrationRequestId, integrationStatus,
        integrationError
    case sourceIp, vpceId, userArn, apiKeyId, userAgent, xrayTraceId, requestTime, requestTimeEpoch

    /// The field of a member's name, `$context.identity.sourceIp` included; `nil` where it is none.
    init?(named name: String) {
        var folded = String(
            decoding: name.utf8.lazy.filter(Byte.isAlphanumeric).map { Byte.isUpper($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
        if folded.hasPrefix("context") { folded = String(folded.dropFirst(7)) }
        guard let field = Self.aliases[folded] else { return nil }
        self = field
    }

    private static let aliases: [String: GatewayField] = {
        var table: [String: GatewayField] = [:]
        let rows: [(GatewayField, String)] = [
            (.requestId, "requestid xamznrequestid reqid"), (.extendedRequestId, "extendedrequestid xamzapigwid"),
            (.apiId, "apiid restapiid"), (.stage, "stage"), (.httpMethod, "httpmethod method"),
            (.resourcePath, "resourcepath route routekey"), (.path, "path requestpath"), (.domainName, "domainname"),
            (.status, "status responsestatus statuscode"),
            (
                .errorMessage,
                "errormessage error errormessagestring gatewayerror autherror authorizeerror authorizererror authenticateerror"
            ),
            (.responseType, "errorresponsetype responsetype"), (.wafResponse, "wafresponsecode wafresponse"),
            (.authenticateStatus, "authenticatestatus"), (.authorizerStatus, "authorizerstatus"),
            (.authorizeStatus, "authorizestatus"),
            (.integrationRequestId, "integrationrequestid awsendpointrequestid integrationawsendpointrequestid"),
            (.integrationStatus, "integrationstatus integrationintegrationstatus"),
            (.integrationError, "integrationerror integrationerrormessage"),
            (.sourceIp, "ip sourceip identitysourceip clientip identityip"), (.vpceId, "vpceid identityvpceid"),
            (.userArn, "userarn identityuserarn caller identitycaller user identityuser"),
            (.apiKeyId, "apikeyid identityapikeyid"),
            (.userAgent, "useragent identityuseragent"), (.xrayTraceId, "xraytraceid traceid"),
            (.requestTime, "requesttime time"), (.requestTimeEpoch, "requesttimeepoch timestamp"),
        ]
        for (field, names) in rows { for name in names.split(separator: " ") { table[String(name)] = field } }
        return table
    }()
}

extension GatewayRequest {
    /// Takes a value in; what was told first stays.
    mutating func set(_ field: GatewayField, _ value: String) {
        guard !value.isEmpty, value != "-" else { return }
        func keep(_ path: WritableKeyPath<GatewayRequest, String?>) {
            if self[keyPath: path] == nil { self[keyPath: path] = value }
        }
        func keep(_ path: WritableKeyPath<GatewayRequest, Int?>) {
            if self[keyPath: path] == nil, let number = Int(value), (100...599).contains(number) {
                self[keyPath: path] = number
            }
        }
        switch field {
        case .requestId: keep(\.requestId)
        case .extendedRequestId: keep(\.extendedRequestId)
        case .apiId: keep(\.apiId)
        case .stage: keep(\.stage)
        case .httpMethod: keep(\.httpMethod)
        case .resourcePath: keep(\.resourcePath)
        // A format of one's own may write the query behind it.
        case .path: if path == nil { path = String(value.prefix { $0 != "?" }) }
        case .domainName: keep(\.domainName)
        case .status: keep(\.status)
        case .errorMessage: keep(\.errorMessage)
        case .responseType: keep(\.responseType)
        case .wafResponse: keep(\.wafResponse)
        case .authenticateStatus: keep(\.authenticateStatus)
        case .authorizerStatus: keep(\.authorizerStatus)
        case .authorizeStatus: keep(\.authorizeStatus)
        case .integrationRequestId: keep(\.integrationRequestId)
        case .integrationStatus: keep(\.integrationStatus)
        case .integrationError: keep(\.integrationError)
        case .sourceIp: keep(\.sourceIp)
        case .vpceId: keep(\.vpceId)
        case .userArn:
            // `caller` and `user` are ids; the ARN tells more.
            if userArn == nil || value.hasPrefix("arn:") { userArn = value }
        case .apiKeyId: keep(\.apiKeyId)
        case .userAgent: keep(\.userAgent)
        case .xrayTraceId: keep(\.xrayTraceId)
        case .requestTime, .requestTimeEpoch:
            guard let told = LogTime.milliseconds(value) else { return }
            // The epoch tells milliseconds, the other seconds.
            if time == 0 || field == .requestTimeEpoch {
                time = told / 1000
                milliseconds = Int(told % 1000)
            }
        }
    }

    /// Whether this is a request: it has an id, a status, and one more sign of an access log.
    var isComplete: Bool {
        (requestId ?? extendedRequestId).map { $0.utf8.count >= 8 } ?? false && status != nil
            && (httpMethod != nil || resourcePath != nil || responseType != nil || integrationStatus != nil)
    }
}
