import CloudTrail
import CompanionLogs
import Foundation
import TrailStore

/// One reader: takes file after file, and packs their records into batches.
struct LogFileReader: Sendable {
    let index: Int
    let files: [PlannedFile]
    let queue: BatchQueue
    let options: Ingest.Options

    /// Reads until no file is left or the ingest stops.
    func run() {
        let inflater = Inflater()
        var limits = ReaderLimits()
        limits.maximumRecordBytes = options.maximumRecordBytes
        var reader = RecordReader(limits: limits)
        var packer = RecordPacker(reader: index, options: options, batch: queue.emptyBatch())
        while let file = queue.claimFile() {
            do {
                try read(file, &reader, &packer, inflater)
            } catch {
                // Only a stop ends a file without an outcome: everything else is an issue of the file.
                return
            }
        }
    }

    private func read(
        _ fileIndex: Int, _ reader: inout RecordReader, _ packer: inout RecordPacker, _ inflater: Inflater
    ) throws {
        let file = files[fileIndex]
        var outcome = LogFileOutcome(
            kind: .unrecognised, records: 0, skipped: 0, issues: [], sha256: nil,
            size: file.found.isStored ? file.found.size : nil, uncompressedSize: 0,
            modificationTime: file.found.isStored ? file.found.modifiedNanoseconds : nil)
        outcome.maximumRatio = options.maximumRatio
        outcome.maximumRecordBytes = options.maximumRecordBytes
        var sha256BeforeReading: String?
        var looksLike: String?
        do {
            if file.isSizeKnown { sha256BeforeReading = try LogFileSource.sha256(of: file.found, inflater: inflater) }
            packer.begin(fileIndex: fileIndex, sha256BeforeReading: sha256BeforeReading)
            let limits = LogFileSource.Limits(maximumRatio: options.maximumRatio)
            let source = try LogFileSource(file.found, hashing: true, limits: limits, inflater: inflater)
            switch try CSVRecordSource.recognise(source, name: file.path) {
            case .csv(var rows):
                looksLike = try readRecords(&rows, of: source, file, isTranslation: true, &reader, &packer, &outcome)
                if rows.tellsEvents || outcome.kind != .unrecognised {
                    outcome.kind = LogFileKind(rows.kind)
                    outcome.issues.removeAll { $0.code == .emptyFile }
                    outcome.issues += rows.takeIssues()
                    outcome.records += rows.rowsSkipped
                    outcome.skipped += rows.rowsSkipped
                } else if file.found.isStored, try readTable(file, &packer, &outcome) {
                    looksLike = nil
                }
            case .other(let bytes):
                looksLike = try readOther(bytes, of: source, file, &reader, &packer, &outcome)
            }
            outcome.sha256 = try source.finishHash()
            if file.hasOneMember, source.members > 1 {
                outcome.issues.append(
                    IngestIssue(
                        .appendedMember, at: Location(file: file.path),
                        "it has \(source.members) gzip members, and CloudTrail writes one: what follows the first was added "
                            + "later; see `trail403 verify`"))
            }
        } catch let fault as SourceFault {
            packer.begin(fileIndex: fileIndex, sha256BeforeReading: sha256BeforeReading)
            outcome.issues.append(fault.issue)
        }
        leaveOutOtherFiles(&outcome, file, looksLike: looksLike)
        if outcome.issues.contains(where: { $0.code == .unreadable || $0.code == .changedWhileReading }) {
            // This was not all that the file holds: the next run reads it again.
            outcome.modificationTime = nil
        }
        packer.end(outcome)
        try queue.send(packer.take(next: queue.emptyBatch()))
    }

    /// Reads what is no CSV: records, or the logs that lie beside CloudTrail's. Returns what the text looks like.
    private func readOther(
        _ bytes: PrefixedByteSource, of source: LogFileSource, _ file: PlannedFile, _ reader: inout RecordReader,
        _ packer: inout RecordPacker, _ outcome: inout LogFileOutcome
    ) throws -> String? {
        var (likeness, rest) = likeness(of: bytes)
        switch likeness {
        case .companion:
            _ = try readCompanions(rest, of: source, file, &packer, &outcome)
            return nil
        case .text where file.found.isStored:
            if try readCompanions(rest, of: source, file, &packer, &outcome) { return nil }
            // No error stands in it; records of CloudTrail may.
            let limits = LogFileSource.Limits(maximumRatio: options.maximumRatio)
            var again = try LogFileSource(file.found, hashing: false, limits: limits, inflater: Inflater())
            return try readRecords(&again, of: again, file, isTranslation: false, &reader, &packer, &outcome)
        case .mixed where file.found.isStored:
            var trail = outcome
            let looksLike = try readRecords(&rest, of: source, file, isTranslation: false, &reader, &packer, &trail)
            if trail.kind == .unrecognised, trail.records == 0 {
                let limits = LogFileSource.Limits(maximumRatio: options.maximumRatio)
                let again = try LogFileSource(file.found, hashing: false, limits: limits, inflater: Inflater())
                let whole = PrefixedByteSource(prefix: [], rest: again)
                if try readCompanions(whole, of: again, file, &packer, &outcome) { return nil }
            }
            outcome = trail
            return looksLike
        case .text, .mixed, .other:
            return try readRecords(&rest, of: source, file, isTranslation: false, &reader, &packer, &outcome)
        }
    }

