// Stands in for swift-crypto, whose hash the fuzz targets do not need to be a good one: with it they build in seconds.

/// A hash of 32 bytes that tells texts apart (FNV-1a), and no more.
public struct SHA256 {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Begins.
    public init() {}

    /// Takes bytes.
    public mutating func update(bufferPointer: UnsafeRawBufferPointer) { add(bufferPointer) }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    /// The hash of the bytes so far.
    public func finalize() -> SHA256Digest {
        SHA256Digest(bytes: (0..<32).map { UInt8(truncatingIfNeeded: state >> (UInt64($0) % 8 * 8)) })
    }

    /// The hash of bytes.
    public static func hash(data: some Sequence<UInt8>) -> SHA256Digest {
        var hash = SHA256()
        hash.add(data)
        return hash.finalize()
    }
}

/// The bytes of a hash.
public struct SHA256Digest: Sequence, Hashable, Sendable {
    fileprivate let bytes: [UInt8]

    /// Its bytes, one by one.
    public func makeIterator() -> IndexingIterator<[UInt8]> { bytes.makeIterator() }
}
