@testable import CloudTrail
import Foundation
import TestSupport
import Testing

@Suite struct JSONScannerTests {
    static func scan(_ bytes: [UInt8]) -> JSONOutcome {
        bytes.withUnsafeBytes { JSONScanner.scanDocument($0) }
    }

    static func isAcceptedByFoundation(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(bytes))
            return true
        } catch {
            return false
        }
    }

    struct Case: CustomTestStringConvertible {
        var text: String
        var outcome: JSONOutcome
        var testDescription: String { text }

        init(_ text: String, _ outcome: JSONOutcome) {
            self.text = text
            self.outcome = outcome
        }
    }

    static let cases = [
        Case("{}", .complete(end: 2)),
        Case(" [1, -0.5e+10, true, false, null, \"\"] ", .complete(end: 37)),
        Case("12", .complete(end: 2)),
        Case("{\"a\":\"b\u{e9}\\u00e9\\ud83d\\ude00\"}", .complete(end: 29)),
        Case("123456789012345678901234567890.5", .complete(end: 32)),
        Case("", .needsMore),
        Case("[", .needsMore),
        Case("{\"a\":tru", .needsMore),
        Case("\"\\u00", .needsMore),
        Case("\"\\ud800", .needsMore),
        Case("[1}", .malformed(at: 2, .unexpectedByte)),
        Case("{} {}", .malformed(at: 3, .unexpectedByte)),
        Case("[\"abcdefgh\u{1}\"]", .malformed(at: 10, .controlCharacter)),
        Case("[\"\\x\"]", .malformed(at: 2, .escape)),
        Case("[\"\\u12G4\"]", .malformed(at: 6, .escape)),
        Case("[01]", .malformed(at: 2, .number)),
        Case("[1.]", .malformed(at: 3, .number)),
        Case("[nul]", .malformed(at: 4, .literal)),
        Case("[trueish]", .malformed(at: 5, .unexpectedByte)),
        Case("{\"a\",1}", .malformed(at: 4, .unexpectedByte)),
    ]

    @Test(arguments: cases) func outcome(_ test: Case) {
        #expect(Self.scan(Array(test.text.utf8)) == test.outcome)
    }

    @Test(arguments: [1, 63, 64, 65, 127, 128, 129, 511, 512]) func `mixed nesting up to the limit is accepted`(
        depth: Int
    ) {
        var open = ""
        var close = ""
        for level in 0..<depth {
            open += level % 3 == 0 ? "{\"k\":[],\"k\":" : "["
            close = (level % 3 == 0 ? "}" : "]") + close
        }
        #expect(Self.scan(Array((open + "1" + close).utf8)) == .complete(end: open.count + 1 + close.count))
        let wrong = close.first == "]" ? "}" : "]"
        #expect(
            Self.scan(Array((open + "1" + wrong).utf8)) == .malformed(at: open.count + 1, .unexpectedByte))
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":"]) func `nesting a million deep is an error`(opening: String) {
        let bytes = Array(String(repeating: opening, count: 1_000_000).utf8)
        guard case .malformed(_, .tooDeep) = Self.scan(bytes) else {
            Issue.record("a million of `\(opening)` gave \(Self.scan(bytes))")
            return
        }
    }

    @Test func `a string is read alike wherever its special byte stands`() {
        for special in ["\\n", "\u{e9}", "\"", "\u{1}", "\\ud800", "x"] {
            for before in 0..<20 {
                for after in 0..<20 {
                    let text =
                        "[\"" + String(repeating: "a", count: before) + special + String(repeating: "b", count: after)
                        + "\"]"
                    let bytes = Array(text.utf8)
                    let oracle = Self.isAcceptedByFoundation(bytes)
                    var isAccepted = false
                    if case .complete = Self.scan(bytes) { isAccepted = true }
                    // Foundation refuses an unpaired surrogate, which is read here with U+FFFD.
                    #expect(isAccepted == (oracle || special == "\\ud800"), "\(text)")
                }
            }
        }
    }

    @Test(.enabled(if: SharedInput.isPresent)) func `JSONTestSuite is decided as it asks`() throws {
        let files = SharedInput.files(in: "json-parsing/test_parsing", "json")
        #expect(files.count == 318)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let outcome = Self.scan(bytes)
            var isAccepted = false
            if case .complete = outcome { isAccepted = true }
            switch file.lastPathComponent.prefix(2) {
            case "y_": #expect(isAccepted, "\(file.lastPathComponent)")
            case "n_": #expect(!isAccepted, "\(file.lastPathComponent)")
            default: break
            }
        }
    }

    @Test(.enabled(if: SharedInput.isPresent)) func `a record that holds any JSONTestSuite text costs no other record`()
        throws
    {
        for file in SharedInput.files(in: "json-parsing/test_parsing", "json") {
            let name = file.lastPathComponent
            // `[{` before `}, …]}` makes JSON of it all, in which the last record is a part of the odd one.
            if name == "n_structure_open_array_open_object.json" { continue }
            let text = [UInt8](try Data(contentsOf: file))
            let bytes =
                Array("{\"Records\":[\(record("First")),".utf8)
                + Array(record("Odd").dropLast().utf8) + Array(",\"other\":".utf8) + text
                + Array("},\(record("Last"))]}".utf8)
            let reading = try Reading(bytes)
            #expect(reading.names.first == "First", "\(name)")
            #expect(reading.names.last == "Last", "\(name)")
            #expect(reading.addsUp, "\(name)")
            if name.hasPrefix("y_") {
                #expect(reading.names == ["First", "Odd", "Last"], "\(name)")
                #expect(reading.codes.allSatisfy { $0 == .textRepaired }, "\(name)")
            } else if name.hasPrefix("n_") {
                #expect(reading.issues.count == 1, "\(name): \(reading.issues)")
            }
        }
    }

    struct Decoding: CustomTestStringConvertible {
        var content: [UInt8]
        var text: String
        var isRepaired: Bool
        var testDescription: String { text }

        init(_ content: String, _ text: String, repaired: Bool = false) {
            self.init(Array(content.utf8), text, repaired: repaired)
        }

        init(_ content: [UInt8], _ text: String, repaired: Bool = false) {
            self.content = content
            self.text = text
            isRepaired = repaired
        }
    }

    static let decodings = [
        Decoding("plain", "plain"),
        Decoding(#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        Decoding(#"\u0041\u00e9\u20ac\ud83d\ude00"#, "A\u{e9}\u{20ac}\u{1f600}"),
        Decoding("\u{e9}\u{20ac}\u{1f600}", "\u{e9}\u{20ac}\u{1f600}"),
        Decoding(#"a\ud800b"#, "a\u{fffd}b", repaired: true),
        Decoding(#"a\ud800\n"#, "a\u{fffd}\n", repaired: true),
        Decoding(#"\udc00\ud800\udc00"#, "\u{fffd}\u{10000}", repaired: true),
        Decoding(#"\ud800\ud800\udc00"#, "\u{fffd}\u{10000}", repaired: true),
        Decoding(#"a\u0000b"#, "a\u{fffd}b", repaired: true),
        Decoding([0x61, 0xFF, 0x62], "a\u{fffd}b", repaired: true),
        Decoding([0xC3], "\u{fffd}", repaired: true),
        Decoding([0xED, 0xA0, 0x80], "\u{fffd}\u{fffd}\u{fffd}", repaired: true),
        Decoding([0xC0, 0x80], "\u{fffd}\u{fffd}", repaired: true),
        Decoding([0xF4, 0x90, 0x80, 0x80], "\u{fffd}\u{fffd}\u{fffd}\u{fffd}", repaired: true),
        Decoding([0xE2, 0x82, 0x5C, 0x6E], "\u{fffd}\n", repaired: true),
    ]

    @Test(arguments: decodings) func decoding(_ test: Decoding) {
        var fields = RecordFields()
        let bytes = Array("{\"eventName\":\"".utf8) + test.content + Array("\"}".utf8)
        bytes.withUnsafeBytes { bytes in
            #expect(fields.project(bytes) == .complete(end: bytes.count))
            #expect(fields.string(.eventName, in: bytes) == test.text)
            #expect(fields.isRepaired == test.isRepaired)
            var output: [UInt8] = [1]
            #expect(fields.append(.eventName, from: bytes, to: &output))
            #expect(Array(output.dropFirst()) == Array(test.text.utf8))
        }
    }

    @Test func `UTF-8 is judged as the standard library judges it`() {
        var generator = SeededGenerator(state: 403)
        let interesting: [UInt8] = [
            0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
            0xFF,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                interesting.randomElement(using: &generator) ?? 0
            }
            let expected = String(validating: bytes, as: UTF8.self) != nil
            #expect(bytes.withUnsafeBytes { UTF8Text.isValid($0) } == expected, "\(bytes)")
        }
    }
}
