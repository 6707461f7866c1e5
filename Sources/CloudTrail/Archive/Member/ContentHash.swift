internal import Crypto

/// The SHA-256 of bytes as they pass.
struct ContentHash {
    private var hasher = SHA256()

    /// Takes the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) { unsafe hasher.update(bufferPointer: bytes) }

    /// The hash of what was taken so far, in lower-case hex.
    var hex: String { hexText(hasher.finalize()) }
}
