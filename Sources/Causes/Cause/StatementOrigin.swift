package import IAMPolicy
import OrderedJSON
import PolicyTimeline
package import RecordedChanges
import TrailStore

/// Since when a statement stands in a policy: whoever wrote the whole text anew and kept it did not bring it.
extension GroupFacts {
    /// How many versions of a text are looked at.
    private static let versionLimit = 50

    /// The change that brought a statement, of a policy that stands as `change` wrote it: the earliest one behind which the statement
    /// stands unchanged, or says the same of the refused calls under the same name; `nil` where it stood before the trail tells of any.
    package func origin(of statement: Statement, as type: PolicyType, in change: TrailChange) -> TrailChange? {
        var origin = change
        let line = statement.line
        let said = Judgement([statement], as: type, self)
        for _ in 0..<Self.versionLimit {
            guard let former = text(before: origin, as: type),
                let book = trail.library.book(former, as: type)
            else { return origin }
            // What is written since the first denial may be meant to mend what it says.
            let isKept =
                book.lines.values.contains(line) || book.statements.contains(where: statement.isButForItsName)
                || origin.time <= group.firstSeen
                    && book.statements.contains { other in
                        guard statement.sid != nil, other.sid == statement.sid, other.effect == statement.effect,
                            other.matchesAction(group.action)
                        else { return false }
                        let judgement = Judgement([other], as: type, self)
                        return judgement.allows == said.allows && judgement.denies == said.denies
                    }
            guard isKept else { return origin }
            guard let earlier = writing(former) else { return nil }
            guard earlier.moment < origin.moment else { return origin }
            origin = earlier
        }
        return origin
    }

    /// Whether what a change wrote anew had denied a refused call before, too, were there no other policy.
    package func wasDenied(before change: TrailChange, as type: PolicyType) -> Bool {
        guard let former = text(before: change, as: type), let book = trail.library.book(former, as: type) else {
            return false
        }
        return Judgement(book, as: type, self).denies == .yes
    }

    /// What the one policy said that a change wrote anew; `nil` where the trail does not tell it, or the change wrote none.
    private func text(before change: TrailChange, as type: PolicyType) -> HeldPolicy? {
        for edit in change.edits {
            let lane = edit.lane
            switch lane.kind {
            case .versions, .defaultVersion:
                return text(ofPolicy: lane.holder.name, at: .at(change.time), undoing: [change.event])
            case .inline, .policy, .trust:
                guard let name = edit.keys.first else { continue }
                let state = trail.timeline.state(
                    of: lane.holder, lane.kind, [name], at: change.event.moment, undoing: [change.event])
                guard let entry = state.entries[name], case .known(.document(let text)) = entry.knowledge else {
                    continue
                }
                return HeldPolicy(
                    name: name, text: text, isCertain: true, source: entry.source, textSource: .recorded(entry.source))
            default: continue
            }
        }
        return nil
    }
}

extension Statement {
    /// Whether another one says just the same, be it under another name.
    fileprivate func isButForItsName(_ other: Statement) -> Bool {
        var other = other
        other.sid = sid
        return other == self
    }
}
