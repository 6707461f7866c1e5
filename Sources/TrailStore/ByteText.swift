import Foundation

/// A text that is told apart by its bytes, as AWS tells names apart.
///
/// `String` takes two spellings of one character for equal (é, and e with a combining accent): as a name's or a key's identity it
/// would make one role of two.
package struct ByteText: Sendable, Hashable, Comparable {
    /// The text itself.
    package let text: String

    /// The text as an identity.
    package init(_ text: some StringProtocol) { self.text = String(text) }

    package static func == (left: ByteText, right: ByteText) -> Bool {
        guard left.text.utf8.count == right.text.utf8.count else { return false }
        let isSame: Bool?? = unsafe left.text.utf8.withContiguousStorageIfAvailable { left in
            unsafe right.text.utf8.withContiguousStorageIfAvailable { right in
                guard let bytes = left.baseAddress, let others = right.baseAddress else { return true }
                // SAFETY: both have as many bytes.
                return unsafe memcmp(bytes, others, left.count) == 0
            }
        }
        return (isSame ?? nil) ?? left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { bytes in
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
        hasher.combine(text.utf8.count)
    }

    package static func < (left: ByteText, right: ByteText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
