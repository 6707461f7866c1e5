import Foundation
import TestSupport
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

    @Test func `The quick form of errors by service gives what the view gives`() throws {
        guard let text = try section("SQL recipes") else { return }
        let quick = try #require(blocks(text, language: "sql").first { $0.contains("eventRow") })
        let plain = """
            SELECT eventSource, errorCode, count(*) AS errorCount FROM event
            WHERE errorCode IS NOT NULL GROUP BY eventSource, errorCode ORDER BY errorCount DESC LIMIT 20
            """
        func rows(_ query: String) throws -> [Substring] {
            let run = try Program.run(["sql", "--format", "csv", query], in: SQLTests.sample.get())
            #expect(run.status == 0, "\(run.errors)")
            return run.output.split(separator: "\r\n").sorted()
        }
        let expected = try rows(plain)
        #expect(try rows(quick) == expected && expected.count > 10)
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

    @Test(arguments: [[], ["analyze"], ["ingest"], ["report"], ["explain"], ["sql"], ["status"], ["prune"]])
    func `No line of a command's help is broken on a narrow terminal`(_ command: [String]) throws {
        let scratch = try ScratchFolder()
        func overview(width: String) throws -> Substring {
            let help = try Program.run(command + ["--help"], in: scratch.path, environment: ["COLUMNS": width]).output
            // The lines before it are the parser's to break.
            return help[(help.range(of: "\n\n")?.upperBound ?? help.startIndex)...].prefix(
                upTo: try #require(help.range(of: "USAGE:")).lowerBound)
        }
        #expect(try overview(width: "80") == overview(width: "200"))
        #expect(try overview(width: "80").contains("trail403"))
    }

    @Test(arguments: [
        ("--region", "us-west-1", "us-west-2"), ("--account", "111122223334", "111122223333"),
        ("--principal", "order-notifer", "order-notifier"),
        (
            "--principal", "arn:aws:iam::111122223333:role/messaging/order-notifer",
            "arn:aws:iam::111122223333:role/messaging/order-notifier"
        ),
        ("--action", "SendMesages", "SendMessages"),
        ("--action", "mobiletargeting:SendMesages", "mobiletargeting:SendMessages"),
    ]) func `A value that stands for nothing is answered with the one that was meant`(
        _ option: String, _ typed: String, _ meant: String
    ) throws {
        let run = try Program.run(["report", option, typed], in: SQLTests.sample.get())
        #expect(run.status == 0 && run.errors.contains("\(option) \(typed): did you mean `\(meant)`?"), "\(run.errors)")
        #expect(try Program.run(["report", option, meant], in: SQLTests.sample.get()).errors.isEmpty)
    }

    @Test(arguments: [("--service", "pinpoint"), ("--reason", "missing-allow:identity-based")])
    func `The shell is offered the words that an option takes`(_ option: String, _ word: String) throws {
        let scratch = try ScratchFolder()
        // What the completion scripts ask, which the argument parser answers.
        let offered = try Program.run(
            ["---completion", "report", "--", option, "3", "1", "trail403", "report", option, "p"],
            in: scratch.path)
        #expect(offered.status == 0 && offered.output.split(separator: "\n").contains(Substring(word)), "\(offered)")
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
