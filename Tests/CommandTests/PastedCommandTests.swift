import Foundation
import TestSupport
import Testing

/// The commands of reports on a hostile archive, taken from every format as a reader copies them, and pasted into a shell.
@Suite struct PastedCommandTests {
    private static let texts = [
        "plain", "-x", "--debug", "$(>pwned)", "a'; >pwned; '", "\"`>pwned`\"",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}x",
        "'\u{301};>pwned;'", "a\u{202E}b", "a\nb\n>pwned", "```\n>pwned\n", "<b>&amp;'\"", "x'''$(>pwned) #'''", "a|b",
        String(repeating: "n", count: 3_000), String(repeating: "$(>pwned) #x'''", count: 33), "file:///etc/passwd",
        "a,b;c=d",
    ]

    private static func record(
        _ id: Int, _ time: String, _ role: String, source: String, name: String, message: String? = nil,
        parameters: [String: Any] = [:]
    ) -> [String: Any] {
        var record = TestRecord(id: id, time: time, role: role, eventSource: source, eventName: name, message: message)
        record.isRefused = message != nil
        var object = record.object
        object["readOnly"] = false
        object["requestParameters"] = parameters
        return object
    }

    /// For each text: a role of this name that lost a policy, an object of this name that was refused, and a queue's policy that was
    /// changed by such a URL.
    private static let folder: Result<String, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "trail403-pasted-\(UUID().uuidString)"
        ).path
        try FileManager.default.createDirectory(atPath: folder + "/logs", withIntermediateDirectories: true)
        var records: [[String: Any]] = []
        for (index, text) in texts.enumerated() {
            func add(
                _ time: String, _ role: String, source: String, name: String, message: String? = nil,
                parameters: [String: Any] = [:]
            ) {
                records.append(
                    record(
                        records.count + 1, time, role, source: source, name: name, message: message,
                        parameters: parameters))
            }
            let session = "arn:aws:sts::111122223333:assumed-role/\(text)/i-0abc"
            let project = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/0a1b2c3d4e5f"
            add("2026-11-09T08:00:00Z", text, source: "pinpoint.amazonaws.com", name: "GetApp")
            add(
                "2026-11-09T09:00:00Z", "admin", source: "iam.amazonaws.com", name: "DetachRolePolicy",
                parameters: ["roleName": text, "policyArn": "arn:aws:iam::111122223333:policy/\(text)"])
            add(
                "2026-11-09T09:30:00Z", text, source: "pinpoint.amazonaws.com", name: "GetApp",
                message:
                    "User: \(session) is not authorized to perform: mobiletargeting:GetApp on resource: \(project) because no identity-based policy allows the mobiletargeting:GetApp action"
            )
            add(
                "2026-11-09T09:40:00Z", "reader-\(index)", source: "s3.amazonaws.com", name: "GetObject",
                message:
                    "User: arn:aws:sts::111122223333:assumed-role/reader-\(index)/i-0abc is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::bucket/\(text)\"",
                parameters: ["bucketName": "bucket", "key": text])
            let queue = "arn:aws:sqs:us-east-1:111122223333:queue-\(index)"
            add(
                "2026-11-09T08:00:00Z", "sender-\(index)", source: "sqs.amazonaws.com", name: "SendMessage",
                parameters: ["queueUrl": "https://evil.example/\(text)/queue-\(index)"])
            add(
                "2026-11-09T09:00:00Z", "admin", source: "sqs.amazonaws.com", name: "SetQueueAttributes",
                parameters: [
                    "queueUrl": "https://evil.example/\(text)/queue-\(index)",
                    "attributes": ["Policy": "{\"Statement\":[]}"],
                ])
            add(
                "2026-11-09T09:50:00Z", "sender-\(index)", source: "sqs.amazonaws.com", name: "SendMessage",
                message:
                    "User: arn:aws:sts::111122223333:assumed-role/sender-\(index)/i-0abc is not authorized to perform: sqs:SendMessage on resource: \(queue) because no resource-based policy allows the sqs:SendMessage action",
                parameters: ["queueUrl": "https://evil.example/\(text)/queue-\(index)"])
        }
        let file = try JSONSerialization.data(withJSONObject: ["Records": records], options: [.sortedKeys])
        try file.write(to: URL(fileURLWithPath: folder + "/logs/evil.json"))
        let run = try Program.run(["ingest", "logs"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        return folder
    }

    /// A report on the archive.
    private static func report(_ format: String, _ options: [String] = [], columns: Int = 100) throws -> String {
        let groups = ["text", "markdown", "html"].contains(format) ? ["--groups", "all"] : []
        let run = try Program.run(
            ["report", "--service", "all", "--format", format] + groups + options, in: folder.get(),
            environment: ["COLUMNS": "\(columns)"])
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        return run.output
    }

    private struct Groups: Decodable {
        struct Group: Decodable {
            struct Cause: Decodable { var remedy: Remedy }
            struct Remedy: Decodable {
                var text: String
                var commands: [String]
            }
            var id: String
            var rootCause: Cause
        }
        var groups: [Group]
    }

    private static func groups(_ options: [String] = []) throws -> [Groups.Group] {
        try JSONDecoder().decode(Groups.self, from: Data(report("json", options).utf8)).groups
    }

    /// Commands of text for a terminal: what stands behind a prompt.
    private static func prompted(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("$ ") }.map {
            String($0.dropFirst(2))
        }
    }

    /// Commands of Markdown: the lines of its shell blocks, and code spans with a command that is whole.
    private static func fenced(_ text: String) -> [String] {
        var commands: [String] = []
        var fence: Substring?
        var isShell = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = fence {
                if line == open { fence = nil } else if isShell { commands.append(String(line)) }
            } else if line.hasPrefix("```") {
                fence = line.prefix { $0 == "`" }
                isShell = line.hasSuffix("sh")
            }
        }
        #expect(fence == nil)
        return commands
    }

    /// Commands of a page: the lines of its code blocks.
    private static func coded(_ page: String) -> [String] {
        page.components(separatedBy: "<code>").dropFirst().flatMap { part -> [String] in
            var text = part.components(separatedBy: "</code>")[0]
            for (entity, character) in [
                ("&#10;", "\n"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
            ] {
                text = text.replacingOccurrences(of: entity, with: character)
            }
            return text.split(separator: "\n").map(String.init)
        }.filter { $0.hasPrefix("aws ") && $0.contains(" --") && !$0.contains("…") }
    }

    /// Commands of CSV: its last column but two.
    private static func celled(_ text: String) -> [String] {
        var rows: [[String]] = [[""]]
        var isQuoted = false
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { last = scalar }
            switch (scalar, isQuoted) {
            case ("\"", _):
                if last == "\"", !isQuoted { rows[rows.count - 1][rows[rows.count - 1].count - 1] += "\"" }
                isQuoted.toggle()
            case (",", false): rows[rows.count - 1].append("")
            case ("\r", false): break
            case ("\n", false): rows.append([""])
            default: rows[rows.count - 1][rows[rows.count - 1].count - 1].unicodeScalars.append(scalar)
            }
        }
        guard let column = rows[0].firstIndex(of: "commands") else { return [] }
        return rows.dropFirst().filter { $0.count > column }.map { $0[column] }.filter { !$0.isEmpty }
    }

    private static func pasted(_ lines: [String]) throws -> Set<[String]> {
        Set(try Shell.paste(Array(Set(lines)).sorted(), into: "/bin/bash"))
    }

    @Test func `Every format gives a shell the same words, and nothing else runs`() throws {
        let groups = try Self.groups()
        let lines = groups.flatMap(\.rootCause.remedy.commands)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && $0.utf8.count <= 2_048 })
        let words = try Self.pasted(lines)
        #expect(words.count > 50)
        for columns in [40, 200] {
            #expect(try Self.pasted(Self.prompted(Self.report("text", columns: columns))) == words)
        }
        #expect(try Self.pasted(Self.coded(Self.report("html"))) == words)
        #expect(try Self.pasted(Self.celled(Self.report("csv"))) == words)
        // GitHub takes only so much of them at once.
        let markdown = try Self.pasted(
            ["mobiletargeting:*", "s3:*"].flatMap { try Self.fenced(Self.report("markdown", ["--action", $0])) })
        #expect(markdown.count > 10 && markdown.isSubset(of: words))
    }

    @Test func `Names reach the program as they are, and what cannot is said`() throws {
        let groups = try Self.groups()
        let words = try Self.pasted(groups.flatMap(\.rootCause.remedy.commands))
        let values = Set(words.flatMap(\.self))
        for text in Self.texts where text.utf8.count < 1_000 {
            let isNamed = values.contains(text) || values.contains("--role-name=\(text)")
            #expect(isNamed == !text.hasPrefix("file:"), "\(text)")
            if text != "file:///etc/passwd" {
                #expect(values.contains("arn:aws:iam::111122223333:policy/\(text)"), "\(text)")
            }
        }
        #expect(!values.contains { $0.contains("evil.example") })
        let notes = groups.map(\.rootCause.remedy.text).filter { $0.contains("is left out, because") }
        #expect(notes.contains { $0.contains("cannot be pasted everywhere") })
        // A queue that a change named by such a URL is asked for by the one that its ARN makes.
        let queues = groups.flatMap(\.rootCause.remedy.commands).filter { $0.contains("get-queue-attributes") }
        #expect(queues.allSatisfy { $0.contains("--queue-url https://sqs.us-east-1.amazonaws.com/") }, "\(queues)")
    }

    @Test func `A redacted report's commands are commands as well`() throws {
        let lines = try Self.groups(["--redact"]).flatMap(\.rootCause.remedy.commands)
        let words = try Self.pasted(lines)
        #expect(words.count > 20)
        #expect(try Self.pasted(Self.prompted(Self.report("text", ["--redact"], columns: 40))) == words)
        #expect(!words.contains { $0.contains { $0.contains("pwned") || $0.contains("nnnn") } })
    }

    @Test func `The page of one case shows them as well`() throws {
        struct Page: Decodable {
            struct Item: Decodable { var commands: [String] }
            var group: Groups.Group
            var checklist: [Item]
        }
        let groups = try Self.groups()
        for group in groups.filter({ !$0.rootCause.remedy.commands.isEmpty }).prefix(8) {
            let arguments = ["explain", group.id]
            let text = try Program.run(arguments, in: Self.folder.get(), environment: ["COLUMNS": "40"]).output
            let json = try Program.run(arguments + ["--format", "json"], in: Self.folder.get()).output
            let page = try JSONDecoder().decode(Page.self, from: Data(json.utf8))
            let told = page.group.rootCause.remedy.commands + page.checklist.flatMap(\.commands)
            let shown = try Self.pasted(Self.prompted(text))
            #expect(try Self.pasted(page.group.rootCause.remedy.commands).isSubset(of: shown))
            #expect(try shown.isSubset(of: Self.pasted(told)))
        }
    }
}
