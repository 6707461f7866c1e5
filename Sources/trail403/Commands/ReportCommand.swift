import AccessDenial
import ArgumentParser
import Diagnosis
import Foundation
import Reporting
import TrailIngest
import TrailStore

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Says who was refused what and why, from the database.",
        discussion: """
            The first lines are the answer; then come the denial groups (principal,
            action and reason), the most telling first, and what the archive can and
            cannot show.

            Examples:
              trail403 report
              trail403 report --service all --from 7d
              trail403 report --principal order-notifier --format json
              trail403 report --format html --redact -o denials.html
              trail403 report --new-since-last ops --notify-command "mail -s 403 ops"
            """)

    @OptionGroup var filter: FilterOptions
    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var database: DatabaseOption

    mutating func validate() throws { try schedule.validate(with: filter) }

    func run() throws {
        let run = ReportRun(
            filter: filter, suppression: suppression, rules: try suppression.read(), output: output, schedule: schedule,
            path: database.path)
        if try run.deliver() > 0, output.failOnDenials { throw ExitCode(ExitStatus.denialsFound) }
    }
}

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Reads log files into the database and reports: ingest, then report.",
        discussion: """
            The report is of everything in the database, of this and of earlier runs.

            Examples:
              trail403 analyze ./AWSLogs
              trail403 analyze ./AWSLogs --service all --format markdown -o case-17.md
              trail403 analyze /var/log/cloudtrail --new-since-last cron --fail-on-denials
            """)

    @OptionGroup var input: IngestOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var suppression: SuppressionOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var schedule: ScheduleOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption

    mutating func validate() throws {
        try input.requirePaths()
        try schedule.validate(with: filter)
    }

    func run() throws {
        // A mistake in the rules is told before the long part begins.
        let rules = try suppression.read()
        // A scheduled run is silent until there is news; whoever watches it on a terminal sees what it does.
        let isQuiet = quiet.quiet || schedule.newSinceLast != nil && !Terminal.current().isErrorTerminal
        let summary = try IngestRun(input: input, path: database.path, isQuiet: isQuiet).run()
        let run = ReportRun(
            filter: filter, suppression: suppression, rules: rules, output: output, schedule: schedule,
            path: database.path)
        if try run.deliver() > 0, output.failOnDenials { throw ExitCode(ExitStatus.denialsFound) }
        if !summary.issues.isEmpty { throw ExitCode(ExitStatus.inputSkipped) }
    }
}

extension Timestamp {
    /// The present moment as ISO 8601 UTC text.
    static func now() -> String { text(Int64(Date().timeIntervalSince1970)) }
}
