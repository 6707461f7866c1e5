/// Where a record stands in its log file.
package struct RecordPosition: Sendable, Hashable {
    /// The record's number in its file, from 1; every record counts, broken ones too.
    package var number: Int
    /// Offset of the record's first byte in the file's uncompressed bytes; of the string literal where the record is nested in one.
    package var byteOffset: Int
    /// Length in the file's uncompressed bytes, of the string literal where the record is nested in one.
    package var length: Int
    /// Whether the record stands inside a JSON string or was made of another form of the event, so that the bytes at its position
    /// must be decoded or translated to be the record.
    package var isNested: Bool

    /// A position of which every part is known.
    package init(number: Int, byteOffset: Int, length: Int, isNested: Bool = false) {
        self.number = number
        self.byteOffset = byteOffset
        self.length = length
        self.isNested = isNested
    }
}

/// What one log file held.
package struct ContainerSummary: Sendable, Hashable {
    /// What the content turned out to be.
    package var kind: LogFileKind
    /// How many records were seen: those handed out and the broken ones.
    package var records: Int
    /// How many of the records were lost, each with an issue.
    package var broken: Int
    /// How many uncompressed bytes were read.
    package var uncompressedBytes: Int
    /// What the text looks like where it is no log file, in a word or two.
    package var looksLike: String

    /// A summary of a log file.
    package init(kind: LogFileKind, records: Int, broken: Int, uncompressedBytes: Int, looksLike: String = "") {
        self.looksLike = looksLike
        self.kind = kind
        self.records = records
        self.broken = broken
        self.uncompressedBytes = uncompressedBytes
    }
}

/// The bounds of what a reader does for one log file.
package struct ReaderLimits: Sendable, Hashable {
    /// Bytes of the file in memory while its records fit.
    package var windowBytes = 512 << 10
    /// The largest record that is read, in bytes; CloudTrail's own limit is 256 KB, CloudTrail Lake's 1 MB. It is copied some times on
    /// its way, and all of that stays below 160 MB.
    package var maximumRecordBytes = 8 << 20
    /// How many bytes are searched for a first record before a file is given up as no log file.
    package var maximumSearchBytes = 16 << 20
    /// How many JSON texts may come before the first that is known before a file is given up as no log file.
    package var maximumUnrecognised = 1000
    /// Bytes of the texts in strings that are read at once: a string in a string in a string.
    package var maximumNestedBytes = 8 << 20
    /// How many wrappings around a record are taken off, such as a record in an EventBridge event in an SNS notification.
    package var maximumWrapping = 6

    /// The default limits.
    package init() {}
}
