/// Where in the input a fault stands.
public struct Location: Sendable, Hashable {
    /// The file as the user named it, or `-` for standard input.
    public var file: String?
    /// The record's number in its file, from 1.
    public var record: Int?
    /// Offset from 0 into the file's uncompressed bytes (into the compressed bytes for a fault of the gzip container).
    public var byteOffset: Int?

    /// A location of which any part may be unknown.
    public init(file: String? = nil, record: Int? = nil, byteOffset: Int? = nil) {
        self.file = file
        self.record = record
        self.byteOffset = byteOffset
    }
}

/// One thing that was skipped or repaired while reading; counted, shown, and reflected in the exit status.
public struct IngestIssue: Sendable, Hashable {
    /// What went wrong, as a stable code that users can select by.
    public enum Code: String, Sendable, CaseIterable {
        case unreadable
        case emptyFile = "empty-file"
        case gzipTruncated = "gzip-truncated"
        case gzipCorrupt = "gzip-corrupt"
        case gzipChecksum = "gzip-checksum"
        case trailingBytes = "trailing-bytes"
        case appendedMember = "appended-member"
        case inflatedRatio = "inflated-ratio"
        case recordTooLarge = "record-too-large"
        case nestingTooDeep = "nesting-too-deep"
        case jsonTruncated = "json-truncated"
        case jsonMalformed = "json-malformed"
        case csvMalformed = "csv-malformed"
        case textRepaired = "text-repaired"
        case duplicateKey = "duplicate-key"
        case notARecord = "not-a-record"
        case notALogFile = "not-a-log-file"
        case changedWhileReading = "changed-while-reading"
        case outcomeUnknown = "outcome-unknown"
        case unsupportedVersion = "unsupported-version"
        case archiveDamaged = "archive-damaged"
        case archiveMember = "archive-member"
        case timeOutOfRange = "time-out-of-range"
        case valueCut = "value-cut"
    }

    /// What went wrong.
    public var code: Code
    /// Where it stands.
    public var location: Location
    /// One line, lower case, without record content.
    public var message: String

    /// An issue at a location.
    public init(_ code: Code, at location: Location, _ message: String) {
        self.code = code
        self.location = location
        self.message = message
    }
}
