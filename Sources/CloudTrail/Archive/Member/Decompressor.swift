/// A program that decompresses what zlib does not know. It reads the file on its standard input.
package enum Decompressor: Sendable, Equatable, CaseIterable {
    case zstandard, bzip2, xz, sevenZip

    /// What the content is called.
    var content: String {
        switch self {
        case .zstandard: "a Zstandard stream"
        case .bzip2: "a bzip2 stream"
        case .xz: "an xz stream"
        case .sevenZip: "a 7-Zip archive"
        }
    }

    /// The program and its arguments, the same for every file: no name of a file is among them. zstd refuses by itself what wants
    /// more than 128 MB.
    var arguments: [String] {
        switch self {
        case .zstandard: ["zstd", "-d", "-c", "-q"]
        case .bzip2: ["bzip2", "-d", "-c", "-q"]
        case .xz: ["xz", "-d", "-c", "-q", "--memlimit-decompress=512MiB"]
        // 7-Zip must seek; standard input is the file itself, under this name.
        case .sevenZip: ["7z", "x", "-so", "-bd", "-y", "/dev/stdin"]
        }
    }

    /// What a user types where the program cannot be run for them.
    var command: String {
        switch self {
        case .zstandard: "zstd -d FILE"
        case .bzip2: "bunzip2 FILE"
        case .xz: "xz -d FILE"
        case .sevenZip: "7z x FILE"
        }
    }

    /// Whether a file that begins with these bytes is the program's.
    func begins(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .zstandard: bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd])
        // The first block's mark, or the end's, stands behind the three letters, which a text may begin with, and a digit.
        case .bzip2:
            bytes.starts(with: "BZh".utf8)
                && (bytes.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
                    || bytes.dropFirst(4).starts(with: [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))
        case .xz: bytes.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])
        case .sevenZip: bytes.starts(with: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])
        }
    }
}
