public import ArgumentParser
import Foundation
public import Reporting
import TrailStore

extension TableFormat: ExpressibleByArgument {}

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Runs SQL; the database is opened read-only.",
        discussion: """
            The views to ask are event, denial, denialGroup, permissionChange, logFile and
            ingestIssue; `trail403 help schema` lists their columns. The query comes from
            the argument, --file, --recipe or standard input; on a terminal without any of
            them there is a prompt with line editing and a history (by libedit or
            readline, where the system has one). A query may use SELECT with SQLite's own
            functions, and the PRAGMAs that only read.

            Examples:
              trail403 sql "SELECT principal, action, denials FROM denialGroup"
              trail403 sql --recipes
              trail403 sql --recipe principal --set principal=order-notifier
              trail403 sql --format csv "SELECT * FROM denial" > denials.csv
              echo "SELECT count(*) FROM event" | trail403 sql
              trail403 sql --file query.sql --format markdown --timeout 60
            """)

    @Argument(help: "One or more SQL statements.")
    var query: String?

    @Option(help: ArgumentHelp("Read the query from this file.", valueName: "file"), completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp("Run the query of this name: --recipes lists them.", valueName: "name"),
        completion: .list(Recipe.all.map(\.name)))
    var recipe: String?

    @Flag(help: "List the recipes: queries for common questions.")
    var recipes = false

    @Option(
        help: ArgumentHelp(
            "The value of :NAME in the query; may be repeated. A name without a value is NULL.", valueName: "name=value"
        ))
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "table, csv, json, jsonl or markdown (default: table on a terminal, else csv).", valueName: "format"))
    var format: TableFormat?

    @Option(help: ArgumentHelp("Stop after this many rows.", valueName: "rows"))
    var limit: Int?

    @Option(help: ArgumentHelp("Stop after this many seconds.", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup var pager: PagerOption
    @OptionGroup var database: DatabaseOption

    /// Ten years, in seconds.
    private static let maximumTimeout = 315_360_000.0

    mutating func validate() throws {
        guard [query, file, recipe].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("give the query once: as an argument, with --file or with --recipe")
        }
        if let recipe, Recipe.named(recipe) == nil { throw ValidationError(Prompt.unknownRecipe(recipe)) }
        for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
            throw ValidationError("--set takes NAME=VALUE, not `\(pair)`")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        if let timeout, !(timeout > 0 && timeout <= Self.maximumTimeout) {
            throw ValidationError("--timeout must be more than 0 and at most \(Int(Self.maximumTimeout))")
        }
    }

    func run() throws {
        if recipes { return try pager.write(Prompt.recipes) }
        let terminal = Terminal.current()
        ReadOnlyQuery.boundMemory()
        let connection = try ReadOnlyQuery(path: database.path)
        Output.remarks(connection.remarks)
        guard query == nil, file == nil, recipe == nil, isatty(STDIN_FILENO) == 1 else {
            return try run(sql(), connection, terminal, limit, format)
        }
        let tables = try tableNames(connection)
        let names = tables + Set(try tables.flatMap { try columnNames($0, connection) })
        var prompt = Prompt(limit: limit, names: names) { statement, limit, chosen in
            do {
                Signals.forget()
                try run(statement, connection, terminal, limit, chosen ?? format)
            } catch is ExitCode {
                // Ctrl-C ends the statement, not the prompt.
                Signals.forget()
                Output.error("stopped")
            }
        }
        try prompt.start(database.path)
    }

    private func run(
        _ statements: String, _ connection: ReadOnlyQuery, _ terminal: Terminal, _ limit: Int?, _ format: TableFormat?
    ) throws {
        Signals.watch()
        let deadline = timeout.map { ContinuousClock.now + .seconds($0) }
        let printer = RowPrinter(
            ResultTable(
                format: format ?? (terminal.isOutputTerminal ? .table : .csv),
                width: terminal.isOutputTerminal ? terminal.width : nil),
            limit: limit, output: PagedOutput(usesPager: !pager.noPager, terminal: terminal))
        do {
            try connection.run(
                statements, parameters: values, deadline: deadline, isCancelled: { Signals.arrived != nil },
                lastResort: ReadOnlyQuery.LastResort { reason, isTimeLimit in printer.giveUp(reason, isTimeLimit) },
                into: ReadOnlyQuery.Sink(columns: { try printer.begin($0) }, row: { try printer.add($0) }))
        } catch let error as QueryError {
            try printer.end()
            if let number = Signals.arrived { throw ExitCode(ExitStatus.signal(number)) }
            throw Failure(description: error.description + (try nearMiss(error, connection) ?? ""))
        }
        try printer.end()
        if printer.wasCut, let limit {
            Output.error("trail403: only the first \(decimal(limit)) rows are shown: raise --limit for more")
        }
        if printer.hasCutValues {
            Output.error(
                "trail403: values were cut to fit the terminal: --format csv, or .format csv at the prompt, shows them whole"
            )
        }
    }

    /// The values of the query's names.
    private var values: [String: String] {
        let pairs = set.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return Dictionary(pairs.map { ($0[0].hasPrefix(":") ? String($0[0].dropFirst()) : $0[0], $0[1]) }) { $1 }
    }

    /// The name that was probably meant where SQLite knows no such table or column.
    private func nearMiss(_ error: QueryError, _ connection: ReadOnlyQuery) throws -> String? {
        let kinds = ["no such table: ", "no such column: "]
        guard error.code == .invalid, let kind = kinds.first(where: { error.description.hasPrefix($0) }) else {
            return nil
        }
        // `g.principl` is a column of whatever `g` stands for.
        let name = error.description.dropFirst(kind.count).split(separator: ".").last.map(String.init) ?? ""
        let tables = try tableNames(connection)
        guard kind == kinds[1] else { return NearMiss.of(name, among: tables).map { ": did you mean `\($0)`?" } }
        let columns = try tables.map { (table: $0, names: try columnNames($0, connection)) }
        let owners = columns.filter { $0.names.contains { $0.lowercased() == name.lowercased() } }.map(\.table)
        if !owners.isEmpty {
            return ": `\(name)` is a column of \(owners.prefix(3).map { "`\($0)`" }.joined(separator: ", "))"
        }
        return NearMiss.of(name, among: columns.flatMap(\.names)).map { ": did you mean `\($0)`?" }
    }

    /// Views first: they are what is documented for users.
    private func tableNames(_ connection: ReadOnlyQuery) throws -> [String] {
        try firstTexts(
            """
            SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY type DESC
            """, 0, connection)
    }

    private func columnNames(_ table: String, _ connection: ReadOnlyQuery) throws -> [String] {
        try firstTexts("PRAGMA table_info(\(table))", 1, connection)
    }

    private func firstTexts(_ sql: String, _ column: Int, _ connection: ReadOnlyQuery) throws -> [String] {
        var texts: [String] = []
        try connection.run(
            sql,
            into: ReadOnlyQuery.Sink(
                columns: { _ in },
                row: { row in
                    if case .text(let text) = row[column] { texts.append(text) }
                    return true
                }))
        return texts
    }

    private func sql() throws -> String {
        if let query { return query }
        if let recipe = recipe.flatMap(Recipe.named) { return recipe.sql }
        if let file, file != "-" {
            do {
                return try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
            } catch {
                throw Failure(
                    description: "cannot read the query from `\(file)`: check that it is a readable file of UTF-8 text")
            }
        }
        return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
    }
}

