import AccessDenial
import IAMPolicy
import PolicyTimeline
import RecordedCalls
import RecordedChanges
import TrailStore
import Wording

/// A managed policy of the account whose new version refuses what its former one let pass, where no event tells who has it: most
/// policies were attached long before an archive begins.
struct ChangedPolicy {
    /// What its new version lacks, or denies.
    let finding: Finding
    /// The facts as if the principal had the policy.
    private let facts: GroupFacts

    /// How many policies are asked, the nearest to the first denial.
    private static let limit = 20

    /// `nil` where AWS names another type of policy, where the call never worked, where a policy that the principal has explains it,
    /// and where not exactly one policy fits.
    init?(_ facts: GroupFacts, besides rootCause: Finding) {
        let reason = facts.group.reason
        let success = facts.sameActionHere.compactMap(\.firstSuccess).min()
        guard reason.policyType == .identityBased, let success,
            rootCause.code == .missingAllow || rootCause.code == .explicitDeny, rootCause.statement == nil,
            facts.principal.kind == .role || facts.principal.kind == .user, !facts.scene.requests.isEmpty,
            // Whose policies are all known has no other.
            !(facts.scene.view.state.principal?.identity.isComplete ?? false)
        else { return nil }
        let known = Set(facts.policies.known.map(\.name) + facts.policies.unread)
        let changes = facts.trail.newVersions(inAccount: facts.principal.account).filter {
            $0.time > success && $0.time <= facts.group.firstSeen && !($0.policyARN.map(known.contains) ?? true)
        }
        var found: [(change: TrailChange, facts: GroupFacts)] = []
        var asked: Set<String> = []
        for change in changes.reversed() {
            guard let policy = change.policyARN, asked.insert(policy).inserted, asked.count <= Self.limit else {
                continue
            }
            let (before, after) = (
                Self.answers(policy, undoing: [change.event], facts), Self.answers(policy, undoing: [], facts)
            )
            let isIt =
                reason.effect == .explicit
                ? before.denies == .no && after.denies == .yes
                : before.allows == .yes && before.denies == .no && after.allows == .no
            if isIt, !Self.isRefuted(change, policy, facts) { found.append((change, facts.presuming(policy))) }
            // One that speaks of the service, and of which it is not known what it said before, may be it as well.
            if before.allows == .undetermined, Self.speaks(policy, facts) { return nil }
        }
        guard found.count == 1, let (change, presumed) = found.first else { return nil }
        self.init(change, presumed)
    }

    /// Whether a policy's text at the first denial, as if some events had not happened, allows every call, and whether it denies one.
    private static func answers(_ policy: String, undoing undone: Set<ChangeEvent>, _ facts: GroupFacts) -> (
        allows: Truth, denies: Truth
    ) {
        guard let judgement = judgement(policy, undoing: undone, facts) else { return (.undetermined, .undetermined) }
        return (judgement.allows, judgement.denies)
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

    private init(_ change: TrailChange, _ facts: GroupFacts) {
        self.facts = facts
        let lacks = (PolicyDocuments.findings(facts) + ConditionalAllow.findings(facts)).first {
            [.resourceTooNarrow, .conditionUnmet].contains($0.code)
        }
        let story = lacks?.explanation ?? facts.failing?.statement.story(facts) ?? ""
        let presumption: Prose =
            "\(change.summary.capitalised) at \(time: change.time): the former version allowed these calls, and the new one does not, if \(facts.principal.shown) has the policy. Nothing in the archive tells who has it."
        finding = Finding(
            .permissionsChanged, .inferred, title: change.summary.capitalised, presumption + story,
            point: "The former version allowed these calls, and the new one does not." + story,
            evidence: [change.evidence] + facts.denialEvidence.prefix(1),
            cause: .edit(Cause.Change(events: [change.event])), statement: lacks?.statement ?? facts.failing?.statement)
        remedied = lacks
    }

    private let remedied: Finding?

    /// What to do.
    func remedy(_ status: DiagnosedGroup.Status) -> Remedy {
        var remedy = Advice.remedy(for: remedied ?? finding, status: status, repair: nil, facts)
        if remedy.kind != .none {
            remedy.text +=
                "First look whether \(facts.principal.shown) has the policy, for no event in the archive attached it."
        }
        return remedy
    }
}
