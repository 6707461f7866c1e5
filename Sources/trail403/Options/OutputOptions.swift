import ArgumentParser
import Reporting

/// The formats that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, html, json, csv, openmetrics
}

/// When to colour.
enum ColorMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// How a report is written, and where to.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("text, markdown, html, json, csv or openmetrics.", valueName: "format"))
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
            "How many groups the text tells in full, or all; the others take one line each.", valueName: "number"),
        transform: Self.groupCount)
    var groups = 5

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

    /// The report as text in the format asked for.
    func render(_ report: Report) throws -> String {
        let report = redact ? report.redacted() : report
        let terminal = Terminal.current()
        return switch format {
        case .text: report.text(width: terminal.width, color: hasColor(terminal), detailed: groups)
        case .markdown: report.markdown()
        case .html: try report.html()
        case .json: report.json()
        case .csv: report.csv()
        case .openmetrics: report.openMetrics()
        }
    }

    /// Whether the report is for people, who need not be told that there is nothing to tell.
    var isProse: Bool {
        switch format {
        case .text, .markdown, .html: true
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
