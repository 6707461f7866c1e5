import ArgumentParser
import CloudTrail
import Foundation
import Reporting
import TrailIngest
import TrailStore

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merges databases of parts of an archive into one.",
        discussion: """
            Each part is ingested into a database of its own, on as many machines as
            there are; reports from the merged database are those of one ingest of
            the whole, byte by byte. Events that several parts hold count once. The
            result bears its name only when it is whole; the parts stay as they are.

            Examples:
              trail403 ingest --database a.sqlite --path-prefix s3://logs/ ./a
              trail403 merge a.sqlite b.sqlite c.sqlite --database all.sqlite
            """)

    @Argument(help: ArgumentHelp("Databases to merge.", valueName: "shard"), completion: .file())
    var shards: [String]

    @Flag(
        help:
            "Leave out successes that no report asks for. Reports stay the same; `sql` finds fewer events."
    )
    var slim = false

    @Flag(
        help:
            "Leave the views incident and diagnosis to the next merge: for a database that is a part of an archive itself."
    )
    var noDiagnosis = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption

    mutating func validate() throws {
        guard Set(shards).count == shards.count else { throw ValidationError("a shard is named twice") }
    }

    func run() throws {
        let path = database.path
        Signals.watch()
        let terminal = Terminal.current()
        let bar = ProgressBar(isShown: terminal.isErrorTerminal && !quiet.quiet, width: terminal.width)
        let start = ContinuousClock.now
        let summary: MergeSummary?
        do {
            summary = try Merge.run(
                shards, into: path, isSlim: slim,
                progress: { bar.show($0, of: shards.count) }, mustStop: { Signals.arrived != nil })
        } catch {
            bar.clear()
            throw error
        }
        bar.clear()
        guard let summary else {
            let number = Signals.arrived ?? SIGINT
            Output.error("trail403: stopped by \(number == SIGINT ? "SIGINT" : "SIGTERM"); nothing was written")
            throw ExitCode(ExitStatus.signal(number))
        }
        Signals.unwatch()
        if !noDiagnosis { try renewDiagnosis(path) }
        guard !quiet.quiet else { return }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        var line = "\(counted(summary.shards, "database")) merged into `\(displayName(path))`: "
        line += "\(counted(summary.events, "event")) of \(counted(summary.logFiles, "log file"))"
        line += ", \(counted(summary.denials, "denial"))"
        if summary.duplicates > 0 { line += "; \(counted(summary.duplicates, "event")) stood in more than one" }
        let tenths = Int((seconds * 10).rounded())
        Output.error("\(line); \(tenths / 10).\(tenths % 10) s")
    }

    private func renewDiagnosis(_ path: String) throws {
        let merged = try TrailDatabase.openForWritingLocked(path) {
            Output.error("trail403: another run is writing to `\(displayName(path))`: waiting for it to end")
        }
        defer { merged.release() }
        try DiagnosisRun.renew(merged.database, version: Version.text, now: Timestamp.now())
        try merged.database.checkpoint()
        try merged.database.close()
    }
}
