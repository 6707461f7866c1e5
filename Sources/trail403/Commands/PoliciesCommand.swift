import ArgumentParser
import PolicyTimeline
import Reporting

struct PoliciesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policies",
        abstract: "Shows the policies of a principal or resource at a given time, as far as the archive shows them.",
        discussion: """
            Name a user, role, group or session, or a resource with a policy of its own, by
            its ARN; a session also by its access key, a VPC endpoint by its id (vpce-…).
            Each policy is shown with the event that wrote it, and gaps in the archive are
            named.

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
            "The ARN of a principal or resource, a session's access key, or a VPC endpoint's id.",
            valueName: "principal|resource"))
    var subject: String

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @OptionGroup var pager: PagerOption
    @OptionGroup var options: TimelineOptions

    func run() throws {
        guard let holder = Holder(naming: subject) else {
            throw Failure(
                description:
                    "`\(VisibleText.visible(PolicyTimelineError.shown(subject)))` has no policies that can be shown: give the ARN of a user, role, group or resource, or the id of a VPC endpoint",
                status: ExitStatus.usage)
        }
        var holders = [holder]
        if !holder.account.isEmpty { holders += [.account(holder.account), .organizationTarget(holder.account)] }
        let isSession = holder.kind == .role && subject.hasPrefix("arn:") && subject.contains(":assumed-role/")
        let answer = try options.answer(of: holders, sessionARN: isSession ? subject : nil)
        Output.remarks(answer.notes)
        let report = PoliciesReport(
            of: answer.session.map(Holder.session) ?? holder, named: subject, at: answer.moment.time,
            in: answer.timeline)
        switch format {
        case .text: try pager.write(report.text())
        case .json: try Output.write(report.json())
        }
    }
}
