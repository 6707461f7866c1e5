import AccessDenial
import Causes
import Diagnosis
import Foundation
import Reporting
import Testing

/// The catalogue's tables of reasons and findings are those of the code. `UPDATE_GOLDEN=1` writes them anew, and still fails.
@Suite(.serialized) struct DocumentedTablesTests {
    struct Table: Sendable, CustomTestStringConvertible {
        var page: String
        /// Its lines, the first of which is found nowhere else on the page.
        var rows: [String]

        var testDescription: String { page }
    }

    static let tables = [
        Table(
            page: "Reasons",
            rows: ["| reason | category | meaning |", "|---|---|---|"]
                + Reason.allReasons.map { "| `\($0.slug)` | \($0.category.rawValue) | \(escaped($0.meaning)) |" }),
        Table(
            page: "HowADenialIsDecided",
            rows: ["| finding | meaning | evidence that it needs |", "|---|---|---|"]
                + Finding.Code.allCases.map { code in
                    let page = ManualPage(named: "Findings/\(code.rawValue)")
                    let (meaning, evidence) = (page?.abstract ?? "", page?.section("Evidence") ?? "")
                    return "| [`\(code.rawValue)`](doc:\(code.rawValue)) | \(escaped(meaning)) | \(escaped(evidence)) |"
                }),
    ]

    private static func escaped(_ text: String) -> String { text.replacingOccurrences(of: "|", with: "\\|") }

    @Test(arguments: tables)
    func `A table of a page is the code's`(table: Table) throws {
        let page = Documentation.page(table.page)
        let text = try page.text()
        let start = try #require(text.range(of: table.rows[0] + "\n")?.lowerBound)
        let end = text.range(of: "\n\n", range: start..<text.endIndex)?.lowerBound ?? text.index(before: text.endIndex)
        let expected = table.rows.joined(separator: "\n")
        guard text[start..<end] != expected else { return }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try text.replacingCharacters(in: start..<end, with: expected).write(
                to: page.url, atomically: true, encoding: .utf8)
        }
        Issue.record("the table of \(table.page) is not the code's: run the tests with UPDATE_GOLDEN=1")
    }
}
