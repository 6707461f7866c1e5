import AccessDenial
import ArgumentParser
import Diagnosis
import Foundation
import Reporting
import TrailIngest
import TrailStore

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Says who was refused what and why, from the database.",
        discussion: """
            The first lines are the answer; then come the denial groups (principal, action and reason), the most telling
            first, and what the archive can and cannot show.

            Examples:
              trail403 report
              trail403 report --service all --from 7d
              trail403 report --principal order-notifier --format json
            """)

    @OptionGroup var filter: FilterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOption

    func run() throws {
        let report = try ReportRun(filter: filter, path: database.path).report()
        try output.write(report)
        if output.failOnDenials, report.denials > 0 { throw ExitCode(ExitStatus.denialsFound) }
    }
}

struct AnalyzeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Reads log files into the database and reports: ingest, then report.",
        discussion: """
            The report is of everything in the database, of this and of earlier runs.

            Examples:
              trail403 analyze ./AWSLogs
              trail403 analyze ./AWSLogs --database case-17.sqlite --service all --format markdown -o case-17.md
              trail403 analyze /var/log/cloudtrail --quiet --fail-on-denials
            """)

    @OptionGroup var input: IngestOptions
    @OptionGroup var filter: FilterOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var database: DatabaseOption
    @OptionGroup var quiet: QuietOption

    func run() throws {
        let summary = try IngestRun(input: input, path: database.path, isQuiet: quiet.quiet).run()
        let report = try ReportRun(filter: filter, path: database.path).report()
        try output.write(report)
        if output.failOnDenials, report.denials > 0 { throw ExitCode(ExitStatus.denialsFound) }
        if !summary.issues.isEmpty { throw ExitCode(ExitStatus.inputSkipped) }
    }
}

/// Builds the report that the options ask for.
struct ReportRun {
    var filter: FilterOptions
    var path: String

    func report() throws -> Report {
        let database = try TrailDatabase.openForReading(path)
        let facts = try database.reportFacts(filter.filter)
        try database.close()
        let diagnoser = Diagnoser(
            usage: facts.usage, changes: facts.changes, coverage: facts.coverage,
            reportTime: Timestamp.text(Int64(Date().timeIntervalSince1970)))
        let services = filter.services
        let isEveryService = services.contains(ServiceFamily.everyServiceName)
        return Report(
            groups: diagnoser.diagnose(facts.groups), coverage: facts.coverage,
            window: Report.Window(
                from: filter.from.map { Timestamp.text($0.seconds) }, to: filter.to.map { Timestamp.text($0.seconds) }),
            services: services,
            eventSources: isEveryService ? nil : services.flatMap { ServiceFamily(named: $0)?.eventSources ?? [] },
            omitted: Report.Omitted(awsServiceDenials: facts.omitted.awsServiceDenials), database: path)
    }
}
