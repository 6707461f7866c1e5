import OrderedJSON

/// One piece of a pattern: a character that stands for itself, or a wildcard.
enum PlainPiece: Equatable {
    case character(Character)
    case one
    case many
}

/// Patterns and texts of the plain evaluator: everything by recursion, nothing by cleverness.
enum PlainText {
    /// The pieces of a pattern without variables.
    static func pieces(_ pattern: String) -> [PlainPiece] {
        pattern.map { $0 == "*" ? .many : $0 == "?" ? .one : .character($0) }
    }

    /// The pieces of a text in which `*` and `?` are ordinary.
    static func literal(_ text: String) -> [PlainPiece] { text.map { .character($0) } }

    /// Whether a pattern covers a text. One star of the pattern after the other takes as few characters as it can.
    static func covers(_ pattern: ArraySlice<PlainPiece>, _ text: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case .character(let character): return text.first == character && covers(rest, text.dropFirst())
        case .one: return !text.isEmpty && covers(rest, text.dropFirst())
        case .many:
            if rest.first == .many { return covers(rest, text) }
            return (text.startIndex...text.endIndex).contains { covers(rest, text[$0...]) }
        }
    }

    static func covers(_ pattern: [PlainPiece], _ text: String) -> Bool { covers(pattern[...], Array(text)[...]) }

    /// The first five parts between colons and everything behind; fewer where there are fewer colons.
    static func parts(_ pieces: [PlainPiece]) -> [[PlainPiece]] {
        pieces.split(separator: .character(":"), maxSplits: 5, omittingEmptySubsequences: false).map(Array.init)
    }

    static func parts(_ arn: String) -> [String] {
        arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
    }

    /// The text of a scalar: conditions compare `true` and `12` as text.
    static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .null, .integer, .number, .array, .object: value.prettyText()
        }
    }
}

extension JSONValue {
    /// The last member of a name: where an object has two, the last one counts.
    func last(_ key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The texts of a list, or of the one value that stands where a list may stand.
    var texts: [String] { elements.map(PlainText.text) }
}
