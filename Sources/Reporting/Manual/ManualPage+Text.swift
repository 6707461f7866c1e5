import Wording

extension ManualPage {
    /// The page as text for a terminal.
    ///
    /// - Parameters:
    ///   - width: columns, 40 to 200; other values are clamped.
    ///   - color: whether to use ANSI colours. Nothing is told by colour alone.
    public func text(width: Int = 80, color: Bool = false) -> String {
        var text = TerminalText(width: width, usesColor: color)
        if !title.isEmpty { text.paragraph([.init(title, .strong)]) }
        var isInList = title.isEmpty
        for block in blocks {
            switch block {
            case .heading(let heading):
                text.blank()
                text.paragraph([.init(heading, .strong)])
                // What stands below a heading follows it at once.
                isInList = true
                continue
            case .paragraph(let paragraph):
                if !isInList { text.blank() }
                text.paragraph(InlineText(paragraph).spans)
            case .item(let item):
                if !isInList { text.blank() }
                text.paragraph(InlineText(item).spans, first: "- ", hanging: 2)
                isInList = true
                continue
            case .code(let lines):
                if !isInList { text.blank() }
                for line in lines { text.verbatim(line, indent: 2) }
            case .table(let head, let rows):
                for (index, row) in rows.enumerated() {
                    if index > 0 || !isInList { text.blank() }
                    Self.show(row, head, in: &text)
                }
            }
            isInList = false
        }
        return text.output
    }

    /// A row: its name, and below it each cell; of three and more cells each with the column's name.
    private static func show(_ row: [String], _ head: [String], in text: inout TerminalText) {
        text.paragraph([.init(InlineText(row[0]).plain, .strong)])
        for (name, cell) in zip(head, row).dropFirst() where !cell.isEmpty {
            let label = head.count > 2 ? name + ": " : ""
            text.paragraph(InlineText(cell).spans, first: "  " + label, hanging: 2)
        }
    }
}
