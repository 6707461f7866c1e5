/// What a file holds, by its first bytes and never by its name.
package enum ContentSignature: Sendable, Equatable {
    /// How many bytes the recognition looks at: a tar archive shows itself at byte 257.
    package static let length = 512

    case gzip
    /// Text of some kind, or nothing at all: the reader of records decides.
    case text
    /// No log file; what it is, and what to do about it where that helps.
    case other(String)

    /// Recognises the first bytes of a file; `bytes` is shorter than `length` only where the file is.
    package init(_ bytes: [UInt8]) {
        // No text starts with 0x1f: a lone one is a gzip stream that was cut after its first byte.
        if bytes.starts(with: [0x1f, 0x8b]) || bytes == [0x1f] {
            self = .gzip
            return
        }
        for (magic, offset, name) in Self.foreign where bytes.dropFirst(offset).starts(with: magic) {
            self = .other(name)
            return
        }
        self = bytes.prefix(16).contains(0) ? .other("binary data") : .text
    }

    private static let foreign: [(magic: [UInt8], offset: Int, name: String)] = [
        (Array("SQLite format 3\0".utf8), 0, "a SQLite database"),
        (Array("PK\u{3}\u{4}".utf8), 0, "a zip archive: extract it first"),
        (Array("PK\u{5}\u{6}".utf8), 0, "an empty zip archive"),
        (Array("PAR1".utf8), 0, "a Parquet file: only CloudTrail's own JSON and CSV are read"),
        (Array("ORC".utf8), 0, "an ORC file: only CloudTrail's own JSON and CSV are read"),
        ([0x28, 0xb5, 0x2f, 0xfd], 0, "a Zstandard stream: decompress it first, with `zstd -d`"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 0, "an xz stream: decompress it first, with `xz -d`"),
        (Array("BZh".utf8), 0, "a bzip2 stream: decompress it first, with `bunzip2`"),
        ([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 0, "a 7-Zip archive: extract it first"),
        (Array("ustar".utf8), 257, "a tar archive: extract it first, with `tar -xf`"),
        // What `>` of Windows PowerShell writes.
        ([0xff, 0xfe], 0, "UTF-16 text: convert it first, with `iconv -f UTF-16 -t UTF-8`"),
        ([0xfe, 0xff], 0, "UTF-16 text: convert it first, with `iconv -f UTF-16 -t UTF-8`"),
        ([0x89, 0x50, 0x4e, 0x47], 0, "a PNG image"),
        ([0xff, 0xd8, 0xff], 0, "a JPEG image"),
        (Array("%PDF-".utf8), 0, "a PDF document"),
        ([0x7f, 0x45, 0x4c, 0x46], 0, "an executable"),
        ([0, 0, 0, 1, 0x42, 0x75, 0x64, 0x31], 0, "the Finder's `.DS_Store`"),
    ]
}
