/// A zip archive as the obvious writer makes it, with places to break it.
package struct ZipFixture {
    /// A member.
    package struct Member {
        package var name: [UInt8]
        package var content: [UInt8]
        package var isDeflated = true
        package var flags: UInt16 = 0
        package var method: UInt16?
        /// What the directory says instead of the truth.
        package var toldChecksum: UInt32?
        package var toldSize: UInt32?
        package var toldOffset: UInt32?
        package var localName: [UInt8]?
        package var attributes: UInt32 = 0
        package var extra: [UInt8] = []

        package init(_ name: String, _ content: [UInt8], isDeflated: Bool = true) {
            self.name = Array(name.utf8)
            self.content = content
            self.isDeflated = isDeflated
        }
    }

    package var members: [Member] = []
    package var prefix: [UInt8] = []
    package var comment: [UInt8] = []

    package init(_ members: [Member]) { self.members = members }

    /// The archive's bytes.
    package var bytes: [UInt8] {
        var archive = prefix
        var directory: [UInt8] = []
        for member in members {
            // A gzip member is a deflate stream between a header and a trailer.
            let stored =
                member.isDeflated ? Array(gzipMember(member.content).dropFirst(10).dropLast(8)) : member.content
            let offset = member.toldOffset ?? UInt32(archive.count - prefix.count)
            let method = member.method ?? (member.isDeflated ? 8 : 0)
            let sum = member.toldChecksum ?? crc32(member.content)
            let size = member.toldSize ?? UInt32(member.content.count)
            let local = member.localName ?? member.name
            archive += [0x50, 0x4b, 3, 4, 20, 0] + littleEndian(member.flags) + littleEndian(method)
            archive += [0, 0, 0, 0]
            // With bit 3 the sizes follow the bytes.
            let isStreamed = member.flags & 8 != 0
            archive += littleEndian(isStreamed ? UInt32(0) : sum)
            archive += littleEndian(isStreamed ? UInt32(0) : UInt32(stored.count))
            archive += littleEndian(isStreamed ? UInt32(0) : size) + littleEndian(UInt16(local.count)) + [0, 0]
            archive += local + stored
            if isStreamed {
                archive +=
                    [0x50, 0x4b, 7, 8] + littleEndian(sum) + littleEndian(UInt32(stored.count)) + littleEndian(size)
            }
            directory += [0x50, 0x4b, 1, 2, 20, 3, 20, 0] + littleEndian(member.flags) + littleEndian(method)
            directory += [0, 0, 0, 0] + littleEndian(sum) + littleEndian(UInt32(stored.count)) + littleEndian(size)
            directory +=
                littleEndian(UInt16(member.name.count)) + littleEndian(UInt16(member.extra.count)) + [0, 0, 0, 0, 0, 0]
            directory += littleEndian(member.attributes) + littleEndian(offset) + member.name + member.extra
        }
        let start = UInt32(archive.count - prefix.count)
        archive += directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
        archive += littleEndian(UInt16(members.count)) + littleEndian(UInt16(members.count))
        archive += littleEndian(UInt32(directory.count)) + littleEndian(start) + littleEndian(UInt16(comment.count))
        return archive + comment
    }
}

/// A tar archive's block and content for one member; `type` is the POSIX mark of what it is.
package func tarMember(
    _ name: String, _ content: [UInt8], type: Character = "0", prefix: String = "", isGNU: Bool = false
) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, _ offset: Int) {
        for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
    }
    put(String(name.prefix(100)), 0)
    put("0000644\0", 100)
    let octal = String(content.count, radix: 8)
    put(String(repeating: "0", count: 11 - octal.count) + octal, 124)
    put("00000000000", 136)
    put("        ", 148)
    put(String(type), 156)
    put(isGNU ? "ustar  \0" : "ustar\u{0}00", 257)
    put(prefix, 345)
    let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
    return block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
}

/// What ends a tar archive.
package let tarEnd = [UInt8](repeating: 0, count: 1024)
