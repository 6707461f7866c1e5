import ArgumentParser
import Reporting

/// In which time people are shown times.
struct TimezoneOption: ParsableArguments {
    @Option(
        name: .customLong("timezone"),
        help: ArgumentHelp(
            "How text, Markdown and HTML show times: UTC (the default), local, a name such as Europe/Berlin, or +02:00. The other formats use UTC.",
            valueName: "name"),
        transform: Self.display)
    var display = TimeDisplay.utc

    private static func display(_ name: String) throws -> TimeDisplay {
        guard let display = TimeDisplay(named: name) else {
            throw ValidationError(
                "`\(name)` is not a time zone: use UTC, local, a name such as Europe/Berlin, or an offset such as +02:00"
            )
        }
        return display
    }
}
