import Causes
import Diagnosis
import Findings
import Foundation
import IAMPolicy
import RecordedChanges
import Remedies
import TestSupport
import Testing
import Wording

/// The whole diagnosis of every scenario row, in files: what a row asserts is a part of it, and any other difference is seen here.
///
/// The root cause and the remedy stand there in full; of what stands beside them, much of which is alike, the texts are signed.
@Suite struct LedgerTests {
    @Test(arguments: ScenarioFile.all)
    func aTableOfRowsIsDiagnosedAsItsLedgerHolds(_ table: ScenarioFile) throws {
        let names = table.rows.map(\.name)
        #expect(Set(names).count == names.count, "rows of a table bear different names")
        let rows = table.rows.sorted { $0.name < $1.name }.map(Self.entry)
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Ledger/\(table.name).txt")
        try expectGolden(rows.joined(separator: "\n"), in: file)
    }

    private static func entry(_ row: Scenario) -> String {
        let study = row.study
        let diagnosis = study.diagnosis
        var lines = ["# \(row.name)"]
        lines.append("status \(diagnosis.status.rawValue): \(diagnosis.statusText.plain)")
        if let fixed = diagnosis.fixedBy { lines.append("fixed by \(fixed.eventID)") }
        for finding in diagnosis.findings {
            let isRoot = finding == diagnosis.rootCause
            let words = "\(finding.title.plain)\n\(finding.explanation.plain)"
            lines.append(
                "\(finding.code.rawValue) \(finding.confidence.rawValue) "
                    + (isRoot ? finding.title.plain : sign(of: words)))
            if isRoot { lines.append("  \(finding.explanation.plain)") }
            for event in finding.evidence {
                let isShown = isRoot && event.eventID != "denial"
                lines.append("  < \(event.eventID) \(isShown ? event.summary.plain : sign(of: event.summary.plain))")
            }
        }
        lines.append("remedy \(diagnosis.remedy.kind.rawValue): \(diagnosis.remedy.text.plain)")
        lines += diagnosis.remedy.commands.lines.map { "  $ \($0)" }
        if let policy = diagnosis.remedy.policy {
            lines.append("  \(policy.text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " "))")
        }
        for change in study.changes { lines.append("change \(change.evidence.eventID) \(change.verdict.rawValue)") }
        // The rows of the checklist are long and much alike: what was found stands here, all else is signed.
        let found = study.checklist.filter { $0.mark == .found }.map(\.id).joined(separator: " ")
        let words = study.checklist.map { "\($0.id) \($0.mark) \($0.note.plain) \($0.look.plain) \($0.commands.lines)" }
        lines.append("checklist \(sign(of: words.joined(separator: "\n"))) \(found)")
        return lines.map { $0.replacing("\n", with: "⏎") }.joined(separator: "\n") + "\n"
    }
}
