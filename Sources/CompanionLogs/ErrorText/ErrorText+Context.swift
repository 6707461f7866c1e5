import AccessDenial
import CloudTrail
import IAMPolicy

/// What an error text tells beside the error: host, Region, time, operation.
extension ErrorText {
    /// Fills in what no form of an SDK has told.
    mutating func readContext(_ text: SearchText) {
        readHost(text)
        if region == nil { region = Self.scope(text)?.region ?? Self.regionOfARN(message.resource) }
        if service == nil { service = Self.scope(text)?.service }
        if time == nil { time = Self.time(text) }
        if operation == nil { operation = Self.operation(text) }
        if service == nil { service = Self.serviceOfName(text) }
    }

    private static func regionOfARN(_ resource: String?) -> String? {
        guard let resource, let region = ARN(resource)?.region, !region.isEmpty else { return nil }
        return region
    }

    /// The first host of AWS's, of a URL or of a header.
    private mutating func readHost(_ text: SearchText) {
        var from = 0
        for _ in 0..<16 {
            guard let at = text.first(".amazonaws.com", from: from) ?? text.first(".api.aws", from: from) else {
                return
            }
            from = at.upperBound
            let isPart: (UInt8) -> Bool = { Byte.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }
            let before = text.run(before: at.lowerBound, limit: 200, isPart)
            let host = text.string(
                before.lowerBound..<text.run(at: at.upperBound, limit: 4, { Byte.isLower($0) || $0 == 0x2E }).upperBound
            )
            // A URL's host, or one that stands alone; `pinpoint.amazonaws.com` of a policy is a service, and names no Region.
            let labels = text.string(before).split(separator: ".").map(String.init)
            guard let place = labels.firstIndex(where: Self.isRegion), place > 0 else { continue }
            self.host = host.hasSuffix(".") ? String(host.dropLast()) : host
            region = region ?? labels[place]
            var label = labels[place - 1]
            // Of an interface endpoint: vpce-0a1b-x.pinpoint.us-east-1.vpce.amazonaws.com.
            for ending in ["-fips", "-dualstack"] where label.hasSuffix(ending) {
                label = String(label.dropLast(ending.count))
            }
            if service == nil { service = label }
            return
        }
    }

    static func isRegion(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), let number = parts.last, (1...2).contains(number.utf8.count) else {
            return false
        }
        return number.utf8.allSatisfy(Byte.isDigit)
            && parts.dropLast().allSatisfy { (2...9).contains($0.utf8.count) && $0.utf8.allSatisfy(Byte.isLower) }
    }

    /// Region and service of a signature's scope: `20261109/us-east-1/mobiletargeting/aws4_request`.
    private static func scope(_ text: SearchText) -> (region: String, service: String)? {
        guard let end = text.first("/aws4_request") else { return nil }
        let scope = text.run(before: end.lowerBound, limit: 100) { Byte.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2F }
        let parts = text.string(scope).split(separator: "/").map(String.init)
        guard parts.count >= 2, isRegion(parts[parts.count - 2]) else { return nil }
        return (parts[parts.count - 2], parts[parts.count - 1])
    }

    // MARK: Operation

    /// The operation, from what stack traces and requests tell.
    private static func operation(_ text: SearchText) -> String? {
        // Java's clients: DefaultPinpointClient.sendMessages(
        for words: StaticString in ["client.", "asyncclient."] {
            var from = 0
            for _ in 0..<16 {
                guard let at = text.first(words, from: from) else { break }
                from = at.upperBound
                let name = text.run(at: at.upperBound, limit: 80, Byte.isAlphanumeric)
                guard name.count >= 4, text.byte(name.upperBound) == UInt8(ascii: "("),
                    let first = text.byte(name.lowerBound),
                    let before = text.byte(at.lowerBound - 1), Byte.isAlphanumeric(before)
                else { continue }
                if ["invoke", "execute", "doinvoke", "executerequest", "middlewarestack"].contains(
                    text.string(name).lowercased())
                {
                    continue
                }
                let word = text.string(name)
                if Byte.isLower(first) { return word.prefix(1).uppercased() + word.dropFirst() }
                return word.hasSuffix("Async") ? String(word.dropLast(5)) : word
            }
        }
        // JavaScript's commands: de_SendMessagesCommandError, new SendMessagesCommand.
        var from = 0
        for _ in 0..<16 {
            guard let at = text.first("command", from: from) else { break }
            from = at.upperBound
            guard text.byte(at.lowerBound) == UInt8(ascii: "C") else { continue }
            let name = text.run(before: at.lowerBound, limit: 80, Byte.isAlphanumeric)
            if name.count >= 4, Byte.isUpper(text.bytes[name.lowerBound]) { return text.string(name) }
        }
        return nil
    }

    private static func serviceOfName(_ text: SearchText) -> String? {
        for words: StaticString in ["awssdk.services.", "com.amazonaws.services.", "@aws-sdk/client-", "service/"] {
            guard let at = text.first(words) else { continue }
            let name = text.run(at: at.upperBound, limit: 40) { Byte.isAlphanumeric($0) || $0 == 0x2D }
            if name.count >= 2, ServiceName.eventSource(of: text.string(name)) != nil { return text.string(name) }
        }
        return nil
    }

    // MARK: Time

    /// The first time in the text: ISO 8601 and its like, or that of a web server's log.
    static func time(_ text: SearchText) -> Int64? {
        var index = 0
        while index + 19 <= text.count {
            guard Byte.isDigit(text.bytes[index]), index == 0 || !Byte.isAlphanumeric(text.bytes[index - 1]) else {
                index += 1
                continue
            }
            if let time = time(text, at: index) { return time }
            index = text.run(at: index, limit: .max, Byte.isDigit).upperBound
        }
        return nil
    }

    private static func time(_ text: SearchText, at start: Int) -> Int64? {
        if let clf = WebTime.seconds(text.bytes[start...]) { return clf }
        // 2026-11-09T10:12:00.123Z, 2026-11-09 10:12:00,123, 2026/11/09 10:12:00.
        guard let dash = text.byte(start + 4), dash == 0x2D || dash == 0x2F, text.byte(start + 7) == dash,
            let gap = text.byte(start + 10), gap == 0x20 || gap | 0x20 == 0x74
        else { return nil }
        let end = text.run(at: start + 11, limit: 24) { Byte.isDigit($0) || ":.,+-Zz".utf8.contains($0) }.upperBound
        let written = text.string(start..<end).replacing("/", with: "-")
        if let time = EventTime.seconds(written) { return time }
        // Python's milliseconds end in a comma that may be the sentence's own, and a hyphen may follow.
        return EventTime.seconds(String(written.prefix(19)))
    }
}
