import Foundation
import Synchronization
import TestSupport
import Testing

/// What happens to an ingest from outside: it is killed, told to stop, runs out of disk, or is not alone.
@Suite(.serialized) struct SafetyProgramTests {
    private static let files = 60
    private static let recordsPerFile = 400

    /// An archive with overlaps between its files, one damaged file among them.
    private static func writeArchive(_ folder: ScratchFolder, files: Int = files, named name: String = "archive") throws
    {
        for file in 0..<files {
            let records = (0..<recordsPerFile).map { SampleRecord.mixed(file * (recordsPerFile - 20) + $0) }
            let text = SampleRecord.file(records)
            let digits = file < 10 ? "0\(file)" : "\(file)"
            try folder.write(
                "\(name)/\(digits).json.gz", gzipMember(file == 17 ? String(text.dropLast(200)) : text))
        }
    }

    /// Everything that users can query, without what legitimately differs between runs: the time, and internal numbers.
    private static func rows(_ folder: ScratchFolder, _ database: String) throws -> [String: [[String]]] {
        let queries = [
            "event":
                "SELECT eventID, eventTime, eventSource, eventName, awsRegion, sourceIPAddress, userAgent, errorCode, errorMessage, requestID, principal, action, accessKeyId, record FROM event ORDER BY eventTime, eventID",
            "denial":
                "SELECT eventID, principal, action, resource, reason, effect, policyType FROM denial ORDER BY eventTime, eventID",
            "denialGroup": "SELECT * FROM denialGroup ORDER BY id",
            "permissionChange":
                "SELECT eventID, actor, target, policyARN FROM permissionChange ORDER BY eventTime, eventID",
            "logFile":
                "SELECT path, kind, size, uncompressedSize, records, stored, duplicates, skipped, sha256 FROM logFile ORDER BY path",
            "ingestIssue": "SELECT path, record, byteOffset, code, message FROM ingestIssue ORDER BY path",
            "usage":
                "SELECT p.value, o.eventName, r.value, u.events, u.successes, u.denials, u.firstSuccess, u.lastSuccess FROM usage u LEFT JOIN text p ON p.id = u.principalID LEFT JOIN operation o ON o.id = u.operationID LEFT JOIN text r ON r.id = u.regionID ORDER BY 1, 2, 3",
            "activity":
                "SELECT hour, r.value, events FROM activity a LEFT JOIN text r ON r.id = a.regionID ORDER BY 1, 2",
        ]
        return try queries.mapValues { try folder.rows($0, database: database) }
    }

    private static func expectSame(_ folder: ScratchFolder, _ database: String, as reference: String) throws {
        let expected = try rows(folder, reference)
        let found = try rows(folder, database)
        for (view, rows) in expected {
            #expect(!rows.isEmpty, "\(view)")
            // The texts themselves are too long to print.
            let isSame = found[view] == rows
            #expect(isSame, "\(view)")
        }
        #expect(try folder.rows("PRAGMA integrity_check", database: database) == [["ok"]])
    }

    /// Starts an ingest that is not waited for.
    private static func start(_ arguments: [String], in folder: ScratchFolder) throws -> (
        process: Process, errors: Pipe
    ) {
        let process = Process()
        process.executableURL = Program.binary
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let id = process.processIdentifier
        let watchdog = Thread {
            for _ in 0..<600 where process.isRunning { usleep(100_000) }
            // No test hangs: what has not ended in a minute is at fault.
            if process.isRunning { kill(id, SIGKILL) }
        }
        watchdog.start()
        return (process, errors)
    }

    /// Waits until an ingest has laid its database out.
    private static func awaitDatabase(_ name: String, _ folder: ScratchFolder) throws {
        while try !FileManager.default.fileExists(atPath: folder.path(name))
            || folder.run("sql", "--database", name, "SELECT 1").status != 0
        {
            usleep(10_000)
        }
    }

