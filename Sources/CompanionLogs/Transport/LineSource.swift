import CloudTrail

/// Lines of a stream, in bounded memory. A line that is longer than ``limit`` is cut there, and its rest passed over.
struct LineSource<Source: ByteSource> {
    /// Bytes of a line that are kept: CloudWatch Logs takes messages of up to 1 MB.
    static var limit: Int { 2 << 20 }

    private var source: Source
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0
    private var isEnded = false
    /// Where the next line begins in the stream.
    private(set) var position = 0
    /// What ended the stream before its time.
    private(set) var fault: SourceFault?
    /// Lines that were cut.
    private(set) var longLines = 0

    init(_ source: Source) {
        self.source = source
        buffer = [UInt8](repeating: 0, count: 256 << 10)
    }

    /// What is left of the source.
    var rest: Source { source }

    /// The bytes at hand, for a look at what comes.
    mutating func peek(_ count: Int) throws -> ArraySlice<UInt8> {
        while end - start < count, try fill() {}
        return buffer[start..<min(end, start + count)]
    }

    /// The next line without its break; `nil` at the end. The last one may lack its break.
    mutating func next() throws -> (line: ArraySlice<UInt8>, offset: Int)? {
        let offset = position
        var searched = 0
        while true {
            if let length = newline(from: start + searched) {
                let line = buffer[start..<start + length]
                start += length + 1
                position += length + 1
                return (line.last == 0x0D ? line.dropLast() : line, offset)
            }
            searched = end - start
            if searched >= Self.limit { return try cutLine(offset) }
            if try !fill() {
                guard end > start else { return nil }
                let line = buffer[start..<end]
                position += end - start
                start = end
                return (line.last == 0x0D ? line.dropLast() : line, offset)
            }
        }
    }

    /// How many bytes stand before the next line break at or behind an index of the buffer, counted from `start`.
    private func newline(from index: Int) -> Int? {
        unsafe buffer.withUnsafeBytes { bytes in
            // SAFETY: `index...end` lies within the buffer.
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[index..<end])
            guard let place = unsafe ByteSearch.first(0x0A, in: rest) else { return nil }
            return index - start + place
        }
    }

    private mutating func cutLine(_ offset: Int) throws -> (line: ArraySlice<UInt8>, offset: Int) {
        longLines += 1
        let line = Array(buffer[start..<start + Self.limit])
        var searched = 0
        while true {
            if let length = newline(from: start + searched) {
                start += length + 1
                position += length + 1
                break
            }
            position += end - start
            start = end
            searched = 0
            if try !fill() { break }
        }
        return (line[...], offset)
    }

    /// Reads more; false at the end.
    private mutating func fill() throws -> Bool {
        if isEnded { return false }
        if start > 0 {
            if start < end { buffer.replaceSubrange(0..<(end - start), with: buffer[start..<end]) }
            end -= start
            start = 0
        }
        if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        var count = 0
        do {
            count = try unsafe buffer.withUnsafeMutableBytes { bytes in
                // SAFETY: the source fills no more than what it is given, the buffer behind `end`.
                try unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
            }
        } catch let fault as SourceFault {
            // All that came before is good, and is read to its last line.
            self.fault = fault
        }
        if count == 0 { isEnded = true }
        end += count
        return count > 0
    }
}

/// Searching raw bytes.
enum ByteSearch {
    /// Where a byte first stands.
    static func first(_ byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
        let count = bytes.count
        let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
        var index = 0
        // Eight bytes at once: a byte of `word` is zero where the wanted one stands.
        while index &+ 8 <= count {
            // SAFETY: eight bytes stand from `index` on.
            let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ pattern
            let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if found != 0 { return index &+ (UInt64(littleEndian: found).trailingZeroBitCount >> 3) }
            index &+= 8
        }
        while index < count {
            // SAFETY: the index is below the count.
            if unsafe bytes[index] == byte { return index }
            index &+= 1
        }
        return nil
    }
}
