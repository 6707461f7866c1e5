import Diagnosis
import Remedies
import Testing
@testable import Reporting
@testable import TrailStore

/// Reports in JSON of what is stored of each group: they are those of whole groups.
@Suite struct StoredGroupsTests {
    private static func stored(_ report: Report, except: Set<String> = []) -> StoredGroups {
        let groups = report.groups.filter { !except.contains($0.group.id) }
        return StoredGroups(Dictionary(groups.map { ($0.group.id, $0.row().json) }) { first, _ in first })
    }

    /// Groups that share a cause, some whole and some stored; incidents are made of all of them.
    @Test func theSameIsSaid() throws {
        let groups = (0..<40).map { place in
            var group = SampleReport.groups[place % SampleReport.groups.count]
            group.id = "7c1f0\(1_000_000 + place)"
            if place >= 4 { group.principal += "-\(place / 8)" }
            group.denials += place % 17
            return group
        }
        var report = SampleReport.report(groups: groups)
        #expect(report.incidents.contains { $0.groups.count > 1 })
        let (whole, table) = (report.json(), report.csv())
        for except in [[], Set(report.groups.prefix(7).map(\.group.id))] as [Set<String>] {
            let stored = Self.stored(report, except: except)
            report.stored = stored
            defer { report.stored = nil }
            #expect(report.json() == whole)
            #expect(report.csv() == table)
            try stored.check()
        }
    }

    /// Text that could harm a terminal is none of ours.
    @Test(arguments: ["{\"a\":\"\u{1B}[2J\"}", "{\"a\":\"\u{202E}\"}", "{", ""]) func nobodyElsesTextIsTold(
        _ text: String
    ) {
        var report = SampleReport.report(groups: SampleReport.groups)
        let stored = StoredGroups(
            Dictionary(report.groups.map { ($0.group.id, StoredJSON(text)) }) { first, _ in first })
        report.stored = stored
        let json = report.json()
        #expect(!json.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        #expect(throws: StoreError.self) { try stored.check() }
    }
}
