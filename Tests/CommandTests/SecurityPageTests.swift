import Foundation
import Testing
import Wording

@testable import CloudTrail
@testable import Diagnosis
@testable import OrderedJSON
@testable import Reporting
@testable import TrailIngest
@testable import TrailStore

/// The page about security is held to the program.
@Suite struct SecurityPageTests {
    private static let limits: [String: Int] = [
        "ReaderLimits.maximumRecordBytes": ReaderLimits().maximumRecordBytes,
        "ReaderLimits.maximumSearchBytes": ReaderLimits().maximumSearchBytes,
        "ReaderLimits.maximumUnrecognised": ReaderLimits().maximumUnrecognised,
        "ReaderLimits.maximumWrapping": ReaderLimits().maximumWrapping,
        "IssueLog.maximumTold": IssueLog.maximumTold,
        "Ingest.Summary.maximumIssues": Ingest.Summary.maximumIssues,
        "BoundedText.maximumBytes": BoundedText.maximumBytes,
        "BoundedText.maximumMessageBytes": BoundedText.maximumMessageBytes,
        "EventRow.maximumColumns": EventRow.maximumColumns,
        "ArchiveListing.maximumMembers": ArchiveListing.maximumMembers,
        "Digest.maximumSize": Digest.maximumSize,
        "ConnectionGuard.largestValueOfUsers": ConnectionGuard.largestValueOfUsers,
        "ConnectionGuard.memoryOfUsers": Int(ConnectionGuard.memoryOfUsers),
        "PrivateCopy.maximumBytes": Int(PrivateCopy.maximumBytes),
        "JSONScanner.depthLimit": JSONScanner.depthLimit,
        "JSONValue.depthLimit": JSONValue.depthLimit,
        "LogFileSource.Limits.maximumRatio": LogFileSource.Limits().maximumRatio,
        "LogFileSource.Limits.bytesBeforeRatio": LogFileSource.Limits().bytesBeforeRatio,
        "LogFileSource.maximumNesting": LogFileSource.maximumNesting,
        "SparseFile.holeLimit": SparseFile.holeLimit,
        "CSVRecordSource.maximumHeaderSize": CSVRecordSource.maximumHeaderSize,
        "CSVRecordSource.maximumRowSize": CSVRecordSource.maximumRowSize,
        "VisibleText.lengthLimit": VisibleText.lengthLimit,
        "VisibleText.markLimit": VisibleText.markLimit,
        "VisibleText.policyLimit": VisibleText.policyLimit,
        "ShellCommand.lineLimit": ShellCommand.lineLimit,
        "Report.markdownLimit": Report.markdownLimit,
    ]

    @Test func `The limits of the page are the program's, and all of them are there`() throws {
        let page = try Documentation.page("Security").text()
        var told: [String: Int] = [:]
        for line in page.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, cells[1].hasPrefix("`") else { continue }
            told[cells[1].trimmingCharacters(in: ["`"])] = Int(cells[2].filter { $0 != "," })
        }
        #expect(told == Self.limits)
    }
}
