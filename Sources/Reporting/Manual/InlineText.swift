import Wording

/// Text of a page with its marks: `code`, **strong** and *emphasis*, links to other pages.
struct InlineText {
    /// The text in stretches.
    private(set) var spans: [TerminalText.Span] = []
    /// The text without any mark.
    private(set) var plain = ""

    /// Reads the marks; one that is not closed stands for itself.
    init(_ markdown: String) {
        var rest = markdown[...]
        var words = ""
        func flush(into spans: inout [TerminalText.Span]) {
            if !words.isEmpty { spans.append(.init(words)) }
            words = ""
        }
        while let character = rest.first {
            if let (text, style, end) = Self.marked(rest) {
                flush(into: &spans)
                spans.append(.init(text, style))
                plain += text
                rest = rest[end...]
            } else {
                words.append(character)
                plain.append(character)
                rest = rest.dropFirst()
            }
        }
        flush(into: &spans)
    }

    /// What is marked at the start of a text: without its marks, with its style, and where it ends; `nil` where nothing is.
    private static func marked(_ text: Substring) -> (text: String, style: TerminalText.Style, end: String.Index)? {
        for (open, close, style) in [
            ("`", "`", TerminalText.Style.value), ("**", "**", .strong), ("*", "*", .plain), ("<doc:", ">", .strong),
        ] where text.hasPrefix(open) {
            let start = text.index(text.startIndex, offsetBy: open.count)
            guard let end = text[start...].firstRange(of: close), end.lowerBound > start, text[start] != " " else {
                continue
            }
            return (String(text[start..<end.lowerBound]), style, end.upperBound)
        }
        guard text.first == "[", let middle = text.firstRange(of: "]("),
            let end = text[middle.upperBound...].firstIndex(of: ")")
        else { return nil }
        return (String(text[text.index(after: text.startIndex)..<middle.lowerBound]), .strong, text.index(after: end))
    }
}
