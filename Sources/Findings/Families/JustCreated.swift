import AccessDenial
package import Causes
import IAMPolicy
package import PolicyTimeline
import RecordedCalls
package import RecordedChanges
import TrailStore
import Wording

/// The role was created, or its permissions were granted, moments before somebody used them: IAM is eventually consistent.
///
/// Source: "Changes that I make are not always immediately visible" in the IAM user guide.
package enum JustCreated {
    /// How many seconds a new role may take. AWS gives no number; in public trails it is less than half a minute.
    private static let delay = 60

    package static func findings(_ facts: GroupFacts) -> [Finding] {
        if facts.group.reason.slug == ServiceRoleRefusal.notAssumable { return handedToService(facts) }
        if let set = UnprovisionedSet(facts) { return [set.finding(facts)] }
        if let grant = granted(facts) { return [grantedMoments(grant, facts)] }
        if let same = SameCallSoonAfter(facts) { return [same.finding(facts)] }
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

    /// The Allow that stands and that was written moments before the first denial, with the change that wrote it; `nil` where there is
    /// none, or AWS does not say that an Allow of the caller's own is missing.
    package static func granted(_ facts: GroupFacts) -> (policy: HeldPolicy, change: TrailChange)? {
        guard facts.group.reason == .missingAllow(.identityBased) else { return nil }
        return facts.causeMemo.granted.value { findGranted(facts) }
    }

    private static func findGranted(_ facts: GroupFacts) -> (policy: HeldPolicy, change: TrailChange)? {
        let (first, last) = (facts.group.firstSeen, facts.group.lastSeen)
        func isFresh(_ time: String) -> Bool {
            time <= first && TimeSpan.seconds(from: time, to: last) <= delay
        }
        // Most groups have no change that is so near.
        let near = facts.changes(after: "", upTo: first).reversed().lazy.prefix { isFresh($0.time) }
        guard near.contains(where: { $0.rule?.policyType == .identityBased }),
            let policy = Standing(facts).allowing(as: .identityBased), let change = facts.writing(policy)
        else { return nil }
        let since = max(change.time, policy.source.event?.eventTime ?? "")
        return isFresh(since) && since > facts.lastSuccessBefore ?? "" ? (policy, change) : nil
    }

    private static func grantedMoments(_ grant: (policy: HeldPolicy, change: TrailChange), _ facts: GroupFacts)
        -> Finding
    {
        let since = max(grant.change.time, grant.policy.source.event?.eventTime ?? "")
        let lag = TimeSpan.words(TimeSpan.seconds(from: since, to: facts.group.firstSeen))
        let hasWorked = facts.firstSuccessAfter != nil || facts.group.successesWithin ?? 0 > 0
        var text: Prose =
            "Policy \(grant.policy.name) has allowed the call since \(time: since), \(words: lag) before the first refusal; \(grant.change.author) wrote it. IAM takes seconds, sometimes minutes, until a change takes effect everywhere."
        if hasWorked { text += "The call succeeded soon after." }
        return Finding(
            .notYetEffective, .inferred, title: "The permission had only just been granted", text,
            evidence: [grant.change.evidence] + facts.denialEvidence.prefix(1))
    }

    /// A service that could not assume a role and could seconds later: nobody edits a trust policy between two retries of a client.
    private static func handedToService(_ facts: GroupFacts) -> [Finding] {
        if let created = newRoles(facts) { return [created] }
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

    /// Roles that were handed to a service within seconds of their creation, each time: a client that takes a role away where the
    /// call fails meets a new one with each try. `nil` where one was older, or has a trust policy that does not let the service in.
    private static func newRoles(_ facts: GroupFacts) -> Finding? {
        guard KnownRefusal.serviceRole(facts)?.point.isEmpty ?? true else { return nil }
        var created: [(change: TrailChange, lag: Int)] = []
        let named = Set(facts.group.rolesNamed.map(\.description))
        for call in facts.requests.denied.all.map(\.observed) {
            var roles: Set<String> = []
            call.call.parameters?.forEachText { if named.contains($0) { roles.insert($0) } }
            if roles.isEmpty { continue }
            let lags = facts.changes.filter { change in
                change.changeName == .createRole && roles.contains { isCreation(change, of: $0) }
            }.map { ($0, TimeSpan.seconds(from: $0.time, to: call.eventTime)) }
            guard let newest = lags.filter({ (0...delay).contains($0.1) }).min(by: { $0.1 < $1.1 }) else {
                return nil
            }
            created.append(newest)
        }
        guard let (last, _) = created.last, let longest = created.map(\.lag).max() else { return nil }
        let point: Prose =
            "Each refused call came within \(words: TimeSpan.words(longest)) of the creation of the role that it hands over (\(last.roleName ?? "?") at \(time: last.time))."
        return Finding(
            .notYetEffective, .inferred, title: "The role had only just been created",
            point
                + "Its trust policy lets the service in as far as the trail shows. IAM takes some seconds until a new role is known everywhere.",
            point: point, evidence: created.prefix(3).map(\.change.evidence) + facts.denialEvidence.prefix(1))
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
