/// Reads lines of API Gateway's access logs, whose format is whatever somebody wrote.
struct GatewayAccess: Sendable {
    /// The format that the user gave; lines that fit it are taken as it says.
    let format: GatewayFormat?

    /// A request that a JSON object tells; `nil` where it is none.
    static func request(_ json: FlatJSON) -> GatewayRequest? {
        var request = GatewayRequest()
        for (path, value) in json.members {
            if let field = GatewayField(named: path) { request.set(field, value) }
        }
        return request.isComplete ? request : nil
    }

    /// A request that a line tells, in the form of the console's suggestions (CLF, XML, CSV), of the Serverless Framework, or in the
    /// format given.
    func request(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        guard (40...16_384).contains(line.count) else { return nil }
        if let format { if let request = format.request(line) { return request } }
        if line.first == UInt8(ascii: "<") { return Self.xml(line) }
        if line.first == UInt8(ascii: "r"), line.starts(with: "requestId: ".utf8) { return Self.labelled(line) }
        return Self.common(line) ?? Self.separated(line)
    }

    /// `<request id="…"> <ip>…</ip> … </request>`
    private static func xml(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        let text = SearchText(line)
        guard text.has("<request id=\"", at: 0) else { return nil }
        var request = GatewayRequest()
        request.set(.requestId, text.string(text.run(at: 13) { $0 != 0x22 }))
        var index = 13
        for _ in 0..<64 {
            guard let open = text.bytes[index...].firstIndex(of: 0x3C) else { break }
            let name = text.run(at: open + 1, limit: 64, Byte.isWord)
            guard text.byte(name.upperBound) == 0x3E else {
                index = open + 1
                continue
            }
            let value = text.run(at: name.upperBound + 1, limit: 4_096) { $0 != 0x3C }
            if let field = GatewayField(named: text.string(name)) { request.set(field, text.string(value)) }
            index = value.upperBound
        }
        return request.isComplete ? request : nil
    }

    /// `requestId: x, ip: y, caller: -, …`
    private static func labelled(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        var request = GatewayRequest()
        for part in String(decoding: line, as: UTF8.self).split(separator: ", ") {
            guard let colon = part.firstRange(of: ": "),
                let field = GatewayField(named: String(part[..<colon.lowerBound]))
            else { continue }
            request.set(field, String(part[colon.upperBound...]))
        }
        return request.isComplete ? request : nil
    }

    /// `ip caller user [time] "METHOD path protocol" status length id [id]`
    private static func common(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        guard line.prefix(512).contains(0x5B), line.contains(0x22) else { return nil }
        let text = SearchText(line)
        guard let open = text.bytes.firstIndex(of: 0x5B), open < 512,
            let seconds = WebTime.seconds(text.bytes[(open + 1)...]),
            let quote = text.bytes[open...].firstIndex(of: 0x22),
            let close = text.bytes[(quote + 1)...].firstIndex(of: 0x22)
        else { return nil }
        var request = GatewayRequest()
        request.time = seconds
        let head = text.string(0..<open).split(separator: " ").map(String.init)
        guard head.count == 3, isAddress(head[0]) else { return nil }
        request.set(.sourceIp, head[0])
        request.set(.userArn, head[1])
        let words = text.string(quote + 1..<close).split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        request.set(.httpMethod, words[0])
        // Of an HTTP API the route's key holds the method once more: POST POST /x HTTP/1.1.
        request.set(.resourcePath, words.count > 3 ? words[1] + " " + words[2] : words[1])
        let tail = text.string(close + 1..<text.count).split(separator: " ").map(String.init)
        guard tail.count >= 3, tail.count <= 6 else { return nil }
        request.set(.status, tail[0])
        for word in tail.dropFirst(2) { take(word, &request) }
        return request.requestId != nil && request.isComplete ? request : nil
    }

