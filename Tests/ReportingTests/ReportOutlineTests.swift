import Causes
import Diagnosis
import Remedies
import Testing
@testable import Reporting
@testable import TrailStore

/// Reports of groups that are known in outline, but for those that are told in full: they are those of whole groups.
@Suite struct ReportOutlineTests {
    /// More groups than a page has cards.
    private static let whole: Report = {
        let groups = (0..<320).map { place in
            var group = SampleReport.groups[place % SampleReport.groups.count]
            group.id = "7c1f0\(1_000_000 + place)"
            if place >= 4 { group.principal += "-\(place / 8)" }
            group.denials += place % 17
            return group
        }
        return SampleReport.report(groups: groups)
    }()

    /// What is stored of a group, and counted.
    private static func outline(_ diagnosed: DiagnosedGroup) -> DenialGroup {
        let group = diagnosed.group
        var counted = DenialGroup(
            id: group.id, principal: group.principal, principalType: group.principalType, action: group.action,
            eventSource: group.eventSource, reason: group.reason, category: group.category, denials: group.denials,
            firstSeen: group.firstSeen, lastSeen: group.lastSeen)
        counted.days = group.days
        counted.outageStart = group.outageStart
        counted.lastSuccessBefore = group.lastSuccessBefore
        return counted
    }

    private static func mixed(_ extent: Report.Extent) throws -> Report {
        var outline = ReportOutline()
        outline.groups = whole.groups.map(Self.outline)
        outline.diagnoses = whole.groups.map { DiagnosisOutline($0) }
        (outline.from, outline.to) = (whole.coverage.from, whole.coverage.to)
        outline.changes = SampleReport.changes
        let outlines = try #require(DiagnosedGroup.outlines(outline))
        func told(_ groups: [DiagnosedGroup]) -> Set<String> {
            let groups = Report.ordered(groups, end: outline.to)
            return Report.told(of: groups, Incident.incidents(of: groups), outline, extent)
        }
        let wanted = told(outlines)
        #expect(wanted.count < outlines.count)
        let groups = zip(whole.groups, outlines).map { wanted.contains($0.group.id) ? $0 : $1 }
        #expect(told(groups) == wanted)
        return SampleReport.report(diagnosed: groups)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var extent: Report.Extent
        var testDescription: String
        var render: @Sendable (Report) throws -> String

        init(_ groups: Int, _ remedies: Int, _ name: String, render: @escaping @Sendable (Report) throws -> String) {
            extent = Report.Extent(groups: groups, remedies: remedies)
            testDescription = name
            self.render = render
        }
    }

    private static let cases = [
        Case(5, 1, "text") { $0.text() },
        Case(0, 1, "text in outline") { $0.text(detailed: 0) },
        Case(0, 1, "screen") { $0.screen(width: 100, height: 40) },
        Case(10, 1, "markdown") { $0.markdown() },
        Case(Report.cardLimit, 1, "html") { try $0.html() },
        Case(0, Report.slackLimit, "slack") { $0.slack() },
        Case(0, 0, "openmetrics") { $0.openMetrics() },
    ]

    @Test(arguments: cases) func theSameIsSaid(_ row: Case) throws {
        #expect(try row.render(Self.mixed(row.extent)) == row.render(Self.whole))
    }

    @Test(arguments: [
        "", "[]x", "{}", "[1]", "[{\"words\":1}]", "[{\"other\":\"a\"}]", "[{\"words\":\"a\",\"value\":\"b\"}]",
    ])
    func aTitleThatIsNoneGivesNoOutline(_ text: String) throws {
        var outline = ReportOutline()
        outline.groups = [Self.outline(Self.whole.groups[0])]
        outline.diagnoses = [DiagnosisOutline(Self.whole.groups[0])]
        outline.changes = SampleReport.changes
        #expect(DiagnosedGroup.outlines(outline)?.count == 1)
        outline.diagnoses[0].titleRuns = text
        #expect(DiagnosedGroup.outlines(outline) == nil)
    }

    /// A refusal that rests on another one is of its incident in outline, too.
    @Test func theGroupBehindIsKnownInOutline() throws {
        var group = Self.whole.groups[0]
        group.behindGroupID = Self.whole.groups[1].group.id
        group.causeKey = CauseKey(.behind, [Self.whole.groups[1].group.id])
        var outline = ReportOutline()
        for group in [group, Self.whole.groups[1]] {
            outline.groups.append(Self.outline(group))
            outline.diagnoses.append(DiagnosisOutline(group))
        }
        outline.changes = SampleReport.changes
        let incidents = Incident.incidents(of: try #require(DiagnosedGroup.outlines(outline)))
        #expect(incidents.map(\.groups) == [[Self.whole.groups[1].group.id, group.group.id]])
    }
}
