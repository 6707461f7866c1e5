/// A compressed tar archive that is read from its start on, member after member.
///
/// A reader keeps it from member to member, and members come in the archive's order: so each reader decompresses the archive once.
/// Who asks for what lies behind begins anew.
final class ArchiveCursor: TarBytes {
    let archive: ArchiveFile
    let path: LogFilePath
    let compression: ArchiveMember.Compression

    private let limits: LogFileSource.Limits
    private let name: String
    private var source: any ByteSource
    private let inflater = Inflater()
    private(set) var position = 0
    private var isAtEnd = false
    private var scratch: [UInt8] = []

    /// A member up to this size is held, so that it can be read again: for its hash, and then for what is in it.
    private static let largestHeld = 4 << 20
    private var held: (offset: Int, bytes: [UInt8])?

    init(_ path: LogFilePath, _ compression: ArchiveMember.Compression, name: String, limits: LogFileSource.Limits)
        throws(SourceFault)
    {
        self.path = path
        self.compression = compression
        self.name = name
        self.limits = limits
        archive = try ArchiveFile(path, name: name)
        source = try Self.open(path, compression, name, limits, inflater)
    }

    private static func open(
        _ path: LogFilePath, _ compression: ArchiveMember.Compression, _ name: String, _ limits: LogFileSource.Limits,
        _ inflater: Inflater
    ) throws(SourceFault) -> any ByteSource {
        switch compression {
        case .program(let decompressor): return try ProgramOutput(decompressor, path: path, name: name, limits: limits)
        case .gzip:
            let file = try InputFile(path: path, isExplicit: false, hashing: false)
            inflater.discardInput()
            return GzipDecoder(
                inflater: inflater, upstream: file, name: name,
                budget: GzipDecoder.Budget(limits: limits) { file.bytesRead - inflater.pendingCount })
        }
    }

    /// Fills the buffer, or less at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var count = 0
        while count < buffer.count, !isAtEnd {
            // SAFETY: the part of the buffer that is still free.
            let read = try unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
            isAtEnd = read == 0
            count += read
            position += read
        }
        return count
    }

    func next(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try unsafe bytes.withUnsafeMutableBytes { try unsafe self.read(into: $0) }
        return read == count ? bytes : Array(bytes[..<read])
    }

    func skip(_ count: Int) throws -> Bool { try move(to: position + count) }

    /// Goes to a place, from the start where it lies behind; false where the archive ends before.
    func move(to offset: Int) throws -> Bool {
        if offset < position {
            source = try Self.open(path, compression, name, limits, inflater)
            position = 0
            isAtEnd = false
        }
        if scratch.isEmpty { scratch = [UInt8](repeating: 0, count: 64 << 10) }
        while position < offset, !isAtEnd {
            let wanted = min(scratch.count, offset - position)
            // SAFETY: `wanted` bytes fit the array.
            _ = try unsafe scratch.withUnsafeMutableBytes {
                try unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<wanted]))
            }
        }
        return position == offset
    }

    /// A member's bytes, where they are few enough to be held, or were cut by the archive's end.
    func whole(from offset: Int, count: Int) throws -> [UInt8]? {
        guard count <= Self.largestHeld else { return nil }
        if let held, held.offset == offset { return held.bytes }
        held = nil
        guard try move(to: offset) else { return [] }
        let bytes = try next(count)
        held = (offset, bytes)
        return bytes
    }
}

/// A member of a compressed tar archive.
struct CursorContent: MemberContent {
    private let cursor: ArchiveCursor
    private let name: String
    private let offset: Int
    private let count: Int
    private var whole: [UInt8]?
    private var isOpen = false
    private(set) var bytesUsed = 0

    init(_ cursor: ArchiveCursor, from offset: Int, count: Int, name: String) {
        self.cursor = cursor
        self.offset = offset
        self.count = count
        self.name = name
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if unsafe buffer.isEmpty || bytesUsed == count { return 0 }
        if !isOpen {
            isOpen = true
            whole = try cursor.whole(from: offset, count: count)
            if whole == nil, try !cursor.move(to: offset) { whole = [] }
        }
        let wanted = min(buffer.count, count - bytesUsed)
        let read: Int
        if let whole {
            read = min(wanted, whole.count - bytesUsed)
            unsafe buffer.copyBytes(from: whole[bytesUsed..<(bytesUsed + read)])
        } else {
            // SAFETY: `wanted` bytes fit the buffer.
            read = try unsafe cursor.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        }
        guard read > 0 else { throw StretchContent.endsEarly(count - bytesUsed, name) }
        bytesUsed += read
        return read
    }
}
