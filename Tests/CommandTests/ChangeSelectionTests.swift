import Diagnosis
import Foundation
import Remedies
import Testing
import TrailStore

/// A report reads few permission changes of many: leaving the others out changes nothing.
@Suite struct ChangeSelectionTests {
    private static func diagnoses(_ path: String, _ changes: ChangeSelection) throws -> (Int, [DiagnosedGroup]) {
        let database = try TrailDatabase.openForReading(path)
        var filter = ReportFilter()
        filter.includesAWSServices = true
        let facts = try database.reportFacts(filter, changes: changes)
        try database.close()
        let diagnoser = Diagnoser(facts, reportTime: "2026-11-27T00:00:00Z")
        return (facts.changes.count, diagnoser.diagnose(facts.groups))
    }

    @Test func `A diagnosis of the changes that were selected equals one of all changes`() throws {
        let folder = try SQLTests.sample.get()
        let run = try Program.run(["sql", "--format", "csv", "SELECT DISTINCT name FROM changeName"], in: folder)
        let names = Set(
            run.output.split(separator: "\r\n").dropFirst().map { $0.trimmingCharacters(in: ["\""]) })
        let all = ChangeSelection(names: { _ in names }, furtherNames: { _ in [] })
        let (count, expected) = try Self.diagnoses(folder + "/trail403.sqlite", all)
        let total = try Program.run(
            ["sql", "--format", "csv", "SELECT count(DISTINCT key) FROM changeName"], in: folder)
        #expect(total.output.contains("\r\n\(count)\r\n"))
        let (selected, found) = try Self.diagnoses(folder + "/trail403.sqlite", Diagnoser.changeSelection)
        #expect(selected < count)
        #expect(expected.count > 50)
        #expect(found == expected)
    }
}
