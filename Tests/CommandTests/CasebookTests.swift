import Foundation
import GRDB
import OrderedJSON
import TestSupport
import Testing

@testable import TrailStore

/// A refusal that people asked about, and the answer that helped: `Casebook/NAME/case.json`.
///
/// The records are `records.json` beside it, or an archive among the shared cases. What the program does not say yet
/// stands under `failing` with the reason; a test fails where such a part passes, so that its mark goes (`UPDATE_GOLDEN=1`
/// writes the marks anew).
struct CasebookCase: Decodable, Sendable, CustomTestStringConvertible {
    /// What is asked of one denial group.
    struct Group: Decodable, Sendable {
        var action: String
        /// A part of the principal or reason, where the action alone names several groups.
        var principal: String?
        var reason: String?
        /// The codes that a right root cause may bear, or those that it must not.
        var causes: [String]?
        var causesNot: [String]?
        /// The weakest confidence that will do.
        var confidence: String?
        /// Events of the root cause, as `eventName eventTime`; ` | ` parts alternatives.
        var evidence: [String]?
        /// Events that must not be among them: by name and time, or by a beginning of that, which stands for all that begin so.
        var spares: [String]?
        /// Patterns of the report's text: what must stand in it, and what must not.
        var says: [String]?
        var never: [String]?
        /// Patterns of the answer, which is what stands before the coverage.
        var answers: [String]?
        /// Patterns of the remedy's words, commands and policy.
        var offers: [String]?
    }

    /// Which of those to be spared are among events, each by name and time.
    static func spared(_ asked: Group, among events: [String]) -> [String] {
        (asked.spares ?? []).filter { spared in events.contains { $0.hasPrefix(spared) } }
    }

    /// The events of records, by name and time.
    static func events(of records: [[String: Any]]) -> [String] {
        records.map { "\($0["eventName"] as? String ?? "") \($0["eventTime"] as? String ?? "")" }
    }

    /// A part of the answer that is judged by itself.
    enum Part: String, CaseIterable, Sendable {
        case cause, evidence, spares, says, answers, offers, never
    }

    var groups: [Group]
    /// Options beside `--service all`.
    var options: [String]?
    /// The parts that fail, each with the reason.
    var failing: [String: String]?
    /// Where the question was asked, in what situation, and the answer that helped; of our own cases.
    var source: String?
    var situation: String?
    var answer: String?

    var name = ""
    var testDescription: String { name }

    private enum CodingKeys: String, CodingKey {
        case groups, options, failing, source, situation, answer
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Casebook")

    static let all: [CasebookCase] = {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
                let file = folder.appending(path: "\(name)/case.json")
                var row = try JSONDecoder().decode(CasebookCase.self, from: Data(contentsOf: file))
                row.name = name
                return row
            }
        } catch {
            fatalError("cannot read \(folder.path): \(error)")
        }
    }()

    /// The records, or `nil` where they lie elsewhere and are not there.
    var archive: URL? {
        let own = Self.folder.appending(path: "\(name)/records.json")
        return FileManager.default.fileExists(atPath: own.path) ? own : sharedCase(name)
    }
}

@Suite struct CasebookTests {
    /// What the program told about one case.
    private struct Told {
        struct Group: Decodable {
            var id: String
            var principal: String
            var action: String
            var reason: String
            var rootCause: Cause
        }

        struct Cause: Decodable {
            var code: String
            var confidence: String
            var evidence: [Evidence]
            var remedy: Remedy?
        }

        struct Evidence: Decodable {
            var eventTime: String
            var eventName: String
        }

        struct Remedy: Decodable {
            var text: String
            var commands: [String]
        }

        var groups: [Group]
        /// Each group's remedy, policy included, as JSON.
        var remedies: [String]
        var text: String
        /// What stands before the coverage: the first lines.
        var answer: String { text.firstRange(of: " Coverage ").map { String(text[..<$0.lowerBound]) } ?? text }

        init(_ row: CasebookCase, _ archive: URL) throws {
            let folder = try ScratchFolder()
            let printed = try Program.run(
                ["analyze", archive.path, "--quiet", "--groups", "all", "--service", "all"] + (row.options ?? []),
                in: folder.path
            ).output
            // One line, so that a pattern need not know where lines break.
            text = printed.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            // What a report in JSON says of each group is stored; it is asked of those that the text tells, in their order.
            var told: [(place: String.Index, group: Group, remedy: String)] = []
            for json in try Self.stored(folder.path("trail403.sqlite")) {
                let group = try JSONDecoder().decode(Group.self, from: Data(json.utf8))
                guard let place = printed.firstRange(of: "[\(group.id)]")?.lowerBound else { continue }
                told.append((place, group, try Self.remedy(json)))
            }
            told.sort { $0.place < $1.place }
            groups = told.map(\.group)
            remedies = told.map(\.remedy)
        }

        private static func stored(_ path: String) throws -> [String] {
            let database = try TrailDatabase.openForReading(path)
            let stored = try database.queue.read { db in
                let ids = try String.fetchAll(db, sql: "SELECT denialGroupID FROM diagnosis")
                return try TrailDatabase.storedJSON(of: ids, db).values.compactMap(\.text)
            }
            try database.close()
            return stored
        }

