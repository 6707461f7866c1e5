/// Where a zip archive's member stands, as its directory says.
struct ZipEntry: Sendable, Equatable {
    /// Where its local header begins.
    var headerOffset: Int
    /// Bytes that it takes, as stored.
    var storedSize: Int
    /// Bytes that it has.
    var size: Int
    var checksum: UInt32
    /// Whether its bytes are deflated; else they stand as they are.
    var isDeflated: Bool
    /// Length of its name in the directory, which its local header must have as well.
    var nameLength: Int
}

/// Reads a zip archive's directory of its members ("APPNOTE.TXT - .ZIP File Format Specification", 4.3 and 4.5).
///
/// The directory at the end decides, as it does for every reader that can seek: what stands between members is none. Two members
/// that overlap are how small archives become huge ones, so all but the first of them are left out.
struct ZipDirectory {
    private struct End {
        var position: Int
        var offset: Int
        var size: Int
        var count: Int
    }

    private static let endLength = 22
    private static let entryLength = 46
    static let localHeaderLength = 30
    private static let largestComment = 65_535
    private static let zip64Mark = 0xffff_ffff

    private let archive: ArchiveFile
    private let path: LogFilePath
    private var listing: ArchiveListing

    /// The members of a zip archive.
    static func list(_ archive: ArchiveFile, path: LogFilePath) throws(SourceFault) -> ArchiveListing {
        var directory = ZipDirectory(archive: archive, path: path, listing: ArchiveListing(path))
        try directory.read()
        return directory.listing
    }

    private mutating func read() throws(SourceFault) {
        let end = try findEnd()
        // What a self-extracting archive has in front shifts every offset.
        let shift = end.position - end.size - end.offset
        guard end.offset >= 0, end.size >= 0, shift >= 0 else {
            throw listing.damaged("its member directory lies outside the file")
        }
        var reader = BufferedStretch(archive, from: end.offset + shift, to: end.position, name: path.displayName)
        var members: [ArchiveMember] = []
        for _ in 0..<end.count {
            guard let header = try reader.bytes(Self.entryLength), header.starts(with: [0x50, 0x4b, 1, 2]) else {
                listing.note(.archiveDamaged, nil, "its member directory is damaged or truncated: download it again")
                break
            }
            let lengths = (Int(header.u16(28)), Int(header.u16(30)), Int(header.u16(32)))
            guard let name = try reader.bytes(lengths.0), let extra = try reader.bytes(lengths.1),
                try reader.skip(lengths.2)
            else {
                listing.note(.archiveDamaged, nil, "its member directory is damaged or truncated: download it again")
                break
            }
            guard let member = self.member(header, Array(name), extra, shift, end) else { continue }
            members.append(member)
            guard members.count <= ArchiveListing.maximumMembers else { throw listing.tooMany }
        }
        addSeparate(members)
    }

    /// Adds the members but for those that overlap one before.
    private mutating func addSeparate(_ members: [ArchiveMember]) {
        var end = 0
        let ordered = members.sorted { $0.entry.headerOffset < $1.entry.headerOffset }
        for member in ordered {
            let entry = member.entry
            guard entry.headerOffset >= end else {
                listing.note(.archiveMember, member.name, "overlaps another file of the archive and is skipped")
                continue
            }
            end = entry.headerOffset + Self.localHeaderLength + entry.nameLength + entry.storedSize
            listing.add(member)
        }
    }

