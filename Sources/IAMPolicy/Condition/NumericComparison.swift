/// `NumericEquals` and its kin: decimal numbers, compared exactly.
struct NumericComparison: ConditionComparison {
    private let wanted: [Decimal?]
    private let relation: ConditionOperator.Relation
    let unreadable: [String]

    init(_ values: [String], _ relation: ConditionOperator.Relation) {
        wanted = values.map(Decimal.init)
        self.relation = relation
        unreadable = values.filter { Decimal($0) == nil }
    }

    func matches(_ value: RequestContext.Value, in context: RequestContext) -> Truth {
        guard let given = Decimal(value.text) else { return .no }
        return Truth(wanted.contains { $0.map { relation.holds(given, $0) } ?? false })
    }
}

/// A decimal number of any length, without rounding: `0.` and the digits, times ten to the exponent.
struct Decimal: Sendable, Hashable, Comparable {
    private var isNegative = false
    /// Neither the first nor the last is 0; empty for zero.
    private var digits: [UInt8] = []
    private var exponent = 0

    /// The largest exponent that is read, so that no sum overflows.
    private static let exponentLimit = 1_000_000

    /// Reads `12`, `-3.50`, `+.5`, `1e3`; `nil` for everything else, blanks included.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        let whole = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: \.isDigit)
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        exponent = whole.count
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            guard let power = Int(String(decoding: rest.dropFirst(), as: UTF8.self)), abs(power) <= Self.exponentLimit
            else {
                return nil
            }
            exponent += power
            rest = []
        }
        guard rest.isEmpty else { return nil }
        let all = whole + fraction
        let zeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        digits = Array(all.dropFirst(zeros))
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        exponent -= zeros
        if digits.isEmpty {
            exponent = 0
            isNegative = false
        }
    }

    static func < (left: Decimal, right: Decimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? right.isSmaller(than: left) : left.isSmaller(than: right)
    }

    /// Whether the size, without the sign, is less.
    private func isSmaller(than other: Decimal) -> Bool {
        if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
        if exponent != other.exponent { return exponent < other.exponent }
        return digits.lexicographicallyPrecedes(other.digits)
    }
}
