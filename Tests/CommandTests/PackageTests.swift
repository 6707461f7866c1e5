import Foundation
import TestSupport
import Testing

/// What `Scripts/package` makes of a program and `Scripts/install` of that; the real, static program is `Scripts/check --deep`'s.
@Suite struct PackageTests {
    private static let program = """
        #!/bin/sh
        case "$1" in
        --version) echo "9.8.7 (0123456789ab)" ;;
        --generate-completion-script) printf '#!/bin/%s\\ncomplete trail403\\n' "$2" ;;
        esac

        """

    /// A folder with a stand-in for the program, and what was packaged of it.
    private static func packaged() throws -> ScratchFolder? {
        for tool in ["xz", "dpkg-deb"] {
            let found = try Program.run("/bin/sh", ["-c", "command -v \(tool)"], in: "/")
            guard found.status == 0 else {
                print("skipped: `\(tool)` is not installed")
                return nil
            }
        }
        let folder = try ScratchFolder()
        try folder.write("trail403", program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path("trail403"))
        try folder.write("man/trail403.1", ".Dd November 1, 2026\n.Dt TRAIL403 1\n")
        for name in ["first", "second"] {
            let run = try Program.run(
                Program.projectFolder.appending(path: "Scripts/package").path, [name], in: folder.path,
                environment: [
                    "TRAIL403_BINARY": folder.path("trail403"), "TRAIL403_MAN_PAGES": folder.path("man"),
                    "SOURCE_DATE_EPOCH": "1793491200",
                ])
            try #require(run.status == 0, "\(run.errors)")
        }
        return folder
    }

    private static func shell(_ command: String, in folder: ScratchFolder) throws -> Program.Result {
        try Program.run("/bin/bash", ["-c", command], in: folder.path)
    }

    @Test
    func `A package holds the program, its pages, completions and licences, is the same each time, and is installed`()
        throws
    {
        guard let folder = try Self.packaged() else { return }
        let sums = try Self.shell(
            "cd first && sha256sum --check --quiet SHA256SUMS && cmp SHA256SUMS ../second/SHA256SUMS", in: folder)
        #expect(sums.status == 0, "\(sums.output)\(sums.errors)")

        let listed = try Self.shell(
            "tar -tJf first/trail403-9.8.7-linux-*.tar.xz | grep -v '/$' | cut -d / -f 2- | sort", in: folder)
        #expect(
            listed.output.split(separator: "\n") == [
                "LICENSE", "THIRD-PARTY-NOTICES", "bin/trail403", "share/bash-completion/completions/trail403",
                "share/fish/vendor_completions.d/trail403.fish", "share/man/man1/trail403.1",
                "share/zsh/site-functions/_trail403",
            ])
        let notices = try Self.shell("tar -xJOf first/*.tar.xz --wildcards '*/THIRD-PARTY-NOTICES'", in: folder).output
        for package in ["GRDB.swift", "swift-argument-parser", "swift-crypto", "swift-mustache", "The GNU C library"] {
            #expect(notices.contains("==== \(package)\n"), "\(package)")
        }

        let control = try Self.shell("dpkg-deb --field first/trail403_9.8.7_*.deb", in: folder).output
        #expect(control.contains("Package: trail403\nVersion: 9.8.7\n") && !control.contains("Depends:"))
        let tree = try Self.shell(
            "dpkg-deb --extract first/*.deb tree && find tree -type f -printf '%P\\n' | sort", in: folder
        ).output
        #expect(
            tree.split(separator: "\n") == [
                "usr/bin/trail403", "usr/share/bash-completion/completions/trail403",
                "usr/share/doc/trail403/THIRD-PARTY-NOTICES.gz", "usr/share/doc/trail403/changelog.gz",
                "usr/share/doc/trail403/copyright", "usr/share/fish/vendor_completions.d/trail403.fish",
                "usr/share/lintian/overrides/trail403", "usr/share/man/man1/trail403.1.gz",
                "usr/share/zsh/vendor-completions/_trail403",
            ])
        let owners = try Self.shell("dpkg-deb --contents first/*.deb | awk '{ print $2 }' | sort -u", in: folder).output
        #expect(owners == "root/root\n")

        let install = "'\(Program.projectFolder.appending(path: "Scripts/install").path)'"
        let installed = try Self.shell("\(install) prefix first/*.tar.xz && prefix/bin/trail403 --version", in: folder)
        #expect(installed.status == 0 && installed.output == "9.8.7 (0123456789ab)\n", "\(installed.errors)")
        #expect(FileManager.default.fileExists(atPath: folder.path("prefix/share/man/man1/trail403.1")))
        let spoiled = try Self.shell("echo >>second/*.tar.xz; \(install) other second/*.tar.xz", in: folder)
        #expect(spoiled.status == 1 && spoiled.errors.contains("is not what SHA256SUMS beside it names"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("other/bin/trail403")))
        let missing = try Self.shell("\(install) other none.tar.xz", in: folder)
        #expect(missing.status == 1 && missing.errors == "install: there is no package `none.tar.xz`\n")
    }

    /// No engine runs here: what can be held against the project is.
    @Test func `The image has no rights, and the workflow and the formula use what is there`() throws {
        let folder = Program.projectFolder
        func text(_ path: String) throws -> String {
            try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        }
        let image = try text("Scripts/packaging/Dockerfile").split(separator: "\n").map(String.init)
        let last = try #require(image.lastIndex { $0.hasPrefix("FROM ") })
        #expect(image[last] == "FROM scratch")
        #expect(image[last...].contains { $0.hasPrefix("USER ") && !$0.contains("root") && !$0.hasPrefix("USER 0") })
        #expect(image[last...].contains("ENTRYPOINT [\"/usr/bin/trail403\"]"))
        #expect(!image[last...].contains { $0.hasPrefix("RUN ") })

        let workflow = try text(".github/workflows/release.yml")
        let formula = try text("Scripts/packaging/trail403.rb")
        let scripts = (workflow + image.joined(separator: "\n")).matches(of: #/Scripts\/[A-Za-z0-9\/._-]+/#)
        #expect(!scripts.isEmpty)
        for script in Set(scripts.map { String($0.0) }) {
            #expect(FileManager.default.fileExists(atPath: folder.appending(path: script).path), "\(script)")
        }
        for mark in ["@HOMEPAGE@", "@URL@", "@SHA256@", "@VERSION@"] {
            #expect(formula.contains(mark) && workflow.contains(mark), "\(mark)")
        }
        // What is built is the same everywhere.
        let build = "Scripts/build-release --static)"
        #expect(try text("Scripts/package").contains(build) && image.contains { $0.contains(build) })
        for script in ["Scripts/demo", "Scripts/install", "Scripts/benchmark"] {
            #expect(try text(script).contains("build-release") && !text(script).contains("swift build"), "\(script)")
        }
    }
}
