import Causes
import RecordedChanges
import TrailStore
import Wording

/// Resources that were deleted, with the policies that they had.
enum ResourceEnds {
    /// What the deletion of a resource means, for a finding.
    package static func story(_ deletion: TrailChange, _ facts: GroupFacts) -> Prose {
        let text: Prose = "Its policy went with it."
        guard let creation = creation(after: deletion, facts) else {
            return text + "The trail does not show that it was recreated."
        }
        return text + "What was created under its name at \(time: creation.time) has none until one is written."
    }

    /// What was created under the name of a deleted resource, up to the last denial.
    package static func creation(after deletion: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        facts.rebirth(after: deletion).flatMap { $0.time <= facts.group.lastSeen ? $0 : nil }
    }
}