    /// Reads comma-separated messages of logs beside CloudTrail's; false where it holds none.
    private func readTable(
        _ file: PlannedFile, _ packer: inout RecordPacker, _ outcome: inout LogFileOutcome
    ) throws -> Bool {
        let limits = LogFileSource.Limits(maximumRatio: options.maximumRatio)
        let again = try LogFileSource(file.found, hashing: false, limits: limits, inflater: Inflater())
        var table = outcome
        table.issues = []
        guard try readCompanions(PrefixedByteSource(prefix: [], rest: again), of: again, file, &packer, &table) else {
            return false
        }
        outcome = table
        return true
    }

    /// Reads the records; returns what the text looks like.
    private func readRecords<S: ByteSource>(
        _ source: inout S, of stored: LogFileSource, _ file: PlannedFile, isTranslation: Bool,
        _ reader: inout RecordReader, _ packer: inout RecordPacker, _ outcome: inout LogFileOutcome
    ) throws -> String {
        var events = 0
        var issues: [IngestIssue] = []
        var faults = IssueLog()
        let summary = try unsafe reader.read(
            &source, file: file.path, isTranslation: isTranslation,
            record: { fields, bytes, position in
                guard fields.kind == .event else { return }
                if packer.isFull {
                    try queue.send(packer.take(next: queue.emptyBatch(), bytesRead: stored.compressedBytes))
                }
                let result = unsafe packer.pack(fields, bytes, position)
                if result == .packed || result == .cut { events += 1 }
                guard let fault = Self.fault(result) else { return }
                let place = Location(file: file.path, record: position.number, byteOffset: position.byteOffset)
                faults.append(IngestIssue(fault.code, at: place, fault.message))
            },
            issue: { issues.append($0) })
        outcome.kind = summary.kind
        outcome.records = summary.records
        outcome.skipped = summary.records - events
        outcome.uncompressedSize = summary.uncompressedBytes
        outcome.issues += issues + faults.issues(file: file.path)
        return summary.looksLike
    }

    /// What is wrong with a record of which this came.
    private static func fault(_ result: RecordPacker.Result) -> (code: IngestIssue.Code, message: String)? {
        switch result {
        case .packed: nil
        case .cut:
            (
                .valueCut,
                "a text of more than \(BoundedText.maximumBytes) bytes (errorMessage: \(BoundedText.maximumMessageBytes)) is cut"
            )
        case .timeless: (.timeOutOfRange, "the record is skipped: it has no eventTime that is a time from 1970 to 2105")
        case .tooLong:
            (
                .valueCut,
                "the record is skipped: its name, id or another text has more than \(BoundedText.maximumBytes) bytes"
            )
        }
    }

    /// A file that was merely found below a folder, and is no log file, is no fault; it is named all the same.
    private func leaveOutOtherFiles(_ outcome: inout LogFileOutcome, _ file: PlannedFile, looksLike: String?) {
        guard outcome.kind == .unrecognised, outcome.companionKind == nil, outcome.records == 0,
            let issue = outcome.issues.first(where: { $0.code == .notALogFile || $0.code == .emptyFile })
        else { return }
        // `is a PNG image`, by a file's first bytes, is both.
        let told = issue.message.hasPrefix("is ") ? String(issue.message.dropFirst(3)) : nil
        outcome.other = OtherFile(
            looksLike: told?.split(separator: ":").first.map(String.init) ?? looksLike ?? "text", reason: issue.message)
        guard !file.found.isExplicit, file.found.deliveryTime == nil else { return }
        outcome.issues.removeAll { $0.code == .notALogFile || $0.code == .emptyFile }
    }
}

extension LogFileKind {
    fileprivate init(_ kind: CSVKind) {
        switch kind {
        case .eventHistory: self = .eventHistoryCSV
        case .queryResult: self = .queryResultCSV
        }
    }
}
