import AccessDenial
import IAMPolicy
import OrderedJSON
import PolicyTimeline
import TrailStore
import Wording

/// Resources that were deleted, with the policies that they had.
enum ResourceEnds {
    /// What the deletion of a resource means, for a finding.
    static func story(_ deletion: TrailChange, _ facts: GroupFacts) -> Prose {
        let text: Prose = "Its policy went with it."
        guard let creation = creation(after: deletion, facts) else {
            return text + "The trail does not show that it was recreated."
        }
        return text + "What was created under its name at \(time: creation.time) has none until one is written."
    }

    /// What was created under the name of a deleted resource, up to the last denial.
    static func creation(after deletion: TrailChange, _ facts: GroupFacts) -> TrailChange? {
        facts.changes.first {
            $0.rule?.direction == .creates && $0.time >= deletion.time && $0.time <= facts.group.lastSeen
                && $0.isSameResource(as: deletion)
        }
    }
}

extension TrailChange {
    /// Whether a resource was created.
    var createsResource: Bool { rule?.target == .resource && rule?.direction == .creates }

    /// Whether both changes are on one resource, by whatever name.
    func isSameResource(as other: TrailChange) -> Bool {
        rule?.target == .resource && !Set(edits.map(\.lane.holder)).isDisjoint(with: other.edits.map(\.lane.holder))
    }

    /// What happened to a resource, for a sentence; `nil` for changes of its policy alone.
    var resourceSummary: Prose? {
        guard deletesResource || createsResource else { return nil }
        let actor = author
        // `DeleteEventBus` is about an `event bus`.
        let noun = change.eventName.dropFirst(6).reduce(into: "") { text, letter in
            if letter.isUppercase, !text.isEmpty { text += " " }
            text += letter.lowercased()
        }
        let name = resource ?? "?"
        return deletesResource
            ? "\(actor) deleted \(words: noun) \(name), and its policy with it"
            : "\(actor) created \(words: noun) \(name)"
    }
}
