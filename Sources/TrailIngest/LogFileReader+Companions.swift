import CloudTrail
import CompanionLogs
import TrailStore

// Files of the logs that lie beside CloudTrail's.

extension LogFileReader {
    /// Bytes by which a file is told to hold such logs.
    static let likenessBytes = 64 << 10
    /// Rows after which a batch is handed over.
    private static let rowsPerBatch = 1_024

    /// What the start of a stream looks like, and the stream from its first byte on.
    func likeness(of source: any ByteSource) -> (CompanionReader.Likeness, PrefixedByteSource) {
        let trail = Array(#"{"Records":["#.utf8)
        let (first, whole) = PrefixedByteSource.peek(source, count: Self.likenessBytes) { $0.starts(with: trail) }
        // Nearly every file of an archive begins so.
        if first.starts(with: trail) { return (.other, whole) }
        return (CompanionReader.likeness(of: first, gatewayFormat: options.gatewayFormat), whole)
    }

    /// Reads a stream as logs beside CloudTrail's; false where it holds none, and then nothing was packed.
    func readCompanions(
        _ source: PrefixedByteSource, of stored: LogFileSource, _ file: PlannedFile, _ packer: inout RecordPacker,
        _ outcome: inout LogFileOutcome
    ) throws -> Bool {
        var reader = CompanionReader(gatewayFormat: options.gatewayFormat)
        let summary = try reader.read(source) { row in
            packer.batch.companions.append(row)
            if packer.batch.companions.count >= Self.rowsPerBatch {
                try queue.send(packer.take(next: queue.emptyBatch(), bytesRead: stored.compressedBytes))
            }
        }
        guard let kind = summary.kind else { return false }
        outcome.companionKind = kind
        outcome.coverage = summary.coverage
        outcome.records = summary.rows
        outcome.skipped = 0
        outcome.uncompressedSize = summary.bytes
        if let fault = summary.fault {
            var issue = fault
            if issue.location.file == nil { issue.location.file = file.path }
            outcome.issues.append(issue)
        }
        if summary.longLines > 0 {
            outcome.issues.append(
                IngestIssue(
                    .valueCut, at: Location(file: file.path),
                    "\(summary.longLines) lines are longer than 2 MB and were cut"))
        }
        if summary.trailRecords > 0 {
            outcome.issues.append(
                IngestIssue(
                    .notALogFile, at: Location(file: file.path),
                    "\(summary.trailRecords) records of CloudTrail stand between other logs and were passed over: put them into a file of their own"
                ))
        }
        return true
    }
}
