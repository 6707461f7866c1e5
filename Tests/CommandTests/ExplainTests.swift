import Foundation
import TestSupport
import Testing

/// `trail403 explain` on the sample archive, by the real binary.
@Suite struct ExplainTests {
    private struct Sample: Sendable {
        var folder: String
        var groups: [ReportJSON.Group]

        static let shared: Result<Sample, any Error> = Result {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                "trail403-explain-\(UUID().uuidString)"
            ).path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let archive = Program.projectFolder.appendingPathComponent("SampleTrails").path
            let result = try Program.run(
                ["analyze", archive, "--format", "json", "--service", "all", "--include-aws-services"], in: folder)
            return Sample(
                folder: folder,
                groups: try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8)).groups)
        }

        func explain(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
            try Program.run(["explain"] + arguments, in: folder, environment: environment)
        }

        func group(_ name: String, _ action: String) throws -> ReportJSON.Group {
            try #require(groups.first { $0.principal.hasSuffix(name) && $0.action == action })
        }
    }

    private struct Page: Decodable {
        struct Item: Decodable {
            var id: String
            var step: Int
            var mark: String
            var commands: [String]
        }
        struct Session: Decodable {
            struct Issue: Decodable {
                var issuedTo: String?
                var policy: String?
                var expiration: String?
            }
            var issue: Issue?
            var issuingResource: String?
        }
        struct Record: Decodable {
            var eventID: String
        }
        struct Change: Decodable {
            var verdict: String
            var event: ReportJSON.Evidence
        }
        struct Event: Decodable {
            var eventID: String
        }
        var schemaVersion: Int
        var event: Event?
        var group: ReportJSON.Group
        var checklist: [Item]
        var sessions: [Session]
        var changes: [Change]
        var record: Record?
    }

    @Test func `Every group of the sample can be explained, and says what the report says`() throws {
        let sample = try Sample.shared.get()
        for group in sample.groups {
            let result = try sample.explain(group.id, "--format", "json")
            #expect(result.status == 0 && result.errors.isEmpty, "\(group.id): \(result.errors)")
            let page = try JSONDecoder().decode(Page.self, from: Data(result.output.utf8))
            #expect(page.group.id == group.id && page.group.rootCause.code == group.rootCause.code)
            #expect(page.group.findings.map(\.code) == group.findings.map(\.code), "\(group.id)")
            #expect(page.group.status == group.status && page.group.denials == group.denials)
            #expect(Set(page.checklist.map(\.step)) == Set(1...9))
        }
    }

    @Test func `A page for people holds every part`() throws {
        let sample = try Sample.shared.get()
        let group = try sample.group("role/messaging/order-notifier", "mobiletargeting:SendMessages")
        let page = try sample.explain(group.id, "--record", environment: ["LANG": "C.UTF-8", "LC_ALL": ""])
        #expect(page.status == 0)
        for words in [
            "What happened", "What was found", "What to do", "Who called", "Checklist", "[found]",
            "[ruled out]", "[not visible in CloudTrail]", "█", "The record of", "\"errorCode\": \"AccessDenied\"",
            "detached", "evidence, see below", "What the change did",
            "  - arn:aws:iam::111122223333:policy/messaging/PinpointSendMessages\n",
        ] { #expect(page.output.contains(words), "\(words)") }
        let change = try #require(group.rootCause.evidence.first).eventID
        for (id, format) in [(change, "text"), (group.id, "json"), (change, "json")] {
            let told = try sample.explain(id, "--format", format).output
            #expect(told.contains("Policies attached to role order-notifier"), "\(id) \(format)")
        }
        let plain = try sample.explain(group.id, environment: ["LC_ALL": "C"])
        #expect(plain.output.utf8.allSatisfy { $0 < 0x80 })
    }

    @Test func `What a resource's own policy lacks is not looked for in the caller's`() throws {
        let sample = try Sample.shared.get()
        for (name, action, command, other) in [
            ("role/messaging/pool-tester", "sms-voice:SendTextMessage", "get-resource-policy", "aws iam"),
            ("role/messaging/order-notifier", "mobiletargeting:SendMessages", "aws iam", "get-resource-policy"),
        ] {
            let id = try sample.group(name, action).id
            let page = try JSONDecoder().decode(
                Page.self, from: Data(try sample.explain(id, "--format", "json").output.utf8))
            let item = try #require(page.checklist.first { $0.id == "allow" })
            #expect(item.mark == "found")
            #expect(item.commands.contains { $0.contains(command) }, "\(item.commands)")
            #expect(!item.commands.contains { $0.contains(other) }, "\(item.commands)")
        }
    }

    @Test func `Sessions tell who opened them and with which policy`() throws {
        let sample = try Sample.shared.get()
        let refused = try sample.group("role/partners/acme-gateway", "mobiletargeting:SendMessages")
        let page = try JSONDecoder().decode(
            Page.self, from: Data(try sample.explain(refused.id, "--format", "json").output.utf8))
        #expect(page.sessions.first?.issue?.issuedTo?.hasSuffix("role/partners/partner-broker") ?? false)
        #expect(page.sessions.first?.issue?.policy?.contains("mobiletargeting:Get*") ?? false)
        let finding = try #require(refused.findings.first { $0.code == "missing-allow" })
        #expect(finding.explanation.contains("partner-broker"))
        let expired = try sample.group("role/batch/digest-mailer", "mobiletargeting:SendMessages")
        #expect(expired.rootCause.explanation.contains("Its credentials ended at 2026-11-14 02:58:20 UTC"))
    }

    @Test func `An id may be shortened while it is unique`() throws {
        let sample = try Sample.shared.get()
        let ids = sample.groups.map(\.id)
        let id = try #require(ids.first)
        let length = try #require(
            (1...12).first { length in ids.filter { $0.hasPrefix(id.prefix(length)) }.count == 1 })
        #expect(try sample.explain(String(id.prefix(length))).status == 0)
        let crowded = try #require("0123456789abcdef".first { digit in ids.filter { $0.first == digit }.count > 1 })
        let ambiguous = try sample.explain(String(crowded))
        #expect(ambiguous.status == 64)
        #expect(ambiguous.errors.contains("give more of the id"))
        for id in ids where id.first == crowded { #expect(ambiguous.errors.contains(id)) }
    }

    @Test func `An unknown name gets the nearest ones, or the next step`() throws {
        let sample = try Sample.shared.get()
        let named = try sample.explain("order-notifier")
        // A part of a name that fits one group alone is that group's.
        #expect(named.status == 0 && named.output.contains("order-notifier"), "\(named.errors)")
        let common = try sample.explain("notifier")
        #expect(
            common.status == 1 && common.errors.contains("did you mean") && common.errors.contains("order-notifier"))
        var slip = Array(try sample.group("role/messaging/order-notifier", "mobiletargeting:SendMessages").id)
        slip[5] = slip[5] == "0" ? "1" : "0"
        #expect(try sample.explain(String(slip)).errors.contains("did you mean"))
        let unknown = try sample.explain("zzz\u{1B}[31m")
        #expect(unknown.status == 1 && unknown.errors.contains("trail403 report") && !unknown.errors.contains("\u{1B}"))
        let event = try sample.explain("00000000-0000-4000-8000-000000000000")
        #expect(event.status == 1 && event.errors.contains("no event"))
    }

    @Test func `An event is told by what it was`() throws {
        let sample = try Sample.shared.get()
        let group = try sample.group("role/messaging/order-notifier", "mobiletargeting:SendMessages")
        func eventID(_ query: String) throws -> String {
            let rows = try Program.run(["sql", "--format", "csv", query], in: sample.folder).output.split(
                separator: "\r\n")
            return String(try #require(rows.dropFirst().first))
        }
        let denial = try eventID(
            "SELECT eventID FROM denial WHERE denialGroupID = '\(group.id)' ORDER BY eventTime LIMIT 1 OFFSET 100")
        let page = try JSONDecoder().decode(
            Page.self, from: Data(try sample.explain(denial.uppercased(), "--format", "json", "--record").output.utf8))
        #expect(page.event?.eventID == denial && page.record?.eventID == denial && page.group.id == group.id)
        #expect(page.group.findings.contains { $0.evidence.contains { $0.eventID == denial } })

        let change = try #require(group.rootCause.evidence.first?.eventID)
        let answer = try sample.explain(change)
        #expect(answer.status == 0 && answer.output.contains("Explains") && answer.output.contains(group.id))
        let success = try eventID(
            "SELECT eventID FROM event WHERE errorCode IS NULL AND eventName = 'SendMessages' ORDER BY eventTime LIMIT 1"
        )
        #expect(try sample.explain(success).output.contains("It succeeded"))
        let throttled = try eventID("SELECT eventID FROM event WHERE errorCode = 'TooManyRequestsException' LIMIT 1")
        #expect(try sample.explain(throttled).output.contains("throttled"))
        let invalid = try eventID("SELECT eventID FROM event WHERE errorCode = 'BadRequestException' LIMIT 1")
        #expect(try sample.explain(invalid).output.contains("not because of permissions"))
    }

    @Test func `Accepted denials are hidden and counted, and mistakes in the file stop the run`() throws {
        let sample = try Sample.shared.get()
        let scratch = try ScratchFolder()
        let database = sample.folder + "/trail403.sqlite"
        let rules = try scratch.write(
            "accepted.txt",
            "# known\n*/order-notifier mobiletargeting:* * * # being repaired\n* * * * until=2020-01-01 # over\n")
        let report = ["report", "--database", database, "--format", "json"]
        let all = try JSONDecoder().decode(
            ReportJSON.self, from: Data(try Program.run(report, in: scratch.path).output.utf8))
        let result = try Program.run(report + ["--suppress", rules], in: scratch.path)
        let hidden = try JSONDecoder().decode(ReportJSON.self, from: Data(result.output.utf8))
        #expect(hidden.groups.count == all.groups.count - 1)
        #expect(result.output.contains("\"suppressedDenials\": 432"))
        #expect(result.errors.contains("line 3") && hidden.coverage.notes.contains { $0.code == "suppression-expired" })
        let byEnvironment = try Program.run(report, in: scratch.path, environment: ["TRAIL403_SUPPRESS": rules])
        #expect(byEnvironment.output == result.output)
        let broken = try scratch.write("broken.txt", "* * * *\n")
        let failed = try Program.run(report + ["--suppress", broken], in: scratch.path)
        #expect(failed.status == 64 && failed.errors.contains("line 1") && failed.output.isEmpty)
        #expect(try Program.run(report + ["--suppress", "nowhere"], in: scratch.path).status == 1)
    }
}
