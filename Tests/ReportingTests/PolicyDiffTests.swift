import Diagnosis
import Testing
import Wording

@testable import Reporting

@Suite struct PolicyDiffTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var before: [String]
        var after: [String]
        /// As in a patch; `nil` where nothing differs.
        var lines: [String]?
    }

    private static let long = (0..<200).map { "line \($0)" }

    static let cases = [
        Case(testDescription: "nothing", before: ["a", "b"], after: ["a", "b"], lines: nil),
        Case(
            testDescription: "a line goes", before: ["a", "b", "c"], after: ["a", "c"], lines: ["  a", "- b", "  c"]),
        Case(testDescription: "everything comes", before: [], after: ["a"], lines: ["+ a"]),
        Case(
            testDescription: "a line far down is told, and what is far from it is not", before: long,
            after: long.enumerated().map { $0 == 150 ? "new" : $1 },
            lines: ["  ..."] + (147...149).map { "  line \($0)" } + ["- line 150", "+ new"]
                + (151...153).map { "  line \($0)" } + ["  ..."]),
        Case(
            testDescription: "two places", before: long,
            after: long.enumerated().filter { $0.0 != 0 && $0.0 != 199 }.map(\.1),
            lines: ["- line 0", "  line 1", "  line 2", "  line 3", "  ...", "  line 196", "  line 197", "  line 198"]
                + ["- line 199"]),
    ]

    @Test(arguments: cases) func aDifferenceIsToldWithAFewLinesAround(_ row: Case) {
        let lines = PolicyDiff("P", from: row.before, to: row.after)?.lines.map { line in
            switch line.mark {
            case .same: "  \(line.text)"
            case .removed: "- \(line.text)"
            case .added: "+ \(line.text)"
            }
        }
        #expect(lines == row.lines)
    }

    @Test func aVeryLongDifferenceIsCut() throws {
        let diff = try #require(PolicyDiff("P", from: Array(repeating: "a", count: 2_000), to: []))
        #expect(diff.lines.count == 121)
        #expect(diff.lines.last?.text == "... 1,880 more lines")
    }
}
