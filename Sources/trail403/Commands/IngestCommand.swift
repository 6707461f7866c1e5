import ArgumentParser
import CloudTrail
import Foundation
import Reporting
import TrailIngest
import TrailStore

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Reads log files into the database.",
        discussion: """
            Files are recognized by their content, compressed or not, and read once.
            Events that were delivered more than once are stored once. Damaged input
            is skipped, reported, and listed in the table ingestIssue; the rest of the
            file is stored.

            Examples:
              trail403 ingest ./AWSLogs
              aws s3 cp s3://bucket/key.json.gz - | trail403 ingest -
              tar xOzf evidence.tgz | trail403 ingest --database case-17.sqlite -
              trail403 ingest --migrate
            """)

    @Flag(help: "Bring a database of an older trail403 up to date; no path is needed for that.")
    var migrate = false

    @Flag(
        help:
            "Leave the views incident and diagnosis to the next ingest, analyze or merge: for the databases of parts of an archive, which may hold no log file at all."
    )
    var noDiagnosis = false

    @OptionGroup var input: IngestOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption

    mutating func validate() throws {
        if !migrate { try input.requirePaths() }
    }

    func run() throws {
        if migrate { try bringUpToDate() }
        guard !input.paths.isEmpty else { return }
        let summary = try IngestRun(
            input: input, path: database.path, isQuiet: quiet.quiet, diagnoses: !noDiagnosis
        ).run().summary
        if !summary.issues.isEmpty { throw ExitCode(ExitStatus.inputSkipped) }
    }

    private func bringUpToDate() throws {
        try TrailDatabase.requireFile(database.path)
        let lock = try TrailDatabase.openForWritingLocked(database.path) {
            Output.error("trail403: another run is writing to `\(displayName(database.path))`: waiting for it to end")
        }
        defer { lock.release() }
        try DiagnosisRun.renew(lock.database, version: Version.text, now: Timestamp.now())
        try lock.database.checkpoint()
        try lock.database.close()
        if !quiet.quiet { Output.error("`\(displayName(database.path))` is up to date") }
    }
}

/// An ingest with its messages: what `ingest` and `analyze` have in common.
struct IngestRun {
    var input: IngestOptions
    var path: String
    var isQuiet: Bool
    /// Whether the views `incident` and `diagnosis` are renewed at the end; if not, this is a part of an archive.
    var diagnoses = true
    /// Whether a report of every group follows.
    var keepsGroups = false

    /// How many issues are told one by one; the rest are counted.
    private static let issueLimit = 20

