import Foundation
import OrderedJSON
import TestSupport
import Testing

@testable import TrailStore

/// Queries by name: in the program, in the catalogue and in Datasette's metadata they are the same.
@Suite struct RecipeTests {
    @Test(arguments: Recipe.all) func `A recipe runs by its name, with and without values`(_ recipe: Recipe) throws {
        let folder = try SQLTests.sample.get()
        let run = try Program.run(["sql", "--recipe", recipe.name, "--format", "jsonl"], in: folder)
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        // Root does nothing in the sample; to all else it has an answer.
        #expect(run.output.isEmpty == (recipe.name == "athena-root"))
        let empty = recipe.parameters.flatMap { ["--set", "\($0)="] }
        #expect(
            try Program.run(["sql", "--recipe", recipe.name, "--format", "jsonl"] + empty, in: folder).output
                == run.output)
        let page = try Documentation.page("Recipes").text()
        #expect(page.contains("(`\(recipe.name)`)") && page.contains("```sql\n\(recipe.sql);\n```"))
        #expect(try Program.run(["sql", "--recipes"], in: folder).output.contains("\(recipe.name) "))
    }

    @Test func `A value reaches the query as a value`() throws {
        let folder = try SQLTests.sample.get()
        func principals(_ values: [String]) throws -> String {
            let query = "SELECT count(*) FROM denial WHERE principal LIKE '%' || :principal || '%'"
            return try Program.run(["sql", query] + values.flatMap { ["--set", $0] }, in: folder).output
        }
        #expect(try principals(["principal=order-notifier"]) == "count(*)\r\n432\r\n")
        #expect(try principals([":principal=order-notifier"]) == "count(*)\r\n432\r\n")
        #expect(try principals(["principal='; DELETE FROM event; --"]) == "count(*)\r\n0\r\n")
        #expect(try principals([]) == "count(*)\r\n0\r\n")
    }

    @Test(arguments: [
        (["--recipe", "most-refusd"], "did you mean `most-refused`?"),
        (["--recipe", "x"], "`trail403 sql --recipes` lists them"),
        (["--recipe", "by-day", "SELECT 1"], "give the query once"),
        (["--set", "principal", "SELECT 1"], "--set takes NAME=VALUE"),
    ]) func `What cannot be run is told`(_ arguments: [String], _ words: String) throws {
        let run = try Program.run(["sql"] + arguments, in: SQLTests.sample.get())
        #expect(run.status == 64 && run.errors.contains(words), "\(run.errors)")
    }

    /// What a view's or table's row is, for people who browse.
    private static let titles = [
        ("incident", "Incidents", "One row for each cause of denials, as the last report found it."),
        ("diagnosis", "Diagnoses", "One row for each denial group: why, and what to do."),
        ("denialGroup", "Who was refused what", "One row for each principal, action and reason."),
        ("denial", "Refused calls", "One row for each refused event."),
        ("permissionChange", "Changes of permissions", "One row for each successful change of permissions."),
        ("event", "All events", "One row for each event, refused or not."),
        ("session", "Sessions", "One row for each set of credentials that STS issued."),
        ("logFile", "Log files", "One row for each log file."),
        ("ingestIssue", "Skipped input", "One row for each thing that could not be read."),
        ("otherFile", "Files that are no log files", "One row for each file that was left out."),
    ]

    /// `UPDATE_GOLDEN=1` writes the file anew: after a new recipe, view or table.
    @Test func `Datasette shows the views with titles, hides the inner tables and has the recipes`() throws {
        let run = try Program.run(
            [
                "sql", "--format", "csv",
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY name",
            ], in: SQLTests.sample.get())
        let names = run.output.split(separator: "\r\n").dropFirst().map(String.init)
        #expect(names.count > 20 && Self.titles.allSatisfy { names.contains($0.0) })
        let shown: [JSONValue.Member] = Self.titles.map { name, title, description in
            .init(name, .members(("title", .string(title)), ("description", .string(description))))
        }
        let hidden: [JSONValue.Member] = names.filter { name in !Self.titles.contains { $0.0 == name } }
            .map { .init($0, .members(("hidden", .bool(true)))) }
        let queries: [JSONValue.Member] = Recipe.all.map {
            .init($0.name, .members(("title", .string($0.title)), ("sql", .string($0.sql))))
        }
        let metadata = JSONValue.members(
            ("title", .string("Refused AWS calls")),
            ("description", .string("A database of trail403: who was refused what, since when, and why.")),
            (
                "databases",
                .members(
                    (
                        "trail403",
                        .members(("tables", .object(shown + hidden)), ("queries", .object(queries)))
                    ))
            ))
        try expectGolden(
            metadata.prettyText() + "\n",
            in: Program.projectFolder.appendingPathComponent("Scripts/datasette/metadata.json"))
    }
}
