import Diagnosis
import Reporting
import TrailStore

/// Brings the views `incident` and `diagnosis` up to date: what an ingest does last.
enum DiagnosisRun {
    /// Every group of a database, and what its diagnosis was made of.
    struct Diagnosed {
        var facts: ReportFacts
        var groups: [DiagnosedGroup]
    }

    /// Diagnoses every group of the database, where its facts are others than when that was done last.
    ///
    /// - Parameter keepsGroups: whether a report of every group follows.
    /// - Returns: what was found, for that report; `nil` where none follows, and where nothing had to be done.
    @discardableResult
    static func renew(_ database: TrailDatabase, keepsGroups: Bool = false) throws -> Diagnosed? {
        guard let state = try database.diagnosisIsDue(version: Version.text) else { return nil }
        let now = Timestamp.now()
        var filter = ReportFilter()
        filter.includesAWSServices = true
        filter.told = state.told
        filter.keepsKnownGroups = true
        let facts = try database.reportFacts(filter, changes: Diagnoser.changeSelection)
        let diagnoser = Diagnoser(facts, reportTime: now)
        let groups = diagnoser.diagnose(facts.groups) { keepsGroups ? $0 : $0.outline }
        let report = Report(groups: groups, coverage: facts.coverage, services: ["all"])
        try database.write(report.incidentRows, report.diagnosisRows, of: state, now: now)
        return keepsGroups ? Diagnosed(facts: facts, groups: report.groups) : nil
    }
}
