import AccessDenial
import CloudTrail
import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing

@testable import TrailStore

/// Twice as much input is about twice as much work, counted in steps of SQLite's machine.
@Suite struct WriterGrowthTests {
    private final class Steps {
        var count = 0
    }

    /// Hundreds of steps that writing so many distinct operations takes.
    private static func work(operations: Int) throws -> Int {
        let folder = try ScratchFolder()
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        let steps = Steps()
        database.queue.inDatabase { db in
            sqlite3_progress_handler(
                db.sqliteConnection, 100,
                { context in
                    if let context { Unmanaged<Steps>.fromOpaque(context).takeUnretainedValue().count += 1 }
                    return 0
                }, Unmanaged.passUnretained(steps).toOpaque())
        }
        let writer = EventWriter(database: database, ingestedAt: "2026-11-01T00:00:00Z")
        var batch = EventBatch()
        batch.newOperations = (0..<operations).map { number in
            Operation(
                eventSource: "example.amazonaws.com", eventName: "Call\(number)", eventType: "AwsApiCall",
                eventCategory: "Management", readOnly: false, managementEvent: true, action: "example:Call\(number)")
        }
        batch.outcome = LogFileOutcome(
            kind: .cloudTrail, records: 0, skipped: 0, issues: [], sha256: nil, size: 1, uncompressedSize: 1,
            modificationTime: 1)
        _ = try writer.write([batch]) { _ in "/a.json" }
        try writer.finish()
        database.queue.inDatabase { sqlite3_progress_handler($0.sqliteConnection, 0, nil, nil) }
        try database.close()
        return withExtendedLifetime(steps) { steps.count }
    }

    @Test func `Distinct operations cost the same each, however many there are`() throws {
        let (few, many) = (try Self.work(operations: 1000), try Self.work(operations: 2000))
        #expect(Double(many) / Double(few) < 2.3, "\(few) and \(many)")
    }
}
