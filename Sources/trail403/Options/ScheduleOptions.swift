import ArgumentParser
import Diagnosis
import TrailStore

/// What a report that runs again and again needs.
struct ScheduleOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Report what became of incidents since the last run of this name: those that opened, reopened or were resolved (see --tell). The database remembers a run once its report is delivered. Nothing new: nothing is printed (text, markdown, html, slack).",
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

    @Option(
        help: ArgumentHelp(
            "With --new-since-last, which incidents to tell of: opened, reopened, still-open, quiet, resolved, with commas between them, or all (default: opened,reopened,resolved).",
            valueName: "transitions"),
        transform: Self.transitions)
    var tell: Set<Transition>?

    @Option(
        help: ArgumentHelp(
            "With --new-since-last, tell of an incident that is still open again once it was told of this long ago, such as 7d.",
            valueName: "span"),
        transform: Self.span)
    var repeatAfter: Int64?

    @Flag(
        help:
            "With --new-since-last, take all that there is for known and report nothing: only what comes later is news."
    )
    var baseline = false

    /// Whether an incident is told of, by what became of it.
    ///
    /// - Parameters:
    ///   - toldAt: when it was told of last, ISO 8601 UTC text; `nil` where it never was.
    ///   - now: the present moment, likewise.
    func tells(_ transition: Transition, toldAt: String?, now: String) -> Bool {
        if (tell ?? [.opened, .reopened, .resolved]).contains(transition) { return true }
        guard transition == .stillOpen, let repeatAfter, let toldAt, let time = Timestamp.seconds(now) else {
            return false
        }
        return toldAt <= Timestamp.text(time - repeatAfter)
    }

    private static func transitions(_ text: String) throws -> Set<Transition> {
        if text == "all" { return Set(Transition.allCases) }
        return try Set(
            text.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let transition = Transition(rawValue: String(word)) else {
                    let names = Transition.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("`\(word)` is nothing to tell of: write \(names) or all")
                }
                return transition
            })
    }

    private static func span(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (1...100_000).contains(count)
        else { throw ValidationError("`\(text)` is no span: write 7d, 12h or 30m") }
        return count * unit
    }

    func validate(with filter: FilterOptions) throws {
        if let newSinceLast {
            guard !newSinceLast.isEmpty else { throw ValidationError("--new-since-last needs a name") }
            guard filter.to == nil else {
                throw ValidationError(
                    "--to cannot go with --new-since-last: denials after that time would count as told")
            }
        }
        if newSinceLast == nil, baseline || repeatAfter != nil || tell != nil {
            throw ValidationError("--tell, --repeat-after and --baseline go with --new-since-last NAME")
        }
        if let notifyCommand, notifyCommand.isEmpty { throw ValidationError("--notify-command is empty") }
        guard (1...86_400).contains(notifyTimeout) else {
            throw ValidationError("--notify-timeout must be from 1 to 86400 seconds")
        }
    }
}
