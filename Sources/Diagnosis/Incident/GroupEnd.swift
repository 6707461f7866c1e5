import Causes
import PolicyTimeline
import RecordedChanges
import TrailStore

/// Groups whose calls cannot be made any more, because somebody deleted who made them or what they were made on.
enum GroupEnd {
    /// The deletion of the principal, else of the last of the refused resources; `nil` where something of either is left, as far as
    /// the trail shows.
    static func deletion(_ facts: GroupFacts) -> TrailChange? {
        if let deletion = facts.finalDeletion { return deletion }
        let resources = facts.refusedResources
        guard !resources.isEmpty, facts.group.resources.count < listed else { return nil }
        var last: TrailChange?
        for resource in resources {
            guard let holder = Holder.resource(arn: resource), holder.kind == .resource, let end = facts.end(of: holder)
            else { return nil }
            if end.time > last?.time ?? "" { last = end }
        }
        return last
    }

    /// A group lists no more resources than these.
    private static let listed = 50
}
