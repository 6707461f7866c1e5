import Foundation
import Testing

/// The folders of the targets that explain a denial stand in an order, and what stands in one knows only those above it in the list.
///
/// Read from the source text: words in code that are the name of a type of another folder.
@Suite struct FolderOrderTests {
    /// The folders of each target from the ground up; `""` is what stands in none.
    static let targets = [
        "Causes": ["Facts", "Request", "Finding", "Cause"],
        "Findings": ["Command", "Families"],
        "Remedies": ["Remedy", "Checklist"],
        "Diagnosis": ["OtherLogs", "Incident", ""],
    ]

    private static let sourcesFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    private struct Source {
        var folder: String
        var file: String
        var words: Set<String>
        var types: Set<String>
    }

    private static func sources(of target: String) throws -> [Source] {
        let folder = sourcesFolder.appending(path: target)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try files.sorted().map { path in
            let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            let parts = path.split(separator: "/")
            var source = Source(
                folder: parts.count > 1 ? String(parts[0]) : "", file: path, words: [], types: [])
            for line in text.split(separator: "\n") {
                let code = code(of: line)
                let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                for word in words where word.first?.isUppercase ?? false { source.words.insert(String(word)) }
                // What is private or nested is named by nobody else.
                guard !line.hasPrefix(" "), !line.hasPrefix("private"), !line.hasPrefix("fileprivate"),
                    let keyword = words.firstIndex(where: { ["struct", "enum", "class"].contains($0) }),
                    keyword + 1 < words.count
                else { continue }
                source.types.insert(String(words[keyword + 1]))
            }
            return source
        }
    }

    /// A line without its comment and without the words of its texts; what stands in a text's `\(…)` is code.
    private static func code(of line: Substring) -> String {
        var code = ""
        var depth = 0
        var isText = false
        var before: Character = " "
        for character in line {
            switch character {
            case "\"": isText.toggle()
            case "(" where isText && before == "\\": depth += 1; isText = false
            case "(" where depth > 0 && !isText: depth += 1
            case ")" where depth > 0 && !isText:
                depth -= 1
                if depth == 0 { isText = true }
            case "/" where !isText && before == "/": return code
            default: break
            }
            code.append(isText ? " " : character)
            before = character
        }
        return code
    }

    @Test(arguments: targets.keys.sorted()) func whatStandsBelowKnowsNothingOfWhatStandsAbove(_ target: String) throws {
        let order = try #require(Self.targets[target])
        let sources = try Self.sources(of: target)
        #expect(sources.count > 10)
        var places: [String: String] = [:]
        for source in sources { for type in source.types { places[type] = source.folder } }
        var found: [String: Set<String>] = [:]
        for source in sources {
            let own = try #require(order.firstIndex(of: source.folder), "no place for folder \(source.folder)")
            for word in source.words {
                guard let place = places[word], let other = order.firstIndex(of: place), other > own else {
                    continue
                }
                found["\(source.folder) \(place)", default: []].insert("\(source.file): \(word)")
            }
        }
        for (pair, places) in found.sorted(by: { $0.key < $1.key }) {
            Issue.record("\(pair): \(places.sorted().joined(separator: ", "))")
        }
    }
}
