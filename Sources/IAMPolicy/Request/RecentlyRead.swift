import Synchronization

/// What texts were read as, of the last some thousand: archives hold the same few principals and actions again and again.
///
/// What a text reads as follows from it alone, so that nobody sees whether it was read before.
struct RecentlyRead<Value: Sendable>: ~Copyable, Sendable {
    /// One text, and a second one that it is read with, told apart by their bytes.
    private struct Key: Hashable {
        let text: String
        let second: String?

        static func == (left: Key, right: Key) -> Bool {
            guard left.text.utf8.elementsEqual(right.text.utf8) else { return false }
            return switch (left.second, right.second) {
            case (nil, nil): true
            case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
            case (_?, nil), (nil, _?): false
            }
        }

        func hash(into hasher: inout Hasher) { hasher.combine(text) }
    }

    private let read = Mutex<[Key: Value]>([:])
    /// How many are kept; then all are forgotten.
    private static var limit: Int { 4_096 }

    /// What was read of a text, or is read now.
    func value(_ text: String, _ second: String? = nil, _ read: () -> Value) -> Value {
        let key = Key(text: text, second: second)
        if let known = self.read.withLock({ $0[key] }) { return known }
        let value = read()
        self.read.withLock { known in
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[key] = value
        }
        return value
    }
}
