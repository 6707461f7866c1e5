import Foundation
import GRDB
import GRDBSQLite
import TestSupport
import Testing
import TrailIngest

@testable import TrailStore

/// Twice as much input is about twice as much work to store and to read for a report, counted in steps of SQLite's machine.
@Suite struct ReadingGrowthTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var records: @Sendable (Int) -> [String]
        var testDescription: String { name }
    }

    static let shapes = [
        Shape(name: "groups of one principal") { count in
            (0..<count).map { Record.denied($0, action: "mobiletargeting:Send\($0)") }
        },
        Shape(name: "groups of many principals") { count in
            (0..<count).map { number in
                Record.denied(number).replacing("order-notifier", with: "order-notifier-\(number)")
            }
        },
        Shape(name: "refused tables") { count in
            (0..<count).map { number in
                let table = "table/t\(number)"
                let worked = Record.success(2 * number, name: "GetItem", source: "dynamodb.amazonaws.com")
                    .replacing(#"{"application-id":"abc"}"#, with: #"{"tableName":"t\#(number)"}"#)
                let refused = Record.denied(2 * number + 1, action: "dynamodb:GetItem")
                    .replacing("pinpoint.amazonaws.com", with: "dynamodb.amazonaws.com")
                    .replacing(
                        "mobiletargeting:us-east-1:111122223333:apps/abc/messages",
                        with: "dynamodb:us-east-1:111122223333:\(table)"
                    )
                    .replacing(#""eventName":"SendMessages""#, with: #""eventName":"GetItem""#)
                    .replacing(#"{"application-id":"abc"}"#, with: #"{"tableName":"t\#(number)"}"#)
                return [worked, refused].joined(separator: ",")
            }
        },
        Shape(name: "names of events") { count in
            (0..<count).map { Record.success($0, name: "Get\($0)") } + [Record.denied(count)]
        },
        Shape(name: "changes of one role") { count in
            (0..<count).map { Record.detach($0) } + [Record.denied(count)]
        },
    ]

    private final class Steps {
        var count = 0
    }

    /// Hundreds of steps that it takes to store and to read so much of a shape.
    private static func work(_ shape: Shape, _ count: Int) throws -> Int {
        let folder = try ScratchFolder()
        try folder.write("a/one.json", Record.file(shape.records(count)))
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
        _ = try Ingest(options: Ingest.Options(), now: { 1_795_000_000 }).run(
            Ingest.plan([folder.path("a")]), into: database, mustStop: { false })
        let selection = ChangeSelection(names: { _ in ["order-notifier"] }, furtherNames: { _ in [] })
        let facts = try database.queue.inDatabase {
            try TrailDatabase.reportFacts(ReportFilter(), selection, $0)
        }
        #expect(!facts.groups.isEmpty)
        database.queue.inDatabase { sqlite3_progress_handler($0.sqliteConnection, 0, nil, nil) }
        try database.close()
        return withExtendedLifetime(steps) { steps.count }
    }

    @Test(arguments: shapes) func `Twice as much is twice as much work`(_ shape: Shape) throws {
        let (few, many) = (try Self.work(shape, 300), try Self.work(shape, 600))
        #expect(few > 0 && Double(many) / Double(few) < 2.3, "\(few) and \(many)")
    }
}
