internal import CZlib

/// The CRC-32 of bytes as they pass, as zip archives and gzip have it.
struct Checksum {
    private(set) var value: UInt32 = 0

    /// Takes the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        // SAFETY: zlib reads within the buffer, which outlives the call; a buffer here is far below 4 GB.
        value = unsafe UInt32(
            truncatingIfNeeded: crc32(
                UInt(value), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count)))
    }
}
