import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Raw records, wherever they are kept.
@Suite struct KeptRecordsTests {
    /// Ingests a file with a success, a denial and a permission change, and opens the database.
    private func store(keeping kept: KeptRecords, in folder: ScratchFolder) throws -> TrailDatabase {
        try folder.write("a/one.json", Record.file([Record.success(1), Record.denied(2), Record.detach(3)]))
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        var options = Ingest.Options()
        options.keptRecords = kept
        _ = try Ingest(options: options, now: { 1_795_000_000 }).run(Ingest.plan([folder.path("a")]), into: database)
        try database.close()
        return try TrailDatabase.openForReading(folder.path("t.sqlite"))
    }

    private func expectAll(_ store: TrailDatabase) throws {
        for (number, name) in [(1, "SendMessages"), (2, "SendMessages"), (3, "DetachRolePolicy")] {
            let json = try #require(try store.record(eventID: Record.id(number)))
            #expect(json.contains(Record.id(number)) && json.contains(name))
            #expect(json.hasPrefix("{") && json.hasSuffix("}"))
        }
        #expect(try store.record(eventID: "no such event") == nil)
    }

    @Test func `Every record is found in the database where all are kept, without the log file`() throws {
        let folder = try ScratchFolder()
        let store = try store(keeping: .all, in: folder)
        try FileManager.default.removeItem(atPath: folder.path("a/one.json"))
        try expectAll(store)
        try store.close()
    }

    @Test(arguments: [KeptRecords.denied, .changes, [], [.denied, .changes]])
    func `What was not kept is read back from the log file`(kept: KeptRecords) throws {
        let folder = try ScratchFolder()
        let store = try store(keeping: kept, in: folder)
        try expectAll(store)
        try store.close()
    }

    @Test func `A log file that is gone or has changed is told`() throws {
        let folder = try ScratchFolder()
        let store = try store(keeping: [], in: folder)
        let unavailable = StoreError(.recordUnavailable, "")
        try folder.write("a/one.json", Record.file([Record.success(7), Record.denied(8), Record.detach(9)]))
        #expect(throws: unavailable) { try store.record(eventID: Record.id(1)) }
        try FileManager.default.removeItem(atPath: folder.path("a/one.json"))
        #expect(throws: unavailable) { try store.record(eventID: Record.id(2)) }
        try store.close()
    }

    @Test func `Records of many blocks are told apart`() throws {
        let folder = try ScratchFolder()
        let count = 3000
        try folder.write("a/many.json", Record.file((1...count).map { Record.success($0) }))
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        var options = Ingest.Options()
        options.keptRecords = .all
        _ = try Ingest(options: options, now: { 1_795_000_000 }).run(Ingest.plan([folder.path("a")]), into: database)
        for number in stride(from: 1, through: count, by: 97) {
            #expect(try database.record(eventID: Record.id(number))?.contains(Record.id(number)) == true)
        }
        try database.close()
    }
}