/// Prints rows as they come, in pieces of some size.
///
/// Not to be used from two threads at a time: ``giveUp(_:_:)`` is called while the query's own is inside of SQLite.
private final class RowPrinter: @unchecked Sendable {
    private var table: ResultTable
    private let limit: Int?
    private let output: PagedOutput
    private var rows = 0
    private var pending = ""
    private(set) var wasCut = false
    private var isClosed = false

    var hasCutValues: Bool { table.hasCutValues }

    init(_ table: ResultTable, limit: Int?, output: PagedOutput) {
        self.table = table
        self.limit = limit
        self.output = output
    }

    func begin(_ columns: [String]) throws {
        rows = 0
        try write(table.begin(columns))
    }

    func add(_ row: [SQLValue]) throws -> Bool {
        if let limit, rows >= limit {
            wasCut = true
            return false
        }
        rows += 1
        try table.add(row) { try write($0) }
        return !isClosed
    }

    /// Prints the whole rows that are there, and ends the process: the query can be stopped in no other way.
    func giveUp(_ reason: String, _ isTimeLimit: Bool) {
        do {
            try end()
        } catch {
            // The output is as it is.
        }
        Output.error("trail403: \(reason)")
        _exit(isTimeLimit ? ExitStatus.failure : ExitStatus.signal(Signals.arrived ?? SIGTERM))
    }

    func end() throws {
        pending += table.end()
        try output.write(pending)
        try output.end()
        pending = ""
    }

    private func write(_ text: String) throws {
        pending += text
        if pending.utf8.count > 1 << 16 {
            if try !output.write(pending) { isClosed = true }
            pending = ""
        }
    }
}