    /// Reads the files.
    ///
    /// Throws an exit status of its own where a signal ended it.
    ///
    /// - Returns: what was read, and what was found out of all groups where a report of them follows.
    func run() throws -> (summary: Ingest.Summary, diagnosed: DiagnosisRun.Diagnosed?) {
        let terminal = Terminal.current()
        let plan: Ingest.Plan
        do {
            plan = try Ingest.plan(input.paths, maximumRatio: input.maxRatio)
        } catch let error as Ingest.InputError {
            throw Failure(description: error.description)
        }
        guard !plan.isEmpty else {
            throw Failure(description: "there are no files in \(pathList): nothing was read")
        }
        let lock = try TrailDatabase.openForWritingLocked(path, isHiddenWhileNew: plan.isShort) {
            Output.error("trail403: another ingest is writing to `\(displayName(path))`: waiting for it to end")
        }
        defer { lock.release() }
        if lock.goesOnWithKilled, !isQuiet {
            Output.error(
                "trail403: `\(displayName(path))` begins with what an ingest that was killed had stored for it")
        }
        Signals.watch()
        let bar = ProgressBar(isShown: terminal.isErrorTerminal && !isQuiet, width: terminal.width)
        let start = ContinuousClock.now
        let summary: Ingest.Summary
        do {
            summary = try Ingest(options: input.options)
                .run(plan, into: lock.database, progress: { bar.show($0) }, mustStop: { Signals.arrived != nil })
        } catch {
            bar.clear()
            // What was committed stays, under the database's name where that is possible; why it is not says nothing new.
            do { try lock.putInPlace() } catch let second { _ = second }
            throw error
        }
        bar.clear()
        // A part of an archive may hold nothing but what cannot be read: that is told where the parts are merged.
        let isNothing = diagnoses && summary.files == 0 && summary.unchangedFiles == 0 && !summary.wasInterrupted
        if isNothing, let issue = summary.issues.first {
            try lock.discardIfNew()
            let others = summary.issues.count > 1 ? " (and \(decimal(summary.issues.count - 1)) more like it)" : ""
            throw Failure(
                description:
                    "cannot read `\(issue.location.file ?? "-")`: \(issue.message)\(others): nothing was read"
            )
        }
        tell(summary.issues)
        if isNothing {
            try lock.discardIfNew()
            let named = likeLogs(summary).map { ", such as \($0)" } ?? ""
            throw Failure(
                description:
                    "there is no CloudTrail log file in \(pathList) (\(counted(summary.otherFiles, "other file"))\(named)): nothing was read"
            )
        }
        var diagnosed: DiagnosisRun.Diagnosed?
        if diagnoses, !summary.wasInterrupted {
            try lock.putInPlace()
            diagnosed = try DiagnosisRun.renew(
                lock.database, version: Version.text, now: Timestamp.now(), keepsGroups: keepsGroups)
        }
        try lock.finish()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if summary.wasInterrupted, let number = Signals.arrived {
            Output.error("trail403: stopped by \(number == SIGINT ? "SIGINT" : "SIGTERM"); \(line(summary, seconds))")
            throw ExitCode(ExitStatus.signal(number))
        }
        if !isQuiet { Output.error(line(summary, seconds)) }
        Signals.unwatch()
        return (summary, diagnosed)
    }

    private var pathList: String { input.paths.map { "`\(displayName($0))`" }.joined(separator: ", ") }

    private func tell(_ issues: [IngestIssue]) {
        for issue in issues.prefix(Self.issueLimit) {
            // An issue names its file fit to be shown (``displayName(_:)``); once more would double what is escaped in it.
            var place = issue.location.file.map { "`\($0)`" } ?? "the input"
            if let record = issue.location.record { place += ", record \(record)" }
            if let offset = issue.location.byteOffset { place += ", byte \(offset)" }
            Output.error("trail403: \(place): \(issue.message)")
        }
        if issues.count > Self.issueLimit {
            Output.error("trail403: and \(decimal(issues.count - Self.issueLimit)) more: see the table ingestIssue")
        }
    }

    /// The first files that bear a log file's name and are none; `nil` where there is none.
    private func likeLogs(_ summary: Ingest.Summary) -> String? {
        let named = summary.namedLikeLogs.map { "`\(displayName($0.path))` (\($0.looksLike))" }
        return named.isEmpty ? nil : named.joined(separator: ", ")
    }

    private func line(_ summary: Ingest.Summary, _ seconds: Double) -> String {
        var line = "\(counted(summary.files, "log file")): \(counted(summary.records, "record")), "
        line += "\(decimal(summary.stored)) new, \(counted(summary.duplicates, "duplicate")), "
        line += "\(decimal(summary.skipped)) skipped"
        if summary.unchangedFiles > 0 {
            line +=
                "; \(counted(summary.unchangedFiles, "file")) already in the database"
        }
        if summary.copiedFiles > 0 {
            line +=
                "; \(counted(summary.copiedFiles, "file")) \(summary.copiedFiles == 1 ? "is a copy" : "are copies") of others"
        }
        if summary.otherFiles > 0 {
            line +=
                "; \(counted(summary.otherFiles, "file")) \(summary.otherFiles == 1 ? "is not a log file" : "are not log files")"
            if let named = likeLogs(summary) { line += ", such as \(named): see `trail403 status --files`" }
        }
        let tenths = Int((seconds * 10).rounded())
        return line + "; \(tenths / 10).\(tenths % 10) s"
    }
}
