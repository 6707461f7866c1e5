import AccessDenial
package import Causes
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// What is told of grants of services, and what to do about them.
extension ServiceGrants {
    /// What the change means, for a finding.
    package static func story(_ change: TrailChange, isProven: Bool) -> Prose {
        switch change.change.eventSource {
        case "lakeformation.amazonaws.com":
            isProven
                ? "Lake Formation asks for its own grant on the table, beside what IAM's policies allow."
                : "Lake Formation asks for its own grant, beside what IAM's policies allow; whether this one covered what was called is not certain."
        case "ec2.amazonaws.com":
            "An image of another account can be used by those alone with whom it is shared."
        default:
            "Of AWS Organizations a member account may call what its management account delegates to it, and little else."
        }
    }

    /// What to do about a grant that went, or that is not there.
    package static func remedy(_ change: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose
        switch facts.group.reason.slug {
        case lakeFormation:
            text =
                "Grant \(facts.principal.shown) the permission in Lake Formation: IAM's policies alone are not enough for tables that it governs."
        case notShared:
            text =
                "Let the owner of \(list: facts.group.resources.map(\.value), limit: 2) share it with account \(facts.principal.account), or use one that is shared. No policy of account \(facts.principal.account) can allow it."
        default:
            text =
                "Let the management account of the organization make account \(facts.principal.account) a delegated administrator again, or allow \(facts.group.action) in the organization's delegation policy; or make the call in the management account."
        }
        if let change {
            text +=
                "\(change.person.ask) whether removing it was intentional."
        }
        let commands = change.map { ChangeCommands.commands(for: $0) } ?? []
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }
}
