import Foundation
import Testing

/// The README is short, and every link of it and of the catalogue leads somewhere.
@Suite struct DocumentationLinkTests {
    @Test func `The README is read in three minutes`() throws {
        let text = try Documentation.readme.text()
        #expect(text.utf8.count <= 7 * 1024)
        // Tables, reference and all else that grows belong in the catalogue.
        #expect(!text.contains("\n|"))
    }

    @Test func `The README leads to the pages that people look for`() throws {
        let text = try Documentation.readme.text()
        for name in [
            "trail403", "Installing", "Commands", "Input", "HowADenialIsDecided", "Reasons", "Incidents", "Glossary",
            "Scheduling", "Database", "Recipes", "Athena", "Verify", "Privacy", "Security", "Performance",
            "Architecture",
        ] {
            #expect(text.contains("](\(Documentation.catalogue)/\(name).md)"), "\(name)")
        }
    }

    @Test(arguments: DocumentedCommandTests.pages) func `Every link leads somewhere`(_ page: Documentation.Page) throws
    {
        let text = try page.text()
        let names = Set(Documentation.pages.map { $0.url.deletingPathExtension().lastPathComponent })
        let links = text.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
        let pages = text.matches(of: #/<doc:([A-Za-z0-9-]+)>/#).map { "doc:" + $0.1 }
        for link in links + pages where !link.hasPrefix("https://") {
            if link.hasPrefix("doc:") {
                #expect(names.contains(String(link.dropFirst(4))), "\(link)")
            } else {
                let target = page.url.deletingLastPathComponent().appending(path: link).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(link)")
            }
        }
    }

    @Test(arguments: Documentation.pages) func `Every page begins with its title and one sentence on it`(
        _ page: Documentation.Page
    ) throws {
        let lines = try page.text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first?.hasPrefix("# ") == true)
        // In the catalogue's lists the first paragraph stands beside the title.
        let paragraph = lines.dropFirst().drop { $0.isEmpty || $0.hasPrefix("@") || $0.hasPrefix(" ") || $0 == "}" }
            .prefix { !$0.isEmpty }
        #expect(!paragraph.isEmpty && paragraph.first?.hasPrefix("#") == false && paragraph.count <= 3)
    }

    @Test func `Every page is in the table of contents`() throws {
        let listed = try Documentation.pages.map { try $0.text() }.joined(separator: "\n")
            .matches(of: #/(?m)^- <doc:([A-Za-z0-9-]+)>/#).map { String($0.1) }
        let names = Documentation.pages.map { $0.url.deletingPathExtension().lastPathComponent }
        #expect(Set(listed) == Set(names).subtracting(["trail403"]))
        #expect(Set(listed).count == listed.count)
    }

    @Test func `Every run of a benchmark that is kept is named on the page Performance`() throws {
        let text = try Documentation.page("Performance").text()
        let folder = "Scripts/benchmark-runs"
        for name in try FileManager.default.contentsOfDirectory(
            atPath: Program.projectFolder.appending(path: folder).path)
        {
            #expect(text.contains("`\(folder)/\(name)`"), "\(name)")
        }
    }
}
