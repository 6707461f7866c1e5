import Foundation
import TestSupport
import Testing

#if os(Linux)
    /// Text that is longer than the screen goes through the user's pager; what is piped, or fits, does not.
    @Suite struct PagerTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var command: [String]
            var lines: UInt16 = 24
            var environment: [String: String] = [:]
            /// Whether the pager is to show the text.
            var isPaged: Bool
            var testDescription: String { "\(command) \(lines) \(environment)" }
        }

        static let cases = [
            Case(command: ["explain", "6fdb0ac76ced"], isPaged: true),
            Case(command: ["report", "--groups", "all"], isPaged: true),
            Case(command: ["explain", "6fdb0ac76ced"], lines: 5_000, isPaged: false),
            Case(command: ["explain", "6fdb0ac76ced", "--no-pager"], isPaged: false),
            Case(command: ["explain", "6fdb0ac76ced"], environment: ["PAGER": ""], isPaged: false),
            Case(command: ["explain", "6fdb0ac76ced"], environment: ["PAGER": "cat"], isPaged: false),
            Case(command: ["explain", "6fdb0ac76ced"], environment: ["TERM": "dumb"], isPaged: false),
            Case(command: ["sql", "SELECT eventID FROM event LIMIT 2000"], isPaged: true),
            Case(command: ["sql", "SELECT eventID FROM event LIMIT 5"], isPaged: false),
            Case(command: ["status", "--files"], lines: 10, isPaged: true),
            Case(
                command: ["policies", "arn:aws:iam::111122223333:role/messaging/order-notifier"], lines: 5,
                isPaged: true),
        ]

        /// Runs the program on a terminal; what it shows there, and its exit status.
        static func show(
            _ arguments: [String], columns: UInt16 = 80, lines: UInt16 = 24, environment: [String: String] = [:]
        ) throws -> (text: String, status: Int32) {
            let process = Process()
            process.executableURL = Program.binary
            process.arguments = arguments + ["--database", try SQLTests.sample.get() + "/trail403.sqlite"]
            var variables = ProcessInfo.processInfo.environment
            variables["COLUMNS"] = nil
            variables["NO_COLOR"] = nil
            variables["TERM"] = "xterm"
            variables["SOURCE_DATE_EPOCH"] = "1795651200"
            process.environment = variables.merging(environment) { $1 }
            let terminal = try PseudoTerminal(columns: columns, lines: lines)
            process.standardOutput = terminal.end
            process.standardError = terminal.end
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let text = try terminal.readToEnd()
            process.waitUntilExit()
            return (text, process.terminationStatus)
        }

        @Test(arguments: cases) func `A pager is used where it is wanted and needed`(_ row: Case) throws {
            let environment = ["PAGER": "sed 's/^/>/'"].merging(row.environment) { $1 }
            let (text, status) = try Self.show(row.command, lines: row.lines, environment: environment)
            #expect(status == 0)
            let lines = text.split(separator: "\r\n").filter { !$0.hasPrefix("trail403: ") }
            #expect(lines.count > 3 && lines.allSatisfy { $0.hasPrefix(">") == row.isPaged }, "\(text.prefix(400))")
        }

        @Test func `A pager that cannot be run costs no text, and one that is quit no error`() throws {
            let missing = try Self.show(
                ["explain", "6fdb0ac76ced"], environment: ["PAGER": "no-such-pager -x", "NO_COLOR": "1"])
            #expect(
                missing.status == 0 && missing.text.contains("cannot be run: set PAGER"), "\(missing.text.suffix(300))")
            #expect(missing.text.contains("Who called"), "\(missing.text.suffix(300))")
            let quit = try Self.show(["sql", "SELECT * FROM event"], environment: ["PAGER": "head -n 2"])
            #expect(quit.status == 0 && quit.text.split(separator: "\r\n").count <= 3, "\(quit.text)")
        }

        @Test func `Colours reach the pager`() throws {
            let (text, _) = try Self.show(["explain", "6fdb0ac76ced"], environment: ["PAGER": "sed 's/^/>/'"])
            #expect(text.contains(">\u{1B}[1m"))
            let plain = try Self.show(["explain", "6fdb0ac76ced"], environment: ["PAGER": "cat", "NO_COLOR": "1"])
            #expect(!plain.text.contains("\u{1B}["))
        }
    }

    /// The prompt of `sql` as somebody types at it.
    @Suite struct PromptTests {
        /// A prompt on a terminal of its own.
        private struct Session {
            let terminal: PseudoTerminal
            let process = Process()

            init(_ environment: [String: String], home: String) throws {
                terminal = try PseudoTerminal(columns: 100, lines: 40)
                process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
                process.arguments = [
                    "--ctty", Program.binary.path, "sql", "--database", try SQLTests.sample.get() + "/trail403.sqlite",
                ]
                var variables = ProcessInfo.processInfo.environment
                variables["HOME"] = home
                variables["XDG_STATE_HOME"] = nil
                process.environment = variables.merging(environment) { $1 }
                process.standardInput = terminal.end
                process.standardOutput = terminal.end
                process.standardError = terminal.end
                try process.run()
            }
        }

        @Test(arguments: ["xterm", "dumb"])
        func `Ctrl-C clears the line, and what is typed then is answered`(_ kind: String) throws {
            guard FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid") else {
                print("skipped: a terminal for the prompt needs setsid")
                return
            }
            let home = try ScratchFolder()
            let session = try Session(["TERM": kind], home: home.path)
            let terminal = session.terminal
            #expect(terminal.read(until: "trail403> ").contains("read-only"))
            try terminal.type("SELECT nonsense")
            _ = terminal.read(until: "nonsense")
            try terminal.type("\u{3}")
            _ = terminal.read(until: "trail403> ")
            try terminal.type("SELECT 40\r")
            _ = terminal.read(until: "...> ")
            try terminal.type("+ 2;\r")
            let answer = terminal.read(until: "\n42")
            #expect(!answer.contains("nonsense") && answer.contains("42"), "\(answer)")
            try terminal.type(".recipe by-dya\r")
            #expect(terminal.read(until: "`by-day`").contains("did you mean `by-day`?"))
            try terminal.type(".quit\r")
            session.process.waitUntilExit()
            #expect(session.process.terminationStatus == 0)
            let history = home.path(".local/state/trail403/sql_history")
            if FileManager.default.fileExists(atPath: history) {
                let mode = try FileManager.default.attributesOfItem(atPath: history)[.posixPermissions] as? Int
                #expect(kind == "xterm" && mode == 0o600)
                #expect(try String(contentsOfFile: history, encoding: .utf8).contains("by-dya"))
            }
        }
    }
#endif
