import AccessDenial
public import Causes
public import Findings
import IAMPolicy
public import RecordedCalls
public import RecordedChanges
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

    // Groups are sorted, split and counted by the thousand: all of one stands in one place.
    @usableFromInline package var content: Boxed<Content>

    @usableFromInline
    package struct Content: Sendable, Hashable {
        @usableFromInline package var group: DenialGroup
        @usableFromInline package var findings: [Finding]
        @usableFromInline package var rootCause: Boxed<Finding>
        @usableFromInline package var remedy: Boxed<Remedy>
        @usableFromInline package var status: Status
        @usableFromInline package var statusText: Prose
        @usableFromInline package var causeKey: CauseKey
        @usableFromInline package var change: Boxed<Evidence>?
        @usableFromInline package var changeKey: Int64?
        @usableFromInline package var fixedBy: Boxed<Evidence>?
        @usableFromInline package var behindGroupID: String?
        @usableFromInline package var comparison: Boxed<RequestComparison>?
    }

    /// The denials.
    @inlinable public var group: DenialGroup {
        _read { yield content.value.group }
        _modify { yield &content.value.group }
    }
    /// Root cause first, then as it ranks.
    @inlinable public var findings: [Finding] {
        _read { yield content.value.findings }
        _modify { yield &content.value.findings }
    }
    /// The finding that explains the group best.
    @inlinable public var rootCause: Finding {
        _read { yield content.value.rootCause.value }
        _modify { yield &content.value.rootCause.value }
    }
    /// What to do about the root cause.
    @inlinable public var remedy: Remedy {
        _read { yield content.value.remedy.value }
        _modify { yield &content.value.remedy.value }
    }
    /// Whether it works by now.
    @inlinable public var status: Status {
        get { content.value.status }
        set { content.value.status = newValue }
    }
    /// The status in a sentence, as far as the archive tells.
    @inlinable public var statusText: Prose {
        get { content.value.statusText }
        set { content.value.statusText = newValue }
    }
    /// The change that fixed a resolved group, where the trail has one.
    public var fixedBy: Evidence? {
        get { content.value.fixedBy?.value }
        set { content.value.fixedBy = newValue.map(Boxed.init) }
    }
    /// What the root cause comes down to: groups with the same one are one incident.
    @inlinable public var causeKey: CauseKey {
        _read { yield content.value.causeKey }
        _modify { yield &content.value.causeKey }
    }
    /// The change that the root cause blames; `nil` where it blames none.
    public var change: Evidence? {
        get { content.value.change?.value }
        set { content.value.change = newValue.map(Boxed.init) }
    }
    /// The key of that change in the database.
    package var changeKey: Int64? {
        get { content.value.changeKey }
        set { content.value.changeKey = newValue }
    }
    /// Whether the root cause blames a change.
    @inlinable public var blamesChange: Bool { content.value.change != nil }
    /// The group that was refused behind this one's calls, on the caller's behalf; `nil` where none was.
    public var behindGroupID: String? {
        get { content.value.behindGroupID }
        set { content.value.behindGroupID = newValue }
    }
    /// In what refused and allowed requests differ; `nil` where no record of an allowed one was to be had.
    public var comparison: RequestComparison? {
        get { content.value.comparison?.value }
        set { content.value.comparison = newValue.map(Boxed.init) }
    }

    /// A diagnosed group.
    public init(
        group: DenialGroup, findings: [Finding], rootCause: Finding, remedy: Remedy, status: Status,
        statusText: Prose, fixedBy: Evidence? = nil, causeKey: CauseKey? = nil, change: Evidence? = nil
    ) {
        content = Boxed(
            Content(
                group: group, findings: findings, rootCause: Boxed(rootCause), remedy: Boxed(remedy), status: status,
                statusText: statusText, causeKey: causeKey ?? CauseKey(.gap, [group.id]),
                change: change.map(Boxed.init),
                fixedBy: fixedBy.map(Boxed.init)))
    }

    /// A group in outline, which shares what it says with others.
    package init(
        outline group: DenialGroup, findings: [Finding], rootCause: Boxed<Finding>, remedy: Boxed<Remedy>,
        status: Status,
        causeKey: CauseKey, change: Boxed<Evidence>?, behindGroupID: String?
    ) {
        content = Boxed(
            Content(
                group: group, findings: findings, rootCause: rootCause, remedy: remedy, status: status, statusText: "",
                causeKey: causeKey, change: change, behindGroupID: behindGroupID))
    }

    /// Says what others say as they do: with the same parts.
    package mutating func share(cause: Boxed<Finding>, remedy: Boxed<Remedy>, change: Boxed<Evidence>?, key: CauseKey) {
        content.value.rootCause = cause
        content.value.remedy = remedy
        content.value.change = change
        content.value.causeKey = key
    }

    /// The root cause, for whoever has the same one.
    package var sharedCause: Boxed<Finding> { content.value.rootCause }

    /// The remedy, likewise.
    package var sharedRemedy: Boxed<Remedy> { content.value.remedy }

    /// The change, likewise.
    package var sharedChange: Boxed<Evidence>? { content.value.change }

    /// Whether another policy may refuse once this one no longer does: AWS reports one type of policy at a time.
    public var anotherPolicyMayRefuse: Bool { rootCause.code.descriptor.possible.contains(.anotherPolicy) }

    /// Denials that are new since the run that the report compares with; all of them where it compares with none.
    public var newDenials: Int { group.newDenials ?? group.denials }
}
