import Foundation
import TestSupport
import Testing

@testable import trail403

/// Where a report goes: files that are there already, and readers that go away.
@Suite struct OutputFileTests {
    private static func report(_ file: String, in folder: String) throws -> Int32 {
        let sample = try SQLTests.sample.get() + "/trail403.sqlite"
        return try Program.run(["report", "--database", sample, "--format", "csv", "-o", file], in: folder).status
    }

    /// Runs a shell script whose `$0` is the program and whose `$1` is a database of the sample.
    private static func shell(_ script: String, in folder: String) throws -> Program.Result {
        let sample = try SQLTests.sample.get() + "/trail403.sqlite"
        return try Program.run("/bin/sh", ["-c", script, Program.binary.path, sample], in: folder)
    }

    private static func kind(_ path: String) throws -> FileAttributeType? {
        try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    }

    @Test func `A link stays a link, and a file keeps its mode`() throws {
        let folder = try ScratchFolder()
        try folder.write("real.csv", "old")
        #expect(chmod(folder.path + "/real.csv", 0o640) == 0)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.csv", withDestinationPath: "real.csv")
        #expect(try Self.report("link.csv", in: folder.path) == 0)
        #expect(try Self.kind(folder.path + "/link.csv") == .typeSymbolicLink)
        let text = try String(contentsOfFile: folder.path + "/real.csv", encoding: .utf8)
        #expect(text.contains("SendMessages"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/real.csv")[.posixPermissions]
        #expect(mode as? Int == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["link.csv", "real.csv"])
    }

