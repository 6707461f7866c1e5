import ArgumentParser
import Reporting

/// The formats that a report is written in.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, html, json, csv, openmetrics, slack
}

extension ReportFormat {
    /// The format that the ending of a file's name stands for; `nil` where it stands for none.
    init?(ofFile name: String) {
        switch name.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() {
        case "html", "htm": self = .html
        case "md", "markdown": self = .markdown
        case "json": self = .json
        case "csv": self = .csv
        case "prom": self = .openmetrics
        case "txt": self = .text
        default: return nil
        }
    }
}

/// Formats with a flag of their own.
enum ShortFormat: String, EnumerableFlag {
    case html, markdown, json, csv

    var format: ReportFormat {
        switch self {
        case .html: .html
        case .markdown: .markdown
        case .json: .json
        case .csv: .csv
        }
    }

    static func help(for value: ShortFormat) -> ArgumentHelp? { "The same as --format \(value.rawValue)." }
}

/// When to colour.
enum ColorMode: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// Whether what is written to standard output is coloured; `auto` says no where it is no terminal, or the environment is against it.
    func applies(to terminal: Terminal) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .auto: terminal.isOutputTerminal && !terminal.refusesColor
        }
    }
}

/// How a report is written, and where to.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp(
            "text, markdown, html, json, csv, openmetrics or slack (one message as Block Kit JSON); default: what the ending of the output file says, else text.",
            valueName: "format"))
    var namedFormat: ReportFormat?

    @Flag(help: "The format, in short.")
    var shortFormat: ShortFormat?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the report to this file, whole or not at all; .html, .md, .json, .csv and .prom choose the format.",
            valueName: "file"),
        completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @Option(
        help: ArgumentHelp(
            "How many groups to show in full, or all (default: one screen on a terminal, 5 in other text, 10 in Markdown; the others get a line each). In HTML, how many cards start open (default: 10; none if there are more than 100 groups). The other formats always have every group.",
            valueName: "number"),
        transform: Self.groupCount)
    var groups: Int?

    @Flag(help: "Exit with status 3 if there are denials to report; with --new-since-last, new ones.")
    var failOnDenials = false

    @Flag(
        help:
            "Replace account ids, names, addresses and ids consistently, so that the report can be shared."
    )
    var redact = false

    @OptionGroup var timezone: TimezoneOption
    @OptionGroup var pager: PagerOption

    private static func groupCount(_ text: String) throws -> Int {
        if text == "all" { return .max }
        guard let count = Int(text), count >= 0 else {
            throw ValidationError("`\(text)` is neither a number nor `all`")
        }
        return count
    }

    /// The format asked for, else that of the output file's ending, else text.
    var format: ReportFormat {
        if let named = namedFormat ?? shortFormat?.format { return named }
        return file.flatMap(ReportFormat.init(ofFile:)) ?? .text
    }

    mutating func validate() throws {
        if let namedFormat, let short = shortFormat?.format, short != namedFormat {
            throw ValidationError("--format \(namedFormat.rawValue) and --\(short.rawValue) contradict each other")
        }
        guard groups != nil, !isProse else { return }
        throw ValidationError("--groups works with text, markdown and html; \(format.rawValue) always has every group")
    }

    /// Of what the report tells more than a line; `nil` where it tells all of everything.
    var extent: Report.Extent? {
        switch format {
        case .text: Report.Extent(groups: groups ?? 5, remedies: 1)
        case .markdown: Report.Extent(groups: groups ?? 10, remedies: 1)
        case .html: Report.Extent(groups: Report.cardLimit, remedies: 1)
        case .slack: Report.Extent(groups: 0, remedies: Report.slackLimit)
        case .openmetrics: Report.Extent(groups: 0, remedies: 0)
        case .json, .csv: nil
        }
    }

    /// The report as text in the format asked for.
    ///
    /// - Parameter hint: the options that name the report's database for another command; `nil` where the report is not for somebody
    ///   at a terminal. Otherwise text on a terminal is one screen of it, unless more is asked for.
    func render(_ report: Report, hint: String?) throws -> TextParts {
        let report = redact ? report.redacted() : report
        return switch format {
        case .json: report.jsonParts()
        case .csv: report.csvParts()
        case .openmetrics: TextParts(report.openMetrics())
        case .slack: TextParts(report.slack())
        case .html: TextParts(try report.html(open: groups, times: timezone.display))
        case .markdown: TextParts(report.markdown(detailed: groups ?? 10, times: timezone.display))
        case .text: TextParts(text(report, hint: hint))
        }
    }

    private func text(_ report: Report, hint: String?) -> String {
        let terminal = Terminal.current()
        let times = timezone.display
        if groups == nil, file == nil, terminal.isOutputTerminal, let hint,
            let height = terminal.height
        {
            return report.screen(
                width: terminal.width, height: height, color: hasColor(terminal), options: hint, times: times)
        }
        return report.text(width: terminal.width, color: hasColor(terminal), detailed: groups ?? 5, times: times)
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
        // A file is no terminal, whatever standard output is.
        color.applies(to: terminal) && (file == nil || color == .always)
    }
}
