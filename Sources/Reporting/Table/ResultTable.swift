import IAMPolicy
import OrderedJSON
public import TrailStore

/// How the rows of a query are printed.
public enum TableFormat: String, Sendable, CaseIterable {
    /// Aligned columns for a terminal.
    case table
    case csv
    /// One array of objects.
    case json
    /// One object a line.
    case jsonl
    case markdown
}

/// Prints the rows of a query piece by piece, so that a result of any size needs no memory; only ``TableFormat/table`` looks
/// at the first rows before it prints, to align its columns.
public struct ResultTable {
    private let format: TableFormat
    private let width: Int
    private var columns: [String] = []
    private var rows: [[SQLValue]] = []
    private var widths: [Int] = []
    private var rowCount = 0
    private var hasTable = false

    /// Rows that the columns of a table are measured by.
    private static let measuredRows = 1000
    private static let maximumColumnWidth = 80

    /// A printer; `width` is the terminal's.
    public init(format: TableFormat, width: Int) {
        self.format = format
        self.width = width
    }

    /// Begins a result with these columns; returns what to print.
    public mutating func begin(_ columns: [String]) -> String {
        var text = hasTable ? end() + (format == .jsonl ? "" : "\n") : ""
        hasTable = true
        self.columns = columns
        rowCount = 0
        switch format {
        case .table, .jsonl: break
        case .csv: text += columns.map { CSVText.cell($0) }.joined(separator: ",") + "\r\n"
        case .json: text += "["
        case .markdown:
            text += "| " + columns.map { MarkdownText.words($0) }.joined(separator: " | ") + " |\n"
            text += "|" + String(repeating: " --- |", count: columns.count) + "\n"
        }
        return text
    }

    /// Adds a row; returns what to print.
    public mutating func add(_ row: [SQLValue]) -> String {
        rowCount += 1
        switch format {
        case .table:
            rows.append(row)
            if widths.isEmpty, rows.count >= Self.measuredRows { return tableHead() + flush() }
            return widths.isEmpty ? "" : flush()
        case .csv:
            return row.map { $0.isNumber ? $0.plainText : CSVText.cell($0.plainText) }.joined(separator: ",") + "\r\n"
        case .json: return (rowCount > 1 ? ",\n " : "\n ") + object(row)
        case .jsonl: return object(row) + "\n"
        case .markdown: return "| " + row.map { MarkdownText.words($0.plainText) }.joined(separator: " | ") + " |\n"
        }
    }

    /// Ends the result; returns what is left to print.
    public mutating func end() -> String {
        guard hasTable else { return format == .json ? "[]\n" : "" }
        hasTable = false
        switch format {
        case .table:
            let text = (widths.isEmpty ? tableHead() : "") + flush()
            widths = []
            return text
        case .csv, .jsonl, .markdown: return ""
        case .json: return rowCount > 0 ? "\n]\n" : "]\n"
        }
    }

    private func object(_ row: [SQLValue]) -> String {
        let members = zip(columns, row).map { "\(JSONValue.string($0).prettyText()):\($1.json)" }
        return "{" + members.joined(separator: ",") + "}"
    }

    private func shortened(_ cell: String, to limit: Int) -> String {
        guard TerminalWidth.columns(cell) > limit else { return cell }
        return TerminalWidth.cut(cell[...], columns: limit - 1) + "…"
    }

    // MARK: - Aligned columns

    private mutating func tableHead() -> String {
        widths = columns.indices.map { index in
            let cells = [VisibleText.visible(columns[index])] + rows.map { VisibleText.visible($0[index].plainText) }
            return min(Self.maximumColumnWidth, cells.map { TerminalWidth.columns($0) }.max() ?? 0)
        }
        let names = columns.map { VisibleText.visible($0) }
        return line(names, isNumber: columns.map { _ in false })
            + line(widths.map { String(repeating: "-", count: $0) }, isNumber: columns.map { _ in false })
    }

    private mutating func flush() -> String {
        let text = rows.map { row in
            line(row.map { VisibleText.visible($0.plainText) }, isNumber: row.map(\.isNumber))
        }.joined()
        rows.removeAll(keepingCapacity: true)
        return text
    }

    private func line(_ cells: [String], isNumber: [Bool]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let shown = shortened(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - TerminalWidth.columns(shown)))
            if index > 0 { text += "  " }
            if isNumber[index] {
                text += padding + shown
            } else {
                text += index == cells.count - 1 ? shown : shown + padding
            }
        }
        return text + "\n"
    }
}

extension SQLValue {
    /// The value as people read it: nothing for NULL, hexadecimal digits for a blob.
    var plainText: String {
        switch self {
        case .null: ""
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .blob(let bytes): Self.hex(bytes)
        }
    }

    var json: String {
        switch self {
        case .null: "null"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? String(number) : "null"
        case .text(let text): JSONValue.string(text).prettyText()
        case .blob(let bytes): JSONValue.string(Self.hex(bytes)).prettyText()
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
