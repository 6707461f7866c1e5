import Foundation
import TestSupport
import Testing

#if os(Linux)
    /// How wide text is: `COLUMNS`, else the terminal's width, be it only that of standard error, else 100 columns.
    @Suite struct TerminalWidthTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var columns: String?
            /// The width of the terminal behind standard error; `nil` where that is a pipe, too.
            var terminal: UInt16?
            var width: Int
            var testDescription: String {
                "COLUMNS=\(columns ?? "none"), terminal \(terminal.map(String.init) ?? "none")"
            }
        }

        static let cases = [
            Case(columns: nil, terminal: nil, width: 100), Case(columns: "61", terminal: nil, width: 61),
            Case(columns: "61", terminal: 132, width: 61), Case(columns: nil, terminal: 132, width: 132),
            Case(columns: "wide", terminal: nil, width: 100), Case(columns: "0", terminal: 72, width: 72),
        ]

        @Test(arguments: cases) func `Piped text has a width`(_ row: Case) throws {
            let database = try SQLTests.sample.get() + "/trail403.sqlite"
            let process = Process()
            process.executableURL = Program.binary
            process.arguments = ["report", "--service", "all", "--database", database]
            var environment = ProcessInfo.processInfo.environment
            environment["COLUMNS"] = row.columns
            process.environment = environment
            let output = Pipe()
            process.standardOutput = output
            process.standardInput = FileHandle.nullDevice
            let terminal = try row.terminal.map { try PseudoTerminal(columns: $0, lines: 24) }
            process.standardError = terminal?.end ?? FileHandle.nullDevice
            try process.run()
            let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            // The widest of many paragraphs comes near the width; names that are longer than a line stand on lines of their own.
            let prose = text.split(separator: "\n").filter { $0.contains(". ") && !$0.contains("aws ") }.map(\.count)
            let widest = try #require(prose.filter { $0 <= row.width }.max())
            #expect((row.width - 6...row.width).contains(widest), "\(widest)")
        }
    }
#endif
