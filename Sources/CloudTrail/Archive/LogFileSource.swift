/// The uncompressed bytes of a log file: gzip or plain, told apart by the first bytes and never by the name.
///
/// gzip within gzip (what a CloudWatch Logs subscription through Firehose leaves in S3) is unwrapped as well, and what zstd, bzip2,
/// xz and 7-Zip compressed is piped through those programs. A file that cannot be a log file (a database, an image) throws `not-a-log-file` from the first read. Every byte before
/// a fault is delivered before the fault is thrown; afterwards each read throws it again.
package final class LogFileSource: ByteSource {
    /// How far a file may be inflated: a kilobyte of zeros compresses to a byte, and log text to a tenth or a thirtieth.
    package struct Limits: Sendable, Equatable {
        /// Inflated bytes per byte on the disk; above it reading stops with `inflated-ratio`.
        package var maximumRatio = 1000
        /// Inflated bytes that are let through whatever their ratio.
        package var bytesBeforeRatio = 64 << 20

        /// The default limits, but for those that are named.
        package init(maximumRatio: Int = 1000, bytesBeforeRatio: Int = 64 << 20) {
            self.maximumRatio = maximumRatio
            self.bytesBeforeRatio = bytesBeforeRatio
        }
    }

    /// gzip streams within one another that are unwrapped.
    static let maximumNesting = 2

    /// The file as messages name it, harmless for a terminal; `-` for standard input.
    package var name: String { file.name }
    /// The file's size in bytes when it was opened; 0 for a pipe.
    package var size: Int { file.statusAtOpening.size }
    /// The file's modification time when it was opened, in nanoseconds since 1970.
    package var modifiedNanoseconds: Int64 { file.statusAtOpening.modifiedNanoseconds }
    /// Bytes read from the file so far, as stored.
    package var compressedBytes: Int { file.bytesRead }
    /// Whether the file's bytes are gzip; `false` before the first read.
    package private(set) var isCompressed = false

    /// gzip members that the file itself was read to have; CloudTrail writes one.
    package var members: Int { outermost?.members ?? 0 }

    private var outermost: GzipDecoder?
    private var file: any StoredFile
    /// Where a program reads the file by itself; `nil` for what it cannot open by name.
    private let path: LogFilePath?
    private let inflater: Inflater
    private let limits: Limits
    /// Whether the bytes must be one gzip member, or none, and nothing more: what CloudTrail delivers.
    private let isStrict: Bool
    /// Whether several files may have been joined, text and gzip.
    private let isJoined: Bool
    private var isRecognised = false
    private var decoder: GzipDecoder?
    /// Inflated bytes that the recognition looked at, still to be delivered.
    private var head: ArraySlice<UInt8> = []
    private var fault: (any Error)?

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - isExplicit: whether the user named this very file. Only then may it be a pipe, and opening may wait for a writer.
    ///   - hashing: whether to compute the SHA-256 of the stored bytes on the way.
    ///   - isStrict: whether the bytes must be one gzip member, or text, and nothing behind it; gzip within it is left as it is.
    ///   - inflater: buffers to use again from file to file; in use until this source has been read.
    package init(
        path: LogFilePath, isExplicit: Bool = true, hashing: Bool = false, isStrict: Bool = false,
        limits: Limits = Limits(), inflater: Inflater = Inflater()
    ) throws(SourceFault) {
        self.isStrict = isStrict
        file = try InputFile(path: path, isExplicit: isExplicit, hashing: hashing)
        self.path = path
        self.limits = limits
        self.inflater = inflater
        isJoined = false
    }

    /// Reads an open descriptor, which stays the caller's: standard input, of text and gzip in any order, as `cat` joins files.
    package init(
        descriptor: Int32, name: String = "-", hashing: Bool = false, limits: Limits = Limits(),
        inflater: Inflater = Inflater()
    ) throws(SourceFault) {
        isStrict = false
        file = try InputFile(descriptor: descriptor, name: name, hashing: hashing)
        path = nil
        self.limits = limits
        self.inflater = inflater
        isJoined = true
    }

    /// Opens a member of an archive.
    init(
        member: ArchiveMember, name: String, hashing: Bool, isStrict: Bool = false, limits: Limits, inflater: Inflater
    ) throws(SourceFault) {
        self.isStrict = isStrict
        file = try MemberFile(member, name: name, hashing: hashing, limits: limits, inflater: inflater)
        path = nil
        self.limits = limits
        self.inflater = inflater
        isJoined = false
    }

    /// Fills up to `buffer.count` bytes and returns how many; 0 only at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if unsafe buffer.isEmpty { return 0 }
        if let fault { throw fault }
        do {
            let count = try unsafe readContent(into: buffer)
            if count == 0, try file.hasChanged() { throw changed(during: nil) }
            if count == 0, let hole = file.longHole {
                let cause =
                    "nothing was ever written from byte \(hole) on (a sparse file): is it still being copied or downloaded?"
                throw SourceFault(issue: IngestIssue(.unreadable, at: Location(file: name, byteOffset: hole), cause))
            }
            return count
        } catch {
            var told = error
            if let cause = error as? SourceFault, cause.issue.code != .changedWhileReading, try file.hasChanged() {
                told = changed(during: cause)
            }
            fault = told
            throw told
        }
    }

    /// Reads what is left of the file, so that its hash is of the whole, and gives the SHA-256 of its stored bytes in hex.
    ///
    /// `nil` unless hashing was asked for. Throws when the rest cannot be read.
    package func finishHash() throws -> String? {
        guard file.sha256 != nil else { return nil }
        var rest = file as any ByteSource
        repeat { inflater.discardInput() } while try inflater.fill(atLeast: 1, from: &rest)
        return file.sha256
    }

    /// The SHA-256 of a file's stored bytes, in hex.
    package static func sha256(ofFile path: LogFilePath) throws -> String {
        try LogFileSource(path: path, isExplicit: false, hashing: true).finishHash() ?? ""
    }

    private func readContent(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if !isRecognised { try recognise() }
        if !head.isEmpty {
            let count = min(buffer.count, head.count)
            unsafe buffer.copyBytes(from: head.prefix(count))
            head = head.dropFirst(count)
            return count
        }
        if let decoder { return try unsafe decoder.read(into: buffer) }
        if inflater.pendingCount > 0 { return unsafe inflater.take(into: buffer) }
        return try unsafe file.read(into: buffer)
    }

    private func recognise() throws {
        isRecognised = true
        inflater.discardInput()
        var stored: any ByteSource = file
        _ = try inflater.fill(atLeast: ContentSignature.length, from: &stored)
        var first = inflater.peek(ContentSignature.length)
        var stage = inflater
        var upstream = stored
        var nesting = 0
        var hasMember = false
        while true {
            switch ContentSignature(first) {
            case .text:
                if isJoined, nesting == 0 {
                    decoder = GzipDecoder(
                        inflater: inflater, upstream: stored, name: name, budget: budget, isJoined: true)
                }
                return
            case .other(let kind):
                head = []
                throw notALogFile("is \(kind)")
            case .zip, .tar:
                head = []
                let objection = archiveObjection(ContentSignature(first) == .zip ? "zip" : "tar")
                // Log files may lie in it: that is no file to leave out silently.
                if file is MemberFile {
                    throw SourceFault(issue: IngestIssue(.archiveMember, at: Location(file: name), objection))
                }
                throw notALogFile(objection)
            case .compressed(let decompressor):
                guard nesting == 0, let path, file.statusAtOpening.kind == .regular else {
                    head = []
                    throw notALogFile(
                        "is \(decompressor.content) within another file or on a pipe: decompress it first, with "
                            + "`\(decompressor.command)`")
                }
                nesting += 1
                isCompressed = true
                let output = try ProgramOutput(decompressor, path: path, name: name, limits: limits)
                inflater.discardInput()
                // What several files of a 7-Zip archive hold comes as one.
                let decoder = GzipDecoder(
                    inflater: inflater, upstream: output, name: name, budget: programBudget, isJoined: true,
                    isSingle: isStrict)
                self.decoder = decoder
                upstream = decoder
                first = decoder.readHead(ContentSignature.length)
                head = first[...]
            case .gzip where isStrict && hasMember: return
            case .gzip:
                hasMember = true
                nesting += 1
                if nesting > Self.maximumNesting {
                    head = []
                    throw notALogFile("is compressed more than \(Self.maximumNesting) times")
                }
                isCompressed = true
                if nesting > 1 {
                    stage = stage.nested
                    stage.preload(first)
                }
                let decoder = GzipDecoder(
                    inflater: stage, upstream: upstream, name: name, budget: budget, isJoined: isJoined && nesting == 1,
                    isSingle: isStrict)
                if nesting == 1 { outermost = decoder }
                self.decoder = decoder
                upstream = decoder
                first = decoder.readHead(ContentSignature.length)
                head = first[...]
            }
        }
    }

    private func archiveObjection(_ kind: String) -> String {
        if file is MemberFile { return "is a \(kind) archive within an archive: extract it first" }
        if file.statusAtOpening.kind != .regular {
            return "is a \(kind) archive, which cannot be read from a pipe: name the file itself"
        }
        return "is a \(kind) archive within a compressed file, or under a log file's name: extract it first"
    }

    private var budget: GzipDecoder.Budget {
        // What a member used of its archive has been decompressed since, and cannot be held against what is pending here.
        if file is MemberFile { return GzipDecoder.Budget(limits: limits) { [file] in file.bytesRead } }
        return GzipDecoder.Budget(limits: limits) { [file, inflater] in file.bytesRead - inflater.pendingCount }
    }

    private var programBudget: GzipDecoder.Budget {
        GzipDecoder.Budget(limits: limits) { [file] in file.statusAtOpening.size }
    }

    private func notALogFile(_ cause: String) -> SourceFault {
        SourceFault(issue: IngestIssue(.notALogFile, at: Location(file: name, byteOffset: 0), cause))
    }

    private func changed(during cause: SourceFault?) -> SourceFault {
        let seen = cause.map { " (\($0.issue.message))" } ?? ""
        return SourceFault(
            issue: IngestIssue(
                .changedWhileReading, at: Location(file: name, byteOffset: file.bytesRead),
                "the file changed while it was read\(seen): read it again when nothing is writing to it"))
    }
}
