import AccessDenial
import ArgumentParser
import Diagnosis
import Foundation
import Reporting
import Suppressions
import TrailIngest
import TrailStore

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports who was refused what, and why, from the database.",
        discussion: """
            The first lines are the answer. Denials that share a root cause are one
            incident; the most urgent come first. On a terminal the report is one
            screen; piped or written to a file it is complete.

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
            The report covers everything in the database, from this and earlier runs,
            and says so where that is more than the paths given here.

            Examples:
              trail403 analyze ./AWSLogs
              trail403 analyze ./incident-17 --only-these-files
              trail403 analyze ./AWSLogs --service all --format markdown -o case-17.md
              trail403 analyze /var/log/cloudtrail --new-since-last cron --fail-on-denials
            """)

    @Flag(help: "Report on these files alone, using a temporary database; the database is not changed.")
    var onlyTheseFiles = false

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
        if onlyTheseFiles, schedule.newSinceLast != nil {
            throw ValidationError(
                "--only-these-files cannot be used with --new-since-last, which keeps its state in the database")
        }
        if onlyTheseFiles, database.database != nil {
            throw ValidationError("--only-these-files uses a temporary database: leave out --database")
        }
    }

    func run() throws {
        // A mistake in the rules is told before the long part begins.
        let rules = try suppression.read()
        guard onlyTheseFiles else { return try run(database.path, rules, isLasting: true) { try tellOthers(than: $0) } }
        try TemporaryFolder.use { folder in
            try run(folder + "/trail403.sqlite", rules, isLasting: false) { _ in
                // The ingest minds signals no more; the folder still has to go.
                Signals.watch()
                return { $0.tellTemporaryDatabase() }
            }
        }
    }

    /// What the report adds where the database holds log files that lie elsewhere. A scheduled report is of all of them, run for run.
    private func tellOthers(than summary: Ingest.Summary) throws -> (inout Report) -> Void {
        guard schedule.newSinceLast == nil else { return { _ in } }
        let store = try TrailDatabase.openForReading(database.path)
        let others = try store.logFiles(outside: Ingest.roots(input.paths), moved: summary.movedFiles)
        try store.close()
        return { report in if let others { report.tellOtherArchives(others, paths: input.paths) } }
    }

    private func run(
        _ path: String, _ rules: Suppression?, isLasting: Bool,
        remark: (Ingest.Summary) throws -> (inout Report) -> Void
    ) throws {
        // A scheduled run is silent until there is news; whoever watches it on a terminal sees what it does.
        let isQuiet = quiet.quiet || schedule.newSinceLast != nil && !Terminal.current().isErrorTerminal
        var run = ReportRun(
            filter: filter, suppression: suppression, rules: rules, output: output, schedule: schedule,
            path: path, isLasting: isLasting)
        let (summary, diagnosed) = try IngestRun(
            input: input, path: path, isQuiet: isQuiet,
            keepsGroups: schedule.newSinceLast == nil && run.readsEveryGroup && !run.isOfStoredGroups
        ).run()
        run.diagnosed = diagnosed
        run.remark = try remark(summary)
        if try run.deliver() > 0, output.failOnDenials { throw ExitCode(ExitStatus.denialsFound) }
        if !summary.issues.isEmpty { throw ExitCode(ExitStatus.inputSkipped) }
    }
}

extension Timestamp {
    /// The present moment as ISO 8601 UTC text.
    static func now() -> String { text(Int64(Date().timeIntervalSince1970)) }
}
