import OrderedJSON
import Testing

@testable import Reporting

/// A policy that is shown can be copied: it is whole, or says where the whole is.
@Suite struct PolicyLinesTests {
    private static func text(_ resource: String) -> String {
        JSONValue.members(("Resource", .string(resource))).prettyText()
    }

    @Test(arguments: [
        "plain", String(repeating: "k", count: 5000), "a\u{202E}b\u{0}\u{7F}",
        "z" + String(repeating: "\u{301}", count: 40),
        "q\"<&'\\", "z" + String(repeating: "\u{1D165}", count: 9), "😀",
    ])
    func `A policy's lines are the same JSON, without what a screen would turn`(_ resource: String) throws {
        let lines = VisibleText.policyLines(Self.text(resource))
        let read = try JSONValue(parsing: lines.joined(separator: "\n"))
        #expect(read == .members(("Resource", .string(resource))))
        for scalar in lines.joined().unicodeScalars { #expect(scalar.isShownAsItself) }
    }

    @Test func `More than any policy of AWS has is cut, and said to be`() {
        let names = JSONValue.array((0..<20_000).map { .string("arn:aws:s3:::bucket-\($0)") })
        let text = names.prettyText()
        let lines = VisibleText.policyLines(text)
        #expect(lines.last == "(cut here: the policy has \(text.utf8.count) bytes; --format json gives it whole)")
        #expect(lines.dropLast().joined(separator: "\n").utf8.count <= VisibleText.policyLimit)
        #expect(text.hasPrefix(lines.dropLast().joined(separator: "\n")))
    }

    @Test func `In HTML and Markdown it stays text`() {
        let text = Self.text("</code><script>```")
        #expect(HTMLText.policy(text).contains("&lt;/code&gt;&lt;script&gt;"))
        #expect(MarkdownText.policy(text).hasPrefix("````json\n"))
    }
}
