import AccessDenial
import Causes
import IAMPolicy
import PolicyTimeline
import RecordedChanges
import TrailStore
import Wording

/// What an undo of a change would need and what was deleted since: a policy, a version of it, a group.
struct LostUndo {
    /// The event that deleted it.
    package var deletion: TrailChange
    /// The event whose record holds the text of what was deleted; `nil` where the trail does not hold it.
    package var text: TrailChange?

    /// `nil` where the trail shows nothing of the kind.
    init?(of change: TrailChange, _ facts: GroupFacts) {
        for edit in change.edits where change.rule?.direction == .takes || edit.lane.kind == .defaultVersion {
            let holder = edit.lane.holder
            if holder.kind == .group, let deletion = Self.end(of: holder, after: change, facts) {
                self.init(deletion: deletion, text: nil)
                return
            }
            switch edit.lane.kind {
            case .attached:
                guard let arn = edit.keys.first,
                    let deletion = Self.end(of: .managedPolicy(arn), after: change, facts)
                else { continue }
                let last = facts.text(ofPolicy: arn, at: .at(deletion.time), undoing: [deletion.event])
                self.init(deletion: deletion, text: last.flatMap(facts.writing))
                return
            case .defaultVersion:
                let former = facts.text(ofPolicy: holder.name, at: .at(change.time), undoing: [change.event])
                guard let former = former.flatMap(facts.writing) else { continue }
                let version = former.changeName == .createPolicy ? "v1" : former.versionID
                let removal = facts.trail.timeline.edits(
                    after: change.event.moment, upTo: TrailReplay.end, of: LaneName(holder, .versions)
                ).last { $0.operation == .remove(version ?? "") }
                guard
                    let deletion = Self.end(of: holder, after: change, facts)
                        ?? removal?.event.flatMap(facts.trail.change)
                else { continue }
                self.init(deletion: deletion, text: former)
                return
            default: continue
            }
        }
        return nil
    }

    private init(deletion: TrailChange, text: TrailChange?) {
        self.deletion = deletion
        self.text = text
    }

    /// The event, after a change, by which something is no more as the archive ends.
    private static func end(of holder: Holder, after change: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        facts.end(of: holder).flatMap { $0.time >= change.time ? $0 : nil }
    }

    /// What to do instead, for a remedy.
    package var advice: Prose {
        var text: Prose = "\(deletion.summary.capitalised) at \(time: deletion.time), so"
        switch deletion.changeName {
        case .deleteGroup:
            text +=
                "the group must be made anew with its policies, or user and policies brought together in another way."
        case .deletePolicyVersion: text += "that version must be written anew."
        default: text += "it must be created anew first."
        }
        if let event = self.text {
            text += "Its text is in \(event.recordShown)."
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
