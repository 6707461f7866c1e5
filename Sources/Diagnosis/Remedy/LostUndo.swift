import AccessDenial
import IAMPolicy
import PolicyTimeline
import TrailStore

/// What an undo of a change would need and what was deleted since: a policy, a version of it, a group.
struct LostUndo {
    /// The event that deleted it.
    var deletion: TrailChange
    /// The event whose record holds the text of what was deleted; `nil` where the trail does not hold it.
    var text: TrailChange?

    /// `nil` where the trail shows nothing of the kind.
    init?(of change: TrailChange, _ facts: GroupFacts) {
        switch change.changeName {
        case .detachRolePolicy, .detachUserPolicy, .detachGroupPolicy:
            if let group = Self.deletionOfGroup(of: change, facts) {
                self.init(deletion: group, text: nil)
                return
            }
            guard let arn = change.policyARN,
                let deletion = Self.last(
                    after: change, .deletePolicy, .createPolicy, facts, where: { $0.policyARN == arn })
            else { return nil }
            self.init(
                deletion: deletion,
                text: facts.text(ofPolicy: arn, at: .at(deletion.time), undoing: [deletion.event])
                    .flatMap(facts.writing))
        case .removeUserFromGroup, .deleteGroupPolicy:
            guard let deletion = Self.deletionOfGroup(of: change, facts) else { return nil }
            self.init(deletion: deletion, text: nil)
        case .createPolicyVersion, .setDefaultPolicyVersion:
            guard let arn = change.policyARN else { return nil }
            guard
                let former = facts.text(
                    ofPolicy: arn, at: .at(change.time), undoing: [change.event]
                ).flatMap(facts.writing)
            else { return nil }
            let version = former.changeName == .createPolicy ? "v1" : former.versionID
            let deletion = facts.changes.last {
                $0.time >= change.time && $0.policyARN == arn
                    && ($0.changeName == .deletePolicy
                        || ($0.changeName == .deletePolicyVersion && $0.versionID == version))
            }
            guard let deletion else { return nil }
            self.init(deletion: deletion, text: former)
        default: return nil
        }
    }

    private init(deletion: TrailChange, text: TrailChange?) {
        self.deletion = deletion
        self.text = text
    }

    private static func deletionOfGroup(of change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        guard let group = change.groupName else { return nil }
        return last(after: change, .deleteGroup, .createGroup, facts) {
            $0.groupName == group && $0.account == change.account
        }
    }

    /// The last deletion after a change that no creation follows.
    private static func last(
        after change: TrailChange, _ deleting: ChangeName, _ creating: ChangeName, _ facts: GroupFacts,
        where isSame: (TrailChange) -> Bool
    ) -> TrailChange? {
        let last = facts.changes.last {
            $0.time >= change.time && [deleting, creating].contains($0.changeName) && $0.rule != nil && isSame($0)
        }
        return last.flatMap { $0.changeName == deleting ? $0 : nil }
    }

    /// What to do instead, for a remedy.
    var advice: Prose {
        var text: Prose = "\(deletion.summary.capitalised) at \(time: deletion.time), so"
        switch deletion.changeName {
        case .deleteGroup:
            text +=
                "the group must be made anew with its policies, or user and policies brought together in another way."
        case .deletePolicyVersion: text += "that version must be written anew."
        default: text += "it must be created anew first."
        }
        if let event = self.text {
            text +=
                "Its text is in the record of event \(event.change.eventID) (\(event.change.eventName) at \(time: event.time))."
        }
        return text
    }

    /// Whether a command needs what was deleted.
    func isVain(_ command: ShellCommand) -> Bool {
        switch command.operation?.need {
        case .policyVersion?: true
        case .policy?, .group?: deletion.changeName != .deletePolicyVersion
        case nil: false
        }
    }
}
