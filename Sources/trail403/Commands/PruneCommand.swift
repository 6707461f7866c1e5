import ArgumentParser
import CloudTrail
import Diagnosis
import Foundation
import TrailStore
import Wording

struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Deletes old events from the database and frees their space.",
        discussion: """
            What stays: the denial groups with their first and last time and their
            number of denials (the view denialGroup), permission changes, which explain
            denials that come later, and the names of the log files, so that none is
            read twice. The log files themselves are not touched. SQLite needs as much
            free space as the smaller file will take.

            Examples:
              trail403 prune --before 2026-01-01
              trail403 prune --before 90d
            """)

    @Option(
        help: ArgumentHelp(
            "Delete events before this time: 2026-01-01, 2026-01-01T10:00:00Z, or 90d.", valueName: "time"),
        transform: TimeArgument.lower)
    var before: TimeArgument

    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption

    mutating func validate() throws {
        guard before.seconds <= Int64(Date().timeIntervalSince1970) else {
            throw ValidationError("--before lies in the future: it would delete every event")
        }
    }

    func run() throws {
        try TrailDatabase.requireFile(database.path)
        let lock = try TrailDatabase.openForWritingLocked(database.path) {
            Output.error("trail403: another run is writing to `\(displayName(database.path))`: waiting for it to end")
        }
        defer { lock.release() }
        let now = Timestamp.text(Int64(Date().timeIntervalSince1970))
        let summary = try lock.database.prune(before: before.seconds, now: now)
        try lock.database.close()
        guard !quiet.quiet else { return }
        var line = "\(summary.events.of("event", "events")) before \(Timestamp.text(before.seconds)) deleted"
        line += ", \(decimal(summary.denials)) of them denials"
        if summary.keptChanges > 0 {
            line += "; \(summary.keptChanges.of("permission change", "permission changes")) kept"
        }
        line +=
            "; the file shrank from \(decimal(summary.bytesBefore / 1000)) kB to \(decimal(summary.bytesAfter / 1000)) kB"
        Output.error(line)
    }
}
