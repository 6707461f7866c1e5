internal import Crypto

/// The SHA-256 of bytes as they pass.
package struct ContentHash: Sendable {
    private var hasher = SHA256()

    /// The hash of nothing.
    package init() {}

    /// Takes the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) { unsafe hasher.update(bufferPointer: bytes) }

    /// The hash of what was taken so far.
    package var digest: ContentDigest { ContentDigest(bytes: Array(hasher.finalize())) }

    /// The hash of what was taken so far, in lower-case hex.
    package var hex: String { hexText(hasher.finalize()) }
}
