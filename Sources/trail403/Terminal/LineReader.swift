import Foundation

/// Reads lines that a user types at a terminal.
protocol LineReader {
    /// Shows the prompt and reads one line.
    mutating func read(_ prompt: String) -> TypedLine
    /// Remembers a line, so that it can be called back; what cannot be remembered is no fault of the line's.
    mutating func remember(_ line: String)
}

/// What came of waiting for a line.
enum TypedLine {
    case line(String)
    /// Ctrl-C: what stood in the line is gone.
    case cleared
    /// Ctrl-D, or the end of the input.
    case end
}

/// Waits until there is something to read on standard input; false where Ctrl-C came first.
func waitForInput() -> Bool {
    while Signals.arrived == nil {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        // Short waits: a signal that comes between the look at it and the call would else be seen with the next key only.
        if poll(&input, 1, 200) > 0 { return true }
    }
    return false
}

/// Lines as the terminal itself edits them: rubbed out with Backspace, no history.
struct PlainLineReader: LineReader {
    /// Bytes behind the line that was read last.
    private var pending: [UInt8] = []

    mutating func read(_ prompt: String) -> TypedLine {
        Output.errorText(prompt)
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return .line(line)
            }
            guard waitForInput() else {
                Signals.forget()
                pending = []
                Output.errorText("\n")
                return .cleared
            }
            var buffer = [UInt8](repeating: 0, count: 1 << 12)
            let count = Foundation.read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0 {
                pending += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                defer { pending = [] }
                return pending.isEmpty ? .end : .line(String(decoding: pending, as: UTF8.self))
            }
        }
    }

    mutating func remember(_ line: String) {}
}
