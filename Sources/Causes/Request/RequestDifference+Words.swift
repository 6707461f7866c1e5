import RecordedCalls
package import Wording

extension RequestDifference {
    /// The difference in a clause: `x-amz-acl (refused: public-read; succeeded: none)`.
    package var words: Prose {
        func shown(_ values: [String]) -> Prose { values.isEmpty ? "none" : "\(list: values.map(Self.line), limit: 2)" }
        return "\(name) (refused: \(shown(denied)); succeeded: \(shown(succeeded)))"
    }

    /// Characters of a value in a sentence: a list of things that have parts is long.
    private static let valueLimit = 160

    /// A value on one line, cut where it is long.
    private static func line(_ value: String) -> String {
        guard value.contains("\n") else { return value }
        let line = value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > valueLimit ? line.prefix(valueLimit) + "…" : line
    }

    /// What the field is called: of what the call passed the parameter, else the condition key or the record's field.
    package var name: String {
        if let passed = field.dropping("requestParameters.") { return passed }
        return field.dropping("userIdentity.sessionContext.") ?? field.dropping("userIdentity.") ?? field
    }
}

extension String {
    /// What stands behind a prefix; `nil` where the text does not begin so.
    func dropping(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
