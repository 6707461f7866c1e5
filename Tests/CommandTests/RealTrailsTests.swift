import Foundation
import TestSupport
import Testing

/// Archives that were recorded by others, as a whole.
@Suite struct RealTrailsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var folder: String
        var events: Int
        var denials: Int
        var kinds: [String]

        var testDescription: String { folder }
    }

    static let cases = [
        Case(folder: "trails/invictus-ir-aws_dataset", events: 2900, denials: 65, kinds: ["CloudTrail"]),
        Case(folder: "trails/boogy-CloudTrail-Log-Parser", events: 1685, denials: 0, kinds: ["CloudTrail"]),
        Case(folder: "trails/flosell-trailscraper/tests/cloudtrail", events: 2, denials: 0, kinds: ["CloudTrail"]),
        Case(folder: "trails/log2timeline-plaso", events: 6, denials: 0, kinds: ["lookup-events"]),
        Case(folder: "trails/eventbridge", events: 21, denials: 0, kinds: ["CloudTrail", "event-bridge"]),
    ]

    @Test(arguments: cases)
    func `Every event of an archive is stored, and every denial found`(row: Case) throws {
        guard let path = sharedData(row.folder)?.path else { return }
        let folder = try ScratchFolder()
        let result = try Program.run(
            ["analyze", path, "--service", "all", "--include-aws-services", "--format", "json"], in: folder.path)
        // One sample of EventBridge bears no time at all.
        #expect(result.status == (row.folder == "trails/eventbridge" ? 2 : 0), "\(result.errors)")
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        #expect(report.coverage.events == row.events)
        #expect(report.groups.reduce(0) { $0 + $1.denials } == row.denials)
        let kinds = try Program.run(
            ["sql", "--format", "csv", "SELECT DISTINCT kind FROM logFile ORDER BY kind"], in: folder.path)
        #expect(kinds.output.split(separator: "\r\n").dropFirst().map(String.init) == row.kinds)
    }

    @Test func `The denial groups of a recorded attack make sense`() throws {
        guard let path = sharedData("trails/invictus-ir-aws_dataset")?.path else { return }
        let folder = try ScratchFolder()
        let result = try Program.run(
            ["analyze", path, "--service", "all", "--format", "json", "--quiet"], in: folder.path)
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        let rows = Set(
            report.groups.map {
                "\($0.principal.split(separator: "/").last ?? "") \($0.action) \($0.reason) \($0.denials)"
            })
        #expect(rows.contains("bert-jan sts:AssumeRole unstated 13"))
        #expect(rows.contains("stratus-red-team-ec2-get-password-data-role ec2:GetPasswordData unstated 29"))
        #expect(
            rows.contains(
                "stratus-red-team-leave-org-role organizations:LeaveOrganization missing-allow:identity-based 1"))
        // EC2 encoded the reason and CloudTrail kept it whole: that can be decoded. The role was created in the archive, so that all its
        // policies are known, and none allows the call: no guess.
        let passwords = try #require(report.groups.first { $0.action == "ec2:GetPasswordData" })
        #expect(
            passwords.rootCause.explanation.contains("encoded")
                || passwords.findings.contains { $0.explanation.contains("encoded") })
        #expect(passwords.rootCause.confidence == "simulated")
        #expect(passwords.rootCause.remedy?.policy?.Statement.map(\.Effect) == ["Allow"])
    }
}
