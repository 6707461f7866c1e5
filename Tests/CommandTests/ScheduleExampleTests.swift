import Foundation
import TestSupport
import Testing

/// The examples of the page "Scheduling" and of Scripts/schedule deliver what they promise.
@Suite struct ScheduleExampleTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: Program.projectFolder.appendingPathComponent(path), encoding: .utf8)
    }

    /// A folder with a log file, and with programs that note what they are given instead of sending it.
    private func folder(stubs: [String: String]) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        let tools = folder.path("bin")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: tools + "/trail403", withDestinationPath: Program.binary.path)
        for (name, body) in stubs {
            try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(fileURLWithPath: tools + "/" + name))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/" + name)
        }
        return folder
    }

    private func shell(_ line: String, in folder: ScratchFolder, _ variables: [String: String] = [:]) throws
        -> Program.Result
    {
        var environment = ["PATH": folder.path("bin") + ":/usr/bin:/bin"]
        environment.merge(variables) { $1 }
        return try Program.run("/bin/sh", ["-c", line], in: folder.path, environment: environment)
    }

    static let commands = Result<[String], any Error> {
        try Documentation.page("Scheduling").commands().filter { $0.contains("--notify-command") }
    }

    @Test func `Each example delivers the report once, and again where its delivery failed`() throws {
        let commands = try Self.commands.get()
        #expect(commands.count == 3)
        for command in commands {
            let note = "test -e fail && exit 22; printf '%s\\n' \"$@\" > words.txt; cat > body.txt"
            let folder = try folder(stubs: ["mail": note, "curl": note])
            let line = command.replacing("/srv/cloudtrail/AWSLogs", with: "logs")
            if !line.contains("analyze") { _ = try Program.run(["ingest", "logs"], in: folder.path) }
            let variables = ["SLACK_WEBHOOK_URL": "https://hooks.example/1", "WEBHOOK_URL": "https://hooks.example/2"]
            try Data().write(to: folder.url.appendingPathComponent("fail"))
            let failed = try shell(line, in: folder, variables)
            #expect(failed.status == 1 && failed.errors.contains("will be told again"), "\(failed)")
            try FileManager.default.removeItem(atPath: folder.path("fail"))
            let delivered = try shell(line, in: folder, variables)
            #expect(delivered.status == (line.contains("--fail-on-denials") ? 3 : 0), "\(delivered)")
            #expect(try folder.text("body.txt")?.contains("mobiletargeting:GetApps") == true)
            let words = try #require(try folder.text("words.txt"))
            #expect(
                words.contains("1 opened: No identity-based policy allows") || words.contains("https://hooks.example/"))
            try FileManager.default.removeItem(atPath: folder.path("body.txt"))
            #expect(try shell(line, in: folder, variables).status == 0)
            #expect(try folder.text("body.txt") == nil)
        }
    }

    /// The settings of a unit's file by their names.
    private func settings(_ path: String) throws -> [String: [String]] {
        var settings: [String: [String]] = [:]
        for line in try Self.text(path).split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 2 { settings[parts[0], default: []].append(parts[1]) }
        }
        return settings
    }

    @Test func `systemd's alert fires for incidents and for failures, and mails the report under its first line`()
        throws
    {
        let service = try settings("Scripts/schedule/trail403.service")
        #expect(service["OnFailure"] == ["trail403-alert@%n.service"])
        // A status that counts as a success starts no alert.
        let successes = (service["SuccessExitStatus"] ?? []).flatMap { $0.split(separator: " ") }
        #expect(!successes.contains("3") && !successes.contains("1") && successes.contains("2"))
        #expect(service["ExecStart"]?.first?.contains("--fail-on-denials") == true)
        let alert = try settings("Scripts/schedule/trail403-alert@.service")
        let line = try #require(alert["ExecStart"]?.first).replacing("$$", with: "$")
        let folder = try folder(stubs: [
            "journalctl": "printf '1 opened: a role\\nthe report of %s\\n' \"$4\"",
            "mail": "printf '%s|' \"$@\" > words.txt; cat > body.txt",
        ])
        let run = try shell(
            line, in: folder, ["MONITOR_INVOCATION_ID": "0123abcd", "RUNTIME_DIRECTORY": folder.path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try folder.text("words.txt") == "-s|1 opened: a role|ops@example.com|")
        #expect(try folder.text("body.txt") == "1 opened: a role\nthe report of _SYSTEMD_INVOCATION_ID=0123abcd\n")
    }
}
