import Foundation
import TestSupport
import Testing

/// What the program says about whole archives, in files: any difference is seen.
///
/// Of archives that others recorded a ledger holds nothing but ids, codes and signs of our own texts.
@Suite struct LedgerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// `nil` stands for the project's own sample.
        var folder: String?

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "sample-trails"),
        Case(name: "invictus", folder: "trails/invictus-ir-aws_dataset"),
        Case(name: "event-bridge", folder: "trails/eventbridge"),
    ]

    @Test(arguments: cases) func anArchiveIsDiagnosedAsItsLedgerHolds(_ row: Case) throws {
        let shared = row.folder.map(sharedData)
        let sample = Program.projectFolder.appendingPathComponent("SampleTrails/AWSLogs")
        guard let path = shared == nil ? sample.path : shared??.path else { return }
        let folder = try ScratchFolder()
        let result = try Program.run(
            ["analyze", path, "--service", "all", "--format", "json", "--quiet"], in: folder.path)
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        let entries = report.groups.sorted { $0.id < $1.id }.map { Self.entry($0, isOurs: row.folder == nil) }
        let notes = report.coverage.notes.map { "note \($0.code) \(sign(of: $0.text))\n" }.sorted()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Ledger/\(row.name).txt")
        try expectGolden((notes + entries).joined(separator: "\n"), in: file)
    }

    private static func entry(_ group: ReportJSON.Group, isOurs: Bool) -> String {
        func shown(_ text: String) -> String { isOurs ? text.replacing("\n", with: "⏎") : sign(of: text) }
        var lines = ["# \(group.id) \(group.reason) \(group.status)"]
        if isOurs { lines.append("\(group.principal) \(group.action)") }
        lines.append("root cause \(group.rootCause.code)")
        for finding in group.findings {
            lines.append("\(finding.code) \(finding.confidence) \(shown(finding.explanation))")
            lines += finding.evidence.map { "  < \($0.eventID)" }
        }
        if let remedy = group.rootCause.remedy {
            lines.append("remedy \(remedy.kind) \(remedy.policy == nil ? "" : "and policy ")\(shown(remedy.text))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
