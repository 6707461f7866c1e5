import GRDB

/// One thing that is wrong in a database.
public struct DatabaseFault: Sendable, Hashable, CustomStringConvertible {
    /// The table; `nil` where the fault is the file's.
    public var table: String?
    /// The row by its number, or by its key's values with `/` between them; `nil` where it is the table's.
    public var row: String?
    /// What is wrong, such as ``the column `events` is text, not a number``.
    public var text: String

    /// A fault.
    init(table: String? = nil, row: String? = nil, _ text: String) {
        self.table = table
        self.row = row
        self.text = text
    }

    /// A page that is not as it was written.
    package static func page(_ number: Int) -> DatabaseFault {
        DatabaseFault("page \(number) is not as it was written")
    }

    /// One line: ``table `usage`, row 17: `events` is text, not a number``.
    public var description: String {
        let place = [table.map { "table `\($0)`" }, row.map { "row \($0)" }].compactMap(\.self).joined(separator: ", ")
        return place.isEmpty ? text : "\(place): \(text)"
    }
}

/// Finds values that their columns cannot hold: of another type than the schema's, missing, or beyond ``ColumnBounds``.
enum ColumnCheck {
    fileprivate struct Column {
        var name: String
        var isNumber: Bool
        var isBlob: Bool
        var isOptional: Bool
        var bounds: ClosedRange<Int64>?
        var textLimit: Int?

        /// SQL that is true for a value that the column can hold.
        var condition: String {
            var parts: [String] = []
            if isNumber {
                var condition = "typeof(\(quoted)) = 'integer'"
                if let bounds { condition += " AND \(quoted) BETWEEN \(bounds.lowerBound) AND \(bounds.upperBound)" }
                parts.append(condition)
            } else if isBlob {
                parts.append("typeof(\(quoted)) = 'blob'")
            } else {
                var condition = "typeof(\(quoted)) = 'text'"
                if let textLimit { condition += " AND length(CAST(\(quoted) AS BLOB)) <= \(textLimit)" }
                parts.append(condition)
            }
            if isOptional { parts.append("\(quoted) IS NULL") }
            return "(" + parts.joined(separator: " OR ") + ")"
        }

        var quoted: String { "\"\(name)\"" }

        /// SQL that says what is wrong with the value.
        var fault: String {
            let kind = isNumber ? "a number" : isBlob ? "a blob" : "text"
            let range = bounds.map { "from \($0.lowerBound) to \($0.upperBound)" } ?? ""
            return """
                CASE typeof(\(quoted)) WHEN 'null' THEN 'is missing'
                WHEN 'integer' THEN \(isNumber ? "'is ' || \(quoted) || ', not \(range)'" : "'is a number, not \(kind)'")
                WHEN 'real' THEN 'is a fraction, not \(kind)'
                WHEN 'text' THEN \(isNumber || isBlob ? "'is text, not \(kind)'" : "'is too long'")
                ELSE 'is a blob, not \(kind)' END
                """
        }
    }

    /// A table of ours.
    fileprivate struct Table {
        var name: String
        var columns: [Column]
        /// SQL that tells a row.
        var row: String
    }

    /// The faults of all tables of ours that the database has, no more than `limit` of a table.
    static func faults(_ db: Database, limit: Int) throws -> [DatabaseFault] {
        var faults: [DatabaseFault] = []
        for table in try tables() where try db.tableExists(table.name) {
            let known = try Set(db.columns(in: table.name).map(\.name))
            let columns = table.columns.filter { known.contains($0.name) }
            let wrong = columns.map { "WHEN NOT \($0.condition) THEN '`\($0.name)` ' || \($0.fault)" }
            faults += try RawCursor.all(
                db,
                """
                SELECT CAST(\(table.row) AS TEXT), CASE \(wrong.joined(separator: "\n")) END FROM "\(table.name)"
                WHERE NOT (\(columns.map(\.condition).joined(separator: " AND "))) LIMIT \(limit)
                """
            ) { DatabaseFault(table: table.name, row: try $0.text(0), try $0.text(1)) }
        }
        return faults
    }

    /// The tables as this version lays them out.
    private static func tables() throws -> [Table] {
        try DatabaseQueue().inDatabase { db in
            try db.execute(sql: Schema.allTables)
            let names = try RawCursor.all(
                db, "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
            ) { (name: try $0.text(0), hasKey: try $0[1] != 0) }
            return try names.map { table in
                var keys: [String] = []
                let columns = try RawCursor.all(
                    db, "SELECT name, type, \"notnull\", pk FROM pragma_table_info('\(table.name)')"
                ) { row in
                    let name = try row.text(0)
                    let isKey = try row[3] != 0
                    if isKey { keys.append("\"\(name)\"") }
                    let isRecord = table.name == "record" && name == "json"
                    return Column(
                        name: name, isNumber: try row.text(1) == "INTEGER", isBlob: try row.text(1) == "BLOB",
                        isOptional: try row[2] == 0 && !isKey,
                        bounds: ColumnBounds.bounds(of: name, in: table.name),
                        textLimit: isRecord ? nil : Int(ColumnBounds.textBytes))
                }
                return Table(
                    name: table.name, columns: columns,
                    row: table.hasKey ? keys.joined(separator: " || '/' || ") : "rowid")
            }
        }
    }
}
