import Foundation
import TestSupport
import Testing

/// Every command of the README is run as it stands there, in a folder with what it names.
@Suite struct ReadmeCommandTests {
    /// The lines of the README's shell blocks, without those that set the machine up or build.
    static func commands() throws -> [String] {
        let text = try String(contentsOf: Program.projectFolder.appendingPathComponent("README.md"), encoding: .utf8)
        return text.components(separatedBy: "```sh\n").dropFirst()
            .compactMap { $0.components(separatedBy: "\n```").first }
            .flatMap { $0.split(separator: "\n").map(String.init) }
    }

    /// What is a script of the project or a build; those run elsewhere, or are this very run.
    private static let builds = ["Scripts/", "swift build"]

    @Test func `Every command in the README runs`() throws {
        let folder = try ScratchFolder()
        let sample = Program.projectFolder.appendingPathComponent("SampleTrails/AWSLogs").path
        let tools = folder.path("bin")
        try FileManager.default.createDirectory(atPath: tools, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: tools + "/trail403", withDestinationPath: Program.binary.path)
        for name in ["public-keys.json", "signatures.json"] {
            try FileManager.default.copyItem(
                atPath: sample + "/../" + name, toPath: folder.path(name))
        }
        let logFile = try #require(
            FileManager.default.enumerator(atPath: sample)?.compactMap { $0 as? String }.sorted()
                .first { $0.contains("/CloudTrail/us-east-1/") && $0.hasSuffix(".json.gz") })
        // What the reader has and this machine need not: AWS's command line, and an archive of evidence.
        try folder.write("bin/aws", "#!/bin/sh\nexec cat '\(sample)/\(logFile)'\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/aws")
        let packed = try Program.run(
            "/bin/tar", ["czf", folder.path("evidence.tgz"), "-C", sample, logFile], in: folder.path)
        try #require(packed.status == 0, "\(packed.errors)")

        var hasRun = 0
        for command in try Self.commands() where !Self.builds.contains(where: { command.hasPrefix($0) }) {
            let line = command.replacingOccurrences(of: "/srv/cloudtrail/AWSLogs", with: "'\(sample)'")
            let path = tools + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            let run = try Program.run("/bin/sh", ["-c", line], in: folder.path, environment: ["PATH": path])
            // Done; done with the sample's damaged file skipped; done with denials found.
            #expect([0, 2, 3].contains(run.status), "\(command): \(run.status) \(run.errors)")
            hasRun += 1
        }
        #expect(hasRun >= 3)
    }

    @Test func `Every script that the README names is there and may be run`() throws {
        for command in try Self.commands() where command.hasPrefix("Scripts/") {
            let script = String(command.prefix { $0 != " " })
            let path = Program.projectFolder.appendingPathComponent(script).path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
        }
    }
}
