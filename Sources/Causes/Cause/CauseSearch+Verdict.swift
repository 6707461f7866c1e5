import IAMPolicy
package import PolicyTimeline
import RecordedChanges

extension CauseSearch {
    /// An edit with those that follow it.
    package struct Change {
        package var edit: PolicyEdit
        package var undone: Set<ChangeEvent>
        package var moment: Moment
    }

    // MARK: - Allows

    /// What went.
    package func lost(_ change: Change, _ difference: Replay.Difference) -> (Counterfactual.Verdict, [Replay.Owned]) {
        let (whole, question) = (difference.whole, difference.whole.question)
        let gone = difference.before.statements.filter {
            $0.statement.effect == .allow && whole.statements[$0] == 0 && !difference.isCovered($0)
        }
        let isWithoutLimit = question.type.canBeAbsent && whole.asked.placed.isEmpty && whole.asked.isComplete
        let now = isWithoutLimit ? requests.map { _ in .yes } : whole.answersNow
        let hadNoLimit = question.type.canBeAbsent && difference.wasEmpty || createsEndpoint(change.edit)
        let had = hadNoLimit ? requests.map { _ in .yes } : whole.answers(gone)
        var isStillAllowed = false
        for (had, now) in zip(had, now) where had == .yes {
            if now != .yes { return (.decisive(isExact: gone.allSatisfy(\.isExact)), gone) }
            isStillAllowed = true
        }
        let isAllowed = now.allSatisfy { $0 == .yes }
        if isStillAllowed { return (stillAllowed(change, whole), gone) }
        if had.contains(.undetermined) { return (isAllowed ? .innocent : .conditional, gone) }
        let missing = difference.before.unread.elements.filter { whole.unread[$0] == 0 }
        let certain = missing.filter(\.isCertain).map(\.name).sorted()
        let isUnknown = !certain.isEmpty || isUnknown(change)
        guard isUnknown else { return (.innocent, gone) }
        if isAllowed { return (stillAllowed(change, whole), gone) }
        if let policy = certain.first {
            // The same one, with a text that is known.
            let isRewritten = whole.policies[policy] > 0
            return (isRewritten && now.contains(.no) ? .lacking : .untold(policy: policy), gone)
        }
        if change.edit.lane.kind == .groups { return (leftGroup(change), gone) }
        let isWritten = change.edit.lane.kind == .boundary ? whole.unread.isEmpty : isRead(change.edit)
        guard isWritten else { return (.untold(policy: ""), gone) }
        guard question.type != .identityBased else { return (.overwritten, gone) }
        // What must allow by itself lacks it, or asks for what the records do not tell.
        return (now.contains(.no) ? .lacking : .conditional, gone)
    }

    /// What stood in a group that was left is not known as a whole.
    private func leftGroup(_ change: Change) -> Counterfactual.Verdict {
        if case .set = change.edit.operation { return .innocent }
        let group = groupHolder(change.edit)
        let lanes = [LaneName.Kind.inline, .attached].map {
            replay.timeline.state(of: group, $0, at: change.moment)
        }
        return lanes.allSatisfy(\.entries.isEmpty) ? .untold(policy: "") : .overwritten
    }

    private func groupHolder(_ edit: PolicyEdit) -> Holder {
        .group(edit.chain.name, account: edit.lane.holder.account)
    }

    /// Whether calls pass an endpoint since the edit that passed none before.
    private func createsEndpoint(_ edit: PolicyEdit) -> Bool {
        edit.lane.holder.kind == .vpcEndpoint && edit.event?.name == .createVpcEndpoint
    }

