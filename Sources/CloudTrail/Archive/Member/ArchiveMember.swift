/// A file in an archive: where it stands, and how it is stored.
package struct ArchiveMember: Sendable, Equatable {
    /// How the archive as a whole is compressed.
    package enum Compression: Sendable, Equatable {
        case gzip
        case program(Decompressor)
    }

    /// Where a member's bytes stand.
    enum Place: Sendable, Equatable {
        case zip(ZipEntry)
        /// From this byte of the archive on, once that is decompressed.
        case tar(offset: Int, Compression?)
    }

    /// The archive's path.
    package var archive: LogFilePath
    /// The name that the archive gives it, without leading slashes and dots; any bytes but NUL.
    package var name: [UInt8]
    var place: Place
    /// Bytes that it takes in the archive.
    var size: Int

    /// How the member is shown and remembered: `evidence.zip!AWSLogs/…`.
    var path: LogFilePath { LogFilePath(bytes: archive.bytes + [Self.mark] + name) }

    /// What stands between the archive's path and the member's name.
    static let mark = UInt8(ascii: "!")

    /// A name as it would be below a folder: leading slashes, `.` and `..` lead nowhere here. `nil` where nothing is left.
    static func name(_ stored: some Collection<UInt8>) -> [UInt8]? {
        var name: [UInt8] = []
        name.reserveCapacity(stored.count)
        for part in stored.split(separator: UInt8(ascii: "/"))
        where !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8) {
            if !name.isEmpty { name.append(UInt8(ascii: "/")) }
            name += part
        }
        return name.isEmpty ? nil : name
    }
}
