import Foundation
import Synchronization
import TestSupport
import Testing

/// `--new-since-last`, `--fail-on-denials` and `--notify-command`, as cron runs them.
@Suite struct ScheduledReportTests {
    /// One scheduled run over the folder `logs`.
    private func analyze(_ folder: ScratchFolder, _ options: [String] = [], name: String = "cron") throws
        -> Program.Result
    {
        try Program.run(
            ["analyze", "logs", "--new-since-last", name, "--fail-on-denials"] + options, in: folder.path)
    }

    private func newDenials(_ result: Program.Result) throws -> [String: Int] {
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        return Dictionary(uniqueKeysWithValues: report.groups.map { ($0.action, $0.newDenials) })
    }

    @Test func `A run tells once what is new, and is silent until there is more`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1), TestRecord(id: 2, time: "2026-11-10T10:00:00Z")])
        let first = try analyze(folder)
        #expect(first.status == 3 && first.output.contains("refused 2 calls"))
        #expect(first.errors.isEmpty)
        let second = try analyze(folder)
        #expect(second.status == 0 && second.output.isEmpty && second.errors.isEmpty)

        // Delivered late: older than what was told, and yet new.
        try folder.write("logs/b.json", [TestRecord(id: 3, time: "2026-11-01T00:00:00Z")])
        try folder.write("logs/c.json", [TestRecord(id: 4, eventName: "GetSegments")])
        let third = try analyze(folder, ["--format", "json"])
        #expect(third.status == 3)
        #expect(try newDenials(third) == ["mobiletargeting:GetApps": 1, "mobiletargeting:GetSegments": 1])
        let report = try JSONDecoder().decode(ReportJSON.self, from: Data(third.output.utf8))
        #expect(report.groups.first { $0.action == "mobiletargeting:GetApps" }?.denials == 3)

        // More of the same is no news, unless it is asked for.
        try folder.write("logs/d.json", [TestRecord(id: 5, eventName: "GetSegments")])
        let fourth = try analyze(folder)
        #expect(fourth.status == 0 && fourth.output.isEmpty)
        try folder.write("logs/e.json", [TestRecord(id: 6, eventName: "GetSegments")])
        let fifth = try analyze(folder, ["--tell", "all"])
        #expect(fifth.status == 0)
        #expect(fifth.output.hasPrefix("1 still open: No identity-based policy allows 2 actions\n"), "\(fifth.output)")
        #expect(fifth.output.contains("1 denial is new since the last report cron of"))
        #expect(fifth.output.contains("3 denials, 1 new"))
        let empty = try analyze(folder, ["--format", "json"])
        #expect(try empty.status == 0 && newDenials(empty).isEmpty)
    }

    @Test func `Each name has its own memory, and another filter begins anew`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        #expect(try analyze(folder).status == 3)
        #expect(try analyze(folder, name: "other").status == 3)
        #expect(try analyze(folder).status == 0)
        let anew = try analyze(folder, ["--service", "all"])
        #expect(anew.status == 3)
        #expect(
            anew.errors.contains("the last report cron had another filter (service=[\"pinpoint\"] awsServices=false)"),
            "\(anew.errors)")
        let same = try analyze(folder, ["--service", "all"])
        #expect(same.status == 0 && same.errors.isEmpty)
    }

    @Test func `A later start that is taken back brings what it left out`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1, time: "2026-11-01T00:00:00Z"), TestRecord(id: 2)])
        #expect(
            try newDenials(analyze(folder, ["--from", "2026-11-05", "--format", "json"])).values.map(\.self) == [1])
        #expect(try analyze(folder, ["--from", "2026-11-05"]).status == 0)
        #expect(try newDenials(analyze(folder, ["--format", "json", "--tell", "all"])).values.map(\.self) == [1])
        let refused = try analyze(folder, ["--to", "2026-11-20"])
        #expect(refused.status == 64 && refused.errors.contains("--to cannot go with --new-since-last"))
    }

    @Test func `A report that was not delivered is told again`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        let unwritable = try analyze(folder, ["-o", "no/such/folder/report.txt"])
        #expect(unwritable.status == 1 && unwritable.errors.contains("cannot write"))
        let refused = try analyze(folder, ["--notify-command", "cat > got.txt; exit 9"])
        #expect(refused.status == 1 && refused.errors.contains("ended with status 9"))
        #expect(try folder.text("got.txt")?.contains("refused 1 call") == true)
        let delivered = try analyze(
            folder, ["--notify-command", "cat > got.txt; printf '%s' \"$TRAIL403_NEW_DENIALS\" > count.txt"])
        #expect(delivered.status == 3 && delivered.output.isEmpty)
        #expect(try folder.text("count.txt") == "1")
        // Nothing new: the command is not run.
        #expect(try analyze(folder, ["--notify-command", "exit 9"]).status == 0)
    }

    @Test func `A command that does not read the report may still succeed`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", (1...400).map { TestRecord(id: $0, role: "role-\($0)") })
        #expect(try analyze(folder, ["--notify-command", "exec <&-; true", "--format", "json"]).status == 3)
    }

    @Test func `A command that takes too long is stopped with all that it started`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        let slow = try analyze(
            folder,
            [
                "--notify-timeout", "1", "--notify-command",
                "cat > /dev/null; sleep 600 & echo $! > child.txt; sleep 600",
            ])
        #expect(
            slow.status == 1 && slow.errors.contains("had not ended after 1 second and was stopped"), "\(slow.errors)")
        let child = try #require(try folder.text("child.txt").flatMap { pid_t($0.dropLast()) })
        #expect(kill(child, 0) != 0)
        #expect(try analyze(folder).status == 3)
    }

    struct NotifyCase: Sendable, CustomTestStringConvertible {
        var command: String
        var hint: String
        var testDescription: String { command }
    }

    static let notifyCases = [
        NotifyCase(command: "no-such-program-here", hint: "ended with status 127 (it was not found)"),
        NotifyCase(command: "kill -9 $$", hint: "was ended by signal 9"),
        // With SIGPIPE ignored, as trail403 has it, `yes` would tell of an error instead of ending by the signal.
        NotifyCase(command: "yes 2>err.txt | true; test -s err.txt || exit 7", hint: "ended with status 7"),
    ]

    @Test(arguments: notifyCases) func `How a notify command failed is told`(_ row: NotifyCase) throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        let run = try analyze(folder, ["--notify-command", row.command])
        #expect(run.status == 1 && run.errors.contains(row.hint), "\(run.errors)")
        #expect(run.errors.contains("will be told again"))
        #expect(try analyze(folder).status == 3)
    }

    @Test func `Runs that overlap tell a denial once`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let command = "cat > /dev/null; sleep 0.3; echo told >> told.txt"
        let path = folder.path
        let statuses = Mutex<[Int32]>([])
        let threads = (0..<3).map { _ in
            Thread {
                do {
                    let run = try Program.run(
                        ["report", "--new-since-last", "cron", "--fail-on-denials", "--notify-command", command],
                        in: path)
                    statuses.withLock { $0.append(run.status) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        threads.forEach { $0.start() }
        while !threads.allSatisfy(\.isFinished) { usleep(10_000) }
        #expect(statuses.withLock { $0.sorted() } == [0, 0, 3])
        #expect(try folder.text("told.txt") == "told\n")
    }

    /// Changes a folder's database by SQL; false, with a word, where there is no program to do it.
    static func alter(_ folder: ScratchFolder, _ sql: String) throws -> Bool {
        guard
            let sqlite = ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].first(
                where: FileManager.default.isExecutableFile)
        else {
            print("skipped: there is no sqlite3")
            return false
        }
        let run = try Program.run(sqlite, ["trail403.sqlite", sql + "; VACUUM"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        return true
    }

    @Test func `A database of an older version learns to remember`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        guard
            try Self.alter(
                folder,
                "DROP TABLE reportState; DROP VIEW denialGroup; DROP TABLE denialHistory; DROP TABLE pruning; PRAGMA user_version = 1"
            )
        else { return }
        #expect(try Program.run(["report"], in: folder.path).status == 0)
        #expect(try analyze(folder).status == 3)
        #expect(try analyze(folder).status == 0)
        let groups = try Program.run(["sql", "--format", "csv", "SELECT denials FROM denialGroup"], in: folder.path)
        #expect(groups.output == "denials\r\n1\r\n")
    }
}

@Suite struct PruneTests {
    private func sql(_ query: String, _ folder: ScratchFolder) throws -> String {
        try Program.run(["sql", "--format", "csv", query], in: folder.path).output
    }

    @Test func `Old events go, groups keep their history, and no file is read again`() throws {
        let folder = try ScratchFolder()
        let old = (1...2000).map {
            TestRecord(
                id: $0, time: "2026-10-01T00:00:0\($0 % 10)Z",
                userAgent: String(repeating: "agent ", count: 20) + "\($0 % 7)")
        }
        try folder.write("logs/old.json", old + [TestRecord(id: 5000, time: "2026-10-02T00:00:00Z", isRefused: false)])
        try folder.write(
            "logs/new.json",
            [TestRecord(id: 9000), TestRecord(id: 9001, time: "2026-11-10T00:00:00Z", eventName: "GetApp")])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let groups = "SELECT * FROM denialGroup ORDER BY id"
        let before = try sql(groups, folder)
        let size = try #require(
            try FileManager.default.attributesOfItem(atPath: folder.path("trail403.sqlite"))[.size] as? Int)

        let prune = try Program.run(["prune", "--before", "2026-11-01"], in: folder.path)
        #expect(prune.status == 0 && prune.output.isEmpty)
        #expect(
            prune.errors.contains("2,001 events before 2026-11-01T00:00:00Z deleted, 2,000 of them denials"),
            "\(prune.errors)")
        #expect(try sql(groups, folder) == before)
        #expect(try sql("SELECT count(*) FROM event", folder) == "count(*)\r\n2\r\n")
        let smaller = try #require(
            try FileManager.default.attributesOfItem(atPath: folder.path("trail403.sqlite"))[.size] as? Int)
        #expect(smaller < size)

        // Twice is as good as once, and the archive is known.
        #expect(try Program.run(["prune", "--before", "2026-11-01"], in: folder.path).status == 0)
        #expect(try sql(groups, folder) == before)
        let again = try Program.run(["analyze", "logs"], in: folder.path)
        #expect(again.errors.contains("2 files already in the database"))
        #expect(again.output.contains("Events before 2026-11-01 00:00:00 UTC were deleted"))
        #expect(try sql(groups, folder) == before)
    }

    @Test func `What is told of the database is what it still holds`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            "logs/a.json",
            [
                TestRecord(
                    id: 1, time: "2026-10-01T00:00:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject"),
                TestRecord(id: 2, time: "2026-10-01T00:00:00Z"), TestRecord(id: 3),
                TestRecord(id: 4, eventSource: "kms.amazonaws.com", eventName: "Decrypt"),
            ])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        _ = try Program.run(["prune", "--before", "2026-11-01"], in: folder.path)
        let report = try Program.run(["report"], in: folder.path, environment: ["COLUMNS": "200"]).output
        #expect(
            report.contains(
                "2 events from 4 records in 1 log file, 2026-11-09 10:12:00 UTC; 2 events before 2026-11-01 00:00:00 UTC were pruned."
            ), "\(report)")
        #expect(report.contains("Other services refused 1 call: kms.amazonaws.com 1."))
        let status = try Program.run(["status"], in: folder.path).output
        #expect(status.contains("4: 2 stored, 0 duplicates, 0 skipped, 2 pruned since"), "\(status)")
        #expect(status.contains("1 of 1 Management events of pinpoint.amazonaws.com") && !status.contains("s3."))
        let metrics = try Program.run(["report", "--format", "openmetrics"], in: folder.path).output
        #expect(metrics.contains("trail403_events 2\n") && metrics.contains("trail403_pruned_events 2\n"))
        // A database that an older version had pruned tells the same.
        guard try ScheduledReportTests.alter(folder, "DROP TABLE prunedOperation; PRAGMA user_version = 6") else {
            return
        }
        #expect(try Program.run(["status"], in: folder.path).output == status)
    }

    @Test func `Accounts and Regions of pruned events alone are told no more`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            "logs/a.json",
            [
                TestRecord(id: 1, time: "2026-10-01T00:00:00Z", region: "eu-west-1", account: "444455556666"),
                // In the hour of the pruning, before and after it.
                TestRecord(id: 2, time: "2026-10-31T23:10:00Z", region: "sa-east-1"),
                TestRecord(id: 3, time: "2026-10-31T23:40:00Z", region: "us-west-2"),
                // A permission change, which stays.
                TestRecord(
                    id: 4, time: "2026-10-02T00:00:00Z", eventSource: "kms.amazonaws.com", eventName: "PutKeyPolicy",
                    region: "ap-southeast-2", account: "777788889999", isRefused: false),
            ])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let wide = ["COLUMNS": "200"]
        let before = try Program.run(["status"], in: folder.path, environment: wide).output
        #expect(before.contains("Accounts  111122223333, 444455556666, 777788889999\n"), "\(before)")
        #expect(before.contains("Regions   ap-southeast-2, eu-west-1, sa-east-1, us-west-2\n"))
        _ = try Program.run(["prune", "--before", "2026-10-31T23:30:00Z"], in: folder.path)
        for command in ["status", "report"] {
            let told = try Program.run([command], in: folder.path, environment: wide).output
            #expect(told.contains("Accounts  111122223333, 777788889999\n"), "\(told)")
            #expect(told.contains("Regions   ap-southeast-2, us-west-2\n"), "\(told)")
        }
    }

    @Test func `Permission changes stay`() throws {
        let folder = try ScratchFolder()
        let sample = Program.projectFolder.appendingPathComponent("SampleTrails").path
        _ = try Program.run(["ingest", sample], in: folder.path)
        let changes = try sql("SELECT * FROM permissionChange ORDER BY eventID", folder)
        let groups = try sql("SELECT * FROM denialGroup ORDER BY id", folder)
        #expect(try Program.run(["prune", "--before", "1d"], in: folder.path).status == 0)
        #expect(try sql("SELECT * FROM permissionChange ORDER BY eventID", folder) == changes)
        #expect(try sql("SELECT * FROM denialGroup ORDER BY id", folder) == groups)
        #expect(try sql("SELECT count(*) FROM denial", folder) == "count(*)\r\n0\r\n")
        #expect(try sql("PRAGMA integrity_check", folder).contains("ok"))
    }

    @Test(arguments: [["--before", "2999-01-01"], [], ["--before", "soon"]])
    func `A date that deletes everything, or none, is refused`(_ options: [String]) throws {
        let folder = try ScratchFolder()
        #expect(try Program.run(["prune"] + options, in: folder.path).status == 64)
    }

    @Test func `Without a database there is nothing to prune`() throws {
        let folder = try ScratchFolder()
        let run = try Program.run(["prune", "--before", "1d"], in: folder.path)
        #expect(run.status == 1 && run.errors.contains("no database"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("trail403.sqlite")))
    }
}
