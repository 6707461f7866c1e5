/// Reads a stretch of an archive from its start on, some hundred kilobytes at a time.
struct BufferedStretch {
    private static let blockSize = 256 << 10

    private let archive: ArchiveFile
    private let name: String
    private var position: Int
    private let end: Int
    private var block: ArraySlice<UInt8> = []

    init(_ archive: ArchiveFile, from position: Int, to end: Int, name: String) {
        self.archive = archive
        self.name = name
        self.position = position
        self.end = end
    }

    /// The next `count` bytes; `nil` where fewer are left.
    mutating func bytes(_ count: Int) throws(SourceFault) -> ArraySlice<UInt8>? {
        if block.count < count {
            let wanted = min(max(Self.blockSize, count) - block.count, end - position)
            let more = try archive.bytes(at: position, count: wanted, name: name)
            position += more.count
            block = ArraySlice(Array(block) + more)
        }
        guard block.count >= count else { return nil }
        defer { block = block.dropFirst(count) }
        return block.prefix(count)
    }

    /// Passes over `count` bytes; false where fewer are left.
    mutating func skip(_ count: Int) throws(SourceFault) -> Bool {
        let pending = min(count, block.count)
        block = block.dropFirst(pending)
        guard count - pending <= end - position else { return false }
        position += count - pending
        return true
    }
}

extension ArraySlice<UInt8> {
    /// The little-endian number at an offset from the slice's start, which must lie within.
    func u16(_ offset: Int) -> UInt16 {
        UInt16(self[startIndex + offset]) | UInt16(self[startIndex + offset + 1]) << 8
    }

    /// The same, of four bytes.
    func u32(_ offset: Int) -> UInt32 { UInt32(u16(offset)) | UInt32(u16(offset + 2)) << 16 }

    /// The same, of eight bytes.
    func u64(_ offset: Int) -> UInt64 { UInt64(u32(offset)) | UInt64(u32(offset + 4)) << 32 }
}
