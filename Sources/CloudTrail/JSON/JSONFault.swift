/// Why a scan of JSON stopped before the value's end.
package enum JSONFault: Error, Sendable, Equatable {
    /// The bytes ran out inside the value. What was seen so far is good.
    case needsMore
    /// The bytes are not JSON (RFC 8259), or nest too deep, at this offset.
    case malformed(at: Int, JSONFlaw)
}

/// What is wrong with JSON that is malformed.
package enum JSONFlaw: UInt8, Sendable, CaseIterable {
    case unexpectedByte
    case controlCharacter
    case escape
    case number
    case literal
    case tooDeep

    /// The flaw in words that fit after "the JSON is malformed:".
    package var explanation: String {
        switch self {
        case .unexpectedByte: "an unexpected character"
        case .controlCharacter: "a control character inside a string"
        case .escape: "an unknown escape sequence"
        case .number: "a number that is not JSON"
        case .literal: "a word that is not JSON"
        case .tooDeep: "nested deeper than \(JSONScanner.depthLimit) levels"
        }
    }
}

/// How a scan of one JSON value ended.
package enum JSONOutcome: Sendable, Equatable {
    /// The value is whole and valid and ends before this offset.
    case complete(end: Int)
    /// The bytes ran out first.
    case needsMore
    /// The bytes are not JSON at this offset.
    case malformed(at: Int, JSONFlaw)
}
