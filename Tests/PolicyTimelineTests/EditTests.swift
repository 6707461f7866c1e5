import AccessDenial
import Foundation
import IAMPolicy
import PolicyTimeline
import TestSupport
import Testing

/// From records, in the shapes that AWS documents or that were seen, to edits.
@Suite struct EditTests {
    @Test func everyRecordOfTheTableMakesItsEdits() throws {
        var text = ""
        for (name, record) in try Records.lines("records.jsonl") {
            text += "# \(name): \(record.eventName)\n"
            for edit in ChangeReaders.edits(of: record) { text += EditText.line(edit) + "\n" }
        }
        try expectGolden(text, in: Records.folder("edits.txt"))
    }

    /// A change that nobody reads would be silently missing from every state.
    @Test func everyChangeOfTheCatalogueHasAReader() {
        let unread = ChangeCatalogue.events.filter {
            !ChangeReaders.reads(eventSource: $0.source, eventName: $0.name)
        }
        #expect(unread.map { "\($0.source) \($0.name)" } == [])
    }

    /// A reader whose events the catalogue does not know would wait in vain: no such record is kept.
    @Test func theCatalogueKnowsWhatIsRead() {
        let known = Set(ChangeCatalogue.events.map { "\($0.source) \($0.name)" })
        let read = ChangeReaders.events.filter { !known.contains("\($0.source) \($0.name)") }
        #expect(read.map { "\($0.source) \($0.name)" }.sorted() == Self.notInTheCatalogue)
    }

    /// Sessions come from events that are kept for themselves.
    static let notInTheCatalogue = [
        "rolesanywhere.amazonaws.com CreateSession", "sts.amazonaws.com AssumeRole",
        "sts.amazonaws.com AssumeRoleWithSAML", "sts.amazonaws.com AssumeRoleWithWebIdentity",
        "sts.amazonaws.com AssumeRoot", "sts.amazonaws.com GetFederationToken", "sts.amazonaws.com GetSessionToken",
    ]

    struct Encoding: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var document: String
        var action: String?
    }

    static let encodings = [
        Encoding(testDescription: "text", document: Records.quoted(Records.document("s3:Get*")), action: "s3:Get*"),
        Encoding(testDescription: "an object", document: Records.document("s3:Get*"), action: "s3:Get*"),
        Encoding(
            testDescription: "percent-encoded text",
            document: Records.quoted(
                Records.document("s3:Get*").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""),
            action: "s3:Get*"),
        Encoding(
            testDescription: "text behind a mark and blanks",
            document: Records.quoted("\r\n\t " + Records.document("s3:Get*")), action: "s3:Get*"),
        Encoding(testDescription: "hidden", document: #""HIDDEN_DUE_TO_SECURITY_REASONS""#),
        Encoding(testDescription: "null", document: "null"),
        Encoding(testDescription: "a number", document: "12"),
        Encoding(testDescription: "cut off", document: Records.quoted(String(Records.document("s3:Get*").dropLast(9)))),
        Encoding(testDescription: "broken percent codes", document: #""%7B%2""#),
        Encoding(testDescription: "an object without statements", document: #"{"omitted":true,"originalSize":120000}"#),
        Encoding(
            testDescription: "longer than any policy",
            document: Records.quoted("{" + String(repeating: " ", count: DocumentText.sizeLimit) + "}")),
    ]

    @Test(arguments: encodings) func aPolicyIsReadInEveryEncoding(_ row: Encoding) throws {
        let record = Records.record(
            "PutRolePolicy", #"{"roleName":"Sender","policyName":"p","policyDocument":\#(row.document)}"#)
        let timeline = PolicyTimeline([record])
        let state = timeline.state(at: .at(Records.time(1)), of: PolicySubject(principal: .sender))
        let policy = try #require(state.principal?.identity.policies.first)
        #expect(policy.isCertain)
        #expect(policy.text.document?.statements.first?.actions.patterns.first?.text == row.action)
    }
}
