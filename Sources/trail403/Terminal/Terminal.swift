import Foundation

/// What is known of the terminal and of the user's wishes for it.
struct Terminal {
    var isOutputTerminal: Bool
    var isErrorTerminal: Bool
    /// Columns; 100 where nothing is known.
    var width: Int
    /// Whether the environment speaks against colour: `NO_COLOR`, `TERM=dumb`.
    var refusesColor: Bool

    /// The process's own terminal.
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
        var size = winsize()
        var width = 100
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 {
            width = columns
        } else if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            width = Int(size.ws_col)
        }
        return Terminal(
            isOutputTerminal: isatty(STDOUT_FILENO) == 1, isErrorTerminal: isatty(STDERR_FILENO) == 1,
            width: min(max(width, 40), 200),
            refusesColor: !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb")
    }
}
