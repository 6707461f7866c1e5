import Foundation
import GRDB
import TestSupport
import Testing

@testable import TrailStore

/// Rows that an earlier version read from exports are known to be partial once the database is migrated.
@Suite struct EarlierFormsTests {
    private static func migrated(_ version: String, kind: String, in folder: ScratchFolder) throws -> DatabaseQueue {
        let path = try ReleasedSchema.database(
            version, in: folder, also: "UPDATE logFile SET kind = '\(kind)', modificationTime = 5, sha256 = 'x';")
        try TrailDatabase.openForWriting(path).close()
        return try DatabaseQueue(path: path)
    }

    @Test(arguments: ReleasedSchema.names.filter { $0 < "8" })
    func `rows of the console's CSV may be completed`(version: String) throws {
        let folder = try ScratchFolder()
        let queue = try Self.migrated(version, kind: "event-history-csv", in: folder)
        let rows = try queue.read {
            try Row.fetchAll($0, sql: "SELECT json, nameless, untold FROM partialEvent ORDER BY key")
        }
        #expect(rows.count == 4 && rows.allSatisfy { $0["nameless"] == 0 && $0["untold"] == 0 })
        let first: String = rows[0]["json"]
        #expect(first.contains(#""errorCode":null"#) && first.contains(#""eventName":"SendMessages""#), "\(first)")
        #expect(first.contains(#""sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/mailer"}"#))
        let denied: String = rows[2]["json"]
        #expect(denied.contains(#""errorCode":"AccessDenied""#))
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT modificationTime FROM logFile") } == 5)
    }

    @Test func `a query's result is to be ingested once more, since nobody noted whether it had an error column`()
        throws
    {
        let folder = try ScratchFolder()
        let queue = try Self.migrated("7", kind: "query-result-csv", in: folder)
        try queue.read { db in
            let first = try String.fetchOne(db, sql: "SELECT json FROM partialEvent ORDER BY key") ?? ""
            #expect(!first.contains("errorCode"))
            #expect(
                try String.fetchAll(db, sql: "SELECT path FROM ingestIssue WHERE code = 'outcome-unknown'")
                    == ["/trails/a.json"])
            // So that the file counts as one that is not in yet.
            #expect(try Int.fetchOne(db, sql: "SELECT modificationTime FROM logFile") == nil)
        }
    }

    @Test func `CloudTrail's own records are whole`() throws {
        let folder = try ScratchFolder()
        let queue = try Self.migrated("7", kind: "CloudTrail", in: folder)
        #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM partialEvent") } == 0)
    }
}
