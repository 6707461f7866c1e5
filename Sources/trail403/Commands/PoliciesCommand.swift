import ArgumentParser
import Diagnosis
import PolicyTimeline
import Reporting
import TrailStore

struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies",
        abstract: "Shows the policies that somebody had at a moment, as far as the archive tells.",
        discussion: """
            Name a user, role, group or session, a VPC endpoint (vpce-…), or a resource
            with a policy of its own, by its ARN. Each policy is shown with the event
            that wrote it; what the archive does not tell is said.

            Examples:
              trail403 policies arn:aws:iam::111122223333:role/app/order-notifier
              trail403 policies arn:aws:s3:::amzn-s3-demo-bucket --at 2026-11-09T10:00:00Z
              trail403 policies vpce-1a2b3c4d --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(
        help: ArgumentHelp(
            "The ARN of a principal or resource, or a VPC endpoint's id.", valueName: "principal|resource"))
    var subject: String

    @Option(
        help: ArgumentHelp("As of this time (default: the archive's end), as --from takes it.", valueName: "time"),
        transform: TimeArgument.upper)
    var at: TimeArgument?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @OptionGroup var database: DatabaseOption

    func run() throws {
        guard let holder = Holder(naming: subject) else {
            throw Failure(
                description:
                    "`\(VisibleText.visible(subject))` names nobody whose policies can be shown: give the ARN of a user, role, group or resource, or the id of a VPC endpoint",
                status: ExitStatus.usage)
        }
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        var holders = [holder]
        if !holder.account.isEmpty { holders += [.account(holder.account), .organizationTarget(holder.account)] }
        let timeline = try store.policyTimeline(of: holders)
        let end = try at.map { Timestamp.text($0.seconds) } ?? store.coverage().to ?? "9999-12-31T23:59:59Z"
        try store.close()
        let report = PoliciesReport(of: holder, named: subject, at: end, in: timeline)
        switch format {
        case .text: try Output.write(report.text())
        case .json: try Output.write(report.json())
        }
    }
}
