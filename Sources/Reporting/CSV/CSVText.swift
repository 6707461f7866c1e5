/// Text fit for a CSV cell (RFC 4180) that a spreadsheet will not run.
enum CSVText {
    /// One cell, quoted where it must be. Text that a spreadsheet would read as a formula gets an apostrophe in front.
    ///
    /// Source: "CSV Injection" of the OWASP foundation: `=`, `+`, `-`, `@`, tab and carriage return, and their full-width forms.
    static func cell(_ text: String) -> String {
        var shown = VisibleText.visible(text)
        if let first = shown.unicodeScalars.first(where: { !$0.properties.isWhitespace }), isFormulaStart(first) {
            shown = "'" + shown
        }
        return needsQuotes(shown) ? "\"" + quoted(shown) + "\"" : shown
    }

    /// Commands in one cell, which a shell runs one by one: each is shown whole, however long they are together.
    static func cell(lines: [String]) -> String {
        let text = lines.joined(separator: "; ")
        return needsQuotes(text) ? "\"" + quoted(text) + "\"" : text
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
            || text.unicodeScalars.first == " " || text.unicodeScalars.last == " "
    }

    /// Scalar by scalar: a quote with a combining mark behind it is still a quote.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func isFormulaStart(_ scalar: Unicode.Scalar) -> Bool {
        "=+-@|%\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(scalar)
    }
}
