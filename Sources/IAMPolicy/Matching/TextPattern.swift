/// A text of a policy that a text of the request is matched with, prepared for that once.
///
/// Wildcards that come out of a variable's value are ordinary characters: a user named `*` widens no policy.
struct TextPattern: Sendable, Hashable {
    /// Which characters of the text are wildcards.
    enum Wildcards: Sendable {
        /// None: `*` is a character.
        case none
        /// `*` and `?` anywhere.
        case anywhere
        /// `*` and `?` as in an ARN: in the first five parts they stay inside of their part, but for a `*` that ends it.
        ///
        /// Source: "IAM JSON policy elements: Resource", where a `*` at the end of a part "can expand to match beyond the colon".
        case arn
    }

    private enum Shape: Sendable, Hashable {
        case any
        case literal([UInt8])
        case prefix([UInt8])
        case glob([UInt16], isMixed: Bool)
        case variable([Piece])
        /// A `${` that is not closed: matches nothing.
        case broken
    }

    private enum Piece: Sendable, Hashable {
        case tokens([UInt16])
        case variable(PolicyVariable)
    }

    /// What a pattern with variables is in one request.
    enum Resolved {
        case tokens([UInt16])
        /// A variable has no value.
        case none
        case unknown
    }

    private let shape: Shape

    /// A pattern. `hasVariables` says whether `${…}` is a variable in this document; else it is text.
    init(_ text: String, wildcards: Wildcards, hasVariables: Bool) {
        var reader = TokenReader(wildcards: wildcards, bytes: Array(text.utf8))
        guard hasVariables, text.utf8.contains(UInt8(ascii: "$")) else {
            shape = Self.shape(of: reader.rest())
            return
        }
        guard let parts = PolicyVariable.pieces(of: text) else {
            shape = .broken
            return
        }
        var pieces: [Piece] = []
        var tokens: [UInt16] = []
        reader = TokenReader(wildcards: wildcards, bytes: [])
        for (index, part) in parts.enumerated() {
            switch part {
            case .written(let text):
                reader.bytes += Array(text.utf8)
                tokens += reader.rest(isLast: index == parts.count - 1)
            case .literal(let byte):
                reader.bytes.append(byte)
                reader.position += 1
                tokens.append(UInt16(byte))
            case .variable(let variable):
                if !tokens.isEmpty { pieces.append(.tokens(tokens)) }
                tokens = []
                pieces.append(.variable(variable))
            }
        }
        if pieces.isEmpty {
            shape = Self.shape(of: tokens)
        } else {
            shape = .variable(tokens.isEmpty ? pieces : pieces + [.tokens(tokens)])
        }
    }

    private static func shape(of tokens: [UInt16]) -> Shape {
        if tokens.contains(Glob.star), tokens.allSatisfy({ $0 == Glob.star }) { return .any }
        guard let firstWildcard = tokens.firstIndex(where: { $0 >= Glob.star }) else {
            return .literal(tokens.map { UInt8(truncatingIfNeeded: $0) })
        }
        if firstWildcard == tokens.count - 1, tokens[firstWildcard] == Glob.star {
            return .prefix(tokens.dropLast().map { UInt8(truncatingIfNeeded: $0) })
        }
        let isMixed = tokens.count <= Glob.mixedLimit && Glob.isMixed(tokens)
        return .glob(tokens, isMixed: isMixed)
    }

    /// Whether the pattern matches every text.
    var isAny: Bool { shape == .any }

    /// The variables in the pattern.
    var variables: [PolicyVariable] {
        guard case .variable(let pieces) = shape else { return [] }
        return pieces.compactMap { piece in
            switch piece {
            case .tokens: nil
            case .variable(let variable): variable
            }
        }
    }

    /// Whether the pattern matches a text. A variable without a value matches nothing; an unknown one is undetermined.
    func matches(_ text: [UInt8], in context: @autoclosure () -> RequestContext) -> Truth {
        switch shape {
        case .any: return .yes
        case .literal(let bytes): return Truth(bytes == text)
        case .prefix(let bytes): return Truth(text.starts(with: bytes))
        case .glob(let tokens, let isMixed): return Truth(Self.matches(tokens, isMixed, text))
        case .variable:
            switch resolved(in: context()) {
            case .tokens(let tokens): return Truth(Self.matches(tokens, Glob.isMixed(tokens), text))
            case .none: return .no
            case .unknown: return .undetermined
            }
        case .broken: return .no
        }
    }

    /// The tokens of the pattern in one request.
    func resolved(in context: RequestContext) -> Resolved {
        switch shape {
        case .any: return .tokens([Glob.star])
        case .literal(let bytes): return .tokens(bytes.map(UInt16.init))
        case .prefix(let bytes): return .tokens(bytes.map(UInt16.init) + [Glob.star])
        case .glob(let tokens, _): return .tokens(tokens)
        case .variable(let pieces):
            var tokens: [UInt16] = []
            var isUnknown = false
            for piece in pieces {
                switch piece {
                case .tokens(let more): tokens += more
                case .variable(let variable):
                    switch variable.value(in: context) {
                    case .text(let bytes): tokens += bytes.map(UInt16.init)
                    case .none: return .none
                    case .unknown: isUnknown = true
                    }
                }
            }
            return isUnknown ? .unknown : .tokens(tokens)
        case .broken: return .none
        }
    }

    private static func matches(_ tokens: [UInt16], _ isMixed: Bool, _ text: [UInt8]) -> Bool {
        if isMixed, tokens.count <= Glob.mixedLimit { return Glob.matchesMixed(tokens.span, text.span) }
        return Glob.matches(tokens.span, text.span)
    }
}

/// Turns text into tokens, knowing in which part of an ARN it is.
private struct TokenReader {
    let wildcards: TextPattern.Wildcards
    var bytes: [UInt8]
    var position = 0
    private var part = 0

    init(wildcards: TextPattern.Wildcards, bytes: [UInt8]) {
        self.wildcards = wildcards
        self.bytes = bytes
    }

    /// The tokens of what was not read yet. `isLast` says that no text follows, so that a `*` at the end closes its part.
    mutating func rest(isLast: Bool = true) -> [UInt16] {
        var tokens: [UInt16] = []
        tokens.reserveCapacity(bytes.count - position)
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: ":") { part += 1 }
            tokens.append(token(byte, isLast: isLast))
        }
        return tokens
    }

    private func token(_ byte: UInt8, isLast: Bool) -> UInt16 {
        switch wildcards {
        case .none: return UInt16(byte)
        case .anywhere: return Glob.token(byte)
        case .arn:
            let token = Glob.token(byte)
            guard part < 5 else { return token }
            if token == Glob.one { return Glob.innerOne }
            guard token == Glob.star else { return token }
            let endsPart =
                position < bytes.count
                ? bytes[position] == UInt8(ascii: ":") || bytes[position] == UInt8(ascii: "*") : isLast
            return endsPart ? token : Glob.innerStar
        }
    }
}
