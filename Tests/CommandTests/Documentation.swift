import Foundation
import Testing

/// The README and the pages of the documentation's catalogue, as the tests that hold them to the program read them.
enum Documentation {
    /// One of them.
    struct Page: Sendable, CustomTestStringConvertible {
        /// Its path in the project.
        var path: String

        var url: URL { Program.projectFolder.appending(path: path) }

        func text() throws -> String { try String(contentsOf: url, encoding: .utf8) }

        /// The blocks of code in a language, such as `sh`.
        func blocks(_ language: String) throws -> [String] {
            try text().components(separatedBy: "```\(language)\n").dropFirst().compactMap {
                $0.components(separatedBy: "\n```").first
            }
        }

        /// The lines of its shell blocks.
        func commands() throws -> [String] {
            try blocks("sh").flatMap { $0.split(separator: "\n").map(String.init) }
        }

        var testDescription: String { path }
    }

    static let readme = Page(path: "README.md")
    static let catalogue = "Sources/trail403/trail403.docc"

    /// A page of the catalogue, such as `Commands`.
    static func page(_ name: String) -> Page { Page(path: "\(catalogue)/\(name).md") }

    /// Every page of the catalogue, in order of their paths.
    static let pages: [Page] = {
        let folder = Program.projectFolder.appending(path: catalogue)
        let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".md") }.sorted().map { Page(path: "\(catalogue)/\($0)") }
    }()
}
