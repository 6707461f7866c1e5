/// A file to be read, as the finder saw it.
package struct FoundFile: Sendable, Equatable {
    /// How a file is opened.
    package enum Kind: Sendable, Equatable {
        case file
        /// A pipe or a terminal that the user named: read once, size unknown.
        case stream
        /// The argument `-`.
        case standardInput
    }

    package var path: LogFilePath
    package var kind: Kind
    /// Size in bytes; 0 for a stream.
    package var size: Int
    /// Last modification, in nanoseconds since 1970; 0 for a stream.
    package var modifiedNanoseconds: Int64
    /// Whether the user named this very file, rather than a folder that holds it. A named file that is no log file is an
    /// issue to tell; one that was merely found is not.
    package var isExplicit: Bool
    /// From the name, where it is one that CloudTrail gives.
    package var deliveryTime: DeliveryTime?

    /// A file whose delivery time is the one in its name.
    package init(path: LogFilePath, kind: Kind = .file, size: Int = 0, modifiedNanoseconds: Int64 = 0, isExplicit: Bool)
    {
        self.path = path
        self.kind = kind
        self.size = size
        self.modifiedNanoseconds = modifiedNanoseconds
        self.isExplicit = isExplicit
        deliveryTime = LogFileName.deliveryTime(in: path.lastComponent)
    }

    /// The path as one harmless line of text.
    package var displayPath: String { path.displayName }

    /// Whether the name is one that log files bear. A hint for counting, and for progress: files are recognised by content.
    package var isLikelyLogFile: Bool {
        if deliveryTime != nil || kind != .file { return true }
        let name = path.lastComponent
        let suffixes = [".gz", ".json", ".jsonl", ".ndjson", ".csv", ".log", ".txt"]
        return suffixes.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}

extension LogFileSource {
    /// Opens a file that the finder found.
    package convenience init(
        _ found: FoundFile, hashing: Bool = false, limits: Limits = Limits(), inflater: Inflater = Inflater()
    ) throws(SourceFault) {
        switch found.kind {
        case .standardInput: try self.init(descriptor: 0, hashing: hashing, limits: limits, inflater: inflater)
        case .file, .stream:
            try self.init(
                path: found.path, isExplicit: found.isExplicit, hashing: hashing, limits: limits, inflater: inflater)
        }
    }
}
