import Diagnosis
import IAMPolicy
import OrderedJSON
public import TrailStore
import Wording

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
    private let width: Int?
    private var columns: [String] = []
    private var rows: [[SQLValue]] = []
    private var widths: [Int] = []
    private var rowCount = 0
    private var hasTable = false
    /// Whether the columns do not fit beside each other, so that each value stands on a line of its own.
    private var isVertical = false
    private var blockCount = 0
    /// Whether a value was cut to fit the width.
    public private(set) var hasCutValues = false

    /// Rows that the columns of a table are measured by.
    private static let measuredRows = 1000
    private static let maximumColumnWidth = 80
    /// Less of a column than this tells nothing.
    private static let minimumColumnWidth = 16
    private static let gap = 2

    /// A printer.
    ///
    /// - Parameter width: the terminal's, which a table then fits: wide columns are cut, and where even that is too wide each value
    ///   gets a line. `nil` where nobody looks at a screen: columns are cut at 80 characters only.
    public init(format: TableFormat, width: Int?) {
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
            blockCount = 0
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

    private mutating func shortened(_ cell: String, to limit: Int) -> String {
        guard TerminalWidth.columns(cell) > limit else { return cell }
        hasCutValues = width != nil
        // The end of an ARN tells more than its beginning. What may stand in one takes a column each, as a rule.
        guard cell.hasPrefix("arn:"), cell.utf8.allSatisfy({ $0 < 0x80 }) else {
            return TerminalWidth.cut(cell[...], columns: limit - 1) + "…"
        }
        return "…" + cell.suffix(limit - 1)
    }

    // MARK: - Aligned columns

    private mutating func tableHead() -> String {
        let names = columns.map { VisibleText.visible($0) }
        let natural = columns.indices.map { index in
            let cells = [names[index]] + rows.map { VisibleText.visible($0[index].plainText) }
            return cells.map { TerminalWidth.columns($0) }.max() ?? 0
        }
        guard let width else {
            widths = natural.map { min(Self.maximumColumnWidth, $0) }
            return head(names)
        }
        // A part of a number or of a time would be another one.
        let isWhole = columns.indices.map { index in
            rows.allSatisfy { $0[index].isNumber || $0[index] == .null || shownTime($0[index].plainText) != nil }
        }
        let room = width - Self.gap * (columns.count - 1)
        let least = zip(natural, isWhole).map { $1 ? $0 : min($0, Self.minimumColumnWidth) }
        isVertical = least.reduce(0, +) > room
        widths = isVertical ? natural : Self.fitted(natural, least, room)
        return isVertical ? "" : head(names)
    }

    /// Widths that fit the room: the widest columns give way first, down to a common width, and none below its least.
    private static func fitted(_ natural: [Int], _ least: [Int], _ room: Int) -> [Int] {
        func widths(_ limit: Int) -> [Int] { zip(natural, least).map { max($1, min($0, limit)) } }
        var (low, high) = (minimumColumnWidth, max(natural.max() ?? 0, minimumColumnWidth))
        while low < high {
            let middle = (low + high + 1) / 2
            if widths(middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
        }
        return widths(low)
    }

    private mutating func head(_ names: [String]) -> String {
        let wasCut = hasCutValues
        defer { hasCutValues = wasCut }
        return line(names, isNumber: columns.map { _ in false })
            + line(widths.map { String(repeating: "-", count: $0) }, isNumber: columns.map { _ in false })
    }

    private mutating func flush() -> String {
        var text = ""
        for row in rows {
            let cells = row.map { VisibleText.visible($0.plainText) }
            text += isVertical ? block(cells) : line(cells, isNumber: row.map(\.isNumber))
        }
        rows.removeAll(keepingCapacity: true)
        return text
    }

    /// A row whose values stand below each other, each behind its column's name and as long as it is.
    private mutating func block(_ cells: [String]) -> String {
        let names = columns.map { VisibleText.visible($0) }
        let margin = min(names.map { TerminalWidth.columns($0) }.max() ?? 0, 30) + Self.gap
        blockCount += 1
        var text = blockCount > 1 ? "\n" : ""
        for (name, cell) in zip(names, cells) {
            var rest = cell[...]
            var first = name + String(repeating: " ", count: max(1, margin - TerminalWidth.columns(name)))
            let room = max((width ?? 0) - margin, 20)
            repeat {
                let piece = TerminalWidth.cut(rest, columns: room)
                text += piece.isEmpty ? first.trimmingEnd() + "\n" : first + piece + "\n"
                rest = rest[piece.endIndex...]
                first = String(repeating: " ", count: margin)
                if piece.isEmpty { break }
            } while !rest.isEmpty
        }
        return text
    }

    private mutating func line(_ cells: [String], isNumber: [Bool]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let shown = shortened(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - TerminalWidth.columns(shown)))
            if index > 0 { text += String(repeating: " ", count: Self.gap) }
            if isNumber[index] {
                text += padding + shown
            } else {
                text += index == cells.count - 1 ? shown : shown + padding
            }
        }
        return text + "\n"
    }
}

extension String {
    /// The text without blanks at its end.
    fileprivate func trimmingEnd() -> String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
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
