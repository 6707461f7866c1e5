package import IAMPolicy
import Synchronization

/// What was prepared of the texts that an event wrote.
package final class TextShelf: Sendable {
    private struct Kept {
        var name: String
        var text: DocumentText
        var type: PolicyType
        var prepared: any AnyObject & Sendable
    }

    private let kept = Mutex<[Kept]>([])
    /// An event writes one text, or two; without single statements there may be others.
    private static let limit = 4

    init() {}

    /// Whether it takes more.
    package var hasRoom: Bool { kept.withLock { $0.count < Self.limit } }

    /// What was prepared of a policy of this name and text as one of a type. One text lies in one place in memory, and is compared at
    /// no cost.
    package func prepared(_ name: String, _ text: DocumentText, as type: PolicyType) -> (any AnyObject & Sendable)? {
        kept.withLock { kept in
            for one in kept
            where one.type == type && one.name == name && one.text == text && one.text.size == text.size {
                return one.prepared
            }
            return nil
        }
    }

    /// Keeps what was prepared.
    package func keep(
        _ prepared: any AnyObject & Sendable, of name: String, _ text: DocumentText, as type: PolicyType
    ) {
        kept.withLock { kept in
            guard kept.count < Self.limit else { return }
            kept.append(Kept(name: name, text: text, type: type, prepared: prepared))
        }
    }
}
