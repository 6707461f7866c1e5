import ArgumentParser
import CloudTrail
import Foundation
import Reporting
import TrailIngest
import TrailStore

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Tells which log files are as AWS delivered them, by CloudTrail's digest files.",
        discussion: """
            Copy the folders CloudTrail and CloudTrail-Digest of the bucket, and fetch the
            public keys (Scripts/fetch-digest-keys prints the calls). Every byte of every
            file is hashed. Without keys nothing is proven, only consistent.

            Examples:
              trail403 verify ./AWSLogs --keys public-keys.json
              trail403 verify evidence.zip --keys keys.json --signatures newest.json
              trail403 verify ./AWSLogs --keys keys.json --format json --list
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(
        help: ArgumentHelp("Folders and archives with log files and their digests.", valueName: "path"),
        completion: .file())
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Public keys: output of aws cloudtrail list-public-keys, PEM or DER; may be repeated (default: public-keys.json in or beside the folder).",
            valueName: "file"), completion: .file())
    var keys: [String] = []

    @Option(
        help: ArgumentHelp(
            "Signatures of the newest digests: output of aws s3api head-object or rclone lsjson --metadata, S3 Metadata rows or HTTP headers; may be repeated.",
            valueName: "file"), completion: .file())
    var signatures: [String] = []

    @Option(
        help: ArgumentHelp(
            "Only what was delivered from this time on: 2026-11-01, 2026-11-01T10:00:00Z, or 7d before now.",
            valueName: "time"),
        transform: TimeArgument.lower)
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp("Only what was delivered up to this time, inclusive.", valueName: "time"),
        transform: TimeArgument.upper)
    var to: TimeArgument?

    @Option(help: ArgumentHelp("Only this account; may be repeated.", valueName: "id"))
    var account: [String] = []

    @Option(help: ArgumentHelp("Only this Region; may be repeated.", valueName: "region"))
    var region: [String] = []

    @Flag(help: "List every log file, not only those that are not valid.")
    var list = false

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "A database of these log files, whose reports are to say what was proven: writes its table verification.",
            valueName: "file"), completion: .file())
    var database: String?

    @OptionGroup var quiet: QuietOption

    mutating func validate() throws {
        guard !paths.isEmpty else { throw ValidationError("name a folder or an archive with log files and digests") }
        if let from, let to, from.seconds > to.seconds { throw ValidationError("--from is later than --to") }
        for id in account where id.count != 12 || !id.allSatisfy(\.isNumber) {
            throw ValidationError("`\(id)` is no account id: an account id has 12 digits")
        }
    }

    private func record(_ outcome: ArchiveVerification.Outcome, in path: String) throws {
        try TrailDatabase.requireFile(path)
        let lock = try TrailDatabase.openForWritingLocked(path) {
            Output.error("trail403: another run is writing to `\(displayName(path))`: waiting for it to end")
        }
        defer { lock.release() }
        let count = try lock.database.recordVerification(outcome.logFiles)
        try lock.database.checkpoint()
        try lock.database.close()
        if !quiet.quiet {
            Output.error(
                "trail403: \(counted(count, "log file")) of `\(displayName(path))` verified; its reports tell of it")
        }
    }

    func run() throws {
        var options = ArchiveVerification.Options()
        options.keyFiles = keys
        options.signatureFiles = signatures
        options.from = from?.seconds
        options.to = to?.seconds
        options.accounts = Set(account)
        options.regions = Set(region.map { $0.lowercased() })
        let terminal = Terminal.current()
        let bar = ProgressBar(isShown: terminal.isErrorTerminal && !quiet.quiet, width: terminal.width)
        Signals.watch()
        let outcome: ArchiveVerification.Outcome
        do {
            outcome = try ArchiveVerification(options: options).run(
                paths, progress: { bar.show($0) }, mustStop: { Signals.arrived != nil })
        } catch let error as Ingest.InputError {
            bar.clear()
            throw Failure(description: error.description)
        }
        bar.clear()
        if outcome.wasInterrupted, let number = Signals.arrived { throw ExitCode(ExitStatus.signal(number)) }
        Signals.unwatch()
        for issue in outcome.issues.prefix(20) {
            Output.error("trail403: `\(displayName(issue.location.file ?? "-"))`: \(issue.message)")
        }
        let verification = outcome.verification
        guard !verification.files.isEmpty || !verification.chains.isEmpty || !verification.looseDigests.isEmpty else {
            let names = paths.map { "`\(displayName($0))`" }.joined(separator: ", ")
            throw Failure(description: "there is no log file and no digest in \(names): nothing was verified")
        }
        if let database { try record(outcome, in: database) }
        let report = VerificationReport(verification, listsAll: list)
        switch format {
        case .text: try Output.write(report.text())
        case .json: try Output.write(report.json())
        }
        switch verification.verdict {
        case .invalid: throw ExitCode(ExitStatus.archiveInvalid)
        case .unproven: throw ExitCode(ExitStatus.inputSkipped)
        case .proven: if !outcome.issues.isEmpty { throw ExitCode(ExitStatus.inputSkipped) }
        }
    }
}
