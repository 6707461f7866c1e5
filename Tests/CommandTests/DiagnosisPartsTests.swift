import Foundation
import GRDB
import Reporting
import TestSupport
import Testing

@testable import TrailStore

/// The views say the same whether all groups are diagnosed at once or few at a time.
@Suite struct DiagnosisPartsTests {
    /// All that the views hold after the groups were diagnosed in parts of so many.
    private static func rows(_ path: String, groupsInPart: Int) throws -> [String] {
        let database = try TrailDatabase.openForWriting(path)
        // What was told before would not be new.
        try database.queue.write { try $0.execute(sql: "DELETE FROM diagnosisState") }
        try DiagnosisRun.renew(
            database, version: "parts", now: "2026-11-30T00:00:00Z", groupsInPart: groupsInPart)
        let rows = try database.queue.read { db in
            try ["incidentRow", "diagnosisRow", "diagnosisJSON"].flatMap { table in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table) ORDER BY 1").map(\.description)
            }
        }
        try database.close()
        return rows
    }

    private static func rows(_ path: String) throws -> [[String]] {
        // Once more at the end: nothing of another size may be left.
        try [Int.max, 1, 7, .max].map { try rows(path, groupsInPart: $0) }
    }

    /// The sample trails and every fourth case: successes in log files to read back, calls refused behind others, sessions.
    private static let inputs =
        [["SampleTrails/AWSLogs"]]
        + [
            CasebookCase.all.enumerated().filter { $0.offset % 4 == 0 }.compactMap(\.element.archive?.path)
        ]

    @Test(arguments: inputs) func partsOfAnySizeSayTheSame(_ input: [String]) throws {
        let folder = try ScratchFolder()
        let paths = input.map { $0.hasPrefix("/") ? $0 : Program.projectFolder.appendingPathComponent($0).path }
        let run = try Program.run(
            ["ingest"] + paths + ["--database", "t.sqlite", "--no-diagnosis"], in: folder.path)
        #expect(run.status == 2 || run.status == 0, "\(run.errors)")
        let all = try Self.rows(folder.path("t.sqlite"))
        #expect(all[0].count > 20)
        for rows in all {
            #expect(rows.count == all[0].count)
            let difference = zip(rows, all[0]).first { $0 != $1 }
            #expect(difference == nil)
        }
    }

    /// The parts of a database that was merged of two are those of the whole; one without denials has none.
    @Test func partsOfAMergedDatabaseSayTheSame() throws {
        let folder = try ScratchFolder()
        let records = (1...24).map { id in
            TestRecord(
                id: id, time: "2026-11-1\(id % 8)T10:00:\(10 + id)Z", role: "role-\(id % 9)", isRefused: id % 5 != 0)
        }
        try folder.write("a.json", Array(records.prefix(11)))
        try folder.write("b.json", Array(records.dropFirst(11)))
        try folder.write("c.json", [TestRecord(id: 90, isRefused: false)])
        for run in [
            ["ingest", "a.json", "--database", "a.sqlite", "--no-diagnosis"],
            ["ingest", "b.json", "--database", "b.sqlite", "--no-diagnosis"],
            ["merge", "a.sqlite", "b.sqlite", "--database", "m.sqlite", "--no-diagnosis"],
            ["ingest", "a.json", "b.json", "--database", "w.sqlite", "--no-diagnosis"],
            ["ingest", "c.json", "--database", "c.sqlite"],
        ] {
            let result = try Program.run(run, in: folder.path)
            #expect(result.status == 0, "\(result.errors)")
        }
        let merged = try Self.rows(folder.path("m.sqlite"), groupsInPart: 1)
        #expect(merged.count > 20)
        #expect(try Self.rows(folder.path("w.sqlite"), groupsInPart: 7) == merged)
        #expect(try Self.rows(folder.path("c.sqlite"), groupsInPart: 1) == [])
    }

    /// A call that hands a role to a service, and what was refused to that role at once, are of two principals, and of two parts.
    @Test func whatStandsBehindIsFoundInAnotherPart() throws {
        let folder = try ScratchFolder()
        let names = ["u24_subscription_filter_role", "w08_schema_of_a_delivery_stream"]
        let archives = CasebookCase.all.filter { names.contains($0.name) }.compactMap(\.archive?.path)
        #expect(archives.count == names.count)
        let run = try Program.run(
            ["ingest"] + archives + ["--database", "t.sqlite", "--no-diagnosis"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        let all = try Self.rows(folder.path("t.sqlite"))
        for rows in all { #expect(rows == all[0]) }
    }

    /// Groups that are gone leave no row, and what fails half-way leaves all of them.
    @Test func rowsOfOthersGo() throws {
        let folder = try ScratchFolder()
        try folder.write("log.json", [TestRecord(id: 1, time: "2026-11-10T10:00:00Z", role: "a", isRefused: true)])
        #expect(try Program.run(["ingest", "log.json", "--database", "t.sqlite"], in: folder.path).status == 0)
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        let writes = { (version: String) in
            try database.renewDiagnoses(
                version: version, changes: ChangeSelection(names: { _ in [] }, furtherNames: { _ in [] }), now: ""
            ) {
                try $0.finish([], renamed: [:])
            }
        }
        try writes("another")
        #expect(try database.queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM diagnosisRow") } == 0)
        // What fails half-way leaves everything as it was.
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try database.renewDiagnoses(
                version: "third", changes: ChangeSelection(names: { _ in [] }, furtherNames: { _ in [] }), now: ""
            ) { _ in
                throw Stop()
            }
        }
        #expect(try database.diagnosisIsDue(version: "another") == nil)
        try database.close()
    }
}
