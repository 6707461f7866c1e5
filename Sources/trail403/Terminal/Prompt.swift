import Foundation
import TrailStore

/// A prompt for SQL: the `sqlite3` shell, which has a line editor and a history.
enum Prompt {
    /// Becomes `sqlite3` on the database; returns only by throwing.
    ///
    /// `-readonly -safe` refuse what ``ReadOnlyQuery`` refuses: every write, `ATTACH`, extensions, and the shell's own commands
    /// that reach other files.
    static func start(_ path: String) throws {
        try TrailDatabase.openForReading(path).close()
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let shell = folders.map { "\($0)/sqlite3" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let shell else {
            throw Failure(
                description:
                    "a prompt needs the program sqlite3, which is not installed: install it, or give a query as an argument, with --file, or on standard input",
                status: ExitStatus.usage)
        }
        Output.error(
            "sqlite3 on \(path), read-only: .tables lists tables and views, .schema NAME their columns, .quit ends")
        // A path that starts with a hyphen would be an option.
        let file = path.hasPrefix("-") ? "./\(path)" : path
        let words = ["sqlite3", "-readonly", "-safe", "-box", "-nullvalue", "NULL", file]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        execv(shell, arguments)
        throw Failure(description: "cannot start `\(shell)`: \(String(cString: strerror(errno)).lowercased())")
    }
}
