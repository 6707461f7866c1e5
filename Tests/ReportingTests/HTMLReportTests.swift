import AccessDenial
import Crypto
import Foundation
import IAMPolicy
import Reporting
import Testing
import TrailStore

@Suite struct HTMLReportTests {
    static func groups(_ count: Int) -> [DenialGroup] {
        (0..<count).map {
            SampleReport.group(
                id: "7c1f09ab\(1000 + $0)", principal: "arn:aws:iam::111122223333:role/role-\($0)",
                reason: .missingAllow(.identityBased))
        }
    }

    struct Case: Sendable {
        var groups: Int
        var open: Int?
        var isOpen: Int
    }

    static let cases = [
        Case(groups: 0, open: nil, isOpen: 0), Case(groups: 1, open: nil, isOpen: 1),
        Case(groups: 37, open: nil, isOpen: 10), Case(groups: 100, open: nil, isOpen: 10),
        Case(groups: 101, open: nil, isOpen: 0), Case(groups: 101, open: 3, isOpen: 3),
        Case(groups: 37, open: .max, isOpen: 37), Case(groups: 37, open: 0, isOpen: 0),
    ]

    @Test(arguments: cases) func aPageOpensAsManyCardsAsCanBeSurveyed(_ row: Case) throws {
        let page = try SampleReport.report(groups: Self.groups(row.groups)).html(open: row.open)
        #expect(page.matches(of: #/<details class="body" open>/#).count == row.isOpen)
        #expect(page.matches(of: #/<article class="card"/#).count == row.groups)
    }

    @Test func aPageOfVeryManyGroupsHasCardsForTheFirstAndRowsForTheRest() throws {
        let page = try SampleReport.report(groups: Self.groups(6_000)).html()
        #expect(page.matches(of: #/<article class="card"/#).count == 300)
        #expect(page.contains("5,700 more groups, a row each") && page.contains("And 700 more: --format csv"))
        #expect(page.utf8.count < 8_000_000)
    }

    @Test func aPageOfLargeCardsStaysSmallEnoughToBeSent() throws {
        let large = Self.groups(400).map { group in
            var group = group
            let word = String(repeating: "<&>'", count: 500)
            group.resources = (0..<5).map { Counted("arn:aws:s3:::\(word)\($0)", denials: 1) }
            group.userAgents = [Counted(word, denials: 12)]
            return group
        }
        let page = try SampleReport.report(groups: large).html()
        let cards = page.matches(of: #/<article class="card"/#).count
        #expect(page.utf8.count < 8_000_000 && cards > 5 && cards < 300, "\(page.utf8.count) \(cards)")
    }

    @Test func linksLeadToCardsThatAreThere() throws {
        let page = try SampleReport.report(groups: Self.groups(37)).html()
        let anchors = Set(page.matches(of: #/ id="(g[0-9]+)"/#).map { String($0.1) })
        let links = page.matches(of: #/href="#(g[0-9]*)"/#).map { String($0.1) }
        #expect(!links.isEmpty && links.allSatisfy { anchors.contains($0) }, "\(links)")
        #expect(page.contains("<svg viewBox=\"0 0 600 34\" role=\"img\" aria-label=\"Timeline from"))
    }

    /// A browser runs the page's own style and script by their hashes alone: a wrong one would leave a bare page.
    @Test(arguments: [0, 1, 4]) func thePolicyNamesTheHashesOfWhatThePageHolds(_ count: Int) throws {
        let page = try SampleReport.report(groups: Self.groups(count)).html()
        for (tag, directive) in [("style", "style-src"), ("script", "script-src")] {
            let start = try #require(page.range(of: "<\(tag)>")?.upperBound)
            let end = try #require(page.range(of: "</\(tag)>", range: start..<page.endIndex)?.lowerBound)
            let hash = Data(SHA256.hash(data: Data(page[start..<end].utf8))).base64EncodedString()
            #expect(page.contains("\(directive) 'sha256-\(hash)'"))
        }
        #expect(!page.contains("unsafe-inline") && !page.contains(" style=\""))
    }
}
