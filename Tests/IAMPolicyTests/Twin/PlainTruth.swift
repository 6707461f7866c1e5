/// Kleene's three values, for the plain evaluator.
enum PlainTruth {
    case no
    case unknown
    case yes

    init(_ isTrue: Bool) { self = isTrue ? .yes : .no }

    /// no ∧ x = no; yes ∧ x = x.
    static func all(_ values: [PlainTruth]) -> PlainTruth {
        if values.contains(.no) { return .no }
        return values.contains(.unknown) ? .unknown : .yes
    }

    /// yes ∨ x = yes; no ∨ x = x.
    static func any(_ values: [PlainTruth]) -> PlainTruth {
        if values.contains(.yes) { return .yes }
        return values.contains(.unknown) ? .unknown : .no
    }

    static prefix func ! (value: PlainTruth) -> PlainTruth {
        switch value {
        case .no: .yes
        case .unknown: .unknown
        case .yes: .no
        }
    }
}