    private static func end(_ run: (process: Process, errors: Pipe)) -> (status: Int32, isSignal: Bool, errors: String)
    {
        let errors = run.errors.fileHandleForReading.readDataToEndOfFile()
        run.process.waitUntilExit()
        return (
            run.process.terminationStatus, run.process.terminationReason == .uncaughtSignal,
            String(decoding: errors, as: UTF8.self)
        )
    }

    @Test func `After kills at any moment a last run gives the rows of an undisturbed one`() throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder)
        let clock = ContinuousClock.now
        #expect(try folder.run("ingest", "archive", "--database", "calm.db").status == 2)
        var longest = Int((ContinuousClock.now - clock) / .microseconds(1))
        var random = SeededGenerator(state: 403)
        var killed = 0
        for _ in 0..<12 {
            let run = try Self.start(["ingest", "archive", "--database", "killed.db"], in: folder)
            usleep(UInt32(Int.random(in: 1000...max(2000, longest), using: &random)))
            kill(run.process.processIdentifier, SIGKILL)
            let end = Self.end(run)
            // A busy machine may have measured too long a time.
            if end.isSignal { killed += 1 } else { longest = longest * 2 / 3 }
            // What is there is whole.
            if end.isSignal, FileManager.default.fileExists(atPath: folder.path("killed.db")) {
                let state = try folder.run(
                    "sql", "--database", "killed.db",
                    "SELECT count(*) FROM logFile WHERE records <> stored + duplicates + skipped")
                #expect(
                    state.output.hasSuffix("\r\n0\r\n") || state.errors.contains("is empty"),
                    "\(state.errors)\(state.output)")
            }
        }
        #expect(killed > 0)
        let last = try folder.run("ingest", "archive", "--database", "killed.db")
        #expect([0, 2].contains(last.status), "\(last.errors)")
        try Self.expectSame(folder, "killed.db", as: "calm.db")
    }

    @Test(arguments: [SIGCONT, SIGKILL])
    func `A database that is still being made is told as that, and killed it is gone on with`(signal: Int32) throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder, files: 20)
        _ = try folder.run("ingest", "archive", "--database", "calm.db")
        let run = try Self.start(["ingest", "archive", "--database", "made.db"], in: folder)
        // It holds its lock when something is in the file.
        while run.process.isRunning,
            try !FileManager.default.contentsOfDirectory(atPath: folder.path).contains(where: {
                $0.hasPrefix(".made.db.") && $0.hasSuffix(".part")
                    && FileManager.default.contents(atPath: folder.path($0))?.isEmpty == false
            })
        {
            usleep(1000)
        }
        kill(run.process.processIdentifier, SIGSTOP)
        let early = try folder.run("report", "--database", "made.db")
        #expect(early.status == 1 && early.errors.contains("`made.db` is still being made"), "\(early.errors)")
        kill(run.process.processIdentifier, signal)
        #expect(Self.end(run).isSignal == (signal == SIGKILL))
        if signal == SIGKILL {
            let late = try folder.run("report", "--database", "made.db")
            #expect(late.status == 1 && late.errors.contains("was killed: run it again"), "\(late.errors)")
            let again = try folder.run("ingest", "archive", "--database", "made.db")
            #expect(again.status == 2 && again.errors.contains("begins with what an ingest that was killed"))
        }
        try Self.expectSame(folder, "made.db", as: "calm.db")
        let hidden = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix(".") }
        #expect(hidden.isEmpty, "\(hidden)")
    }

    @Test(arguments: [(SIGINT, 130, "SIGINT"), (SIGTERM, 143, "SIGTERM")])
    func `A signal ends an ingest in order`(signal: Int32, status: Int32, name: String) throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder)
        // A pipe that nobody writes to comes before the archive's end, so that the signal always finds the program at work.
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let run = try Self.start(["ingest", "archive", "pipe", "--database", "stopped.db"], in: folder)
        let writer = open(folder.path("pipe"), O_RDWR | O_CLOEXEC)
        defer { close(writer) }
        try Self.awaitDatabase("stopped.db", folder)
        kill(run.process.processIdentifier, signal)
        let end = Self.end(run)
        #expect(end.status == status && !end.isSignal, "\(end)")
        #expect(end.errors.contains("stopped by \(name)"), "\(end.errors)")
        #expect(try folder.unbalancedFiles(database: "stopped.db").isEmpty)
        let stored = try folder.rows("SELECT count(*) FROM logFile", database: "stopped.db")[0][0]
        #expect(end.errors.contains("\(stored) log file"), "\(stored): \(end.errors)")
        _ = try folder.run("ingest", "archive", "--database", "calm.db")
        _ = try folder.run("ingest", "archive", "--database", "stopped.db")
        try Self.expectSame(folder, "stopped.db", as: "calm.db")
    }

    @Test(arguments: [SIGINT, SIGTERM]) func `A signal ends the report of an analysis at once`(signal: Int32)
        throws
    {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file([SampleRecord.denied(1)]))
        // The report goes into a pipe that nobody reads.
        #expect(mkfifo(folder.path("report"), 0o600) == 0)
        let run = try Self.start(["analyze", "a.json", "-o", "report", "--service", "all"], in: folder)
        let said = String(decoding: run.errors.fileHandleForReading.availableData, as: UTF8.self)
        #expect(said.contains("1 log file"), "\(said)")
        usleep(300_000)
        kill(run.process.processIdentifier, signal)
        let end = Self.end(run)
        #expect(end.isSignal && end.status == signal, "\(end)")
        #expect(try folder.rows("SELECT count(*) FROM event", database: "trail403.sqlite") == [["1"]])
    }

    @Test func `A full disk is told in one line, and a run with room gives the right rows`() throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder)
        _ = try folder.run("ingest", "archive", "--database", "calm.db")
        // A file system of its own for root, else a limit on the size of files, whose signal is ignored so that writes fail.
        let disk = try SmallDisk(at: folder.path("small"), size: "1m")
        defer { disk?.unmount() }
        let isMounted = disk != nil
        let command =
            "trap '' XFSZ; \(isMounted ? "" : "ulimit -f 1500;") exec '\(Program.binary.path)' ingest archive --database small/t.db"
        let full = try Program.run("/bin/bash", ["-c", command], in: folder.path)
        #expect(full.status == 1, "\(full.status) \(full.errors)")
        #expect(full.errors.split(separator: "\n").count == 1, "\(full.errors)")
        #expect(full.errors.contains(isMounted ? "disk is full" : "small/t.db"), "\(full.errors)")
        try disk?.resize("200m")
        let last = try folder.run("ingest", "archive", "--database", "small/t.db")
        #expect([0, 2].contains(last.status), "\(last.errors)")
        try Self.expectSame(folder, "small/t.db", as: "calm.db")
    }

    @Test func `What was read before a disk was full can be told all the same`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", SampleRecord.file([SampleRecord.denied(1)]))
        guard let disk = try SmallDisk(at: folder.path("small"), size: "10m") else {
            return print("skipped: no file system can be mounted")
        }
        defer { disk.unmount() }
        #expect(try folder.run("ingest", "a.json", "--database", "small/t.db").status == 0)
        _ = try Program.run("/bin/sh", ["-c", "cat /dev/zero > small/rest"], in: folder.path)
        for arguments in [["report", "--service", "all"], ["status"], ["sql", "SELECT count(*) FROM event"]] {
            let run = try Program.run(arguments + ["--database", "small/t.db"], in: folder.path)
            #expect(run.status == 0 && run.errors.isEmpty, "\(arguments): \(run.errors)")
        }
        try folder.write("b.json", SampleRecord.file([SampleRecord.denied(2)]))
        for arguments in [["ingest", "b.json"], ["prune", "--before", "1d"], ["report", "--new-since-last", "x"]] {
            let run = try Program.run(arguments + ["--database", "small/t.db"], in: folder.path)
            #expect(run.status == 1 && run.errors.contains("the disk is full"), "\(arguments): \(run.errors)")
        }
        try disk.resize("20m")
        #expect(try folder.run("ingest", "b.json", "--database", "small/t.db").status == 0)
    }

    @Test func `Two ingests at once give the rows of one, and one says that it waits`() throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder)
        _ = try folder.run("ingest", "archive", "--database", "calm.db")
        // The first one is held up at a pipe until the second one has said that it waits.
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        let first = try Self.start(["ingest", "archive", "pipe", "--database", "both.db"], in: folder)
        try Self.awaitDatabase("both.db", folder)
        let second = try Self.start(["ingest", "archive", "--database", "both.db"], in: folder)
        let said = second.errors.fileHandleForReading.availableData
        #expect(String(decoding: said, as: UTF8.self).contains("another ingest is writing"))
        let writer = open(folder.path("pipe"), O_WRONLY | O_CLOEXEC)
        try FileHandle(fileDescriptor: writer).write(contentsOf: Data(SampleRecord.file([]).utf8))
        close(writer)
        let ends = [Self.end(first), Self.end(second)]
        #expect(ends.allSatisfy { [0, 2].contains($0.status) }, "\(ends)")
        #expect(ends[1].errors.contains("60 files already in the database"), "\(ends[1].errors)")
        _ = try SQLiteShell.run("DELETE FROM logFile WHERE path LIKE '%pipe'", database: folder.path("both.db"))
        try Self.expectSame(folder, "both.db", as: "calm.db")
    }

    @Test func `Who reads while an ingest runs sees whole files only`() throws {
        let folder = try ScratchFolder()
        try Self.writeArchive(folder)
        try folder.write("first/a.json", SampleRecord.file([SampleRecord.denied(1_000_000)]))
        _ = try folder.run("ingest", "first", "--database", "busy.db")
        let run = try Self.start(["ingest", "archive", "--database", "busy.db"], in: folder)
        let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        if python == nil { print("skipped in part: there is no python3 to read with") }
        let query = """
            SELECT (SELECT count(*) FROM event) - (SELECT sum(stored) FROM logFile),
                (SELECT count(*) FROM logFile WHERE records <> stored + duplicates + skipped OR kind = ''),
                (SELECT count(*) FROM denial) - (SELECT sum(denials) FROM denialGroup),
                (SELECT count(*) FROM denial) - (SELECT sum(denials) FROM usage),
                (SELECT count(*) FROM event) - (SELECT sum(events) FROM usage),
                (SELECT count(*) FROM event) - (SELECT sum(events) FROM activity)
            """
        var rounds = 0
        repeat {
            rounds += 1
            #expect(try folder.rows(query, database: "busy.db") == [["0", "0", "0", "0", "0", "0"]])
            let report = try folder.run("report", "--database", "busy.db", "--format", "json")
            #expect(report.status == 0, "\(report.errors)")
            if let python {
                let script = "import sqlite3,sys\nprint(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())"
                let read = try Program.run(python, ["-c", script, folder.path("busy.db"), query], in: folder.path)
                #expect(read.output == "[(0, 0, 0, 0, 0, 0)]\n", "\(read.errors)\(read.output)")
            }
        } while run.process.isRunning && rounds < 50
        #expect(Self.end(run).status == 2)
    }
}

/// A file system of a few megabytes, to be unmounted at the end.
private final class SmallDisk {
    private let path: String

    /// `nil` where none can be mounted; the folder is there all the same.
    init?(at path: String, size: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard geteuid() == 0,
            try Program.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path], in: "/").status == 0
        else { return nil }
    }

    func resize(_ size: String) throws {
        let run = try Program.run("/bin/mount", ["-o", "remount,size=\(size)", path], in: "/")
        #expect(run.status == 0, "\(run.errors)")
    }

    func unmount() {
        do { _ = try Program.run("/bin/umount", [path], in: "/") } catch { print("cannot unmount: \(error)") }
    }
}
