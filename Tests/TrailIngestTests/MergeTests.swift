import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Databases of parts of an archive, merged: the rows are those of one ingest of the whole, however it was cut and in whatever order.
@Suite struct MergeTests {
    /// Queries that ask what users and reports ask, without what numbers alone tell.
    private static let queries =
        EventFormTests.queries
        // Of two records that tell the same the one that came first is kept as it was written.
        + AddendumTests.queries.map { $0.replacing(", record FROM", with: " FROM") } + [
            "SELECT eventID, accessKeyId, roleArn, tags FROM session ORDER BY eventID",
            "SELECT name, count(*) FROM changeName GROUP BY 1 ORDER BY 1",
            "SELECT nameless, untold, unworded, count(*) FROM partialEvent GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        ]

    /// Ingests texts as the files of one run.
    private static func whole(_ files: [String], keyHashBits: Int = 31) throws -> [[[SQLValue]]] {
        let folder = try ScratchFolder()
        try ingest(files, "t.sqlite", keyHashBits: keyHashBits, folder)
        return try rows(folder)
    }

    /// Ingests each list of texts into a shard, and merges those.
    private static func merged(_ shards: [[String]], keyHashBits: Int = 31) throws -> [[[SQLValue]]] {
        let folder = try ScratchFolder()
        for (index, files) in shards.enumerated() {
            try ingest(files, "\(index).sqlite", keyHashBits: keyHashBits, folder)
        }
        let summary = try Merge.run(
            shards.indices.map { folder.path("\($0).sqlite") }, into: folder.path("t.sqlite"), keyHashBits: keyHashBits)
        #expect(summary?.shards == shards.count)
        let sums = try queried(
            "SELECT sum(records - stored - duplicates - skipped), sum(stored) - (SELECT count(*) FROM event) FROM logFile",
            folder)
        #expect(sums == [[.integer(0), .integer(0)]])
        return try rows(folder)
    }

    private static func ingest(_ files: [String], _ name: String, keyHashBits: Int, _ folder: ScratchFolder) throws {
        for (index, text) in files.enumerated() { try folder.write("\(name).in/\(100 + index).log", text) }
        var options = Ingest.Options()
        options.keyHashBits = keyHashBits
        let database = try TrailDatabase.openForWriting(folder.path(name))
        _ = try Ingest(options: options, now: { 1_795_000_000 })
            .run(Ingest.plan([folder.path("\(name).in")]), into: database)
        try database.close()
    }

    private static func rows(_ folder: ScratchFolder) throws -> [[[SQLValue]]] {
        try queries.map { try queried($0, folder) }
    }

    private static func expectSame(_ merged: [[[SQLValue]]], _ whole: [[[SQLValue]]], _ what: String) {
        for (index, query) in queries.enumerated() { #expect(merged[index] == whole[index], "\(what): \(query)") }
    }

    /// Every third form: that each gives way to the record is asked of one database.
    private static let forms = EventForm.all.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)

    @Test(arguments: forms) func `a form in one shard gives way to the record in another`(_ form: EventForm)
        throws
    {
        let text = form.file(EventFormTests.objects)
        let truth = try Self.whole([EventFormTests.whole, text])
        // Every other form comes first.
        let isFirst = form.name.utf8.count.isMultiple(of: 2)
        let shards = isFirst ? [[text], [EventFormTests.whole]] : [[EventFormTests.whole], [text]]
        Self.expectSame(try Self.merged(shards), truth, form.name)
    }

    @Test func `an addendum and its original find each other, and of two addenda the same one wins`() throws {
        let texts = [
            Record.success(7), AddendumTests.addendum(Record.denied(7), of: 7, as: 900),
            AddendumTests.addendum(Record.denied(7, action: "mobiletargeting:GetApp"), of: 7, as: 901),
            AddendumTests.addendum(Record.denied(8, second: 4000), of: 8, as: 902), Record.success(8), Record.detach(9),
        ]
        let truth = try Self.whole(texts)
        var random = SeededGenerator(state: 3)
        for _ in 0..<3 {
            Self.expectSame(try Self.merged(texts.shuffled(using: &random).map { [$0] }), truth, "addenda")
        }
    }

    /// With 4 bits of a hash for the events of one second many stand where others should.
    @Test(arguments: [4, 31], [UInt64](1...3))
    func `any cut into shards, copies and forms in them included, gives the rows of the whole`(bits: Int, seed: UInt64)
        throws
    {
        var random = SeededGenerator(state: seed)
        let records = (0..<60).map { number in
            switch Int.random(in: 0..<5, using: &random) {
            case 0: Record.denied(number + 1, second: number / 20)
            case 1: Record.detach(number + 1, second: number / 20)
            case 2 where number > 0:
                AddendumTests.addendum(Record.denied(number, second: (number - 1) / 20), of: number, as: 5000 + number)
            default: Record.success(number + 1, second: number / 20)
            }
        }
        let forms = EventForm.all.filter { !$0.name.hasPrefix("OCSF") && $0.name != "console, 2020" && !$0.isNameless }
        var files: [String] = []
        for start in stride(from: 0, to: records.count, by: 6) {
            files.append(Record.file(Array(records[start..<start + 6])))
        }
        let objects = records.filter { !$0.contains("addendum") }.map(EventForm.object)
        for _ in 0..<6 {
            let part = Array(objects.shuffled(using: &random).prefix(Int.random(in: 1...10, using: &random)))
            if let form = forms.randomElement(using: &random) { files.append(form.file(part)) }
            files.append(Record.file(records.shuffled(using: &random).suffix(5)))
        }
        let truth = try Self.whole(files, keyHashBits: bits)
        var shards = [[String]](repeating: [], count: 5)
        for file in files.shuffled(using: &random) { shards[Int.random(in: 0..<5, using: &random)].append(file) }
        Self.expectSame(
            try Self.merged(shards.filter { !$0.isEmpty }, keyHashBits: bits), truth, "\(bits) bits, seed \(seed)")
    }

    @Test func `a file that two shards hold counts once, and one call recorded in two accounts is one denial`() throws {
        let copy = Record.denied(2).replacing(
            "\"eventID\":\"\(Record.id(2))\"", with: "\"eventID\":\"\(Record.id(3))\""
        )
        .replacing("\"recipientAccountId\":\"111122223333\"", with: "\"recipientAccountId\":\"444455556666\"")
        func shared(_ record: String) -> String { String(record.dropLast()) + ",\"sharedEventID\":\"s-1\"}" }
        let files = [Record.file([Record.success(1)]), shared(Record.denied(2)), shared(copy)]
        let truth = try Self.whole(files)
        #expect(truth[1].map { $0.last } == [.integer(0), .integer(1)])
        Self.expectSame(try Self.merged([[files[0], files[2]], [files[0], files[1]]]), truth, "copies")
    }

    @Test func `what is there already stays, and a merge that fails leaves nothing`() throws {
        let folder = try ScratchFolder()
        try Self.ingest([Record.success(1)], "a.sqlite", keyHashBits: 31, folder)
        try Self.ingest([Record.success(2)], "b.sqlite", keyHashBits: 31, folder)
        let shards = [folder.path("a.sqlite"), folder.path("b.sqlite")]
        #expect(throws: StoreError(.busy, "")) { try Merge.run(shards, into: folder.path("a.sqlite")) }
        #expect(throws: StoreError(.missing, "")) {
            try Merge.run(shards + [folder.path("none.sqlite")], into: folder.path("t.sqlite"))
        }
        try folder.write("c.sqlite", "no database at all, but long enough to look like one to nobody")
        #expect(throws: StoreError(.foreign, "")) {
            try Merge.run(shards + [folder.path("c.sqlite")], into: folder.path("t.sqlite"))
        }
        #expect(try Merge.run(shards, into: folder.path("t.sqlite"), mustStop: { true }) == nil)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path("."))
        #expect(left.filter { $0.contains("t.sqlite") || $0.contains(".part") }.isEmpty)
        #expect(try Merge.run(shards, into: folder.path("t.sqlite"))?.events == 2)
    }

    @Test func `a pruned shard is merged with those that hold nothing older`() throws {
        let folder = try ScratchFolder()
        for (name, days) in [("old", 0), ("new", 3), ("pruned", 3)] {
            try Self.ingest(
                [Record.denied(days, second: days * 86_400)] + (name == "pruned" ? [Record.denied(90, second: 7)] : []),
                "\(name).sqlite", keyHashBits: 31, folder)
        }
        let database = try TrailDatabase.openForWriting(folder.path("pruned.sqlite"))
        _ = try database.prune(before: 1_793_491_200 + 86_400, now: "2026-11-20T00:00:00Z")
        try database.close()
        func merge(_ names: String...) throws -> MergeSummary? {
            try Merge.run(names.map { folder.path("\($0).sqlite") }, into: folder.path("\(names.joined()).out"))
        }
        #expect(try merge("pruned", "new")?.denials == 1)
        #expect(
            try queried("SELECT denials FROM denialGroup", folder, "prunednew.out") == [[.integer(2)]])
        #expect(throws: StoreError(.older, "")) { try merge("pruned", "old") }
        #expect(throws: StoreError(.older, "")) { try merge("old", "pruned") }
    }

    @Test func `a slim merge keeps what reports ask for`() throws {
        let folder = try ScratchFolder()
        let records =
            (0..<20).map { Record.success($0, name: "DescribeInstances", source: "ec2.amazonaws.com") }
            + [Record.denied(30), Record.detach(31), Record.success(32)]
        try Self.ingest([Record.file(records)], "a.sqlite", keyHashBits: 31, folder)
        let summary = try Merge.run([folder.path("a.sqlite")], into: folder.path("t.sqlite"), isSlim: true)
        // The first event stays as well.
        #expect(summary?.events == 4)
        #expect(try queried("SELECT sum(events) FROM usage", folder) == [[.integer(23)]])
    }

    @Test func `a prefix stands for the folders that were named`() throws {
        let folder = try ScratchFolder()
        try folder.write("in/AWSLogs/1/a.json", Record.success(1))
        try folder.write("in/AWSLogs/1/bad.json", "{\"Records\":[{\"eventTime\":")
        try folder.write("b.json", Record.success(2))
        var options = Ingest.Options()
        options.pathPrefix = "s3://logs/"
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        _ = try Ingest(options: options).run(
            Ingest.plan([folder.path("in"), folder.path("b.json")]), into: database)
        try database.close()
        #expect(
            try queried("SELECT path FROM logFile UNION SELECT path FROM ingestIssue ORDER BY 1", folder)
                == ["AWSLogs/1/a.json", "AWSLogs/1/bad.json", "b.json"].map { [.text("s3://logs/\($0)")] })
    }
}
