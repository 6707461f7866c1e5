import PolicyTimeline
import TrailStore
package import Wording

extension TrailChange {
    /// Whether a role or user came into being.
    package var isCreation: Bool { [.createRole, .createUser].contains(changeName) && rule?.direction == .creates }

    /// Whether a role or user was deleted.
    package var isDeletion: Bool {
        [.deleteRole, .deleteUser, .deleteServiceLinkedRole].contains(changeName) && rule != nil
    }

    /// Whether a resource was created.
    package var createsResource: Bool { rule?.target == .resource && rule?.direction == .creates }

    /// What happened to a resource, for a sentence; `nil` for changes of its policy alone.
    package var resourceSummary: Prose? {
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
