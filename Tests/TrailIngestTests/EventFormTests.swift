import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Of several forms of one event the rows are those of the fullest, whichever came first.
@Suite struct EventFormTests {
    static let queries = [
        """
        SELECT eventID, eventTime, eventSource, eventName, principal, accessKeyId, awsRegion, sourceIPAddress, userAgent,
            errorCode, errorMessage, requestID, recipientAccountId, readOnly, outcome FROM event ORDER BY eventID
        """,
        "SELECT eventID, principal, principalType, action, resource, reason, isCopy FROM denial ORDER BY eventID",
        "SELECT * FROM denialGroup ORDER BY id",
        "SELECT count(*) FROM denialGroupRow",
        "SELECT eventID, actor, targetType, target, policyARN FROM permissionChange ORDER BY eventID",
        "SELECT eventID, accessKeyId, roleArn FROM session ORDER BY eventID",
        """
        SELECT p.value, o.eventName, u.regionID IS NOT NULL, u.events, u.successes, u.denials, u.firstSuccess, u.lastSuccess
        FROM usage u LEFT JOIN text p ON p.id = u.principalID LEFT JOIN operation o ON o.id = u.operationID
        ORDER BY 1, 2, 4, 5, 6
        """,
        "SELECT a.hour, v.value, a.events FROM activity a LEFT JOIN text v ON v.id = a.eventVersionID ORDER BY 1, 2",
        "SELECT count(*) FROM changeName",
    ]

    /// Ingests each list of texts as the files of one run, one run after the other, and gives the rows of every query.
    static func rows(_ runs: [[String]], _ more: [String] = []) throws -> [[[SQLValue]]] {
        let folder = try ScratchFolder()
        for (run, files) in runs.enumerated() {
            for (index, text) in files.enumerated() { try folder.write("\(run)/\(100 + index).log", text) }
            let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
            let summary = try Ingest(now: { 1_795_000_000 }).run(Ingest.plan([folder.path("\(run)")]), into: database)
            #expect(summary.issues.isEmpty, "\(summary.issues)")
            try database.close()
        }
        let sums = try queried(
            "SELECT sum(records - stored - duplicates - skipped), sum(stored) - (SELECT count(*) FROM event) FROM logFile",
            folder)
        #expect(sums == [[.integer(0), .integer(0)]])
        return try (queries + more).map { try queried($0, folder) }
    }

    static let records = [Record.success(5), Record.denied(7), Record.detach(9), Record.success(11, name: "GetApps")]
    static var objects: [EventForm.Object] { records.map(EventForm.object) }
    static let whole = Record.file(records)
    static let truth = Result { try rows([[whole]]) }

    @Test(arguments: EventForm.all) func `a form gives way to the record, whichever came first`(_ form: EventForm)
        throws
    {
        let truth = try Self.truth.get()
        let text = form.file(Self.objects)
        for runs in [[[text, Self.whole]], [[Self.whole, text]], [[text], [Self.whole]], [[Self.whole], [text]]] {
            let rows = try Self.rows(runs)
            for (index, query) in Self.queries.enumerated() { #expect(rows[index] == truth[index], "\(query)") }
        }
    }

    @Test(arguments: EventForm.all) func `a form alone tells what it tells, and not more`(_ form: EventForm) throws {
        let rows = try Self.rows(
            [[form.file(Self.objects)]],
            [
                "SELECT eventTime, eventName, outcome FROM event ORDER BY eventTime",
                "SELECT count(*) FROM partialEvent WHERE untold",
                "SELECT sum(successes), sum(denials) FROM usage",
            ])
        #expect(rows[9].map { $0[0] } == [5, 7, 9, 11].map { .text(Record.time($0)) })
        #expect(
            rows[9].map { $0[1] } == ["SendMessages", "SendMessages", "DetachRolePolicy", "GetApps"].map { .text($0) })
        if form.tellsOutcome {
            #expect(rows[9].map { $0[2] } == ["succeeded", "refused", "succeeded", "succeeded"].map { .text($0) })
            #expect(rows[10] == [[.integer(0)]] && rows[11] == [[.integer(3), .integer(1)]])
        } else {
            #expect(rows[9].allSatisfy { $0[2] == .text("untold") })
            #expect(rows[10] == [[.integer(4)]] && rows[11] == [[.integer(0), .integer(0)]])
            #expect(rows[4].isEmpty)
        }
    }

