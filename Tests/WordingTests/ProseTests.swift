import Testing
import Wording

@Suite struct ProseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var prose: Prose
        var first: String
    }

    private static let region = "me-south-1"
    private static let name = "a. b"

    static let cases = [
        Case(testDescription: "one sentence", prose: "Retry.", first: "Retry."),
        Case(testDescription: "two in one run", prose: "Retry. Then wait.", first: "Retry."),
        Case(testDescription: "two that were joined", prose: "Retry." + "Then wait.", first: "Retry."),
        Case(
            testDescription: "a name behind a dot", prose: "Use sts.\(region).amazonaws.com. Then wait.",
            first: "Use sts.me-south-1.amazonaws.com."),
        Case(
            testDescription: "a dot in a name", prose: "Look at \(name) first. Then wait.", first: "Look at a. b first."
        ),
        Case(testDescription: "a name at the end", prose: "Look at \(name)." + "Then wait.", first: "Look at a. b."),
        Case(testDescription: "no full stop", prose: "Look at \(name)", first: "Look at a. b"),
        Case(testDescription: "nothing", prose: "", first: ""),
    ]

    @Test func `Two sentences leave a choice`() {
        #expect(("Retry." as Prose).or("wait.").plain == "Retry, or wait.")
        #expect(("Look at \(Self.name)." as Prose).or("wait.").plain == "Look at a. b, or wait.")
        #expect(("" as Prose).or("wait.").plain == "Wait.")
        #expect(("Look at \(Self.name)" as Prose).or("wait.").plain == "Look at a. b Wait.")
    }

    @Test(arguments: cases) func theFirstSentenceEndsAtItsFullStop(_ row: Case) {
        #expect(row.prose.firstSentence.plain == row.first)
        let rest = row.prose.withoutFirstSentence
        #expect((row.prose.firstSentence + rest).plain == row.prose.plain)
        #expect(rest.isEmpty || rest.plain == "Then wait.")
    }

    @Test(arguments: [
        ("Do this. It is below. Then that.", "Do this. Then that."), ("It is below. Then that.", "Then that."),
        ("Do this. It is below.", "Do this."), ("It is below.", ""), ("Do this.", "Do this."),
    ])
    func `A sentence of ours is left out whole`(_ text: String, _ left: String) {
        #expect(Prose(stringLiteral: text).leavingOut(["It is below."]).plain == left)
    }

    @Test func `What stands in a value is never left out`() {
        #expect(Prose.value("It is below.").leavingOut(["It is below."]).plain == "It is below.")
    }
}
