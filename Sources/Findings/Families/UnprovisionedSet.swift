import AccessDenial
package import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// A permission set that allows what was refused, and that nobody has provisioned to the account since it does: the role there still has
/// the policies of before.
///
/// Source: "Permission sets" in the IAM Identity Center user guide; ProvisionPermissionSet in its API reference.
package struct UnprovisionedSet {
    /// The edit that gave the set what the role lacks.
    private let change: TrailChange
    private let name: String
    private let provisioned: String

    /// `nil` where AWS refuses for another reason, and where the trail does not show when the set was provisioned last.
    package init?(_ facts: GroupFacts) {
        guard facts.group.reason == .missingAllow(.identityBased), let role = facts.permissionSet,
            role.sets.count == 1, let set = role.sets.first
        else { return nil }
        let end = Moment.at(facts.group.lastSeen)
        let account = facts.principal.account
        guard let written = facts.timeline.permissionSet(set, provisionedTo: account, at: end),
            !Self.allows(written.identity, facts),
            Self.allows(facts.timeline.permissionSet(set, editedAt: end), facts)
        else { return nil }
        let later = facts.changes.last { change in
            change.permissionSet == set && change.event.moment > written.provisioned
                && change.time <= facts.group.lastSeen
                && change.edits.contains { $0.lane.kind == .inline || $0.lane.kind == .attached }
        }
        guard let later else { return nil }
        change = later
        name = role.name
        provisioned = written.provisioned.time
    }

    private static func allows(_ slot: PolicySlot, _ facts: GroupFacts) -> Bool {
        slot.policies.contains { policy in
            guard let document = policy.text.document else { return false }
            return Judgement(document.statements, facts).allows == .yes
        }
    }

    package func finding(_ facts: GroupFacts) -> Finding {
        Finding(
            .notYetEffective, .inferred, title: "The permission set was changed and not provisioned since",
            "Permission set \(name) allows \(facts.group.action): \(change.summary) at \(time: change.time). It was written into account \(facts.principal.account) for the last time at \(time: provisioned), before that, so the role there still has the policies of then.",
            evidence: [change.evidence] + facts.denialEvidence.prefix(1))
    }

    package func remedy(_ facts: GroupFacts) -> Remedy {
        var commands: [ShellCommand] = []
        if let instance = change.parameter("instanceArn"), let set = change.parameter("permissionSetArn") {
            commands = [
                ShellCommand(
                    .ssoAdminProvisionPermissionSet,
                    [
                        "--instance-arn", .value(instance, .arn(service: "sso")), "--permission-set-arn",
                        .value(set, .arn(service: "sso")), "--target-type", "AWS_ACCOUNT", "--target-id",
                        .value(facts.principal.account, .account),
                    ] + ShellWord.region(change.change.awsRegion))
            ]
        }
        return Remedy(
            .command,
            "Provision permission set \(name) to account \(facts.principal.account), \(ProtectedRole.place). The set itself needs no further Allow, and IAM refuses to change the role.",
            commands: commands)
    }
}
