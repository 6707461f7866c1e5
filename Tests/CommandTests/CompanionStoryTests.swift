import Foundation
import TestSupport
import Testing

/// Refusals that several layers saw, as files: `CompanionStories/NAME/logs`, and `expected.txt` with what is to be found out.
///
/// A story is added without Swift: put the logs there and let `UPDATE_GOLDEN=1` write what the program makes of them; then read it.
@Suite struct CompanionStoryTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "CompanionStories")

    static let stories = Result<[String], any Error> {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()
    }

    private static let questions = [
        "SELECT layer, time, principal, action, resource, status, code, reason, requestID FROM refusal ORDER BY 1, 2, 9, 7",
        "SELECT tableName, innerTable, linkedBy, certainty FROM companionLink ORDER BY 1, 2, 3",
        "SELECT kind, scope, entries, refusals FROM companionLog ORDER BY 1, 2",
    ]

    @Test(arguments: try stories.get()) func `A story's logs tell what it says`(_ story: String) throws {
        let scratch = try ScratchFolder()
        let logs = Self.folder.appending(path: "\(story)/logs").path
        let run = try Program.run(["ingest", "-q", logs, "--database", "t.sqlite"], in: scratch.path)
        #expect([0, 2].contains(run.status), "\(run.errors)")
        var told = ""
        for question in Self.questions {
            let answer = try Program.run(
                ["sql", "--database", "t.sqlite", "--format", "csv", question], in: scratch.path)
            #expect(answer.status == 0, "\(answer.errors)")
            told += answer.output.replacing("\r\n", with: "\n") + "\n"
        }
        try expectGolden(told, in: Self.folder.appending(path: "\(story)/expected.txt"))
    }
}
