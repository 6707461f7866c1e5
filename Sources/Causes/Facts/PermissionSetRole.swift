package import PolicyTimeline
package import RecordedChanges
import TrailStore
package import Wording

/// A role that IAM Identity Center made of a permission set: which set that is, and when a change of it reached the role.
///
/// The role bears the set's name (`AWSReservedSSO_NAME_HASH`), the events bear its ARN; only the event that created the set tells
/// that the two belong together. A change reaches an account's role when the set is provisioned to it.
/// Source: "Permission sets" in the IAM Identity Center user guide; ProvisionPermissionSet in its API reference.
package struct PermissionSetRole {
    /// How surely a permission set is the one that the role is made of.
    package enum Match { case certain, possible }

    /// The name of the set that the role is made of.
    package let name: String
    private let account: String
    private let timeline: PolicyTimeline
    private let known: PermissionSets

    /// The role as one of Identity Center; `nil` for any other principal.
    init?(_ principal: PrincipalName, _ trail: TrailReplay) {
        guard case .permissionSet(let name)? = ProtectedRole.owner(of: principal) else { return nil }
        self.name = name
        account = principal.account
        timeline = trail.timeline
        known = trail.permissionSets
    }

    /// Whether a change is of the set that the role is made of; `nil` where it is of another one.
    package func match(_ change: TrailChange) -> Match? { change.permissionSet.flatMap(match) }

    private func match(_ set: Holder) -> Match? {
        if let known = known.names[set] { return known == name ? .certain : nil }
        // A name is one set's.
        return known.named[name] == nil ? .possible : nil
    }

    /// The sets that the role can be made of.
    package var sets: [Holder] { known.named[name] ?? known.nameless }

    /// What the sets had when they were written into the account last, up to a moment.
    package func policies(at moment: Moment, undoing undone: Set<ChangeEvent>) -> [(
        identity: PolicySlot, boundary: PolicySlot
    )] {
        sets.compactMap { set in
            timeline.permissionSet(set, provisionedTo: account, at: moment, undoing: undone).map {
                ($0.identity, $0.boundary)
            }
        }
    }

    /// What made a change hold for the role: the set was provisioned to its account; `nil` where that did not happen up to a moment.
    package func provisioning(of change: TrailChange, until moment: String, _ facts: GroupFacts) -> TrailChange? {
        let edit = change.edits.first { $0.lane.holder.kind == .permissionSet }
        return edit.flatMap { provisioning(of: $0, until: moment) }.flatMap(facts.change)
    }

    /// The event by which an edit of a set came to hold for the role, likewise.
    package func provisioning(of edit: PolicyEdit, until moment: String) -> ChangeEvent? {
        guard let event = edit.event else { return nil }
        // An assignment works at once.
        if edit.lane.kind == .grants {
            return edit.keys.contains { $0.hasPrefix(account) } && event.eventTime <= moment ? event : nil
        }
        let edits = timeline.edits(
            after: .before(event.eventTime), upTo: .at(moment),
            of: LaneName(edit.lane.holder, .provisioned))
        return edits.first { $0.keys.contains(account) || $0.keys.contains("*") }?.event
    }

    /// Who was behind a change that Identity Center made to the role: the call on a permission set just before it.
    package func call(before change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        guard change.isOfIdentityCenter else { return nil }
        let near = facts.changes.filter {
            $0.rule?.target == .permissionSet && $0.time <= change.time
                && TimeSpan.seconds(from: $0.time, to: change.time) <= 600 && match($0) != nil
        }
        // The call that wrote the same policy tells more than the one that wrote the set into the role afterwards.
        let same = near.last { call in
            call.edits.contains { cause in change.edits.contains { $0.isSameWriting(as: cause) } }
        }
        return same ?? near.last { call in call.edits.contains { $0.lane.kind == .provisioned } }
    }

    /// How a change came to the role, and what is not known about it.
    package func story(_ change: TrailChange, until moment: String, _ facts: GroupFacts) -> Prose {
        var text: Prose = ""
        if let provisioned = provisioning(of: change, until: moment, facts), provisioned != change {
            text +=
                "It came to account \(account) when the permission set was provisioned, at \(time: provisioned.time)."
        }
        if match(change) == .possible {
            text +=
                "The trail does not show whether this is permission set \(name), from which the role is made, so this is only a possible cause."
        }
        return text
    }
}

extension PolicyEdit {
    /// Whether an edit of a permission set writes what another one wrote into its role.
    fileprivate func isSameWriting(as other: PolicyEdit) -> Bool {
        switch (lane.kind, other.lane.kind) {
        // A set has one inline policy.
        case (.inline, .inline): isRemoval == other.isRemoval
        // The ARN of AWS's policies, the name of the customer's.
        case (.attached, .attached): policyNames == other.policyNames
        default: false
        }
    }

    private var isRemoval: Bool {
        switch operation {
        case .remove: true
        case .replaceAll(let values): values.isEmpty
        case .set, .removeStatement, .blur, .blurAll, .observe, .restore, .restoreAll: false
        }
    }

    private var policyNames: [Substring?] { keys.map { $0.split(separator: "/").last } }
}
