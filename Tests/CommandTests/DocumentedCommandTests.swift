import Foundation
import TestSupport
import Testing

/// Every command of the README and of the catalogue is run as it stands there, in a folder with what it names.
@Suite struct DocumentedCommandTests {
    static let pages: [Documentation.Page] = [Documentation.readme] + Documentation.pages

    /// What is a script of the project or a build; those run elsewhere, or are this very run.
    private static let builds = ["Scripts/", "swift build"]

    /// What readers have and this machine need not, or is not to do here: AWS's command line, mail, root's rights.
    private static func stubs(logFile: String) -> [(name: String, body: String)] {
        [
            ("aws", "case \"$2\" in cp) exec cat '\(logFile)' ;; esac"),
            ("curl", "exec cat >/dev/null"), ("mail", "exec cat >/dev/null"), ("sudo", "exit 0"),
            ("docker", "exit 0"),
        ]
    }

    @Test(arguments: pages) func `Every command of a page runs`(_ page: Documentation.Page) throws {
        let commands = try page.commands().filter { command in
            !Self.builds.contains { command.hasPrefix($0) }
        }
        guard !commands.isEmpty else { return }
        let folder = try ScratchFolder()
        let sample = Program.projectFolder.appending(path: "SampleTrails/AWSLogs").path
        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
        }
        try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: true)
        try link("bin/trail403", to: Program.binary.path)
        try link("AWSLogs", to: sample)
        try link("slice-a", to: sample + "/o-exampleorgid/111122223333")
        try link("slice-b", to: sample + "/o-exampleorgid/444455556666")
        for name in ["public-keys.json", "signatures.json"] {
            try FileManager.default.copyItem(atPath: sample + "/../" + name, toPath: folder.path(name))
        }
        let logFile = try #require(
            FileManager.default.enumerator(atPath: sample)?.compactMap { $0 as? String }.sorted()
                .first { $0.contains("/CloudTrail/us-east-1/") && $0.hasSuffix(".json.gz") })
        for (name, body) in Self.stubs(logFile: "\(sample)/\(logFile)") {
            try folder.write("bin/\(name)", "#!/bin/sh\n\(body)\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("bin/\(name)"))
        }
        let packed = try Program.run(
            "/bin/tar", ["czf", folder.path("evidence.tgz"), "-C", sample, logFile], in: folder.path)
        try #require(packed.status == 0, "\(packed.errors)")
        if page.path != Documentation.readme.path {
            // Readers of the catalogue have a database; those of the README begin with nothing.
            try FileManager.default.copyItem(
                atPath: SQLTests.sample.get() + "/trail403.sqlite", toPath: folder.path("trail403.sqlite"))
        }

        for command in commands {
            let line = command.replacing("/srv/cloudtrail/AWSLogs", with: "'\(sample)'")
            let path = folder.path("bin") + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
            let run = try Program.run("/bin/sh", ["-c", line], in: folder.path, environment: ["PATH": path])
            // Done; done with the sample's damaged file skipped; done with denials found.
            #expect([0, 2, 3].contains(run.status), "\(command): \(run.status) \(run.errors)")
        }
    }

    @Test(arguments: pages) func `Every script that a page names is there and may be run`(
        _ page: Documentation.Page
    ) throws {
        for command in try page.commands() where command.hasPrefix("Scripts/") {
            let script = String(command.prefix { $0 != " " })
            let path = Program.projectFolder.appending(path: script).path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
        }
        // In a sentence a script may stand with its arguments, a folder without a slash, a file of examples likewise.
        for name in Set(try page.text().matches(of: #/`(Scripts\/[A-Za-z0-9\/._-]+)/#).map { String($0.1) }) {
            let path = Program.projectFolder.appending(path: name).path
            #expect(FileManager.default.fileExists(atPath: path), "\(name)")
        }
    }
}
