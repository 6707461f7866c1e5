import AccessDenial
import Diagnosis
import Foundation
import Remedies
import Reporting
import Suppressions
import Testing
import TrailStore
import Wording

@Suite struct CaseReportTests {
    @Test(arguments: HostileTextTests.corpus)
    func `Hostile text does no harm on the page`(text: String) throws {
        var page = SampleCase.page()
        var group = page.study.diagnosis.group
        group.principal = "arn:aws:iam::111122223333:role/\(text)"
        group.action = "mobiletargeting:\(text)"
        group.firstSeen = text
        group.resources = [Counted(text, denials: 1)]
        group.userAgents = [Counted(text, denials: 1)]
        group.sessions[0].arn = text
        group.sessions[0].issue?.policy = text
        group.sessions[0].issue?.tags = [SessionIssue.Tag(key: text, value: text)]
        group.sessions[0].issuingResource = "arn:aws:lambda:us-east-1:111122223333:function:\(text)"
        let diagnoser = Diagnoser(
            usage: SampleReport.usage, changes: SampleReport.changes, coverage: SampleReport.coverage,
            reportTime: "2026-11-23T00:00:00Z")
        page.study = diagnoser.study(group)
        page.record = CaseReport.Record(eventID: text, json: text)
        var event = StoredEvent(eventID: text, eventTime: text, eventSource: text, eventName: text)
        event.errorMessage = text
        page.event = event
        let answer = EventAnswer(event: event, kind: .error)
        for shown in [page.text(width: 60), page.json(), answer.text(width: 60), answer.json()] {
            for scalar in shown.unicodeScalars where scalar != "\n" {
                #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
                #expect(scalar.properties.generalCategory != .format)
            }
        }
        _ = try JSONSerialization.jsonObject(with: Data(page.json().utf8))
        _ = try JSONSerialization.jsonObject(with: Data(answer.json().utf8))
    }

    @Test(arguments: [40, 60, 80, 120, 200])
    func `Only what is to be copied is wider than the terminal`(width: Int) {
        for line in SampleCase.page(record: false).text(width: width).split(separator: "\n") {
            // A value is never broken, so that it can be copied whole: it may end its line beyond the width.
            let words = line.split(separator: " ")
            let isValue = words.count <= 2 && words.contains { $0.count + 10 > width }
            let isVerbatim = isValue || line.drop { $0 == " " }.hasPrefix("$ ") || line.contains("\"")
            #expect(isVerbatim || line.count <= width, "\(line)")
        }
    }

    @Test func `The chart counts every call, and has no more columns than fit`() throws {
        struct Page: Decodable {
            struct Column: Decodable {
                var successes: Int
                var changes: Int
                var denials: Int
            }
            struct Timeline: Decodable {
                var columnSeconds: Int
                var columns: [Column]
            }
            var timeline: Timeline
        }
        let start = Timestamp.seconds("2026-11-01T00:00:00Z") ?? 0
        for span: Int64 in [1, 60, 3_000, 90_000, 4_000_000, 90_000_000, 900_000_000] {
            var page = SampleCase.page()
            page.times.successes = (0..<10).map { MinuteCount(minute: start + span * $0 / 60 * 60, count: 3) }
            page.times.denials = (3..<12).map { MinuteCount(minute: start + span * $0 / 60 * 60, count: 2) }
            let timeline = try JSONDecoder().decode(Page.self, from: Data(page.json().utf8)).timeline
            #expect(timeline.columns.count <= 72)
            #expect(timeline.columns.reduce(0) { $0 + $1.successes } == 30)
            #expect(timeline.columns.reduce(0) { $0 + $1.denials } == 18)
            #expect(timeline.columns.reduce(0) { $0 + $1.changes } == page.study.changes.count)
        }
    }

    @Test func `The chart needs no colour and, where asked for, no more than ASCII`() {
        let page = SampleCase.page(record: false)
        #expect(page.text(ascii: true).utf8.allSatisfy { $0 < 0x80 })
        #expect(page.text(color: true).replacing(/\u{1B}\[[0-9;]*m/, with: "") == page.text())
    }

    @Test func `What is no denial is answered with what it was`() {
        var event = StoredEvent(
            eventID: "e", eventTime: "2026-11-09T10:05:12Z", eventSource: "pinpoint.amazonaws.com", eventName: "GetApp")
        #expect(EventAnswer(event: event, kind: .success).text().contains("It succeeded"))
        event.errorCode = "TooManyRequestsException"
        #expect(EventAnswer(event: event, kind: .throttled).text().contains("throttled"))
        #expect(EventAnswer(event: event, kind: .error).text().contains("not because of permissions"))
        #expect(EventAnswer(event: event, kind: .permissionChange).text().contains("It explains no denial"))
    }

    @Test func `Suppressed groups are gone and counted, and ended rules are noted`() throws {
        var report = SampleReport.report()
        let before = report.groups.count
        let rules = try Suppression(
            parsing: "*:user/alice * * * # retired\n* * unstated * until=2026-01-01 # over\n")
        report.suppress(rules, at: "2026-11-23T00:00:00Z")
        #expect(report.groups.count == before - 1)
        #expect(report.omitted.suppressedDenials == 29)
        #expect(report.notes.contains { $0.code == "suppression-expired" && $0.text.plain.contains("line 2") })
        #expect(report.text().contains("29 denials accepted by the suppression file"))
    }
}
