import AccessDenial
import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// An Allow that stands already, by the trail: it is never offered again, because a second one would change nothing.
enum StandingAllow {
    /// What to do instead of writing the Allow; `nil` where the trail shows none that stands when the archive ends.
    package static func remedy(insteadOf offer: PolicyDocument, _ facts: GroupFacts) -> Remedy? {
        let type = Offer.type(of: offer, facts)
        guard let policy = Standing(facts).allowing(as: type), let change = facts.writing(policy)
        else { return nil }
        let name: Prose =
            switch type {
            case .identityBased: "policy \(policy.name)"
            case .roleTrust: "the trust policy of role \(change.roleName ?? "?")"
            default: Evaluated.holder(type, facts)
            }
        let author = change.author
        let since = [change.time, policy.source.event?.eventTime ?? ""].max() ?? change.time
        let held = TimeSpan.seconds(from: since, to: facts.group.lastSeen)
        var text: Prose
        if held < 0 {
            text =
                "Retry the call before changing anything: \(name) allows it, and has since \(time: since), after the last denial. \(author.capitalised) wrote it."
        } else {
            text =
                "Another Allow won't help: \(name) already allows the call, and has since \(time: since). \(author.capitalised) wrote it."
            text +=
                held <= TimeSpan.settling
                ? "The last denial came \(words: TimeSpan.words(held)) later, and IAM changes take seconds, sometimes minutes, to take effect everywhere: retry the call first."
                : "Calls were refused until \(words: TimeSpan.words(held)) later, so propagation delay is not the cause. Check whether the policy still says this, whether its resources match the refused one as AWS names it, and whether the calls run as \(facts.principal.shown) and without a session policy."
        }
        var commands = change.policyARN.map { PolicyCommands.managedPolicy($0) } ?? ChangeCommands.commands(for: change)
        if type == .identityBased, held >= 0 { commands += PolicyCommands.simulation(facts) }
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }
}

/// The policy of a key of AWS KMS, without which no policy of a principal allows anything.
enum KeyPolicy {
    /// The change that wrote the policy that the refused key has as the archive ends, where it neither names the principal nor leaves
    /// the decision to its account; `nil` where it does, or the trail does not hold it.
    static func shutting(out facts: GroupFacts) -> TrailChange? {
        Standing(facts).shuttingKeyPolicy.flatMap(facts.writing)
    }

    /// What to do about it.
    package static func remedy(_ change: TrailChange, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .policy,
            "Let the key's own policy allow \(facts.group.action) to \(facts.principal.arn), or leave the decision to account \(facts.principal.account) as its root ARN does. The version that \(change.author) wrote at \(time: change.time) does neither, so no Allow in the policies of \(facts.principal.shown) helps.",
            commands: ChangeCommands.commands(for: change))
    }
}