        private static func remedy(_ json: String) throws -> String {
            let group = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            let cause = group?["rootCause"] as? [String: Any]
            let remedy = cause?["remedy"] as? [String: Any] ?? [:]
            var words = [remedy["text"] as? String ?? ""] + (remedy["commands"] as? [String] ?? [])
            if let policy = remedy["policy"] as? [String: Any] {
                let data = try JSONSerialization.data(
                    withJSONObject: policy, options: [.sortedKeys, .withoutEscapingSlashes])
                words.append(String(decoding: data, as: UTF8.self))
            }
            return words.joined(separator: " ")
        }

        func index(_ asked: CasebookCase.Group) -> Int? {
            groups.firstIndex {
                $0.action.lowercased() == asked.action.lowercased()
                    && (asked.principal.map($0.principal.contains) ?? true)
                    && (asked.reason.map($0.reason.contains) ?? true)
            }
        }
    }

    private static let confidences = ["stated", "simulated", "inferred", "possible"]

    @Test(arguments: CasebookCase.all)
    func `A refusal gets the answer that helped`(_ row: CasebookCase) throws {
        guard let archive = row.archive else { return }
        let told = try Told(row, archive)
        var missed: [CasebookCase.Part: [String]] = [:]
        for part in CasebookCase.Part.allCases {
            let misses = try row.groups.flatMap { try Self.misses(part, $0, told) }
            if !misses.isEmpty { missed[part] = misses }
        }
        let failing = row.failing ?? [:]
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            if Set(missed.keys.map(\.rawValue)) != Set(failing.keys) { try Self.mark(row, missed) }
            return
        }
        for part in CasebookCase.Part.allCases {
            if let reason = failing[part.rawValue] {
                withKnownIssue("\(row.name): \(reason)") { #expect(missed[part] == nil) }
            } else {
                #expect(missed[part] == nil)
            }
        }
        #expect(Set(CasebookCase.Part.allCases.map(\.rawValue)).isSuperset(of: failing.keys))
    }

    /// Else nothing would be spared.
    @Test func `What a case spares is among its records`() throws {
        for row in CasebookCase.all where row.groups.contains(where: { $0.spares != nil }) {
            let file = CasebookCase.folder.appending(path: "\(row.name)/records.json")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let archive = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
            let events = CasebookCase.events(of: archive?["Records"] as? [[String: Any]] ?? [])
            for group in row.groups {
                #expect(CasebookCase.spared(group, among: events) == group.spares ?? [], "\(row.name)")
            }
        }
    }

    /// Writes the marks anew that the case bears: those that pass now go, those that fail now come, for somebody to look at.
    private static func mark(_ row: CasebookCase, _ missed: [CasebookCase.Part: [String]]) throws {
        let file = CasebookCase.folder.appending(path: "\(row.name)/case.json")
        guard case .object(var members) = try JSONValue(parsing: String(contentsOf: file, encoding: .utf8)) else {
            return
        }
        let marks = CasebookCase.Part.allCases.compactMap { part in
            missed[part].map { misses in
                let reason = row.failing?[part.rawValue] ?? misses.joined(separator: "; ")
                return JSONValue.Member(part.rawValue, .string(reason))
            }
        }
        members.removeAll { $0.key == "failing" }
        if !marks.isEmpty { members.append(JSONValue.Member("failing", .object(marks))) }
        try (JSONValue.object(members).prettyText() + "\n").write(to: file, atomically: true, encoding: .utf8)
        Issue.record("marked \(row.name) anew; run again without UPDATE_GOLDEN")
    }

    /// What of one part of an answer is not as it should be.
    private static func misses(_ part: CasebookCase.Part, _ asked: CasebookCase.Group, _ told: Told) throws
        -> [String]
    {
        guard let index = told.index(asked) else {
            return switch part {
            case .cause: ["there is no group of \(asked.action)"]
            case .evidence: asked.evidence ?? []
            case .offers: asked.offers ?? []
            case .says: try (asked.says ?? []).filter { try !matches($0, told.text) }
            case .answers: try (asked.answers ?? []).filter { try !matches($0, told.answer) }
            case .never: try (asked.never ?? []).filter { try matches($0, told.text) }
            case .spares: []
            }
        }
        let cause = told.groups[index].rootCause
        let evidence = cause.evidence.map { "\($0.eventName) \($0.eventTime)" }
        switch part {
        case .cause:
            var misses: [String] = []
            if asked.causes?.contains(cause.code) == false || asked.causesNot?.contains(cause.code) == true {
                misses.append("the cause is \(cause.code)")
            }
            if let weakest = asked.confidence {
                let limit = try #require(confidences.firstIndex(of: weakest))
                if !confidences[...limit].contains(cause.confidence) { misses.append("it is \(cause.confidence)") }
            }
            return misses
        case .evidence:
            return (asked.evidence ?? []).filter { event in
                !event.components(separatedBy: " | ").contains { evidence.contains($0) }
            }
        case .spares: return CasebookCase.spared(asked, among: evidence)
        case .says: return try (asked.says ?? []).filter { try !matches($0, told.text) }
        case .answers: return try (asked.answers ?? []).filter { try !matches($0, told.answer) }
        case .never: return try (asked.never ?? []).filter { try matches($0, told.text) }
        case .offers: return try (asked.offers ?? []).filter { try !matches($0, told.remedies[index]) }
        }
    }

    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        let expression = try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
