import AccessDenial
import Diagnosis
import Foundation
import IAMPolicy
import Remedies
import Reporting
import Testing
import TrailStore

@Suite struct ReportTests {
    struct NoteCase: Sendable, CustomTestStringConvertible {
        var name: String
        var change: @Sendable (inout Coverage) -> Void
        var window = Report.Window()
        var sources: [String]? = SampleReport.sources
        var codes: [String]
        var testDescription: String { name }
    }

    static let complete: @Sendable (inout Coverage) -> Void = { coverage in
        coverage.skipped = 0
        coverage.issues = 0
        for source in ["sms-voice.amazonaws.com", "pinpoint.amazonaws.com"] {
            coverage.services.append(ServiceCoverage(eventSource: source, eventCategory: "Data", events: 1, denials: 0))
        }
        coverage.services.append(
            ServiceCoverage(eventSource: "organizations.amazonaws.com", eventCategory: nil, events: 1, denials: 0))
    }

    static let notes: [NoteCase] = [
        NoteCase(name: "a complete archive has no note", change: complete, codes: []),
        NoteCase(
            name: "no event at all",
            change: {
                complete(&$0)
                $0.events = 0
            }, codes: ["no-events"]),
        NoteCase(
            name: "no data events of Pinpoint",
            change: {
                complete(&$0)
                $0.services.removeAll { $0.eventSource == "pinpoint.amazonaws.com" && $0.eventCategory == "Data" }
            }, codes: ["data-events-not-recorded"]),
        NoteCase(
            name: "data events do not matter to a service without them",
            change: {
                complete(&$0)
                $0.services.removeAll { $0.eventCategory == "Data" }
            }, sources: ["iam.amazonaws.com"], codes: []),
        NoteCase(
            name: "no data events of S3, which was asked for",
            change: { complete(&$0) }, sources: ["s3.amazonaws.com"], codes: ["data-events-not-recorded"]),
        NoteCase(
            name: "no data events of a service that the archive has other events of",
            change: {
                complete(&$0)
                $0.services.append(
                    ServiceCoverage(eventSource: "sqs.amazonaws.com", eventCategory: nil, events: 3, denials: 0))
            }, sources: nil, codes: ["data-events-not-recorded"]),
        NoteCase(
            name: "all services include Pinpoint",
            change: {
                complete(&$0)
                $0.services.removeAll { $0.eventCategory == "Data" }
            }, sources: nil, codes: ["data-events-not-recorded"]),
        NoteCase(
            name: "no IAM events",
            change: {
                complete(&$0)
                $0.services.removeAll { $0.eventSource == "iam.amazonaws.com" }
            }, codes: ["iam-events-missing"]),
        NoteCase(
            name: "no Organizations events",
            change: {
                complete(&$0)
                $0.services.removeAll { $0.eventSource == "organizations.amazonaws.com" }
            }, codes: ["organizations-events-missing"]),
        NoteCase(
            name: "skipped input",
            change: {
                complete(&$0)
                $0.issues = 2
            }, codes: ["input-skipped"]),
        NoteCase(
            name: "denials without messages",
            change: {
                complete(&$0)
                $0.unwordedDenials = 1
            }, codes: ["history-csv-no-reasons"]),
        NoteCase(
            name: "a CSV with messages",
            change: {
                complete(&$0)
                $0.kinds.append(KindCoverage(kind: "query-result-csv", logFiles: 1))
            }, codes: []),
        NoteCase(
            name: "events whose outcome no form tells",
            change: {
                complete(&$0)
                $0.untoldOutcomes = 3
            }, codes: ["outcome-untold"]),
        NoteCase(
            name: "events without an eventID that may be doubles",
            change: {
                complete(&$0)
                $0.possibleDoubles = 2
            }, codes: ["possible-doubles"]),
        NoteCase(
            name: "a gap in the delivery",
            change: {
                complete(&$0)
                $0.gaps = [
                    DeliveryGap(
                        accountId: "111122223333", awsRegion: "us-east-1", from: "2026-11-02T00:00:00Z",
                        to: "2026-11-04T00:00:00Z")
                ]
            }, codes: ["delivery-gap"]),
        NoteCase(
            name: "a window behind the archive", change: complete,
            window: Report.Window(from: "2026-12-01T00:00:00Z"), codes: ["window-outside-archive"]),
        NoteCase(
            name: "a window before the archive", change: complete, window: Report.Window(to: "2026-10-01T00:00:00Z"),
            codes: ["window-outside-archive"]),
    ]

    @Test(arguments: notes) func coverageNotesSayWhatCannotBeShown(_ row: NoteCase) {
        var coverage = SampleReport.coverage
        row.change(&coverage)
        let report = Report(groups: [], coverage: coverage, window: row.window, eventSources: row.sources)
        #expect(report.notes.map(\.code) == row.codes)
    }

    @Test func groupsAreOrderedMostTellingFirst() {
        let order = SampleReport.report().groups.map(\.group.id.last)
        #expect(order == ["1", "2", "3", "4"])
    }

