import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

/// One wrong value anywhere in a database: what reads it gives an answer or a clear error, and never traps.
@Suite struct WrongValueTests {
    /// Values that hardly any column can hold.
    private static let values: [(any DatabaseValueConvertible & Sendable)?] = [
        "abc", Data([0, 0xFF]), -1, Int64.min, Int64.max, 1_000_000_000, 1.5, 1e300, String(repeating: "9", count: 40),
        nil,
    ]

    private static let selection = ChangeSelection(
        names: { [$0.principal, $0.principal.split(separator: "/").last.map(String.init) ?? ""] },
        furtherNames: { _ in [] })

    /// Everything that a command asks of a database; how many of the answers were errors that name the place.
    private static func read(_ path: String) throws -> Int {
        var filter = ReportFilter()
        filter.includesAWSServices = true
        filter.readsSessions = true
        filter.from = 0
        filter.to = .max
        var faults = 0
        let questions: [(TrailDatabase) throws -> Void] = [
            { _ = try $0.reportFacts(filter, changes: selection) },
            { _ = try $0.statusFacts() },
            { _ = try ($0.groupPrincipals(), $0.groupActions()) },
            { for name in try $0.groupNames() { _ = try $0.caseFacts(groupID: name.id, changes: selection) } },
            { for id in ["e-1", "e-2", "e-3", "e-4"] { _ = try $0.event(id: id) } },
            { for id in ["e-3", "e-4"] { _ = try $0.record(eventID: id) } },
            { _ = try $0.knownFiles(maximumRatio: 1, maximumRecordBytes: 1) },
        ]
        func ask(_ question: () throws -> Void) throws {
            do { try question() } catch let error as StoreError { faults += error.code == .damaged ? 1 : 0 }
        }
        try ask {
            let database = try TrailDatabase.openForReading(path)
            for question in questions { try ask { try question(database) } }
            try database.close()
        }
        return faults
    }

    @Test func `A wrong value in any column of any table is an answer or a clear error`() throws {
        let folder = try ScratchFolder()
        let whole = try folder.emptyDatabase()
        try DatabaseQueue(path: whole).inDatabase { try $0.execute(sql: ReleasedSchema.rows) }
        #expect(try Self.read(whole) == 0)
        let tables = try DatabaseQueue(path: whole).read { db in
            try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
            ).map { ($0, try db.columns(in: $0)) }
        }
        var number = 0
        for (table, columns) in tables {
            for column in columns {
                number += 1
                // Each column gets some of the values, all of them together all.
                for index in Self.values.indices where (index + number) % 5 == 0 {
                    let value = Self.values[index]
                    let path = folder.path("wrong.sqlite")
                    for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                        try FileManager.default.removeItem(atPath: path + suffix)
                    }
                    try FileManager.default.copyItem(atPath: whole, toPath: path)
                    var configuration = Configuration()
                    configuration.foreignKeysEnabled = false
                    let queue = try DatabaseQueue(path: path, configuration: configuration)
                    var changed = 0
                    do {
                        changed = try queue.inDatabase { db in
                            try db.execute(
                                sql: """
                                    UPDATE OR IGNORE "\(table)" SET "\(column.name)" = ?
                                    WHERE "\(columns[0].name)" = (SELECT "\(columns[0].name)" FROM "\(table)" LIMIT 1)
                                    """, arguments: [value])
                            return db.changesCount
                        }
                    } catch let error as DatabaseError where error.resultCode == .SQLITE_MISMATCH {
                        // SQLite itself keeps such a value out of a row's number.
                        changed = 0
                    }
                    try queue.close()
                    guard changed > 0 else { continue }
                    _ = try Self.read(path)
                    guard value is String, column.type == "INTEGER" else { continue }
                    let faults = try DatabaseCheck.check(path).faults
                    #expect(
                        faults.contains { $0.table == table && $0.text.contains("`\(column.name)`") },
                        "\(table).\(column.name): \(faults)")
                }
            }
        }
        #expect(number > 90)
    }

    /// More rounds, under address sanitizer:
    /// `TRAIL403_FUZZ_ROUNDS=100000 swift test --sanitize=address --scratch-path .build-asan --filter WrongValueTests`.
    private static let rounds = ProcessInfo.processInfo.environment["TRAIL403_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 50

    @Test func `Bytes that were changed anywhere, in a file without checksums, never trap`() throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        try DatabaseQueue(path: path).inDatabase { try $0.execute(sql: ReleasedSchema.rows) }
        var whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let page = 16_384
        for end in stride(from: page, through: whole.count, by: page) {
            whole.replaceSubrange(end - 8..<end, with: Data(count: 8))
        }
        // Most of a page is empty: bytes that are there are changed.
        let used = whole.indices.filter { whole[$0] != 0 && $0 >= 100 }
        var random = SeededGenerator(state: 12)
        for _ in 0..<Self.rounds {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[used[Int.random(in: used.indices, using: &random)]] = UInt8.random(in: 0...255, using: &random)
            }
            for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            _ = try Self.read(path)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var sql: String
        var says: String

        var testDescription: String { sql }
    }

    @Test(arguments: [
        Case(
            sql: "UPDATE usage SET events = 'many'",
            says: "table `usage`, row 1/1/2/3: `events` is text, not a number"),
        Case(
            sql: "UPDATE denialGroupRow SET id = 1000000000",
            says: "`id` is 1000000000"),
        Case(
            sql: "UPDATE denialGroupRow SET principal = x'00ff'",
            says: "table `denialGroupRow`, row 1: `principal` is a blob, not text"),
        Case(
            sql: "UPDATE logFile SET stored = 9223372036854775807",
            says: "table `logFile`, row 1: `stored` is 9223372036854775807"),
        Case(
            sql: "UPDATE activity SET hour = 9000000000000000000",
            says: "`hour` is 9000000000000000000"),
        Case(
            sql: "UPDATE eventRow SET eventTime = 5, eventID = x'01'",
            says: "table `eventRow`"),
    ])
    func `The error names the table, the row and the column`(row: Case) throws {
        let folder = try ScratchFolder()
        let path = try folder.emptyDatabase()
        try DatabaseQueue(path: path).inDatabase { db in
            try db.execute(sql: ReleasedSchema.rows)
            try db.execute(sql: row.sql)
        }
        var filter = ReportFilter()
        filter.includesAWSServices = true
        let database = try TrailDatabase.openForReading(path)
        do {
            _ = try database.reportFacts(filter, changes: Self.selection)
            Issue.record("the report was made")
        } catch let error as StoreError {
            #expect(error.code == .damaged && error.description.contains(row.says), "\(error)")
        }
    }
}
