import ArgumentParser
import CompanionLogs
import ErrorCases
import Foundation
import Reporting
import TrailStore

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explains one error message: what refused, what to do, and which logs show the rest.",
        discussion: """
            Give the message as an SDK, the AWS CLI, a log or a browser shows it, or - for
            standard input. No archive is needed; where a database is at hand, the case
            itself is looked up by request id, or by principal, action and time.

            Examples:
              trail403 why "An error occurred (AccessDenied) when calling the ..."
              aws pinpoint get-apps 2>&1 | trail403 why -
              trail403 why - --at 2026-11-09T10:12:00Z --format json < error.txt
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(help: ArgumentHelp("The error message; - is standard input.", valueName: "text"))
    var message: String

    @Option(
        help: ArgumentHelp("When it happened, where the message does not tell, as --from takes it.", valueName: "time"),
        transform: TimeArgument.lower)
    var at: TimeArgument?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Option(help: ArgumentHelp("Colour the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @OptionGroup var database: DatabaseOption

    /// What is read of standard input; the reader itself takes less.
    private static let inputLimit = 1 << 20

    func run() throws {
        let text = message == "-" ? try RequestFile.text("-", limit: Self.inputLimit) : message
        let study = ErrorCase(ErrorText(reading: text), time: at?.seconds)
        var matches: [ErrorMatch] = []
        let hasDatabase = database.database != nil || FileManager.default.fileExists(atPath: database.path)
        if hasDatabase {
            let store = try TrailDatabase.openForReading(database.path)
            Output.remarks(store.remarks)
            let error = study.error
            matches = try store.matches(
                requestID: error.requestID, principal: error.principal, action: error.action, time: error.time)
            try store.close()
        }
        let report = WhyReport(study, matches: matches, database: hasDatabase ? database.path : nil)
        let terminal = Terminal.current()
        switch format {
        case .json: try Output.write(report.json())
        case .text:
            try Output.write(report.text(width: terminal.width, color: color.applies(to: terminal)))
        }
    }
}
