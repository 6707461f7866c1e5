import OrderedJSON
import Testing
import TrailStore

/// A mistake in a file of rows is told with its place.
@Suite struct ScenarioFileTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var row: String
        var mistake: String
        var testDescription: String { mistake }
    }

    private static let expect = #""expect":{"rootCause":"missing-allow"}"#

    static let cases = [
        Case(row: #"{"group":{"reason":"unstated"},\#(expect)}"#, mistake: "row: `name` is missing"),
        Case(row: #"{"name":"n","group":{"reason":"unstated"}}"#, mistake: "row “n”: `expect` is missing"),
        Case(
            row: #"{"name":"n","group":{"reason":"odd"},\#(expect)}"#,
            mistake: "row “n”.group.reason: `odd` is no reason"),
        Case(
            row: #"{"name":"n","group":{"reason":"unstated","colour":"red"},\#(expect)}"#,
            mistake: "row “n”.group: there is no `colour`"),
        Case(
            row: #"{"name":"n","group":{"reason":"unstated","denials":"12"},\#(expect)}"#,
            mistake: "row “n”.group.denials: a number belongs here"),
        Case(
            row: #"{"name":"n","group":{"reason":"unstated"},"changes":[{"id":"x"}],\#(expect)}"#,
            mistake: "row “n”.changes[0]: `event` is missing"),
        Case(
            row: #"{"name":"n","group":{"reason":"unstated"},"usage":{},\#(expect)}"#,
            mistake: "row “n”.usage: a list belongs here"),
        Case(
            row: #"{"name":"n","group":{"reason":"unstated"},"expect":{"rootCause":"odd"}}"#,
            mistake: "row “n”.expect.rootCause: what is `odd`?"),
    ]

    @Test(arguments: cases) func `A mistake is told with its place`(_ row: Case) throws {
        let value = try JSONValue(parsing: row.row)
        let mistake = #expect(throws: Fields.Mistake.self) { try Scenario(field: value, "row") }
        #expect(mistake?.description == row.mistake)
    }

    @Test func `Text that holds JSON is written as JSON`() throws {
        let value = try JSONValue(
            parsing: #"{"event":"A","parameters":{"p":{"$text":{"a":[{"$text":[1]}]}},"q":"{}"}}"#)
        let change = try PermissionChange(field: value, "")
        #expect(change.requestParameters == #"{"p":"{\"a\":[\"[1]\"]}","q":"{}"}"#)
    }

    @Test func `A document is a statement, a list of them, a whole one, or a text`() throws {
        for (written, text) in [
            (#"{"Effect":"Allow"}"#, #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}"#),
            (#"[{"Effect":"Deny"}]"#, #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny"}]}"#),
            (#"{"Statement":{}}"#, #"{"Statement":{}}"#), (#""%7B%7D""#, "%7B%7D"),
        ] {
            #expect(try PolicyText(field: JSONValue(parsing: "[\(written)]").elements[0], "").text == text)
        }
    }
}
