import AccessDenial
import IAMPolicy
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
            let names = names(of: resource)
            let change = facts.changes.last { ($0.endsResource || $0.createsResource) && $0.isOn(names) }
            guard let change, change.endsResource else { return nil }
            if change.time > last?.time ?? "" { last = change }
        }
        return last
    }

    /// A group lists no more resources than these.
    private static let listed = 50

    private static func names(of resource: String) -> Set<String> {
        guard let arn = ARN(resource) else { return [resource] }
        let first = arn.resource.split(separator: "/").first.map(String.init)
        return Set([resource, arn.resource, arn.name, first, CallTarget.name(ofResource: resource)].compactMap(\.self))
    }
}

extension TrailChange {
    /// Whether a resource was deleted; a Pinpoint project has no policy of its own, but is no more all the same.
    fileprivate var endsResource: Bool { deletesResource || changeName == .deleteApp }

    fileprivate func isOn(_ names: Set<String>) -> Bool {
        guard let resource else { return false }
        return names.contains(resource) || CallTarget.name(ofResource: resource).map(names.contains) ?? false
    }
}
