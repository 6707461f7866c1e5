import Diagnosis
import Reporting
import TrailStore

/// Brings the views `incident` and `diagnosis` up to date: what an ingest does last.
enum DiagnosisRun {
    /// Diagnoses every group of the database, where its facts are others than when that was done last.
    static func renew(_ database: TrailDatabase) throws {
        guard let state = try database.diagnosisIsDue(version: Version.text) else { return }
        let now = Timestamp.now()
        var filter = ReportFilter()
        filter.includesAWSServices = true
        filter.told = state.told
        filter.keepsKnownGroups = true
        let facts = try database.reportFacts(filter, changes: Diagnoser.changeSelection)
        let diagnoser = Diagnoser(facts, reportTime: now)
        let report = Report(groups: diagnoser.diagnose(facts.groups), coverage: facts.coverage, services: ["all"])
        try database.write(report.incidentRows, report.diagnosisRows, of: state, now: now)
    }
}
