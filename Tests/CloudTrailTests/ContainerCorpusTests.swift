import CloudTrail
import Foundation
import TestSupport
import Testing

/// Real log files from elsewhere, read here and by Foundation.
@Suite(.enabled(if: SharedInput.isPresent)) struct ContainerCorpusTests {
    /// The records of a parsed JSON text, found the slow way.
    static func records(in json: Any) throws -> [NSDictionary] {
        if let list = json as? [Any] { return try list.flatMap(records) }
        guard let object = json as? [String: Any] else { return [] }
        for key in ["Records", "Events"] {
            if let list = object[key] as? [Any] { return try list.flatMap(records) }
        }
        if let text = object["CloudTrailEvent"] as? String { return try records(in: parse(Data(text.utf8))) }
        if let detail = object["detail"] { return try records(in: detail) }
        return object["eventName"] == nil ? [] : [object as NSDictionary]
    }

    static func parse(_ data: Data) throws -> Any { try JSONSerialization.jsonObject(with: data) }

    /// The records of a file that is one JSON text or JSON lines.
    static func records(of file: URL) throws -> [NSDictionary] {
        let data = try Data(contentsOf: file)
        guard file.pathExtension == "jsonl" else { return try records(in: parse(data)) }
        return try data.split(separator: UInt8(ascii: "\n")).flatMap { try records(in: parse(Data($0))) }
    }

    /// What a field reads as, from Foundation's value.
    static func text(_ value: Any?) -> String? {
        switch value {
        case let text as String: text.isEmpty ? nil : text
        case let number as NSNumber:
            CFBoolean.isBoolean(number) ? (number.boolValue ? "true" : "false") : number.stringValue
        default: nil
        }
    }

    static let files = SharedInput.files(in: "trails", "json", "jsonl")

    @Test(arguments: files) func `records and fields are those that Foundation finds`(_ file: URL) throws {
        let expected = try Self.records(of: file)
        var source = MemoryByteSource([UInt8](try Data(contentsOf: file)))
        var reader = RecordReader()
        var index = 0
        var issues: [IngestIssue] = []
        let summary = try reader.read(&source, file: file.lastPathComponent) { fields, bytes, position in
            defer { index += 1 }
            let oracle = try #require(expected.indices.contains(index) ? expected[index] : nil)
            #expect(try Self.parse(Data(bytes)) as? NSDictionary == oracle)
            for field in RecordField.allCases {
                let key = field == .aggregatedEventId ? "eventId" : "\(field)"
                #expect(fields.string(field, in: bytes) == Self.text(oracle[key]), "\(key)")
                #expect((fields[field].kind == .absent) == (oracle[key] == nil), "\(key)")
            }
            let identity = (oracle["userIdentity"] as? [String: Any]) ?? [:]
            let event = Event(fields, bytes)
            #expect(event.userIdentity.type == Self.text(identity["type"]))
            #expect(event.userIdentity.arn == Self.text(identity["arn"]))
            #expect(event.userIdentity.accessKeyId == Self.text(identity["accessKeyId"]))
            let issuer = (identity["sessionContext"] as? [String: Any])?["sessionIssuer"] as? [String: Any]
            #expect(event.userIdentity.sessionIssuerArn == Self.text(issuer?["arn"]))
            if identity["arn"] != nil { #expect(event.userIdentity.principal?.hasPrefix("arn:") == true) }
            var principal: [UInt8] = []
            var identityFields = IdentityFields()
            identityFields.project(fields, in: bytes)
            let isThere = identityFields.appendPrincipal(from: bytes, to: &principal)
            #expect((isThere ? String(decoding: principal, as: UTF8.self) : nil) == event.userIdentity.principal)
            #expect(Event(json: Array(bytes)) == event)
        } issue: {
            issues.append($0)
        }
        #expect(index == expected.count)
        #expect(issues.isEmpty)
        #expect(summary.records == expected.count)
        #expect(summary.broken == 0)
    }

    struct Count: CustomTestStringConvertible {
        var folder: String
        var files: Int
        var records: Int
        var testDescription: String { folder }
    }

    static let counts = [
        Count(folder: "trails/invictus-ir-aws_dataset", files: 55, records: 2900),
        Count(folder: "trails/boogy-CloudTrail-Log-Parser", files: 7, records: 1685),
        Count(folder: "trails/flosell-trailscraper", files: 2, records: 5),
        Count(folder: "trails/log2timeline-plaso", files: 1, records: 6),
        Count(folder: "trails/eventbridge", files: 24, records: 24),
    ]

    @Test(arguments: counts) func `every record of a corpus is read, whatever the chunks`(_ test: Count) throws {
        let files = SharedInput.files(in: test.folder, "json", "jsonl")
        #expect(files.count == test.files)
        var reader = RecordReader()
        var records = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = try Reading(bytes, reader: &reader)
            records += whole.rows.count
            #expect(whole.issues.isEmpty && whole.addsUp)
            #expect(try Reading(bytes, chunkSize: 4093, reader: &reader) == whole)
            var limits = ReaderLimits()
            limits.windowBytes = 5000
            #expect(try Reading(bytes, chunkSize: 997, limits: limits) == whole)
        }
        #expect(records == test.records)
    }

    /// Files small enough to be cut at every byte.
    static let smallFiles = files.filter { (FileManager.default.contents(atPath: $0.path)?.count ?? .max) < 3000 }

    @Test(arguments: smallFiles) func `every cut of a file gives whole records or one issue`(_ file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        var reader = RecordReader()
        let whole = try Reading(bytes, reader: &reader)
        for count in stride(from: 0, to: bytes.count, by: 1) {
            let cut = try Reading(Array(bytes[..<count]), reader: &reader)
            #expect(cut.addsUp && cut.issues.count <= 1, "\(count): \(cut.issues)")
            #expect(cut.rows == Array(whole.rows.prefix(cut.rows.count)), "\(count)")
            #expect(!cut.rows.isEmpty || cut.issues.count == 1, "\(count)")
        }
    }

    @Test(arguments: smallFiles) func `flipped bits and spliced pieces never trap, and counts add up`(_ file: URL)
        throws
    {
        let bytes = [UInt8](try Data(contentsOf: file))
        var generator = SeededGenerator(state: UInt64(bytes.count))
        var reader = RecordReader()
        for round in 0..<150 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...(round < 50 ? 1 : 8), using: &generator) {
                let index = Int.random(in: 0..<changed.count, using: &generator)
                switch round % 3 {
                case 0: changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: changed[index] = Array("{}[]\",:\\ \n0e-tn".utf8).randomElement(using: &generator) ?? 0
                default:
                    let end = min(changed.count, index + Int.random(in: 0..<40, using: &generator))
                    let piece = Array(changed[index..<end])
                    if Bool.random(using: &generator) { changed.removeSubrange(index..<end) }
                    changed.insert(contentsOf: piece, at: Int.random(in: 0...changed.count, using: &generator))
                }
                if changed.isEmpty { changed = [0x7B] }
            }
            let reading = try Reading(changed, reader: &reader)
            #expect(reading.addsUp, "\(round)")
            #expect(reading.rows.allSatisfy { Event(json: $0.json) != nil }, "\(round)")
            #expect(try Reading(changed, chunkSize: 5, reader: &reader) == reading, "\(round)")
        }
    }

    @Test func `one flipped bit in a file of many costs at most one record and gives at most one issue`() throws {
        let file = try #require(SharedInput.files(in: "trails/invictus-ir-aws_dataset", "json").first)
        let records = try Reading([UInt8](try Data(contentsOf: file))).rows.prefix(12).map(\.json)
        let bytes = Array("{\"Records\":[".utf8) + Array(records.joined(separator: Array(",".utf8))) + Array("]}".utf8)
        var generator = SeededGenerator(state: 403)
        var reader = RecordReader()
        for _ in 0..<1500 {
            var changed = bytes
            let index = Int.random(in: 12..<bytes.count - 2, using: &generator)
            let bit = UInt8.random(in: 0..<8, using: &generator)
            changed[index] ^= 1 << bit
            let reading = try Reading(changed, reader: &reader)
            #expect(reading.addsUp)
            #expect(reading.rows.count >= records.count - 1, "byte \(index), bit \(bit): \(reading.issues)")
            #expect(reading.issues.count <= 1, "byte \(index), bit \(bit): \(reading.issues)")
            #expect(reading.summary.records == records.count, "byte \(index), bit \(bit): \(reading.issues)")
        }
    }
}

/// Foundation on Linux bridges Booleans to numbers; their type tells them apart.
private enum CFBoolean {
    static func isBoolean(_ number: NSNumber) -> Bool {
        number === NSNumber(value: true) || number === NSNumber(value: false) || String(cString: number.objCType) == "c"
            || String(cString: number.objCType) == "B"
    }
}
