import ArgumentParser

/// What a report that runs again and again needs.
struct ScheduleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Report only groups that are new, or denied again, since the last run of this name. The database remembers a run once its report is delivered. Nothing new: nothing is printed (text, markdown, html).",
            valueName: "name"))
    var newSinceLast: String?

    @Option(
        help: ArgumentHelp(
            "Give the report to this shell command on standard input, instead of printing it, where there are denials to report. A command that fails, or does not end in time, is a failure: the run is not remembered.",
            valueName: "command"))
    var notifyCommand: String?

    @Option(
        help: ArgumentHelp(
            "How many seconds the notify command may take before it is stopped, with all that it started.",
            valueName: "seconds"))
    var notifyTimeout = 120

    func validate(with filter: FilterOptions) throws {
        if let newSinceLast {
            guard !newSinceLast.isEmpty else { throw ValidationError("--new-since-last needs a name") }
            guard filter.to == nil else {
                throw ValidationError(
                    "--to cannot go with --new-since-last: denials after that time would count as told")
            }
        }
        if let notifyCommand, notifyCommand.isEmpty { throw ValidationError("--notify-command is empty") }
        guard (1...86_400).contains(notifyTimeout) else {
            throw ValidationError("--notify-timeout must be from 1 to 86400 seconds")
        }
    }
}
