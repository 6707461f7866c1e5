/// What a zip archive's member holds: stored as it is or deflated, held against its size and checksum at its end.
final class ZipContent: MemberContent {
    private let entry: ZipEntry
    private let name: String
    private let limits: LogFileSource.Limits
    private let inflater: Inflater
    private var stored: any ByteSource
    private var isStreamEnded = false
    private var bytesDelivered = 0
    private var checksum = Checksum()
    private let used: () -> Int

    /// Opens a member, whose local header must agree with the directory.
    init(
        _ entry: ZipEntry, of archive: ArchiveFile, name: String, limits: LogFileSource.Limits, inflater: Inflater
    ) throws(SourceFault) {
        self.entry = entry
        self.name = name
        self.limits = limits
        self.inflater = inflater
        let header = try archive.bytes(at: entry.headerOffset, count: ZipDirectory.localHeaderLength, name: name)[...]
        guard header.count == ZipDirectory.localHeaderLength, header.starts(with: [0x50, 0x4b, 3, 4]),
            header.u16(8) == (entry.isDeflated ? 8 : 0), header.u16(6) & 1 == 0,
            Int(header.u16(26)) == entry.nameLength
        else {
            throw SourceFault(
                issue: IngestIssue(
                    .archiveDamaged, at: Location(file: name),
                    "the archive's directory and the file's own header disagree: download the archive again"))
        }
        let start = entry.headerOffset + ZipDirectory.localHeaderLength + entry.nameLength + Int(header.u16(28))
        let stretch = CountedStretch(
            StretchContent(archive, from: start, count: entry.storedSize, name: name))
        stored = stretch
        used = { stretch.content.bytesUsed }
        inflater.discardInput()
        if entry.isDeflated, case .outOfMemory = inflater.beginRaw() {
            throw SourceFault(
                issue: IngestIssue(.unreadable, at: Location(file: name), "zlib is out of memory"))
        }
    }

    var bytesUsed: Int { used() }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if unsafe buffer.isEmpty { return 0 }
        let count = try entry.isDeflated ? unsafe inflate(into: buffer) : unsafe stored.read(into: buffer)
        bytesDelivered += count
        // SAFETY: the first `count` bytes of the buffer have just been written.
        unsafe checksum.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        guard bytesDelivered <= entry.size else { throw damaged("it is longer than the archive says") }
        if count == 0 {
            guard bytesDelivered == entry.size else { throw damaged("it is shorter than the archive says") }
            guard checksum.value == entry.checksum else { throw damaged("its checksum does not match") }
        }
        return count
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while !isStreamEnded {
            var isAtEnd = false
            if inflater.pendingCount == 0 { isAtEnd = try !inflater.fill(atLeast: 1, from: &stored) }
            let (written, step) = unsafe inflater.inflate(into: buffer)
            switch step {
            case .progress: break
            case .memberEnded: isStreamEnded = true
            case .needsInput where isAtEnd: throw damaged("its compressed bytes end early")
            case .needsInput: break
            case .wrongChecksum, .corrupt: throw damaged("its compressed bytes are corrupt")
            case .outOfMemory:
                throw SourceFault(
                    issue: IngestIssue(.unreadable, at: Location(file: name), "zlib is out of memory"))
            }
            let total = bytesDelivered + written
            guard total <= limits.bytesBeforeRatio || total / max(1, bytesUsed) <= limits.maximumRatio else {
                throw SourceFault(
                    issue: IngestIssue(
                        .inflatedRatio, at: Location(file: name),
                        "the file inflates to more than \(limits.maximumRatio) times its size in the archive: raise "
                            + "`--max-ratio` if you trust the archive"))
            }
            if written > 0 { return written }
        }
        return 0
    }

    private func damaged(_ cause: String) -> SourceFault {
        SourceFault(
            issue: IngestIssue(
                .archiveDamaged, at: Location(file: name),
                "\(cause): the archive was damaged or altered; download it again"))
    }
}

/// A stretch whose progress others see.
private final class CountedStretch: ByteSource {
    var content: StretchContent

    init(_ content: StretchContent) { self.content = content }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { try unsafe content.read(into: buffer) }
}
