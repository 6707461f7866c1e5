/// Walks through a tar archive from header to header.
struct TarDirectory {
    /// Bytes that a member's extended header or long name may have.
    private static let maximumHeader = 1 << 20
    private static let maximumName = 4096
    /// Zero bytes behind an end, after which no further archive is looked for.
    private static let maximumZeros = 64 << 20

    private let path: LogFilePath
    private let compression: ArchiveMember.Compression?
    private var listing: ArchiveListing
    private var position = 0

    /// What the next file's header is overruled by.
    private struct Extension {
        var name: [UInt8]?
        var size: Int?
        var isSparse = false
    }

    /// The members of a tar archive, whose decompressed bytes `bytes` gives.
    ///
    /// A fault of the source ends the walk, and is told; what was found before stays.
    static func list(
        _ bytes: inout some TarBytes, path: LogFilePath, compression: ArchiveMember.Compression?
    ) throws(SourceFault) -> ArchiveListing {
        var directory = TarDirectory(path: path, compression: compression, listing: ArchiveListing(path))
        do {
            try directory.read(&bytes)
        } catch let fault as SourceFault {
            if fault == directory.listing.tooMany { throw fault }
            directory.listing.issues.append(fault.issue)
        } catch {
            throw directory.listing.damaged("\(error)")
        }
        return directory.listing
    }

    private mutating func read(_ bytes: inout some TarBytes) throws {
        var next = Extension()
        // Bytes of the end that was read last: blocks of zeros, behind which another archive may have been appended.
        var zeros = 0
        while true {
            let block = try bytes.next(TarHeader.length)
            let isZero = block.allSatisfy { $0 == 0 }
            guard block.count == TarHeader.length else {
                if zeros == 0 || !isZero { noteCut() }
                return
            }
            position += block.count
            if isZero {
                zeros += block.count
                guard zeros <= Self.maximumZeros else {
                    return listing.note(
                        .archiveDamaged, nil,
                        "more than \(Self.maximumZeros) zero bytes follow the tar archive's end: what follows them is not read"
                    )
                }
                continue
            }
            zeros = 0
            guard let header = TarHeader(block[...]), header.size <= Int.max >> 2 else {
                return listing.note(
                    .archiveDamaged, nil,
                    "the tar archive is damaged at byte \(position - block.count): what follows is not read")
            }
            switch header.kind {
            case .longName:
                let text = try content(header, &bytes)
                next.name = text.map { Array($0.prefix { $0 != 0 }) }
                continue
            case .extended:
                guard let content = try content(header, &bytes) else { continue }
                Self.readExtension(content[...], &next)
                continue
            case .globalExtended:
                guard try content(header, &bytes) != nil else { continue }
                continue
            case .file, .sparse, .other: break
            }
            let size = header.kind == .other ? header.size : next.size ?? header.size
            try add(header, next, size)
            next = Extension()
            guard try skip(size, &bytes) else { return noteCut() }
        }
    }

    /// Tells that the archive has no end.
    private mutating func noteCut() {
        listing.note(
            .archiveDamaged, nil,
            "the tar archive was cut: its end is missing, and files after the first \(listing.members.count) may be, too; "
                + "download it again")
    }

    private mutating func add(_ header: TarHeader, _ next: Extension, _ size: Int) throws(SourceFault) {
        guard header.kind != .other else { return }
        let stored = next.name ?? header.name
        // A folder, in archives older than the mark for one.
        if stored.last == UInt8(ascii: "/") { return }
        guard let name = ArchiveMember.name(stored), name.count <= Self.maximumName, !name.contains(0) else {
            return listing.note(.archiveMember, nil, "it contains a file without a usable name, which is skipped")
        }
        // What macOS puts beside each file.
        if name.starts(with: "__MACOSX/".utf8) { return }
        if header.kind == .sparse || next.isSparse {
            return listing.note(
                .archiveMember, name, "is stored as a sparse file, which is not supported: extract it first")
        }
        listing.add(
            ArchiveMember(archive: path, name: name, place: .tar(offset: position, compression), size: size))
        if listing.members.count > ArchiveListing.maximumMembers { throw listing.tooMany }
    }

    /// What stands behind a header that speaks of the next; `nil` where it is too long, which is told.
    private mutating func content(_ header: TarHeader, _ bytes: inout some TarBytes) throws -> [UInt8]? {
        guard header.size <= Self.maximumHeader else {
            listing.note(.archiveMember, nil, "a header of \(header.size) bytes is skipped")
            _ = try skip(header.size, &bytes)
            return nil
        }
        let content = try bytes.next(header.size)
        position += content.count
        _ = try skip(Self.padded(header.size) - content.count, &bytes, isPadded: true)
        return content
    }

    private mutating func skip(_ size: Int, _ bytes: inout some TarBytes, isPadded: Bool = false) throws -> Bool {
        let count = isPadded ? size : Self.padded(size)
        position += count
        return try bytes.skip(count)
    }

    private static func padded(_ size: Int) -> Int { (size + TarHeader.length - 1) & ~(TarHeader.length - 1) }

    /// Reads lines `LENGTH KEY=VALUE\n`; the rest is left where one is none.
    private static func readExtension(_ content: ArraySlice<UInt8>, _ next: inout Extension) {
        var rest = content
        while let blank = rest.firstIndex(of: UInt8(ascii: " ")) {
            guard let length = decimal(rest[..<blank]), length > blank - rest.startIndex + 1, length <= rest.count
            else { return }
            let line = rest[(blank + 1)..<(rest.startIndex + length)].dropLast()
            rest = rest.dropFirst(length)
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return }
            let value = line[(equals + 1)...]
            switch String(decoding: line[..<equals], as: UTF8.self) {
            case "path": next.name = Array(value)
            case "size": next.size = decimal(value)
            case let key where key.hasPrefix("GNU.sparse."): next.isSparse = true
            default: break
            }
        }
    }

    private static func decimal(_ text: some Collection<UInt8>) -> Int? {
        guard (1...15).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }
}

/// The decompressed bytes of a tar archive, from its start on.
protocol TarBytes {
    /// The next `count` bytes, fewer at the end.
    mutating func next(_ count: Int) throws -> [UInt8]
    /// Passes over `count` bytes; false where the end comes before.
    mutating func skip(_ count: Int) throws -> Bool
}

/// A tar archive that is not compressed: only the headers are read.
struct PlainTarBytes: TarBytes {
    private let archive: ArchiveFile
    private let name: String
    private var position = 0

    init(_ archive: ArchiveFile, name: String) {
        self.archive = archive
        self.name = name
    }

    mutating func next(_ count: Int) throws -> [UInt8] {
        let bytes = try archive.bytes(at: position, count: count, name: name)
        position += bytes.count
        return bytes
    }

    mutating func skip(_ count: Int) throws -> Bool {
        position += count
        return position <= archive.status.size
    }
}
