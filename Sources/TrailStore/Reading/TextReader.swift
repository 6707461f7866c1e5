import GRDB

/// Looks up the texts behind small numbers, each once.
final class TextReader {
    private let db: Database
    private var known: [Int64: String] = [:]

    init(_ db: Database) { self.db = db }

    /// The text, or `nil` for 0 and for a number that the dictionary lacks.
    func text(_ id: Int64) throws -> String? {
        guard id != 0 else { return nil }
        if let text = known[id] { return text }
        let text = try RawCursor.text(db, "SELECT value FROM text WHERE id = ?", [id])
        known[id] = text
        return text
    }

    /// Texts with their counts, most frequent first, equal counts by text.
    func counted(_ counts: [Int64: Int], limit: Int) throws -> [Counted<String>] {
        var rows: [Counted<String>] = []
        for (id, count) in counts {
            if let text = try text(id) { rows.append(Counted(text, denials: count)) }
        }
        rows.sort { $0.denials != $1.denials ? $0.denials > $1.denials : ByteText($0.value) < ByteText($1.value) }
        return Array(rows.prefix(limit))
    }
}
