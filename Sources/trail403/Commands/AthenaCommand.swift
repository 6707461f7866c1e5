import ArgumentParser
import AthenaSQL
import Foundation
import TrailStore

struct AthenaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "athena",
        abstract: "Prints SQL with which Amazon Athena finds the refusals in a bucket.",
        discussion: """
            For an archive that is too large to download: a table over the log files, a
            view `denial` that reads refusals as an ingest does, and an UNLOAD of the
            refused calls and the changes of permissions of some days, as a few files
            for `trail403 ingest`. Nothing is sent: run the statements yourself. Athena
            bills the bytes that it scans; partitions are by account, Region and day.

            Examples:
              trail403 athena --location s3://logs/AWSLogs/ --accounts 111122223333 --from 7d
              trail403 athena --location s3://logs/AWSLogs/o-a1b2c3d4e5/ --regions us-east-1
            """)

    @Option(help: ArgumentHelp("The folder AWSLogs/ of the trail's bucket.", valueName: "s3-url"))
    var location: String

    @Option(help: ArgumentHelp("The organization's id, where its trail writes the bucket.", valueName: "id"))
    var organization: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only these accounts (default: the one that each query names).", valueName: "id"))
    var accounts: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only these Regions (default: all commercial ones).", valueName: "name"))
    var regions: [String] = []

    @Option(
        help: ArgumentHelp("The first day to unload: 2026-11-01, or 7d before now (default: 7d).", valueName: "time"),
        transform: TimeArgument.lower)
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp("The last day to unload (default: today).", valueName: "time"), transform: TimeArgument.upper
    )
    var to: TimeArgument?

    @Option(
        help: ArgumentHelp(
            "An S3 folder for the unloaded events (default: trail403/ in the trail's bucket).", valueName: "s3-url"))
    var output: String?

    func run() throws {
        let now = Int64(Date().timeIntervalSince1970)
        let last = min(to?.seconds ?? now, now)
        let first = from?.seconds ?? last - 7 * 86_400
        guard first <= last else { throw Failure(description: "--from lies behind --to", status: ExitStatus.usage) }
        func day(_ seconds: Int64) -> String { String(Timestamp.text(seconds).prefix(10)).replacing("-", with: "/") }
        do {
            let place = try TrailLocation(
                location, organization: organization,
                accounts: accounts.flatMap { $0.split(separator: ",").map(String.init) },
                regions: regions.flatMap { $0.split(separator: ",").map(String.init) })
            let script = try AthenaScript(
                place, firstDay: min("2013/11/13", day(first)), days: day(first)...day(last), output: output)
            var text = ""
            for statement in script.statements { text += "-- \(statement.title).\n\(statement.sql);\n\n" }
            text += """
                -- Then: aws s3 sync \(script.outputFolder) ./unloaded && trail403 analyze --service all ./unloaded

                """
            _ = try Output.write(text)
        } catch let fault as TrailLocation.Fault {
            throw Failure(description: fault.description, status: ExitStatus.usage)
        }
    }
}
