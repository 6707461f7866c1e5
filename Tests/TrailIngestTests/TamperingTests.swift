import CloudTrail
import Foundation
import TestSupport
import Testing
import TrailIngest

/// What `verify` says of archives that were tampered with, each row by way of files on a disk.
@Suite struct TamperingTests {
    typealias Made = DigestFixture.Made

    static func verify(
        _ made: Made, keys: [SigningKey], signed: [Int], in folder: ScratchFolder, as archive: Bool = false,
        window: [Int] = []
    ) throws -> Verification {
        if archive {
            try folder.write(
                "logs/e.zip", ZipFixture(made.files.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }).bytes)
        } else {
            for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        }
        var options = ArchiveVerification.Options()
        options.readers = 2
        if let from = window.first, let to = window.last {
            // 2026-11-19T00:00:00Z
            options.from = 1_795_046_400 + Int64(from) * 60
            options.to = 1_795_046_400 + Int64(to) * 60
        }
        if !keys.isEmpty { options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list(keys))] }
        if !signed.isEmpty {
            let lines = signed.map {
                "{\"Key\":\"\(made.digests[$0])\",\"Metadata\":{\"signature\":\"\(made.signatures[made.digests[$0]]!)\"}}"
            }
            options.signatureFiles = [try folder.write("trusted/signatures.json", lines.joined(separator: "\n"))]
        }
        return try ArchiveVerification(options: options).run([folder.path("logs")]).verification
    }

    @Test(arguments: rows) func `tampering is told, and nothing else is`(_ row: Case) throws {
        var made = row.fixture().make()
        row.change(&made)
        for archive in [false, true] {
            let found = try Self.verify(
                made, keys: row.keys, signed: row.signed, in: ScratchFolder(), as: archive, window: row.window)
            #expect(Verification.FileState.allCases.map { found.count($0) } == row.files)
            #expect(Verification.DigestState.allCases.map { found.count($0) } == row.digests)
            #expect(found.verdict == row.verdict)
            #expect(
                found.chains.flatMap(\.holes).map { [Int($0.from / 3600 % 24), Int($0.to / 3600 % 24)] } == row.holes)
            let reasons =
                (found.files + found.onlyNamed).compactMap(\.reason)
                + (found.chains.flatMap(\.digests) + found.looseDigests).compactMap(\.reason)
            #expect(row.reason.isEmpty || reasons.contains { $0.contains(row.reason) })
        }
    }

    @Test func `any single changed byte is found`() throws {
        let made = DigestFixture(hours: [0, 1, 2]).make()
        var generator = SeededGenerator(state: 20)
        for _ in 0..<60 {
            var changed = made
            let path = made.files.keys.sorted().randomElement(using: &generator)!
            let place = Int.random(in: 0..<made.files[path]!.count, using: &generator)
            changed.files[path]![place] ^= UInt8.random(in: 1...255, using: &generator)
            let before = inflated(made.files[path]!)
            let found = try Self.verify(changed, keys: [.first], signed: [2], in: ScratchFolder())
            // A byte of the gzip header, such as its time, changes nothing that AWS delivered.
            let isHeader = (4..<10).contains(place) || place == 3
            #expect(found.verdict == .invalid || found.verdict == .unproven || isHeader, "\(path) byte \(place)")
            #expect(!before.isEmpty)
        }
    }

    @Test func `a second Region that ends early, and one without digests, are told`() throws {
        var made = DigestFixture().make()
        let west = DigestFixture(region: "us-west-2", hours: [0, 1, 2]).make()
        let south = DigestFixture(region: "sa-east-1", hours: [0]).make()
        made.files.merge(west.files) { first, _ in first }
        for log in south.logs { made.files[log] = south.files[log] }
        let found = try Self.verify(made, keys: [.first], signed: [5], in: ScratchFolder())
        #expect(found.chains.map(\.endsEarlyBy) == [nil, 3 * 3600])
        #expect(found.uncovered == [.init(account: "111122223333", region: "sa-east-1", logFiles: 2)])
        #expect(found.verdict == .unproven)
    }

    struct Part: Sendable, CustomTestStringConvertible {
        var accounts: Set<String> = []
        var regions: Set<String> = []
        /// Minutes since midnight, both inclusive.
        var from: Int64?
        var to: Int64?
        var files: Int
        var chains: Int
        var testDescription: String { "\(accounts.sorted()) \(regions.sorted()) \(from ?? -1) to \(to ?? -1)" }
    }

    /// Of two accounts with two Regions each, two log files an hour from 00:00 to 06:00.
    @Test(arguments: [
        Part(files: 48, chains: 4),
        Part(accounts: ["111122223333"], files: 24, chains: 2),
        Part(regions: ["us-west-2"], files: 24, chains: 2),
        Part(accounts: ["444455556666"], regions: ["us-west-2"], files: 12, chains: 1),
        Part(accounts: ["444455556666"], regions: ["us-west-2"], from: 121, to: 179, files: 2, chains: 1),
        Part(accounts: ["999999999999"], files: 0, chains: 0),
        Part(regions: ["eu-west-1"], files: 0, chains: 0),
        Part(from: 121, to: 239, files: 16, chains: 4),
        Part(from: 181, files: 24, chains: 4),
        Part(to: 119, files: 16, chains: 4),
    ])
    func `a part of an archive is verified by time, account and Region`(_ part: Part) throws {
        let folder = try ScratchFolder()
        for account in ["111122223333", "444455556666"] {
            for region in ["us-east-1", "us-west-2"] {
                let made = DigestFixture(account: account, region: region).make()
                for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
            }
        }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first], number: true))]
        // 2026-11-19T00:00:00Z
        options.from = part.from.map { 1_795_046_400 + $0 * 60 }
        options.to = part.to.map { 1_795_046_400 + $0 * 60 }
        options.accounts = part.accounts
        options.regions = part.regions
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.files.count == part.files && found.chains.count == part.chains)
        #expect(found.count(Verification.FileState.invalid) + found.count(Verification.FileState.missing) == 0)
    }

    @Test func `keys at the root of an archive lie beside the log files`() throws {
        var made = DigestFixture().make()
        made.files["public-keys.json"] = Array(SigningKey.list([.first]).utf8)
        let found = try Self.verify(made, keys: [], signed: [], in: ScratchFolder(), as: true)
        #expect(found.count(Verification.DigestState.proven) == 5 && found.count(.valid) == 10)
        #expect(found.keys.map(\.isBeside) == [true] && found.keys.map(\.isUsed) == [true])
    }

    /// More than is let through whatever its ratio. Nobody gets as far as its sum.
    @Test func `a log file in an archive that inflates beyond all measure is stopped`() throws {
        let spaces = [UInt8](repeating: UInt8(ascii: " "), count: 65 << 20)
        let deflated = CompressedBlock(compressing: spaces).bytes.dropFirst(2).dropLast(4)
        let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]
        var made = DigestFixture(hours: [0]).make()
        made.files[made.logs[1]] = header + deflated + [UInt8](repeating: 0, count: 8)
        let folder = try ScratchFolder()
        try folder.write("e.zip", ZipFixture(made.files.map { .init($0.key, $0.value) }).bytes)
        var options = ArchiveVerification.Options()
        options.maximumRatio = 100
        let found = try ArchiveVerification(options: options).run([folder.path("e.zip")]).verification
        #expect(found.count(Verification.FileState.invalid) == 1 && found.count(Verification.FileState.consistent) == 1)
        #expect(found.files.contains { $0.reason?.contains("--max-ratio") == true })
    }

    @Test func `the signature in an extended attribute proves the newest digest`() throws {
        let made = DigestFixture().make()
        let folder = try ScratchFolder()
        for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        let newest = made.digests[5]
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = [
            "python3", "-c", "import os, sys; os.setxattr(sys.argv[1], 'user.signature', sys.argv[2].encode())",
            folder.path("logs/" + newest), try #require(made.signatures[newest]),
        ]
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else {
            return print("skipped: this file system keeps no extended attributes, or Python is not installed")
        }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first]))]
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.count(Verification.DigestState.proven) == 6 && found.verdict == .proven)
    }

    @Test(arguments: [("zstd", "zst"), ("xz", "xz"), ("bzip2", "bz2"), ("7z", "7z")])
    func `a log file that was compressed anew is as it was delivered`(_ program: String, _ suffix: String) throws {
        let made = DigestFixture().make()
        let folder = try ScratchFolder()
        for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        let log = folder.path("logs/" + made.logs[2])
        let plain = String(log.dropLast(3))
        try Data(inflated(try #require(made.files[made.logs[2]]))).write(to: URL(filePath: plain))
        try FileManager.default.removeItem(atPath: log)
        let tool = Process()
        tool.executableURL = URL(filePath: "/usr/bin/env")
        tool.arguments = program == "7z" ? [program, "a", "-bd", plain + ".7z", plain] : [program, "-q", plain]
        tool.standardError = FileHandle.nullDevice
        tool.standardOutput = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        guard tool.terminationStatus == 0 else { return print("skipped: `\(program)` is not installed") }
        if FileManager.default.fileExists(atPath: plain) { try FileManager.default.removeItem(atPath: plain) }
        var options = ArchiveVerification.Options()
        options.keyFiles = [try folder.write("trusted/keys.json", SigningKey.list([.first]))]
        let found = try ArchiveVerification(options: options).run([folder.path("logs")]).verification
        #expect(found.files.first { $0.path.displayName.hasSuffix("json." + suffix) }?.state == .valid)
    }
}
