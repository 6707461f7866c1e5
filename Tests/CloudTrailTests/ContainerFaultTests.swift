import CloudTrail
import Foundation
import Testing

@Suite struct ContainerFaultTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var text: [UInt8]
        var records: [String]
        var codes: [IngestIssue.Code]
        var broken: Int
        /// The record number of the first issue.
        var record: Int?
        /// What stands at the byte offset of the first issue.
        var at: String?
        var testDescription: String { name }

        init(
            _ name: String, _ text: String, _ records: [String], _ codes: [IngestIssue.Code], broken: Int,
            record: Int? = nil,
            at: String? = nil
        ) {
            self.init(name, Array(text.utf8), records, codes, broken: broken, record: record, at: at)
        }

        init(
            _ name: String, _ text: [UInt8], _ records: [String], _ codes: [IngestIssue.Code], broken: Int,
            record: Int? = nil,
            at: String? = nil
        ) {
            self.name = name
            self.text = text
            self.records = records
            self.codes = codes
            self.broken = broken
            self.record = record
            self.at = at
        }
    }

    static let a = record("A")
    static let b = record("B")
    static let c = record("C")

    static func records(_ elements: String...) -> String { "{\"Records\":[" + elements.joined(separator: ",") + "]}" }

    /// B with one edit.
    static func edited(_ old: String, _ new: String) -> String { b.replacingOccurrences(of: old, with: new) }

    static let broken: [Case] = [
        ("a bare word", edited("\"us-east-1\"", "us-east-1"), "us-east-1"),
        ("a missing opening quote", edited("\"us-east-1\"", "us-east-1\""), "us-east-1"),
        ("a missing closing quote", edited("\"us-east-1\"", "\"us-east-1"), "requestParameters"),
        ("a missing quote at the very end", String(b.dropLast(2)) + "}", nil),
        ("a missing bracket", edited("[2]", "[2"), "}]},"),
        ("a missing inner brace", edited("}]},\"eventID", "}],\"eventID"), nil),
        ("a missing last brace", String(b.dropLast()), nil),
        ("a missing colon", edited("\"awsRegion\":", "\"awsRegion\""), "\"us-east-1\""),
        ("a missing comma inside", edited(",\"awsRegion\"", "\"awsRegion\""), "\"awsRegion\""),
        ("a control character", edited("us-east-1", "us-\neast-1"), "\neast-1"),
        ("a NUL byte", edited("us-east-1", "us-\u{0}east-1"), "\u{0}east-1"),
        ("a wrong escape", edited("us-east-1", "us-\\xeast"), "\\xeast"),
        ("a number that is none", edited("\"us-east-1\"", "01"), "1,\"request"),
        ("an extra brace inside", edited("\"us-east-1\"", "{\"us-east-1\"}"), "}"),
    ].map { Case($0.0, records(a, $0.1, c), ["A", "C"], [.jsonMalformed], broken: 1, record: 2, at: $0.2) }

    static let structure: [Case] = [
        Case("a missing comma", "{\"Records\":[\(a)\(b),\(c)]}", ["A", "B", "C"], [.jsonMalformed], broken: 0, at: b),
        Case(
            "two commas", "{\"Records\":[\(a),,\(b),\(c)]}", ["A", "B", "C"], [.jsonMalformed], broken: 0, at: ",\(b)"),
        Case(
            "garbage before a comma", "{\"Records\":[\(a)###,\(b),\(c)]}", ["A", "B", "C"], [.jsonMalformed], broken: 0,
            at: "###"),
        Case(
            "garbage behind a comma", "{\"Records\":[\(a),###\(b),\(c)]}", ["A", "B", "C"], [.jsonMalformed], broken: 0,
            at: "###"),
        Case("a prefix", "###{\"Records\":[\(a)]}", ["A"], [], broken: 0),
        Case(
            "garbage behind", "{\"Records\":[\(a)]}\n### {\"x\":1} ###", ["A"], [.trailingBytes], broken: 0, at: "###"),
        Case("a brace too many behind", "{\"Records\":[\(a)]}}", ["A"], [.trailingBytes], broken: 0, at: "}"),
        Case(
            "a brace too many behind a record", "{\"Records\":[\(a)},\(b)]}", ["A", "B"], [.jsonMalformed], broken: 0),
        Case("a comma before the end", "{\"Records\":[\(a),]}", ["A"], [.jsonMalformed], broken: 0),
        Case(
            "no comma behind what is no record", "{\"Records\":[{}\(a),5\(b),\(c)]}", ["A", "B", "C"],
            [.notARecord, .notARecord], broken: 2, record: 1),
        Case(
            "a record where a member's comma ought to be", "{\"Records\":[\(a)]\(b)", ["A", "B"], [.jsonMalformed],
            broken: 0, at: b),
        Case(
            "a record where a key ought to be", "{\"Records\":[\(a)],\(b)}", ["A", "B"], [.jsonMalformed], broken: 0,
            at: b),
        Case(
            "a key that is none", "{\"Records\":[\(a)],records:[\(b)]}", ["A", "B"], [.jsonMalformed], broken: 0,
            at: "records"),
        Case(
            "a record with two first braces", records(a, "{" + b, c), ["A", "B", "C"], [.jsonMalformed], broken: 0),
        Case(
            "a record without its first brace", records(a, String(b.dropFirst()), c), ["A", "C"], [.notARecord],
            broken: 1, record: 2),
        Case(
            "a record that ends early", records(a, edited(",\"userIdentity", "}\"userIdentity"), c), ["A", "C"],
            [.notARecord], broken: 1, record: 2),
        Case(
            "two broken records", records(a, edited("\"us-east-1\"", "x"), edited("\"us-east-1\"", "y"), c),
            ["A", "C"], [.jsonMalformed, .jsonMalformed], broken: 2, record: 2),
        Case(
            "the first record broken", records(edited("\"us-east-1\"", "x"), c), ["C"], [.jsonMalformed], broken: 1,
            record: 1),
        Case(
            "the last record broken", records(a, edited("\"us-east-1\"", "x")), ["A"], [.jsonMalformed], broken: 1,
            record: 2),
        Case("the only record broken", edited("\"us-east-1\"", "x"), [], [.jsonMalformed], broken: 1, record: 1),
        Case(
            "a broken line", "\(a)\n\(edited("\"us-east-1\"", "x"))\n\(c)\n", ["A", "C"], [.jsonMalformed], broken: 1,
            record: 2),
        Case("a cut line", "\(a)\n\(b.prefix(60))\n\(c)\n", ["A", "C"], [.jsonMalformed], broken: 1, record: 2),
        Case(
            "a line cut behind a colon", "\(a)\n{\"eventVersion\":\"1\",\"eventName\":\n\(c)\n", ["A", "C"],
            [.jsonMalformed], broken: 1, record: 2),
        Case("a line of prose", "\(a)\nnothing here\n\(c)\n", ["A", "C"], [], broken: 0),
        Case("lines with commas", "\(a),\n\(b),\n\(c)\n", ["A", "B", "C"], [], broken: 0),
        Case("the end of a file", "st-1\",\"eventID\":\"x\"},\(b),\(c)]}", ["B", "C"], [.jsonMalformed], broken: 1),
        Case(
            "a cut container before another", "{\"Records\":[\(a),\(b.prefix(90)){\"Records\":[\(c)]}", ["A", "C"],
            [.jsonMalformed], broken: 1, record: 2),
        Case(
            "a container cut between records before another",
            "{\"Records\":[\(a),{\"Records\":[\(c)]}\n{\"Records\":[\(b)]}", ["A", "C", "B"], [.jsonMalformed],
            broken: 0),
        Case(
            "cut inside a record", "{\"Records\":[\(a),\(b.prefix(90))", ["A"], [.jsonTruncated], broken: 1, record: 2),
        Case("cut between records", "{\"Records\":[\(a),", ["A"], [.jsonTruncated], broken: 0),
        Case("cut before the last brace", "{\"Records\":[\(a)]", ["A"], [.jsonTruncated], broken: 0),
        Case("a cut record alone", String(a.dropLast()), [], [.jsonTruncated], broken: 1, record: 1),
        Case("a cut beginning", "{\"Rec", [], [.jsonTruncated], broken: 0),
    ]

    static let repaired: [Case] = [
        Case(
            "invalid UTF-8 in a field",
            Array("{\"Records\":[\(a.dropLast()),\"userAgent\":\"".utf8) + [0xFF] + Array("\"},\(c)]}".utf8),
            ["A", "C"], [.textRepaired], broken: 0, record: 1, at: a.dropLast() + ",\"userAgent\""),
        Case(
            "invalid UTF-8 in a part that is skipped",
            Array("{\"Records\":[\(a.dropLast()),\"x\":[{\"".utf8) + [0xC3] + Array("\":1}]},\(c)]}".utf8), ["A", "C"],
            [.textRepaired], broken: 0, record: 1),
        Case(
            "an unpaired surrogate", records(a, record("B", ",\"x\":\"\\ud800\""), c), ["A", "B", "C"], [.textRepaired],
            broken: 0, record: 2),
        Case(
            "an escaped NUL", records(record("A", ",\"userAgent\":\"\\u0000\"")), ["A"], [.textRepaired], broken: 0,
            record: 1),
        Case(
            "a key twice", records(record("A", ",\"eventName\":\"Z\""), c), ["Z", "C"], [.duplicateKey], broken: 0,
            record: 1),
        Case("a key twice that nobody reads", records(record("A", ",\"x\":1,\"x\":2")), ["A"], [], broken: 0),
        Case("huge numbers", records(record("A", ",\"x\":123456789012345678901234567890e999")), ["A"], [], broken: 0),
        Case(
            "nested too deep",
            records(
                a, record("B", ",\"x\":" + String(repeating: "[", count: 600) + String(repeating: "]", count: 600)), c),
            ["A", "C"], [.nestingTooDeep], broken: 1, record: 2),
    ]

    @Test(arguments: broken + structure + repaired) func fault(_ test: Case) throws {
        let reading = try Reading(test.text)
        #expect(reading.names == test.records)
        #expect(reading.codes == test.codes)
        #expect(reading.summary.broken == test.broken)
        #expect(reading.addsUp)
        #expect(reading.issues.allSatisfy { $0.location.file == "test.json" && $0.location.byteOffset != nil })
        if let record = test.record { #expect(reading.issues.first?.location.record == record) }
        if let at = test.at, let offset = reading.issues.first?.location.byteOffset {
            #expect(String(decoding: test.text[offset...].prefix(at.utf8.count), as: UTF8.self) == at)
        }
        for issue in reading.issues { #expect(!issue.message.contains("\n") && !issue.message.isEmpty) }
    }

    @Test(arguments: broken + structure + repaired) func `chunks change nothing`(_ test: Case) throws {
        let whole = try Reading(test.text)
        for chunkSize in [1, 3, 64] { #expect(try Reading(test.text, chunkSize: chunkSize) == whole) }
    }

    @Test(arguments: broken + structure) func `records around a fault are kept in any order and number`(_ test: Case)
        throws
    {
        // The same fault between two good files, as concatenated gzip members give them.
        let before = Array("{\"Records\":[\(record("X")),\(record("Y"))]}\n".utf8)
        let after = Array("\n{\"Records\":[\(record("V")),\(record("W"))]}".utf8)
        let reading = try Reading(before + test.text + after)
        #expect(reading.names.starts(with: ["X", "Y"]))
        #expect(reading.names.suffix(2) == ["V", "W"])
        #expect(reading.addsUp)
    }

    @Test func `a record larger than the window is read, one larger than the limit is passed over`() throws {
        var limits = ReaderLimits()
        limits.windowBytes = 1000
        limits.maximumRecordBytes = 20_000
        let large = record("Large", ",\"x\":\"\(String(repeating: "y", count: 15_000))\"")
        let huge = record("Huge", ",\"x\":\"\(String(repeating: "}\\\"", count: 10_000))\"")
        for text in [Self.records(Self.a, large, huge, Self.c), [Self.a, large, huge, Self.c].joined(separator: "\n")] {
            let reading = try Reading(text, limits: limits)
            #expect(reading.names == ["A", "Large", "C"])
            #expect(reading.codes == [.recordTooLarge])
            #expect(reading.issues.first?.location.record == 3)
            #expect(reading.issues.first?.message.contains("--max-record-size") == true)
            #expect(reading.addsUp)
        }
        limits.windowBytes = 1 << 20
        #expect(try Reading(Self.records(Self.a, large, huge, Self.c), limits: limits).codes == [.recordTooLarge])
    }

    @Test func `a member larger than the limit is passed over`() throws {
        var limits = ReaderLimits()
        limits.windowBytes = 1000
        limits.maximumRecordBytes = 5000
        let filler = "[" + Array(repeating: "{\"a\":\"],}\"}", count: 2000).joined(separator: ",") + "]"
        let reading = try Reading("{\"Records\":[\(Self.a)],\"x\":\(filler),\"Records\":[\(Self.c)]}", limits: limits)
        #expect(reading.names == ["A", "C"])
        #expect(reading.codes.isEmpty)
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "{\"a\":[", "{", "\"", "{\"a\":\"{", "[{\"a\":\"{\",", "{\":\"{\":"])
    func `hostile repetition costs no more than its length`(_ piece: String) throws {
        let text = String(repeating: piece, count: 50_000)
        let reading = try Reading("{\"Records\":[\(Self.a),\(text)")
        #expect(reading.names == ["A"])
        #expect(reading.issues.count == 1)
        #expect(try Reading(text).issues.count == 1)
    }

    @Test func `a file that never shows a record is given up`() throws {
        var limits = ReaderLimits()
        limits.maximumSearchBytes = 1 << 20
        let prose = try Reading(String(repeating: "no log at all {\"x\":1}\n", count: 200_000), limits: limits)
        #expect(prose.codes == [.notALogFile])
        #expect(prose.summary.uncompressedBytes < 2 << 20)
        let lines = try Reading(String(repeating: "{\"x\":1}\n", count: 200_000), limits: limits)
        #expect(lines.codes == [.notALogFile])
        #expect(lines.summary.records == 0)
        #expect(lines.summary.uncompressedBytes < 2 << 20)
    }

    @Test func `a UTF-16 file is told apart`() throws {
        let text = Array(Self.a.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let reading = try Reading([0xFF, 0xFE] + text)
        #expect(reading.codes == [.notALogFile])
        #expect(reading.issues.first?.message.contains("UTF-16") == true)
    }

    @Test func `what the caller throws ends the reading, and the reader can go on with another file`() throws {
        struct Stop: Error {}
        var reader = RecordReader()
        for text in [Self.records(Self.a, Self.b), ContainerShapeTests.lookup(Self.a)] {
            var source = MemoryByteSource(Array(text.utf8))
            #expect(throws: Stop.self) {
                try reader.read(&source, file: "x") { _, _, _ in
                    throw Stop()
                } issue: { _ in
                }
            }
            #expect(try Reading(Array(Self.records(Self.a, Self.b).utf8), reader: &reader).names == ["A", "B"])
        }
    }
}
