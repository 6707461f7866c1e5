import AccessDenial
import Foundation
import IAMPolicy
import Reporting
import Testing
import TrailStore

@Suite struct MarkdownReportTests {
    private static func groups(_ count: Int, principal: (Int) -> String) -> [DenialGroup] {
        (0..<count).map { number in
            let digits = String(number)
            return SampleReport.group(
                id: "7c1f09ab" + String(repeating: "0", count: 4 - digits.count) + digits, principal: principal(number),
                reason: .missingAllow(.identityBased))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var groups: Int
        var detailed: Int
        /// How many groups are told in full; `nil` for as many as there is room for.
        var full: Int?
        var says: String?
        var testDescription: String { "\(groups) groups, --groups \(detailed)" }
    }

    static let cases = [
        Case(groups: 4, detailed: 10, full: 4, says: nil),
        Case(groups: 4, detailed: 1, full: 1, says: "3 groups are not shown in full: `--groups all`"),
        Case(groups: 4, detailed: 0, full: 0, says: "4 groups are not shown in full: `--groups all`"),
        Case(groups: 37, detailed: 10, full: 10, says: "27 groups are not shown in full: `--groups all`"),
        Case(
            groups: 37, detailed: .max, full: nil, says: "not shown in full: GitHub accepts at most 65,536 characters"
        ),
        Case(groups: 300, detailed: 10, full: nil, says: "are left out of the table."),
        Case(groups: 2_000, detailed: .max, full: nil, says: "are left out of the table."),
    ]

    @Test(arguments: cases) func aReportFitsIntoATicket(_ row: Case) {
        let groups = Self.groups(row.groups) { "arn:aws:iam::111122223333:role/app/order-notifier-of-team-\($0)" }
        let text = SampleReport.report(groups: groups).markdown(detailed: row.detailed)
        #expect(text.utf16.count <= Report.markdownLimit)
        let full = text.matches(of: #/(?m)^## [0-9]+\. /#).count
        if let expected = row.full { #expect(full == expected) } else { #expect((5..<row.groups).contains(full)) }
        if let says = row.says { #expect(text.contains(says)) } else { #expect(!text.contains("not shown in full")) }
        #expect(text.contains("## Coverage"))
    }

    @Test func namesThatAreAnAttackDoNotPassTheLimit() {
        let evil = String(repeating: "\u{202E}", count: 4_000)
        let groups = Self.groups(20) { "arn:aws:iam::111122223333:role/\($0)\(evil)" }
        let text = SampleReport.report(groups: groups).markdown(detailed: .max)
        #expect(text.utf16.count <= Report.markdownLimit)
    }
}
