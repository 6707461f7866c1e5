import Foundation
import TestSupport
import Testing
import TrailIngest
import TrailStore

/// Rows that are written together, sorted by their keys, are the rows that are written one file after the other.
@Suite struct WritingTogetherTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Bits of a hash of the eventID: few of them let many events of a second have one key.
        var keyHashBits = 31
        var haveAddenda = false
        var haveCopies = false
        /// Events and the seconds that they are of: few of both make many duplicates.
        var events = 400
        var seconds = 60
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "duplicates"),
        Case(name: "few events, many times", events: 40, seconds: 5),
        Case(name: "keys that collide", keyHashBits: 3),
        Case(name: "keys that collide within a second", keyHashBits: 4, events: 200, seconds: 2),
        Case(name: "addenda", haveAddenda: true),
        Case(name: "addenda and keys that collide", keyHashBits: 4, haveAddenda: true, events: 100),
        Case(name: "files that are copies, and files that are none", haveCopies: true),
    ]

    private static func archive(_ row: Case, _ random: inout SeededGenerator) -> [String] {
        var files: [String] = []
        for _ in 0..<8 {
            let records = (0..<Int.random(in: 0...120, using: &random)).map { _ -> String in
                let number = Int.random(in: 0..<row.events, using: &random)
                let second = number % row.seconds
                var record =
                    switch number % 5 {
                    case 0: Record.denied(number, second: second)
                    case 1: Record.detach(number, second: second)
                    default: Record.success(number, second: second)
                    }
                // The copy that tells more wins.
                if Int.random(in: 0..<4, using: &random) == 0 {
                    record = record.replacing("\"sourceIPAddress\":\"192.0.2.1\",", with: "")
                }
                guard row.haveAddenda, Int.random(in: 0..<20, using: &random) == 0 else { return record }
                return AddendumTests.addendum(record, of: number, as: 10_000 + number)
            }
            files.append(Record.file(records))
            if row.haveCopies {
                files.append(files[Int.random(in: 0..<files.count, using: &random)])
                files.append("Dear diary,\n")
            }
        }
        return files
    }

    private static func rows(_ files: [String], _ row: Case, together: Int) throws -> [[[SQLValue]]] {
        let folder = try ScratchFolder()
        for (index, text) in files.enumerated() { try folder.write("a/\(100 + index).json", text) }
        var options = Ingest.Options()
        options.keyHashBits = row.keyHashBits
        options.eventsTogether = together
        // In two runs: the second one meets much that is in.
        for name in ["a/\(100 + files.count / 2).json", "a"] {
            let database = try TrailDatabase.openForWriting(folder.path("t.sqlite"))
            _ = try Ingest(options: options, now: { 1_795_000_000 }).run(
                Ingest.plan([folder.path(name)]), into: database)
            try database.close()
        }
        let files = """
            SELECT id, substr(path, -8), kind, records, stored, duplicates, skipped FROM logFile ORDER BY id
            """
        let others = "SELECT substr(path, -8), looksLike FROM otherFile ORDER BY 1"
        return try (AddendumTests.queries + [files, others]).map { try queried($0, folder) }
    }

    @Test(arguments: cases) func `How many rows are written together changes none`(_ row: Case) throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            var random = SeededGenerator(state: seed)
            let files = Self.archive(row, &random)
            let expected = try Self.rows(files, row, together: 1)
            let found = try Self.rows(files, row, together: 16_000)
            for (query, (expected, found)) in zip(expected, found).enumerated() {
                #expect(expected == found, "seed \(seed), query \(query)")
            }
        }
    }
}
