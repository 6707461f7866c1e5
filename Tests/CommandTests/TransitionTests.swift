import Foundation
import TestSupport
import Testing

/// What a scheduled report tells of incidents, from run to run.
@Suite struct TransitionTests {
    private static let detached = TestRecord(
        id: 900, time: "2026-11-09T10:00:00Z", role: "admin", eventSource: "iam.amazonaws.com",
        eventName: "DetachRolePolicy", isRefused: false)

    /// Calls of a role at these times; refused, unless told otherwise.
    private static func calls(
        _ first: Int, _ times: [String], _ eventName: String = "GetApps", isRefused: Bool = true
    ) -> [TestRecord] {
        times.enumerated().map {
            TestRecord(
                id: first + $0.offset, time: $0.element, eventName: eventName, resource: "*", isRefused: isRefused)
        }
    }

    private func run(
        _ folder: ScratchFolder, _ options: [String] = [], name: String = "cron", format: String? = "json"
    ) throws -> (result: Program.Result, told: [String]) {
        let formatting = format.map { ["--format", $0] } ?? []
        let result = try Program.run(
            ["analyze", "logs", "--new-since-last", name, "--fail-on-denials"] + formatting + options, in: folder.path)
        guard format == "json", !result.output.isEmpty,
            let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any],
            let incidents = report["incidents"] as? [[String: Any]]
        else { return (result, []) }
        return (result, incidents.compactMap { $0["transition"] as? String })
    }

    @Test func `An incident is opened, goes on, falls quiet, comes back and is resolved`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z", "2026-11-09T11:00:00Z"]))
        let opened = try run(folder)
        #expect(opened.result.status == 3 && opened.told == ["opened"], "\(opened)")
        try folder.write("logs/b.json", Self.calls(10, ["2026-11-09T12:00:00Z"]))
        let open = try run(folder)
        #expect(open.result.status == 0 && open.told.isEmpty, "\(open)")
        // Others are still recorded, and nobody tries the call any more.
        try folder.write(
            "logs/c.json", [TestRecord(id: 20, time: "2026-11-20T10:00:00Z", role: "other", isRefused: false)])
        let quiet = try run(folder, ["--tell", "all"])
        #expect(quiet.result.status == 0 && quiet.told == ["quiet"], "\(quiet)")
        #expect(try run(folder, ["--tell", "all"]).told.isEmpty)
        try folder.write("logs/d.json", Self.calls(30, ["2026-11-20T12:00:00Z"]))
        let reopened = try run(folder)
        #expect(reopened.result.status == 3 && reopened.told == ["reopened"], "\(reopened)")
        try folder.write("logs/e.json", Self.calls(40, ["2026-11-20T13:00:00Z"], isRefused: false))
        let resolved = try run(folder)
        #expect(resolved.result.status == 0 && resolved.told == ["resolved"], "\(resolved)")
        #expect(try run(folder).told.isEmpty)
        try folder.write("logs/f.json", Self.calls(50, ["2026-11-20T14:00:00Z"]))
        let again = try run(folder)
        #expect(again.result.status == 3 && again.told == ["reopened"], "\(again)")
    }

    @Test func `Each name has its own memory, and a baseline is none to tell`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        let baseline = try run(folder, ["--baseline"], name: "quiet", format: nil)
        #expect(baseline.result.status == 0 && baseline.result.output.isEmpty)
        #expect(baseline.result.errors.contains("1 incident taken for known"), "\(baseline.result.errors)")
        #expect(try run(folder, name: "quiet").told.isEmpty)
        #expect(try run(folder, name: "loud").told == ["opened"])
        try folder.write("logs/b.json", [TestRecord(id: 9, time: "2026-11-09T11:00:00Z", role: "other")])
        #expect(try run(folder, name: "quiet").told == ["opened"])
        #expect(try run(folder, name: "loud").told == ["opened"])
    }

    @Test func `Another call that the same role may not make is news`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        #expect(try run(folder).told == ["opened"])
        try folder.write("logs/b.json", Self.calls(10, ["2026-11-09T10:30:00Z"], "GetSegments"))
        let wider = try run(folder)
        #expect(wider.result.status == 3 && wider.told == ["opened"])
    }

    @Test func `What goes on is told again after a while`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        #expect(try run(folder).told == ["opened"])
        #expect(try run(folder, ["--repeat-after", "7d"]).told.isEmpty)
        guard
            try ScheduledReportTests.alter(folder, "UPDATE incidentMemory SET toldAt = '2020-01-01T00:00:00Z'")
        else { return }
        let repeated = try run(folder, ["--repeat-after", "7d"])
        #expect(repeated.result.status == 0 && repeated.told == ["still-open"])
        #expect(try run(folder, ["--repeat-after", "7d"]).told.isEmpty)
    }

    @Test func `A delivery that is interrupted is told again`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let command = "'\(Program.binary.path)' report --new-since-last cron --notify-command 'sleep 30'"
        let stopped = try Program.run("/bin/sh", ["-c", "timeout -s TERM 1 \(command)"], in: folder.path)
        #expect(stopped.status == 124, "\(stopped)")
        #expect(try run(folder).told == ["opened"])
    }

    @Test func `What came to light since makes no incident anew`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:05:00Z", "2026-11-09T11:00:00Z"]))
        #expect(try run(folder).told == ["opened"])
        // The change that caused it was delivered late: another cause, but the same refusals.
        var change = Self.detached.object
        change["requestParameters"] = [
            "roleName": "order-notifier", "policyArn": "arn:aws:iam::111122223333:policy/pinpoint-read",
        ]
        try JSONSerialization.data(withJSONObject: ["Records": [change]])
            .write(to: folder.url.appendingPathComponent("logs/b.json"))
        let told = try run(folder, ["--tell", "all"])
        #expect(told.result.status == 0 && told.told == ["still-open"], "\(told)")
    }

    @Test func `The first line is a subject, and what is new is marked and stands first`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        _ = try run(folder)
        try folder.write(
            "logs/b.json",
            [TestRecord(id: 9, time: "2026-11-09T11:00:00Z", role: "other")]
                + Self.calls(10, ["2026-11-09T12:00:00Z"], isRefused: false))
        let report = try run(
            folder, ["--notify-command", "cat > got.txt; printf '%s' \"$TRAIL403_SUBJECT\" > subject.txt"], format: nil)
        #expect(report.result.status == 3)
        let text = try #require(try folder.text("got.txt"))
        let subject = try #require(try folder.text("subject.txt"))
        #expect(text.split(separator: "\n").first.map(String.init) == subject && subject.count <= 69, "\(text)")
        #expect(subject.hasPrefix("1 opened, 1 resolved: No identity-based policy allows"))
        let marks = text.split(separator: "\n").filter { $0.contains("NEW, opened: ") || $0.contains("Resolved: ") }
        #expect(marks.count == 2 && marks.first?.contains("1. NEW, opened: ") == true, "\(text)")
    }

    @Test func `A message for Slack is one of Block Kit, and no name in it is markup`() throws {
        let folder = try ScratchFolder()
        let hostile = "<!channel> *x* `y` &lt;"
        try folder.write("logs/a.json", [TestRecord(id: 1, role: hostile)])
        let message = try run(folder, format: "slack").result
        #expect(message.status == 3)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(message.output.utf8)) as? [String: Any])
        let blocks = try #require(object["blocks"] as? [[String: Any]])
        #expect(blocks.first?["type"] as? String == "header" && blocks.count <= 50)
        let texts = blocks.flatMap { block -> [[String: Any]] in
            (block["elements"] as? [[String: Any]] ?? []) + [block["text"] as? [String: Any]].compactMap(\.self)
        }
        for text in texts where text["type"] as? String == "mrkdwn" {
            let body = try #require(text["text"] as? String)
            #expect(!body.contains("<") && !body.contains(">") && body.utf16.count <= 3_000, "\(body)")
            #expect(text["verbatim"] as? Bool == true)
        }
        #expect(
            texts.contains { ($0["text"] as? String)?.contains("&lt;!channel&gt; *x* 'y' &amp;lt;") == true },
            "\(texts)")
        #expect(try run(folder, format: "slack").result.output.isEmpty)
    }

    struct FilterCase: Sendable, CustomTestStringConvertible {
        var options: [String]
        var status: Int32
        var hint: String
        var testDescription: String { options.joined(separator: " ") }
    }

    static let filterCases = [
        FilterCase(
            options: ["--region", "us-est-1"], status: 64,
            hint: "no AWS Region is called `us-est-1`: did you mean `us-east-1`?"),
        FilterCase(options: ["--region", "us-west-1"], status: 0, hint: "did you mean `us-east-1`?"),
        FilterCase(options: ["--service", "pinpiont"], status: 64, hint: "no AWS service is called `pinpiont`"),
        FilterCase(
            options: ["--service", "sms"], status: 0,
            hint: "the archive holds no event of sms (AWS Server Migration Service): did you mean --service sms-voice?"),
        FilterCase(options: ["--principal", "order-notifer"], status: 0, hint: "did you mean `order-notifier`?"),
        FilterCase(options: ["--tell", "closed"], status: 64, hint: "`closed` is nothing to tell of"),
        FilterCase(options: ["--repeat-after", "soon"], status: 64, hint: "`soon` is no span"),
    ]

    @Test(arguments: filterCases) func `A mistyped filter is told of`(_ row: FilterCase) throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        let told = try run(folder, row.options, format: nil).result
        #expect(told.status == row.status && told.errors.contains(row.hint), "\(told)")
        // It may be right once there is something: the next run says so again.
        if row.status == 0 { #expect(try run(folder, row.options, format: nil).result.errors.contains(row.hint)) }
    }

    @Test(arguments: [["--tell", "all"], ["--baseline"], ["--repeat-after", "7d"]])
    func `What is about transitions goes with a name`(_ options: [String]) throws {
        let folder = try ScratchFolder()
        let run = try Program.run(["report"] + options, in: folder.path)
        #expect(run.status == 64 && run.errors.contains("go with --new-since-last NAME"), "\(run.errors)")
    }

    @Test func `An incident that an earlier version has told is known`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", Self.calls(1, ["2026-11-09T10:00:00Z"]))
        #expect(try run(folder).told == ["opened"])
        guard try ScheduledReportTests.alter(folder, "DELETE FROM incidentMemory") else { return }
        #expect(try run(folder).told.isEmpty)
        try folder.write("logs/b.json", [TestRecord(id: 9, time: "2026-11-09T11:00:00Z", role: "other")])
        #expect(try run(folder).told == ["opened"])
    }
}

