import CloudTrail
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveSourceTests {
    static let text = Array("{\"Records\":[]}".utf8)

    @Test func `the name says nothing, the bytes all`() throws {
        let scratch = try ScratchFolder()
        #expect(try readLogFile(scratch.writeLogFile("plain.json.gz", Self.text)).bytes == Self.text)
        #expect(try readLogFile(scratch.writeLogFile("packed.json", gzipMember(Self.text))).bytes == Self.text)
    }

    @Test func `the hash is of the stored bytes, read to the end or not`() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.writeLogFile("abc", Array("abc".utf8))
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try LogFileSource.sha256(ofFile: path) == known)

        var whole = try LogFileSource(path: path, hashing: true)
        _ = try readAll(&whole)
        #expect(try whole.finishHash() == known)
        #expect(try LogFileSource(path: path, hashing: true).finishHash() == known)
        #expect(try LogFileSource(path: path).finishHash() == nil)

        let damaged = try scratch.writeLogFile("damaged.gz", gzipMember(Self.text).map { $0 ^ ($0 == 0x5d ? 1 : 0) })
        var source = try LogFileSource(path: damaged, hashing: true)
        #expect(try readAll(&source).code == .gzipChecksum)
        #expect(try source.finishHash() == LogFileSource.sha256(ofFile: damaged))
    }

    @Test func `sizes are told in stored bytes`() throws {
        let scratch = try ScratchFolder()
        let stored = gzipMember(Self.text)
        var source = try LogFileSource(path: scratch.writeLogFile("a", stored))
        #expect(source.size == stored.count && source.compressedBytes == 0 && source.modifiedNanoseconds > 0)
        _ = try readAll(&source)
        #expect(source.compressedBytes == stored.count && source.isCompressed)
    }

    @Test(arguments: [[UInt8]("more".utf8), []]) func `a file that changes while it is read is told`(change: [UInt8])
        throws
    {
        let scratch = try ScratchFolder()
        let path = try scratch.writeLogFile("growing", [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20))
        var source = try LogFileSource(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try source.read(into: buffer) == 1000)
        let file = try FileHandle(forWritingTo: scratch.url.appending(path: "growing"))
        if change.isEmpty { try file.truncate(atOffset: 500_000) } else { try file.seekToEnd() }
        try file.write(contentsOf: Data(change))
        try file.close()
        let rest = try readAll(&source)
        #expect(rest.code == .changedWhileReading)
        #expect(1000 + rest.bytes.count == (change.isEmpty ? 500_000 : (1 << 20) + 4))
    }

    @Test func `a gzip stream that is cut while it is read says that the file changed`() throws {
        let scratch = try ScratchFolder()
        let stored = gzipMember((0..<1_000_000).map { UInt8(ascii: "a") + UInt8($0 % 26) })
        let path = try scratch.writeLogFile("shrinking", stored)
        var source = try LogFileSource(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 1)
        defer { buffer.deallocate() }
        #expect(try source.read(into: buffer) == 512)
        let file = try FileHandle(forWritingTo: scratch.url.appending(path: "shrinking"))
        try file.truncate(atOffset: 700_000)
        try file.close()
        let rest = try readAll(&source)
        #expect(rest.code == .changedWhileReading)
        #expect(rest.fault?.issue.message.contains("ends early") == true)
        #expect(rest.bytes.count > 600_000)
    }

    /// A path that cannot be read, and the cause that is told.
    static let unreadable = [
        ("missing", "no such file or directory"), ("folder", "is a folder"), ("pipe", "is a pipe, not a file"),
        ("/dev/zero", "is a device, not a file"), ("file/below", "not a directory"),
        ("nul\0byte", "no such file or directory"),
    ]

    @Test(arguments: unreadable) func `what is no file is refused with its cause`(name: String, cause: String) throws {
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("folder/a", [])
        try scratch.writeLogFile("file", [])
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        let path = LogFilePath(name.hasPrefix("/") ? name : scratch.path + "/" + name)
        let fault = #expect(throws: SourceFault.self) { try LogFileSource(path: path, isExplicit: false) }
        #expect(fault?.issue.code == .unreadable)
        #expect(fault?.issue.message == cause)
        #expect(fault?.issue.location.file == path.displayName)
    }

    @Test func `a file without read permission is refused`() throws {
        if geteuid() == 0 { return print("skipped: root may read every file") }
        let scratch = try ScratchFolder()
        let path = try scratch.writeLogFile("secret", Self.text)
        #expect(chmod(scratch.path + "/secret", 0) == 0)
        let fault = #expect(throws: SourceFault.self) { try LogFileSource(path: path) }
        #expect(fault?.issue.message == "permission denied")
    }

    @Test func `a named pipe is read byte by byte as it comes`() async throws {
        let scratch = try ScratchFolder()
        let stored = gzipMember(gzipMember(Self.text))
        let pipe = scratch.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let writer = Thread {
            guard let file = FileHandle(forWritingAtPath: pipe) else { return }
            for byte in stored { file.write(Data([byte])) }
            file.closeFile()
        }
        writer.start()
        #expect(try readLogFile(LogFilePath(pipe)).bytes == Self.text)
    }

    @Test func `an open descriptor is read and left open`() throws {
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("a.gz", gzipMember(Self.text))
        let file = try #require(FileHandle(forReadingAtPath: scratch.path + "/a.gz"))
        var source = try LogFileSource(descriptor: file.fileDescriptor)
        #expect(source.name == "-")
        #expect(try readAll(&source).bytes == Self.text)
        #expect(try readLogFile(LogFilePath("/dev/fd/\(file.fileDescriptor)")).bytes == Self.text)
        #expect(try file.offset() > 0)
        try file.close()
    }

    @Test func `an inflater serves file after file, whatever the one before was`() throws {
        let scratch = try ScratchFolder()
        let inflater = Inflater()
        let good = gzipMember(Self.text)
        for stored in [good, Array(good.dropLast(9)), good, Self.text, good + [1], gzipMember(good), good] {
            let path = try scratch.writeLogFile("a", stored)
            #expect(try readLogFile(path, inflater: inflater) == readLogFile(path))
        }
    }

    /// A file name and how it is shown.
    static let names: [([UInt8], String)] = [
        (Array("a b/ä-日.json.gz".utf8), "a b/ä-日.json.gz"),
        (Array("\u{1b}[31mred\n\u{7f}".utf8), "\\x1b[31mred\\x0a\\x7f"),
        (
            Array("\u{202e}gz.nosj\u{2066}\u{200b}\u{85}\u{2028}".utf8),
            "\\u{202e}gz.nosj\\u{2066}\\u{200b}\\u{85}\\u{2028}"
        ),
        ([0x61, 0xff, 0xc3, 0x62, 0xe6, 0x97], "a\\xff\\xc3b\\xe6\\x97"),
        (Array("back\\slash".utf8), "back\\\\slash"),
        ([], ""),
    ]

    @Test(arguments: names) func `a name is shown without anything that a terminal obeys`(name: [UInt8], shown: String)
    {
        #expect(displayName(name) == shown)
    }
}
