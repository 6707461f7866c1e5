import TestSupport
import Foundation
import Testing

/// README.md and the JSON schema say what the program does. Sections that README.md does not have yet are skipped with a word.
@Suite struct DocumentationTests {
    /// The text of a section of README.md, or `nil` with a word where there is none.
    private func section(_ title: String) throws -> String? {
        let file = Program.projectFolder.appendingPathComponent("README.md")
        guard FileManager.default.fileExists(atPath: file.path) else {
            print("skipped: there is no README.md")
            return nil
        }
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "## \(title)") else {
            print("skipped: README.md has no section \(title)")
            return nil
        }
        return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.joined(separator: "\n")
    }

    private func blocks(_ text: String, language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
    }

    @Test func `Every table, view and column is documented`() throws {
        guard let text = try section("The database") else { return }
        func column(_ index: Int, _ query: String) throws -> [String] {
            let run = try Program.run(["sql", "--format", "csv", query], in: SQLTests.sample.get())
            #expect(run.status == 0, "\(run.errors)")
            return run.output.split(separator: "\r\n").dropFirst().map { String($0.split(separator: ",")[index]) }
        }
        let tables = try column(
            0, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        var documented = 0
        for table in tables {
            let row = rows.first { $0.hasPrefix("| `\(table)` |") }
            for name in try column(1, "PRAGMA table_info(\(table))") {
                #expect(row?.contains("`\(name)`") == true, "\(table).\(name) is not documented")
                documented += 1
            }
        }
        #expect(documented > 100)
    }

    @Test func `Every recipe runs`() throws {
        guard let text = try section("SQL recipes") else { return }
        let recipes = blocks(text, language: "sql")
        #expect(recipes.count >= 12)
        for recipe in recipes {
            let run = try Program.run(["sql", "--format", "jsonl", recipe], in: SQLTests.sample.get())
            #expect(run.status == 0 && run.errors.isEmpty, "\(recipe): \(run.errors)")
        }
    }

    /// What `--experimental-dump-help` says.
    private struct ToolInfo: Decodable {
        struct Command: Decodable {
            var commandName: String
            var shouldDisplay: Bool
            var subcommands: [Command]?
            var arguments: [Argument]?
        }
        struct Argument: Decodable {
            struct Name: Decodable {
                var kind: String
                var name: String
            }
            var names: [Name]?
            var shouldDisplay: Bool
        }
        var command: Command
    }

    @Test func `Every command and flag is documented`() throws {
        guard let text = try section("Commands") else { return }
        let scratch = try ScratchFolder()
        let help = try Program.run(["--experimental-dump-help"], in: scratch.path)
        let info = try JSONDecoder().decode(ToolInfo.self, from: Data(help.output.utf8))
        for command in info.command.subcommands ?? [] where command.shouldDisplay && command.commandName != "help" {
            #expect(
                text.contains("`\(command.commandName)") || text.contains("trail403 \(command.commandName)"),
                "\(command.commandName)")
            for argument in command.arguments ?? [] where argument.shouldDisplay {
                for name in argument.names ?? [] where name.kind == "long" && !["help", "version"].contains(name.name) {
                    #expect(text.contains("--\(name.name)"), "\(command.commandName) --\(name.name) is not documented")
                }
            }
        }
    }

    @Test(arguments: ["", "analyze", "ingest", "report", "explain", "sql", "status", "prune"])
    func `Help fits a narrow terminal`(_ command: String) throws {
        let words = command.isEmpty ? ["--help"] : [command, "--help"]
        let help = try Program.run(words, in: Program.projectFolder.path, environment: ["COLUMNS": "200"])
        // The parser fits all else to the terminal itself.
        let discussion = help.output.components(separatedBy: "\nUSAGE:")[0].split(separator: "\n").dropFirst()
        #expect(discussion.count >= 3)
        for line in discussion { #expect(line.count <= 78, "\(line)") }
    }

    @Test func `Completions offer the words of an option`() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try Program.run(["--generate-completion-script", shell], in: Program.projectFolder.path).output
            for word in ["pinpoint", "kms", "service-control", "unstated", "denied,changes"] {
                #expect(script.contains(word), "\(shell): \(word)")
            }
        }
    }

    @Test func `A table or column that is not there has a near miss`() throws {
        for (query, hint) in [
            ("SELECT * FROM denialGroups", "no such table: denialGroups: did you mean `denialGroup`?"),
            ("SELECT evntTime FROM event", "no such column: evntTime: did you mean `eventTime`?"),
            ("SELECT e.errorcod FROM event e", "no such column: e.errorcod: did you mean `errorCode`?"),
            ("SELECT * FROM zzzzzzzzzz", "no such table: zzzzzzzzzz\n"),
        ] {
            let run = try Program.run(["sql", query], in: SQLTests.sample.get())
            #expect(run.status == 1 && run.errors.hasSuffix(hint.hasSuffix("\n") ? hint : hint + "\n"), "\(run.errors)")
        }
        let region = try Program.run(["report", "--region", "us-esat-1"], in: SQLTests.sample.get())
        #expect(region.status == 0 && region.errors.contains("did you mean `us-east-1`?"), "\(region.errors)")
    }

    /// What the argument parser's plugin makes of a command.
    private static let rawPage = """
        .\\" "Generated by swift-argument-parser"
        .Dd November 27, 2026
        .Dt TRAIL403.STATUS 1
        .Os
        .Sh NAME
        .Nm "trail403 status"
        .Nd "Tells what is in the database."
        .Sh SYNOPSIS
        .Nm
        .Op Fl -help
        .Sh "EXIT STATUS"
        .Ex -std
        .Sh "SEE ALSO"
        .Xr trail403.report 1 ,
        .Xr trail403.help 1 ,
        .Xr trail403.sql 1
        """

    @Test func `Man pages have the names that man knows and the README's exit statuses`() throws {
        let folder = try ScratchFolder()
        try folder.write("raw/trail403.status.1", Self.rawPage)
        try folder.write("raw/trail403.help.1", Self.rawPage)
        try folder.write("man/.keep", "")
        let script = Program.projectFolder.appendingPathComponent("Scripts/man-pages").path
        let run = try Program.run(script, ["raw", "man"], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path("man")).sorted()
                == [".keep", "trail403-status.1"])
        let page = try String(contentsOfFile: folder.path("man/trail403-status.1"), encoding: .utf8)
        for line in [
            ".Dt TRAIL403-STATUS 1", ".Nm trail403-status", ".Nm \"trail403 status\"", ".Xr trail403-report 1 ,",
            ".Xr trail403-sql 1", ".Xr trail403 1",
        ] {
            #expect(page.contains("\n\(line)\n"), "\(line)")
        }
        #expect(!page.contains("trail403.") && !page.contains("-std") && !page.contains("help 1"))
        let table = try #require(try section("Commands")).components(separatedBy: "| exit status | meaning |")[1]
        let statuses = table.matches(of: #/(?m)^\| ([0-9, ]+) \|/#).map { String($0.1) }
        #expect(statuses.count == 6)
        for status in statuses { #expect(page.contains("\n.It \(status)\n"), "\(status)") }
    }

    @Test func `Every command has help with examples, completions and a near miss`() throws {
        let scratch = try ScratchFolder()
        for command in ["analyze", "ingest", "report", "sql", "status", "prune"] {
            let help = try Program.run([command, "--help"], in: scratch.path)
            #expect(
                help.status == 0 && help.output.contains("Examples:") && help.output.contains("trail403 \(command)"))
        }
        for shell in ["bash", "zsh", "fish"] {
            let script = try Program.run(["--generate-completion-script", shell], in: scratch.path)
            #expect(script.status == 0 && script.output.contains("new-since-last"))
        }
        for (arguments, hint) in [
            (["reprot"], "did you mean `report`?"), (["report", "--formt", "json"], "Did you mean '--format'?"),
            (["report", "--service", "pinpiont"], "did you mean `pinpoint`"),
            (["report", "--reason", "missing-alow:identity-based"], "did you mean `missing-allow:identity-based`?"),
        ] {
            let run = try Program.run(arguments, in: scratch.path)
            #expect(run.status == 64 && run.errors.contains(hint), "\(run.errors)")
        }
        #expect(try Program.run(["--version"], in: scratch.path).output.hasPrefix("0."))
    }

    @Test func `The JSON report is what its schema says`() throws {
        let file = Program.projectFolder.appendingPathComponent("Sources/trail403/trail403.docc/report.schema.json")
        let schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let golden = Program.projectFolder.appendingPathComponent("Tests/ReportingTests/Golden")
        for name in ["report.json", "empty.json"] {
            let report = try JSONSerialization.jsonObject(with: Data(contentsOf: golden.appendingPathComponent(name)))
            #expect(Self.faults(report, schema, root: schema, at: name).isEmpty)
        }
        let run = try Program.run(["report", "--service", "all", "--format", "json"], in: SQLTests.sample.get())
        let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
        #expect(Self.faults(report, schema, root: schema, at: "report").isEmpty)
        #expect(!Self.faults(["schemaVersion": 2], schema, root: schema, at: "wrong").isEmpty)
    }

    /// Where a value is not what a schema says: the keywords that the schema uses, and no more. Keys that it does not know are
    /// faults here, so that the schema is kept complete.
    private static func faults(_ value: Any, _ schema: [String: Any], root: [String: Any], at path: String) -> [String]
    {
        if let reference = schema["$ref"] as? String, let definitions = root["$defs"] as? [String: Any],
            let target = definitions[String(reference.dropFirst("#/$defs/".count))] as? [String: Any]
        {
            return faults(value, target, root: root, at: path)
        }
        var faults: [String] = []
        if let options = schema["enum"] as? [Any], !options.contains(where: { "\($0)" == "\(value)" }) {
            faults.append("\(path): \(value) is no option")
        }
        let types = schema["type"].map { $0 as? [String] ?? [$0 as? String ?? ""] } ?? []
        let type =
            switch value {
            case is NSNull: "null"
            case is [String: Any]: "object"
            case is [Any]: "array"
            case is String: "string"
            default: "integer"
            }
        if !types.isEmpty, !types.contains(type) { faults.append("\(path): \(type) is none of \(types)") }
        if let object = value as? [String: Any], let properties = schema["properties"] as? [String: Any] {
            for key in schema["required"] as? [String] ?? [] where object[key] == nil {
                faults.append("\(path): no \(key)")
            }
            for (key, member) in object {
                guard let part = properties[key] as? [String: Any] else {
                    faults.append("\(path): \(key) is not in the schema")
                    continue
                }
                faults += Self.faults(member, part, root: root, at: "\(path).\(key)")
            }
        }
        if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, item) in array.enumerated() {
                faults += Self.faults(item, items, root: root, at: "\(path)[\(index)]")
            }
        }
        return faults
    }
}
