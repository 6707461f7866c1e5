/// The bytes of a file as they are stored: a file of its own, or the member of an archive.
protocol StoredFile: AnyObject, ByteSource {
    /// The file as messages name it.
    var name: String { get }
    /// Size and times when it was opened; for a member its size in the archive, and the archive's times.
    var statusAtOpening: FileStatus { get }
    /// Bytes on the disk that were used so far.
    var bytesRead: Int { get }
    /// SHA-256 of the bytes read so far, in hex; `nil` unless asked for at opening.
    var sha256: String? { get }
    /// Where a hole begins in which nothing was ever written, and behind which nothing is read; `nil` where there is none that is long.
    var longHole: Int? { get }
    /// Whether the file has another size or time than when it was opened.
    func hasChanged() throws(SourceFault) -> Bool
}

/// A member of an archive as a file: what it holds, hashed on the way if asked.
final class MemberFile: StoredFile {
    let name: String
    let statusAtOpening: FileStatus
    let longHole: Int? = nil

    private let archive: ArchiveFile
    private var content: any MemberContent
    private var hasher: ContentHash?

    /// Opens a member; the archive is opened for it alone, unless `cursors` has it open.
    init(_ member: ArchiveMember, name: String, hashing: Bool, limits: LogFileSource.Limits, inflater: Inflater)
        throws(SourceFault)
    {
        self.name = name
        hasher = hashing ? ContentHash() : nil
        switch member.place {
        case .zip(let entry):
            archive = try ArchiveFile(member.archive, name: name)
            content = try ZipContent(entry, of: archive, name: name, limits: limits, inflater: inflater.ofArchive)
        case .tar(let offset, nil):
            archive = try ArchiveFile(member.archive, name: name)
            content = StretchContent(archive, from: offset, count: member.size, name: name)
        case .tar(let offset, let compression?):
            let cursor = try inflater.cursor(into: member.archive, compression, name: name, limits: limits)
            archive = cursor.archive
            content = CursorContent(cursor, from: offset, count: member.size, name: name)
        }
        statusAtOpening = archive.status.member(ofSize: member.size)
    }

    var bytesRead: Int { content.bytesUsed }
    var sha256: String? { hasher?.hex }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try unsafe content.read(into: buffer)
        // SAFETY: the first `count` bytes of the buffer have just been written.
        unsafe hasher?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return count
    }

    func hasChanged() throws(SourceFault) -> Bool { try archive.hasChanged(name: name) }
}

/// What a member holds, and how much of the disk that took.
protocol MemberContent: ByteSource {
    /// Bytes on the disk that were used so far.
    var bytesUsed: Int { get }
}

/// A stretch of an archive that is a member's bytes as they are.
struct StretchContent: MemberContent {
    private let archive: ArchiveFile
    private let name: String
    private var position: Int
    private var remaining: Int
    private(set) var bytesUsed = 0

    init(_ archive: ArchiveFile, from offset: Int, count: Int, name: String) {
        self.archive = archive
        self.name = name
        position = offset
        remaining = count
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(buffer.count, remaining)
        if wanted == 0 { return 0 }
        // SAFETY: `wanted` bytes fit the buffer.
        let count = try unsafe archive.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: position, name: name)
        guard count > 0 else { throw Self.endsEarly(remaining, name) }
        position += count
        remaining -= count
        bytesUsed += count
        return count
    }

    static func endsEarly(_ missing: Int, _ name: String) -> SourceFault {
        SourceFault(
            issue: IngestIssue(
                .archiveDamaged, at: Location(file: name),
                "the archive ends inside this file, \(missing) bytes early: download the archive again"))
    }
}
