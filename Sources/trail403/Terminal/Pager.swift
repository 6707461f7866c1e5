import Foundation
import Reporting

/// The user's program for long text, run as git runs it: `PAGER`, else `less`, with `LESS=FRX` where the user has set nothing else.
final class Pager {
    private let process: pid_t
    private let input: Int32
    private var isOpen = true

    /// The command; `nil` where the user wants none (`PAGER` is empty or `cat`), where there is no `less`, or on a terminal that
    /// cannot move its cursor.
    static func command(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        guard let kind = environment["TERM"], !kind.isEmpty, kind != "dumb" else { return nil }
        if let wanted = environment["PAGER"] {
            let command = wanted.trimmingCharacters(in: .whitespaces)
            return command.isEmpty || command == "cat" ? nil : command
        }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { access("\($0)/less", X_OK) == 0 } ? "less" : nil
    }

    /// Starts a pager; `nil` where it cannot be started.
    init?(_ command: String) {
        var ends: [Int32] = [-1, -1]
        // Closed in the pager, but for the end that becomes its standard input: it would wait for its own input to end.
        guard pipe(&ends) == 0 else { return nil }
        defer { close(ends[0]) }
        do {
            guard ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else { throw SystemFault() }
            var variables: [String: String] = [:]
            let environment = ProcessInfo.processInfo.environment
            // F: no pager where one screen is enough; R: colours; X: the text stays on the screen.
            if environment["LESS"] == nil { variables["LESS"] = "FRX" }
            if environment["LV"] == nil { variables["LV"] = "-c" }
            process = try ShellChild.start(command, readingFrom: ends[0], leadsGroup: false, variables: variables)
            input = ends[1]
        } catch {
            close(ends[1])
            return nil
        }
        // Ctrl-C is the pager's: it stops a search, and must not leave it behind without its terminal.
        Signals.note()
    }

    /// Hands text over; gives false where the pager has been quit.
    func write(_ text: String) -> Bool {
        guard isOpen else { return false }
        do {
            try Output.write(Array(text.utf8), to: input)
        } catch {
            isOpen = false
        }
        return isOpen
    }

    /// Waits until the user has quit it.
    ///
    /// - Returns: whether it could be run at all: a shell that does not find a command ends with status 126 or 127.
    func end() -> Bool {
        close(input)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status & 0x7F == 0 else { return true }
        return ![126, 127].contains(status >> 8 & 0xFF)
    }
}

/// Standard output, through the pager from the moment when the text is longer than the screen; only on a terminal.
final class PagedOutput {
    private let rows: Int
    private let columns: Int
    private let command: String?
    /// Text that waits until it is known whether a pager is needed.
    private var waiting = ""
    private var pager: Pager?
    private var isClosed = false

    init(usesPager: Bool, terminal: Terminal = .current()) {
        command = usesPager && terminal.isOutputTerminal ? Pager.command() : nil
        rows = terminal.height ?? .max
        columns = terminal.columns ?? .max
    }

    /// Whether long text goes to a pager.
    var mayBePaged: Bool { command != nil }

    /// Writes text; gives false where nobody reads any more.
    @discardableResult
    func write(_ text: String) throws -> Bool {
        guard !isClosed else { return false }
        if let pager {
            isClosed = !pager.write(text)
        } else if let command {
            waiting += text
            // The prompt needs a line, too.
            guard TerminalWidth.rows(waiting, columns: columns) >= rows else { return true }
            pager = Pager(command)
            guard let pager else {
                isClosed = try !Output.write(waiting)
                return !isClosed
            }
            isClosed = !pager.write(waiting)
        } else {
            isClosed = try !Output.write(text)
        }
        return !isClosed
    }

    /// Writes what waits, and waits for the user to quit the pager.
    func end() throws {
        defer { waiting = "" }
        guard let pager else {
            try Output.write(waiting)
            return
        }
        self.pager = nil
        let hasRun = pager.end()
        if !hasRun {
            Output.error("trail403: the pager `\(command ?? "")` cannot be run: set PAGER, or give --no-pager")
            try Output.write(waiting)
        }
    }
}
