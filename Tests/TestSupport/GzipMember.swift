import CZlib

/// A gzip member that holds `bytes` uncompressed, in stored blocks of at most `blockSize`: the obvious writer.
package func gzipMember(_ bytes: [UInt8], blockSize: Int = 65535) -> [UInt8] {
    var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = bytes[...]
    repeat {
        let block = rest.prefix(blockSize)
        rest = rest.dropFirst(blockSize)
        let length = UInt16(block.count)
        member.append(rest.isEmpty ? 1 : 0)
        member += littleEndian(length) + littleEndian(~length) + block
    } while !rest.isEmpty
    return member + littleEndian(crc32(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
}

/// A gzip member that holds a text uncompressed.
package func gzipMember(_ text: String) -> [UInt8] { gzipMember(Array(text.utf8)) }

/// A number's bytes, the lowest first.
package func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<(value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// The checksum of gzip and zip, as zlib has it.
package func crc32(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: CZlib.crc32(0, bytes, UInt32(bytes.count)))
}
