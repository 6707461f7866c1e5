import Foundation
import Testing

/// Evil records, ingested once by the real binary, through every command and format.
@Suite struct HostileRecordTests {
    static let corpus = [
        "\u{1B}[31mred\u{1B}[0m\u{1B}]0;title\u{7}", "\u{9B}2J\u{85}\u{90}\u{0}", "a\u{202E}b\u{2066}c\u{2069}\u{200F}",
        "zero\u{200B}\u{FEFF}width\u{AD}", "line\nbreak\r\n| next | row |\n# heading", "\u{2028}\u{2029}\u{7F}",
        "<script>alert(1)</script><img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>' onmouseover='x",
        "</style></script></title><!--", "[link](javascript:alert(1)) ![x](https://evil.example/x.png) @user",
        "`` ` ``` code", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "'; DROP TABLE eventRow; --",
        "$(touch pwned) `touch pwned`", "{{{style}}} {{> prose}}", String(repeating: "A", count: 9000), "日本語 🙂🏽",
        "\u{E000}\u{10FFFF}\u{E0041}\u{3164}", "..%2f..%2f\\..\\x", "%s%n%x", "\"} 1e9\n# EOF\nevil{a=\"",
    ]

    static let folder: Result<String, any Error> = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("trail403-evil-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder + "/logs", withIntermediateDirectories: true)
        var records: [TestRecord] = []
        for (index, text) in corpus.enumerated() {
            for kind in 0..<4 {
                var record = TestRecord(id: index * 10 + kind)
                switch kind {
                case 0: record.role = text
                case 1: record.userAgent = text
                case 2: record.resource = "arn:aws:mobiletargeting:us-east-1:111122223333:apps/\(text)"
                default: record.message = text
                }
                records.append(record)
            }
        }
        try TestRecord.logFile(records).write(to: URL(fileURLWithPath: folder + "/logs/evil.json"))
        // Bytes that are no UTF-8, and a file whose name would clear the screen.
        var broken = try TestRecord.logFile([TestRecord(id: 9999, userAgent: "MARK")])
        if let range = broken.range(of: Data("MARK".utf8)) {
            broken.replaceSubrange(range, with: [0xFF, 0xC0, 0x80, 0xED])
        }
        try broken.write(to: URL(fileURLWithPath: folder + "/logs/\u{1B}[2Jbroken\u{202E}.json"))
        try Data("{\"Records\":[{\"eventID\":\"\u{1B}[31m".utf8).write(
            to: URL(fileURLWithPath: folder + "/logs/\u{1B}[31mcut.json"))
        return folder
    }

    /// Bytes and scalars that no output may hold, whatever the input.
    static func forbidden(_ output: String, carriageReturn: Bool = false) -> Set<Unicode.Scalar> {
        Set(
            output.unicodeScalars.filter { scalar in
                if scalar == "\n" || carriageReturn && scalar == "\r" { return false }
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                    return true
                default: return scalar.properties.isDefaultIgnorableCodePoint
                }
            })
    }

    struct Command: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var testDescription: String { arguments.joined(separator: " ") }
    }

    static let commands: [Command] = {
        var commands = [
            Command(arguments: ["ingest", "logs"]), Command(arguments: ["status"]),
            Command(arguments: ["status", "--format", "json"]),
        ]
        for format in ["text", "markdown", "html", "json", "csv", "openmetrics"] {
            commands.append(Command(arguments: ["report", "--service", "all", "--format", format]))
            commands.append(Command(arguments: ["report", "--service", "all", "--redact", "--format", format]))
        }
        for format in ["table", "csv", "json", "jsonl", "markdown"] {
            for view in ["event", "denial", "denialGroup", "ingestIssue", "logFile"] {
                commands.append(Command(arguments: ["sql", "--format", format, "SELECT * FROM \(view)"]))
            }
        }
        commands.append(Command(arguments: ["report", "--principal", "\u{1B}[31m", "--service", "x\u{1B}[2J"]))
        commands.append(Command(arguments: ["sql", "SELECT '\u{1B}[31m' FROM nothing\u{202E}"]))
        commands.append(Command(arguments: ["\u{1B}[31m"]))
        commands.append(Command(arguments: ["status", "--database", "no\u{1B}[2J"]))
        return commands
    }()

    private static let ingested: Result<Program.Result, any Error> = Result {
        try Program.run(["analyze", "logs"], in: folder.get())
    }

    @Test(arguments: commands) func `No output holds what could harm`(_ command: Command) throws {
        let folder = try Self.folder.get()
        let first = try Self.ingested.get()
        #expect(first.status == 2 && Self.forbidden(first.output + first.errors).isEmpty)
        let run = try Program.run(command.arguments, in: folder)
        let isCSV = command.arguments.contains("csv")
        #expect(Self.forbidden(run.output, carriageReturn: isCSV).isEmpty, "\(Self.forbidden(run.output))")
        #expect(Self.forbidden(run.errors).isEmpty, "\(Self.forbidden(run.errors)) \(run.errors)")
        if command.arguments.contains("html") {
            #expect(!run.output.contains("<script>alert") && !run.output.contains("<svg onload"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
    }
}
