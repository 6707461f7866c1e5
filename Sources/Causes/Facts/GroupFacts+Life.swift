import IAMPolicy
package import PolicyTimeline
package import RecordedChanges
import TrailStore

/// When the principal was created and deleted, as the timeline tells.
///
/// What is deleted takes its own policies and group memberships with it, and one that is created anew under the same name starts
/// with none and with another unique id. Source: "IAM identifiers" and "Deleting roles or instance profiles" in the IAM user guide.
extension GroupFacts {
    /// The change behind an event of the timeline; `nil` where it is none of the group's.
    package func change(of event: ChangeEvent) -> TrailChange? {
        // They are in the order of moments.
        var low = changes.startIndex
        var high = changes.endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if changes[middle].moment < event.moment { low = middle + 1 } else { high = middle }
        }
        return low < changes.endIndex && changes[low].change.eventID == event.eventID ? changes[low] : nil
    }

    /// The changes after a time and up to another one (inclusive).
    package func changes(after start: String, upTo end: String) -> ArraySlice<TrailChange> {
        let first = place(behind: start)
        return changes[first..<max(first, place(behind: end))]
    }

    /// The place of the first change after a time: they are in the order of times.
    private func place(behind time: String) -> Int {
        var (low, high) = (changes.startIndex, changes.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if changes[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The latest creation of the principal up to a moment (inclusive).
    package func creation(until moment: String) -> TrailChange? { lastLife(until: moment) { $0.isCreation } }

    /// The latest deletion of the principal up to a moment (inclusive): what made room for a new one of the same name.
    package func deletion(until moment: String) -> TrailChange? { lastLife(until: moment) { $0.isDeletion } }

    /// Who bore the principal's name before, under another path, so that the ARN was another one.
    package struct Predecessor: Sendable {
        package var arn: String
        package var lastSuccess: String
    }

    /// The principal's predecessor under another path that made the call with success until it was made anew; `nil` where the trail shows
    /// none.
    package var predecessor: Predecessor? {
        causeMemo.predecessor.value {
            guard !changes.isEmpty, principal.kind == .role || principal.kind == .user,
                let created = creation(until: group.firstSeen)
            else { return nil }
            let former = actionUsage.successes(ofNamesLike: principal).filter { one in
                one.principal.name == principal.name && one.principal.account == principal.account
                    && one.principal.arn != principal.arn && ARN(one.principal.arn)?.service == "iam"
            }
            let times = former.compactMap { one in
                one.usage.lastSuccess.map { Predecessor(arn: one.principal.arn, lastSuccess: $0) }
            }
            return times.filter { $0.lastSuccess < created.time }.max { $0.lastSuccess < $1.lastSuccess }
        }
    }

    /// The deletion after which the principal is no more, as far as the trail reaches; `nil` where it shows none.
    package var finalDeletion: TrailChange? { principal.holder.flatMap(end) }

    /// The event by which something is no more as the archive ends; `nil` where it is there, and where the trail does not tell.
    package func end(of holder: Holder) -> TrailChange? {
        guard let last = trail.timeline.lastEdit(of: holder, .existence, upTo: TrailReplay.end),
            last.operation == .replaceAll([:])
        else { return nil }
        return last.event.flatMap(trail.change)
    }

    /// The first creation of what was deleted, after it.
    package func rebirth(after deletion: TrailChange) -> TrailChange? {
        let start = Moment.before(deletion.time)
        for edit in deletion.edits where edit.lane.kind == .existence {
            let lives = trail.timeline.edits(after: start, upTo: .at("9999"), of: edit.lane)
            if let found = lives.lazy.compactMap(self.life).first(where: { $0.rule?.direction == .creates }) {
                return found
            }
        }
        return nil
    }

    /// The last event up to a moment by which the principal came into being or ceased to be.
    private func lastLife(until moment: String, where isAsked: (TrailChange) -> Bool) -> TrailChange? {
        guard let holder = principal.holder else { return nil }
        let edits = trail.timeline.edits(after: .at(""), upTo: .at(moment), of: LaneName(holder, .existence))
        return edits.reversed().lazy.compactMap(self.life).first(where: isAsked)
    }

    private func life(_ edit: PolicyEdit) -> TrailChange? {
        guard case .replaceAll = edit.operation else { return nil }
        return edit.event.flatMap(change)
    }
}
