import Foundation
import TestSupport
import Testing

#if os(Linux)
    /// On a terminal a report is one screen: the answer, the other incidents as far as they fit, and how to see more.
    @Suite struct FirstScreenTests {
        struct Size: Sendable, CustomTestStringConvertible {
            var columns: UInt16
            var lines: UInt16
            var testDescription: String { "\(columns) × \(lines)" }
        }

        static let sizes = [
            Size(columns: 80, lines: 24), Size(columns: 120, lines: 40), Size(columns: 200, lines: 50),
            Size(columns: 40, lines: 24), Size(columns: 100, lines: 12), Size(columns: 80, lines: 200),
        ]

        /// Rows that lines take on a terminal, without colours.
        private func rows(_ text: String, _ columns: Int) -> Int {
            let plain = text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
            var lines = plain.split(separator: "\r\n", omittingEmptySubsequences: false)
            if lines.last?.isEmpty ?? false { lines.removeLast() }
            return lines.reduce(0) { $0 + max(1, ($1.count - 1) / columns + 1) }
        }

        @Test(arguments: sizes) func `A report fits the screen`(_ size: Size) throws {
            for options in [[], ["--service", "all"], ["--from", "2030-01-01"], ["--service", "kms"]] {
                let (text, status) = try PagerTests.show(
                    ["report"] + options, columns: size.columns, lines: size.lines,
                    environment: ["PAGER": "sed 's/^/>/'"])
                #expect(status == 0)
                // Twelve lines are the least; narrow ones wrap what cannot be broken.
                let room = max(Int(size.lines), size.columns < 60 ? 30 : 13)
                #expect(rows(text, Int(size.columns)) < room, "\(options) \(text)")
            }
        }

        @Test func `The first screen leads with an incident and its command, and says how to see more`() throws {
            #expect(try PagerTests.show(["report"], columns: 120, lines: 40).text.contains("\u{1B}["))
            let plain = try PagerTests.show(["report"], columns: 120, lines: 40, environment: ["NO_COLOR": "1"]).text
            #expect(!plain.contains("\u{1B}["))
            for words in [
                "Who ", "Why ", "Fix ", "$ aws ", "State", "Cause", "trail403 explain 2 --database", "--groups all",
            ] {
                #expect(plain.contains(words), "\(words) \(plain)")
            }
            // The rows of the table are one line each, number by number.
            let table = plain.split(separator: "\r\n").drop { !$0.contains("State") }
            let numbers = table.compactMap { line in
                Int(line.split(separator: " ").first ?? "").flatMap { $0 > 1 ? $0 : nil }
            }
            #expect(numbers.count > 5 && numbers == Array(2..<(2 + numbers.count)), "\(numbers)")
        }

        @Test func `A number means what the last report showed`() throws {
            let home = try ScratchFolder()
            let environment = ["HOME": home.path, "XDG_STATE_HOME": "", "PAGER": "cat"]
            func heads(_ arguments: [String]) throws -> String {
                try PagerTests.show(arguments, columns: 200, lines: 50, environment: environment).text
                    .replacing(#/\u{1B}\[[0-9;]*m/#, with: "").replacing("\r\n", with: "\n")
            }
            let all = try heads(["report", "--service", "all", "--groups", "3"])
            let id = try #require(all.firstMatch(of: #/\n2(?:\.1)?\. .*\[([0-9a-f]{12})\]/#)).1
            #expect(try heads(["explain", "2"]).contains("[\(id)]"))
            #expect(try heads(["explain", "31337"]).contains("nothing here is called `31337`"))
            // Without a memory the plain report counts.
            try FileManager.default.removeItem(atPath: home.path(".local"))
            #expect(try heads(["explain", "1"]).contains("[6fdb0ac76ced]"))
        }

        @Test(arguments: [
            "6fdb0ac76ced", "6fdb", "arn:aws:iam::111122223333:role/messaging/order-notifier",
            "arn:aws:mobiletargeting:us-east-1:111122223333:apps/d16b945aa35477c5b06e47f3c558f988/messages",
        ]) func `A case has many names`(_ name: String) throws {
            let run = try Program.run(["explain", name], in: SQLTests.sample.get())
            let isFound = run.status == 0 && run.output.contains("order-notifier")
            let isChoice = run.status == 64 && run.errors.contains("6fdb0ac76ced")
            #expect(isFound || isChoice, "\(run.errors)")
        }

        @Test func `A request id names its event`() throws {
            let folder = try SQLTests.sample.get()
            let query =
                "SELECT requestID, eventID FROM event WHERE errorCode IS NOT NULL AND requestID IS NOT NULL LIMIT 1"
            let row = try Program.run(["sql", query], in: folder).output.split(separator: "\r\n")[1].split(
                separator: ",")
            let run = try Program.run(["explain", String(row[0])], in: folder)
            #expect(run.status == 0 && run.output.contains(row[1]), "\(run.errors)")
        }
    }
#endif
