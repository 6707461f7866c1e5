internal import CChecksum
internal import CZlib

/// The CRC-32 of bytes as they pass, as zip archives and gzip have it.
struct Checksum {
    private(set) var value: UInt32 = 0

    /// Whether this processor computes it several times as fast as zlib does.
    static let isFast = trail403_has_crc32() != 0

    /// Takes the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        // SAFETY: both read within the buffer, which outlives the call; a buffer here is far below 4 GB.
        if Self.isFast {
            value = unsafe trail403_crc32(value, start, bytes.count)
        } else {
            value = unsafe UInt32(truncatingIfNeeded: crc32(UInt(value), start, UInt32(bytes.count)))
        }
    }
}
