import Foundation
import TestSupport
import Testing

@Suite struct TranscriptTests {
    @Test func `README's transcript is what the program prints of SampleTrails`() throws {
        let text = try Documentation.readme.text()
        let start = try #require(text.range(of: "The report begins:\n\n```text\n")?.upperBound)
        let end = try #require(text.range(of: "\n…\n```", range: start..<text.endIndex)?.lowerBound)
        let folder = try ScratchFolder()
        let run = try Program.run(
            ["analyze", "SampleTrails", "--database", folder.path("t.sqlite")], in: Program.projectFolder.path)
        #expect(run.output.hasPrefix(text[start..<end]))
    }
}
