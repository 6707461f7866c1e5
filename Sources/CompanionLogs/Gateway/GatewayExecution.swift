import AccessDenial

/// Folds the lines that API Gateway's execution log writes about each request into one.
///
/// Lines of several requests stand between each other. Headers and bodies are read past, but for the sentence of a refusal.
struct GatewayExecution {
    /// Requests that are open at once; the oldest is closed where there are more.
    private static let openLimit = 4_096

    private var open: [String: GatewayRequest] = [:]
    private var order: [String] = []
    /// The request that lines without an id belong to: exports of old execution logs name it only where it begins.
    private var current: String?

    /// Whether a message may be a line of an execution log, by its first bytes: nearly all lines of other logs are none.
    func mayTake(_ message: ArraySlice<UInt8>) -> Bool {
        guard let first = message.first else { return false }
        if first == UInt8(ascii: "(") || current != nil { return true }
        return first == UInt8(ascii: "V") && message.starts(with: "Verifying Usage Plan".utf8)
            || first == UInt8(ascii: "S") && message.starts(with: "Starting ".utf8)
            || first == UInt8(ascii: "U") && message.starts(with: "Unauthorized request".utf8)
    }

    /// Takes a message in; the requests that are whole by it.
    ///
    /// - Parameter group: `API-Gateway-Execution-Logs_<api>/<stage>`, where the transport tells.
    /// - Returns: `nil` where the message is no line of an execution log.
    mutating func take(_ message: ArraySlice<UInt8>, time: Int64?, group: String?) -> [GatewayRequest]? {
        let text = SearchText(message.prefix(4_096))
        guard let (id, start) = Self.identified(text) ?? unnumbered(text) else { return nil }
        var done: [GatewayRequest] = []
        if open[id] == nil {
            var request = GatewayRequest()
            request.isExecution = true
            request.requestId = id
            if let time { (request.time, request.milliseconds) = (time / 1000, Int(time % 1000)) }
            (request.apiId, request.stage) = Self.api(ofGroup: group)
            if order.count >= Self.openLimit, let oldest = order.first {
                order.removeFirst()
                if let whole = open.removeValue(forKey: oldest) { done.append(whole) }
            }
            open[id] = request
            order.append(id)
        }
        guard var request = open[id] else { return done }
        Self.read(text, from: start, &request)
        open[id] = request
        return done
    }

    /// All that is open, at the end of the file.
    mutating func finish() -> [GatewayRequest] {
        let rest = order.compactMap { open[$0] }
        open = [:]
        order = []
        return rest
    }

    /// `(id) text`
    private static func identified(_ text: SearchText) -> (id: String, start: Int)? {
        guard text.byte(0) == UInt8(ascii: "(") else { return nil }
        let id = text.run(at: 1, limit: 129) { Byte.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }
        guard (8...128).contains(id.count), text.has(") ", at: id.upperBound) else { return nil }
        return (text.string(id), id.upperBound + 2)
    }

    /// A line without an id: of the request that one of these sentences names last.
    private mutating func unnumbered(_ text: SearchText) -> (id: String, start: Int)? {
        for words: StaticString in [
            "verifying usage plan for request: ", "starting execution for request: ", "starting authorizer: ",
            "unauthorized request: ",
        ]
        where text.has(words, at: 0) {
            guard let mark = text.first("request: ") else { break }
            let id = text.string(text.run(at: mark.upperBound, limit: 64) { Byte.isHex($0) || $0 == 0x2D })
            if id.utf8.count == 36 { current = id }
        }
        guard let current, Self.sentences.contains(where: { text.has($0, at: 0) }) else { return nil }
        return (current, 0)
    }

    /// How lines of an execution log begin, in lower case.
    private static let sentences: [StaticString] = [
        "verifying usage plan", "usage plan check", "starting execution", "http method: ", "api key", "method request ",
        "endpoint request ",
        "sending request", "received response", "endpoint response ", "method response ", "successfully completed",
        "method completed",
        "execution failed", "starting authorizer", "unauthorized request", "extended request id",
        "aws integration endpoint",
        "x-ray tracing id", "the client is not authorized", "lambda execution failed", "key throttle", "key quota",
        "user: ", "gateway response",
    ]

    private static func api(ofGroup group: String?) -> (String?, String?) {
        guard let group, group.hasPrefix("API-Gateway-Execution-Logs_") else { return (nil, nil) }
        let parts = group.dropFirst(27).split(separator: "/", maxSplits: 1).map(String.init)
        return (parts.first, parts.count > 1 ? parts[1] : nil)
    }

    private static func read(_ text: SearchText, from start: Int, _ request: inout GatewayRequest) {
        func after(_ words: StaticString) -> Int? { text.has(words, at: start) ? start + words.utf8CodeUnitCount : nil }
        func word(_ offset: Int) -> String {
            text.string(text.run(at: offset, limit: 200) { !Byte.isSpace($0) && $0 != 0x2C && $0 != 0x29 })
        }
        let rest = { (offset: Int) in
            String(decoding: Secrets.removed(from: Array(text.bytes[offset...].prefix(1_024))), as: UTF8.self)
        }
        if let at = after("extended request id: ") {
            request.set(.extendedRequestId, word(at))
        } else if let at = after("http method: ") {
            let method = text.run(at: at, limit: 16, Byte.isUpper)
            request.set(.httpMethod, text.string(method))
            if let path = text.first("resource path: ", from: method.upperBound) {
                request.set(.resourcePath, word(path.upperBound))
            }
        } else if let at = after("verifying usage plan for request: ") {
            if let mark = text.first("api stage: ", from: at) {
                let parts = word(mark.upperBound).split(separator: "/").map(String.init)
                if let api = parts.first { request.set(.apiId, api) }
                if parts.count > 1 { request.set(.stage, parts[1]) }
            }
        } else if let at = after("endpoint request uri: ") ?? after("sending request to ") {
            let uri = String(word(at).prefix { $0 != "?" })
            if request.endpointURI == nil { request.endpointURI = uri }
        } else if let at = after("received response. status: ") {
            request.set(.integrationStatus, String(word(at).prefix(3)))
        } else if let at = after("method completed with status: ") {
            request.set(.status, String(word(at).prefix(3)))
        } else if let at = after("aws integration endpoint requestid : ") {
            request.set(.integrationRequestId, word(at))
        } else if let at = after("x-ray tracing id : ") {
            request.set(.xrayTraceId, word(at).replacing("Root=", with: ""))
        } else if after("execution failed due to") != nil || after("lambda execution failed") != nil {
            request.integrationError = request.integrationError ?? rest(start)
        } else if after("endpoint response body before transformations: ") != nil {
            // The one body that is read: for the sentence of a refusal, never for itself.
            if let sentence = ErrorText(reading: text.bytes[start...]).sentence, DenialMessage(sentence).showsRefusal {
                request.integrationError = sentence
            }
        } else if after("unauthorized request: ") != nil {
            request.responseType = request.responseType ?? GatewayResponse.unauthorized.rawValue
        } else if after("starting authorizer: ") != nil {
            request.authorizerStatus = request.authorizerStatus ?? 200
        } else if after("api key") != nil, text.first("not authorized because", from: start) != nil {
            request.errorMessage = request.errorMessage ?? rest(start)
            request.responseType = GatewayResponse.invalidAPIKey.rawValue
        } else if after("the client is not authorized") != nil || after("user: ") != nil
            || after("the security token") != nil || after("signature expired") != nil
            || after("the request signature") != nil || after("forbidden") != nil
            || after("user is not authorized") != nil
        {
            request.errorMessage = request.errorMessage ?? rest(start)
        }
    }
}
