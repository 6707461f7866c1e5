import Foundation
import OrderedJSON
import Testing

/// One file of `Cases`: requests with what AWS's pages say of them.
///
/// `source` names the pages. A row's `request` is laid over `base`, member by member (`null` takes one away), and is then a request as
/// `simulate` takes it. `decision` is asserted always; `decidedBy` (`null`, or the policy type with the policy, the statement's index
/// and the level where they are given), `refusedBy`, `missingKeys` and `missingPolicies` where they are there. Where a row is
/// `enumerated`, only trying every value of the unknown keys shows the answer.
struct EvaluatorCases: Sendable, CustomTestStringConvertible {
    struct Row: Sendable {
        var name: String
        var request: JSONValue
        var expected: JSONValue
    }

    var name: String
    var sources: [String]
    var rows: [Row]

    var testDescription: String { name }

    /// All files, in the order of their names.
    static let all: [EvaluatorCases] = {
        do {
            let folder = Bundle.module.bundleURL.appending(path: "Cases")
            let topics = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            return try topics.flatMap { topic in
                try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: topic).path).sorted().map {
                    file in
                    try EvaluatorCases(
                        name: "\(topic)/\(file)", url: folder.appending(path: topic).appending(path: file))
                }
            }
        } catch {
            fatalError("the cases cannot be read: \(error)")
        }
    }()

    private init(name: String, url: URL) throws {
        let json = try JSONValue(parsing: String(contentsOf: url, encoding: .utf8))
        self.name = name
        sources = json["source"]?.texts ?? []
        var base: [JSONValue.Member] = []
        if case .object(let members)? = json["base"] { base = members }
        rows = (json["rows"]?.elements ?? []).map { row in
            var own: [JSONValue.Member] = []
            if case .object(let members)? = row["request"] { own = members }
            let merged =
                base.filter { member in !own.contains { $0.key == member.key } } + own.filter { $0.value != .null }
            return Row(name: row["name"]?.stringValue ?? "", request: .object(merged), expected: row)
        }
    }
}
