import AccessDenial
package import Causes
package import Findings
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import RecordedCalls
package import RecordedChanges
package import TrailStore
import Wording

/// A managed policy of the account whose new version refuses what its former one let pass, where no event tells who has it: most
/// policies were attached long before an archive begins.
package struct ChangedPolicy {
    /// What its new version lacks, or denies.
    package let finding: Finding
    /// The facts as if the principal had the policy.
    private let facts: GroupFacts

    /// How many new versions are looked at, the nearest to the first denial.
    private static let limit = 20

    /// `nil` where AWS names another type of policy, where the call never worked, where a policy that the principal has explains it,
    /// and where not exactly one policy fits.
    package init?(_ facts: GroupFacts, besides rootCause: Finding) {
        let reason = facts.group.reason
        let success = facts.sameActionHere.compactMap(\.firstSuccess).min()
        guard Self.mayBe(facts.group), facts.resourceAccount.map({ $0 == facts.principal.account }) ?? true,
            let success,
            Self.saysLittle(rootCause), rootCause.statement == nil,
            facts.principal.kind == .role || facts.principal.kind == .user, !facts.scene.requests.isEmpty,
            // Whose policies are all known has no other.
            !(facts.scene.view.state.principal?.identity.isComplete ?? false)
        else { return nil }
        let known = Set(facts.policies.known.map(\.name) + facts.policies.unread)
        let named = Set(facts.group.policyARNs.map(\.value))
        let changes = facts.trail.newVersions(
            inAccount: facts.principal.account, after: success, until: facts.group.firstSeen, atMost: Self.limit
        ).filter { !($0.policyARN.map(known.contains) ?? true) }
        var found: [(change: TrailChange, facts: GroupFacts)] = []
        var possible = found
        var asked: Set<String> = []
        for change in changes.reversed() {
            guard let policy = change.policyARN, asked.insert(policy).inserted,
                named.isEmpty || named.contains(policy)
            else { continue }
            // Most policies are about something else.
            let mention = facts.trail.mention(of: facts.group.action, by: change)
            guard mention.before != false || mention.after != false else { continue }
            let (before, after) = (
                Self.answers(policy, undoing: [change.event], facts), Self.answers(policy, undoing: [], facts)
            )
            let isIt =
                reason.effect == .explicit
                ? before.denies != .yes && after.denies == .yes
                : after.allows == .no
                    && (before.allows == .yes && before.denies == .no
                        || before.allows == .undetermined && Self.endsWhatWorked(change, policy, facts))
            if isIt, !Self.isRefuted(change, policy, facts), Self.passedRole(before: change, facts) {
                found.append((change, facts.presuming(policy)))
            }
            // One that speaks of the service, and of which it is not known what it said before, may be it as well.
            if !isIt, before.allows == .undetermined, Self.speaks(policy, facts), reason.effect != .explicit {
                possible.append((change, facts.presuming(policy)))
            }
        }
        if found.count == 1, possible.isEmpty, let (change, presumed) = found.first {
            self.init(change, presumed, .inferred)
        } else if found.isEmpty, possible.count == 1, rootCause.code != .missingAllow,
            let (change, presumed) = possible.first
        {
            // A guess is not better for being about something else.
            self.init(change, presumed, .possible)
        } else {
            return nil
        }
    }

    /// Whether AWS names the caller's own policies, or gives no reason.
    package static func mayBe(_ group: DenialGroup) -> Bool {
        group.reason.policyType == .identityBased
            || group.category == .authorization && Unstated.slugs.contains(group.reason.slug)
    }

    /// Whether a root cause says no more than AWS, or only what may be.
    private static func saysLittle(_ rootCause: Finding) -> Bool {
        switch rootCause.code {
        case .missingAllow, .passRoleMissing, .explicitDeny, .reasonUnstated: true
        case .permissionsChanged: rootCause.confidence == .possible
        default: false
        }
    }

    /// Whether a policy's text at the first denial, as if some events had not happened, allows every call, and whether it denies one.
    private static func answers(_ policy: String, undoing undone: Set<ChangeEvent>, _ facts: GroupFacts) -> (
        allows: Truth, denies: Truth
    ) {
        guard let judgement = judgement(policy, undoing: undone, facts) else { return (.undetermined, .undetermined) }
        return (judgement.allows, judgement.denies)
    }

    /// Where no record holds the former version: whether the new one speaks of the service and refuses calls that worked before it.
    private static func endsWhatWorked(_ change: TrailChange, _ policy: String, _ facts: GroupFacts) -> Bool {
        guard speaks(policy, facts), let new = judgement(policy, undoing: [], facts) else { return false }
        let before = facts.requests.succeeded.map(\.observed).filter { $0.eventTime < change.time }
        return before.last.map { new.allows($0.request(in: facts.policies(at: $0.moment))) == .no } ?? false
    }

    private static func speaks(_ policy: String, _ facts: GroupFacts) -> Bool {
        let held = facts.text(ofPolicy: policy, at: .at(facts.asOf))
        let book = held.flatMap { facts.trail.library.book($0, as: .identityBased) }
        return book?.statements.speak(of: facts.servicePrefix) ?? true
    }

    private static func judgement(_ policy: String, undoing undone: Set<ChangeEvent>, _ facts: GroupFacts) -> Judgement?
    {
        facts.text(ofPolicy: policy, at: .at(facts.asOf), undoing: undone)
            .flatMap { facts.trail.library.book($0, as: .identityBased) }
            .map { Judgement($0, as: .identityBased, facts) }
    }

    /// Whether a call succeeded since the change though the new version refuses it: then something else allows such calls.
    private static func isRefuted(_ change: TrailChange, _ policy: String, _ facts: GroupFacts) -> Bool {
        guard facts.group.reason.effect != .explicit, let new = judgement(policy, undoing: [], facts) else {
            return false
        }
        return facts.requests.succeeded.contains { one in
            TimeSpan.seconds(from: change.time, to: one.observed.eventTime) > TimeSpan.settling
                && one.observed.eventTime < facts.group.firstSeen
                && new.allows(one.observed.request(in: facts.policies(at: one.observed.moment))) == .no
        }
    }

    /// Whether a call before the change passed the role that is refused now: calls of the same name pass others as well. True of every
    /// action but `iam:PassRole`.
    private static func passedRole(before change: TrailChange, _ facts: GroupFacts) -> Bool {
        guard facts.group.action.lowercased() == "iam:passrole" else { return true }
        let roles = Set(facts.refusedResources.flatMap { [$0, ARN($0)?.name ?? $0] })
        return facts.requests.succeeded.contains { one in
            var isPassed = false
            one.observed.call.parameters?.forEachText { isPassed = isPassed || roles.contains($0) }
            return isPassed && one.observed.eventTime < change.time
        }
    }

    private init(_ change: TrailChange, _ facts: GroupFacts, _ confidence: Confidence) {
        (self.change, self.facts) = (change, facts)
        let lacks = (PolicyDocuments.findings(facts) + ConditionalAllow.findings(facts)).first {
            [.resourceTooNarrow, .conditionUnmet].contains($0.code)
        }
        let story = lacks?.explanation ?? facts.failing?.statement.story(facts) ?? ""
        let isKnown = change.policyARN.map {
            facts.text(ofPolicy: $0, at: .at(facts.asOf), undoing: [change.event]) != nil
        }
        let former: Prose =
            isKnown ?? false
            ? "The former version \(words: facts.group.reason.effect == .explicit ? "did not deny" : "allowed") these calls, and the new one \(words: facts.group.reason.effect == .explicit ? "does" : "does not")."
            : "Calls worked until then, and the new version \(words: facts.group.reason.effect == .explicit ? "denies" : "does not allow") these. What the former one said is not in the trail."
        let presumption: Prose =
            "\(change.summary.capitalised) at \(time: change.time)." + former
            + "Nothing in the archive tells whether \(facts.principal.shown) has the policy."
        finding = Finding(
            .permissionsChanged, confidence, title: change.summary.capitalised, presumption + story,
            point: former + story,
            evidence: [change.evidence] + facts.denialEvidence.prefix(1),
            cause: .edit(Cause.Change(events: [change.event])), statement: lacks?.statement ?? facts.failing?.statement)
        remedied = lacks
    }

    private let remedied: Finding?
    /// The new version.
    package let change: TrailChange

    /// What to do.
    package func remedy(_ status: DiagnosedGroup.Status) -> Remedy {
        if status == .resolved { return Advice.remedy(for: finding, status: status, repair: nil, facts) }
        let told =
            remedied.map { Advice.remedy(for: $0, status: status, repair: nil, facts) }
            ?? StatementRemedy.remedy(for: finding, facts)
        var remedy = told ?? undo
        if remedy.kind != .none {
            remedy.text +=
                "First look whether \(facts.principal.shown) has the policy, for no event in the archive attached it."
        }
        return remedy
    }

    private var undo: Remedy {
        let policy = change.policyARN.flatMap { ARN($0)?.name } ?? "?"
        let text: Prose =
            facts.group.reason.effect == .explicit
            ? "Narrow the Deny in policy \(policy) such that it spares this call, or make its former version the default again, unless the change was intentional."
            : "Let policy \(policy) allow \(LeastPrivilege.call(facts)) as well, or make its former version the default again, unless the change was intentional."
        return Remedy(.command, text, commands: ChangeCommands.commands(for: change))
    }
}
