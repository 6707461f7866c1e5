import ArgumentParser
import Reporting

/// The formats that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, html, json, csv, openmetrics, slack
}

/// When to colour.
enum ColorMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// How a report is written, and where to.
struct OutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "text, markdown, html, json, csv, openmetrics or slack (one message as Block Kit JSON).",
            valueName: "format"))
    var format = ReportFormat.text

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the report to this file, whole or not at all.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Colour the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @Option(
        help: ArgumentHelp(
            "How many groups are told in full, or all (default: 5 of the text, 10 of Markdown; the others take one line each); in HTML, how many cards are open from the start (default: 10, of more than 100 groups none). The other formats always hold every group.",
            valueName: "number"),
        transform: Self.groupCount)
    var groups: Int?

    @Flag(help: "Exit with status 3 when there are denials to report; with --new-since-last, new ones.")
    var failOnDenials = false

    @Flag(
        help:
            "Replace account ids, names, addresses and ids, the same value by the same replacement, so that the report can be shared."
    )
    var redact = false

    private static func groupCount(_ text: String) throws -> Int {
        if text == "all" { return .max }
        guard let count = Int(text), count >= 0 else { throw ValidationError("`\(text)` is neither a number nor all") }
        return count
    }

    mutating func validate() throws {
        guard groups != nil, !isProse else { return }
        throw ValidationError("--groups goes with text, markdown and html: \(format.rawValue) always holds every group")
    }

    /// The report as text in the format asked for.
    func render(_ report: Report) throws -> String {
        let report = redact ? report.redacted() : report
        let terminal = Terminal.current()
        return switch format {
        case .text: report.text(width: terminal.width, color: hasColor(terminal), detailed: groups ?? 5)
        case .markdown: report.markdown(detailed: groups ?? 10)
        case .html: try report.html(open: groups)
        case .json: report.json()
        case .csv: report.csv()
        case .openmetrics: report.openMetrics()
        case .slack: report.slack()
        }
    }

    /// Whether the report is for people, who need not be told that there is nothing to tell.
    var isProse: Bool {
        switch format {
        case .text, .markdown, .html, .slack: true
        case .json, .csv, .openmetrics: false
        }
    }

    /// The file that the report goes to; `nil` for standard output.
    var file: String? { output == "-" ? nil : output }

    private func hasColor(_ terminal: Terminal) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: terminal.isOutputTerminal && file == nil && !terminal.refusesColor
        }
    }
}