    @Test(arguments: EventForm.shifted) func `a form with a time of its own gives way as well`(_ form: EventForm) throws
    {
        let truth = try Self.truth.get()
        let text = form.file(Self.objects)
        let exact = EventForm.lines(
            Self.objects.map { EventForm.only($0, ["eventID", "eventTime", "eventSource", "eventName", "awsRegion"]) })
        for runs in [
            [[text, Self.whole]], [[Self.whole, text]], [[text], [Self.whole]], [[Self.whole], [text]],
            [[Self.whole, text, exact]], [[text, exact], [Self.whole]], [[exact], [text, Self.whole]],
        ] {
            let rows = try Self.rows(runs)
            for (index, query) in Self.queries.enumerated() { #expect(rows[index] == truth[index], "\(query)") }
        }
        // Two forms without the record are one event, at its own time.
        for runs in [[[text, exact]], [[exact], [text]]] {
            #expect(try Self.rows(runs)[0].map { $0[1] } == truth[0].map { $0[1] })
        }
        // An event of the same id at another day is not looked for.
        let far = Self.records.map { $0.replacing("2026-11-01", with: "2026-11-05") }
        #expect(try Self.rows([[Record.file(far), text]])[0].count == 8)
    }

    @Test(arguments: [["errorCode", "errorMessage"], ["errorMessage"], ["userAgent"], ["requestID", "userAgent"]])
    func `of two records that look whole the one that tells more counts`(_ names: [String]) throws {
        let truth = try Self.truth.get()
        let poorer = EventForm.wrapped(Self.objects.map { record in record.filter { !names.contains($0.key) } })
        for runs in [
            [[poorer, Self.whole]], [[Self.whole, poorer]], [[poorer], [Self.whole]], [[Self.whole], [poorer]],
        ] {
            let rows = try Self.rows(runs)
            for (index, query) in Self.queries.enumerated() { #expect(rows[index] == truth[index], "\(query)") }
        }
    }

    @Test func `an event of another schema that failed without saying how has failed`() throws {
        let text = EventForm.lines(Self.objects.map { EventForm.ocsf($0, old: false) })
            .replacing(#""error":"AccessDenied","#, with: "").replacing(
                #""status":"Success","status_id":1"#, with: #""status_id":0"#)
        let rows = try Self.rows([[text]], ["SELECT outcome, errorCode FROM event ORDER BY eventTime"])
        #expect(rows[9][1] == [.text("failed"), .text("Failure")] || rows[9][1][0] == .text("refused"))
        #expect(rows[9][0][0] == .text("untold"))
    }

    @Test func `two forms that each know something are known together`() throws {
        let outcome = EventForm.lines(
            Self.objects.map {
                EventForm.only($0, ["eventID", "eventTime", "eventSource", "eventName", "errorCode"], nulls: true)
            })
        let message = EventForm.lines(
            Self.objects.map {
                EventForm.only(
                    $0, ["eventID", "eventTime", "eventSource", "eventName", "errorMessage", "userIdentity"])
            })
        let rest = EventForm.lines(
            Self.objects.map { EventForm.without($0, "errorCode", "errorMessage", "userIdentity", "eventVersion") })
        let truth = try Self.truth.get()
        for runs in [
            [[outcome, message, rest]], [[rest], [message], [outcome]], [[message, outcome], [rest]],
            [[rest, outcome], [message]],
        ] {
            let rows = try Self.rows(runs)
            for index in [0, 1, 2, 3, 4] { #expect(rows[index] == truth[index]) }
        }
    }

    @Test func `any mix and order of forms gives the rows of the archive`() throws {
        for seed in 0..<3 {
            var random = SeededGenerator(state: UInt64(seed))
            let records = (0..<24).map { number in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Record.denied(number + 1, second: Int.random(in: 0..<3000, using: &random))
                case 1: Record.detach(number + 1, second: Int.random(in: 0..<3000, using: &random))
                case 2: Record.success(number + 1, second: number + 1, name: "GetApps")
                default: Record.success(number + 1, second: number + 1)
                }
            }
            let truth = try Self.rows([[Record.file(records)]])
            let objects = records.map(EventForm.object)
            // Forms that write a time of their own fit the fixed records alone.
            let forms = EventForm.all.filter { !$0.name.hasPrefix("OCSF") && $0.name != "console, 2020" }
            var files: [String] = []
            for start in stride(from: 0, to: records.count, by: 6) {
                files.append(Record.file(Array(records[start..<start + 6])))
            }
            for _ in 0..<10 {
                guard let form = forms.randomElement(using: &random) else { continue }
                let part = objects.shuffled(using: &random).prefix(Int.random(in: 1...24, using: &random))
                files.append(form.file(Array(part)))
            }
            files.shuffle(using: &random)
            let cut = Int.random(in: 1..<files.count, using: &random)
            #expect(try Self.rows([Array(files[..<cut]), Array(files[cut...])]) == truth, "seed \(seed)")
        }
    }

    @Test func `a query's result that an earlier version read is told anew`() throws {
        let folder = try ScratchFolder()
        let columns = ["eventID", "eventTime", "eventSource", "eventName"]
        let path = try folder.write(
            "q.csv", EventForm.csv(columns, Self.objects.map { r in columns.map { EventForm.text(r, $0) } }))
        try Self.ingest(path, folder)
        // As the migration leaves it.
        let isEdited = try Self.edit(
            """
            UPDATE partialEvent SET untold = 2; UPDATE eventRow SET errorCodeID = NULL; UPDATE usage SET successes = events;
            INSERT INTO ingestIssue (logFileID, path, code, message) SELECT id, path, 'outcome-unknown', '' FROM logFile;
            UPDATE logFile SET modificationTime = NULL, sha256 = NULL;
            """, folder)
        guard isEdited else { return print("skipped: there is no sqlite3") }
        try Self.ingest(path, folder)
        #expect(try queried("SELECT DISTINCT outcome FROM event", folder) == [[.text("untold")]])
        let counts = try queried("SELECT records, stored, duplicates FROM logFile", folder)
        #expect(counts == [[.integer(4), .integer(4), .integer(0)]])
        #expect(try queried("SELECT count(*) FROM ingestIssue", folder) == [[.integer(0)]])
        #expect(try queried("SELECT sum(successes) FROM usage", folder) == [[.integer(0)]])
    }

    private static func ingest(_ path: String, _ folder: ScratchFolder) throws {
        let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
        _ = try Ingest(now: { 1_795_000_000 }).run(Ingest.plan([path]), into: database)
        try database.close()
    }

    /// Changes a database as another program would, and writes it anew, since its checksums are wrong then; false where there is none
    /// to do it.
    private static func edit(_ sql: String, _ folder: ScratchFolder) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", folder.path("t.sqlite"), sql + "; VACUUM"]
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test func `what an export without an eventID tells too little of is kept, and said to be perhaps a double`() throws
    {
        let weak = EventForm.csv(
            ["eventtime", "eventsource", "eventname", "errorcode"],
            Self.objects.map { r in
                ["eventTime", "eventSource", "eventName", "errorCode"].map { EventForm.text(r, $0) }
            })
        for runs in [[[Self.whole], [weak]], [[weak], [Self.whole]], [[weak, Self.whole]]] {
            let rows = try Self.rows(runs, ["SELECT nameless, count(*) FROM partialEvent GROUP BY 1"])
            #expect(rows[0].count == 8)
            #expect(rows[9] == [[.integer(2), .integer(4)]])
        }
    }
}
