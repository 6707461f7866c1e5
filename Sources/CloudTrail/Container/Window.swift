/// The part of a stream that is in memory: what has been read of it and not yet consumed, in one piece.
// SAFETY: `memory` has `capacity` bytes, of which the first `end` are initialised; `start <= end <= capacity` always.
@safe struct Window: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private(set) var capacity: Int
    /// Index of the first byte that is not consumed.
    private(set) var start = 0
    /// Index after the last byte that was read.
    private(set) var end = 0
    /// Offset in the stream of the byte at index 0.
    private(set) var streamOffset = 0
    /// Whether no byte can follow.
    private(set) var isEnded = false
    /// The fault that ended the stream early.
    private(set) var fault: IngestIssue?

    /// Whether the stream was cut off because nothing but a bomb inflates so far.
    var isBomb: Bool { fault?.code == .inflatedRatio }

    /// An empty window of `capacity` bytes.
    init(capacity: Int) {
        self.capacity = max(16, capacity)
        unsafe memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    /// A window that holds `text` and nothing else.
    init(text: [UInt8]) {
        self.init(capacity: text.count)
        // SAFETY: the memory has room for `text.count` bytes.
        unsafe text.withUnsafeBytes {
            if let base = $0.baseAddress { unsafe memory.copyMemory(from: base, byteCount: $0.count) }
        }
        end = text.count
        isEnded = true
    }

    deinit { unsafe memory.deallocate() }

    /// The bytes from index 0 to `end`; good until the window is filled.
    @unsafe var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: memory, count: end) }

    /// The byte at an index below `end`.
    @inline(__always) subscript(index: Int) -> UInt8 {
        assert(index >= 0 && index < end)
        // SAFETY: callers compare the index with `end`.
        return unsafe memory.load(fromByteOffset: index, as: UInt8.self)
    }

    /// Whether a value as long as the window has not ended in it.
    var isFull: Bool { end - start == capacity }

    /// Offset in the stream of the first byte that is not consumed.
    var position: Int { streamOffset + start }

    /// How many bytes of the stream have been read.
    var bytesRead: Int { streamOffset + end }

    /// Consumes all bytes before `index`.
    @inline(__always) mutating func consume(to index: Int) {
        assert(index >= start && index <= end)
        start = index
    }

    /// Makes the window ready for another stream; gives back memory that an unusually large record took.
    mutating func reset(capacity wanted: Int) {
        if capacity > wanted {
            unsafe memory.deallocate()
            capacity = max(16, wanted)
            unsafe memory = .allocate(byteCount: capacity, alignment: 16)
        }
        start = 0
        end = 0
        streamOffset = 0
        isEnded = false
        fault = nil
    }

    /// Makes room for values twice as long, up to `maximum` bytes.
    mutating func grow(upTo maximum: Int) {
        let wanted = max(capacity, min(capacity > maximum / 2 ? maximum : capacity * 2, maximum))
        let grown = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 16)
        // SAFETY: the live bytes fit, because `wanted` is not below `capacity`.
        unsafe grown.copyMemory(from: memory + start, byteCount: end - start)
        unsafe memory.deallocate()
        unsafe memory = grown
        capacity = wanted
        streamOffset += start
        end -= start
        start = 0
    }

    /// Reads until the window is full or the stream ends; keeps what is not consumed. Returns whether any byte came.
    mutating func fill(from read: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Bool {
        guard !isEnded else { return false }
        if start > 0 {
            // SAFETY: both ranges lie within the memory; `memmove` semantics allow the overlap.
            unsafe memory.copyMemory(from: memory + start, byteCount: end - start)
            streamOffset += start
            end -= start
            start = 0
        }
        let before = end
        while end < capacity, !isEnded {
            do {
                // SAFETY: the buffer is the part of the memory after `end`.
                let count = try unsafe read(UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end))
                if count <= 0 { isEnded = true }
                end += max(0, min(count, capacity - end))
            } catch let error as SourceFault {
                fault = error.issue
                isEnded = true
            }
        }
        return end > before
    }
}