    struct OrderCase: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Status, denials and last denial of two groups; the first is the one to come first.
        var first: (DiagnosedGroup.Status, denials: Int, last: String)
        var second: (DiagnosedGroup.Status, denials: Int, last: String)
    }

    static let orders = [
        OrderCase(
            testDescription: "what is refused now before what was refused long ago",
            first: (.ongoing, 3, "2026-11-12T07:58:00Z"), second: (.ongoing, 900, "2026-11-03T00:00:00Z")),
        OrderCase(
            testDescription: "what alternates now before what was refused long ago",
            first: (.intermittent, 3, "2026-11-12T07:58:00Z"), second: (.ongoing, 900, "2026-11-03T00:00:00Z")),
        OrderCase(
            testDescription: "what fails before what alternates",
            first: (.ongoing, 40, "2026-11-12T07:00:00Z"), second: (.intermittent, 400, "2026-11-12T07:00:00Z")),
        OrderCase(
            testDescription: "what alternates very often before what fails rarely",
            first: (.intermittent, 400, "2026-11-12T07:00:00Z"), second: (.ongoing, 39, "2026-11-12T07:00:00Z")),
        OrderCase(
            testDescription: "what was refused long ago before what works again",
            first: (.ongoing, 1, "2026-11-01T00:00:00Z"), second: (.resolved, 900, "2026-11-12T07:58:00Z")),
    ]

    @Test(arguments: orders) func whatMattersNowComesFirst(_ row: OrderCase) throws {
        let groups = try [row.second, row.first].enumerated().map { number, wanted in
            let group = SampleReport.group(
                id: "7c1f09ab000\(number)", principal: "arn:aws:iam::111122223333:role/\(number)", reason: .unstated,
                denials: wanted.denials, last: wanted.last)
            var diagnosed = try #require(SampleReport.report(groups: [group]).groups.first)
            diagnosed.status = wanted.0
            return diagnosed
        }
        let report = Report(groups: groups, coverage: SampleReport.coverage)
        #expect(report.groups.map(\.group.id) == ["7c1f09ab0001", "7c1f09ab0000"])
    }

    @Test func whatTheAnswerSaysIsNotSaidAgainAsANote() throws {
        let report = SampleReport.empty
        #expect(report.notes.map(\.code).contains("data-events-not-recorded"))
        for output in [report.text(width: 200), report.markdown(), try report.html()] {
            #expect(output.split(separator: "The archive has no data events").count == 2, "\(output)")
        }
        #expect(SampleReport.report().text(width: 200).contains("Warning   The archive has no data events"))
    }

    @Test func oneDenialIsToldAsOne() {
        var coverage = SampleReport.coverage
        (coverage.from, coverage.to) = ("2026-11-09T10:12:00Z", "2026-11-09T10:12:00Z")
        let group = SampleReport.group(
            id: "7c1f09ab0001", reason: .unstated, denials: 1, last: "2026-11-09T10:12:00Z", resources: [])
        let text = Report(groups: SampleReport.report(groups: [group]).groups, coverage: coverage).text(width: 200)
        #expect(
            text.hasPrefix(
                "1 principal was refused 1 call to Amazon Pinpoint and AWS End User Messaging at 2026-11-09 10:12:00 UTC.\n"
            ))
        #expect(
            text.contains(
                "Who       Role order-notifier was refused mobiletargeting:SendMessages once, at 2026-11-09 10:12:00 UTC."
            ))
        #expect(text.contains("When      2026-11-09 10:12:00 UTC. "))
        #expect(!text.contains("10:12:00 UTC to "))
    }

    @Test func awsServicesComeLastHoweverMany() {
        let noise = SampleReport.group(
            id: "7c1f09ab0009", principal: "config.amazonaws.com", type: "AWSService", reason: .unstated,
            denials: 90_000)
        let report = SampleReport.report(groups: [noise] + SampleReport.groups)
        #expect(report.groups.last?.group.id == "7c1f09ab0009")
    }

    @Test func theJSONContractIsKept() throws {
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(SampleReport.report().json().utf8)) as? [String: Any])
        func keys(_ object: Any?, _ wanted: [String]) {
            let given = Set((object as? [String: Any])?.keys.map { $0 } ?? [])
            #expect(Set(wanted).subtracting(given).isEmpty, "\(Set(wanted).subtracting(given))")
        }
        keys(object, ["schemaVersion", "database", "window", "services", "coverage", "groups", "omitted"])
        keys(object["window"], ["from", "to"])
        keys(object["coverage"], ["logFiles", "records", "events", "accounts", "regions", "from", "to", "notes"])
        let groups = try #require(object["groups"] as? [[String: Any]])
        for group in groups {
            keys(
                group,
                [
                    "id", "principal", "principalType", "action", "reason", "effect", "policyType", "policyARN",
                    "category",
                    "denials", "newDenials", "firstSeen", "lastSeen", "status", "resources", "sourceIPAddresses",
                    "userAgents", "regions", "accounts", "rootCause", "findings",
                ])
            keys(group["rootCause"], ["code", "title", "confidence", "step", "explanation", "evidence", "remedy"])
            let remedy = (group["rootCause"] as? [String: Any])?["remedy"]
            keys(remedy, ["kind", "text", "policy"])
            let findings = try #require(group["findings"] as? [[String: Any]])
            #expect(!findings.isEmpty)
            for finding in findings { keys(finding, ["code", "confidence", "step", "explanation", "evidence"]) }
        }
        #expect(object["schemaVersion"] as? Int == 1)
        #expect((object["omitted"] as? [String: Any])?["awsServiceDenials"] as? Int == 300)
    }

    @Test func aPageOfManyGroupsRenders() throws {
        let groups = (0..<300).map { index in
            SampleReport.group(
                id: "g\(index)", principal: "arn:aws:iam::111122223333:role/r\(index)",
                reason: .missingAllow(.identityBased),
                denials: index + 1)
        }
        let html = try SampleReport.report(groups: groups).html()
        #expect(html.components(separatedBy: "<article").count == 301)
        #expect(html.contains("</html>"))
    }

    @Test func `A cell of the HTML holds no time that is not its own`() throws {
        let page = try SampleReport.report().html()
        // A time within a sentence is marked; CloudTrail's own form stands alone in its cell.
        #expect(page.firstMatch(of: #/<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T/#) == nil)
        #expect(page.contains("<time>"))
    }
}
