/// A file to be read, as the finder saw it.
package struct FoundFile: Sendable, Equatable {
    /// How a file is opened.
    package enum Kind: Sendable, Equatable {
        case file
        /// A pipe or a terminal that the user named: read once, size unknown.
        case stream
        /// The argument `-`.
        case standardInput
        /// A file in an archive.
        indirect case member(ArchiveMember)
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

    /// A file in an archive, which has the archive's time.
    init(_ member: ArchiveMember, modifiedNanoseconds: Int64) {
        path = member.path
        kind = .member(member)
        size = member.size
        self.modifiedNanoseconds = modifiedNanoseconds
        isExplicit = false
        deliveryTime = LogFileName.deliveryTime(in: member.name[...])
    }

    /// Whether it is a file on a disk, or in an archive there, that can be read again.
    package var isStored: Bool {
        switch kind {
        case .file, .member: true
        case .stream, .standardInput: false
        }
    }

    /// Where it stands in an archive that can only be read from its start on.
    var placeInSequence: Int? {
        guard case .member(let member) = kind, case .tar(let offset, .some) = member.place else { return nil }
        return offset
    }

    /// The name without its folders, in the archive where it is in one.
    package var name: ArraySlice<UInt8> {
        guard case .member(let member) = kind else { return path.lastComponent }
        return LogFilePath(bytes: member.name).lastComponent
    }

    /// The path as one harmless line of text.
    package var displayPath: String { path.displayName }

    /// Whether the name is one that log files bear. A hint for counting, and for progress: files are recognised by content.
    package var isLikelyLogFile: Bool {
        if deliveryTime != nil || !isStored { return true }
        let name = self.name
        let suffixes = [".gz", ".json", ".jsonl", ".ndjson", ".csv", ".log", ".txt"]
        return suffixes.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }
}

extension LogFileSource {
    /// Opens a file that the finder found.
    package convenience init(
        _ found: FoundFile, hashing: Bool = false, isStrict: Bool = false, limits: Limits = Limits(),
        inflater: Inflater = Inflater()
    ) throws(SourceFault) {
        switch found.kind {
        case .standardInput: try self.init(descriptor: 0, hashing: hashing, limits: limits, inflater: inflater)
        case .file, .stream:
            try self.init(
                path: found.path, isExplicit: found.isExplicit, hashing: hashing, isStrict: isStrict, limits: limits,
                inflater: inflater)
        case .member(let member):
            try self.init(
                member: member, name: found.displayPath, hashing: hashing, isStrict: isStrict, limits: limits,
                inflater: inflater)
        }
    }

    /// The SHA-256 of a file's stored bytes, in hex.
    package static func sha256(of found: FoundFile, inflater: Inflater) throws -> String {
        try LogFileSource(found, hashing: true, inflater: inflater).finishHash() ?? ""
    }

    /// Opens the file that a database remembers: a path, or the path of an archive and a member's name behind a `!`.
    ///
    /// - Throws: `SourceFault` where there is none.
    package static func open(rememberedPath text: String) throws(SourceFault) -> LogFileSource {
        let bytes = Array(text.utf8)
        for mark in bytes.indices where bytes[mark] == ArchiveMember.mark {
            let archive = LogFilePath(bytes: Array(bytes[..<mark]))
            guard isRegularFile(archive), let listing = try ArchiveListing.list(archive),
                let member = listing.members.first(where: { $0.path.displayName == text })
            else { continue }
            return try LogFileSource(
                member: member, name: text, hashing: false, limits: Limits(), inflater: Inflater())
        }
        return try LogFileSource(path: LogFilePath(bytes: bytes), isExplicit: false)
    }

    private static func isRegularFile(_ path: LogFilePath) -> Bool {
        do throws(SystemError) {
            return try fileStatus(path).kind == .regular
        } catch {
            return false
        }
    }
}
