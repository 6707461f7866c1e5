import Foundation
import TestSupport
import Testing

/// A story that tries to get an innocent blamed: `HostileStories.json`.
///
/// All stories stand in one archive, each in an account of its own, as the noise of the others.
struct HostileStory: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    /// What makes the innocent look guilty.
    var why: String
    var group: CasebookCase.Group
    /// Why the innocent is blamed yet; a test fails where it is not any more.
    var failing: String?

    var testDescription: String { name }

    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "HostileStories.json")

    static let all: [HostileStory] = {
        do {
            return try JSONDecoder().decode([HostileStory].self, from: Data(contentsOf: file))
        } catch {
            fatalError("cannot read \(file.path): \(error)")
        }
    }()
}

@Suite struct HostileStoryTests {
    private struct Report: Decodable {
        struct Group: Decodable {
            struct Cause: Decodable {
                struct Evidence: Decodable {
                    var eventTime: String
                    var eventName: String
                }

                var code: String
                var evidence: [Evidence]
            }

            var principal: String
            var action: String
            var rootCause: Cause
        }

        var groups: [Group]
    }

    private static let report: Result<Report, any Error> = Result {
        let folder = try ScratchFolder()
        let stories = try JSONSerialization.jsonObject(with: Data(contentsOf: HostileStory.file)) as? [[String: Any]]
        let records = (stories ?? []).flatMap { $0["records"] as? [Any] ?? [] }
        let archive = try folder.write(
            "records.json", Array(JSONSerialization.data(withJSONObject: ["Records": records])))
        let json = try Program.run(
            ["analyze", archive, "--service", "all", "--quiet", "--format", "json"], in: folder.path
        ).output
        return try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    }

    /// An event that bears another's id would be left out as a copy of it, and its story would prove nothing.
    @Test func `No two records of the stories have one id`() throws {
        let stories = try JSONSerialization.jsonObject(with: Data(contentsOf: HostileStory.file)) as? [[String: Any]]
        let records = (stories ?? []).flatMap { $0["records"] as? [[String: Any]] ?? [] }
        #expect(!records.isEmpty)
        #expect(Set(records.map { $0["eventID"] as? String }).count == records.count)
    }

    @Test func `Whom a story spares is among its records`() throws {
        let stories = try JSONSerialization.jsonObject(with: Data(contentsOf: HostileStory.file)) as? [[String: Any]]
        for (story, members) in zip(HostileStory.all, stories ?? []) {
            let events = CasebookCase.events(of: members["records"] as? [[String: Any]] ?? [])
            #expect(CasebookCase.spared(story.group, among: events) == story.group.spares ?? [], "\(story.name)")
        }
    }

    @Test(arguments: HostileStory.all) func `The innocent is not blamed, and the culprit is`(_ story: HostileStory)
        throws
    {
        let report = try Self.report.get()
        guard let reason = story.failing else { return try Self.check(story, report) }
        withKnownIssue("\(story.name): \(reason)") { try Self.check(story, report) }
    }

    private static func check(_ story: HostileStory, _ report: Report) throws {
        let asked = story.group
        let groups = report.groups.filter {
            $0.action.lowercased() == asked.action.lowercased()
                && (asked.principal.map($0.principal.contains) ?? true)
        }
        #expect(groups.count == 1)
        let cause = try #require(groups.first).rootCause
        let evidence = cause.evidence.map { "\($0.eventName) \($0.eventTime)" }
        #expect(asked.causesNot?.contains(cause.code) != true)
        for event in asked.evidence ?? [] { #expect(evidence.contains(event)) }
        #expect(CasebookCase.spared(asked, among: evidence).isEmpty, "\(story.why)")
    }
}
