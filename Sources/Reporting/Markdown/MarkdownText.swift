import Diagnosis
import Wording

/// Text fit for Markdown as GitHub renders it.
///
/// Foreign values stand in code spans, where GitHub knows no links, mentions, issue numbers, HTML or emphasis.
enum MarkdownText {
    /// A foreign value as a code span. `inTable` guards the table's bars as well.
    static func code(_ value: String, inTable: Bool = false) -> String {
        var text = VisibleText.visible(value)
        if text.isEmpty { return "(empty)" }
        let scalars = text.unicodeScalars
        if inTable, scalars.contains("|") {
            // `\|` is a bar in a cell, but behind a backslash of the value's own it would end the cell.
            text = replacingBars(in: text, with: scalars.contains("\\") ? "\\u{7C}" : "\\|")
        }
        let fence = String(repeating: "`", count: longestRun(in: text) + 1)
        let ends = [text.unicodeScalars.first, text.unicodeScalars.last]
        let padding = ends.contains { $0 == "`" || $0 == " " } ? " " : ""
        return fence + padding + text + padding + fence
    }

    // Markdown is read scalar by scalar: a bar or backtick with a combining mark behind it still counts, so nothing here may
    // compare characters.
    private static func replacingBars(in text: String, with bar: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "|" { result += bar } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }

    /// Words of ours, with everything escaped that Markdown would read as markup.
    static func words(_ text: String) -> String {
        var escaped = ""
        for scalar in VisibleText.visible(text).unicodeScalars {
            if "\\`*_[]<>#|~".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// A sentence: words escaped, values as code spans.
    static func prose(_ prose: Prose, inTable: Bool = false, times: TimeDisplay = .utc) -> String {
        prose.runs.map { run in
            switch run {
            case .words(let text): words(text)
            case .value(let text), .code(let text): code(text, inTable: inTable)
            case .time(let time): words(times.shown(time))
            }
        }.joined()
    }

    /// A fenced block; the fence is longer than any run of backticks in it.
    static func block(_ lines: [String], language: String) -> String {
        fenced(lines.map(VisibleText.visible), language: language)
    }

    /// A block of a policy's JSON text.
    static func policy(_ json: String) -> String { fenced(VisibleText.policyLines(json), language: "json") }

    private static func fenced(_ shown: [String], language: String) -> String {
        let fence = String(repeating: "`", count: max(3, (shown.map(longestRun).max() ?? 0) + 1))
        return "\(fence)\(language)\n\(shown.joined(separator: "\n"))\n\(fence)\n"
    }

    private static func longestRun(in text: String) -> Int {
        var longest = 0
        var current = 0
        for scalar in text.unicodeScalars {
            current = scalar == "`" ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}