    @Test func `A link to a file that is not there yet makes that file`() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/reports", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.csv", withDestinationPath: "reports/new.csv")
        #expect(try Self.report("link.csv", in: folder.path) == 0)
        #expect(try Self.kind(folder.path + "/link.csv") == .typeSymbolicLink)
        #expect(try Self.kind(folder.path + "/reports/new.csv") == .typeRegular)
    }

    @Test(arguments: [(0o022, 0o644), (0o077, 0o600), (0o027, 0o640)])
    func `A new file has the mode that the umask leaves`(umask: Int, mode: Int) throws {
        let folder = try ScratchFolder()
        let run = try Self.shell(
            "umask \(String(umask, radix: 8)); \"$0\" report --database \"$1\" --format openmetrics -o new.prom",
            in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/new.prom")
        #expect(attributes[.posixPermissions] as? Int == mode)
    }

    @Test func `A named pipe is written through`() throws {
        let folder = try ScratchFolder()
        let run = try Self.shell(
            "mkfifo pipe; cat pipe > got & \"$0\" report --database \"$1\" --format csv -o pipe; wait; test -p pipe",
            in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try String(contentsOfFile: folder.path + "/got", encoding: .utf8).contains("SendMessages"))
    }

    @Test func `A report never takes the place of the database`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file([SampleRecord.denied(1)]))
        #expect(try folder.run("ingest", "a.json").status == 0)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: "trail403.sqlite")
        let parts = ["-journal", "-wal", "-shm"]
        let taken = parts.map { ["report", "-o", "trail403.sqlite" + $0] }
        let linked = parts.map { ["report", "--database", "link", "-o", "./trail403.sqlite" + $0] }
        for arguments in [
            ["report", "-o", "trail403.sqlite"], ["report", "-o", "link"], ["analyze", "a.json", "-o", "link"],
        ] + taken + linked {
            let run = try Program.run(arguments, in: folder.path)
            #expect(run.status == 64 && run.errors.contains("is the database"), "\(run.errors)")
        }
        #expect(try folder.rows("SELECT count(*) FROM event") == [["1"]])
    }

    @Test func `What somebody laid in the way of the temporary file is left alone`() throws {
        let folder = try ScratchFolder()
        try folder.write("victim", "mine")
        let run = try Self.shell(
            "ln -s victim r.csv.$$.part; exec \"$0\" report --database \"$1\" --format csv -o r.csv", in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try folder.text("victim") == "mine")
        #expect(try folder.text("r.csv")?.contains("SendMessages") == true)
    }

    @Test func `Links that lead in a circle are refused`() throws {
        let folder = try ScratchFolder()
        try FileManager.default.createSymbolicLink(atPath: folder.path("a.csv"), withDestinationPath: "b.csv")
        try FileManager.default.createSymbolicLink(atPath: folder.path("b.csv"), withDestinationPath: "a.csv")
        let run = try Self.shell("exec \"$0\" report --database \"$1\" --format csv -o a.csv", in: folder.path)
        #expect(
            run.status == 1 && run.errors.contains("cannot write `a.csv`: too many levels of symbolic links"),
            "\(run.errors)")
        #expect(try Self.kind(folder.path("a.csv")) == .typeSymbolicLink)
        #expect(try Self.kind(folder.path("b.csv")) == .typeSymbolicLink)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).count == 2)
    }

    /// The files of a folder with their modes.
    private static func modes(_ folder: ScratchFolder) throws -> [String: Int] {
        let manager = FileManager.default
        return try Dictionary(
            uniqueKeysWithValues: manager.contentsOfDirectory(atPath: folder.path).map { name in
                (name, try manager.attributesOfItem(atPath: folder.path(name))[.posixPermissions] as? Int ?? -1)
            })
    }

    @Test func `What is not whole yet is its owner's alone, under another name each time`() throws {
        let folder = try ScratchFolder()
        try folder.write("private.csv", "old")
        #expect(chmod(folder.path("private.csv"), 0o640) == 0)
        var names: Set<String> = []
        for _ in 0..<3 {
            try WholeFile.replace(folder.path("private.csv"), mode: 0o100_640) { descriptor in
                let meanwhile = try Self.modes(folder).filter { $0.key != "private.csv" }
                #expect(meanwhile.count == 1 && meanwhile.first?.value == 0o600, "\(meanwhile)")
                names.formUnion(meanwhile.keys)
                #expect(try folder.text("private.csv") == "old")
                #expect(Foundation.write(descriptor, "old", 3) == 3)
            }
        }
        #expect(names.count == 3)
        #expect(try Self.modes(folder) == ["private.csv": 0o640])
    }

    @Test func `What fails half way leaves the old file and nothing else`() throws {
        struct Fault: Error {}
        let folder = try ScratchFolder()
        try folder.write("r.csv", "old")
        #expect(throws: Fault.self) {
            try WholeFile.replace(folder.path("r.csv"), mode: 0o100_600) { descriptor in
                #expect(Foundation.write(descriptor, "new", 3) == 3)
                throw Fault()
            }
        }
        #expect(try folder.text("r.csv") == "old")
        #expect(try Self.modes(folder).count == 1)
    }

    struct Unwritable: Sendable, CustomTestStringConvertible {
        var path: String
        var says: String
        var testDescription: String { path }
    }

    @Test(arguments: [
        Unwritable(path: "none/r.csv", says: "no such file or directory: make its folder first"),
        Unwritable(path: "file/r.csv", says: "not a directory: make its folder first"),
        Unwritable(path: "folder", says: "is a directory: name another file with -o"),
        Unwritable(path: "/dev/full", says: "no space left on device: free some space"),
        Unwritable(path: String(repeating: "x", count: 300), says: "file name too long: name another file with -o"),
    ]) func `What cannot be written is told with its cause, and leaves nothing`(_ row: Unwritable) throws {
        let folder = try ScratchFolder()
        try folder.write("file", "")
        try FileManager.default.createDirectory(atPath: folder.path("folder"), withIntermediateDirectories: true)
        let run = try Self.shell("exec \"$0\" report --database \"$1\" --format csv -o \(row.path)", in: folder.path)
        #expect(run.status == 1 && run.errors.contains("cannot write `\(row.path)`: \(row.says)"), "\(run.errors)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["file", "folder"])
    }

    @Test func `A reader that goes away does not hide the denials`() throws {
        let folder = try ScratchFolder()
        let run = try Self.shell(
            "{ \"$0\" report --database \"$1\" --service all --format json --fail-on-denials; echo $? > status; } | true; cat status",
            in: folder.path)
        #expect(run.output == "3\n", "\(run.output) \(run.errors)")
    }
}
