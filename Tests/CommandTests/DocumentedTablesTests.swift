import AccessDenial
import Diagnosis
import Foundation
import Testing

/// README's tables of reasons and findings are those of the code. `UPDATE_GOLDEN=1` writes them anew, and still fails.
@Suite(.serialized) struct DocumentedTablesTests {
    struct Table: Sendable, CustomTestStringConvertible {
        /// The lines of the README between which the table stands.
        var before: String
        var after: String
        var rows: [String]

        var testDescription: String { before }
    }

    static let tables = [
        Table(
            before: "The reasons:\n\n", after: "\nThe findings. ",
            rows: ["| reason | category | meaning |", "|---|---|---|"]
                + Reason.allReasons.map { "| `\($0.slug)` | \($0.category.rawValue) | \(escaped($0.meaning)) |" }),
        Table(
            before: "is the table that ranks them as root causes:\n\n", after: "\n## The database",
            rows: ["| finding | meaning | evidence that it needs |", "|---|---|---|"]
                + Finding.Code.allCases.map {
                    "| `\($0.rawValue)` | \(escaped($0.meaning)) | \(escaped($0.evidence)) |"
                }),
    ]

    private static func escaped(_ text: String) -> String { text.replacingOccurrences(of: "|", with: "\\|") }

    @Test(arguments: tables)
    func `A table in the README is the code's`(table: Table) throws {
        let file = Program.projectFolder.appendingPathComponent("README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let start = try #require(text.range(of: table.before)?.upperBound)
        let end = try #require(text.range(of: table.after, range: start..<text.endIndex)?.lowerBound)
        let expected = table.rows.joined(separator: "\n") + "\n"
        guard text[start..<end] != expected else { return }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.replacingCharacters(in: start..<end, with: expected).write(
                to: file, atomically: true, encoding: .utf8)
        }
        Issue.record(
            "README's table after `\(table.before.prefix(40))` is not the code's: run the tests with UPDATE_GOLDEN=1")
    }
}