    /// Whether something may have stood there before that the trail does not tell.
    func isUnknown(_ change: Change) -> Bool {
        let lane = change.edit.lane
        func state(of names: Set<String>?) -> LaneState {
            replay.timeline.state(of: lane.holder, lane.kind, names, at: change.moment, undoing: change.undone)
        }
        switch change.edit.operation {
        case .set(let name, .document) where lane.kind == .inline:
            let state = state(of: [name])
            return state.entries[name].map { $0.knowledge == .maybe } ?? (state.holds(name) == nil)
        case .replaceAll, .removeStatement, .restoreAll, .restore:
            let state = state(of: nil)
            return !state.isComplete && state.known.isEmpty
        case .blur, .blurAll: return true
        case .remove where lane.kind == .groups, .set where lane.kind == .groups:
            let group = groupHolder(change.edit)
            // Who leaves a group shows that it is there, whatever became of an earlier one of the name.
            if replay.timeline.state(of: group, .existence, at: change.moment).holds("") == false { return true }
            return ![LaneName.Kind.inline, .attached].allSatisfy {
                replay.timeline.state(of: group, $0, at: change.moment).isComplete
            }
        case .set, .remove, .observe: return false
        }
    }

    /// Whether the edit wrote a text that is known.
    private func isRead(_ edit: PolicyEdit) -> Bool {
        switch edit.operation {
        case .set(_, .document(let text)): text != .unknown
        case .replaceAll(let values):
            values.values.contains { value in
                if case .document(let text) = value { text != .unknown } else { false }
            }
        case .set, .remove, .removeStatement, .blur, .blurAll, .observe, .restore, .restoreAll: false
        }
    }

    /// Another policy allows all the same.
    package func stillAllowed(_ change: Change, _ whole: Replay.Whole) -> Counterfactual.Verdict {
        guard let allowing = whole.allowing else { return .stillAllowed(policy: "", isOwn: false) }
        let lane = change.edit.lane
        let isOwn =
            allowing.holder.map { $0 == lane.holder }
            ?? (allowing.held.name == change.edit.chain.name || allowing.held.name == lane.holder.name)
        return .stillAllowed(policy: allowing.held.name, isOwn: isOwn)
    }

    // MARK: - Denies

    /// What came. AWS may have named the policy: then it is that one.
    func gained(_ change: Change, _ difference: Replay.Difference) -> (Counterfactual.Verdict, [Replay.Owned]) {
        let whole = difference.whole
        let named = replay.named.union(replay.named.compactMap { ARN($0)?.name })
        let new = difference.after.statements.filter { !difference.stood($0) }
        // What is written more widely under the same conditions says the same.
        let came = new.filter {
            $0.statement.effect == .deny && (named.isEmpty || named.contains($0.policy)) && !difference.wasCovered($0)
        }
        // What the same edits took away may have denied it just so.
        let gone = difference.before.statements.filter { $0.statement.effect == .deny && whole.statements[$0] == 0 }
        let denies = zip(whole.answers(gone), whole.answers(came)).map { $0 == .yes ? Truth.no : $1 }
        if denies.contains(.yes) { return (.decisive(isExact: came.allSatisfy(\.isExact)), came) }
        if denies.contains(.undetermined) { return (.conditional, came) }
        // Of a policy of AWS's the nearest text says little about one that came just then.
        let doubtful = difference.after.statements.filter { !$0.isExact && !difference.wasRead($0.policy) }
        let unread = difference.after.unread.elements.filter { !difference.wasUnread($0) }
        let fresh = unread.map(\.name).filter { named.isEmpty || named.contains($0) } + doubtful.map(\.policy)
        if let policy = fresh.min() { return (.untold(policy: policy), came) }
        if change.edit.lane.kind == .groups, case .set = change.edit.operation {
            let group = groupHolder(change.edit)
            let isKnown = [LaneName.Kind.inline, .attached].allSatisfy {
                replay.timeline.state(of: group, $0, at: change.moment).isComplete
            }
            if !isKnown, named.isEmpty || new.isEmpty { return (.untold(policy: ""), came) }
        }
        return (change.edit.operation.isBlur ? .untold(policy: "") : .innocent, came)
    }
}

extension PolicyType {
    /// Whether nobody is limited where there is no policy of the type.
    fileprivate var canBeAbsent: Bool {
        switch self {
        case .permissionsBoundary, .session: true
        case .vpcEndpoint, .identityBased, .resourceBased, .roleTrust, .serviceControl, .resourceControl: false
        }
    }
}
