import Diagnosis
import OrderedJSON
import Wording

/// Text for a terminal: lines of styled spans that are broken to a width.
///
/// Safe by construction: a span can only be made from text that went through ``VisibleText``, and escape sequences are written
/// here alone.
struct TerminalText {
    enum Style {
        case plain, strong, faint, value, bad, warning, good

        /// The SGR parameters; `nil` for none.
        fileprivate var code: String? {
            switch self {
            case .plain: nil
            case .strong: "1"
            case .faint: "2"
            case .value: "36"
            case .bad: "1;31"
            // Yellow cannot be read on white.
            case .warning: "35"
            case .good: "32"
            }
        }
    }

    /// A stretch of text in one style.
    struct Span {
        fileprivate let text: String
        fileprivate let style: Style
        /// Whether all of it is printable ASCII: characters are many times as slow as bytes, and nearly every text is.
        fileprivate let isPlain: Bool
        fileprivate var isTime = false

        init(_ text: String, _ style: Style = .plain) {
            isPlain = VisibleText.isPlain(text)
            self.text = isPlain ? text : VisibleText.visible(text)
            self.style = style
        }

        /// A moment as CloudTrail writes it, shown in the reader's time and never broken, so that it can be copied.
        static func time(_ time: String, _ style: Style = .plain) -> Span {
            var span = Span(time, style)
            span.isTime = true
            return span
        }
    }

    private let width: Int
    private let usesColor: Bool
    private let times: TimeDisplay
    private(set) var output = ""

    init(width: Int, usesColor: Bool, times: TimeDisplay = .utc) {
        self.width = min(max(width, 40), 200)
        self.usesColor = usesColor
        self.times = times
    }

    mutating func blank() { output += "\n" }

    /// The same terminal without text.
    var blankPage: TerminalText { TerminalText(width: width, usesColor: usesColor, times: times) }

    /// What was written to another page.
    mutating func append(_ page: String) { output += page }

    /// A paragraph: broken at blanks where a line would be too long; following lines are indented by `hanging`.
    ///
    /// A word that is longer than a line stands on one of its own, whole: people copy ARNs and ids.
    ///
    /// - Parameter limit: how many lines there may be; what is left of a longer paragraph is an ellipsis. No word is whole then at
    ///   any price.
    mutating func paragraph(_ spans: [Span], first: String = "", hanging: Int = 0, limit: Int = .max) {
        output += first
        var column = TerminalWidth.columns(first)
        var isAtStart = true
        var lines = 1
        let (words, pieces) = words(spans)
        for (index, word) in words.enumerated() {
            let gap = isAtStart || !word.isAfterBlank ? 0 : 1
            // The ellipsis needs two columns of the last line.
            let room = index == words.count - 1 ? width : width - 2
            if lines == limit, column + gap + word.columns > room {
                if isAtStart, let piece = pieces[word.pieces].first {
                    write(TerminalWidth.cut(piece.text, columns: max(width - 2 - column, 0)), piece.style)
                }
                output += " …\n"
                return
            }
            if !isAtStart, word.isAfterBlank, column + gap + word.columns > width {
                lines += 1
                output += "\n"
                output += String(repeating: " ", count: hanging)
                column = hanging
            } else if gap > 0 {
                output += " "
                column += gap
            }
            for piece in pieces[word.pieces] { write(piece.text, piece.style) }
            column += word.columns
            isAtStart = false
        }
        output += "\n"
    }

    /// One line of spans as they are, blanks and all: a row of a table whose cells fit.
    mutating func cells(_ spans: [Span]) {
        let line = spans.map { styled($0.text, $0.style) }.joined()
        output += line + "\n"
    }

    /// A line that is kept whole, so that it can be copied: a command, a line of JSON. The terminal wraps it if it must.
    mutating func verbatim(_ text: String, indent: Int, style: Style = .plain) {
        output += String(repeating: " ", count: indent) + styled(VisibleText.visible(text), style) + "\n"
    }

    /// A policy's text to be copied. Its lines are whole, and never broken here.
    mutating func policy(_ json: String, indent: Int) {
        for line in VisibleText.policyLines(json) { output += String(repeating: " ", count: indent) + line + "\n" }
    }

    /// A command to be copied, behind a prompt. Its line is printable ASCII, whole, and never broken here.
    mutating func command(_ line: String, indent: Int) {
        output += String(repeating: " ", count: indent) + styled("$ " + line, .value) + "\n"
    }

    private mutating func write(_ text: Substring, _ style: Style) {
        guard usesColor else { return output += text }
        output += styled(String(text), style)
    }

    private func styled(_ text: String, _ style: Style) -> String {
        guard usesColor, let code = style.code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    // MARK: - Words

    private struct Piece {
        var text: Substring
        var style: Style
    }

    private struct Word {
        /// Places among the paragraph's pieces.
        var pieces: Range<Int>
        var columns = 0
        var isAfterBlank: Bool
    }

    /// The spans as words parted by blanks; a word may hold pieces of several styles.
    private func words(_ spans: [Span]) -> (words: [Word], pieces: [Piece]) {
        var words: [Word] = []
        var pieces: [Piece] = []
        var isAfterBlank = false
        var isOpen = false
        func add(_ part: Substring, columns: Int, _ style: Style) {
            guard !part.isEmpty else { return }
            if !isOpen { words.append(Word(pieces: pieces.count..<pieces.count, isAfterBlank: isAfterBlank)) }
            isOpen = true
            pieces.append(Piece(text: part, style: style))
            words[words.count - 1].pieces = words[words.count - 1].pieces.lowerBound..<pieces.count
            words[words.count - 1].columns += columns
        }
        for span in spans {
            let text = span.isTime ? times.shown(span.text) : span.text
            let parts = span.isTime ? [text[...]] : text.parts(partedBy: " ", isPlain: span.isPlain)
            for (index, part) in parts.enumerated() {
                if index > 0 {
                    isOpen = false
                    isAfterBlank = true
                }
                add(part, columns: span.isPlain ? part.utf8.count : TerminalWidth.columns(part), span.style)
            }
        }
        return (words, pieces)
    }
}

extension Prose {
    /// The sentence as spans, values in a style of their own.
    var spans: [TerminalText.Span] {
        runs.map { run in
            switch run {
            case .words(let text): TerminalText.Span(text)
            case .value(let text), .code(let text): TerminalText.Span(text, .value)
            case .time(let time): .time(time)
            }
        }
    }

    /// The sentence as spans, all of them in one style.
    func spans(_ style: TerminalText.Style) -> [TerminalText.Span] {
        runs.map { run in
            switch run {
            case .words(let text), .value(let text), .code(let text): TerminalText.Span(text, style)
            case .time(let time): .time(time, style)
            }
        }
    }
}
