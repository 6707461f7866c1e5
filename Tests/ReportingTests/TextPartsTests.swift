import OrderedJSON
import Testing

@testable import Reporting

/// Texts that are made in parts.
@Suite struct TextPartsTests {
    @Test(arguments: [0, 1, 31, 1_023, 1_024, 1_025, 5_000])
    func elementsStandInTheirOrder(count: Int) {
        var parts = TextParts("head\n")
        parts.addList(Array(0..<count)) { "\($0) is \($1)\n" }
        parts.add("foot")
        #expect(parts.joined() == "head\n" + (0..<count).map { "\($0) is \($0)\n" }.joined() + "foot")
        // No part holds everything.
        #expect(count < 5_000 || parts.map(\.utf8.count).max() ?? 0 < parts.joined().utf8.count / 2)
    }

    @Test func aReportInPartsIsTheValueWrittenAsOne() throws {
        for report in [SampleReport.report(), SampleReport.empty] {
            let text = report.json()
            #expect(try JSONValue(parsing: text).prettyText() + "\n" == text)
        }
    }
}
