import CZlib

/// Bytes compressed with zlib in one piece, together with the size that they had.
package struct CompressedBlock: Sendable {
    /// Bytes before compressing.
    package var size: Int
    /// A zlib stream.
    package var bytes: [UInt8]

    /// zlib's default: with records of a kind side by side it keeps all of an archive in about the archive's own size. Level 4
    /// takes a third less time, and a twelfth more room.
    package static let level: CInt = 6
    /// Bytes that a block may hold; more in a database is damage.
    private static let maximumSize = 1 << 31

    /// A block that was stored.
    package init(size: Int, bytes: [UInt8]) {
        self.size = size
        self.bytes = bytes
    }

    /// Compresses `content`; with a lower level sooner, and to more.
    package init(compressing content: [UInt8], level: CInt = level) {
        size = content.count
        let room = unsafe [UInt8](unsafeUninitializedCapacity: Int(compressBound(UInt(content.count)))) {
            output, count in
            var length = UInt(output.count)
            // SAFETY: both buffers are passed with their lengths and live for the call. With `compressBound` bytes of room
            // and a valid level, only a lack of memory can fail, which ends Swift programs anyway.
            let result = unsafe content.withUnsafeBufferPointer { input in
                unsafe compress2(output.baseAddress, &length, input.baseAddress, UInt(input.count), level)
            }
            precondition(result == Z_OK)
            count = Int(length)
        }
        // A block may wait for the writer: without the room that compressing took.
        bytes = Array(room[...])
    }

    /// The content; `nil` where the bytes are no zlib stream of `size` bytes.
    package func content() -> [UInt8]? {
        guard (0...Self.maximumSize).contains(size) else { return nil }
        var isWhole = false
        let content = unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
            var length = UInt(size)
            // SAFETY: as above; zlib writes no more than `length` bytes, and tells how many.
            let result = unsafe bytes.withUnsafeBufferPointer { input in
                unsafe uncompress(output.baseAddress, &length, input.baseAddress, UInt(input.count))
            }
            isWhole = result == Z_OK && length == UInt(size)
            count = isWhole ? size : 0
        }
        return isWhole ? content : nil
    }
}
