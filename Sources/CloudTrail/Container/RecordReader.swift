/// Reads the records of log files, whatever wraps them, in bounded memory.
///
/// The container is recognised by content: `{"Records": […]}`, bare arrays, single records, JSON lines and objects one after the
/// other, output of `lookup-events`, EventBridge envelopes, CloudWatch Logs and SNS or SQS wrappings. A fault costs the
/// record it stands in and gives one issue; all else is kept. One reader reads file after file and reuses its memory.
package struct RecordReader: ~Copyable {
    /// The bounds that hold for every file.
    package let limits: ReaderLimits

    var window: Window
    var fields = RecordFields()
    var text = TextState()
    var tally = Tally()
    /// How many strings the text being read is nested in.
    var nesting = 0
    /// Bytes of those strings together.
    var nestedBytes = 0
    /// The time that stands beside what is being read, for a record that tells none.
    var timeBeside: String?
    /// Whether the file's outermost records are translations of something else, such as the rows of a CSV.
    var isTranslation = false

    /// A reader that keeps to `limits`.
    package init(limits: ReaderLimits = .init()) {
        var limits = limits
        limits.maximumRecordBytes = min(max(1, limits.maximumRecordBytes), 1 << 30)
        limits.windowBytes = min(max(64, limits.windowBytes), 1 << 30)
        self.limits = limits
        window = Window(capacity: limits.windowBytes)
    }

    /// What is called while a file is read.
    // SAFETY: the buffers that pass through are bounded and used within the call alone.
    @safe struct Sink {
        let fill: (UnsafeMutableRawBufferPointer) throws -> Int
        let record: (borrowing RecordFields, UnsafeRawBufferPointer, RecordPosition) throws -> Void
        let issue: (IngestIssue) -> Void
    }

    /// Reads one log file and calls `record` for each of its records, in order of appearance, with the bytes of the record's object.
    ///
    /// `isTranslation` says that the source makes records of something else; texts within them are read as they are.
    /// Fields and bytes are good during the call only. Every fault of the input is told to `issue`, `SourceFault` included;
    /// what `record` throws, and other errors of the source, end the reading.
    package mutating func read<S: ByteSource>(
        _ source: inout S, file: String, isTranslation: Bool = false,
        record: (_ fields: borrowing RecordFields, _ bytes: UnsafeRawBufferPointer, _ position: RecordPosition) throws
            -> Void,
        issue: (IngestIssue) -> Void
    ) throws -> ContainerSummary {
        window.reset(capacity: limits.windowBytes)
        text = TextState()
        tally = Tally(file: file)
        nesting = 0
        nestedBytes = 0
        timeBeside = nil
        self.isTranslation = isTranslation
        let fill = { (buffer: UnsafeMutableRawBufferPointer) throws -> Int in try unsafe source.read(into: buffer) }
        // SAFETY: the sink is gone when `readText` returns.
        return try unsafe withoutActuallyEscaping(fill) { fill in
            try unsafe withoutActuallyEscaping(record) { record in
                try withoutActuallyEscaping(issue) { issue in
                    let sink = unsafe Sink(fill: fill, record: record, issue: issue)
                    try readText(sink)
                    finishFile(sink)
                    for issue in IssueLog.issues(of: tally.moreIssues, file: file) { sink.issue(issue) }
                    return ContainerSummary(
                        kind: text.isRecognised ? tally.summaryKind : .unrecognised, records: tally.records,
                        broken: tally.broken,
                        uncompressedBytes: window.bytesRead, looksLike: looksLike)
                }
            }
        }
    }

    /// What the text looks like, by its first byte.
    private var looksLike: String {
        guard text.hasContent else { return "nothing" }
        return switch text.firstByte {
        case UInt8(ascii: "{"), UInt8(ascii: "["): "JSON"
        case UInt8(ascii: "<"): "HTML or XML"
        default: "text"
        }
    }

    /// Tells the one issue that the file as a whole has, if any.
    private mutating func finishFile(_ sink: Sink) {
        if var fault = window.fault {
            if fault.location.file == nil { fault.location.file = tally.file }
            if fault.location.record == nil { fault.location.record = text.cutRecord }
            sink.issue(fault)
        } else if !text.isRecognised {
            if !text.hasContent {
                report(.emptyFile, at: 0, "the file is empty", sink)
            } else if text.isUTF16 {
                report(.notALogFile, at: 0, "the file is UTF-16: convert it with `iconv -f UTF-16 -t UTF-8`", sink)
            } else if text.isCut {
                report(
                    .jsonTruncated, at: window.bytesRead, "the file ends inside JSON that is not a log file so far",
                    sink)
            } else if text.firstByte == UInt8(ascii: "<") {
                report(
                    .notALogFile, at: 0,
                    "the file is HTML or XML, such as an error page saved in place of a log file", sink)
            } else {
                report(.notALogFile, at: 0, "the file contains no CloudTrail records", sink)
            }
        }
    }
}
