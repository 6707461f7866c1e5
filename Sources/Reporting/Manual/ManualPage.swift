import CPages
import Wording

/// A page of the documentation's catalogue that is a part of the program: what `trail403 help finding CODE` and `trail403 help schema`
/// show.
///
/// Of Markdown it reads what the pages use: headings, paragraphs, lists, tables and blocks of code. All else is shown as it stands.
public struct ManualPage: Sendable, Equatable {
    /// A part of a page.
    enum Block: Sendable, Equatable {
        case heading(String)
        case paragraph(String)
        case item(String)
        /// A table's head and its rows, a text for each cell.
        case table(head: [String], rows: [[String]])
        case code([String])
    }

    /// What stands above it.
    public let title: String
    let blocks: [Block]

    /// A page of the program, such as `Database` or `Findings/missing-allow`; `nil` where it holds none of this name.
    public init?(named name: String) {
        var size: UInt = 0
        guard let bytes = unsafe trail403_page(name, &size) else { return nil }
        // SAFETY: the bytes are a constant of the program, as many as it says.
        self.init(unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: Int(size)), as: UTF8.self))
    }

    /// A page from its Markdown.
    init(_ text: String) {
        var reader = MarkdownReader()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { reader.read(String(line)) }
        reader.endBlock()
        title = reader.title
        blocks = reader.blocks
    }

    /// The first paragraph, on one line: what the page is about.
    public var abstract: String { section(nil) }

    /// The first paragraph under a heading, on one line; empty where there is none.
    public func section(_ heading: String?) -> String {
        var current: String?
        for block in blocks {
            switch block {
            case .heading(let text): current = text
            case .paragraph(let text):
                if current == heading { return text }
            case .item, .table, .code: break
            }
        }
        return ""
    }

    /// The page with nothing but the tables' rows of this name, such as one view of the database; `nil` where no table has one.
    public func only(row name: String) -> ManualPage? {
        let found = blocks.compactMap { block -> Block? in
            guard case .table(let head, let rows) = block else { return nil }
            let named = rows.filter { InlineText($0[0]).plain.lowercased() == name.lowercased() }
            return named.isEmpty ? nil : .table(head: head, rows: named)
        }
        return found.isEmpty ? nil : ManualPage(title: "", blocks: found)
    }

    /// The names that ``only(row:)`` knows.
    public var rowNames: [String] {
        blocks.flatMap { block -> [String] in
            guard case .table(_, let rows) = block else { return [] }
            return rows.map { InlineText($0[0]).plain }
        }
    }

    /// A page of the program's own tables: names, each with what is to be said of it.
    public init(title: String, abstract: String, rows: [(name: String, text: String)]) {
        self.init(
            title: title,
            blocks: [.paragraph(abstract), .table(head: ["name", "text"], rows: rows.map { [$0.name, $0.text] })])
    }

    /// A page of the program's own texts: a heading and some lines of code each.
    public init(title: String, abstract: String, code: [(heading: String, text: String)]) {
        let blocks = code.flatMap { part -> [Block] in
            let lines = Block.code(part.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
            return part.heading.isEmpty ? [lines] : [.paragraph(part.heading), lines]
        }
        self.init(title: title, blocks: [.paragraph(abstract)] + blocks)
    }

    private init(title: String, blocks: [Block]) {
        self.title = title
        self.blocks = blocks
    }
}

/// Takes lines of Markdown together to blocks.
private struct MarkdownReader {
    var title = ""
    var blocks: [ManualPage.Block] = []
    private var lines: [String] = []
    private var code: [String]?

    mutating func read(_ line: String) {
        if line.hasPrefix("```") {
            if let block = code {
                blocks.append(.code(block))
                code = nil
            } else {
                endBlock()
                code = []
            }
        } else if code != nil {
            code?.append(line)
        } else if line.hasPrefix("# ") {
            title = String(line.dropFirst(2))
        } else if line.hasPrefix("#") {
            endBlock()
            blocks.append(.heading(String(line.drop { $0 == "#" || $0 == " " })))
        } else if line.isEmpty {
            endBlock()
        } else {
            if line.hasPrefix("- ") { endBlock() }
            lines.append(line)
        }
    }

    mutating func endBlock() {
        defer { lines = [] }
        guard let first = lines.first else { return }
        if first.hasPrefix("|"), lines.count > 2 {
            let rows = lines.map(Self.cells)
            // Below the head stands a line of dashes. A row without a name is none.
            blocks.append(.table(head: rows[0], rows: rows.dropFirst(2).filter { !$0.isEmpty }))
            return
        }
        let text = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
        blocks.append(first.hasPrefix("- ") ? .item(String(text.dropFirst(2))) : .paragraph(text))
    }

    /// The cells of a row; a bar behind a backslash is one of a cell's text.
    private static func cells(_ line: String) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in line.dropFirst() {
            if isEscaped {
                if character != "|" { cell.append("\\") }
                cell.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                cells.append(cell.split(separator: " ").joined(separator: " "))
                cell = ""
            } else {
                cell.append(character)
            }
        }
        return cells
    }
}
