import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// The role was created moments before somebody assumed it, or handed it to a service: IAM is eventually consistent.
///
/// Source: "Changes that I make are not always immediately visible" in the IAM user guide.
enum JustCreated {
    /// How many seconds a new role may take. AWS gives no number; in public trails it is less than half a minute.
    private static let delay = 60

    static func findings(_ facts: GroupFacts) -> [Finding] {
        if facts.group.reason.slug == ServiceRoleRefusal.notAssumable { return handedToService(facts) }
        guard facts.servicePrefix == "sts", facts.operation == "AssumeRole", facts.group.reason.effect == .unstated
        else {
            return []
        }
        let roles = facts.refusedResources
        // Whether it was only too early shows in successes that followed.
        guard !roles.isEmpty, (facts.group.successesWithin ?? 0) > 0 || facts.firstSuccessAfter != nil else {
            return []
        }
        var created: [TrailChange] = []
        for role in roles {
            let creation = facts.changes.last { change in
                change.changeName == .createRole && isCreation(change, of: role)
                    && change.time <= facts.group.lastSeen
                    && TimeSpan.seconds(from: change.time, to: facts.group.firstSeen) <= delay
            }
            guard let creation else { return [] }
            // The denials of this role that are at hand must have come right behind it.
            let isLate = facts.group.evidence.contains { denial in
                denial.resource == role && TimeSpan.seconds(from: creation.time, to: denial.eventTime) > delay
            }
            if isLate || isTrustedLater(creation, role: role, facts) { return [] }
            created.append(creation)
        }
        guard let first = created.min(by: { $0.time < $1.time }) else { return [] }
        let lag = TimeSpan.words(TimeSpan.seconds(from: first.time, to: facts.group.firstSeen))
        return [
            Finding(
                .notYetEffective, .inferred, title: "The role had only just been created",
                "\(first.summary.capitalised) at \(time: first.time), \(words: lag) before the first refusal, and assuming a role succeeded soon after. IAM takes some seconds until a new role is known everywhere; AWS names no other reason.",
                evidence: created.prefix(3).map(\.evidence) + facts.denialEvidence.prefix(1))
        ]
    }

    /// A service that could not assume a role and could seconds later: nobody edits a trust policy between two retries of a client.
    private static func handedToService(_ facts: GroupFacts) -> [Finding] {
        guard let success = facts.firstSuccessAfter, facts.group.successesWithin ?? 0 == 0 else { return [] }
        let lag = TimeSpan.seconds(from: facts.group.firstSeen, to: success)
        guard (0...delay).contains(lag) else { return [] }
        let isTrustChanged = facts.changes.contains {
            $0.rule?.target == .trust && $0.time > facts.group.firstSeen && $0.time <= success
        }
        guard !isTrustChanged else { return [] }
        return [
            Finding(
                .notYetEffective, .inferred, title: "The role was not yet known to the service",
                "The same call succeeded \(words: TimeSpan.words(lag)) after the first refusal, and no trust policy was changed in between. IAM takes some seconds until a new role is known everywhere.",
                evidence: Array(facts.denialEvidence.prefix(1)))
        ]
    }

    /// Whether the role's first trust policy does not let the caller in, or it was changed before the denials ended: then that is
    /// what it took.
    private static func isTrustedLater(_ creation: TrailChange, role: String, _ facts: GroupFacts) -> Bool {
        if let document = creation.document, Judgement(document.statements, as: .roleTrust, facts).allows == .no {
            return true
        }
        return facts.changes.contains {
            $0.rule?.target == .trust && $0.isTrust(ofRole: role) && $0.time > creation.time
                && $0.time <= (facts.firstSuccessAfter ?? facts.group.lastSeen)
        }
    }

    private static func isCreation(_ change: TrailChange, of role: String) -> Bool {
        guard let arn = ARN(role), arn.service == "iam", arn.resource.hasPrefix("role/") else { return false }
        return arn.name == change.roleName && (change.account.isEmpty || change.account == arn.account)
    }
}
