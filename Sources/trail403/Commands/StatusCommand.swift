import ArgumentParser
import Reporting
import TrailStore

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tells what is in the database: files, records, span, accounts, Regions, gaps, issues.",
        discussion: """
            Examples:
              trail403 status
              trail403 status --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        let facts = try store.statusFacts()
        try store.close()
        let report = StatusReport(
            database: database.path, coverage: facts.coverage, issues: facts.issues,
            unrecognisedShapes: facts.unrecognisedShapes)
        switch format {
        case .text: try Output.write(report.text(width: Terminal.current().width))
        case .json: try Output.write(report.json())
        }
    }
}
