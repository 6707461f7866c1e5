import CloudTrail
import Foundation
import IAMPolicy
import Synchronization
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Ingests `paths` into a database in `folder` and returns what it did.
private func ingest(
    _ paths: [String], in folder: ScratchFolder, database name: String = "t.sqlite",
    options: Ingest.Options = Ingest.Options(),
    mustStop: @escaping @Sendable () -> Bool = { false }
) throws -> Ingest.Summary {
    let database = try TrailDatabase.openForWriting(folder.path(name))
    let summary = try Ingest(options: options, now: { 1_795_000_000 }).run(
        Ingest.plan(paths), into: database, mustStop: mustStop)
    try database.close()
    return summary
}

/// The rows of a query as texts.
private func rows(_ sql: String, in folder: ScratchFolder, database name: String = "t.sqlite") throws -> [[String]] {
    try queried(sql, folder, name).map { row in
        row.map { value in
            switch value {
            case .null: "NULL"
            case .integer(let number): String(number)
            case .real(let number): String(number)
            case .text(let text): text
            case .blob(let bytes): String(describing: bytes)
            }
        }
    }
}

@Suite struct IngestTests {
    @Test func `Events, denials and permission changes are stored with their counts`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/one.json", Record.file([Record.success(1), Record.denied(2), Record.detach(3)]))
        let summary = try ingest([folder.path("a")], in: folder)
        #expect(summary.files == 1 && summary.records == 3 && summary.stored == 3 && summary.denials == 1)
        #expect(
            try rows(
                "SELECT eventID, eventTime, eventName, principal, readOnly, managementEvent FROM event ORDER BY eventTime",
                in: folder)
                == [
                    [Record.id(1), Record.time(1), "SendMessages", Record.role, "0", "0"],
                    [Record.id(2), Record.time(2), "SendMessages", Record.role, "0", "0"],
                    [
                        Record.id(3), Record.time(3), "DetachRolePolicy", "arn:aws:iam::111122223333:user/alice", "0",
                        "1",
                    ],
                ])
        #expect(
            try rows(
                "SELECT eventID, principal, principalType, action, resource, category, reason, effect, policyType, accountId FROM denial",
                in: folder) == [
                    [
                        Record.id(2), Record.role, "AssumedRole", "mobiletargeting:SendMessages",
                        "arn:aws:mobiletargeting:us-east-1:111122223333:apps/abc/messages", "authorization",
                        "missing-allow:identity-based", "implicit", "identity-based", "111122223333",
                    ]
                ])
        #expect(
            try rows("SELECT eventName, actor, targetType, target, policyARN FROM permissionChange", in: folder) == [
                [
                    "DetachRolePolicy", "arn:aws:iam::111122223333:user/alice", "role", "order-notifier",
                    "arn:aws:iam::111122223333:policy/Send",
                ]
            ])
        #expect(
            try rows("SELECT kind, records, stored, duplicates, skipped FROM logFile", in: folder) == [
                ["CloudTrail", "3", "3", "0", "0"]
            ])
    }

    @Test func `Events delivered twice are stored once and counted`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/one.json", Record.file([Record.success(1), Record.denied(2), Record.denied(2)]))
        try folder.write("a/two.json", Record.file([Record.denied(2), Record.success(3)]))
        let summary = try ingest([folder.path("a")], in: folder)
        #expect(summary.records == 5 && summary.stored == 3 && summary.duplicates == 2 && summary.skipped == 0)
        #expect(try rows("SELECT count(*), count(DISTINCT eventID) FROM event", in: folder) == [["3", "3"]])
        #expect(try rows("SELECT denials FROM denialGroup", in: folder) == [["1"]])
        #expect(
            try rows("SELECT sum(events), sum(denials), sum(successes) FROM usage", in: folder) == [["3", "1", "2"]])
    }

    @Test func `Two events of one second whose hashes collide are both stored`() throws {
        // 3,000,000 ids in one second would collide by chance; two with the same id but another time must not be taken for one.
        let folder = try ScratchFolder()
        try folder.write("a.json", Record.file([Record.success(1, second: 5), Record.success(1, second: 6)]))
        let summary = try ingest([folder.path("a.json")], in: folder)
        #expect(summary.stored == 2)
    }

    @Test func `A file that is in already is left out, by name or by content`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/one.json", Record.file([Record.success(1), Record.denied(2)]))
        #expect(try ingest([folder.path("a")], in: folder).stored == 2)
        let second = try ingest([folder.path("a")], in: folder)
        #expect(second.files == 0 && second.unchangedFiles == 1 && second.records == 0)
        try folder.write("a/copy.json", Record.file([Record.success(1), Record.denied(2)]))
        let third = try ingest([folder.path("a")], in: folder)
        #expect(third.files == 0 && third.unchangedFiles == 2)
        try folder.write("a/one.json", Record.file([Record.success(1), Record.denied(2), Record.denied(4)]))
        let fourth = try ingest([folder.path("a")], in: folder)
        #expect(fourth.files == 1 && fourth.stored == 1 && fourth.duplicates == 2)
        #expect(
            try rows("SELECT sum(records), sum(stored + duplicates + skipped) FROM logFile", in: folder) == [
                ["5", "5"]
            ])
    }

    @Test func `Copies within one run are read once`() throws {
        let folder = try ScratchFolder()
        for name in ["a", "b", "c"] { try folder.write("x/\(name).json", Record.file([Record.success(1)])) }
        let summary = try ingest([folder.path("x")], in: folder)
        #expect(
            summary.files == 1 && summary.copiedFiles == 2 && summary.unchangedFiles == 0 && summary.duplicates == 0)
        let again = try ingest([folder.path("x")], in: folder)
        #expect(again.files == 0 && again.copiedFiles == 0 && again.unchangedFiles == 3)
    }

    @Test func `A damaged file costs one issue and keeps the records before the damage`() throws {
        let folder = try ScratchFolder()
        let whole = Record.file([Record.success(1), Record.denied(2), Record.success(3)])
        try folder.write("a/cut.json", String(whole.prefix(whole.count - 200)))
        try folder.write("a/good.json", Record.file([Record.success(9)]))
        let summary = try ingest([folder.path("a")], in: folder)
        #expect(summary.files == 2 && summary.stored == 3 && summary.issues.count == 1)
        #expect(summary.records == summary.stored + summary.duplicates + summary.skipped)
        let issues = try rows("SELECT path, code, record FROM ingestIssue", in: folder)
        #expect(issues == [[folder.path("a/cut.json"), "json-truncated", "3"]])
    }

    @Test func `Files that are no log files are no issue below a folder, and one where they are named`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/README.md", "# Notes\n")
        try folder.write("a/one.json", Record.file([Record.success(1)]))
        let summary = try ingest([folder.path("a")], in: folder)
        #expect(summary.otherFiles == 1 && summary.issues.isEmpty)
        let named = try ingest([folder.path("a/README.md")], in: folder)
        #expect(named.issues.map(\.code) == [.notALogFile])
    }

    @Test func `Digests, Insights and aggregated events are counted under their kind and stored as no events`() throws {
        let folder = try ScratchFolder()
        try folder.write(
            "a/digest.json",
            #"{"awsAccountId":"111122223333","digestStartTime":"2026-11-01T00:00:00Z","digestEndTime":"2026-11-01T01:00:00Z","digestS3Bucket":"b","digestS3Object":"o","logFiles":[]}"#
        )
        try folder.write(
            "a/insight.json",
            #"{"Records":[{"eventVersion":"1.09","eventTime":"2026-11-01T00:00:00Z","awsRegion":"us-east-1","eventID":"1","eventType":"AwsCloudTrailInsight","recipientAccountId":"111122223333","sharedEventID":"s","insightDetails":{"state":"Start","eventSource":"pinpoint.amazonaws.com","eventName":"SendMessages","insightType":"ApiErrorRateInsight","errorCode":"AccessDenied"},"eventCategory":"Insight"}]}"#
        )
        try folder.write("a/one.json", Record.file([Record.success(1)]))
        let summary = try ingest([folder.path("a")], in: folder)
        #expect(summary.issues.isEmpty && summary.stored == 1)
        #expect(summary.records == summary.stored + summary.duplicates + summary.skipped)
        #expect(
            try rows("SELECT kind, stored FROM logFile ORDER BY kind", in: folder)
                == [["CloudTrail", "1"], ["CloudTrail-Digest", "0"], ["CloudTrail-Insight", "0"]])
    }

    @Test(arguments: [1, 2, 5])
    func `The number of readers changes no row`(readers: Int) throws {
        let folder = try ScratchFolder()
        for file in 0..<12 {
            let records = (0..<40).map { index in
                let number = (file * 31 + index * 7) % 400
                return number % 5 == 0
                    ? Record.denied(number) : number % 41 == 0 ? Record.detach(number) : Record.success(number)
            }
            try folder.write("a/\(file).json", Record.file(records))
        }
        var options = Ingest.Options()
        options.readers = 1
        _ = try ingest([folder.path("a")], in: folder, database: "one.sqlite", options: options)
        options.readers = readers
        _ = try ingest([folder.path("a")], in: folder, database: "many.sqlite", options: options)
        for view in [
            "event", "denial", "denialGroup", "permissionChange", "logFile", "ingestIssue", "usage", "activity", "text",
            "identity",
        ] {
            let sql = "SELECT * FROM \(view) ORDER BY 1, 2"
            #expect(
                try rows(sql, in: folder, database: "one.sqlite") == rows(sql, in: folder, database: "many.sqlite"),
                "\(view)")
        }
    }

    @Test func `How records are split into files changes no event`() throws {
        let folder = try ScratchFolder()
        let records = (0..<60).map { $0 % 3 == 0 ? Record.denied($0) : Record.success($0) }
        try folder.write("whole/a.json", Record.file(records))
        for (index, part) in stride(from: 0, to: 60, by: 7).enumerated() {
            try folder.write("split/\(9 - index).json", records[part..<min(part + 7, 60)].joined(separator: "\n"))
        }
        _ = try ingest([folder.path("whole")], in: folder, database: "whole.sqlite")
        _ = try ingest([folder.path("split")], in: folder, database: "split.sqlite")
        for sql in [
            "SELECT eventID, eventTime, eventName, principal, errorCode, errorMessage, action FROM event ORDER BY eventID",
            "SELECT * FROM denialGroup ORDER BY id",
        ] {
            #expect(
                try rows(sql, in: folder, database: "whole.sqlite") == rows(sql, in: folder, database: "split.sqlite"))
        }
    }

    @Test func `A stop keeps whole files only, and the next run completes them`() throws {
        let folder = try ScratchFolder()
        for file in 0..<6 {
            try folder.write("a/\(file).json", Record.file((0..<50).map { Record.success(file * 50 + $0) }))
        }
        let isOneDone = Mutex(false)
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        var options = Ingest.Options()
        options.eventsTogether = 1
        let first = try Ingest(options: options).run(
            Ingest.plan([folder.path("a")]), into: database,
            progress: { state in isOneDone.withLock { $0 = state.files == 1 } },
            mustStop: { isOneDone.withLock { $0 } })
        try database.close()
        #expect(first.wasInterrupted && first.files == 1 && first.stored == 50)
        #expect(try rows("SELECT count(*) FROM event", in: folder) == [["50"]])
        #expect(
            try rows("SELECT count(*) FROM logFile WHERE records <> stored + duplicates + skipped", in: folder) == [
                ["0"]
            ])
        let second = try ingest([folder.path("a")], in: folder)
        #expect(!second.wasInterrupted && second.unchangedFiles == 1)
        #expect(try rows("SELECT count(*) FROM event", in: folder) == [["300"]])
    }

    @Test func `A stop within a file undoes that file, and counts what is in the database`() throws {
        let folder = try ScratchFolder()
        try folder.write("a/1.json", Record.file((0..<50).map { Record.success($0) }))
        try folder.write("a/2.json", Record.file((50..<9000).map { Record.success($0) }))
        let hasBegun = Mutex(false)
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        var options = Ingest.Options()
        options.eventsTogether = 1
        let first = try Ingest(options: options).run(
            Ingest.plan([folder.path("a")]), into: database,
            progress: { state in hasBegun.withLock { $0 = state.records > 50 } },
            mustStop: { hasBegun.withLock { $0 } })
        try database.close()
        #expect(first.wasInterrupted)
        let counts = try rows(
            "SELECT count(*), coalesce(sum(records), 0), coalesce(sum(stored), 0) FROM logFile", in: folder)
        #expect(counts == [[String(first.files), String(first.records), String(first.stored)]])
        #expect(try rows("SELECT count(*) FROM event", in: folder) == [[String(first.stored)]])
        _ = try ingest([folder.path("a")], in: folder)
        #expect(try rows("SELECT count(*) FROM event", in: folder) == [["9000"]])
    }

    @Test func `Raw records are kept as the option says`() throws {
        let folder = try ScratchFolder()
        try folder.write("a.json", Record.file([Record.success(1), Record.denied(2), Record.detach(3)]))
        let cases: [(KeptRecords, [[String]])] = [
            ([.denied, .changes], [[Record.id(2)], [Record.id(3)]]), ([], []), ([.denied], [[Record.id(2)]]),
            // All others are in blocks: see KeptRecordsTests.
            ([.all], [[Record.id(2)], [Record.id(3)]]),
        ]
        for (index, (kept, expected)) in cases.enumerated() {
            var options = Ingest.Options()
            options.keptRecords = kept
            _ = try ingest([folder.path("a.json")], in: folder, database: "\(index).sqlite", options: options)
            #expect(
                try rows(
                    "SELECT eventID FROM event WHERE record IS NOT NULL ORDER BY eventID", in: folder,
                    database: "\(index).sqlite")
                    == expected)
            #expect(
                try rows(
                    "SELECT count(*) FROM event WHERE json_extract(record, '$.eventID') <> eventID", in: folder,
                    database: "\(index).sqlite") == [["0"]])
        }
    }

    @Test func `A record without eventID is stored once`() throws {
        let folder = try ScratchFolder()
        let record =
            #"{"eventVersion":"1.0","userIdentity":{"type":"Root","accountId":"111122223333"},"eventTime":"2026-11-01T00:00:00Z","eventSource":"iam.amazonaws.com","eventName":"GetUser","awsRegion":"us-east-1"}"#
        try folder.write("a.json", Record.file([record, record]))
        let summary = try ingest([folder.path("a.json")], in: folder)
        #expect(summary.stored == 1 && summary.duplicates == 1)
        #expect(try rows("SELECT eventID LIKE 'content-%' FROM event", in: folder) == [["1"]])
    }
}
