import Foundation

/// What is known of the terminal and of the user's wishes for it.
struct Terminal {
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool
    /// Columns: `COLUMNS`, else those of the terminal behind standard output, else of that behind standard error (what is piped is
    /// read on the same screen), else 100.
    var width: Int
    /// Lines of the terminal behind standard output; `nil` where there is none, or it does not know.
    var height: Int?
    /// Columns of the terminal behind standard output, however few or many; `nil` likewise.
    var columns: Int?
    /// Whether the environment speaks against colour: `NO_COLOR`, `TERM=dumb`.
    var refusesColor: Bool

    /// The process's own terminal.
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let output = size(ofTerminal: STDOUT_FILENO)
        let width = columns ?? output?.columns ?? size(ofTerminal: STDERR_FILENO)?.columns ?? 100
        return Terminal(
            isOutputTerminal: isatty(STDOUT_FILENO) == 1, isErrorTerminal: isatty(STDERR_FILENO) == 1,
            width: min(max(width, 40), 200), height: output?.lines, columns: output?.columns,
            refusesColor: !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb")
    }

    /// What to say behind a text that was shown and whose beginning, which is the answer, has scrolled away; `nil` where it has
    /// not, or nobody is at the terminal.
    func remark(behind text: String) -> String? {
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
        guard isOutputTerminal, isErrorTerminal, let height, lines >= height else { return nil }
        return "trail403: the answer is at the top of these \(decimal(lines)) lines: add `| less` to read from there"
    }

    /// The size of the terminal behind a descriptor; `nil` where there is none, or it does not know.
    private static func size(ofTerminal descriptor: Int32) -> (columns: Int, lines: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
