import Foundation

/// One comparison of a condition operator, on texts.
enum PlainComparison: String, CaseIterable {
    case stringEquals, stringEqualsIgnoreCase, stringLike
    case arnEquals, arnLike
    case numericEquals, numericLessThan, numericLessThanEquals, numericGreaterThan, numericGreaterThanEquals
    case dateEquals, dateLessThan, dateLessThanEquals, dateGreaterThan, dateGreaterThanEquals
    case bool, binaryEquals, ipAddress

    /// The operator by its name in lower case, and whether it is the negated one.
    static func named(_ name: String) -> (comparison: PlainComparison, isNegated: Bool)? {
        for comparison in allCases {
            let plain = comparison.rawValue.lowercased()
            if name == plain { return (comparison, false) }
            let negated: String? =
                switch comparison {
                case .stringEquals: "stringnotequals"
                case .stringEqualsIgnoreCase: "stringnotequalsignorecase"
                case .stringLike: "stringnotlike"
                case .arnEquals: "arnnotequals"
                case .arnLike: "arnnotlike"
                case .numericEquals: "numericnotequals"
                case .dateEquals: "datenotequals"
                case .ipAddress: "notipaddress"
                default: nil
                }
            if name == negated { return (comparison, true) }
        }
        return nil
    }

    /// Whether policy texts of this operator may hold variables.
    var takesVariables: Bool {
        switch self {
        case .stringEquals, .stringEqualsIgnoreCase, .stringLike, .arnEquals, .arnLike: true
        default: false
        }
    }

    /// Whether a request's value meets a policy's value. What is no number, date or address meets nothing.
    func holds(policy: [PlainPiece], request: String) -> Bool {
        let text = Self.text(policy)
        switch self {
        case .stringEquals: return Array(text.unicodeScalars) == Array(request.unicodeScalars)
        case .stringEqualsIgnoreCase: return text.lowercased() == request.lowercased()
        case .stringLike: return PlainText.covers(policy, request)
        case .arnEquals, .arnLike:
            let patterns = PlainText.parts(policy)
            let parts = PlainText.parts(request)
            return patterns.count == 6 && parts.count == 6 && zip(patterns, parts).allSatisfy(PlainText.covers)
        case .numericEquals: return Self.compare(Self.number, text, request) { $1 == $0 }
        case .numericLessThan: return Self.compare(Self.number, text, request) { $1 < $0 }
        case .numericLessThanEquals: return Self.compare(Self.number, text, request) { $1 <= $0 }
        case .numericGreaterThan: return Self.compare(Self.number, text, request) { $1 > $0 }
        case .numericGreaterThanEquals: return Self.compare(Self.number, text, request) { $1 >= $0 }
        case .dateEquals: return Self.compare(Self.instant, text, request) { $1 == $0 }
        case .dateLessThan: return Self.compare(Self.instant, text, request) { $1 < $0 }
        case .dateLessThanEquals: return Self.compare(Self.instant, text, request) { $1 <= $0 }
        case .dateGreaterThan: return Self.compare(Self.instant, text, request) { $1 > $0 }
        case .dateGreaterThanEquals: return Self.compare(Self.instant, text, request) { $1 >= $0 }
        case .bool:
            let wanted = text.lowercased()
            return ["true", "false"].contains(wanted) && wanted == request.lowercased()
        case .binaryEquals: return text == request
        case .ipAddress: return Self.isInside(request, network: text)
        }
    }

    private static func text(_ pieces: [PlainPiece]) -> String {
        String(
            pieces.map { piece -> Character in
                switch piece {
                case .character(let character): character
                case .one: "?"
                case .many: "*"
                }
            })
    }

    private static func compare(
        _ read: (String) -> Decimal?, _ policy: String, _ request: String, by holds: (Decimal, Decimal) -> Bool
    ) -> Bool {
        guard let policy = read(policy), let request = read(request) else { return false }
        return holds(policy, request)
    }

    /// A decimal number: digits, perhaps a sign and a fraction.
    static func number(_ text: String) -> Decimal? {
        guard text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?/) != nil else { return nil }
        return Decimal(string: text, locale: Locale(identifier: "en_US_POSIX"))
    }

    /// Seconds since 1970 of a date in ISO 8601, or of a number of seconds.
    static func instant(_ text: String) -> Decimal? {
        if let number = number(text) { return number }
        let form = /(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?/
        guard let match = text.wholeMatch(of: form) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: Int(match.1), month: Int(match.2), day: Int(match.3), hour: Int(match.4 ?? "0"),
            minute: Int(match.5 ?? "0"),
            second: Int(match.6 ?? "0"))
        guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts) else { return nil }
        var seconds = Decimal(Int(date.timeIntervalSince1970))
        if let fraction = match.7, let value = number("0" + fraction) { seconds += value }
        if let zone = match.8, zone != "Z" {
            let digits = zone.filter(\.isNumber)
            let offset = (Int(digits.prefix(2)) ?? 0) * 3600 + (Int(digits.suffix(2)) ?? 0) * 60
            seconds += Decimal(zone.hasPrefix("-") ? offset : -offset)
        }
        return seconds
    }

    /// Whether an address lies in a network (`10.0.0.0/8`, `2001:db8::/32`) or is the one that is named.
    static func isInside(_ address: String, network: String) -> Bool {
        let halves = network.split(separator: "/", omittingEmptySubsequences: false)
        guard let base = bits(String(halves[0])), let address = bits(address), base.count == address.count else {
            return false
        }
        guard halves.count < 3 else { return false }
        var length = base.count
        if halves.count == 2 {
            guard let given = Int(halves[1]), (0...base.count).contains(given) else { return false }
            length = given
        }
        return base.prefix(length) == address.prefix(length)
    }

    /// The 32 or 128 bits of an address.
    private static func bits(_ text: String) -> [Bool]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let family = text.contains(":") ? AF_INET6 : AF_INET
        guard inet_pton(family, text, &bytes) == 1 else { return nil }
        return bytes.prefix(family == AF_INET6 ? 16 : 4).flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
    }
}
