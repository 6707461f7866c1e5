/// A block of 512 bytes in front of a tar archive's member (POSIX.1-2001 "ustar", and GNU's form of it).
struct TarHeader {
    static let length = 512

    /// What a member is.
    enum Kind: Equatable {
        case file, longName, extended, globalExtended, sparse
        /// Folders, links, devices and the like, and what holds no file.
        case other
    }

    var kind: Kind
    var name: [UInt8]
    /// Bytes behind the header, without the padding to the next block.
    var size: Int

    /// Reads a block; `nil` where it is no header: its sum is wrong, or a number is none.
    init?(_ block: ArraySlice<UInt8>) {
        guard block.count == Self.length, Self.hasSum(block), let size = Self.number(block, 124, 12) else { return nil }
        self.size = size
        name = Self.text(block, 0, 100)
        // GNU's form keeps other things where POSIX keeps the folders.
        if Self.field(block, 257, 6).elementsEqual("ustar\0".utf8) {
            let folders = Self.text(block, 345, 155)
            if !folders.isEmpty { name = folders + [UInt8(ascii: "/")] + name }
        }
        switch block[block.startIndex + 156] {
        case 0, UInt8(ascii: "0"), UInt8(ascii: "7"): kind = .file
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "x"): kind = .extended
        case UInt8(ascii: "g"): kind = .globalExtended
        case UInt8(ascii: "S"): kind = .sparse
        default:
            kind = .other
            // A link says how large the file is that it leads to, and nothing follows.
            if (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(block[block.startIndex + 156]) { self.size = 0 }
        }
    }

    /// Whether a file's first bytes are a tar archive's.
    static func begins(_ bytes: [UInt8]) -> Bool { bytes.dropFirst(257).starts(with: "ustar".utf8) }

    private static func field(_ block: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
        block.dropFirst(offset).prefix(count)
    }

    private static func text(_ block: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> [UInt8] {
        Array(field(block, offset, count).prefix { $0 != 0 })
    }

    /// Octal digits, or where the first bit is set a binary number.
    private static func number(_ block: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> Int? {
        let field = field(block, offset, count)
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80 else { return nil }
            var value = 0
            for byte in field.dropFirst() {
                guard value < 1 << 52 else { return nil }
                value = value << 8 | Int(byte)
            }
            return value
        }
        var value = 0
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) else { return nil }
            value = value << 3 | Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    /// The sum of the block's bytes, with blanks where the sum itself stands. Old programs added them with their signs.
    private static func hasSum(_ block: ArraySlice<UInt8>) -> Bool {
        guard let told = number(block, 148, 8) else { return false }
        var (unsigned, signed) = (8 * 32, 8 * 32)
        for (index, byte) in block.enumerated() where !(148..<156).contains(index) {
            unsigned += Int(byte)
            signed += Int(Int8(bitPattern: byte))
        }
        return told == unsigned || told == signed
    }
}
