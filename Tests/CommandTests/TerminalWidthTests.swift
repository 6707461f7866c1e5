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

        @Test(arguments: [
            ("report", 24, true), ("report", 5_000, false), ("explain", 24, true), ("explain", 500, false),
        ])
        func `What scrolls away is told of on a terminal`(command: String, lines: UInt16, isTold: Bool) throws {
            let database = try SQLTests.sample.get() + "/trail403.sqlite"
            let process = Process()
            process.executableURL = Program.binary
            process.arguments = [command] + (command == "explain" ? ["6fdb0ac76ced"] : []) + ["--database", database]
            let terminal = try PseudoTerminal(columns: 80, lines: lines)
            process.standardOutput = terminal.end
            process.standardError = terminal.end
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let text = try terminal.readToEnd()
            process.waitUntilExit()
            let shown = text.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast()
            let remark = "trail403: the answer is at the top of these \(decimal(shown.count - 1)) lines: add `| less`"
            #expect(shown.last?.hasPrefix(remark) == isTold, "\(shown.last ?? "")")
        }

        private func decimal(_ number: Int) -> String {
            number < 1000 ? "\(number)" : "\(number / 1000),\(String(number % 1000 + 1000).dropFirst())"
        }
    }

    /// A new terminal: the end that a program writes to, and what it shows.
    private struct PseudoTerminal {
        let end: FileHandle
        private let main: FileHandle

        init(columns: UInt16, lines: UInt16) throws {
            main = FileHandle(fileDescriptor: open("/dev/ptmx", O_RDWR | O_NOCTTY), closeOnDealloc: true)
            // pty(7), ioctl_tty(2): unlock the terminal and ask for its number; Glibc's own functions are not imported.
            var (lock, number): (Int32, UInt32) = (0, 0)
            let isUnlocked =
                ioctl(main.fileDescriptor, 0x4004_5431, &lock) == 0
                && ioctl(main.fileDescriptor, 0x8004_5430, &number) == 0
            try #require(isUnlocked)
            end = FileHandle(fileDescriptor: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY), closeOnDealloc: true)
            try #require(end.fileDescriptor >= 0)
            var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            let isSet = ioctl(end.fileDescriptor, UInt(TIOCSWINSZ), &size) == 0
            try #require(isSet)
        }

        /// What programs show until the last of them has closed its end; call it once they have theirs.
        func readToEnd() throws -> String {
            try end.close()
            var shown: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(main.fileDescriptor, &buffer, buffer.count)
                // EIO: nobody has the other end any more.
                guard count > 0 else { return String(decoding: shown, as: UTF8.self) }
                shown += buffer[..<count]
            }
        }
    }
#endif
