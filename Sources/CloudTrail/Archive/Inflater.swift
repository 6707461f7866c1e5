internal import CZlib

/// zlib's inflate state and a block of input, kept from file to file: an archive holds thousands of small files, and
/// setting both up costs more than reading one.
///
/// Use one per task; it is not for two sources at once.
@safe
package final class Inflater {
    /// Bytes read from a file at once.
    package static let blockSize = 256 << 10

    /// What came of one call of zlib.
    enum Step: Equatable {
        /// Some bytes were read or written.
        case progress
        /// zlib wants more input.
        case needsInput
        /// The member ended, with a right checksum and size.
        case memberEnded
        /// The checksum or size in the member's trailer or header is wrong.
        case wrongChecksum
        /// The stream breaks the format; zlib's words.
        case corrupt(String)
        /// zlib could not get memory for its window.
        case outOfMemory
    }

    // SAFETY: both are allocated in `init`, freed in `deinit`, and never handed out beyond a call. zlib keeps a pointer
    // to the stream, so it lives on the heap and never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    private let block: UnsafeMutableRawBufferPointer
    private var isReady = false
    private var start = 0
    private var end = 0
    private var check = Check.zlibs
    private var inner: Inflater?
    private var outer: Inflater?
    private var openArchive: ArchiveCursor?

    /// Who checks what a member inflates to.
    private enum Check {
        /// zlib, or nobody where there is no trailer.
        case zlibs
        /// This, once zlib has read the member's header.
        case afterHeader
        /// This.
        case own(MemberCheck)
    }

    /// An inflater without a zlib state; that is set up by the first gzip stream.
    package init() {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockSize, alignment: 16)
    }

    deinit {
        if isReady { unsafe inflateEnd(stream) }
        unsafe stream.deinitialize(count: 1)
        unsafe stream.deallocate()
        unsafe block.deallocate()
    }

    /// The inflater of a gzip stream within this one's output.
    var nested: Inflater {
        if let inner { return inner }
        let made = Inflater()
        inner = made
        return made
    }

    /// The inflater of what an archive compressed, which is then this one's input.
    var ofArchive: Inflater {
        if let outer { return outer }
        let made = Inflater()
        outer = made
        return made
    }

    /// A compressed archive that stays open from member to member.
    func cursor(
        into path: LogFilePath, _ compression: ArchiveMember.Compression, name: String, limits: LogFileSource.Limits
    ) throws(SourceFault) -> ArchiveCursor {
        if let openArchive, openArchive.path == path { return openArchive }
        openArchive = nil
        let opened = try ArchiveCursor(path, compression, name: path.displayName, limits: limits)
        openArchive = opened
        return opened
    }

    /// Input read and not yet used.
    var pendingCount: Int { end - start }

    /// The first pending bytes, at most `count`.
    func peek(_ count: Int) -> [UInt8] {
        // SAFETY: `start..<end` lies within the block and holds bytes that were read.
        unsafe Array(block[start..<min(end, start + count)])
    }

    /// Forgets the pending input of the file before.
    func discardInput() {
        start = 0
        end = 0
    }

    /// Puts bytes that were read elsewhere in front of the input; at most a block of them.
    func preload(_ bytes: [UInt8]) {
        discardInput()
        unsafe block.copyBytes(from: bytes.prefix(Self.blockSize))
        end = min(bytes.count, Self.blockSize)
    }

    /// Reads until `count` bytes are pending, at most a block; gives false where the source ends before.
    func fill(atLeast count: Int, from source: inout any ByteSource) throws -> Bool {
        if start == end { discardInput() }
        if Self.blockSize - start < count {
            // SAFETY: moves the pending bytes within the block; `copyMemory` lets the two parts overlap.
            unsafe block.copyMemory(from: UnsafeRawBufferPointer(rebasing: block[start..<end]))
            end -= start
            start = 0
        }
        while end - start < count {
            // SAFETY: the free part of the block.
            let read = try unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: block[end...]))
            if read == 0 { return false }
            end += read
        }
        return true
    }

    /// Moves pending input to `buffer` and gives the count.
    func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, end - start)
        // SAFETY: `count` bytes fit both.
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: block[start..<(start + count)]))
        start += count
        return count
    }

    /// Moves pending input to `buffer`, a byte at least, and stops before the next `mark`; gives the count.
    func take(into buffer: UnsafeMutableRawBufferPointer, before mark: UInt8) -> Int {
        let room = min(buffer.count, end - start)
        guard room > 1 else { return unsafe take(into: buffer) }
        // SAFETY: `room` bytes are pending, and fit the buffer.
        let next = unsafe block[(start + 1)..<(start + room)].firstIndex(of: mark)
        return unsafe take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<((next ?? start + room) - start)]))
    }

    /// The next pending byte, which is used up; `nil` where none is pending.
    func takeByte() -> UInt8? {
        guard start < end else { return nil }
        start += 1
        return unsafe block[start - 1]
    }

    /// Counts the leading zero bytes that are pending, and uses them up.
    func skipZeros() -> Int {
        let first = start
        while start < end, unsafe block[start] == 0 { start += 1 }
        return start - first
    }

    /// Gets ready for a gzip member.
    ///
    /// 15 bits of window, and 16 for zlib to read the gzip header and to check its trailer.
    func beginMember() -> Step {
        check = Checksum.isFast ? .afterHeader : .zlibs
        return begin(windowBits: 15 + 16)
    }

    /// Gets ready for deflated bytes without a header, as zip archives hold them.
    func beginRaw() -> Step {
        check = .zlibs
        return begin(windowBits: -15)
    }

    private func begin(windowBits: CInt) -> Step {
        let result: CInt
        if isReady {
            result = unsafe inflateReset2(stream, windowBits)
        } else {
            result = unsafe inflateInit2_(stream, windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
            isReady = result == Z_OK
        }
        return isReady && result == Z_OK ? .progress : .outOfMemory
    }

    /// Inflates pending input into `buffer`, and says how many bytes that gave.
    func inflate(into buffer: UnsafeMutableRawBufferPointer) -> (written: Int, step: Step) {
        if case .afterHeader = check {
            let (written, step) = unsafe callZlib(buffer, flush: Z_BLOCK)
            // 128: zlib stands before a block, the first one here.
            let hasHeader = unsafe step == .progress && stream.pointee.data_type & 128 != 0
            if hasHeader, unsafe inflateValidate(stream, 0) == Z_OK { check = .own(MemberCheck()) }
            return (written, step)
        }
        let first = start
        let (written, step) = unsafe callZlib(buffer, flush: Z_NO_FLUSH)
        guard case .own(var own) = check else { return (written, step) }
        // SAFETY: zlib wrote the one and read the other.
        unsafe own.update(
            inflated: UnsafeRawBufferPointer(rebasing: buffer[..<written]),
            stored: UnsafeRawBufferPointer(rebasing: block[first..<start]))
        check = .own(own)
        return (written, step == .memberEnded && !own.isRight ? .wrongChecksum : step)
    }

    private func callZlib(_ buffer: UnsafeMutableRawBufferPointer, flush: CInt) -> (written: Int, step: Step) {
        let room = UInt32(clamping: buffer.count)
        // SAFETY: zlib reads within the pending part of the block and writes within the buffer; both outlive the call,
        // and zlib keeps no pointer into either.
        unsafe stream.pointee.next_in = block.baseAddress?.advanced(by: start).assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_in = UInt32(end - start)
        unsafe stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.avail_out = room
        let result = unsafe CZlib.inflate(stream, flush)
        start = unsafe end - Int(stream.pointee.avail_in)
        let written = unsafe Int(room - stream.pointee.avail_out)
        return (written, step(for: result))
    }

    private func step(for result: CInt) -> Step {
        switch result {
        case Z_OK: return .progress
        case Z_STREAM_END: return .memberEnded
        case Z_BUF_ERROR: return .needsInput
        case Z_MEM_ERROR: return .outOfMemory
        default:
            // SAFETY: zlib's messages are constant strings.
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "error \(result)"
            // zlib has one code for all faults of the data; its words tell a wrong sum from a broken stream.
            switch message {
            case "incorrect data check", "incorrect length check", "header crc mismatch": return .wrongChecksum
            default: return .corrupt(message)
            }
        }
    }
}

/// The check of a gzip member (RFC 1952): what it inflated to against its last eight bytes, the CRC-32 and the size.
private struct MemberCheck {
    private var sum = Checksum()
    private var size: UInt32 = 0
    /// The last eight stored bytes, the first of them lowest.
    private var trailer: UInt64 = 0

    /// Takes the next bytes of the member.
    mutating func update(inflated: UnsafeRawBufferPointer, stored: UnsafeRawBufferPointer) {
        unsafe sum.update(inflated)
        size &+= UInt32(truncatingIfNeeded: inflated.count)
        for index in max(0, stored.count - 8)..<stored.count {
            trailer = unsafe trailer >> 8 | UInt64(stored[index]) << 56
        }
    }

    /// Whether a member that has ended is what was compressed.
    var isRight: Bool { trailer == UInt64(size) << 32 | UInt64(sum.value) }
}
