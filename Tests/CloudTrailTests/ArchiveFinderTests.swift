import CloudTrail
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveFinderTests {
    private func find(_ scratch: ScratchFolder, _ names: String...) throws -> LogFileFinder.Findings {
        try LogFileFinder.find(names.map { LogFilePath(scratch.path + $0) })
    }

    private func names(_ findings: LogFileFinder.Findings, in scratch: ScratchFolder) -> [String] {
        findings.files.map { String($0.displayPath.dropFirst(scratch.path.count + 1)) }
    }

    @Test func `files come by delivery time and then by path, whatever the order of the arguments`() throws {
        let scratch = try ScratchFolder()
        for name in [
            "z/111111111111_CloudTrail_us-east-1_20240601T0005Z_AAAAAAAAAAAAAAAA.json.gz",
            "a/111111111111_CloudTrail_us-east-1_20240601T0010Z_AAAAAAAAAAAAAAAA.json.gz",
            "a/111111111111_CloudTrail_us-east-1_20231231T2355ZHdkvFTXOA3Vnhbc.json.gz",
            "b/111111111111_CloudTrail_eu-west-1_20240601T0010Z_AAAAAAAAAAAAAAAA.json.gz", "b/other.json",
            "a/other.json",
            ".DS_Store",
        ] { try scratch.writeLogFile(name, [1, 2]) }
        let expected = [
            "a/111111111111_CloudTrail_us-east-1_20231231T2355ZHdkvFTXOA3Vnhbc.json.gz",
            "z/111111111111_CloudTrail_us-east-1_20240601T0005Z_AAAAAAAAAAAAAAAA.json.gz",
            "a/111111111111_CloudTrail_us-east-1_20240601T0010Z_AAAAAAAAAAAAAAAA.json.gz",
            "b/111111111111_CloudTrail_eu-west-1_20240601T0010Z_AAAAAAAAAAAAAAAA.json.gz", ".DS_Store", "a/other.json",
            "b/other.json",
        ]
        let whole = try find(scratch, "")
        #expect(names(whole, in: scratch) == expected)
        #expect(whole.files.allSatisfy { !$0.isExplicit && $0.size == 2 && $0.modifiedNanoseconds > 0 })
        #expect(whole.files.map(\.isLikelyLogFile) == [true, true, true, true, false, true, true])
        let parts = try find(scratch, "/z", "/b", "/a", "/.DS_Store", "/a")
        let turned = try find(scratch, "/.DS_Store", "/a", "/a", "/b", "/z")
        #expect(parts == turned)
        #expect(names(parts, in: scratch) == expected)
        #expect(parts.files.filter(\.isExplicit).map(\.displayPath) == [scratch.path + "/.DS_Store"])
    }

    @Test func `a file that is reached twice is listed once, and named if it was named at all`() throws {
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("logs/a.json", [1])
        for names in [["", "/logs/a.json"], ["/logs/a.json", ""], ["/logs/../logs", "/logs/a.json"]] {
            let found = try LogFileFinder.find(names.map { LogFilePath(scratch.path + $0) })
            #expect(found.files.count == 1)
            #expect(found.files.first?.isExplicit == true)
        }
    }

    @Test func `links are followed, loops end, and a broken link is told`() throws {
        let scratch = try ScratchFolder()
        let manager = FileManager.default
        try scratch.writeLogFile("logs/day/a.json", [1])
        try scratch.writeLogFile("elsewhere/b.json", [1])
        for (link, target) in [
            ("logs/day/up", ".."), ("logs/self", "self"), ("logs/broken", "nowhere"), ("logs/again.json", "day/a.json"),
            ("logs/more", "../elsewhere"), ("logs/00-first", "day"),
        ] {
            try manager.createSymbolicLink(atPath: scratch.path + "/" + link, withDestinationPath: target)
        }
        let found = try find(scratch, "/logs")
        #expect(names(found, in: scratch) == ["logs/day/a.json", "logs/more/b.json"])
        #expect(
            found.issues.map(\.message) == ["the symbolic link leads nowhere", "too many levels of symbolic links"])
        #expect(found.issues.allSatisfy { $0.code == .unreadable })
    }

    @Test func `pipes and sockets in a folder are passed over, and named ones are not`() throws {
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("a.json", [1])
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        #expect(names(try find(scratch, ""), in: scratch) == ["a.json"])
        let named = try find(scratch, "/pipe")
        #expect(named.files.map(\.kind) == [.stream])
        let standardInput = try LogFileFinder.find([LogFilePath("-"), LogFilePath("-")])
        #expect(standardInput.files.map(\.kind) == [.standardInput])
    }

    @Test func `an empty folder holds nothing and is no fault`() throws {
        let scratch = try ScratchFolder()
        #expect(try find(scratch, "") == LogFileFinder.Findings())
    }

    @Test func `a folder that may not be read is told and the others are read`() throws {
        if geteuid() == 0 { return print("skipped: root may read every folder") }
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("secret/a.json", [1])
        try scratch.writeLogFile("b.json", [1])
        #expect(chmod(scratch.path + "/secret", 0) == 0)
        defer { chmod(scratch.path + "/secret", 0o700) }
        let found = try find(scratch, "")
        #expect(names(found, in: scratch) == ["b.json"])
        #expect(found.issues.map(\.message) == ["permission denied"])
    }

    @Test func `a path with nothing there is a usage error`() throws {
        let scratch = try ScratchFolder()
        try scratch.writeLogFile("a.json", [1])
        for name in ["/missing\u{1b}", "/a.json/below"] {
            let error = #expect(throws: PathError.self) { try find(scratch, "/a.json", name) }
            #expect(error?.reason == "no such file or folder")
        }
        let error = #expect(throws: PathError.self) { try LogFileFinder.find([LogFilePath("/no\u{1b}where")]) }
        #expect(error?.description == "cannot read `/no\\x1bwhere`: no such file or folder")
    }

    @Test func `a name that is not UTF-8 is found, shown and read`() throws {
        let scratch = try ScratchFolder()
        let name = Array(scratch.path.utf8) + [UInt8(ascii: "/"), 0xff, 0x0a]
        let descriptor = open(name.map { CChar(bitPattern: $0) } + [0], O_CREAT | O_WRONLY, 0o600)
        try #require(descriptor >= 0)
        #expect(write(descriptor, "{}", 2) == 2)
        close(descriptor)
        let file = try #require(try find(scratch, "").files.first)
        #expect(file.path.bytes == name)
        #expect(file.displayPath == scratch.path + "/\\xff\\x0a")
        var source = try LogFileSource(file)
        #expect(try readAll(&source).text == "{}")
    }
}
