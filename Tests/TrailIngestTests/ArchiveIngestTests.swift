import CloudTrail
import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Log files that stay in the archive they came in.
@Suite struct ArchiveIngestTests {
    private static let first = Array(Record.file([Record.success(1), Record.denied(2)]).utf8)
    private static let second = Array(Record.file([Record.denied(3)]).utf8)

    static let archives: [(String, [UInt8])] = [
        ("e.zip", ZipFixture([.init("a/one.json", first), .init("two.json.gz", gzipMember(second))]).bytes),
        ("e.tar", tarMember("a/one.json", first) + tarMember("two.json.gz", gzipMember(second)) + tarEnd),
        ("e.tgz", gzipMember(tarMember("a/one.json", first) + tarMember("two.json.gz", gzipMember(second)) + tarEnd)),
    ]

    @Test(arguments: archives)
    func `an archive is ingested as a folder, once, and its records are found again`(
        _ name: String, _ bytes: [UInt8]
    ) throws {
        let folder = try ScratchFolder()
        try folder.write(name, bytes)
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        var options = Ingest.Options()
        options.keptRecords = []
        options.readers = 2
        func run() throws -> Ingest.Summary {
            try Ingest(options: options, now: { 1_795_000_000 }).run(Ingest.plan([folder.path(name)]), into: database)
        }
        let summary = try run()
        #expect(summary.files == 2 && summary.stored == 3 && summary.denials == 2 && summary.issues.isEmpty)
        let again = try run()
        #expect(again.files == 0 && again.unchangedFiles == 2 && again.stored == 0)
        for number in 1...3 {
            #expect(try database.record(eventID: Record.id(number))?.contains(Record.id(number)) == true)
        }
        try database.close()
    }

    @Test func `what an archive does not give is told once, and forgotten when it does`() throws {
        let folder = try ScratchFolder()
        var fixture = ZipFixture([.init("one.json", Self.first), .init("two.json", Self.second)])
        fixture.members[1].flags = 1
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        for (flags, issues) in [(UInt16(1), 1), (1, 1), (0, 0)] {
            fixture.members[1].flags = flags
            try folder.write("e.zip", fixture.bytes)
            let summary = try Ingest().run(Ingest.plan([folder.path("e.zip")]), into: database)
            #expect(summary.issues.count == issues)
            #expect(try database.statusFacts().issues.reduce(0) { $0 + $1.denials } == issues)
        }
        try database.close()
    }

    @Test(arguments: [true, false])
    func `a log file with an appended member is named where digests lie beside it`(hasDigests: Bool) throws {
        let folder = try ScratchFolder()
        var made = DigestFixture(hours: [0]).make()
        made.files[made.logs[0]]! += gzipMember(Array(Record.file([Record.denied(77)]).utf8))
        if !hasDigests { made.files[made.digests[0]] = nil }
        for (path, bytes) in made.files { try folder.write("logs/" + path, bytes) }
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        let summary = try Ingest().run(Ingest.plan([folder.path("logs")]), into: database)
        #expect(summary.issues.map(\.code) == (hasDigests ? [.appendedMember] : []))
        #expect(summary.denials == 1)
        try database.close()
    }
}
