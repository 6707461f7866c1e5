import Foundation
import TestSupport
import Testing

/// A refusal that people asked about, and the answer that helped: `Casebook/NAME/case.json`.
///
/// The records are `records.json` beside it, or an archive among the shared cases. What the program does not say yet
/// stands under `failing` with the reason; a test fails where such a part passes, so that its mark goes.
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
        /// Events that must not be among them.
        var spares: [String]?
        /// Patterns of the report's text: what must stand in it, and what must not.
        var says: [String]?
        var never: [String]?
        /// Patterns of the remedy's words, commands and policy.
        var offers: [String]?
    }

    /// A part of the answer that is judged by itself.
    enum Part: String, CaseIterable, Sendable {
        case cause, evidence, spares, says, offers, never
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
        struct Report: Decodable {
            var groups: [Group]
        }

        struct Group: Decodable {
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

        init(_ row: CasebookCase, _ archive: URL) throws {
            let folder = try ScratchFolder()
            let options = ["--service", "all"] + (row.options ?? [])
            let json = try Program.run(
                ["analyze", archive.path, "--quiet", "--format", "json"] + options, in: folder.path
            ).output
            groups = try JSONDecoder().decode(Report.self, from: Data(json.utf8)).groups
            remedies = try Self.remedies(json)
            // One line, so that a pattern need not know where lines break.
            text = try Program.run(["report", "--groups", "all"] + options, in: folder.path).output
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }

        private static func remedies(_ json: String) throws -> [String] {
            let report = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            return try (report?["groups"] as? [[String: Any]] ?? []).map { group in
                let cause = group["rootCause"] as? [String: Any]
                let remedy = cause?["remedy"] as? [String: Any] ?? [:]
                var words = [remedy["text"] as? String ?? ""] + (remedy["commands"] as? [String] ?? [])
                if let policy = remedy["policy"] as? [String: Any] {
                    let data = try JSONSerialization.data(
                        withJSONObject: policy, options: [.sortedKeys, .withoutEscapingSlashes])
                    words.append(String(decoding: data, as: UTF8.self))
                }
                return words.joined(separator: " ")
            }
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
        let parts = Set(CasebookCase.Part.allCases.map(\.rawValue))
        #expect(parts.isSuperset(of: (row.failing ?? [:]).keys))
        for part in CasebookCase.Part.allCases {
            guard let reason = row.failing?[part.rawValue] else {
                for asked in row.groups { try Self.check(part, asked, told) }
                continue
            }
            withKnownIssue("\(row.name): \(reason)") {
                for asked in row.groups { try Self.check(part, asked, told) }
            }
        }
    }

    private static func check(_ part: CasebookCase.Part, _ asked: CasebookCase.Group, _ told: Told) throws {
        let index = told.index(asked)
        let group = index.map { told.groups[$0] }
        let evidence = group?.rootCause.evidence.map { "\($0.eventName) \($0.eventTime)" } ?? []
        switch part {
        case .cause:
            let cause = try #require(group?.rootCause, "no group of \(asked.action)")
            #expect(asked.causes?.contains(cause.code) != false)
            #expect(asked.causesNot?.contains(cause.code) != true)
            if let weakest = asked.confidence {
                let limit = try #require(confidences.firstIndex(of: weakest))
                #expect(confidences[...limit].contains(cause.confidence))
            }
        case .evidence:
            for event in asked.evidence ?? [] {
                let isTold = event.components(separatedBy: " | ").contains { evidence.contains($0) }
                #expect(isTold, "\(event) in \(evidence)")
            }
        case .spares:
            for event in asked.spares ?? [] { #expect(!evidence.contains(event)) }
        case .says:
            for pattern in asked.says ?? [] { #expect(try matches(pattern, told.text), "\(pattern) in \(told.text)") }
        case .never:
            for pattern in asked.never ?? [] { #expect(try !matches(pattern, told.text), "\(pattern)") }
        case .offers:
            let remedy = index.map { told.remedies[$0] } ?? ""
            for pattern in asked.offers ?? [] { #expect(try matches(pattern, remedy), "\(pattern) in \(remedy)") }
        }
    }

    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        let expression = try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
        return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
