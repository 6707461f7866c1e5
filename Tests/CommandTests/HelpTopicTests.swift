import AccessDenial
import Causes
import Diagnosis
import Findings
import Foundation
import TestSupport
import Testing
@testable import Reporting
@testable import TrailStore

/// `trail403 help reason` and its like: every code has its page, and a name that is not known is answered.
@Suite struct HelpTopicTests {
    private static func help(_ words: String..., width: Int = 80) throws -> Program.Result {
        try Program.run(["help"] + words, in: "/", environment: ["COLUMNS": "\(width)"])
    }

    @Test(arguments: Finding.Code.allCases) func `Every finding has a page that tells what to do`(_ code: Finding.Code)
        throws
    {
        let page = try #require(ManualPage(named: "Findings/\(code.rawValue)"))
        #expect(page.title == code.rawValue)
        #expect(page.abstract.hasSuffix(".") && page.section("Evidence").hasSuffix("."))
        for heading in ["What it means", "What to do"] { #expect(page.section(heading).count > 40, "\(heading)") }
        // The program holds the page as it stands in the catalogue.
        #expect(page == ManualPage(try Documentation.page("Findings/\(code.rawValue)").text()))
    }

    @Test func `No page tells of a finding that is not there`() {
        let pages = Documentation.pages.filter { $0.path.contains("/Findings/") }
        #expect(pages.count == Finding.Code.allCases.count)
    }

    @Test func `Lists name every reason, finding, table and recipe`() throws {
        let reasons = try Self.help("reason").output
        for reason in Reason.allReasons { #expect(reasons.contains("\n\(reason.slug)\n"), "\(reason)") }
        let findings = try Self.help("findings").output
        for code in Finding.Code.allCases { #expect(findings.contains("\n\(code.rawValue)\n"), "\(code)") }
        let recipes = try Self.help("recipes").output
        for recipe in Recipe.all { #expect(recipes.contains("(\(recipe.name))") && recipes.contains("FROM")) }
        let schema = try Self.help("schema").output
        for name in ["event", "denialGroup", "incident", "flow", "eventRow"] { #expect(schema.contains("\n\(name)\n")) }
    }

    @Test func `One of them is told in full, and leads to the next`() throws {
        let reason = try Self.help("reason", "Explicit-Deny:service-control")
        #expect(reason.status == 0 && reason.output.hasPrefix("explicit-deny:service-control\n\nA Deny statement"))
        #expect(reason.output.contains("trail403 help finding explicit-deny"))
        let finding = try Self.help("finding", "explicit-deny").output
        #expect(finding.contains("\nWhat to do\n") && !finding.contains("`") && !finding.contains("\u{1B}"))
        let table = try Self.help("schema", "denialgroup").output
        #expect(table.hasPrefix("denialGroup\n") && table.contains("firstSeen") && !table.contains("errorMessage"))
        let recipe = try Self.help("recipe", "principal").output
        #expect(recipe.contains("--set principal=VALUE") && recipe.contains("FROM denial"))
    }

    @Test(arguments: Reason.allReasons) func `Every reason leads to a finding`(_ reason: Reason) {
        #expect(ManualPage(named: "Findings/\(reason.finding.rawValue)") != nil)
    }

    @Test(arguments: [40, 80, 200]) func `Lines are as wide as the terminal`(_ width: Int) throws {
        for topic in ["reason", "finding"] {
            let lines = try Self.help(topic, width: width).output.split(separator: "\n")
            #expect(lines.allSatisfy { $0.count <= width || !$0.dropFirst(2).contains(" ") }, "\(topic)")
        }
    }

    @Test(arguments: [
        (["reason", "missing-alow"], "did you mean `missing-allow`?"),
        (["finding", "no-such"], "it is one of service-ended, not-subscribed"),
        (["schema", "denialgruop"], "did you mean `denialGroup`?"), (["recipe", "by-dya"], "did you mean `by-day`?"),
    ]) func `What is not there is answered with what is`(_ words: [String], _ answer: String) throws {
        let run = try Program.run(["help"] + words, in: "/")
        #expect(run.status == 64 && run.errors.contains(answer) && run.output.isEmpty, "\(run.errors)")
    }

    @Test func `Help for commands is as it was`() throws {
        let run = try Self.help("report")
        #expect(run.status == 0 && run.output.contains("USAGE: trail403 report"))
    }
}
