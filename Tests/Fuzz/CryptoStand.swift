// Stands in for swift-crypto, whose hashes the fuzz targets do not need: with it they build in seconds, from this package alone.

/// A hash that tells different bytes apart, and keeps no secret.
public struct SHA256: Sendable {
    private var state: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)

    /// Begins.
    public init() {}

    /// Takes bytes.
    public mutating func update(bufferPointer: UnsafeRawBufferPointer) { for byte in bufferPointer { take(byte) } }

    /// Takes bytes.
    public mutating func update(data: some Sequence<UInt8>) { for byte in data { take(byte) } }

    private mutating func take(_ byte: UInt8) {
        state.0 = (state.0 ^ UInt64(byte)) &* 0x100_0000_01b3
        state.1 = (state.1 &+ state.0) &* 0x9e37_79b9_7f4a_7c15
        state.2 ^= state.1 >> 7
        state.3 = state.3 &* 31 &+ state.2
    }

    /// The hash.
    public func finalize() -> SHA256Digest {
        let words = [state.0, state.1, state.2, state.3]
        return SHA256Digest(bytes: words.flatMap { word in (0..<8).map { UInt8(word >> (56 - 8 * $0) & 255) } })
    }

    /// The hash of bytes.
    public static func hash(data: some Sequence<UInt8>) -> SHA256Digest {
        var hasher = SHA256()
        for byte in data { hasher.take(byte) }
        return hasher.finalize()
    }
}

/// The bytes of a hash.
public struct SHA256Digest: Sequence, Hashable, Sendable {
    fileprivate let bytes: [UInt8]

    /// Its bytes, one by one.
    public func makeIterator() -> IndexingIterator<[UInt8]> { bytes.makeIterator() }
}

/// Hashes that are none.
public enum Insecure {
    /// Half of the other.
    public struct MD5: Sendable {
        /// The hash of bytes.
        public static func hash(data: some Sequence<UInt8>) -> [UInt8] { Array(SHA256.hash(data: data).prefix(16)) }
    }
}