/// The views `incident` and `diagnosis`.
@Suite struct IncidentViewTests {
    private func sql(_ query: String, _ folder: String) throws -> [[String: Any]] {
        let run = try Program.run(["sql", "--format", "json", query], in: folder)
        return try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    }

    @Test func `They tell what the report tells`() throws {
        let folder = try SQLTests.sample.get()
        let run = try Program.run(
            ["report", "--service", "all", "--include-aws-services", "--format", "json"], in: folder)
        let report = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let incidents = try #require(report["incidents"] as? [[String: Any]])
        let rows = try sql("SELECT * FROM incident ORDER BY place", folder)
        #expect(rows.map { $0["id"] as? String } == incidents.map { $0["id"] as? String } && !rows.isEmpty)
        #expect(rows.map { $0["title"] as? String } == incidents.map { $0["title"] as? String })
        #expect(rows.map { $0["state"] as? String } == incidents.map { $0["state"] as? String })
        #expect(
            rows.map { $0["person"] as? String }
                == incidents.map { ($0["person"] as? [String: Any])?["name"] as? String })
        let groups = try #require(report["groups"] as? [[String: Any]])
        let diagnoses = try sql("SELECT * FROM diagnosis ORDER BY denialGroupID", folder)
        #expect(
            Set(diagnoses.compactMap { $0["denialGroupID"] as? String })
                == Set(groups.compactMap { $0["id"] as? String }))
        // A change's person is the same in SQL and in reports.
        let changes = try sql(
            "SELECT i.person AS told, c.person FROM incident i JOIN permissionChange c ON c.eventID = i.changeEventID",
            folder)
        #expect(!changes.isEmpty)
        for change in changes { #expect(change["told"] as? String == change["person"] as? String) }
        let explained = try Program.run(["explain", rows[0]["id"] as? String ?? ""], in: folder)
        #expect(explained.status == 0 && explained.output.contains("By ") && explained.output.contains("Groups"))
    }

    @Test func `An ingest may leave the diagnoses to the next one`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        let options = ["ingest", "logs", "--quiet"]
        #expect(try Program.run(options + ["--no-diagnosis"], in: folder.path).status == 0)
        #expect(try sql("SELECT id FROM incident", folder.path).isEmpty)
        // Nothing is new, and what was left is made up for.
        #expect(try Program.run(options, in: folder.path).status == 0)
        #expect(try sql("SELECT id FROM incident", folder.path).count == 1)
    }

    @Test func `They are renewed where facts changed, and only there`() throws {
        let folder = try ScratchFolder()
        try folder.write("logs/a.json", [TestRecord(id: 1)])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        let first = try sql("SELECT * FROM incident", folder.path)
        #expect(first.count == 1 && first.first?["newDenials"] as? Int == 1)
        let made = "SELECT diagnosedAt, facts FROM diagnosisState"
        guard try ScheduledReportTests.alter(folder, "UPDATE diagnosisState SET diagnosedAt = 'untouched'") else {
            return
        }
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        #expect(try sql(made, folder.path).first?["diagnosedAt"] as? String == "untouched")
        try folder.write("logs/b.json", [TestRecord(id: 2), TestRecord(id: 3, role: "other")])
        _ = try Program.run(["ingest", "logs"], in: folder.path)
        #expect(try sql(made, folder.path).first?["diagnosedAt"] as? String != "untouched")
        let second = try sql("SELECT denials, newDenials FROM incident ORDER BY denials DESC", folder.path)
        #expect(second.map { $0["denials"] as? Int } == [2, 1] && second.map { $0["newDenials"] as? Int } == [1, 1])
    }
}
