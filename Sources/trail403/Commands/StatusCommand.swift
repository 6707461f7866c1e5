import ArgumentParser
import CloudTrail
import Reporting
import TrailStore

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what is in the database: files, records, time span, accounts, Regions, gaps, issues.",
        discussion: """
            Examples:
              trail403 status
              trail403 status --files
              trail403 status --format json
              trail403 status --check
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Flag(
        help:
            "Check the whole database: page checksums, column values, references and counts; exit with status 1 if something is wrong."
    )
    var check = false

    @Flag(help: "List the files that are not log files, what they look like and why they were skipped.")
    var files = false

    @OptionGroup var timezone: TimezoneOption
    @OptionGroup var pager: PagerOption
    @OptionGroup var database: DatabaseOption

    func run() throws {
        let checked = check ? try DatabaseCheck.check(database.path) : nil
        if let checked, !checked.faults.isEmpty {
            for fault in checked.faults { Output.error("trail403: \(fault)") }
            throw Failure(
                description:
                    "the database `\(displayName(database.path))` is damaged, or another program has changed it: ingest the log files into a new database"
            )
        }
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        let facts = try store.statusFacts()
        try store.close()
        let report = StatusReport(
            database: database.path, coverage: facts.coverage, issues: facts.issues,
            unrecognisedShapes: facts.unrecognisedShapes, otherFiles: facts.otherFiles, listsFiles: files,
            check: checked)
        switch format {
        case .text: try pager.write(report.text(width: Terminal.current().width, times: timezone.display))
        case .json: try Output.write(report.json())
        }
    }
}
