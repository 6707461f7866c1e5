import IAMPolicy
import PolicyTimeline
package import RecordedChanges
import TrailStore

/// Which changes can have healed a refusal: with them the policies allow what they did not without them, or do not deny any more what
/// they did.
package struct RepairSearch {
    private let facts: GroupFacts
    private let replay: Replay
    private let moment: Moment
    private let requests: [AuthorizationRequest]
    private let wholes: [Replay.Whole]

    /// A search among the changes before the first success behind the denials.
    package init(_ facts: GroupFacts, until success: String) {
        let (replay, moment) = (Replay(facts), Moment.at(success))
        let now = replay.view(at: moment)
        let requests = GroupRequests(facts).requests(in: now.state)
        self.facts = facts
        self.replay = replay
        self.moment = moment
        self.requests = requests
        wholes = replay.questions.map { Replay.Whole($0, in: now, of: requests, replay) }
    }

    /// Whether a change can have healed it.
    package func heals(_ change: TrailChange) -> Bool {
        let edits = replay.timeline.edits(of: change.event)
        // What stands elsewhere in an organization is bound by other policies.
        if edits.contains(where: { $0.lane.kind == .parent }) { return true }
        guard edits.contains(where: { $0.lane.holdsPolicies }) else {
            return edits.contains { $0.lane.kind == .tags } ? tags(change) : true
        }
        let named = replay.named.union(replay.named.compactMap { ARN($0)?.name })
        func isNamed(_ policy: String) -> Bool { named.isEmpty || named.contains(policy) }
        func mayAllow(_ policy: String) -> Bool {
            switch PolicyNameHint(ofPolicy: policy, facts) {
            case .sameService?, nil: true
            case .denies?, .cannotAllow?, .otherService?: false
            }
        }
        return wholes.contains { whole in
            let difference = replay.difference(undoing: [change.event], at: moment, in: whole)
            let isBlurred = difference.isEmpty && isBlurred(change)
            switch whole.question.effect {
            case .allow:
                let came = difference.after.statements.filter {
                    $0.statement.effect == .allow && !difference.stood($0)
                }
                let isWithoutLimit =
                    whole.asked.placed.isEmpty && whole.asked.isComplete && !difference.before.placed.isEmpty
                return isBlurred || joinsUnknown(change) || whole.question.type.isLimit && isWithoutLimit
                    || whole.answers(came).contains { $0 != .no }
                    || difference.after.unread.elements.contains { !difference.wasUnread($0) && mayAllow($0.name) }
            case .deny:
                let gone = difference.before.statements.filter {
                    $0.statement.effect == .deny && whole.statements[$0] == 0 && isNamed($0.policy)
                }
                let missing = difference.before.unread.elements.filter { whole.unread[$0] == 0 }
                return whole.answers(gone).contains { $0 != .no }
                    || missing.contains {
                        named.contains($0.name) || PolicyNameHint(ofPolicy: $0.name, facts) == .denies
                    }
                    || isBlurred && change.rule?.target == .resource
            }
        }
    }

    /// Whether the policies say more of the calls with the tags that a change set or took.
    private func tags(_ change: TrailChange) -> Bool {
        let former = GroupRequests(facts).requests(in: replay.view(at: moment, undoing: [change.event]).state)
        return wholes.contains { whole in
            zip(former, requests).contains { old, new in
                let had = replay.answer(whole.question, whole.asked.placed, on: old)
                let has = replay.answer(whole.question, whole.asked.placed, on: new)
                return whole.question.effect == .allow ? had < has : had > has
            }
        }
    }

    /// Whether a user joined a group of whose policies the trail tells nothing.
    private func joinsUnknown(_ change: TrailChange) -> Bool {
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
    private func isBlurred(_ change: TrailChange) -> Bool {
        replay.timeline.edits(of: change.event).allSatisfy(\.operation.isBlur)
    }
}
