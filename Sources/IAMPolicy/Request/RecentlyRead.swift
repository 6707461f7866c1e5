import Synchronization

/// What texts were read as, of the last some thousand: archives hold the same few actions again and again.
///
/// What a text reads as follows from it alone, so that nobody sees whether it was read before.
struct RecentlyRead<Value: Sendable>: ~Copyable, Sendable {
    /// A text, told apart by its bytes.
    private struct Key: Hashable {
        let text: String

        static func == (left: Key, right: Key) -> Bool {
            left.text == right.text
                && (left.text.utf8Span.isKnownASCII || left.text.utf8.elementsEqual(right.text.utf8))
        }

        func hash(into hasher: inout Hasher) { hasher.combine(text) }
    }

    private let read = Mutex<[Key: Value]>([:])
    /// How many are kept; then all are forgotten.
    private static var limit: Int { 4_096 }

    /// What was read of a text, or is read now.
    func value(_ text: String, _ read: () -> Value) -> Value {
        let key = Key(text: text)
        if let known = self.read.withLock({ $0[key] }) { return known }
        let value = read()
        self.read.withLock { known in
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[key] = value
        }
        return value
    }
}
