import Foundation
import Reporting
import TrailStore

/// A prompt for SQL on a terminal: reads statements line by line up to a semicolon and hands each to ``SQLCommand``'s own query,
/// so that whatever that refuses is refused here.
struct Prompt {
    /// The user's limit of rows.
    var limit: Int?
    /// Names of tables, views and columns, for Tab.
    var names: [String]
    /// Runs one statement: at most so many rows of it, in the format chosen here.
    var run: (_ statement: String, _ limit: Int?, _ format: TableFormat?) throws -> Void

    private var format: TableFormat?

    init(
        limit: Int?, names: [String],
        run: @escaping (_ statement: String, _ limit: Int?, _ format: TableFormat?) throws -> Void
    ) {
        self.limit = limit
        self.names = names
        self.run = run
    }

    private static let help = """
        Statements end with a semicolon and only read. Ctrl-C clears the line or stops a
        query, Ctrl-D or .quit ends.
          .tables          tables and views
          .schema [NAME]   columns of all views, or of one table or view
          .recipes         queries for common questions
          .recipe NAME     runs one of them
          .format NAME     table, csv, json, jsonl or markdown
          .help            this
        """

    private static let commands = [".tables", ".schema", ".recipes", ".recipe", ".format", ".help", ".quit"]

    private static let keywords = [
        "SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "JOIN", "COUNT", "DISTINCT", "LIKE", "BETWEEN",
        "HAVING",
        "DESC", "NOT NULL", "WITH", "UNION ALL",
    ]

    /// Reads until the end of the input or `.quit`; what goes wrong is told, and the prompt goes on.
    mutating func start(_ path: String) throws {
        Output.error("SQL on \(path), read-only. .help shows what you can type, .quit ends.")
        var reader = reader()
        var pending = ""
        while true {
            Signals.forget()
            Signals.watch()
            let line: String
            switch reader.read(pending.isEmpty ? "trail403> " : "     ...> ") {
            case .line(let typed): line = typed
            case .cleared:
                pending = ""
                continue
            case .end:
                let isLeft = !pending.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
                if isLeft { try tell { try run(pending, limit, format) } }
                return
            }
            reader.remember(line)
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
            try tell { try run(pending, limit, format) }
            pending = ""
        }
    }

    /// What reads the lines: with editing where both ends are a terminal that can move its cursor and the system has a library.
    private func reader() -> any LineReader {
        let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
        guard isatty(STDOUT_FILENO) == 1, !kind.isEmpty, kind != "dumb", let library = EditingLibrary.shared else {
            return PlainLineReader()
        }
        return EditedLineReader(
            library, completing: names + Self.keywords + Self.commands + Recipe.all.map(\.name),
            historyFile: StateFolder.file("sql_history"))
    }

    /// Carries out a command of the prompt's own; false ends it.
    private mutating func command(_ line: String) throws -> Bool {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init)
        let argument = words.count == 2 ? words[1].trimmingCharacters(in: .whitespaces) : nil
        switch (words[0], argument) {
        case (".quit", _), (".exit", _), (".q", _): return false
        case (".tables", _): try tell { try run(Self.tables, nil, nil) }
        case (".schema", nil): try tell { try run(Self.schema(of: nil), nil, nil) }
        case (".schema", let name?): try tell { try run(Self.schema(of: name), nil, nil) }
        case (".recipes", _): Output.errorText(Self.recipes)
        case (".recipe", let name?):
            if let recipe = Recipe.named(name) {
                Output.errorText(recipe.sql + ";\n")
                try tell { try run(recipe.sql, limit, format) }
            } else {
                Output.error(Self.unknownRecipe(name))
            }
        case (".format", let name?):
            if let chosen = TableFormat(rawValue: name) {
                format = chosen
            } else {
                Output.error("no format is called `\(name)`: table, csv, json, jsonl or markdown")
            }
        case (".help", _), (".recipe", nil), (".format", nil): Output.errorText(Self.help + "\n")
        default:
            let near = NearMiss.of(words[0], among: Self.commands).map { "did you mean `\($0)`?" }
            Output.error("no command is called `\(words[0])`: \(near ?? ".help lists them")")
        }
        return true
    }

    private static let tables =
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY type DESC, name;"

    private static func schema(of name: String?) -> String {
        guard let name else {
            return """
                SELECT v.name AS "view", group_concat(c.name, ', ') AS columns FROM sqlite_master v, pragma_table_info(v.name) c
                WHERE v.type = 'view' GROUP BY v.name ORDER BY v.name;
                """
        }
        return "SELECT name, type FROM pragma_table_info('\(name.replacing("'", with: "''"))');"
    }

    /// The recipes' names and titles, a line each.
    static var recipes: String {
        let width = Recipe.all.map(\.name.count).max() ?? 0
        return Recipe.all.map { recipe in
            let padding = String(repeating: " ", count: width - recipe.name.count + 2)
            let values = recipe.parameters.map { "--set \($0)=…" }.joined(separator: " ")
            return "\(recipe.name)\(padding)\(recipe.title)\(values.isEmpty ? "" : " (\(values))")\n"
        }.joined()
    }

    /// What to say where no recipe has a name.
    static func unknownRecipe(_ name: String) -> String {
        let near = NearMiss.of(name, among: Recipe.all.map(\.name)).map { "did you mean `\($0)`?" }
        return "no recipe is called `\(name)`: \(near ?? "`trail403 sql --recipes` lists them")"
    }

    private func tell(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as Failure {
            Output.error(failure.description)
        }
    }
}
