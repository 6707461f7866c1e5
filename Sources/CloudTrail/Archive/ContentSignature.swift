/// What a file holds, by its first bytes and never by its name.
package enum ContentSignature: Sendable, Equatable {
    /// How many bytes the recognition looks at: a tar archive shows itself at byte 257.
    package static let length = 512

    case gzip
    /// Text of some kind, or nothing at all: the reader of records decides.
    case text
    /// An archive of files, which the finder looks into.
    case zip, tar
    /// What another program decompresses.
    case compressed(Decompressor)
    /// No log file; what it is, and what to do about it where that helps.
    case other(String)

    /// Recognises the first bytes of a file; `bytes` is shorter than `length` only where the file is.
    package init(_ bytes: [UInt8]) {
        // No text starts with 0x1f: a lone one is a gzip stream that was cut after its first byte.
        if bytes.starts(with: [0x1f, 0x8b]) || bytes == [0x1f] {
            self = .gzip
            return
        }
        if bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6]) {
            self = .zip
            return
        }
        if TarHeader.begins(bytes) {
            self = .tar
            return
        }
        if let decompressor = Decompressor.allCases.first(where: { $0.begins(bytes) }) {
            self = .compressed(decompressor)
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
        (
            Array("PAR1".utf8), 0,
            "a Parquet file: convert it to JSON with DuckDB, `duckdb -c \"COPY (FROM 'FILE.parquet') TO 'FILE.json'\"`, and read that"
        ),
        (Array("ORC".utf8), 0, "an ORC file: only CloudTrail's own JSON and CSV are read"),
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
