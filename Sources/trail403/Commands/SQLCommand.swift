public import ArgumentParser
import Foundation
public import Reporting
import TrailStore

extension TableFormat: ExpressibleByArgument {}

struct SQLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Answers a question in SQL; the database is opened for reading only.",
        discussion: """
            The tables and views are those of the README: event, denial, denialGroup,
            permissionChange, logFile, ingestIssue. The query comes from the argument,
            from --file, or from standard input; without any on a terminal there is a
            prompt (`rlwrap trail403 sql` gives it a history). What a query may use is
            a list: SELECT with SQLite's own functions, and the PRAGMAs that only tell.

            Examples:
              trail403 sql "SELECT principal, action, denials FROM denialGroup"
              trail403 sql --format csv "SELECT * FROM denial" > denials.csv
              echo "SELECT count(*) FROM event" | trail403 sql
              trail403 sql --file recipe.sql --format markdown --timeout 60
            """)

    @Argument(help: "One or more SQL statements that read.")
    var query: String?

    @Option(help: ArgumentHelp("Read the query from this file.", valueName: "file"), completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "table, csv, json, jsonl or markdown (default: table on a terminal, else csv).", valueName: "format"))
    var format: TableFormat?

    @Option(help: ArgumentHelp("Stop after this many rows.", valueName: "rows"))
    var limit: Int?

    @Option(help: ArgumentHelp("Stop after this many seconds.", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup var database: DatabaseOption

    /// Ten years, in seconds.
    private static let maximumTimeout = 315_360_000.0

    mutating func validate() throws {
        guard query == nil || file == nil else {
            throw ValidationError("give the query either as an argument or with --file")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        if let timeout, !(timeout > 0 && timeout <= Self.maximumTimeout) {
            throw ValidationError("--timeout must be more than 0 and at most \(Int(Self.maximumTimeout))")
        }
    }

    func run() throws {
        let terminal = Terminal.current()
        ReadOnlyQuery.boundMemory()
        let connection = try ReadOnlyQuery(path: database.path)
        Output.remarks(connection.remarks)
        guard query == nil, file == nil, isatty(STDIN_FILENO) == 1 else {
            return try run(sql(), connection, terminal, limit)
        }
        let prompt = Prompt(limit: limit) { statement, limit in
            do {
                Signals.forget()
                try run(statement, connection, terminal, limit)
            } catch is ExitCode {
                // Ctrl-C ends the statement, not the prompt.
                Signals.forget()
                Output.error("stopped")
            }
        }
        try prompt.start(database.path)
    }

    private func run(_ statements: String, _ connection: ReadOnlyQuery, _ terminal: Terminal, _ limit: Int?) throws {
        Signals.watch()
        let deadline = timeout.map { ContinuousClock.now + .seconds($0) }
        let printer = RowPrinter(
            ResultTable(format: format ?? (terminal.isOutputTerminal ? .table : .csv), width: terminal.width),
            limit: limit)
        do {
            try connection.run(
                statements, deadline: deadline, isCancelled: { Signals.arrived != nil },
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
    }

    /// The name that was probably meant where SQLite knows no such table or column.
    private func nearMiss(_ error: QueryError, _ connection: ReadOnlyQuery) throws -> String? {
        let kinds = ["no such table: ", "no such column: "]
        guard error.code == .invalid, let kind = kinds.first(where: { error.description.hasPrefix($0) }) else {
            return nil
        }
        // `g.principl` is a column of whatever `g` stands for.
        let name = error.description.dropFirst(kind.count).split(separator: ".").last.map(String.init) ?? ""
        let tables = try firstTexts(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'", 0, connection)
        var names = tables
        if kind == kinds[1] { names = try tables.flatMap { try firstTexts("PRAGMA table_info(\($0))", 1, connection) } }
        return NearMiss.of(name, among: names).map { ": did you mean `\($0)`?" }
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
    private var rows = 0
    private var pending = ""
    private(set) var wasCut = false
    private var isClosed = false

    init(_ table: ResultTable, limit: Int?) {
        self.table = table
        self.limit = limit
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
        try Output.write(pending)
        pending = ""
    }

    private func write(_ text: String) throws {
        pending += text
        if pending.utf8.count > 1 << 16 {
            if try !Output.write(pending) { isClosed = true }
            pending = ""
        }
    }
}
