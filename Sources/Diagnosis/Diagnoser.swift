import AccessDenial
public import Causes
import Findings
import IAMPolicy
import PolicyTimeline
import RecordedChanges
public import Remedies
public import TrailStore
import Wording

/// Explains denial groups from the facts that the store holds.
///
/// A diagnosis is a pure function: the same groups, usage, changes, coverage and time give the same findings, in whatever order
/// they come.
public struct Diagnoser: Sendable {
    private let facts: TrailFacts
    /// How principals fared: for the diagnoser of another part of the same groups.
    public let usage: UsageIndex

    /// A diagnoser over these facts.
    ///
    /// - Parameters:
    ///   - usage: every row of the groups' principals, and every row of the groups' actions with at least one success. More does
    ///     no harm.
    ///   - changes: events that changed permissions and succeeded, over the whole database, not only the report's window: what
    ///     broke a call often lies before it.
    ///   - coverage: what the database holds.
    ///   - reportTime: ISO 8601 UTC text.
    ///   - projects: where Pinpoint projects answered.
    ///   - companions: what the logs beside CloudTrail tell.
    public init(
        usage: [Usage], changes: [PermissionChange], coverage: Coverage, reportTime: String,
        projects: [ProjectUse] = [], companions: CompanionFacts = CompanionFacts()
    ) {
        self.init(
            usage: UsageIndex(usage), changes: changes, coverage: coverage, reportTime: reportTime, projects: projects,
            companions: companions)
    }

    private init(
        usage: UsageIndex, changes: [PermissionChange], coverage: Coverage, reportTime: String,
        projects: [ProjectUse], companions: CompanionFacts
    ) {
        self.usage = usage
        facts = TrailFacts(
            usage: usage, changes: changes, coverage: coverage, reportTime: reportTime, projects: projects,
            companions: companions)
    }

    /// A diagnoser over all that the store read for a report, made at `reportTime`.
    ///
    /// - Parameter usage: what the diagnoser of another part of the same groups had.
    public init(_ facts: ReportFacts, reportTime: String, usage: UsageIndex? = nil) {
        self.init(
            usage: usage ?? UsageIndex(facts.usage), changes: facts.changes, coverage: facts.coverage,
            reportTime: reportTime,
            projects: facts.projects, companions: facts.companions)
    }

    /// Diagnoses groups, in their order.
    public func diagnose(_ groups: [DenialGroup]) -> [DiagnosedGroup] { diagnose(groups) { $0 } }

    /// The same, of which no more is kept than is `told` of each.
    public func diagnose<Told: Sendable>(
        _ groups: [DenialGroup], _ told: @Sendable (DiagnosedGroup) -> Told
    ) -> [Told] {
        let behind = DenialsBehind(groups)
        return groups.parallelParts { $0.map { told(diagnose($0, behind: behind.denial(behind: $0))) } }
    }

    /// Everything that is known about one group.
    func facts(of group: DenialGroup) -> GroupFacts { facts.facts(of: group) }

    /// Diagnoses one group.
    public func diagnose(_ group: DenialGroup) -> DiagnosedGroup { diagnose(group, behind: nil) }

    private func diagnose(_ group: DenialGroup, behind: DenialsBehind.Denial?) -> DiagnosedGroup {
        if let diagnosis = FrontDiagnosis.diagnosis(group) { return diagnosis }
        let facts = facts.facts(of: group, behind: behind)
        // Two families may come to the same finding; the surer one, else the earlier one, speaks.
        var told: Set<Finding.Code> = []
        var findings = RootCauseOrder.sorted(Self.families.flatMap { $0(facts) }).filter {
            told.insert($0.code).inserted
        }.map { $0.withStatement(facts.failing, facts).withCause(facts).withPoint }
        // `Stated` and `Unstated` between them answer every reason, so there is always a first finding.
        var rootCause =
            RootCauseOrder.rootCause(of: findings) ?? findings.first
            ?? Finding(
                .reasonUnstated, .stated, title: "AWS does not state the reason",
                "Nothing is known about this refusal.",
                evidence: facts.denialEvidence
            ).withCause(facts)
        let (status, statusText) = GroupStatus.status(facts)
        let repair = status == .resolved ? PermissionsChanged.repair(facts) : nil
        let changed = ChangedPolicy(facts, besides: rootCause)
        if let changed {
            rootCause = changed.finding
            findings.removeAll { $0.code == rootCause.code }
            findings.insert(rootCause, at: 0)
        }
        let change = changed?.change ?? facts.blamedChange(rootCause)
        let tried = changed == nil ? TriedRepair(facts, rootCause, status) : nil
        if let story = tried?.story(behind: rootCause.point) {
            rootCause.point += story
            rootCause.explanation += story
            if let place = findings.firstIndex(where: { $0.code == rootCause.code }) { findings[place] = rootCause }
        }
        // The findings tell what the records do, and a report may be of very many groups.
        var kept = group
        kept.requests = []
        kept.successes = []
        var diagnosed = DiagnosedGroup(
            group: kept, findings: findings, rootCause: rootCause,
            remedy: changed?.remedy(status)
                ?? (rootCause.code == .permissionsChanged ? nil : tried?.remedy(status))
                    ?? Advice.remedy(for: rootCause, status: status, repair: repair, facts),
            status: status,
            statusText: statusText, fixedBy: repair?.evidence,
            causeKey: CauseKey(rootCause, change: change, facts),
            change: facts.blames(change, rootCause) ? change?.evidence : nil)
        diagnosed.changeKey = diagnosed.blamesChange ? change?.change.key : nil
        diagnosed.behindGroupID = behind?.group
        diagnosed.comparison = facts.requests.comparison
        return diagnosed
    }

    /// The families of findings. Their order does not matter: ``RootCauseOrder`` ranks what they find.
    private static let families: [@Sendable (GroupFacts) -> [Finding]] = [
        Stated.findings, Unstated.findings, ServiceEnded.findings, PermissionsChanged.findings,
        PrincipalRecreated.findings, JustCreated.findings, Evaluated.findings, PolicyDocuments.findings,
        CognitoGuest.findings,
        UsagePatterns.findings,
        ConditionalAllow.findings, MissingKey.findings, FurtherRequests.findings,
        CallContext.findings,
        CrossAccount.findings, ThroughService.findings, KnownRefusal.findings, GatewayLogs.findings,
        ApplicationLogs.findings,
    ]
}

extension Diagnoser {
    /// The permission changes that a diagnosis looks at, by their names: every one of a subject that it would ask for, and some
    /// more, such as those of a role of the same name in another account.
    public static let changeSelection = ChangeSelection(
        names: { group in
            let principal = GroupFacts.refusedPrincipal(of: group)
            var names = Set(group.subjectsOfChanges(principal).map(\.name))
            if ChangedPolicy.mayBe(group) {
                names.insert(PermissionChangeTarget.managedPolicyName(ofAccount: principal.account))
            }
            // Through which endpoints the calls came when they succeeded is not known yet.
            return group.vpcEndpointIds.isEmpty ? names.union([PermissionChangeTarget.endpointName]) : names
        },
        furtherNames: { ChangeRecord($0).furtherNames },
        requestedNames: { Set($0.subjectsOfRequests.map(\.name)) })
}
