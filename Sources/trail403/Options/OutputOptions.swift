import ArgumentParser
import Reporting

/// The formats that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, html, json, csv
}

/// When to colour.
enum ColorMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// How a report is written, and where to.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("text, markdown, html, json or csv.", valueName: "format"))
    var format = ReportFormat.text

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the report to this file, whole or not at all.", valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Colour the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @Flag(help: "Exit with status 3 when there are denials to report.")
    var failOnDenials = false

    /// Writes the report.
    func write(_ report: Report) throws {
        let terminal = Terminal.current()
        let text =
            switch format {
            case .text: report.text(width: terminal.width, color: hasColor(terminal))
            case .markdown: report.markdown()
            case .html: try report.html()
            case .json: report.json()
            case .csv: report.csv()
            }
        if let output, output != "-" {
            try Output.write(text, toFile: output)
        } else {
            try Output.write(text)
        }
    }

    private func hasColor(_ terminal: Terminal) -> Bool {
        switch color {
        case .always: true
        case .never: false
        case .auto: terminal.isOutputTerminal && output == nil && !terminal.refusesColor
        }
    }
}
