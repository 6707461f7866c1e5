public import ArgumentParser
public import ProposedPolicies
import Foundation
import IAMPolicy
import PolicyTimeline
import Reporting
import TrailStore

extension ProposedPolicy.Role: ExpressibleByArgument {}

struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif",
        abstract:
            "Shows what a policy would change: which calls that worked would be refused, and which refused ones would work.",
        discussion: """
            Every distinct call of the archive is evaluated with the policy, before anybody
            attaches it. A service or resource control policy stands beside what is attached
            to the root, unit or account, or --alone in its place; a permissions boundary and
            a resource's policy take the place of the present one; a policy of a user or role
            stands beside its others.

            Examples:
              trail403 whatif --policy regions.json --as scp --on 111122223333
              trail403 whatif --policy boundary.json --as boundary \\
                --on arn:aws:iam::111122223333:role/app/order-notifier --format json
              trail403 whatif --policy bucket.json --as resource \\
                --on arn:aws:s3:::amzn-s3-demo-bucket --from 30d
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(
        help: ArgumentHelp("The policy, JSON text; - is standard input.", valueName: "file"), completion: .file())
    var policy: String

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("What it is to be: scp, rcp, boundary, identity or resource.", valueName: "type"))
    var role: ProposedPolicy.Role

    @Option(
        name: .customLong("on"),
        help: ArgumentHelp(
            "Where: an account, root or unit for a control policy, the ARN of a user or role, or of a resource.",
            valueName: "target"))
    var target: String

    @Flag(help: "With scp or rcp: in place of the policies that are attached there, not beside them.")
    var alone = false

    @Option(
        name: [.long, .customLong("since")],
        help: ArgumentHelp("Only calls from this time on, as report takes it.", valueName: "time"),
        transform: TimeArgument.lower)
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp("Only calls up to this time, inclusive; a date means its whole day.", valueName: "time"),
        transform: TimeArgument.upper)
    var to: TimeArgument?

    @Option(help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    @Option(help: ArgumentHelp("Color the text: auto, always or never.", valueName: "when"))
    var color = ColorMode.auto

    @OptionGroup var pager: PagerOption
    @OptionGroup var database: DatabaseOption

    mutating func validate() throws {
        if alone, role != .scp, role != .rcp {
            throw ValidationError("--alone is for control policies: use it with --as scp or --as rcp")
        }
        if let from, let to, from.seconds > to.seconds { throw ValidationError("--from is later than --to") }
        guard ProposedPolicy.Target(target, of: role) != nil else {
            let wanted =
                switch role {
                case .scp, .rcp: "an account (12 digits), a root (r-…) or an organizational unit (ou-…)"
                case .boundary, .identity: "the ARN of a user or role"
                case .resource: "the ARN of what has the policy, such as a bucket, a key or a role"
                }
            throw ValidationError("--as \(role.rawValue) goes on \(wanted), and `\(target)` is none")
        }
    }

    func run() throws {
        let text = try RequestFile.text(policy, limit: PolicyReading.sizeLimit)
        let reading: PolicyReading
        do {
            reading = try PolicyReading(json: text)
        } catch {
            throw Failure(description: "`\(policy)` is not a policy: \(error)")
        }
        guard let place = ProposedPolicy.Target(target, of: role) else { return }
        let proposed = ProposedPolicy(reading, as: role, on: place, standsAlone: alone)
        let store = try TrailDatabase.openForReading(database.path)
        Output.remarks(store.remarks)
        let coverage = try store.coverage()
        let outcome = try WhatIf(proposed, in: store, at: coverage.to, from: from?.seconds, to: to?.seconds)
        try store.close()
        let window = (
            from: from.map { Timestamp.text($0.seconds) } ?? coverage.from,
            to: to.map { Timestamp.text($0.seconds) } ?? coverage.to
        )
        let report = WhatIfReport(outcome, of: proposed, file: policy, window: window)
        let terminal = Terminal.current()
        switch format {
        case .text: try pager.write(report.text(width: terminal.width, color: color.applies(to: terminal)))
        case .json: try Output.write(report.json())
        }
    }
}
