/// Pieces of SQL, as Trino (Athena engine version 3) writes it.
enum SQLText {
    /// A text as a literal. Control characters have no place in a statement that is pasted, and are left out.
    static func literal(_ text: String) -> String {
        "'\(String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }).replacing("'", with: "''"))'"
    }

    static func list(_ texts: some Sequence<String>) -> String {
        "(" + texts.map(literal).joined(separator: ", ") + ")"
    }

    /// Arms of one CASE: engines compile a longer one to code that is too large for them.
    static let maximumArms = 40

    /// The first arm that holds, of any number of arms: as few CASEs as it takes, the first that gives a value counts.
    static func firstOf(_ arms: [(condition: String, value: String)]) -> String {
        let parts = stride(from: 0, to: arms.count, by: maximumArms).map { start in
            "CASE "
                + arms[start..<min(start + maximumArms, arms.count)]
                .map { "WHEN \($0.condition) THEN \($0.value)" }.joined(separator: "\n        ") + " END"
        }
        guard parts.count > 1 else { return parts.first ?? "CAST(NULL AS varchar)" }
        return "coalesce(\(parts.joined(separator: ",\n      ")))"
    }

    /// A table that stands in the statement: rows of words, which hold neither blank nor `=`; a word that is `nil` reads as NULL.
    ///
    /// One text that is split: as VALUES some hundred rows are more expressions than parsers of Trino's SQL take.
    static func table(_ columns: [String], _ rows: [[String?]]) -> String {
        let words = rows.map { row in row.map { $0 ?? "" }.joined(separator: "=") }.joined(separator: " ")
        let parts = columns.enumerated().map { index, name in
            "nullif(split_part(words, '=', \(index + 1)), '') AS \(name)"
        }
        return "SELECT \(parts.joined(separator: ", ")) FROM UNNEST(split(\(literal(words)), ' ')) AS t (words)"
    }
}
