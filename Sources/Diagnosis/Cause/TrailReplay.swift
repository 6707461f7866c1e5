import PolicyTimeline
import Synchronization
import TrailStore

/// What all groups of a report replay: the timeline of the changes that were given, built when the first group asks for it.
final class TrailReplay: Sendable {
    /// In order of time, then of the events' ids.
    private let changes: [TrailChange]
    private let built = Mutex<PolicyTimeline?>(nil)
    private let reaches = Mutex<[Holder: Set<Holder>]>([:])
    private let targets = Mutex<[Holder]?>(nil)
    /// Policies that were prepared to be asked.
    let library = PolicyLibrary()

    init(_ changes: [TrailChange]) { self.changes = changes }

    /// The policies of everybody as of any moment.
    var timeline: PolicyTimeline {
        built.withLock { built in
            if let built { return built }
            let timeline = PolicyTimeline(changes.flatMap(\.edits))
            built = timeline
            return timeline
        }
    }

    /// The change that an event made; `nil` for one that the report was not given.
    func change(_ event: ChangeEvent) -> TrailChange? {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = low + (high - low) / 2
            let other = changes[middle].change
            if (other.eventTime, other.eventID) < (event.eventTime, event.eventID) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < changes.count && changes[low].change.eventID == event.eventID ? changes[low] : nil
    }

    /// Everybody whose changes can matter to one of these.
    func reach(of holders: [Holder]) -> Set<Holder> {
        holders.reduce(into: []) { reached, holder in
            if let known = reaches.withLock({ $0[holder] }) { return reached.formUnion(known) }
            let found = timeline.reach(of: [holder])
            reaches.withLock { $0[holder] = found }
            reached.formUnion(found)
        }
    }

    /// Where policies of AWS Organizations are attached, in order.
    var organizationTargets: [Holder] {
        if let known = targets.withLock({ $0 }) { return known }
        let found = timeline.holders.filter { $0.kind == .organizationTarget }
        targets.withLock { $0 = found }
        return found
    }
}
