/// A policy variable, such as `${aws:username}` or `${aws:PrincipalTag/team, 'none'}`.
///
/// Source: "IAM policy elements: Variables and tags" in the IAM user guide.
struct PolicyVariable: Sendable, Hashable {
    /// The context key, as the policy spells it.
    var key: ContextKey
    /// What stands in where the request has no such key.
    var defaultText: String?

    /// What a variable is in one request.
    enum Value {
        case text([UInt8])
        /// The key is absent, or has many values, and there is no default.
        case none
        case unknown
    }

    /// The variable's value in a context. A key with many values has none that a variable could take.
    func value(in context: RequestContext) -> Value {
        switch context.state(of: key) {
        case .present(let entry):
            if !entry.isMultivalued, let value = entry.values.first { return .text(value.bytes) }
            return .none
        case .absent: return defaultText.map { .text(Array($0.utf8)) } ?? .none
        case .unknown: return .unknown
        }
    }

    /// One piece of a text in which `${…}` was looked for.
    enum Piece: Sendable, Hashable {
        /// Text as written, in which wildcards may stand.
        case written(String)
        /// A character that stands for itself: `${*}`, `${?}`, `${$}`.
        case literal(UInt8)
        case variable(PolicyVariable)
    }

    /// Takes a text apart; `nil` where a `${` is not closed or holds no key: AWS refuses such a policy.
    static func pieces(of text: String) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = text[...]
        while let start = rest.utf8RangeOfOpening {
            if start > rest.startIndex { pieces.append(.written(String(rest[..<start]))) }
            let inner = rest[start...].dropFirst(2)
            guard let (piece, end) = piece(at: inner) else { return nil }
            pieces.append(piece)
            rest = rest[end...]
        }
        if !rest.isEmpty { pieces.append(.written(String(rest))) }
        return pieces
    }

    /// Reads what stands behind `${`, up to and with the closing brace.
    private static func piece(at inner: Substring) -> (Piece, String.Index)? {
        guard let end = inner.firstIndex(where: { $0 == "}" || $0 == "," }) else { return nil }
        let name = inner[..<end]
        if inner[end] == "}" {
            let after = inner.index(after: end)
            if name == "*" || name == "?" || name == "$" { return (.literal(name.utf8.first ?? 0), after) }
            guard isName(name) else { return nil }
            return (.variable(PolicyVariable(key: ContextKey(String(name)))), after)
        }
        let behind = inner[inner.index(after: end)...].drop { $0 == " " }
        guard isName(name), behind.first == "'" else { return nil }
        let text = behind.dropFirst()
        guard let quote = text.firstIndex(of: "'") else { return nil }
        let closing = text.index(after: quote)
        guard closing < text.endIndex, text[closing] == "}" else { return nil }
        let variable = PolicyVariable(key: ContextKey(String(name)), defaultText: String(text[..<quote]))
        return (.variable(variable), text.index(after: closing))
    }

    private static func isName(_ name: Substring) -> Bool { !name.isEmpty && !name.contains("{") }
}

extension Substring {
    /// Where the next `${` begins.
    fileprivate var utf8RangeOfOpening: Index? {
        var index = startIndex
        while let dollar = self[index...].utf8.firstIndex(of: UInt8(ascii: "$")) {
            let next = utf8.index(after: dollar)
            if next < endIndex, utf8[next] == UInt8(ascii: "{") { return dollar }
            index = next
        }
        return nil
    }
}
