import CloudTrail
import Foundation
import TestSupport
import Testing

@Suite struct GzipTests {
    /// One stream of klauspost/compress's table, with what we make of it.
    struct Shared: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var expectedOutput: String
        var expectedErrorGo: String?
        var pythonGzip: String
        var desc: String

        var testDescription: String { file }

        enum CodingKeys: String, CodingKey {
            case file, desc
            case expectedOutput = "expected_output"
            case expectedErrorGo = "expected_error_go"
            case pythonGzip = "python_gzip"
        }

        var code: IngestIssue.Code? {
            switch file.prefix(2) {
            case "06": .trailingBytes
            // A lone 0x1f after a member: the next member was cut.
            case "07", "11", "12": .gzipTruncated
            case "08", "09": .gzipChecksum
            default: nil
            }
        }

        static func load() throws -> [Shared] {
            guard let folder = sharedData("gzip") else { return [] }
            return try JSONDecoder().decode([Shared].self, from: Data(contentsOf: folder.appending(path: "cases.json")))
        }
    }

    @Test(arguments: [1, 7, 64 << 10]) func `the shared streams read as their table says`(step: Int) throws {
        let inflater = Inflater()
        for row in try Shared.load() {
            let folder = try #require(sharedData("gzip"))
            let reading = try readLogFile(
                LogFilePath(folder.appending(path: row.file).path), step: step, inflater: inflater)
            #expect(reading.code == row.code, "\(row.file)")
            #expect((row.code == nil) == (row.expectedErrorGo == nil), "\(row.file)")
            if row.pythonGzip != "different" { #expect(reading.text == row.expectedOutput, "\(row.file)") }
        }
    }

    @Test func `a stream that once hung a decoder fails`() throws {
        guard let folder = sharedData("gzip") else { return }
        let reading = try readLogFile(LogFilePath(folder.appending(path: "issue6550.gz").path))
        #expect(reading.code == .gzipCorrupt)
    }

    @Test(arguments: [1, 7, 64 << 10]) func `a stream cut at any byte gives the bytes before and a fault`(step: Int)
        throws
    {
        let scratch = try ScratchFolder()
        let inflater = Inflater()
        let text = Array("{\"Records\":[]}".utf8)
        let first = gzipMember(text, blockSize: 5)
        let streams = [first + gzipMember(text), gzipMember(gzipMember(text, blockSize: 9))] + (try sharedStreams())
        for stream in streams {
            let path = try scratch.writeLogFile("whole", stream)
            let whole = try readLogFile(path, step: step, inflater: inflater)
            let memberEnds = stream == streams[0] ? [first.count] : stream.count == 84 ? [42] : []
            for length in stream.indices {
                try scratch.writeLogFile("cut", Array(stream[..<length]))
                let cut = try readLogFile(LogFilePath(scratch.path + "/cut"), step: step, inflater: inflater)
                #expect(whole.bytes.starts(with: cut.bytes))
                // Without a byte, or between two members, nothing is missing.
                if length > 0, !memberEnds.contains(length), whole.fault == nil {
                    #expect(cut.code == .gzipTruncated, "\(length) of \(stream.count) bytes")
                }
            }
        }
    }

    @Test func `flipped bits give a fault or other bytes and never a trap`() throws {
        let scratch = try ScratchFolder()
        let inflater = Inflater()
        var random = SeededGenerator(state: 403)
        for stream in try sharedStreams() + [gzipMember(gzipMember(Array("{\"Records\":[]}".utf8)))] {
            for _ in 0..<200 {
                var broken = stream
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    broken[Int.random(in: broken.indices, using: &random)] ^=
                        1 << UInt8.random(in: 0..<8, using: &random)
                }
                let path = try scratch.writeLogFile("broken", broken)
                let reading = try readLogFile(path, step: 4096, inflater: inflater)
                #expect(try readLogFile(path, step: 1) == reading)
            }
        }
    }

    /// A made-up stream and what it reads as.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var stream: [UInt8]
        var text: String
        var code: IngestIssue.Code?
        var message: String?
        var byteOffset: Int?

        var testDescription: String { name }
    }

    static let hello = gzipMember(Array("hello".utf8))
    static let cases: [Case] = [
        Case(name: "empty file", stream: [], text: ""),
        Case(name: "plain text", stream: Array("{}".utf8), text: "{}"),
        Case(name: "one member", stream: hello, text: "hello"),
        Case(name: "many members", stream: hello + hello + gzipMember([]) + hello, text: "hellohellohello"),
        Case(name: "zero padding", stream: hello + hello + [UInt8](repeating: 0, count: 1000), text: "hellohello"),
        Case(
            name: "trailing byte", stream: hello + [65], text: "hello", code: .trailingBytes,
            message:
                "1 byte follows the gzip stream, which ends at compressed byte 28: compare the file with the one in S3",
            byteOffset: 28),
        Case(
            name: "padding and then a member", stream: hello + [0, 0] + hello, text: "hello", code: .trailingBytes,
            message:
                "30 bytes follow the gzip stream, which ends at compressed byte 28: compare the file with the one in S3",
            byteOffset: 28),
        Case(
            name: "many trailing bytes", stream: hello + [UInt8](repeating: 7, count: 700_000), text: "hello",
            code: .trailingBytes,
            message:
                "700000 bytes follow the gzip stream, which ends at compressed byte 28: compare the file with the one in S3",
            byteOffset: 28),
        Case(
            name: "second member without deflate", stream: hello + [0x1f, 0x8b, 9, 0], text: "hello", code: .gzipCorrupt
        ),
        Case(name: "gzip within gzip", stream: gzipMember(hello + hello), text: "hellohello"),
        Case(
            name: "gzip within gzip, longer than a block", stream: gzipMember(gzipMember(long) + gzipMember(long)),
            text: String(decoding: long + long, as: UTF8.self)),
        Case(
            name: "cut within gzip", stream: gzipMember(Array(hello.dropLast(3))), text: "hello", code: .gzipTruncated,
            byteOffset: 25),
        Case(name: "gzip three deep", stream: gzipMember(gzipMember(hello)), text: "", code: .notALogFile),
        Case(
            name: "a member across blocks", stream: gzipMember(long) + hello,
            text: String(decoding: long, as: UTF8.self) + "hello"),
        Case(
            name: "a member that starts on a block's last byte", stream: blockFiller + hello,
            text: String(repeating: "a", count: blockFiller.count - 43) + "hello"),
        Case(
            name: "SQLite", stream: Array("SQLite format 3\0".utf8), text: "", code: .notALogFile,
            message: "is a SQLite database"),
        Case(
            name: "SQLite within gzip", stream: gzipMember(Array("SQLite format 3\0".utf8)), text: "",
            code: .notALogFile),
        Case(name: "UTF-16", stream: [0xff, 0xfe, 0x7b, 0], text: "", code: .notALogFile),
    ]
    static let long = (0..<600_000).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    /// A member that ends one byte before the end of the first block read: header and trailer cost 18 bytes, and each of
    /// five stored blocks 5.
    static let blockFiller = gzipMember(
        [UInt8](repeating: UInt8(ascii: "a"), count: Inflater.blockSize - 1 - 18 - 25), blockSize: 65000)

    @Test(arguments: cases, [1, 7, 64 << 10]) func `a stream reads as its row says`(row: Case, step: Int) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.writeLogFile("stream", row.stream)
        let reading = try readLogFile(path, step: step)
        #expect(reading.text == row.text)
        #expect(reading.code == row.code)
        if let message = row.message { #expect(reading.fault?.issue.message == message) }
        if let offset = row.byteOffset { #expect(reading.fault?.issue.location.byteOffset == offset) }
    }

    @Test func `a bomb stops at the ratio limit and names the flag`() throws {
        let scratch = try ScratchFolder()
        // 100,000 spaces, deflated at level 9.
        let spaces =
            "H4sIAAAAAAACA+3BMQEAAADCoCrrn9IaHkABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAArwYt8HnKoIYBAA=="
        let bomb = try #require(Data(base64Encoded: spaces))
        let path = try scratch.writeLogFile("bomb.gz", gzipMember([32]) + bomb)
        let strict = LogFileSource.Limits(maximumRatio: 100, bytesBeforeRatio: 5000)
        let reading = try readLogFile(path, step: 1000, limits: strict)
        #expect(reading.code == .inflatedRatio)
        #expect(reading.fault?.issue.message.contains("`--max-ratio`") == true)
        #expect((5000...20000).contains(reading.bytes.count))
        #expect(try readLogFile(path).code == nil)
        let nested = try scratch.writeLogFile("nested.gz", gzipMember(Array(bomb)))
        #expect(try readLogFile(nested, step: 1000, limits: strict).code == .inflatedRatio)
    }

    @Test func `a fault is thrown again by every later read`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.writeLogFile("cut.gz", Array(Self.hello.dropLast()))
        var source = try LogFileSource(path: path)
        let first = try readAll(&source)
        let second = try readAll(&source)
        #expect(first.text == "hello" && second.bytes.isEmpty)
        #expect(first.fault == second.fault && first.code == .gzipTruncated)
    }

    private func sharedStreams() throws -> [[UInt8]] {
        guard let folder = sharedData("gzip") else { return [] }
        return try Shared.load().map { Array(try Data(contentsOf: folder.appending(path: $0.file))) }
    }
}