    /// Values between commas, told by their shapes.
    private static func separated(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        // Prose has more blanks than commas.
        guard line.count(where: { $0 == 0x2C }) >= 5, line.count(where: { $0 == 0x20 }) <= 4 else { return nil }
        let parts = String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false).map {
            String($0).trimmedASCII
        }
        guard (6...64).contains(parts.count) else { return nil }
        var request = GatewayRequest()
        for part in parts {
            if methods.contains(part) {
                request.set(.httpMethod, part)
            } else if part.utf8.count == 3, let number = Int(part), (100...599).contains(number) {
                request.status = number
            } else if part.hasPrefix("/") || methods.contains(String(part.prefix { $0 != " " })) || part == "$default" {
                request.set(.resourcePath, part)
            } else if GatewayResponse(rawValue: part) != nil {
                request.set(.responseType, part)
            } else if part.hasPrefix("WAF_") {
                request.set(.wafResponse, part)
            } else if isAddress(part) {
                request.set(.sourceIp, part)
            } else if let time = LogTime.milliseconds(part) {
                if request.time == 0 { (request.time, request.milliseconds) = (time / 1000, Int(time % 1000)) }
            } else {
                take(part, &request)
            }
        }
        return request.requestId != nil && request.isComplete ? request : nil
    }

    /// An id by its shape: a UUID is the request's, fifteen characters and `=` are the extended one's.
    private static func take(_ word: String, _ request: inout GatewayRequest) {
        if isUUID(word) { request.set(request.requestId == nil ? .requestId : .integrationRequestId, word) }
        if word.utf8.count == 16, word.hasSuffix("="),
            word.utf8.dropLast().allSatisfy({ Byte.isWord($0) || $0 == 0x2D })
        {
            // The console's format of HTTP APIs has this id alone.
            if request.requestId == nil { request.set(.requestId, word) }
            request.set(.extendedRequestId, word)
        }
    }

    static let methods: Set<String> = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "ANY"]

    static func isUUID(_ text: String) -> Bool {
        text.utf8.count == 36
            && text.utf8.enumerated().allSatisfy {
                [8, 13, 18, 23].contains($0.offset) ? $0.element == 0x2D : Byte.isHex($0.element)
            }
    }

    static func isAddress(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (3...45).contains(bytes.count) else { return false }
        let dots = bytes.count { $0 == 0x2E }
        if dots == 3 { return bytes.allSatisfy { Byte.isDigit($0) || $0 == 0x2E } }
        return bytes.count { $0 == 0x3A } >= 2 && bytes.allSatisfy { Byte.isHex($0) || $0 == 0x3A || $0 == 0x2E }
    }
}

/// An access log's format as the user gives it: text with `$context.…` in it.
package struct GatewayFormat: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case text([UInt8])
        case field(GatewayField?)
    }

    private let pieces: [Piece]
    private let isJSON: Bool
    /// The field of each JSON path.
    private let paths: [String: GatewayField]

    /// `nil` where the text names no `$context.requestId` or `$context.extendedRequestId`, which every format must, or no status.
    package init?(_ format: String) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        let bytes = Array(format.utf8)
        var index = 0
        var fields: Set<GatewayField> = []
        while index < bytes.count {
            if bytes[index...].starts(with: "$context.".utf8) {
                var end = index + 9
                while end < bytes.count, Byte.isWord(bytes[end]) || bytes[end] == 0x2E || bytes[end] == 0x2D {
                    end += 1
                }
                // A full stop at the end is the format's own.
                while bytes[end - 1] == 0x2E { end -= 1 }
                let field = GatewayField(named: String(decoding: bytes[index..<end], as: UTF8.self))
                if let field { fields.insert(field) }
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = []
                pieces.append(.field(field))
                index = end
            } else {
                literal.append(bytes[index])
                index += 1
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        guard fields.contains(.requestId) || fields.contains(.extendedRequestId), fields.contains(.status) else {
            return nil
        }
        self.pieces = pieces
        isJSON = bytes.first { !Byte.isSpace($0) } == 0x7B
        var paths: [String: GatewayField] = [:]
        if isJSON, let json = FlatJSON(bytes[...]) {
            for (path, value) in json.members { paths[path] = GatewayField(named: value) }
        }
        self.paths = paths
    }

    /// The request that a line in this format tells; `nil` where the line does not fit.
    func request(_ line: ArraySlice<UInt8>) -> GatewayRequest? {
        var request = GatewayRequest()
        if isJSON {
            guard let json = FlatJSON(line) else { return nil }
            for (path, value) in json.members { if let field = paths[path] { request.set(field, value) } }
            return request.hasIDAndStatus ? request : nil
        }
        var index = line.startIndex
        for (place, piece) in pieces.enumerated() {
            switch piece {
            case .text(let text):
                guard line[index...].starts(with: text) else { return nil }
                index += text.count
            case .field(let field):
                var end = line.endIndex
                if place + 1 < pieces.count, case .text(let next) = pieces[place + 1] {
                    guard let found = Self.first(next, in: line[index...]) else { return nil }
                    end = found
                }
                if let field { request.set(field, String(decoding: line[index..<end], as: UTF8.self)) }
                index = end
            }
        }
        return index == line.endIndex && request.hasIDAndStatus ? request : nil
    }

    private static func first(_ text: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + text.count <= bytes.endIndex {
            if bytes[index] == text[0], bytes[index...].starts(with: text) { return index }
            index += 1
        }
        return nil
    }
}

extension GatewayRequest {
    fileprivate var hasIDAndStatus: Bool { (requestId ?? extendedRequestId) != nil && status != nil }
}
