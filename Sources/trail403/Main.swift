import ArgumentParser
import CloudTrail
import Foundation
import TrailStore

/// The program's entry: runs a command, prints what went wrong as one line, and turns it into an exit status.
@main
enum Main {
    static func main() {
        ignoreBrokenPipes()
        Signals.unblock()
        do {
            try checkCommandName(CommandLine.arguments.dropFirst().first)
            if let (topic, name) = HelpTopic.asked(Array(CommandLine.arguments.dropFirst())) {
                return try topic.show(name)
            }
            var command = try Trail403.parseAsRoot(arguments(CommandLine.arguments.dropFirst()))
            if !(command is SQLCommand) { ReadOnlyQuery.leaveMemoryUnbounded() }
            try command.run()
            if tellsChangedPages() { exit(ExitStatus.inputSkipped) }
        } catch let failure as Failure {
            // Lists of names to choose from stand on lines of their own.
            for line in "trail403: \(failure.description)".split(separator: "\n") { Output.error(String(line)) }
            _ = tellsChangedPages()
            exit(failure.status)
        } catch {
            _ = tellsChangedPages()
            if Trail403.exitCode(for: error) == ExitCode.failure, !(error is ExitCode) {
                Output.error("trail403: \(error)")
                exit(ExitStatus.failure)
            }
            let status = Trail403.exitCode(for: error)
            let message = Trail403.fullMessage(for: error)
            guard !status.isSuccess, !message.isEmpty else { Trail403.exit(withError: error) }
            for line in message.split(separator: "\n", omittingEmptySubsequences: false) { Output.error(String(line)) }
            exit(status.rawValue)
        }
    }
}

/// Says where what a command has read is not as trail403 wrote it.
private func tellsChangedPages() -> Bool {
    guard let remark = PageSums.remark else { return false }
    Output.remarks([remark])
    return true
}

/// The command line as the parser is to see it: a query that begins with an SQL comment (`-- …`) is no option.
private func arguments(_ words: some Sequence<String>) -> [String] {
    words.map { $0.hasPrefix("--") && $0.dropFirst(2).first?.isWhitespace == true ? " " + $0 : $0 }
}

/// Tells of a command that does not exist, with the one that was probably meant; the parser would only call it unexpected.
private func checkCommandName(_ name: String?) throws {
    let names = Trail403.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard let name, !name.hasPrefix("-"), !name.hasPrefix("__"), !names.contains(name) else { return }
    let shown = displayName(name)
    var status = stat()
    let text: String
    if let advice = RemotePath.advice(name) {
        text = advice
    } else if stat(name, &status) == 0 || name.contains("/") {
        text = "to read it, run `trail403 analyze \(shown)`"
    } else if let near = NearMiss.of(name, among: names) {
        text = "did you mean `\(near)`?"
    } else {
        text = "it is one of \(names.joined(separator: ", "))"
    }
    throw Failure(description: "there is no command `\(shown)`: \(text)", status: ExitStatus.usage)
}

/// The program's exit statuses; a contract, see the page "Commands".
enum ExitStatus {
    static let done: Int32 = 0
    static let failure: Int32 = 1
    /// Done, but some input was skipped.
    static let inputSkipped: Int32 = 2
    /// Done, and `--fail-on-denials` found some.
    static let denialsFound: Int32 = 3
    /// `verify`: something was changed or is missing.
    static let archiveInvalid: Int32 = 3
    static let usage: Int32 = 64
    /// A signal ended the ingest: 128 and the signal's number.
    static func signal(_ number: Int32) -> Int32 { 128 + number }
}

/// A failure that the user is told of in one line.
struct Failure: Error, CustomStringConvertible {
    var description: String
    var status: Int32 = ExitStatus.failure
}

/// The command line's root.
struct Trail403: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail403",
        abstract:
            "Shows who AWS refused what, since when, why, and what to change, from downloaded CloudTrail log files.",
        discussion: """
            Examples:
              trail403 analyze ./AWSLogs                 from log files to an answer
              trail403 analyze ./AWSLogs --service all   every service, not only Pinpoint
              trail403 explain 2                         one incident and its evidence
              trail403 report --from 7d --format json    the last week, for a program
              trail403 sql "SELECT * FROM denialGroup"   questions of your own

            What reports and the database say is explained by help reason [SLUG],
            help finding [CODE], help schema [TABLE] and help recipes [NAME].

            Nothing leaves the machine. trail403 reads files and writes one SQLite
            database (trail403.sqlite, or --database FILE).
            """,
        version: Version.text,
        subcommands: [
            AnalyzeCommand.self, IngestCommand.self, ReportCommand.self, ExplainCommand.self, SQLCommand.self,
            StatusCommand.self, PruneCommand.self, MergeCommand.self, AthenaCommand.self, PoliciesCommand.self,
            SimulateCommand.self, WhatIfCommand.self, VerifyCommand.self, WhyCommand.self,
        ])
}
