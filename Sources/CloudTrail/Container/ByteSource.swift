/// A stream of uncompressed bytes: a gzip stream, a plain file, or standard input.
package protocol ByteSource {
    /// Fills up to `buffer.count` bytes and returns how many; 0 only at the end.
    ///
    /// Throws `SourceFault` when the input breaks; all bytes returned before are good.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// The input broke while it was read: a cut or corrupt gzip stream, a disk error.
package struct SourceFault: Error, Sendable, Equatable {
    /// What to report, located in the source's own bytes.
    package var issue: IngestIssue

    /// A fault that reports as `issue`.
    package init(issue: IngestIssue) { self.issue = issue }
}

/// Bytes in memory, delivered in chunks of at most `chunkSize`, for tests and for text that was unwrapped from another container.
package struct MemoryByteSource: ByteSource, Sendable {
    private var bytes: [UInt8]
    private var offset = 0
    private let chunkSize: Int
    private var fault: SourceFault?

    /// Delivers `bytes` and then, if there is one, throws `fault`.
    package init(_ bytes: [UInt8], chunkSize: Int = .max, fault: SourceFault? = nil) {
        self.bytes = bytes
        self.chunkSize = max(1, chunkSize)
        self.fault = fault
    }

    /// Copies the next chunk into `buffer`.
    package mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = min(buffer.count, chunkSize, bytes.count - offset)
        if count == 0, let fault {
            self.fault = nil
            throw fault
        }
        // SAFETY: `count` is bounded by both the buffer and what is left of the bytes.
        unsafe bytes.withUnsafeBytes {
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        offset += count
        return count
    }
}
