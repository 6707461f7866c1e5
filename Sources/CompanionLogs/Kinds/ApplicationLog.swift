import AccessDenial
import IAMPolicy

/// Reads errors of SDKs out of an application's messages, with the Lambda invocation that they belong to.
struct ApplicationLog {
    /// Streams whose last invocation is remembered.
    private static let streamLimit = 4_096

    /// The invocation that is running in each stream: its messages stand between START and END.
    private var running: [String: String] = [:]
    /// What was told last, since a stack trace and its log line tell the same.
    private var last: (id: String, time: Int64)?

    /// What one message is.
    enum Reading {
        case error(CompanionRow)
        /// A line of Lambda's own.
        case platform
        case none
    }

    /// Takes a message in that ``ErrorScan`` has let through.
    mutating func take(_ message: ArraySlice<UInt8>, time: Int64?, origin: LogOrigin, byteOffset: Int) -> Reading {
        let stream = origin.logStream ?? ""
        let text = SearchText(message.prefix(512))
        if let id = platformID(text) {
            if text.has("start ", at: 0) {
                if running.count >= Self.streamLimit { running.removeAll() }
                running[stream] = id
            } else if text.has("end ", at: 0) {
                running[stream] = nil
            }
            return .platform
        }
        let error = ErrorText(reading: message)
        guard error.isRefusal || error.page == .network || error.page == .timeout, !error.isEmpty, isCertain(error)
        else { return .none }
        let milliseconds = time ?? error.time.map { $0 * 1000 } ?? 0
        let invocation = Self.invocation(text) ?? running[stream]
        let refusal = Self.cause(of: error)
        // The same text with the same id within a second is one refusal, told twice.
        let sign = [error.requestID ?? invocation ?? "", error.sentence ?? "", error.code ?? ""].joined(separator: "|")
        if let last, last.id == sign, abs(last.time - milliseconds) <= 1000 { return .platform }
        last = (sign, milliseconds)
        let message = error.message
        let category = error.category
        return .error(
            CompanionRow(
                .applicationError, time: milliseconds / 1000, milliseconds: Int(milliseconds % 1000),
                byteOffset: byteOffset,
                [
                    .init(origin.logGroup), .init(origin.logStream), .init(invocation), .init(error.sdk?.rawValue),
                    .init(error.service),
                    .init(error.operation), .init(error.code), .init(error.status), .init(error.requestID),
                    .init(error.extendedRequestID),
                    .init(error.principal), .init(error.action), .init(message.resource), .init(category?.rawValue),
                    .init(error.reason.slug),
                    .init(error.reason.effect.rawValue), .init(error.reason.policyType?.rawValue), .init(refusal),
                    .init(error.sentence),
                    .init(error.region),
                ]))
    }

    /// Whether the text is an error of AWS and not prose about one: a code, a sentence of the grammar, or an SDK's wording.
    private func isCertain(_ error: ErrorText) -> Bool {
        if error.page == .network || error.page == .timeout { return error.host != nil || error.page == .timeout }
        if error.page != nil { return error.status == 403 }
        if error.sdk != nil, error.sdk != .answer { return true }
        // A code that stands alone is a word of somebody's prose.
        let isTold = error.status != nil || error.requestID != nil || error.sentence != nil
        if let code = error.code, ErrorCode(code) != .unknown, isTold { return true }
        return error.message.showsRefusal && error.message.action != nil
    }

    /// What stands in column `cause`: which of the refusals before any policy it is.
    private static func cause(of error: ErrorText) -> String? {
        switch error.page {
        case .network?: return "network"
        case .timeout?: return "timeout"
        case .proxy?: return "proxy"
        case .loadBalancer?: return "load-balancer"
        case .cloudFront?, .cloudFrontBlocked?: return "cloudfront"
        case nil: break
        }
        switch error.category {
        case .authentication?:
            return error.reason.slug == "signature-invalid" || error.reason.slug == "clock-skew"
                ? "signature" : "credentials"
        case .authorization?: return "policy"
        case .account?: return "account"
        case .throttling?, .validation?, nil: return nil
        }
    }

    /// The id in `START RequestId: …`, `END …` or `REPORT …`.
    private func platformID(_ text: SearchText) -> String? {
        for words: StaticString in ["start requestid: ", "end requestid: ", "report requestid: "]
        where text.has(words, at: 0) {
            return text.string(text.run(at: words.utf8CodeUnitCount, limit: 64, ErrorText.isID))
        }
        return nil
    }

    /// The invocation's id that Lambda's runtimes write before a message: `TIME\tID\tLEVEL\t…`, `[ERROR]\tTIME\tID\t…`, `"requestId":"…"`.
    private static func invocation(_ text: SearchText) -> String? {
        var index = 0
        for _ in 0..<3 {
            guard let tab = text.bytes[min(index, text.count)...].firstIndex(of: 0x09) else { break }
            let word = text.string(index..<tab)
            if GatewayAccess.isUUID(word) { return word }
            index = tab + 1
        }
        if let timeout = text.first(" task timed out") {
            let word = text.string(text.run(before: timeout.lowerBound, limit: 36, ErrorText.isID))
            if GatewayAccess.isUUID(word) { return word }
        }
        for words: StaticString in ["\"awsrequestid\"", "\"requestid\""] where text.byte(0) == 0x7B {
            guard let label = text.first(words), let start = text.startOfValue(behind: label.upperBound) else {
                continue
            }
            let word = text.string(text.run(at: start, limit: 37, ErrorText.isID))
            if GatewayAccess.isUUID(word) { return word }
        }
        return nil
    }
}
