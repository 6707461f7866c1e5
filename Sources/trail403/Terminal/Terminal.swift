import Foundation

/// What is known of the terminal and of the user's wishes for it.
struct Terminal {
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool
    /// Columns: `COLUMNS`, else those of the terminal behind standard output, else of that behind standard error (what is piped is
    /// read on the same screen), else 100.
    var width: Int
    /// Whether the environment speaks against colour: `NO_COLOR`, `TERM=dumb`.
    var refusesColor: Bool

    /// The process's own terminal.
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
        let columns = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let width = columns ?? columnsOfTerminal(STDOUT_FILENO) ?? columnsOfTerminal(STDERR_FILENO) ?? 100
        return Terminal(
            isOutputTerminal: isatty(STDOUT_FILENO) == 1, isErrorTerminal: isatty(STDERR_FILENO) == 1,
            width: min(max(width, 40), 200),
            refusesColor: !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb")
    }

    /// The columns of the terminal behind a descriptor; `nil` where there is none, or it does not know.
    private static func columnsOfTerminal(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
