import Foundation
import Reporting

/// A prompt for SQL on a terminal: reads statements line by line up to a semicolon and hands each to ``SQLCommand``'s own query,
/// so that whatever that refuses is refused here.
struct Prompt {
    /// The user's limit of rows.
    var limit: Int?
    /// Runs one statement, at most so many rows of it.
    var run: (_ statement: String, _ limit: Int?) throws -> Void

    private static let help = """
        Statements end with a semicolon and only read. Ctrl-C stops one, Ctrl-D or .quit ends.
          .tables         the tables and views
          .schema NAME    the columns of one
          .help           this
        """

    /// Reads until the end of the input or `.quit`; what goes wrong is told, and the prompt goes on.
    func start(_ path: String) throws {
        Output.error("SQL on \(path), for reading only: .help tells more, .quit ends")
        var pending = ""
        while true {
            Output.errorText(pending.isEmpty ? "trail403> " : "     ...> ")
            guard let line = readLine(strippingNewline: true) else { break }
            let word = line.trimmingCharacters(in: .whitespaces)
            if pending.isEmpty, word.hasPrefix(".") {
                guard try command(word) else { return }
                continue
            }
            pending += pending.isEmpty ? line : "\n" + line
            guard word.hasSuffix(";") else {
                if pending.trimmingCharacters(in: .whitespaces).isEmpty { pending = "" }
                continue
            }
            try tell { try run(pending, limit) }
            pending = ""
        }
        Output.errorText("\n")
        if !pending.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty { try tell { try run(pending, limit) } }
    }

    /// Carries out a command of the prompt's own; false ends it.
    private func command(_ line: String) throws -> Bool {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        switch words[0] {
        case ".quit", ".exit", ".q": return false
        case ".tables":
            try tell {
                try run(
                    "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type DESC, name;",
                    nil)
            }
        case ".schema" where words.count == 2:
            try tell { try run("PRAGMA table_info('\(words[1].replacing("'", with: "''"))');", nil) }
        default: Output.errorText(Self.help + "\n")
        }
        return true
    }

    private func tell(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            Output.error(failure.description)
        }
    }
}
