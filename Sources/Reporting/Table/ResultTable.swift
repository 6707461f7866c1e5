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

    /// Adds a row; hands over what to print in pieces, so that a large value is never there as text as a whole row.
    public mutating func add(_ row: [SQLValue], _ print: (String) throws -> Void) rethrows {
        rowCount += 1
        switch format {
        case .table:
            rows.append(row.map(\.start))
            if widths.isEmpty, rows.count >= Self.measuredRows {
                try print(tableHead() + flush())
            } else if !widths.isEmpty {
                try print(flush())
            }
        case .csv:
            for (index, value) in row.enumerated() {
                if index > 0 { try print(",") }
                try value.printPlain(print) { CSVText.cell($0) }
            }
            try print("\r\n")
        case .json:
            try print(rowCount > 1 ? ",\n " : "\n ")
            try printObject(row, print)
        case .jsonl:
            try printObject(row, print)
            try print("\n")
        case .markdown:
            try print("|")
            for value in row {
                try print(" ")
                try value.printPlain(print) { MarkdownText.words($0) }
                try print(" |")
            }
            try print("\n")
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

    private func printObject(_ row: [SQLValue], _ print: (String) throws -> Void) rethrows {
        try print("{")
        for (index, value) in row.enumerated() {
            try print("\(index > 0 ? "," : "")\(JSONValue.string(columns[index]).prettyText()):")
            try value.printJSON(print)
        }
        try print("}")
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
        case .blob(let bytes): Self.hex(bytes[...])
        }
    }

    /// Prints what ``plainText`` is, `cell` around a text; the digits of a blob in pieces.
    fileprivate func printPlain(_ print: (String) throws -> Void, cell: (String) -> String) rethrows {
        switch self {
        case .null, .integer, .real: try print(plainText)
        case .text(let text): try print(cell(text))
        case .blob(let bytes): try Self.printHex(bytes, print)
        }
    }

    fileprivate func printJSON(_ print: (String) throws -> Void) rethrows {
        switch self {
        case .null: try print("null")
        case .integer(let number): try print(String(number))
        case .real(let number): try print(number.isFinite ? String(number) : "null")
        case .text(let text): try print(JSONValue.string(text).prettyText())
        case .blob(let bytes):
            try print("\"")
            try Self.printHex(bytes, print)
            try print("\"")
        }
    }

    /// As much of the value as a column of a table can show: a table holds rows back until it knows how wide they are.
    fileprivate var start: SQLValue {
        let limit = 1_024
        switch self {
        case .null, .integer, .real: return self
        case .text(let text):
            return text.utf8.count <= limit ? self : .text(String(text.unicodeScalars.prefix(limit)))
        case .blob(let bytes): return bytes.count <= limit ? self : .blob(Array(bytes.prefix(limit)))
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }

    private static func printHex(_ bytes: [UInt8], _ print: (String) throws -> Void) rethrows {
        for start in stride(from: 0, to: bytes.count, by: 1 << 15) {
            try print(hex(bytes[start..<min(start + (1 << 15), bytes.count)]))
        }
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
