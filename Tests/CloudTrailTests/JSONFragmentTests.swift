import CloudTrail
import Testing

@Suite struct JSONFragmentTests {
    static let fragment = JSONFragment(
        #" {"credentials" : {"accessKeyId":"ASIA1","expires":12.50,"mfa":true,"none":null,"empty":""},"#
            + #" "list":[1,"two",{"x":[]},null], "\u0061b":"esc\u0061ped", "dup":1, "dup":2, "ARN":"upper"}"#)

    struct Case: CustomTestStringConvertible {
        var path: [String]
        var value: String?
        var testDescription: String { path.joined(separator: ".") }
    }

    static let cases = [
        Case(path: ["credentials", "accessKeyId"], value: "ASIA1"),
        Case(path: ["credentials", "expires"], value: "12.50"),
        Case(path: ["credentials", "mfa"], value: "true"),
        Case(path: ["credentials", "none"], value: nil),
        Case(path: ["credentials", "empty"], value: nil),
        Case(path: ["credentials", "absent"], value: nil),
        Case(path: ["credentials"], value: nil),
        Case(path: ["list", "0"], value: nil),
        Case(path: ["ab"], value: "escaped"),
        Case(path: ["dup"], value: "2"),
        Case(path: ["arn"], value: nil),
    ]

    @Test(arguments: cases) func `a string is found by its path`(_ test: Case) {
        let found =
            test.path.count == 1
            ? Self.fragment.string(at: test.path[0]) : Self.fragment.string(at: test.path[0], test.path[1])
        #expect(found == test.value)
    }

    @Test func `keys may be compared without case`() {
        #expect(Self.fragment.string(at: "arn", ignoringCase: true) == "upper")
        #expect(Self.fragment.string(at: "CREDENTIALS", "accesskeyid", ignoringCase: true) == "ASIA1")
    }

    @Test func `fragments, elements and keys keep their bytes and order`() {
        #expect(Self.fragment.fragment(at: "list") == JSONFragment(#"[1,"two",{"x":[]},null]"#))
        #expect(Self.fragment.fragment(at: "credentials", "none") == nil)
        #expect(
            Self.fragment.fragment(at: "list")?.elements()
                == ["1", "\"two\"", "{\"x\":[]}", "null"].map { JSONFragment($0) })
        #expect(Self.fragment.keys() == ["credentials", "list", "ab", "dup", "dup", "ARN"])
        #expect(Self.fragment.isObject)
        #expect(Self.fragment.fragment(at: "list")?.isArray == true)
        #expect(Self.fragment.elements().isEmpty)
        #expect(JSONFragment("[]").keys().isEmpty)
    }

    @Test(arguments: [
        ("\"a\\tb\"", "a\tb"), ("17", "17"), ("false", "false"), ("null", nil), ("[]", nil), ("\"\"", nil),
    ])
    func `a value reads as text`(_ json: String, _ text: String?) {
        #expect(JSONFragment(json).stringValue == text)
    }

    @Test(arguments: [
        "", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1,", "x", "{\"a\":1,}", "{\"b\":2,\"a\" 1}", "\"open",
    ])
    func `bytes that are not JSON have no parts that are not there`(_ text: String) {
        let fragment = JSONFragment(text)
        #expect(fragment.string(at: "a") == nil)
        #expect(fragment.stringValue == nil)
        _ = (fragment.keys(), fragment.elements())
    }
}
