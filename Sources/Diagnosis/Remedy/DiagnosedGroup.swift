import AccessDenial
import IAMPolicy
public import RecordedCalls
public import TrailStore
public import Wording

/// A denial group with why it was refused and what to do.
public struct DiagnosedGroup: Sendable, Hashable {
    /// Whether the group's calls work by now.
    public enum Status: String, Sendable, CaseIterable, Codable {
        /// No success of the same principal and action is known since the last denial, and the archive ends before it would be
        /// tried again, by the group's own rhythm.
        case ongoing
        /// No success is known since the last denial, but the call is not tried any more.
        case quiet
        /// The principal, or everything that was refused, was deleted.
        case gone
        /// The same principal and action succeeded after the last denial.
        case resolved
        /// Successes and denials alternate.
        case intermittent
    }

    /// The denials.
    public var group: DenialGroup {
        _read { yield boxed.value }
        _modify { yield &boxed.value }
    }
    // Groups are sorted, split and counted by the thousand: what is large about them stays where it is.
    private var boxed: Boxed<DenialGroup>
    private var boxedCause: Boxed<Finding>
    private var boxedRemedy: Boxed<Remedy>
    private var boxedChange: Boxed<Evidence>?
    private var boxedRepair: Boxed<Evidence>?
    private var boxedComparison: Boxed<RequestComparison>?
    /// Root cause first, then as it ranks.
    public var findings: [Finding]
    /// The finding that explains the group best.
    public var rootCause: Finding {
        _read { yield boxedCause.value }
        _modify { yield &boxedCause.value }
    }
    /// What to do about the root cause.
    public var remedy: Remedy {
        _read { yield boxedRemedy.value }
        _modify { yield &boxedRemedy.value }
    }
    /// Whether it works by now.
    public var status: Status
    /// The status in a sentence, as far as the archive tells.
    public var statusText: Prose
    /// The change that fixed a resolved group, where the trail has one.
    public var fixedBy: Evidence? {
        get { boxedRepair?.value }
        set { boxedRepair = newValue.map(Boxed.init) }
    }
    /// What the root cause comes down to: groups with the same one are one incident.
    public var causeKey: CauseKey
    /// The change that the root cause blames; `nil` where it blames none.
    public var change: Evidence? {
        get { boxedChange?.value }
        set { boxedChange = newValue.map(Boxed.init) }
    }
    /// The group that was refused behind this one's calls, on the caller's behalf; `nil` where none was.
    public var behindGroupID: String?
    /// In what refused and allowed requests differ; `nil` where no record of an allowed one was to be had.
    public var comparison: RequestComparison? {
        get { boxedComparison?.value }
        set { boxedComparison = newValue.map(Boxed.init) }
    }

    /// A diagnosed group.
    public init(
        group: DenialGroup, findings: [Finding], rootCause: Finding, remedy: Remedy, status: Status,
        statusText: Prose, fixedBy: Evidence? = nil, causeKey: CauseKey? = nil, change: Evidence? = nil
    ) {
        boxed = Boxed(group)
        self.findings = findings
        boxedCause = Boxed(rootCause)
        boxedRemedy = Boxed(remedy)
        self.status = status
        self.statusText = statusText
        boxedRepair = fixedBy.map(Boxed.init)
        self.causeKey = causeKey ?? CauseKey(.gap, [group.id])
        boxedChange = change.map(Boxed.init)
    }

    /// A group in outline, which shares what it says with others.
    init(
        outline group: DenialGroup, findings: [Finding], rootCause: Boxed<Finding>, remedy: Boxed<Remedy>,
        status: Status,
        causeKey: CauseKey, change: Boxed<Evidence>?
    ) {
        boxed = Boxed(group)
        self.findings = findings
        boxedCause = rootCause
        boxedRemedy = remedy
        self.status = status
        statusText = ""
        self.causeKey = causeKey
        boxedChange = change
    }

    /// The remedy, for whoever has the same one.
    var sharedRemedy: Boxed<Remedy> { boxedRemedy }

    /// Whether another policy may refuse once this one no longer does: AWS reports one type of policy at a time.
    public var anotherPolicyMayRefuse: Bool { rootCause.code.descriptor.possible.contains(.anotherPolicy) }

    /// Denials that are new since the run that the report compares with; all of them where it compares with none.
    public var newDenials: Int { group.newDenials ?? group.denials }
}
