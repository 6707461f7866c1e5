import CloudTrail
import Foundation
import TestSupport
import Testing

/// What was found in an archive: each file with its content, and what was told.
private struct Contents: Equatable {
    var files: [String: String] = [:]
    var issues: [String] = []
}

private func contents(
    _ archive: [UInt8], name: String = "e.zip", limits: LogFileSource.Limits = .init()
) throws -> Contents {
    let scratch = try ScratchFolder()
    try scratch.write(name, archive)
    let found = try LogFileFinder.find([LogFilePath(scratch.path)], limits: limits)
    var contents = Contents()
    let strip = { (text: String) in text.replacingOccurrences(of: scratch.path + "/", with: "") }
    contents.issues = found.issues.map { "\(strip($0.location.file ?? "")) \($0.code.rawValue)" }
    let inflater = Inflater()
    for file in found.files {
        do {
            var source = try LogFileSource(file, hashing: true, limits: limits, inflater: inflater)
            let reading = try readAll(&source)
            contents.files[strip(file.displayPath)] = reading.code?.rawValue ?? reading.text
        } catch let fault as SourceFault {
            contents.files[strip(file.displayPath)] = fault.issue.code.rawValue
        }
    }
    return contents
}

private let text = Array(#"{"Records":[]}"#.utf8)
private let told = #"{"Records":[]}"#

@Suite struct ArchiveMemberTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var archive: [UInt8]
        var files: [String: String] = [:]
        var issues: [String] = []
        var file = "e.zip"
        var testDescription: String { name }
    }

    private static func zip(_ members: ZipFixture.Member...) -> [UInt8] { ZipFixture(members).bytes }

    private static func changed(_ change: (inout ZipFixture.Member) -> Void) -> ZipFixture.Member {
        var member = ZipFixture.Member("a.json", text)
        change(&member)
        return member
    }

    private static let good = ZipFixture.Member("b.json", text)

    private static var shifted: [UInt8] {
        var fixture = ZipFixture([good])
        fixture.prefix = [0x50, 0x4b, 3, 4] + Array("what was there before".utf8)
        fixture.comment = Array("a comment".utf8)
        return fixture.bytes
    }

    static let zips: [Case] = [
        Case(
            name: "deflated, stored, gzip within, a folder, what macOS adds",
            archive: zip(
                .init("AWSLogs/", [], isDeflated: false), .init("AWSLogs/a.json", text),
                .init("AWSLogs/b.json", text, isDeflated: false), .init("c.json.gz", gzipMember(text)),
                .init("__MACOSX/._c.json.gz", [0, 5, 22, 7])),
            files: ["e.zip!AWSLogs/a.json": told, "e.zip!AWSLogs/b.json": told, "e.zip!c.json.gz": told]),
        Case(name: "without a file", archive: zip()),
        Case(name: "with a start of its own and a comment", archive: shifted, files: ["e.zip!b.json": told]),
        Case(
            name: "sizes behind the bytes", archive: zip(changed { $0.flags = 8 }, good),
            files: ["e.zip!a.json": told, "e.zip!b.json": told]),
        Case(
            name: "encrypted", archive: zip(changed { $0.flags = 1 }, good), files: ["e.zip!b.json": told],
            issues: ["e.zip!a.json archive-member"]),
        Case(
            name: "another method", archive: zip(changed { $0.method = 93 }, good), files: ["e.zip!b.json": told],
            issues: ["e.zip!a.json archive-member"]),
        Case(
            name: "wrong checksum", archive: zip(changed { $0.toldChecksum = 1 }, good),
            files: ["e.zip!a.json": "archive-damaged", "e.zip!b.json": told]),
        Case(
            name: "longer than told", archive: zip(changed { $0.toldSize = 3 }, good),
            files: ["e.zip!a.json": "archive-damaged", "e.zip!b.json": told]),
        Case(
            name: "shorter than told", archive: zip(changed { $0.toldSize = 300 }, good),
            files: ["e.zip!a.json": "archive-damaged", "e.zip!b.json": told]),
        Case(
            name: "directory and file disagree",
            archive: zip(changed { $0.localName = Array("other.json".utf8) }, good),
            files: ["e.zip!a.json": "archive-damaged", "e.zip!b.json": told]),
        Case(
            name: "overlapping", archive: zip(good, changed { $0.toldOffset = 0 }), files: ["e.zip!b.json": told],
            issues: ["e.zip!a.json archive-member"]),
        Case(
            name: "a place outside", archive: zip(good, changed { $0.toldOffset = 1 << 30 }),
            files: ["e.zip!b.json": told], issues: ["e.zip!a.json archive-damaged"]),
        Case(
            name: "a large size without its field", archive: zip(good, changed { $0.toldSize = .max }),
            files: ["e.zip!b.json": told], issues: ["e.zip!a.json archive-damaged"]),
        Case(
            name: "a large size with its field",
            archive: zip(
                changed {
                    $0.toldSize = .max
                    $0.extra = littleEndian(UInt16(1)) + littleEndian(UInt16(8)) + littleEndian(UInt64(text.count))
                }), files: ["e.zip!a.json": told]),
        Case(
            name: "a link is no file",
            archive: zip(changed { $0.attributes = 0o120777 << 16 }, good), files: ["e.zip!b.json": told]),
        Case(
            name: "names that lead out, and one name twice",
            archive: zip(.init("../../etc/a.json", text), .init("/etc/a.json", text), .init("/", [])),
            files: ["e.zip!etc/a.json": told, "e.zip!etc/a.json~2": told]),
        Case(
            name: "an archive within",
            archive: zip(.init("inner.zip", zip(good)), .init("inner.tar", tarMember("x", text))),
            files: ["e.zip!inner.zip": "archive-member", "e.zip!inner.tar": "archive-member"]),
        Case(
            name: "cut", archive: Array(zip(good).dropLast(30)), issues: ["e.zip archive-damaged"]),
    ]

    private static let long = String(repeating: "folder/", count: 30) + "a.json"

    private static func extended(_ key: String, _ value: String) -> [UInt8] {
        var line = " \(key)=\(value)\n"
        var length = line.utf8.count + 2
        while String(length).utf8.count + line.utf8.count != length { length += 1 }
        line = "\(length)\(line)"
        return tarMember("pax", Array(line.utf8), type: "x")
    }

    static let tars: [Case] = [
        Case(
            name: "files, folders, links and devices",
            archive: tarMember("./AWSLogs/", [], type: "5") + tarMember("./AWSLogs/a.json", text)
                + tarMember("link", [], type: "2") + tarMember("hard", [], type: "1") + tarMember("tty", [], type: "3")
                + tarMember("b.json.gz", gzipMember(text), isGNU: true) + tarEnd,
            files: ["e.tar!AWSLogs/a.json": told, "e.tar!b.json.gz": told], file: "e.tar"),
        Case(
            name: "long names in three forms",
            archive: tarMember("x", Array((long + "\0").utf8), type: "L") + tarMember("cut", text)
                + extended("path", "p/" + long) + tarMember("cut", text)
                + tarMember("a.json", text, prefix: "some/folders") + tarEnd,
            files: ["e.tar!\(long)": told, "e.tar!p/\(long)": told, "e.tar!some/folders/a.json": told], file: "e.tar"),
        Case(
            name: "sparse, in two forms, and names that lead out",
            archive: tarMember("s.json", text, type: "S") + extended("GNU.sparse.major", "1")
                + tarMember("t.json", text)
                + tarMember("../../a.json", text) + tarMember("/a.json", text) + tarEnd,
            files: ["e.tar!a.json": told, "e.tar!a.json~2": told],
            issues: ["e.tar!s.json archive-member", "e.tar!t.json archive-member"], file: "e.tar"),
        Case(
            name: "without an end", archive: tarMember("a.json", text), files: ["e.tar!a.json": told],
            issues: ["e.tar archive-damaged"], file: "e.tar"),
        Case(
            name: "cut inside the padding", archive: Array(tarMember("a.json", text).dropLast(7)),
            files: ["e.tar!a.json": told], issues: ["e.tar archive-damaged"], file: "e.tar"),
        Case(
            name: "an archive behind another",
            archive: tarMember("a.json", text) + tarEnd + tarMember("b.json", text) + tarEnd,
            files: ["e.tar!a.json": told, "e.tar!b.json": told], file: "e.tar"),
        Case(
            name: "something behind the end",
            archive: tarMember("a.json", text) + tarEnd + [UInt8](repeating: 1, count: 512),
            files: ["e.tar!a.json": told], issues: ["e.tar archive-damaged"], file: "e.tar"),
        Case(
            name: "cut inside a file", archive: Array(tarMember("a.json", text).prefix(520)),
            files: ["e.tar!a.json": "archive-damaged"], issues: ["e.tar archive-damaged"], file: "e.tar"),
        Case(
            name: "a broken header", archive: tarMember("a.json", text) + [UInt8](repeating: 1, count: 512),
            files: ["e.tar!a.json": told], issues: ["e.tar archive-damaged"], file: "e.tar"),
    ]

    @Test(arguments: zips + tars) func `an archive is read as a folder`(_ row: Case) throws {
        let found = try contents(row.archive, name: row.file)
        #expect(found == Contents(files: row.files, issues: row.issues))
    }

    @Test(arguments: tars) func `a compressed tar archive is one, too`(_ row: Case) throws {
        let name = row.file + ".gz"
        let found = try contents(gzipMember(row.archive), name: name)
        let renamed = Dictionary(
            uniqueKeysWithValues: row.files.map { ($0.replacingOccurrences(of: "e.tar!", with: name + "!"), $1) })
        let issues = row.issues.map { name + $0.dropFirst("e.tar".count) }
        #expect(found == Contents(files: renamed, issues: issues))
    }

    @Test func `no cut and no changed byte of an archive is more than an issue`() throws {
        let archives = [
            Self.zip(Self.good, .init("c.json.gz", gzipMember(text)), .init("d.json", text, isDeflated: false)),
            Self.tars[1].archive, gzipMember(Self.tars[0].archive),
        ]
        var generator = SeededGenerator(state: 7)
        let scratch = try ScratchFolder()
        func tryReading(_ bytes: [UInt8]) throws {
            let path = LogFilePath(try scratch.write("e", bytes))
            let inflater = Inflater()
            for file in try LogFileFinder.find([path]).files {
                do {
                    var source = try LogFileSource(file, inflater: inflater)
                    _ = try readAll(&source)
                } catch let fault as SourceFault {
                    #expect(!fault.issue.message.isEmpty)
                }
            }
        }
        for archive in archives {
            for end in stride(from: 0, to: archive.count, by: max(1, archive.count / 150)) {
                try tryReading(Array(archive[..<end]))
            }
            for _ in 0..<200 {
                var changed = archive
                for _ in 0..<3 {
                    changed[Int.random(in: 0..<changed.count, using: &generator)] ^= UInt8.random(
                        in: 1...255, using: &generator)
                }
                try tryReading(changed)
            }
        }
    }

    @Test func `a member's hash and size are those of its own bytes, and reading it again gives the same`() throws {
        let scratch = try ScratchFolder()
        let stored = gzipMember(text)
        let alone = LogFilePath(try scratch.write("alone/c.json.gz", stored))
        let expected = try LogFileSource.sha256(ofFile: alone)
        for (name, archive) in [
            ("e.zip", Self.zip(.init("c.json.gz", stored))), ("e.tar", tarMember("c.json.gz", stored)),
            ("e.tgz", gzipMember(tarMember("b.json.gz", stored) + tarMember("c.json.gz", stored))),
        ] {
            try scratch.write("archives/" + name, archive)
            let found = try LogFileFinder.find([LogFilePath(scratch.path("archives/" + name))])
            let file = try #require(found.files.last)
            #expect(file.isLikelyLogFile && !file.isExplicit && file.isStored)
            let inflater = Inflater()
            for _ in 0..<2 { #expect(try LogFileSource.sha256(of: file, inflater: inflater) == expected) }
            var again = try LogFileSource.open(rememberedPath: file.displayPath)
            #expect(try readAll(&again).text == told)
        }
        #expect(throws: SourceFault.self) { try LogFileSource.open(rememberedPath: scratch.path("archives/e.zip!x")) }
    }

    @Test func `a bomb in an archive is stopped by the ratio`() throws {
        var limits = LogFileSource.Limits()
        limits.bytesBeforeRatio = 1000
        limits.maximumRatio = 1
        let zeros = [UInt8](repeating: UInt8(ascii: " "), count: 200_000)
        let zip = try contents(Self.zip(.init("a.json", gzipMember(zeros))), limits: limits)
        #expect(zip.files == ["e.zip!a.json": "inflated-ratio"] || zip.files["e.zip!a.json"]?.count == zeros.count)
        let small = CompressedBlock(compressing: tarMember("a.json", zeros))
        #expect(small.bytes.count < zeros.count)
    }

    @Test(arguments: [("zstd", "zst"), ("bzip2", "bz2"), ("xz", "xz")])
    func `what zlib does not know goes through its program`(_ program: String, _ suffix: String) throws {
        let scratch = try ScratchFolder()
        try scratch.write("a.json", text)
        try scratch.write("e.tar", tarMember("b.json", text) + tarMember("c.json.gz", gzipMember(text)) + tarEnd)
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = [program, "-q", "-k", scratch.path("a.json"), scratch.path("e.tar")]
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else { return print("skipped: `\(program)` is not installed") }
        let single = LogFilePath(scratch.path("a.json." + suffix))
        #expect(try readLogFile(single).text == told)
        let listed = try LogFileFinder.find([LogFilePath(scratch.path("e.tar." + suffix))])
        #expect(listed.files.count == 2)
        let inflater = Inflater()
        for file in listed.files {
            var source = try LogFileSource(file, inflater: inflater)
            #expect(try readAll(&source).text == told)
        }
        let cut = try Data(contentsOf: URL(filePath: scratch.path("a.json." + suffix)))
        let path = try scratch.writeLogFile("cut." + suffix, Array(cut.dropLast(6)))
        #expect(try readLogFile(path).code == .archiveDamaged)
    }
}
