import IAMPolicy
import PolicyTimeline
import TrailStore

extension CauseSearch {
    /// Whether a change can have healed a refusal: with it the policies allow what they did not without it, or do not deny any more
    /// what they did.
    static func heals(_ change: TrailChange, _ facts: GroupFacts) -> Bool {
        let moment = Moment.at(facts.firstSuccessAfter ?? change.time)
        let replay = Replay(facts)
        let now = replay.view(at: moment)
        let without = replay.view(at: moment, undoing: [change.event])
        let requests = GroupRequests(facts).requests(in: now.state)
        let named = replay.named.union(replay.named.compactMap { ARN($0)?.name })
        func isNamed(_ policy: String) -> Bool { named.isEmpty || named.contains(policy) }
        func mayAllow(_ policy: String) -> Bool {
            switch PolicyNameHint(ofPolicy: policy, facts) {
            case .sameService?, nil: true
            case .denies?, .cannotAllow?, .otherService?: false
            }
        }
        return replay.questions.contains { question in
            let (before, after) = (replay.policies(question, in: without), replay.policies(question, in: now))
            let (old, new) = (replay.read(before.placed), replay.read(after.placed))
            let isBlurred = isBlurred(change, replay) && before == after
            switch question.effect {
            case .allow:
                let known = Set(old.statements)
                let came = new.statements.filter { $0.statement.effect == .allow && !known.contains($0) }
                let fresh = Set(new.unread.map(Replay.Unread.init)).subtracting(old.unread.map(Replay.Unread.init))
                let isWithoutLimit = after.placed.isEmpty && after.isComplete && !before.placed.isEmpty
                return isBlurred || joinsUnknown(change, replay, moment) || question.type.isLimit && isWithoutLimit
                    || requests.contains { replay.answer(question, came, on: $0) != .no }
                    || fresh.contains { mayAllow($0.name) }
            case .deny:
                let kept = Set(new.statements)
                let gone = old.statements.filter {
                    $0.statement.effect == .deny && !kept.contains($0) && isNamed($0.policy)
                }
                let missing = Set(old.unread.map(Replay.Unread.init)).subtracting(new.unread.map(Replay.Unread.init))
                return requests.contains { replay.answer(question, gone, on: $0) != .no }
                    || missing.contains {
                        named.contains($0.name) || PolicyNameHint(ofPolicy: $0.name, facts) == .denies
                    }
                    || isBlurred && change.rule?.target == .resource
            }
        }
    }

    /// Whether a user joined a group of whose policies the trail tells nothing.
    private static func joinsUnknown(_ change: TrailChange, _ replay: Replay, _ moment: Moment) -> Bool {
        guard change.rule?.target == .membership, change.rule?.direction == .gives, let name = change.groupName else {
            return false
        }
        let group = Holder.group(name, account: change.account)
        return [LaneName.Kind.inline, .attached].allSatisfy { kind in
            let lane = replay.timeline.state(of: group, kind, at: moment)
            return lane.entries.isEmpty && !lane.isComplete
        }
    }

    /// Whether the trail does not tell what the change wrote.
    private static func isBlurred(_ change: TrailChange, _ replay: Replay) -> Bool {
        replay.timeline.edits(of: change.event).allSatisfy { edit in
            switch edit.operation {
            case .blur, .blurAll: true
            case .replaceAll, .set, .remove, .removeStatement, .observe, .restore, .restoreAll: false
            }
        }
    }
}
