import TestSupport
import Testing

@testable import CloudTrail

@Suite struct ChecksumTests {
    @Test func `The checksum of any stretch, in any pieces, is that of the obvious loop`() {
        var random = SeededGenerator(state: 403)
        let bytes = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &random) }
        for length in Array(0...300) + [512, 1000, 2048] {
            let start = Int.random(in: 0..<900, using: &random)
            let stretch = Array(bytes[start..<start + length])
            let cut = Int.random(in: 0...length, using: &random)
            var sum = Checksum()
            for piece in [stretch[..<cut], stretch[cut...]] { unsafe piece.withUnsafeBytes { unsafe sum.update($0) } }
            #expect(sum.value == crc32(stretch), "\(length) bytes, cut at \(cut)")
        }
    }

    /// A member of stored blocks that ends as many bytes before the end of the first block read as its name has to fill.
    private static let member = gzipMember(
        [UInt8](repeating: UInt8(ascii: "a"), count: Inflater.blockSize - 18 - 25 - 8), blockSize: 65000)

    /// The same with `insertion` behind the header, which `flag` announces.
    private static func member(flag: UInt8, _ insertion: [UInt8]) -> [UInt8] {
        var bytes = member
        bytes[3] = flag
        bytes.insert(contentsOf: insertion, at: 10)
        return bytes
    }

    @Test func `A wrong trailer is found wherever a block of input ends in it`() throws {
        let scratch = try ScratchFolder()
        let inflater = Inflater()
        for length in 0...17 {
            let whole = Self.member(flag: 8, [UInt8](repeating: UInt8(ascii: "n"), count: length) + [0])
            #expect(try readLogFile(scratch.writeLogFile("whole", whole), inflater: inflater).code == nil)
            for place in 1...8 {
                var broken = whole
                broken[broken.count - place] ^= 1
                let reading = try readLogFile(scratch.writeLogFile("broken", broken), inflater: inflater)
                #expect(reading.code == .gzipChecksum, "a name of \(length) bytes, \(place) from the end")
                #expect(reading.bytes.count == Self.member.count - 18 - 25)
            }
        }
    }

    @Test func `A wrong checksum of the header is found`() throws {
        let scratch = try ScratchFolder()
        var header = Array(Self.member.prefix(10))
        header[3] = 2
        let sum = littleEndian(UInt16(truncatingIfNeeded: crc32(header)))
        #expect(try readLogFile(scratch.writeLogFile("whole", Self.member(flag: 2, sum))).code == nil)
        let broken = try readLogFile(scratch.writeLogFile("broken", Self.member(flag: 2, sum.map { ~$0 })))
        #expect(broken.code == .gzipChecksum)
    }
}
