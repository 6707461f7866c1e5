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
    package static func story(_ change: TrailChange, isProven: Bool, _ facts: GroupFacts) -> Prose {
        switch change.change.eventSource {
        case "glue.amazonaws.com":
            story(ofDeletion: change, facts)
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

    /// What went with a table or database, and what there is in its place.
    private static func story(ofDeletion change: TrailChange, _ facts: GroupFacts) -> Prose {
        let lost = lost(with: change, facts)
        let name = change.change.target ?? "?"
        let text: Prose =
            lost.isEmpty
            ? "Grants on \(name) by its name went with it."
            : "\(facts.principal.shown.capitalised) had \(list: lost, limit: 4) on \(name) by its name until then."
        guard let creation = creation(after: change, facts) else {
            return text + "The trail does not show that it was made anew."
        }
        return text
            + "\(creation.author.capitalised) made \(name) anew at \(time: creation.time), and nobody but its creator has anything on that one until it is granted again."
    }

    /// What to grant again where a table or database was made anew under its name, and how to keep it the next time.
    private static func remedy(ofDeletion change: TrailChange, _ facts: GroupFacts) -> Prose {
        let lost = lost(with: change, facts)
        let what: Prose = lost.isEmpty ? "what it had" : "\(list: lost, limit: 4)"
        return
            "Grant \(facts.principal.shown) \(what) on \(change.change.target ?? "?") in Lake Formation again: IAM's policies alone are not enough. What is granted on all tables of a database or by LF-tags outlasts the next time; so does a table that is updated in place of being deleted and created."
    }

    /// What to do about a grant that went, or that is not there.
    package static func remedy(_ change: TrailChange?, _ facts: GroupFacts) -> Remedy {
        var text: Prose
        switch facts.group.reason.slug {
        case lakeFormation where change?.change.eventSource == "glue.amazonaws.com":
            text = change.map { remedy(ofDeletion: $0, facts) } ?? ""
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