    private mutating func member(
        _ header: ArraySlice<UInt8>, _ stored: [UInt8], _ extra: ArraySlice<UInt8>, _ shift: Int, _ end: End
    ) -> ArchiveMember? {
        let flags = header.u16(8)
        let method = header.u16(10)
        let isFromUnix = header[header.startIndex + 5] == 3
        let type = header.u32(38) >> 28
        // Folders, links, and what macOS puts beside each file.
        if stored.last == UInt8(ascii: "/") || stored.starts(with: "__MACOSX/".utf8) { return nil }
        if isFromUnix, type != 0, type != 8 { return nil }
        guard let name = ArchiveMember.name(stored), !name.contains(0) else {
            listing.note(.archiveMember, nil, "it contains a file without a name, which is skipped")
            return nil
        }
        // 0 is encryption, 6 strong encryption, 13 a masked directory.
        if flags & (1 | 1 << 6 | 1 << 13) != 0 {
            listing.note(.archiveMember, name, "is encrypted: extract it with its password first")
            return nil
        }
        guard method == 0 || method == 8 else {
            listing.note(
                .archiveMember, name, "is compressed by method \(method), which is not supported: extract it first")
            return nil
        }
        guard
            let (size, storedSize, offset) = Self.sizes(header, extra), size >= 0, storedSize >= 0, offset >= 0,
            offset <= end.position - shift, storedSize <= end.position - shift - offset,
            method == 8 || size == storedSize
        else {
            listing.note(
                .archiveDamaged, name, "its size or place in the archive is damaged: download the archive again")
            return nil
        }
        let entry = ZipEntry(
            headerOffset: offset + shift, storedSize: storedSize, size: size, checksum: header.u32(16),
            isDeflated: method == 8, nameLength: stored.count)
        return ArchiveMember(archive: path, name: name, place: .zip(entry), size: storedSize)
    }

    /// Size, stored size and offset; those that do not fit 32 bits stand in the zip64 field, in this order. `nil` where it lacks one.
    private static func sizes(_ header: ArraySlice<UInt8>, _ extra: ArraySlice<UInt8>) -> (Int, Int, Int)? {
        var values = [Int(header.u32(24)), Int(header.u32(20)), Int(header.u32(42))]
        guard values.contains(zip64Mark) else { return (values[0], values[1], values[2]) }
        var rest = extra
        while rest.count >= 4 {
            let (id, length) = (rest.u16(0), Int(rest.u16(2)))
            guard rest.count >= 4 + length else { return nil }
            var field = rest.dropFirst(4).prefix(length)
            rest = rest.dropFirst(4 + length)
            guard id == 1 else { continue }
            for index in values.indices where values[index] == zip64Mark {
                guard field.count >= 8, let value = Int(exactly: field.u64(0)) else { return nil }
                values[index] = value
                field = field.dropFirst(8)
            }
            return (values[0], values[1], values[2])
        }
        return nil
    }

    private func findEnd() throws(SourceFault) -> End {
        let size = archive.status.size
        let start = max(0, size - Self.endLength - Self.largestComment)
        let tail = try archive.bytes(at: start, count: size - start, name: path.displayName)
        var index = tail.count - Self.endLength
        while index >= 0 {
            defer { index -= 1 }
            let record = tail[index...]
            guard record.starts(with: [0x50, 0x4b, 5, 6]),
                index + Self.endLength + Int(record.u16(20)) == tail.count
            else { continue }
            var end = End(
                position: start + index, offset: Int(record.u32(16)), size: Int(record.u32(12)),
                count: Int(record.u16(10)))
            if end.count == 0xffff || end.size == Self.zip64Mark || end.offset == Self.zip64Mark {
                end = try zip64End(before: start + index) ?? end
            }
            return end
        }
        throw listing.damaged("its member directory is missing: the download was truncated; download it again")
    }

    private func zip64End(before position: Int) throws(SourceFault) -> End? {
        let name = path.displayName
        let locator = try archive.bytes(at: max(0, position - 20), count: 20, name: name)[...]
        guard position >= 20, locator.count == 20, locator.starts(with: [0x50, 0x4b, 6, 7]) else { return nil }
        guard let place = Int(exactly: locator.u64(8)), place < position else {
            throw listing.damaged("its zip64 directory is damaged: download it again")
        }
        let record = try archive.bytes(at: place, count: 56, name: name)[...]
        guard record.count == 56, record.starts(with: [0x50, 0x4b, 6, 6]), let count = Int(exactly: record.u64(32)),
            let size = Int(exactly: record.u64(40)), let offset = Int(exactly: record.u64(48)), size <= place,
            offset <= place
        else { throw listing.damaged("its zip64 directory is damaged: download it again") }
        return End(position: place, offset: offset, size: size, count: count)
    }
}

extension ArchiveMember {
    fileprivate var entry: ZipEntry {
        guard case .zip(let entry) = place else { preconditionFailure("a zip archive has zip members") }
        return entry
    }
}
