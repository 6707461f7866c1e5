import Foundation
import Reporting
import Testing
import TrailStore

@Suite struct StatusReportTests {
    @Test func numbersAndTimesAreWrittenAsInReportsAndNotesStandApart() {
        var coverage = SampleReport.coverage
        coverage.prunedEvents = 1_284
        coverage.prunedBefore = "2026-11-01T00:00:00Z"
        coverage.gaps = [
            DeliveryGap(
                accountId: SampleReport.account, awsRegion: "us-east-1", from: "2026-11-02T00:00:00Z",
                to: "2026-11-04T00:00:00Z")
        ]
        let text = StatusReport(
            database: "trail403.sqlite", coverage: coverage, issues: [Counted("gzip-truncated", denials: 1_001)],
            unrecognisedShapes: [Counted("No entry for you", denials: 2_002)]
        ).text(width: 200)
        for line in [
            "Records   3,456: 3,400 stored, 50 duplicates, 6 skipped, 1,284 pruned since",
            "Span      2026-11-01 00:00:00 UTC to 2026-11-12 08:00:00 UTC",
            "Denials   1,041 of 1,100 Management events of s3.amazonaws.com",
            "Gap       account 111122223333, us-east-1: no events from 2026-11-02 00:00:00 UTC to 2026-11-04 00:00:00 UTC",
            "Issues    1,001 gzip-truncated", "Unknown   2,002 worded: No entry for you",
        ] {
            #expect(text.contains("\(line)\n"), "\(line) is not in \(text)")
        }
        #expect(text.split(separator: "\nWarning   ").count == 2, "\(text)")
        // What a command mends stands at the end, with it.
        let gaps = text.components(separatedBy: "\nWhat the archive lacks").last ?? ""
        #expect(gaps.split(separator: "\n          $ ").count == 5 && gaps.contains("\n4. "), "\(gaps)")
    }
}
