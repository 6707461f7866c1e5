import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// An Allow that stands already, by the trail: it is never offered again, because a second one would change nothing.
enum StandingAllow {
    /// A policy that allows the refused call by its text, and since when it does.
    struct Standing {
        var policy: PolicyHistory.Known
        var since: String
    }

    /// What to do instead of writing the Allow; `nil` where the trail shows none that stands when the archive ends.
    static func remedy(insteadOf offer: PolicyDocument, _ facts: GroupFacts) -> Remedy? {
        let isTrust = offer.statements.contains { $0.principals != nil }
        guard let standing = isTrust ? trust(facts) : ownPolicy(facts) else { return nil }
        let change = standing.policy.change
        let name: Prose =
            isTrust ? "the trust policy of role \(standing.policy.name)" : "policy \(standing.policy.name)"
        let author = change.author
        let held = PermissionsChanged.seconds(from: standing.since, to: facts.group.lastSeen)
        var text: Prose
        if held < 0 {
            text =
                "Retry the call before changing anything: \(name) allows it, and has since \(time: standing.since), after the last denial. \(author.capitalised) wrote it."
        } else {
            text =
                "Another Allow won't help: \(name) already allows the call, and has since \(time: standing.since). \(author.capitalised) wrote it."
            text +=
                held <= PermissionsChanged.settling
                ? "The last denial came \(words: PermissionsChanged.duration(held)) later, and IAM changes take seconds, sometimes minutes, to take effect everywhere: retry the call first."
                : "Calls were refused until \(words: PermissionsChanged.duration(held)) later, so propagation delay is not the cause. Check whether the policy still says this, whether its resources match the refused one as AWS names it, and whether the calls run as \(facts.principal.shown) and without a session policy."
        }
        var commands = change.policyARN.map { PolicyCommands.managedPolicy($0) } ?? ChangeCommands.commands(for: change)
        if !isTrust { commands += PolicyCommands.simulation(facts) }
        return Remedy(commands.isEmpty ? .setting : .command, text, commands: commands)
    }

    private static func ownPolicy(_ facts: GroupFacts) -> Standing? {
        let now = PolicyHistory(of: facts.principal, at: lastMoment, changes: facts.changes)
        guard let policy = now.documents.last(where: { DocumentJudgement.surelyAllows($0.document, facts) }) else {
            return nil
        }
        let attached = facts.changes.last { change in
            change.rule?.direction == .gives && change.policyARN == policy.name
                && (change.concerns(facts.principal) || change.groupName.map(now.groups.contains) ?? false)
        }
        return Standing(policy: policy, since: max(policy.change.time, attached?.time ?? ""))
    }

    private static func trust(_ facts: GroupFacts) -> Standing? {
        let roles = facts.refusedResources
        guard roles.count == 1, let change = facts.changes.last(where: { $0.setsTrust(ofRole: roles[0]) }),
            let document = change.trust, DocumentJudgement.grants(document, on: [], facts) == .yes
        else { return nil }
        let policy = PolicyHistory.Known(name: change.roleName ?? "?", document: document, change: change)
        return Standing(policy: policy, since: change.time)
    }

    /// Later than any event.
    private static let lastMoment = "9999-12-31T23:59:59Z"
}

/// The policy of a key of AWS KMS, without which no policy of a principal allows anything.
///
/// Source: "Key policies in AWS KMS" in the KMS developer guide: an identity-based policy counts only where the key's policy
/// leaves the decision to the account.
enum KeyPolicy {
    /// The latest policy of the refused key in the trail, where it neither names the principal nor leaves the decision to its
    /// account; `nil` where it does, or the trail does not hold it.
    static func shutting(out facts: GroupFacts) -> TrailChange? {
        guard facts.servicePrefix == "kms", let key = facts.refusedResources.first else { return nil }
        let writes = facts.changes.filter { change in
            change.change.eventName == "PutKeyPolicy" && change.resource.map { change.isPolicy($0, of: key) } ?? false
        }
        guard let last = writes.last else { return nil }
        let policy = ResourcePolicyHistory(after: [last])
        guard policy.delegates(to: facts.principal.account, action: facts.group.action) == false,
            policy.grant(on: [key], facts) == .no
        else { return nil }
        return last
    }

    /// What to do about it.
    static func remedy(_ change: TrailChange, _ facts: GroupFacts) -> Remedy {
        Remedy(
            .policy,
            "Let the key's own policy allow \(facts.group.action) to \(facts.principal.arn), or leave the decision to account \(facts.principal.account) as its root ARN does. The version that \(change.author) wrote at \(time: change.time) does neither, so no Allow in the policies of \(facts.principal.shown) helps.",
            commands: ChangeCommands.commands(for: change))
    }
}
